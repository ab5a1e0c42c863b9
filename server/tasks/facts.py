"""What the code itself says of a definition, put into words by rule: plain, and true whatever a model thinks.

Small models seldom know better: their words stand only where they are surer than these.
"""

import re

from codenook.server.documentation.subject import RECEIVERS, Kind, Returns, Subject
from codenook.server.tasks.blanks import Blank, Part
from codenook.server.verify.claims import is_truth
from codenook.server.verify.prose import words_in

_VERBS = (
    "accept add adjust align allocate analyze append apply assert assign attach authenticate begin "
    "bind broadcast build cache calculate call cancel capture change check clean clear clip clone "
    "close collect combine compare compile compress compute concatenate configure connect consume "
    "convert copy count create decode decompress decorate delete deserialize detach detect determine "
    "disable discard dispatch display divide download draw drop dump emit enable encode ensure "
    "enumerate escape estimate evaluate execute expand export extend extract fetch fill filter find "
    "finish fit fix flatten flush fold format forward freeze generate get group guess handle hash "
    "identify ignore import include increment infer init initialize insert inspect install "
    "instantiate interpolate invoke iterate join keep launch lift limit link list listen load locate "
    "lock log look lookup make map mark mask match measure merge migrate modify monitor move multiply "
    "normalize notify open pack pad parse patch perform pick plot poll pop populate post predict "
    "prepare print process promote publish pull push put query quote raise read rebuild receive "
    "record recover reduce refresh register release reload remove rename render reorder repeat "
    "replace report request reset resize resolve restart restore retrieve retry return reverse "
    "rewrite rotate round run sample save scale scan schedule search select send separate serialize "
    "serve set setup show shuffle simplify skip solve sort split squeeze start step stop store strip "
    "submit substitute subtract sum swap switch sync tag take test throw toggle tokenize track train "
    "transform translate transpose traverse trim truncate try unlock unpack unregister unwrap update "
    "upgrade upload use validate verify visit wait walk warn wrap write yield zip"
)
_IS_VERB = frozenset(_VERBS.split())
"""How names of functions begin that say what is done; others name what is given."""

_SMALL = (
    "to from in on by with for as into of at up down out off over if is are and or not all any each a an "
    "the no that through after before"
)
_IS_SMALL = frozenset(_SMALL.split())
"""Words behind a verb that take no article."""

_STATES = {
    "is": "are",
    "has": "have",
    "was": "were",
    "contains": "contain",
    "needs": "need",
    "supports": "support",
}
"""How names of functions begin that tell whether something is so, and the same of several."""

_CONVERTS = {"to", "as", "from", "into"}
"""How names of functions begin that make one thing of another."""

_VAGUE = "res result results ret out output value val ans answer rv retval data obj tmp new"
_IS_VAGUE = frozenset(_VAGUE.split())
"""Names that say nothing of what they are."""

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
    symbol = subject.symbol.rpartition(".")[2]
    name = [] if symbol.startswith("__") else words_in(symbol)
    first, others = name[0] if name else "", " ".join(name[1:])
    is_given = subject.returns is Returns.VALUE and not subject.yields
    if state := _state(subject, name):
        said = f"Return {state}"
    elif first == "get" and others and is_given:
        said = f"Return the {others}"
    elif first in _IS_VERB:
        article = "" if others and name[1] in _IS_SMALL else "the "
        object_ = f"{article}{others}" if others else _named(subject)
        said = f"{first.capitalize()} {object_}" if object_ else ""
    elif first in _CONVERTS:
        said = f"Convert {' '.join(name)}" if others else ""
    elif name and is_given:
        of = _named(subject) if len(subject.parameters) == 1 else ""
        verb = "Check" if is_truth(subject.result_type) else "Return"
        said = f"{verb} the {' '.join(name)}{f' of {of}' if of else ''}"
    else:
        said = ""
    return said and f"{said}."


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
    words = words_in(name)
    if len(name) == 1:
        return name
    return f"the {' '.join(words)}" if words and not set(words) <= {"args", "kwargs"} else ""


def _result(subject: Subject) -> str:
    """What is returned: by the name of what is, or the expression itself."""
    if subject.yields or not subject.given:
        return ""
    given = set(subject.given)
    if is_truth(subject.result_type):
        if state := _state(subject, words_in(subject.symbol.rpartition(".")[2])):
            return f"{state.capitalize()}."
        (only, *others) = given
        is_shown = not others and _is_short(only) and only not in {"True", "False"}
        return f"Whether ``{only}``." if is_shown else "True or False."
    if len(given) > 1:
        return ""
    (only,) = given
    match = re.fullmatch(r"(?:self\.|cls\.)?_*([A-Za-z]\w+)", only)
    words = words_in(match[1]) if match else []
    if words and not set(words) <= _IS_VAGUE and only not in {"None", "self", "cls"}:
        return f"The {' '.join(words)}."
    is_inner = re.search(r"(?:^|\.)_", only)
    return f"``{only}``." if not match and _is_short(only) and not is_inner else ""


def _condition(subject: Subject, name: str) -> str:
    """When an error is raised: the conditions around all its raise statements, of which there are few."""
    known = [condition for error, condition in subject.conditions if error == name]
    few = dict.fromkeys(known)
    if not known or len(few) > 2 or not all(map(_is_short, known)):  # noqa: PLR2004 - one or the other
        return ""
    return f"If {' or '.join(f'``{each}``' for each in few)}."


def _default(subject: Subject, name: str) -> str:
    default = next((each.default for each in subject.parameters if each.name == name), "")
    return f"Defaults to ``{default}``." if _is_short(default) and default != "None" else ""


def _is_short(code: str) -> bool:
    """Whether code can stand in a sentence."""
    return 0 < len(code) <= _MOST_SHOWN and code.isprintable() and not re.search(r"[`\\#]|\"\"\"|'''", code)
