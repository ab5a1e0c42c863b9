"""What the code itself says of a definition, put into words by rule: plain, and true whatever a model thinks.

Small models seldom know better: their words stand only where they are surer than these.
"""

import re
from collections.abc import Sequence

from codenook.server.documentation.subject import RECEIVERS, Kind, Returns, Subject, When
from codenook.server.tasks.blanks import Blank, Part
from codenook.server.verify.claims import is_truth
from codenook.server.verify.prose import humps

_VERBS = (
    "accept add adjust align allocate analyze append apply archive ask assert assign attach "
    "authenticate backup ban begin bind bootstrap broadcast browse build calculate call cancel "
    "capture change check choose clamp clean clear clip clone close collect combine commit compare "
    "compile compress compute concatenate configure confirm connect consolidate consume convert copy "
    "count create crop decode decompress decorate decrypt dedent delete deploy deprecate derive "
    "describe deserialize detach detect determine disable discard dispatch display distribute divide "
    "download drain draw drop dump duplicate embed emit enable encode encrypt enforce ensure enter "
    "enumerate escape estimate evaluate execute exit expand export expose extend extract fail fetch "
    "fill filter finalize find finish fit fix flatten flush fold forget format forward freeze gather "
    "generate get give grant group guess handle hide highlight hold identify ignore import include "
    "incr increment indent infer init initialize inject insert inspect install instantiate "
    "interpolate intersect invalidate invert invoke isolate iter iterate join jump keep launch lex "
    "lift list listen load locate look lookup lowercase make map match measure merge migrate mock "
    "modify monitor move multiply normalize notify observe open own pad paginate parse patch pause "
    "perform persist pick pin play plot pop populate predict prefetch preload prepare prepend print "
    "process promote propagate protect prove provide publish pull purge push put raise randomize "
    "reach read rebuild receive reconcile reconnect recover redirect reduce refresh register reject "
    "release reload rely remove rename render reorder repair repeat replace require resample reset "
    "resize resolve respond restart restore restrict resume retain retrieve retry return reverse "
    "revert rewind rewrite rotate round run save scan schedule scroll search seek select send "
    "separate serialize serve set setup show shuffle simplify simulate skip solve sort spawn split "
    "squeeze strip submit subscribe substitute subtract suggest sum summarize suspend swap sweep sync "
    "take terminate throw toggle tokenize transform translate transpose traverse trim truncate try "
    "tune undo unify unload unlock unmount unpack unregister unset unsubscribe unwrap update upgrade "
    "upload uppercase use validate vectorize verify visit wait wake walk warn weigh wipe wrap write "
    "yield zip"
)
_IS_VERB = frozenset(_VERBS.split())
"""How names of functions begin that say what is done; others name what is given."""

_NOUNS = (
    "block bump cache cast chain cover diff edit focus hash index label limit link lock log mark mask "
    "mix name offer order override pack page paint partition poll post profile prompt prune query "
    "quote rank record report request sample scale score seal shift sign slice stack start stash step "
    "stop store stream switch tag test trace track train trigger type watch"
)
_MAY_BE_VERB = frozenset(_NOUNS.split())
"""The same of functions that give nothing: of others these begin the name of a thing."""

_SMALL = (
    "to from in on by with for as into of at up down out off over if is are and or not all any each a an "
    "the no that through after before how which what where when why"
)
_IS_SMALL = frozenset(_SMALL.split())
"""Words that take no article."""

_STATES = {
    "is": "are",
    "has": "have",
    "was": "were",
    "contains": "contain",
    "needs": "need",
    "supports": "support",
}
"""How names of functions begin that tell whether something is so, and the same of several."""

_CONVERTS = {"to", "from"}
"""How names of functions begin that make one thing of another."""

_VAGUE = "res result results ret out output value val ans answer rv retval data obj tmp new"
_IS_VAGUE = frozenset(_VAGUE.split())
"""Names that say nothing of what they are."""

_TOLD = {When.IF: "if ``{}``", When.UNLESS: "unless ``{}``", When.CAUGHT: "if ``{}`` is caught"}
_MOST_CONDITIONS = 2
_MOST_SHOWN = 60
"""Longer expressions say little to a reader (characters)."""


def fact(subject: Subject, blank: Blank) -> str:
    """One sentence on what ``blank`` asks for; empty where the code doesn't say it."""
    if subject.kind is not Kind.FUNCTION or blank.lead:
        return ""
    if blank.part is Part.SUMMARY:
        return _summary(subject)
    if blank.part is Part.RETURNS:
        return _result(subject)
    if blank.part is Part.RAISES:
        return _condition(subject, blank.name)
    return _default(subject, blank.name) if blank.part is Part.PARAMETER else ""


