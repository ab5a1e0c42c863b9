"""JSON, as docs/review.schema.json describes it."""

from typing import Any

from attrs import asdict

from codenook.server.review.finding import Finding, Fix, Place, Span
from codenook.server.review.report import Report


def to_json(report: Report) -> dict[str, Any]:
    """Return the documented JSON of a review."""
    change = report.change
    return {
        "change": {
            "name": change.name,
            "root": str(change.root),
            "files": len(change.files),
            "lines": change.n_lines,
        },
        "findings": [_finding(finding) for finding in report.findings],
        "sources": [
            {
                "source": ran.source.value,
                "done": ran.is_done,
                "findings": ran.findings,
                "reason": ran.reason or None,
                "message": ran.message,
                "refused": dict(sorted(ran.account.refused.items())),
                "not_looked_at": dict(sorted(ran.account.not_looked_at.items())),
                "rules_left_out": [asdict(rule) for rule in ran.account.rules_left_out],
            }
            for ran in report.ran
        ],
        "left_out": [
            {"path": left.path, "reason": left.reason.value, "lines": left.lines} for left in change.left_out
        ],
        "not_told": {reason.value: n for reason, n in report.not_told.items()},
        "dismissed": report.n_dismissed,
        "switched_off": report.n_switched_off,
        "complete": report.is_whole,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.id,
        "category": finding.category.value,
        "severity": finding.severity.value,
        "confidence": round(finding.confidence, 3),
        "path": finding.path,
        "span": _span(finding.span),
        "removed": _span(finding.removed) if finding.removed else None,
        "quote": finding.quote,
        "message": finding.message,
        "subject": finding.subject,
        "sources": [source.value for source in finding.sources],
        "evidence": [
            {"source": each.source.value, "message": each.message, "facts": dict(each.facts)}
            for each in finding.evidence
        ],
        "fix": _fix(finding.fix) if finding.fix else None,
        "related": [_place(place) for place in finding.related],
        "fingerprint": finding.fingerprint,
        "help": finding.rule.page,
    }


def _fix(fix: Fix) -> dict[str, Any]:
    edits = [{"path": edit.path, "span": _span(edit.span), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "sure": fix.is_sure, "edits": edits}


def _place(place: Place) -> dict[str, Any]:
    return {
        "path": place.path,
        "span": _span(place.span),
        "message": place.message,
        "quote": place.quote,
    }


def _span(span: Span) -> dict[str, int]:
    return asdict(span)
