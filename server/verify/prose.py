"""Whether a model's words can stand in documentation: one plain sentence that has to do with the code.

What can't be told from the words is whether they are true; where the code says otherwise, they are refused.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import pairwise
from typing import Self

from attrs import frozen

from codenook.server.documentation.subject import Kind, Returns, Subject
from codenook.server.verify.claims import contradicts, is_truth, tells_truth, tests
from codenook.server.verify.usual_words import usual_words

MAX_WORDS, MAX_CHARACTERS = 32, 220
"""A sentence that is longer is no summary."""


class Flaw(StrEnum):
    """What is wrong with words: the code of a refusal."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNFINISHED = "unfinished"
    NOT_PROSE = "not_prose"
    CODE = "code"
    MARKUP = "markup"
    TALK = "talk"
    REPEATS = "repeats"
    ECHO = "echo"
    SAYS_NOTHING = "says_nothing"
    UNRELATED = "unrelated"
    INVENTED = "invented"
    CONTRADICTS = "contradicts"
    UNSURE = "unsure"

    @property
    def description(self) -> str:
        """The flaw in one sentence, as a model can be told."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Flaw.EMPTY: "There are no words.",
    Flaw.TOO_LONG: f"A sentence has more than {MAX_WORDS} words or {MAX_CHARACTERS} characters.",
    Flaw.UNFINISHED: "The sentence has no end.",
    Flaw.NOT_PROSE: "It is not a sentence of words.",
    Flaw.CODE: "There is code in it.",
    Flaw.MARKUP: "There is markup in it, or the beginning of another part.",
    Flaw.TALK: "It talks to someone instead of describing the code.",
    Flaw.REPEATS: "It repeats itself.",
    Flaw.ECHO: "It repeats words of the file, in a row.",
    Flaw.SAYS_NOTHING: "It only repeats the name.",
    Flaw.UNRELATED: "None of its words has to do with the code.",
    Flaw.INVENTED: "It has a number, a name or a word that is neither in the code nor usual.",
    Flaw.CONTRADICTS: "The code says otherwise.",
    Flaw.UNSURE: "The model was not sure of it.",
}

_CODE = re.compile(
    r"\w\(|[{}\[\]<>=;|\\^~$@#%]|->|::|//|/\*|\*/|\+\+|&&|\bself\."
    r"|\b(?:def|elif|lambda|return None|import \w+)\b|[A-Za-z]:[A-Za-z]"
    r"|(?i:noqa|nosec|nosonar|nolint|pragma ?:|pylint|eslint|prettier-ignore|clang-format|ts-ignore)"
    r"|(?i:type: ?ignore)"
)
_MARKUP = re.compile(
    r"\"\"\"|'''|^\s*[-*+:>]|:\w+:|`[^`]*$|\*\*"
    r"|\b(?:Args?|Arguments|Parameters|Params|Returns?|Yields?|Raises?|Examples?|Notes?|Attributes|TODO|FIXME|XXX):"
)
_TALK = re.compile(
    r"(?i)^(?:sure|certainly|of course|okay|ok|here(?:'s| is| are)|as an|i|i'm|you|please|we|let's)\b"
    r"|\b(?:ignore|disregard) (?:all|any|the|previous|prior)\b"
)
_LITTLE = (
    "a an the this that these those it its of to in on at by for from with without into onto as is are be "
    "been was were will can may must should or and not no if when whether which who what where there than "
    "then so such one any all each every some given specified value values use used using return returns get "
    "gets set sets"
)
_STOP = frozenset(_LITTLE.split())
"""Words that say nothing of the code."""
_TYPE = re.compile(
    r"(?i)^(?:(?:an? )?(?:str|string|int|integer|bool|boolean|float|list|dict|tuple|bytes|object|none|any)\b"
    r"(?: or none)?(?:,? ?\(?optional\)?)?|[\w.]+)\s*(?:[:,]|\((?=\w+\)))\s*"
)
"""A type before the words, as some write it: the code has it."""
_NO_END = frozenset("a an the and or is are be if that as not its was s t it they".split())  # noqa: SIM905 - words
_NO_END_WITHOUT_STOP = frozenset("of to in for with by from on at into than".split())  # noqa: SIM905 - words
"""Words that no sentence ends with, and those that it only ends with where a full stop follows."""
_NAME = re.compile(r"\d[\d.]*|\b\w*[a-z][A-Z]\w*\b|\b\w+_\w+\b|\b\w+\.\w+\b")
_LONGEST_LINE = 2_000
_OF_OTHERS = {"decorator", "decorat", "bas", "class"}
"""Stems of words by which a summary tells of another definition."""
_LEAST_GROUNDED = 0.6
"""The share of the words that the code must have, too, where a small model tells of a part."""
_OPTIONAL = re.compile(r"(?i)\b(?:defaults?|optional(?:ly)?)\b")
"""What can't be said of a parameter that has to be given."""
_N_ECHOED = 4
"""Words from which on a sentence that stands in the file as well is a copy of it."""
_LEAST_WORDS, _LEAST_LETTERS, _MOST_OF_A_WORD = 2, 0.7, 2


