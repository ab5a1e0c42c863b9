"""The members of objects whose classes the workspace knows, where a change reads one of them."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from tree_sitter import Node

from codenook.context.code import Code
from codenook.context.outline import Kind
from codenook.context.parse import Parsed
from codenook.context.resolve import Resolution, Target, View
from codenook.context.usage import scope_in

Members = Mapping[int, Sequence[str]]
"""Names that could be read instead of one, by the byte at which that one begins."""

_CALLED = {Kind.FUNCTION, Kind.METHOD, Kind.CLASS}
_CLASSES = {Kind.CLASS, Kind.INTERFACE}


def known_members(code: Code, path: str, parsed: Parsed, lines: AbstractSet[int]) -> Members:
    """What the class has of each object that ``lines`` (from 1) of a document read a member of.

    Methods in the place of what is called, and other members in the place of others; nothing of modules.
    """
    language, found = parsed.language, dict[int, Sequence[str]]()
    reader = language.reader
    view = View(path, reader.outline(parsed))
    resolution = Resolution(code, language.resolver(code), reader.implicit_receiver)
    for definition in view.outline.definitions:
        changed = lines & set(range(definition.start_line, definition.end_line + 1))
        if definition.kind not in {Kind.FUNCTION, Kind.METHOD} or not changed:
            continue
        within = parsed.span(definition.start_line, definition.end_line)
        scope = scope_in(view, definition, parsed)
        called = {node.start_byte for node in parsed.captures("sites", within).get("called", ())}
        for node, receiver in _read_in(parsed, within):
            if node.start_point.row + 1 in changed:
                value = resolution.value(scope, reader.chain(receiver))
                is_called = node.start_byte in called
                found[node.start_byte] = list(_members(resolution, value, is_called=is_called))
    return found


def _read_in(parsed: Parsed, within: tuple[int, int]) -> Iterator[tuple[Node, Node]]:
    """Each member's name, and what it is read from."""
    members, captures = parsed.language.reader.syntax.members, parsed.captures("references", within)
    for node in (*captures.get("name", ()), *captures.get("member", ())):
        parent = node.parent
        if parent is not None and parent.type in members:
            receiver, member = map(parent.child_by_field_name, members[parent.type])
            if receiver is not None and member == node:
                yield node, receiver


def _members(resolution: Resolution, value: object, *, is_called: bool) -> Iterator[str]:
    if isinstance(value, Target) and value.definition.kind not in _CLASSES:
        value = resolution.type_of(value)
    if isinstance(value, Target) and value.definition.kind in _CLASSES:
        for member in resolution.members(value):
            name = member.definition.name
            if (member.definition.kind in _CALLED) == is_called and not name.startswith("__"):
                yield name