def _summary(subject: Subject) -> str:
    """By the function's name: what it does, what it gives, or what it tells of its first parameter."""
    owner, _, symbol = subject.symbol.rpartition(".")
    name = [] if symbol.startswith("__") else _words(symbol)
    first, others = name[0] if name else "", " ".join(name[1:])
    is_given = subject.returns is Returns.VALUE and not subject.yields
    if symbol == "__init__" and owner:
        said = f"Initialize the {' '.join(_words(owner.rpartition('.')[2]))}"
    elif state := _state(subject, name):
        said = f"Return {state}"
    elif first == "get" and others and is_given:
        said = f"Return {_with_article(name[1:])}"
    elif first in _IS_VERB or (first in _MAY_BE_VERB and not is_given):
        object_ = _with_article(name[1:]) if others else _named(subject)
        said = f"{first.capitalize()} {object_}" if object_ else ""
    elif first in _CONVERTS:
        said = f"Convert {' '.join(name)}" if others else ""
    elif name and is_given:
        of = _named(subject) if len(subject.parameters) == 1 else ""
        verb = "Check" if is_truth(subject.result_type) else "Return"
        said = f"{verb} {_with_article(name)}{f' of {of}' if of else ''}"
    else:
        said = ""
    return said and f"{said}."


def _with_article(words: Sequence[str]) -> str:
    """A thing in words: ``the closest pair``, ``all prefixes``."""
    return " ".join(words if words[0] in _IS_SMALL else ["the", *words])


def _words(name: str) -> list[str]:
    """The words of an identifier, with their digits."""
    return [word.lower() for run in re.findall(r"[^\W_]+", name) for word in humps(run)]


def _state(subject: Subject, name: list[str]) -> str:
    """``whether the text is empty``, for a function with such a name."""
    if not name[1:] or name[0] not in _STATES or not _may_be_truth(subject):
        return ""
    about = _named(subject) or "it"
    are_several = about.endswith("s") and not about.endswith("ss") and about.startswith("the ")
    verb = _STATES[name[0]] if are_several else name[0]
    return f"whether {about} {verb} {' '.join(name[1:])}"


def _may_be_truth(subject: Subject) -> bool:
    return subject.returns is Returns.VALUE and (not subject.result_type or is_truth(subject.result_type))


def _named(subject: Subject) -> str:
    """The first parameter in words."""
    names = (parameter.name for parameter in subject.parameters if parameter.name not in RECEIVERS)
    name = next(filter(None, names), "")
    words = _words(name)
    if len(name) == 1:
        return name
    return f"the {' '.join(words)}" if words and not set(words) <= {"args", "kwargs"} else ""


def _result(subject: Subject) -> str:
    """What is returned: by the name of what is, or the expression itself."""
    if subject.yields or not subject.given:
        return ""
    given = set(subject.given)
    if is_truth(subject.result_type):
        if state := _state(subject, _words(subject.symbol.rpartition(".")[2])):
            return f"{state.capitalize()}."
        (only, *others) = given
        is_shown = not others and _is_short(only) and only not in {"True", "False"}
        return f"Whether ``{only}``." if is_shown else "True or False."
    if len(given) > 1:
        return ""
    (only,) = given
    match = re.fullmatch(r"(?:self\.|cls\.)?_*([A-Za-z]\w+)", only)
    words = _words(match[1]) if match else []
    if words and not set(words) <= _IS_VAGUE and only not in {"None", "self", "cls"}:
        return f"The {' '.join(words)}."
    is_inner = re.search(r"(?:^|\.)_", only)
    return f"``{only}``." if not match and _is_short(only) and not is_inner else ""


def _condition(subject: Subject, name: str) -> str:
    """When an error is raised: what is around all its raise statements, of which there are few."""
    known = dict.fromkeys(each for each in subject.conditions if each.error == name)
    if not 0 < len(known) <= _MOST_CONDITIONS or not all(_is_short(each.code) for each in known):
        return ""
    told = " or ".join(_TOLD[each.when].format(each.code) for each in known)
    return f"{told[0].upper()}{told[1:]}."


def _default(subject: Subject, name: str) -> str:
    default = next((each.default for each in subject.parameters if each.name == name), "")
    return f"Defaults to ``{default}``." if _is_short(default) and default != "None" else ""


def _is_short(code: str) -> bool:
    """Whether code can stand in a sentence."""
    return 0 < len(code) <= _MOST_SHOWN and code.isprintable() and not re.search(r"[`\\#]|\"\"\"|'''", code)
