"""Calls that documentation has: ``>>> f(1, 2)``, ``f([1]) returns``, ``For s = "ab", n = 3 it is``."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.parse import language_named, parse
from codenook.context.reading import text_of
from codenook.server.documentation.comments import block, line_comments
from codenook.server.translation.inputs.literals import NotPlain
from codenook.server.translation.inputs.written import Wanted, calls_in, literal_at
from codenook.server.translation.outcome import Call, Origin
from codenook.server.translation.signature import Signature
from codenook.server.translation.values import Value

_LONGEST = 20_000
_INPUT = re.compile(r"\b(?:sample |example )?(?:input|given)\s*(?:\d+\s*)?[:=]\s*", re.IGNORECASE)
_EVIDENCE = "its documentation"


def documented(text: str, wanted: Wanted) -> list[Call]:
    """The calls in the documentation of a definition, and in comments above it; ``text`` is its file's."""
    found: dict[tuple[Value, ...], Call] = {}
    for comment in dict.fromkeys([wanted.signature.doc, *_comments_above(text, wanted)]):
        said = comment[:_LONGEST]
        for arguments in (*calls_in(said, wanted), *_named(said, wanted.signature, wanted.language)):
            found.setdefault(arguments, Call(arguments, Origin.DOCUMENTATION, evidence=_EVIDENCE))
    return list(found.values())


def _comments_above(text: str, wanted: Wanted) -> Iterator[str]:
    """The comments between a definition and the one before it, without their marks, the nearest first."""
    grammar = language_named(wanted.language)
    if grammar is None:
        return
    parsed = parse(grammar, text.encode("utf-8", "replace"))
    definitions = grammar.reader.outline(parsed).definitions
    symbols = {wanted.signature.symbol, wanted.signature.name}
    own = next((each for each in definitions if each.symbol in symbols), None)
    if own is None:
        return
    before = max((each.end_line for each in definitions if each.end_line < own.start_line), default=0)
    comments = [
        node
        for node in _comments(parsed.root)
        if before <= node.start_point[0] and node.end_point[0] <= own.start_line
    ]
    for node in reversed(comments):
        if text_of(node).startswith("/*"):
            yield "\n".join(block(parsed, node).texts)
    lines = [node for node in comments if text_of(node).startswith("//")]
    if lines:
        yield "\n".join(line_comments(parsed, lines).texts)
    hashes = [text_of(node).lstrip("#").strip() for node in comments if text_of(node).startswith("#")]
    if hashes:
        yield "\n".join(hashes)


def _comments(root: Node) -> Iterator[Node]:
    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        if "comment" in node.type:
            yield node
        else:
            to_visit += reversed(node.children)


def _named(said: str, signature: Signature, language: str) -> Iterator[tuple[Value, ...]]:
    """Arguments that are given by their names: a call each time that all of them have been."""
    wanted = [each.name for each in signature.parameters]
    if not wanted:
        return
    names = "|".join(map(re.escape, sorted(wanted, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w.])(?P<name>{names})\s*(?:=(?!=)|:|\bis\b)\s*")
    given: dict[str, Value] = {}
    for match, value in _followed(said, pattern, language):
        if match["name"] in given:
            given.clear()
        given[match["name"]] = value
        if len(given) == len(wanted):
            yield tuple(given[name] for name in wanted)
            given.clear()
    if len(wanted) == 1:
        yield from ((value,) for _, value in _followed(said, _INPUT, language))


def _followed(said: str, pattern: re.Pattern[str], language: str) -> Iterator[tuple[re.Match[str], Value]]:
    """The places of a pattern that a literal follows."""
    for match in pattern.finditer(said):
        try:
            yield match, literal_at(said, match.end(), language)
        except NotPlain:
            continue
