"""SARIF 2.1.0, for code scanning."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

import codenook
from codenook.server.review.finding import Edit, Finding, Fix, Place, Rule, Severity, Span
from codenook.server.review.report import Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.HINT: "note",
}


def to_sarif(report: Report) -> dict[str, Any]:
    """Return a SARIF log with one run; columns are code points, paths relative to the workspace's root."""
    rules = list({finding.rule.id: finding.rule for finding in report.findings}.values())
    places = {rule.id: number for number, rule in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "codenook",
                        "semanticVersion": codenook.__version__,
                        "rules": [_rule(rule) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the workspace."}}},
                "invocations": [_invocation(report)],
                "results": [_result(finding, places[finding.rule.id]) for finding in report.findings],
            }
        ],
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.description},
        "help": {"text": f"{rule.description} See {rule.page}."},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.category.value], "source": rule.source.value},
    }


def _invocation(report: Report) -> dict[str, Any]:
    told = [
        f"the source {ran.source.value} was not asked about all: {ran.message} ({ran.reason})"
        for ran in report.ran
        if not ran.is_done
    ]
    told += [
        f"the rule {rule.rule} was not asked about: {rule.message} ({rule.reason})"
        for ran in report.ran
        for rule in ran.account.rules_left_out
    ]
    told += [
        f"{left.path} is left out{f', {left.lines} lines' if left.lines else ''} ({left.reason.value})"
        for left in report.change.left_out
    ]
    return {
        "executionSuccessful": report.is_whole,
        "toolExecutionNotifications": [{"level": "note", "message": {"text": text}} for text in told],
    }


def _result(finding: Finding, rule_index: int) -> dict[str, Any]:
    why = "; ".join(evidence.message for evidence in finding.evidence)
    region: dict[str, Any] = {"startLine": finding.span.start_line}
    if finding.removed is None:  # what was removed stands nowhere, so there is nothing to cut out
        region = {**_region(finding.span), "snippet": {"text": finding.quote}}
    result: dict[str, Any] = {
        "ruleId": finding.rule.id,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}: {why}" if why else finding.message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(finding.path),
                    "region": region,
                }
            }
        ],
        "relatedLocations": [_related(place, number) for number, place in enumerate(finding.related)],
        "partialFingerprints": {
            "primaryLocationLineHash": finding.fingerprint,
            "codenook/v1": finding.fingerprint,
        },
        "rank": round(100 * finding.confidence, 1),
        "properties": {
            "category": finding.category.value,
            "sources": [source.value for source in finding.sources],
            "removed": finding.removed is not None,
            "quote": finding.quote,
        },
    }
    if finding.fix:
        result["fixes"] = [_fix(finding.fix)]
    return result


def _related(place: Place, number: int) -> dict[str, Any]:
    return {
        "id": number,
        "message": {"text": place.message},
        "physicalLocation": {"artifactLocation": _artifact(place.path), "region": _region(place.span)},
    }


def _fix(fix: Fix) -> dict[str, Any]:
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.path, []).append(edit)
    return {
        "description": {"text": fix.title},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(path),
                "replacements": [_replacement(edit) for edit in _sorted(edits)],
            }
            for path, edits in by_path.items()
        ],
    }


def _sorted(edits: Iterable[Edit]) -> list[Edit]:
    return sorted(edits, key=lambda edit: edit.span)


def _replacement(edit: Edit) -> dict[str, Any]:
    return {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": PurePosixPath("/", path).as_uri().removeprefix("file:///"), "uriBaseId": _ROOT}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start_line,
        "startColumn": span.start_column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
