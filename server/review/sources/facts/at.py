"""Findings at nodes of syntax trees."""

from collections.abc import Mapping, Sequence

from tree_sitter import Node

from codenook.server.review.finding import Evidence, Finding, Fix, Place, Rule, SourceName
from codenook.server.review.scope.change import ChangedFile, Text


def in_new(
    file: ChangedFile,
    node: Node,
    rule: Rule,
    message: str,
    why: str,
    *,
    confidence: float,
    claim: Mapping[str, str | float | bool],
    related: Sequence[Place] = (),
    fix: Fix | None = None,
) -> Finding | None:
    """A finding at a node of the new text; None when that begins on no changed line."""
    if file.new is None or node.start_point.row + 1 not in file.changed:
        return None
    span = file.new.span_of_bytes(node.start_byte, node.end_byte)
    evidence = (Evidence(SourceName.FACTS, why, claim),)
    quote = file.new.quote(span)
    return Finding(
        rule,
        file.path,
        span,
        quote,
        message,
        confidence,
        evidence,
        subject=quote,
        fix=fix,
        related=tuple(related),
    )


def in_old(
    file: ChangedFile,
    node: Node,
    rule: Rule,
    message: str,
    why: str,
    *,
    confidence: float,
    claim: Mapping[str, str | float | bool],
    related: Sequence[Place] = (),
    fix: Fix | None = None,
) -> Finding | None:
    """A finding at a node of the old text; None when that begins on no removed line."""
    place = file.place_of_removed(node.start_point.row + 1)
    if file.old is None or place is None:
        return None
    removed = file.old.span_of_bytes(node.start_byte, node.end_byte)
    quote = file.old.quote(removed)
    evidence = (Evidence(SourceName.FACTS, why, claim),)
    return Finding(
        rule,
        file.path,
        place,
        quote,
        message,
        confidence,
        evidence,
        subject=quote,
        removed=removed,
        fix=fix,
        related=tuple(related),
    )


def place(path: str, text: Text, node: Node, message: str) -> Place:
    """A node as a place that a finding points to."""
    span = text.span_of_bytes(node.start_byte, node.end_byte)
    return Place(path, span, message, text.line(span.start_line).strip())