@frozen
class Read:
    """What words are compared with, read once for all of them.

    ``code`` is the definition's, ``words`` its words in a row, ``stems`` are those of the words, ``lines``
    the file's lines of text.
    """

    code: str
    words: str
    stems: frozenset[str]
    lines: frozenset[str]

    @classmethod
    def of(cls, code: str, text: str = "") -> Self:
        """Read a definition's code, and the text of its file; takes a second for the largest files."""
        return cls(code, f" {bare(code)} ", stems([code]), lines_of(text))


@frozen
class About:
    """What words are about: a part of the documentation of ``subject``, ``name`` a parameter's or an error's.

    ``read`` is the code, ``said`` what the other parts say, ``told`` the stems of the summary. ``type`` is
    that of a parameter or a result. With ``known_only``, words must be usual ones if they are not in the
    code: small models make some up.
    """

    subject: Subject
    read: Read
    said: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()
    name: str = ""
    type: str = ""
    is_summary: bool = False
    known_only: bool = False

    def has(self, stem: str) -> bool:
        """Whether a word with this stem is in the code or the summary."""
        return stem in self.read.stems or stem in self.told


def sentence(text: str, *, is_summary: bool = True) -> str:
    """The first sentence of what a model wrote, without quotes around it, or a type before it."""
    said = re.sub(r"^[\s\"']+", "", text)
    said = re.split(r"\"\"\"|'''|\n|\*/", said, maxsplit=1)[0]
    said = " ".join(said.split()).rstrip("\"' ")
    said = said if is_summary else _TYPE.sub("", said)
    end = re.search(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)[.!?](?=\s)", said)
    return said[: end.end()] if end else said


def closed(text: str, lead: str = "") -> str:
    """A sentence as documentation has it: a full stop last, a capital first.

    But where ``lead`` precedes it, or where it begins with a name, which is spelled as it is in the code.
    """
    stays = lead or not text[:1].islower() or _NAME.match(text)
    first = text if stays else text[0].upper() + text[1:]
    return first if first.endswith((".", "!", "?")) else f"{first.rstrip(' ,;:')}."


def flaw(text: str, about: About) -> Flaw | None:
    """What is wrong with the first sentence of words, which are one line; None when nothing is."""
    return next(_flaws(text, about), None)


def stems(texts: Iterable[str]) -> frozenset[str]:
    """The stems of all words of texts, those that identifiers consist of as well."""
    return frozenset(_stem(word) for text in texts for word in words_in(text))


def _flaws(text: str, about: About) -> Iterator[Flaw]:
    words = words_in(text)
    said = [_stem(word) for word in words if word not in _STOP]
    if len(words) < _LEAST_WORDS:
        yield Flaw.EMPTY
        return
    if len(text.split()) > MAX_WORDS or len(text) > MAX_CHARACTERS:
        yield Flaw.TOO_LONG
    yield from _flaws_of_form(text, words)
    if _repeats(words, said, is_short=not about.is_summary):
        yield Flaw.REPEATS
    if _is_copy(text, words, about) or bare(text) in about.said:
        yield Flaw.ECHO
    if not set(said) - stems([about.name or about.subject.symbol.rpartition(".")[2]]):
        yield Flaw.SAYS_NOTHING
    if not any(map(about.has, said)) or _misses_point(text, words, about):
        yield Flaw.UNRELATED
    if _invents(text, words, about):
        yield Flaw.INVENTED
    if _contradicts(text, about):
        yield Flaw.CONTRADICTS


def _flaws_of_form(text: str, words: list[str]) -> Iterator[Flaw]:
    letters = sum(character.isalpha() or character in " '-," for character in text)
    if not text.isprintable() or letters < _LEAST_LETTERS * len(text) or not text[0].isalnum():
        yield Flaw.NOT_PROSE
    if _MARKUP.search(text) or text.count("(") != text.count(")"):
        yield Flaw.MARKUP
    if _CODE.search(text):
        yield Flaw.CODE
    open_end = _NO_END if text.endswith(".") else _NO_END | _NO_END_WITHOUT_STOP
    if words[-1] in open_end or text.endswith((",", ":", "-", "(", "...")):
        yield Flaw.UNFINISHED
    if _TALK.search(text):
        yield Flaw.TALK


