"""reviewdog's diagnostic format: columns count bytes of UTF-8, from 1.

It is described by proto/rdf/reviewdog.proto in github.com/reviewdog/reviewdog.
"""

from typing import Any

from codenook.server.review.finding import Finding, Fix, Severity, Span
from codenook.server.review.report import Report
from codenook.server.review.scope.change import Text

_SEVERITIES = {
    Severity.ERROR: "ERROR",
    Severity.WARNING: "WARNING",
    Severity.INFO: "INFO",
    Severity.HINT: "INFO",
}


def to_rdjson(report: Report) -> dict[str, Any]:
    """Return a DiagnosticResult; paths are relative to the workspace's root."""
    return {
        "source": {"name": "codenook"},
        "diagnostics": [_diagnostic(report, finding) for finding in report.findings],
    }


def _diagnostic(report: Report, finding: Finding) -> dict[str, Any]:
    file = report.change.by_path.get(finding.path)
    text = file.new if file else None
    why = "; ".join(evidence.message for evidence in finding.evidence)
    told: dict[str, Any] = {
        "message": f"{finding.message}\n{why}" if why else finding.message,
        "location": {"path": finding.path, "range": _range(finding.span, text)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.rule.id},
    }
    if finding.fix and text and (suggestion := _suggestion(finding.fix, finding.path, text)):
        told["suggestions"] = [suggestion]
    if finding.related:
        told["relatedLocations"] = [
            {
                "message": place.message,
                "location": {"path": place.path, "range": {"start": {"line": place.span.start_line}}},
            }
            for place in finding.related
        ]
    return told


def _suggestion(fix: Fix, path: str, text: Text) -> dict[str, Any] | None:
    """A fix as one text in the place of another; None when it changes other files, or a place twice."""
    edits = sorted(fix.edits, key=lambda edit: edit.span)
    if not edits or any(edit.path != path for edit in edits):
        return None
    instead, at = "", (edits[0].span.start_line, edits[0].span.start_column)
    for edit in edits:
        start = (edit.span.start_line, edit.span.start_column)
        if start < at:
            return None
        instead += text.quote(Span(*at, *start)) + edit.text
        at = (edit.span.end_line, edit.span.end_column)
    first = edits[0].span
    return {"range": _range(Span(first.start_line, first.start_column, *at), text), "text": instead}


def _range(span: Span, text: Text | None) -> dict[str, Any]:
    if text is None:
        return {"start": {"line": span.start_line}}
    return {
        "start": _position(span.start_line, span.start_column, text),
        "end": _position(span.end_line, span.end_column, text),
    }


def _position(line: int, column: int, text: Text) -> dict[str, int]:
    before = text.quote(Span(line, 1, line, column))
    return {"line": line, "column": len(before.encode("utf-8", "replace")) + 1}
