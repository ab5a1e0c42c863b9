"""Documentation that the code has left behind: what it names and isn't there, or misses.

Reported is only what is certain from the definition itself; what decorators, base classes, callers and called
functions may have a part in is left alone.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from attrs import frozen

from codenook.context.parse import Parsed
from codenook.server.documentation import fixes
from codenook.server.documentation.dialects.dialect import Dialect
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.languages.java import CHECKED
from codenook.server.documentation.parts import Item, Parts
from codenook.server.documentation.style import read
from codenook.server.documentation.subject import Doc, Kind, Parameter, Returns, Subject

_LEAST_SHARE = 0.5
"""Of a definition that documents fewer of its parameters than this, the others are left out on purpose."""

_MOST_MISSING = 2
"""Of one that misses more, too."""

_NOTHING = re.compile(r"(?i)\W*(?:none|nothing|void|undefined|null|n/?a|no (?:return|value)|this|self|never|unit)\b")
_LATER = re.compile(r"(?i)\b(?:promise|future|awaitable|coroutine|task)s?\b")
_INHERITED = re.compile(r"(?i)inherit-?doc|\bsee (?:also )?(?:the )?(?:base|parent|super)\b|%\(\w+\)s|\{\w+\}|\|\w+\|")
_RUST_PLAIN = re.compile(r"bool|[iu](?:8|16|32|64|128|size)|f32|f64|char|&(?:'\w+ )?str|String|\(\)")
_NO_NAMES = {"self", "cls", "this", "None"}
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
class Finding:
    """One thing that is wrong with the documentation of ``symbol``, from ``start`` to ``end`` (code points).

    ``row`` counts from 0. ``fix`` mends it, as ``title`` says; None where that takes words.
    """

    rule: Rule
    symbol: str
    message: str
    start: int
    end: int
    row: int
    title: str = ""
    fix: Edit | None = None


class _Documented(NamedTuple):
    """A definition with its documentation, taken apart."""

    parsed: Parsed
    subject: Subject
    doc: Doc
    dialect: Dialect
    parts: Parts


def stale(parsed: Parsed) -> list[Finding]:
    """What is wrong with a file's documentation, in its order; nothing is said of what has none."""
    documented = []
    for subject in subjects(parsed):
        if subject.doc is not None:
            dialect, parts = read(parsed.language.id, subject.doc)
            if parts.has_sections:
                documented.append(_Documented(parsed, subject, subject.doc, dialect, parts))
    missing = [_missing(at) if _speaks_for_itself(at) else [] for at in documented]
    times = Counter(parameter.name for parameters in missing for parameter in parameters)
    found: list[Finding] = []
    for at, parameters in zip(documented, missing, strict=True):
        once = [parameter for parameter in parameters if times[parameter.name] == 1]
        found += _findings(at, once)  # what several leave out is left out by custom
    return sorted(found, key=lambda finding: (finding.start, finding.rule))


def _speaks_for_itself(at: _Documented) -> bool:
    """Whether the parameters are those of the definition, and the text is not put together elsewhere."""
    return at.subject.is_sure and not any(map(_INHERITED.search, at.doc.texts))


def _findings(at: _Documented, missing: Sequence[Parameter]) -> Iterator[Finding]:
    if _speaks_for_itself(at):
        unknown = _unknown(at)
        yield from _about_unknown(at, unknown, missing)
        if not unknown and len(missing) <= _MOST_MISSING:
            yield from _about_missing(at, missing)
    if at.subject.kind is Kind.FUNCTION:
        yield from _about_defaults(at)
        yield from _about_raises(at)
        yield from _about_returns(at)


def _unknown(at: _Documented) -> list[tuple[Item, str]]:
    """The documented names that the definition doesn't have."""
    subject = at.subject
    if any(parameter.mark for parameter in subject.parameters) and at.parsed.language.id != "java":
        return []  # what the rest of the arguments may be is documented as well
    known = {parameter.name for parameter in subject.parameters} | {*subject.type_parameters, *_NO_NAMES}
    others = [(item, name) for item in at.parts.parameters for name in item.names if name not in known]
    n_nameless = sum(not parameter.name for parameter in subject.parameters)
    return [] if n_nameless else others


def _missing(at: _Documented) -> list[Parameter]:
    """The parameters that are not documented, where the others are."""
    if not at.parts.is_whole or not at.parts.parameters or at.subject.kind is not Kind.FUNCTION:
        return []
    documented = {name for item in at.parts.parameters for name in item.names}
    expected = [
        parameter
        for parameter in at.subject.parameters
        if parameter.name and not parameter.mark and not parameter.name.startswith("_")
    ]
    missing = [parameter for parameter in expected if parameter.name not in documented]
    prose = "\n".join(at.doc.texts)
    if any(re.search(rf"\b{re.escape(parameter.name)}\b", prose) for parameter in missing):
        return []  # it may be described elsewhere
    return missing if len(expected) - len(missing) >= _LEAST_SHARE * len(expected) else []


