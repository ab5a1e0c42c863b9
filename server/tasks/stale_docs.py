"""Stale documentation in documents and in files on disk. No model is asked."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from codenook.context.parse import Language, Parsed, encode, language_named, parse
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.languages import DESCRIBERS
from codenook.server.documentation.stale import Finding, stale
from codenook.server.tasks.document import Document
from codenook.server.tasks.files import Files
from codenook.server.verify.unchanged import difference

MOST_CHARACTERS = 200_000
"""Longer documents are not looked at while someone works in them."""


@frozen
class Checked:
    """A file that was looked at, with its text and what is wrong in its documentation."""

    path: Path
    language: Language
    text: str
    findings: tuple[Finding, ...]

    def to_json(self) -> list[dict[str, Any]]:
        """The documented JSON: an object for each finding."""
        return [self._finding(finding) for finding in self.findings]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column of an offset, both from 1."""
        return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)

    def _finding(self, finding: Finding) -> dict[str, Any]:
        return {
            "path": str(self.path),
            **self._span(finding.start, finding.end),
            "rule": finding.rule.value,
            "symbol": finding.symbol,
            "message": finding.message,
            "fix": self._fix(finding),
        }

    def _fix(self, finding: Finding) -> dict[str, Any] | None:
        fix = proven_fix(self.language, self.text, finding)
        if fix is None:
            return None
        return {"title": finding.title, **self._span(fix.start, fix.end), "text": fix.text}

    def _span(self, start: int, end: int) -> dict[str, int]:
        (line, column), (end_line, end_column) = self.place(start), self.place(end)
        return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


@frozen(eq=False)
class Looked:
    """A document that was looked at; ``parsed`` is None for one that isn't read or is too long."""

    document: Document
    parsed: Parsed | None = None
    findings: tuple[Finding, ...] = ()


def look(document: Document, before: Looked | None = None) -> Looked:
    """What is wrong in a document's documentation; what was found ``before`` a change makes it faster."""
    language = language_named(document.language)
    if language is None or document.language not in DESCRIBERS or len(document.text) > MOST_CHARACTERS:
        return Looked(document)
    parsed = parse(language, encode(document.text), before.parsed if before else None)
    return Looked(document, parsed, tuple(stale(parsed)))


def proven_fixes(document: Document, findings: Iterable[Finding]) -> list[tuple[Finding, Edit]]:
    """The findings in a document that have a fix which changes no code, with that."""
    language = language_named(document.language)
    if language is None:
        return []
    fixes = [(finding, proven_fix(language, document.text, finding)) for finding in findings]
    return [(finding, fix) for finding, fix in fixes if fix is not None]


def proven_fix(language: Language, text: str, finding: Finding) -> Edit | None:
    """The fix of a finding, if it has one and that changes no code."""
    fix = finding.fix
    return fix if fix is not None and difference(language, text, fix.apply(text)) is None else None


def check(files: Files, told: Callable[[], None]) -> Iterator[Checked]:
    """Look at files; ``told`` is called before each. What can't be read is noted in ``files``."""
    for source in files.read(told):
        parsed = parse(source.language, encode(source.text))
        yield Checked(source.path, source.language, source.text, tuple(stale(parsed)))
