"""Names that may stand where another one does: read in the same function before, in the same role."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from types import MappingProxyType

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.review.sources.surprise.instead import Instead, Kind
from codenook.server.review.sources.surprise.members import Members

N_NAMES = 12
"""Names that are tried in one place: those that stand nearest before it."""

_CONFUSED: Sequence[Sequence[str]] = (
    ("min", "max"),
    ("any", "all"),
    ("append", "extend"),
    ("lower", "upper"),
    ("islower", "isupper"),
    ("startswith", "endswith"),
    ("startsWith", "endsWith"),
    ("ceil", "floor", "round"),
    ("keys", "values", "items"),
    ("add", "remove", "discard"),
    ("push", "pop"),
    ("lstrip", "rstrip", "strip"),
    ("find", "rfind", "index"),
    ("split", "rsplit"),
    ("sum", "len"),
    ("sorted", "reversed"),
    ("first", "last"),
    ("left", "right"),
    ("toLowerCase", "toUpperCase"),
    ("is_some", "is_none"),
    ("is_ok", "is_err"),
)
"""Members and functions that are taken for each other."""

N_BYTES_BEFORE = 2000
"""What is known outside of functions, and of the file before the part that names are looked for in."""

_COMBINED = re.compile(r"binary|boolean|comparison|argument")
_BODY = re.compile(r"block|body|suite|statement|list_comprehension|clause")


@frozen(eq=False)
class Names:
    """The names in a part of a document (``within``, bytes), by what they are for.

    ``members`` are those of objects whose classes are known, beside what the document itself reads of them.
    """

    parsed: Parsed
    within: tuple[int, int]
    members: Members = MappingProxyType({})

    def read(self, within: tuple[int, int]) -> Iterator[Node]:
        """The names that are read within these bytes: values, members and what is called."""
        for node in self._names:
            is_meant = node.start_byte not in self._bound and text_of(node) not in self._receivers
            if is_meant and within[0] <= node.start_byte < within[1]:
                yield node

    def receiver(self, node: Node) -> str | None:
        """What a name is read from, as it is written; None for a name that stands alone."""
        members, parent = self.parsed.language.reader.syntax.members, node.parent
        if parent is None or parent.type not in members:
            return None
        whole, member = members[parent.type]
        is_member = parent.child_by_field_name(member) == node
        return text_of(parent.child_by_field_name(whole)) or None if is_member else None

    def is_called(self, node: Node) -> bool:
        """Whether what the name means is called."""
        return node.start_byte in self._called

    def instead_of(self, node: Node) -> list[str]:
        """The names that could be meant instead of the one that ``node`` is."""
        name, is_called, receiver = text_of(node), self.is_called(node), self.receiver(node)
        confused = [other for group in _CONFUSED if name in group for other in group]
        if receiver is not None:
            known = [
                *self._members.get((receiver, is_called), []),
                *self.members.get(node.start_byte, ()),
            ]
        else:
            known = self._before(node, is_called=is_called)
        others = dict.fromkeys(other for other in known if other not in self._receivers)
        alike = [other for other in others if other != name and _shape(other) == _shape(name)]
        return [*(other for other in confused if other != name), *alike[:N_NAMES]]

    def weighed(self, node: Node, kind: Kind, name: str) -> Instead:
        """``name`` in the place of the one that ``node`` is, with what its uses say of that."""
        own, line = text_of(node), node.start_point.row + 1
        unread = twins = 0
        if self.receiver(node) is None:
            beside = {text_of(child) for child in _beside(node)}
            twins = (own in beside) - (name in beside)
            if kind is Kind.NAME:
                unread = self._is_local_unread(node, name, 0) - self._is_local_unread(node, own, 1)
        return Instead(node.start_byte, node.end_byte, name, kind, line, unread=unread, twins=twins)

    def _is_local_unread(self, node: Node, name: str, n: int) -> bool:
        """Whether the function around ``node`` binds a name and reads it ``n`` times in all."""
        start, end = _scope(node, self.parsed)
        uses = [at for at in self._places.get(name, ()) if start <= at < end]
        read = sum(at not in self._bound for at in uses)
        return len(uses) > read == n

    @cached_property
    def _places(self) -> Mapping[str, list[int]]:
        """Where each name stands that is read from nothing, and where it is bound."""
        found: dict[str, list[int]] = defaultdict(list)
        for starts in self._alone.values():
            for at, name in starts:
                found[name].append(at)
        return found

    @property
    def _receivers(self) -> AbstractSet[str]:
        """The names of the object whose method it is: nobody means another."""
        return self.parsed.language.reader.syntax.receivers

    def _before(self, node: Node, *, is_called: bool) -> list[str]:
        """The names in the same role that the function around reads or binds before, the nearest first."""
        targets, uses = list(_targets(node)), self._alone[is_called]
        first = bisect_left(uses, (_scope(node, self.parsed)[0], ""))
        last = bisect_left(uses, (node.start_byte, ""))
        return [
            name
            for start, name in reversed(uses[first:last])
            if not any(from_ <= start < to for from_, to in targets)
        ]

    @cached_property
    def _alone(self) -> Mapping[bool, list[tuple[int, str]]]:
        """Where names stand that are read from nothing, called (True) or not."""
        found: dict[bool, list[tuple[int, str]]] = {True: [], False: []}
        for node in self._names:
            if self.receiver(node) is None:
                found[self.is_called(node)].append((node.start_byte, text_of(node)))
        return found

    @cached_property
    def _names(self) -> Sequence[Node]:
        """Every name but those of types, and labels of arguments and the like, in the order of the text."""
        labels = self._labels
        kept = (node for node in self._every if node.start_byte not in labels and not _is_type(node))
        return sorted(kept, key=lambda node: node.start_byte)

    @cached_property
    def _every(self) -> Sequence[Node]:
        captures = self.parsed.captures("references", self.within)
        start, end = self.within
        found = (*captures.get("name", ()), *captures.get("member", ()))
        return [node for node in found if start <= node.start_byte < end]

    @cached_property
    def _members(self) -> Mapping[tuple[str, bool], list[str]]:
        """The members that are read from each receiver, called or not."""
        found: dict[tuple[str, bool], dict[str, None]] = defaultdict(dict)
        for node in self._names:
            if (receiver := self.receiver(node)) is not None:
                found[receiver, self.is_called(node)][text_of(node)] = None
        return {key: list(names) for key, names in found.items()}

    @cached_property
    def _called(self) -> AbstractSet[int]:
        return {node.start_byte for node in self.parsed.captures("sites", self.within).get("called", ())}

    @cached_property
    def _bound(self) -> AbstractSet[int]:
        """Where names are bound: to read others there makes no sense."""
        captures = self._roles
        matches = self.parsed.matches("locals", self.within)
        declared = (node for match in matches for node in match.get("name", ()))
        return {node.start_byte for node in (*captures.get("bound", ()), *declared)}

    @cached_property
    def _labels(self) -> AbstractSet[int]:
        """Where names are no values: those of arguments, and of definitions."""
        captures, reader = self._roles, self.parsed.language.reader
        matches = self.parsed.matches("definitions", self.within)
        definitions = (node for match in matches for node in match.get("name", ()))
        labels = {node.start_byte for node in captures.get("label", ()) if self.receiver(node) is None}
        named = {node.start_byte for node in definitions}
        fields = defaultdict[str, list[str]](list)
        for kind, field in reader.syntax.labels:
            fields[kind].append(field)
        for node in self._every:
            parent = node.parent
            if parent and any(
                not field or parent.child_by_field_name(field) == node
                for field in fields.get(parent.type, ())
            ):
                labels.add(node.start_byte)
        return labels | named

    @cached_property
    def _roles(self) -> Mapping[str, list[Node]]:
        is_python = self.parsed.language.id == "python"  # the only one with a query for this
        return self.parsed.captures("bindings", self.within) if is_python else {}


def _scope(node: Node, parsed: Parsed) -> tuple[int, int]:
    """The bytes of the outermost function around a name; outside of functions, some before it."""
    functions, found = parsed.language.reader.syntax.functions, None
    around = node.parent
    while around:
        if around.type in functions:
            found = around.byte_range
        around = around.parent
    return found or (max(0, node.start_byte - N_BYTES_BEFORE), node.end_byte)


def _beside(node: Node) -> Iterator[Node]:
    """What is combined with a name: the other operands, the arguments next to it."""
    parent = node.parent
    if parent and _COMBINED.search(parent.type):
        yield from (child for child in parent.named_children if child != node)


def _targets(node: Node) -> Iterator[tuple[int, int]]:
    """The bytes of what is only bound by the assignments and loops whose value ``node`` is in."""
    inner, around = node, node.parent
    while around:
        left = next(filter(None, map(around.child_by_field_name, ("left", "name", "pattern"))), None)
        if left and left != inner and not _BODY.search(inner.type):
            yield left.byte_range
        inner, around = around, around.parent
        if inner.type.endswith(("_statement", "block")) and not inner.type.startswith("for"):
            return


def _is_type(node: Node) -> bool:
    if node.type in {"type_identifier", "this", "super", "self", "crate"}:
        return True
    around = node.parent
    while around and around.type not in {"block", "module", "argument_list"}:
        if around.type in {"type", "type_annotation", "type_arguments"}:
            return True
        around = around.parent
    return False


def _shape(name: str) -> str:
    """How a name is written: constants, types and other names are not taken for each other."""
    bare = name.strip("_")
    return "upper" if bare.isupper() and len(bare) > 1 else "title" if bare[:1].isupper() else "lower"
