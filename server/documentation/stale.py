"""Documentation that the code has left behind: what it names and isn't there, or misses."""

from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import frozen

from codenook.context.parse import Parsed
from codenook.server.documentation import fixes, rules
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.parts import Item
from codenook.server.documentation.places import row
from codenook.server.documentation.placing import Told
from codenook.server.documentation.rules import Documented, Rule
from codenook.server.documentation.style import read
from codenook.server.documentation.subject import Kind, Parameter

_MOST_MISSING = 2
"""Of a definition that misses more parameters, they are left out on purpose."""

_LONGEST_ROW = 2_000
"""Documentation with longer rows is not read (characters): nobody wrote it."""


@frozen
class Finding:
    """One thing that is wrong with the documentation of ``symbol``, from ``start`` to ``end`` (code points).

    ``row`` counts from 0. ``fix`` mends it, as ``title`` says; None where that takes words, or where another
    finding's fix mends this as well. ``is_sure`` says that it can only be meant so.
    """

    rule: Rule
    symbol: str
    message: str
    start: int
    end: int
    row: int
    title: str = ""
    fix: Edit | None = None
    is_sure: bool = True


def stale(parsed: Parsed) -> list[Finding]:
    """What is wrong with a file's documentation, in its order; nothing is said of what has none."""
    documented = []
    for subject in subjects(parsed):
        if subject.doc is not None and max(map(len, subject.doc.texts)) <= _LONGEST_ROW:
            dialect, parts = read(parsed.language.id, subject.doc)
            if parts.has_sections:
                documented.append(Documented(parsed, subject, subject.doc, dialect, parts))
    missing = [rules.missing(at) if rules.speaks_for_itself(at) else [] for at in documented]
    times = Counter(parameter.name for parameters in missing for parameter in parameters)
    found: list[Finding] = []
    for at, parameters in zip(documented, missing, strict=True):
        once = [parameter for parameter in parameters if times[parameter.name] == 1]
        found += _findings(at, once)  # what several leave out is left out by custom
    return sorted(found, key=lambda finding: (finding.start, finding.rule))


def _findings(at: Documented, missing: Sequence[Parameter]) -> Iterator[Finding]:
    if rules.speaks_for_itself(at):
        unknown = rules.unknown(at)
        yield from _about_unknown(at, unknown, missing)
        if not unknown and len(missing) <= _MOST_MISSING:
            yield from _about_missing(at, missing)
    if at.subject.kind is Kind.FUNCTION:
        yield from _about_raises(at)
    if at.subject.kind is Kind.FUNCTION and at.subject.is_sure:
        yield from _about_defaults(at)
        yield from _about_returns(at)


def _about_unknown(
    at: Documented, unknown: Sequence[tuple[Item, Sequence[str]]], missing: Sequence[Parameter]
) -> Iterator[Finding]:
    gone = [item for item, names in unknown if len(names) == len(item.names)]
    is_single = sum(len(names) for _, names in unknown) == 1
    for item, names in unknown:
        told = ", ".join(names)
        message, where = f"{at.name} has no parameter {told}", _at_word(at, item, names[0])
        meant = fixes.meant(at.parts, item, at.subject.parameters, missing) if is_single else None
        if meant is not None:
            message = f"{message}; {meant.name} is not documented"
            fix = fixes.rename(_told(at), at.parsed, at.doc, item, meant.name)
            title, is_sure = f"Document {meant.name} instead", meant.is_sure
        else:
            is_gone = len(names) == len(item.names)
            fix = (
                fixes.remove(_told(at), at.parsed, at.doc, item, gone)
                if is_gone
                else fixes.remove_names(at.parsed, at.doc, item, names)
            )
            title, is_sure = f"Remove {told}", True
        yield where.finding(Rule.UNKNOWN_PARAMETER, message, title, fix, is_sure=is_sure)


def _told(at: Documented) -> Told:
    return Told(at.dialect, at.doc.texts, at.parts, [each.name for each in at.subject.parameters])


def _about_missing(at: Documented, missing: Sequence[Parameter]) -> Iterator[Finding]:
    told = _told(at)
    for parameter in missing:
        beside = told.neighbour(parameter.name)
        if beside is None:
            continue
        fix = fixes.add(told, at.parsed, at.doc, parameter)
        message = f"the parameter {parameter.name} of {at.name} is not documented"
        where = _at_word(at, beside, beside.name)
        yield where.finding(Rule.MISSING_PARAMETER, message, f"Add {parameter.name}", fix)


def _about_defaults(at: Documented) -> Iterator[Finding]:
    for item, actual in rules.wrong_defaults(at):
        message = f"the default of {item.name} is {actual}, not {item.default}"
        where = _Where(at, item.default_row, item.default_at, item.default)
        fix = fixes.replace_default(at.parsed, at.doc, item, actual)
        yield where.finding(Rule.WRONG_DEFAULT, message, f"Write {actual}", fix)


def _about_raises(at: Documented) -> Iterator[Finding]:
    found = list(rules.impossible_raises(at))
    for item in found:
        is_rust = at.parsed.language.id == "rust"
        message = f"{at.name} returns no error" if is_rust else f"{at.name} can't raise {item.name}"
        fix = fixes.remove(_told(at), at.parsed, at.doc, item, found)
        where = _at_word(at, item, item.name)
        yield where.finding(Rule.IMPOSSIBLE_RAISE, message, f"Remove {item.name}", fix)


def _about_returns(at: Documented) -> Iterator[Finding]:
    for item in rules.needless_returns(at):
        title, fix = "Remove what is said of a result", fixes.remove(_told(at), at.parsed, at.doc, item)
        yield _at_word(at, item, "").finding(Rule.RETURNS_NOTHING, f"{at.name} returns nothing", title, fix)


@frozen
class _Where:
    """A word in a row of documentation."""

    at: Documented
    row: int
    column: int
    word: str

    def finding(
        self, rule: Rule, message: str, title: str, fix: Edit | None, *, is_sure: bool = True
    ) -> Finding:
        """A finding here."""
        line, source = self.at.doc.lines[self.row], self.at.parsed.source
        start = line.start + len(line.text[: self.column].encode())
        span = Edit.of_bytes(source, start, start + len(self.word.encode()), "")
        symbol, told = self.at.subject.symbol, title if fix else ""
        return Finding(rule, symbol, message, span.start, span.end, row(source, start), told, fix, is_sure)


def _at_word(at: Documented, item: Item, word: str) -> _Where:
    """Where a word stands in the first row of an item; without one, that row."""
    text = at.doc.lines[item.first].text
    column = text.find(word) if word else -1
    if column >= 0:
        return _Where(at, item.first, column, word)
    return _Where(at, item.first, len(text) - len(text.lstrip()), text.strip())
