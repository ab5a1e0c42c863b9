"""Open documents: read once as a whole, and where someone types inside a function, only that function again.

What a request needs of the rest of a document (its outline, which names it reads) does not change while a
function's body is edited, and a whole parse of a long file takes longer than all else together.
"""

from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from functools import cached_property

from attrs import define, evolve, field, frozen
from tree_sitter import Node

from codenook.context.line import PLACEHOLDER, Line
from codenook.context.outline import Definition, Import, Outline
from codenook.context.parse import Language, Parsed, encode, parse
from codenook.context.reading import Chain, Reading, Reference
from codenook.context.resolve import View

_N_DOCUMENTS_HELD = 32


@frozen(eq=False)
class Place:
    """A cursor in a document, and what the code around it reads.

    ``view`` is the document's outline; ``owner`` the class around the cursor and ``function`` the outermost
    function in it (symbols, empty for none); ``near`` are the chains in that function, or in the statement at
    file level, and ``locals`` what its names stand for; ``others`` is what the rest of the document reads, function
    by function. ``row`` is where the function or statement begins, counted from 0.
    ``line`` is the text of the cursor's line; from ``body_start`` on (as `Reference.start` counts) the function's
    body goes.
    """

    view: View
    owner: str
    function: str
    near: Sequence[Reference]
    locals: Mapping[str, Chain]
    others: Sequence[Reading]
    row: int
    line: str
    body_start: int
    source: str = field(repr=False)
    """The text of the function or statement around the cursor."""


@frozen(eq=False)
class _Chunk:
    """What one node at file level says. Lines count from the node's first one."""

    definitions: Sequence[Definition]
    imports: Sequence[Import]
    readings: Sequence[Reading]
    words: Counter[str]


@define(eq=False)
class _Reading:
    """A document as it was read the last time as a whole; ``source`` has a placeholder at the cursor."""

    language: Language
    path: str
    parsed: Parsed
    before: "_Reading | None"
    chunks: dict[tuple[str, bytes], _Chunk] = field(factory=dict, init=False)

    @cached_property
    def nodes(self) -> Sequence[Node]:
        return self.parsed.root.children

    @cached_property
    def _keys(self) -> Mapping[int, tuple[str, bytes]]:
        """What each node at file level is, and its text with the comments above it, by its id."""
        keys, end = {}, 0
        for node in self.nodes:
            keys[node.id] = (node.type, self.parsed.source[end : node.end_byte])
            end = end if self.language.reader.leads(node) else node.end_byte
        return keys

    def chunk(self, node: Node) -> _Chunk:
        """What a node at file level says; what an earlier reading knew of the same text is used again."""
        key = self._keys[node.id]
        known = self.chunks.get(key)
        if known is None:
            known = self.before.chunks.get(key) if self.before and not node.has_error else None
            self.chunks[key] = known = known or self._chunk(node)
        return known

    def _chunk(self, node: Node) -> _Chunk:
        reader, within = self.language.reader, node.byte_range
        first = node.start_point.row
        readings = reader.readings(self.parsed, node)
        return _Chunk(
            [_moved(definition, -first) for definition in reader.definitions(self.parsed, within)],
            list(reader.imports(self.parsed, within)),
            [evolve(reading, row=reading.row - first) for reading in readings],
            Counter(
                step
                for reading in readings
                for chain, n in reading.chains.items()
                for step in chain
                for _ in range(n)
            ),
        )

    @cached_property
    def view(self) -> View:
        chunks = [(node.start_point.row, self.chunk(node)) for node in self.nodes]
        words: Counter[str] = Counter()
        for _, chunk in chunks:
            words.update(chunk.words)
        self.before = None  # its chunks have served
        return View(
            self.path,
            Outline(
                language=self.language.id,
                definitions=tuple(_moved(d, row) for row, chunk in chunks for d in chunk.definitions),
                imports=tuple(statement for _, chunk in chunks for statement in chunk.imports),
                occurrences=words,
                package=self.language.reader.package(self.parsed),
            ),
        )

    def place(self, line: Line, parsed: Parsed, start: int, end: int, cursor: int) -> Place:
        """The place of a cursor; ``start`` to ``end`` are the bytes of its surroundings in ``parsed``."""
        raise NotImplementedError


@define(eq=False)
class Documents:
    """The documents that are being worked on; one thread at a time."""

    _readings: OrderedDict[str, _Reading] = field(factory=OrderedDict, init=False)

    def read(self, language: Language, path: str, text: str) -> View:
        """The outline of a document while no cursor is known."""
        return self._whole(language, path, encode(text)).view

    def place(self, language: Language, path: str, text: str, offset: int) -> Place:
        """Where the cursor at ``offset`` (code points) of the document ``text`` stands.

        The word that touches it has no influence.
        """
        line = Line.at(text, offset)
        above = encode(line.before)
        source = above + encode(PLACEHOLDER + line.after)
        cursor = len(above)
        held = self._readings.get(path)
        if held is not None and held.language is language:
            self._readings.move_to_end(path)
            if place := _inside_function(held, line, source, cursor):
                return place
        reading = self._whole(language, path, source)
        return _inside_function(reading, line, source, cursor) or _at_file_level(reading, line, cursor)

    def forget(self, path: str) -> None:
        """Let go of a document that was closed."""
        self._readings.pop(path, None)

    def _whole(self, language: Language, path: str, source: bytes) -> _Reading:
        before = self._readings.pop(path, None)
        if before is not None and (before.language is not language or before.parsed.source == source):
            before = before if before.language is language else None
        parsed = parse(language, source, before.parsed if before else None)
        reading = before if before and parsed is before.parsed else _Reading(language, path, parsed, before)
        self._readings[path] = reading
        while len(self._readings) > _N_DOCUMENTS_HELD:
            self._readings.popitem(last=False)
        return reading


