"""Findings of a review as the protocol's diagnostics, as far as the editor shows their parts."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lsprotocol import types

import codenook
from codenook.server.lsp.announced import marks_unused, opens_pages, shows_related
from codenook.server.lsp.editor_files import EditorFiles
from codenook.server.lsp.positions import positions_at
from codenook.server.review.finding import Category, Finding, Place, Rule, Severity, Span
from codenook.server.review.scope.change import Text

SOURCE = "codenook review"

_PAGE = Path(codenook.__file__).with_name("review-rules.md")
_SEVERITIES: Mapping[Severity, types.DiagnosticSeverity] = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}


def ranges(text: Text, spans: Sequence[Span], encoding: str) -> list[types.Range]:
    """Spans as the editor counts; those in the order of the text are found fastest."""
    ends = [
        text.offset(*at)
        for span in spans
        for at in ((span.start_line, span.start_column), (span.end_line, span.end_column))
    ]
    places = positions_at(text.text, ends, encoding)
    return [types.Range(*pair) for pair in zip(places[::2], places[1::2], strict=True)]


def finding_diagnostics(
    findings: Sequence[Finding],
    root: Path,
    files: EditorFiles,
    encoding: str,
    announced: types.ClientCapabilities,
) -> list[types.Diagnostic]:
    """Findings about one file, where they are in it now; ``root`` is what their paths are relative to."""
    if not findings:
        return []
    text = files.text(root / findings[0].path) or Text("")
    spans = ranges(text, [finding.span for finding in findings], encoding)
    return [
        types.Diagnostic(
            span,
            _message(finding),
            severity=_SEVERITIES[finding.severity],
            code=finding.rule.id,
            code_description=_description(finding.rule) if opens_pages(announced) else None,
            source=SOURCE,
            tags=_tags(finding) if marks_unused(announced) else None,
            related_information=_related(finding, root, files, encoding)
            if shows_related(announced)
            else None,
            data={
                "fingerprint": finding.fingerprint,
                "rule": finding.rule.id,
                "category": finding.category.value,
                "confidence": round(finding.confidence, 3),
                "sources": [source.value for source in finding.sources],
                "subject": finding.subject,
            },
        )
        for finding, span in zip(findings, spans, strict=True)
    ]


def fingerprint_of(diagnostic: types.Diagnostic) -> str:
    """The fingerprint of the finding that an editor's diagnostic came from; empty when it came from none."""
    data = diagnostic.data
    found = data.get("fingerprint") if isinstance(data, Mapping) else getattr(data, "fingerprint", None)
    return found if isinstance(found, str) else ""


def _message(finding: Finding) -> str:
    why = [
        f"{each.message} ({each.source.value}, {finding.confidence:.0%} sure)" for each in finding.evidence
    ]
    return "\n".join([finding.message, *why])


def _description(rule: Rule) -> types.CodeDescription | None:
    page, _, section = rule.page.partition("#")
    if page.startswith("https://"):
        return types.CodeDescription(rule.page)
    if Path(page).name != _PAGE.name or not _PAGE.exists():
        return None
    return types.CodeDescription(f"{_PAGE.resolve().as_uri()}#{section}")


def _tags(finding: Finding) -> list[types.DiagnosticTag] | None:
    return [types.DiagnosticTag.Unnecessary] if finding.category is Category.UNUSED else None


def _related(
    finding: Finding, root: Path, files: EditorFiles, encoding: str
) -> list[types.DiagnosticRelatedInformation] | None:
    told = [(place, text) for place in finding.related if (text := files.text(root / place.path)) is not None]
    return [_at(place, root, text, files, encoding) for place, text in told] or None


def _at(
    place: Place, root: Path, text: Text, files: EditorFiles, encoding: str
) -> types.DiagnosticRelatedInformation:
    (span,) = ranges(text, [place.span], encoding)
    message = f"{place.message}: {place.quote}" if place.quote else place.message
    return types.DiagnosticRelatedInformation(types.Location(files.uri(root / place.path), span), message)