def grounded(text: str, about: About) -> float:
    """The share of the words that say something which the code has, too."""
    said = {_stem(word) for word in words_in(text) if word not in _STOP}
    return sum(map(about.has, said)) / len(said) if said else 0.0


def lines_of(text: str) -> frozenset[str]:
    """The lines of a file as `Read` has them; without those that no sentence can be a copy of."""
    return frozenset(bare(line) for line in text.split("\n") if len(line) <= _LONGEST_LINE)


def _misses_point(text: str, words: list[str], about: About) -> bool:
    """Whether a small model tells of something else: few of its words are in the code, none in the name."""
    if about.is_summary or not about.known_only:
        return False
    is_parameter = any(each.name == about.name for each in about.subject.parameters)
    named = {_stem(word) for word in words_in(about.name) if len(word) > _LEAST_WORDS}
    misses_name = is_parameter and not named & set(map(_stem, words))
    return misses_name or grounded(text, about) < _LEAST_GROUNDED


def _is_copy(text: str, words: list[str], about: About) -> bool:
    """Whether the definition has these words in a row, in a comment or string, too, or the file as a line."""
    if len(words) < _N_ECHOED:
        return False
    copied = bare(text)
    return f" {copied} " in about.read.words or (about.is_summary and copied in about.read.lines)


def _repeats(words: list[str], said: list[str], *, is_short: bool) -> bool:
    pairs = Counter(pairwise(words))
    if any(left == right for left, right in pairs):
        return True
    if any(n > 1 and not {left, right} <= _STOP for (left, right), n in pairs.items()):
        return True
    most = max(Counter(said).values(), default=0)
    return most > (1 if is_short else _MOST_OF_A_WORD) or any(left == right for left, right in pairwise(said))


def _invents(text: str, words: list[str], about: About) -> bool:
    named = {match[0].rstrip(".") for match in _NAME.finditer(text)}
    if any(name not in about.read.code for name in named):
        return True
    return about.known_only and any(
        word not in usual_words() | _STOP and not about.has(_stem(word))
        for word in words
        if len(word) > _LEAST_WORDS
    )


def _contradicts(text: str, about: About) -> bool:
    if about.is_summary:
        return _contradicts_function(text, about)
    is_vague = about.known_only and is_truth(about.type) and not about.name and not tells_truth(text)
    parameter = next((each for each in about.subject.parameters if each.name == about.name), None)
    is_required = parameter is not None and not parameter.default and not parameter.mark
    return is_vague or contradicts(text, about.type) or bool(is_required and _OPTIONAL.search(text))


def _contradicts_function(text: str, about: About) -> bool:
    """Whether a summary tells of something else than the function does."""
    subject, (first, _, others) = about.subject, text.partition(" ")
    verb = _stem(first.lower())
    if subject.kind is not Kind.FUNCTION:
        return verb in {"return", "yield"}
    if verb == "return":
        return subject.returns is Returns.NOTHING or contradicts(others, subject.result_type)
    if verb in {"yield", "rais"}:
        return not (subject.yields if verb == "yield" else subject.raises)
    if tests(text) and subject.returns is Returns.VALUE:
        return contradicts("whether", subject.result_type)
    return verb in _OF_OTHERS and not about.has(verb)


def words_in(text: str) -> list[str]:
    """The words of prose or of an identifier, in lower case."""
    runs = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFKC", text))
    return [word.lower() for run in runs for word in humps(run)]


def humps(run: str) -> Iterator[str]:
    """The words in letters that follow each other: ``readHTTPHeader``."""
    start = 0
    for at in range(1, len(run)):
        begins_word = not run[at - 1].isupper() or run[at + 1 : at + 2].islower()
        if run[at].isupper() and begins_word:
            yield run[start:at]
            start = at
    yield run[start:]


def _stem(word: str) -> str:
    """A word without the endings that make no other word of it."""
    if word.endswith("ies") and len(word) > len("ties"):
        return f"{word[:-3]}y"
    for ending in ("ing", "es", "ed", "s", "e"):
        if word.endswith(ending) and not word.endswith("ss") and len(word) - len(ending) > _LEAST_WORDS:
            return word[: -len(ending)]
    return word


def bare(line: str) -> str:
    """The words of a line, in lower case, without anything between them."""
    return " ".join(match[0] for match in re.finditer(r"\w+", line.lower()))
