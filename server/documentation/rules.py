"""What may be wrong with documentation, and when that is certain from the definition itself.

What decorators, base classes, callers and called functions may have a part in is left alone.
"""

import ast
import re
from collections.abc import Iterator
from enum import StrEnum

from attrs import frozen

from codenook.context.parse import Parsed
from codenook.server.documentation.dialects.dialect import Dialect
from codenook.server.documentation.languages.java import is_checked
from codenook.server.documentation.parts import Item, Parts
from codenook.server.documentation.subject import RECEIVERS, Doc, Kind, Parameter, Returns, Subject

_LEAST_SHARE = 0.5
"""Of a definition that documents fewer of its parameters than this, the others are left out on purpose."""

_NOTHING = re.compile(
    r"(?i)\W*(?:none|nothing|void|undefined|null|n/?a|no (?:return|value)|this|self|never|unit)\b"
)
_ABSTRACT = re.compile(r"\s*[@\\](?:abstract|virtual|interface)\b")
_LATER = re.compile(r"(?i)\b(?:promise|future|awaitable|coroutine|task)s?\b")
_INHERITED = re.compile(
    r"(?i)inherit-?doc|[@\\]copy(?:doc|details)|\bsee (?:also )?(?:the )?(?:base|parent|super)\b"
)
_FILLED_IN = re.compile(r"%\(\w+\)s|\{\w+\}|\|\w+\|")
"""What stands in a docstring for text that is put there later."""

_RUST_PLAIN = re.compile(r"bool|[iu](?:8|16|32|64|128|size)|f32|f64|char|&(?:'\w+ )?str|String|\(\)")
_NO_NAMES = {*RECEIVERS, "None"}
_NO_VALUE = {"None", "null", "undefined", "nullptr", "NULL"}


class Rule(StrEnum):
    """What is wrong with documentation."""

    UNKNOWN_PARAMETER = "unknown-parameter"
    MISSING_PARAMETER = "missing-parameter"
    WRONG_DEFAULT = "wrong-default"
    IMPOSSIBLE_RAISE = "impossible-raise"
    RETURNS_NOTHING = "returns-nothing"

    @property
    def description(self) -> str:
        """The rule in one sentence."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Rule.UNKNOWN_PARAMETER: "A parameter is documented that the definition doesn't have.",
    Rule.MISSING_PARAMETER: "Most parameters are documented, and this one is not.",
    Rule.WRONG_DEFAULT: "The documented default is not the one in the code.",
    Rule.IMPOSSIBLE_RAISE: "Something is documented as raised that can't be.",
    Rule.RETURNS_NOTHING: "A value is documented, and the function returns none.",
}


@frozen
class Documented:
    """A definition with its documentation, taken apart."""

    parsed: Parsed
    subject: Subject
    doc: Doc
    dialect: Dialect
    parts: Parts

    @property
    def name(self) -> str:
        """What the definition is called."""
        return self.subject.symbol.rpartition(".")[2] or "the file"


def speaks_for_itself(at: Documented) -> bool:
    """Whether the parameters are those of the definition, and the text is not put together elsewhere."""
    is_python = at.parsed.language.id == "python"
    is_filled_in = is_python and any(map(_FILLED_IN.search, at.doc.texts))
    return at.subject.is_sure and not is_filled_in and not any(map(_INHERITED.search, at.doc.texts))


def unknown(at: Documented) -> list[tuple[Item, list[str]]]:
    """The items with names that the definition doesn't have."""
    subject = at.subject
    if any(parameter.mark for parameter in subject.parameters) and at.parsed.language.id != "java":
        return []  # what the rest of the arguments may be is documented as well
    known = {parameter.name for parameter in subject.parameters} | {*subject.type_parameters, *_NO_NAMES}
    n_nameless = sum(not parameter.name for parameter in subject.parameters)
    others = [(item, [name for name in item.names if name not in known]) for item in at.parts.parameters]
    return [] if n_nameless else [(item, names) for item, names in others if names]


def missing(at: Documented) -> list[Parameter]:
    """The parameters that are not documented, where the others are."""
    if not at.parts.is_whole or not at.parts.parameters or at.subject.kind is not Kind.FUNCTION:
        return []
    documented = {name for item in at.parts.parameters for name in item.names}
    expected = [
        parameter
        for parameter in at.subject.parameters
        if parameter.name not in {"", *_NO_NAMES} and not (parameter.mark or parameter.name.startswith("_"))
    ]
    missing = [parameter for parameter in expected if parameter.name not in documented]
    prose = "\n".join(at.doc.texts)
    if any(re.search(rf"\b{re.escape(parameter.name)}\b", prose) for parameter in missing):
        return []  # it may be described elsewhere
    return missing if len(expected) - len(missing) >= _LEAST_SHARE * len(expected) else []


def wrong_defaults(at: Documented) -> Iterator[tuple[Item, str]]:
    """The parameters with another default than is documented, each with the one in the code."""
    defaults = {parameter.name: parameter.default for parameter in at.subject.parameters if parameter.default}
    for item in at.parts.parameters:
        actual = defaults.get(item.name, "")
        if len(item.names) != 1 or not item.default or not actual or actual in _NO_VALUE:
            continue
        told, given = _value(item.default), _value(actual)
        if told is not None and given is not None and not _same(told[0], given[0]):
            yield item, actual


def impossible_raises(at: Documented) -> Iterator[Item]:
    """What is documented as raised and can't be."""
    subject, language = at.subject, at.parsed.language.id
    for item in at.parts.raises:
        name = item.name.rpartition(".")[2]
        if language == "rust":
            returns_plain = not subject.return_type or bool(_RUST_PLAIN.fullmatch(subject.return_type))
            is_impossible = name == "Errors" and returns_plain
        else:
            is_known = language != "java" or is_checked(at.parsed, item.name)
            is_impossible = subject.raises_nothing and is_known
        if name and is_impossible:
            yield item


def needless_returns(at: Documented) -> Iterator[Item]:
    """What is documented as returned by a function that returns nothing."""
    item = at.parts.returns
    if item is None or at.subject.returns is not Returns.NOTHING or not (item.type or item.text):
        return
    if any(map(_ABSTRACT.match, at.doc.texts)):
        return
    if not tells_nothing(item) and not _LATER.search(f"{item.type} {item.text}"):
        yield item  # an asynchronous function gives something at once


def tells_nothing(item: Item) -> bool:
    """Whether what is said of a result is that there is none."""
    return bool(_NOTHING.match(item.type or item.text) or _NOTHING.match(item.text))


def _value(text: str) -> tuple[object] | None:
    """The value of a literal; None for all else."""
    bare = re.sub(r"\\+", r"\\", text.strip().strip("`").strip())  # docstrings have escapes of their own
    words: dict[str, object] = {"true": True, "false": False, "null": None, "undefined": None}
    if bare in words:
        return (words[bare],)
    try:
        value = ast.literal_eval(bare)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return (value,) if value is None or isinstance(value, bool | int | float | str) else None


def _same(told: object, given: object) -> bool:
    if isinstance(told, str) != isinstance(given, str):
        return str(told) == str(given)
    return told == given