def _inside_function(reading: _Reading, line: Line, source: bytes, cursor: int) -> Place | None:
    """The place, when all that differs from ``reading`` is in the body of the function around the cursor."""
    old, language = reading.parsed.source, reading.language
    same_before = _common_prefix(old, source)
    same_after = min(_common_prefix(old[::-1], source[::-1]), min(len(old), len(source)) - same_before)
    grown = len(source) - len(old)
    first, last = cursor, cursor - grown
    if source != old:
        first, last = min(same_before, first), max(len(old) - same_after, last)
    top = _at(reading.nodes, first, last)
    found = _function_around(language, top, first, last) if top else None
    if top is None or found is None:
        return None
    node, owner = found
    body = node.child_by_field_name("body") or node
    start = old.rfind(b"\n", 0, node.start_byte) + 1
    indent = node.start_byte - start
    if old[start : node.start_byte].strip():
        start, indent = node.start_byte, 0
    code = source[start : node.end_byte + grown].decode("utf-8", "replace")
    head, tail = language.reader.stand_in(code, indent)
    excerpt = parse(language, encode(head + code + tail))
    shift = len(encode(head)) - start
    within = (len(encode(head)), len(excerpt.source) - len(encode(tail)))
    name = language.reader.function_name(node)
    return Place(
        view=reading.view,
        owner=owner,
        function=f"{owner}.{name}" if owner and name else name,
        near=language.reader.references(excerpt, within, cursor + shift),
        locals=language.reader.locals(excerpt, within),
        others=[other for other in _others(reading) if other.row != node.start_point.row],
        row=node.start_point.row,
        line=line.left + line.right,
        body_start=body.start_byte + shift,
        source=code,
    )


def _at_file_level(reading: _Reading, line: Line, cursor: int) -> Place:
    reader = reading.language.reader
    node = _at(reading.nodes, cursor, cursor)
    within = node.byte_range if node else (cursor, cursor + 1)
    near = reader.references(reading.parsed, within, cursor)
    row = node.start_point.row if node else 0
    around = _class_around(reading.language, node, cursor) if node else ""
    return Place(
        view=reading.view,
        owner=around,
        function="",
        near=near,
        locals=reader.locals(reading.parsed, within),
        others=[other for other in _others(reading) if other.row != row],
        row=row,
        line=line.left + line.right,
        body_start=within[0],
        source=reading.parsed.source[within[0] : within[1]].decode("utf-8", "replace"),
    )


def _others(reading: _Reading) -> list[Reading]:
    found = []
    for node in reading.nodes:
        row = node.start_point.row
        found += [evolve(known, row=known.row + row) for known in reading.chunk(node).readings]
    return found


def _function_around(language: Language, top: Node, first: int, last: int) -> tuple[Node, str] | None:
    """The outermost function whose body holds these bytes, and the class that it is in."""
    syntax = language.reader.syntax
    owners: list[str] = []
    node: Node | None = top
    while node:
        if node.type in syntax.functions:
            body = node.child_by_field_name("body")
            inside = body is not None and body.start_byte <= first and last <= body.end_byte
            return (node, language.reader.owner(node) or ".".join(owners)) if inside else None
        if node.type in syntax.classes and (name := language.reader.class_name(node)):
            owners = [name] if language.reader.is_flat(node) else [*owners, name]
        node = _at(node.children, first, last)
    return None


def _class_around(language: Language, top: Node, cursor: int) -> str:
    owners: list[str] = []
    node: Node | None = top
    while node:
        if node.type in language.reader.syntax.classes and (name := language.reader.class_name(node)):
            owners = [name] if language.reader.is_flat(node) else [*owners, name]
        node = _at(node.children, cursor, cursor)
    return ".".join(owners)


def _at(nodes: Sequence[Node], first: int, last: int) -> Node | None:
    """The node that holds these bytes; one may end where the last of them stands."""
    holding = (node for node in nodes if node.start_byte <= first and last <= node.end_byte)
    return max(holding, key=lambda node: node.end_byte - node.start_byte, default=None)


def _moved(definition: Definition, rows: int) -> Definition:
    if not rows:
        return definition
    return evolve(definition, start_line=definition.start_line + rows, end_line=definition.end_line + rows)


def _common_prefix(left: bytes, right: bytes) -> int:
    same, limit = 0, min(len(left), len(right))
    while same < limit:
        middle = (same + limit + 1) // 2
        if left[same:middle] == right[same:middle]:
            same = middle
        else:
            limit = middle - 1
    return same