def _about_unknown(
    at: _Documented, unknown: Sequence[tuple[Item, str]], missing: Sequence[Parameter]
) -> Iterator[Finding]:
    for item, name in unknown:
        renamed = fixes.meant(name, [parameter.name for parameter in missing]) if len(unknown) == 1 else None
        if renamed:
            fix, title = fixes.rename(at.parsed, at.doc, item, name, renamed), f"Document {renamed} instead"
            message = f"{_called(at.subject)} has no parameter {name}; it is {renamed} now"
        else:
            fix, title = fixes.remove_name(at.parsed, at.doc, at.parts, item, name), f"Remove {name}"
            message = f"{_called(at.subject)} has no parameter {name}"
        yield _finding(at, Rule.UNKNOWN_PARAMETER, message, item, name, title, fix)


def _about_missing(at: _Documented, missing: Sequence[Parameter]) -> Iterator[Finding]:
    order = [parameter.name for parameter in at.subject.parameters]
    for parameter in missing:
        beside = fixes.neighbour(at.parts, order, parameter.name)
        fix = fixes.add(at.parsed, at.doc, at.dialect, beside, order, parameter) if beside else None
        message = f"the parameter {parameter.name} of {_called(at.subject)} is not documented"
        item = beside or at.parts.parameters[0]
        title = f"Add {parameter.name}"
        yield _finding(at, Rule.MISSING_PARAMETER, message, item, item.name, title, fix)


def _about_defaults(at: _Documented) -> Iterator[Finding]:
    defaults = {parameter.name: parameter.default for parameter in at.subject.parameters if parameter.default}
    for item in at.parts.parameters:
        actual = defaults.get(item.name, "")
        if len(item.names) != 1 or not item.default or not actual or actual in _NO_VALUE:
            continue
        told, is_known = _value(item.default)
        given, is_literal = _value(actual)
        if not is_known or not is_literal or _same(told, given):
            continue
        fix = fixes.replace_default(at.parsed, at.doc, item, actual)
        message = f"the default of {item.name} is {actual}, not {item.default}"
        yield _finding(at, Rule.WRONG_DEFAULT, message, item, item.default, f"Write {actual}", fix)


def _about_raises(at: _Documented) -> Iterator[Finding]:
    subject, language = at.subject, at.parsed.language.id
    for item in at.parts.raises:
        name = item.name.rpartition(".")[2]
        if language == "rust":
            is_impossible = name == "Errors" and (
                not subject.return_type or bool(_RUST_PLAIN.fullmatch(subject.return_type))
            )
        elif language == "java":
            is_impossible = subject.raises_nothing and name in CHECKED
        else:
            is_impossible = subject.raises_nothing
        if is_impossible and name:
            fix = fixes.remove(at.parsed, at.doc, at.parts, item)
            message = f"{_called(subject)} can't raise {name}" if language != "rust" else (
                f"{_called(subject)} returns no error"
            )
            yield _finding(at, Rule.IMPOSSIBLE_RAISE, message, item, item.name, f"Remove {name}", fix)


def _about_returns(at: _Documented) -> Iterator[Finding]:
    item = at.parts.returns
    if item is None or at.subject.returns is not Returns.NOTHING:
        return
    if not (item.type or item.text) or _NOTHING.match(item.type or item.text) or _NOTHING.match(item.text):
        return
    if _LATER.search(item.type) or _LATER.search(item.text):
        return  # what an asynchronous function gives at once
    fix = fixes.remove(at.parsed, at.doc, at.parts, item)
    message = f"{_called(at.subject)} returns nothing"
    yield _finding(at, Rule.RETURNS_NOTHING, message, item, "", "Remove what is said of a result", fix)


def _finding(
    at: _Documented, rule: Rule, message: str, item: Item, word: str, title: str, fix: Edit | None
) -> Finding:
    """A finding at a word in the rows of ``item``, or at its first row."""
    row = item.default_row if rule is Rule.WRONG_DEFAULT else item.first
    line = at.doc.lines[row]
    column = item.default_at if rule is Rule.WRONG_DEFAULT else line.text.find(word) if word else -1
    text = line.text.strip() if column < 0 else word
    start = line.start + len(line.text[: max(column, 0)].encode())
    if column < 0:
        start = line.start + len(line.text[: len(line.text) - len(line.text.lstrip())].encode())
    span = Edit.of_bytes(at.parsed.source, start, start + len(text.encode()), "")
    row = at.parsed.source.count(b"\n", 0, start)
    return Finding(rule, at.subject.symbol, message, span.start, span.end, row, title if fix else "", fix)


def _called(subject: Subject) -> str:
    return subject.symbol.rpartition(".")[2] if subject.symbol else "the file"


def _value(text: str) -> tuple[object, bool]:
    """The value of a literal, and whether it is one."""
    bare = re.sub(r"\\+", r"\\", text.strip().strip("`").strip())  # docstrings have escapes of their own
    words = {"true": True, "false": False, "null": None, "undefined": None}
    if bare in words:
        return words[bare], True
    try:
        value = ast.literal_eval(bare)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None, False
    return value, value is None or isinstance(value, bool | int | float | str)


def _same(told: object, given: object) -> bool:
    if isinstance(told, str) != isinstance(given, str):
        return str(told) == str(given)
    return told == given
