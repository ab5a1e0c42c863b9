"""Open documents: read once as a whole, and where someone types inside a function, only that function again.

What stands outside of a function does not change while its body is edited, as long as the function parses by
itself; and a line that is being typed, which seldom parses, is left out where the rest is read.
"""

from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast

from attrs import define, evolve, field, frozen
from tree_sitter import Node

from codenook.context.line import PLACEHOLDER, Line
from codenook.context.outline import Definition, Kind
from codenook.context.parse import Language, Parsed, common_prefix, encode, parse, parse_difference
from codenook.context.parts import Chunk, Part, Reading, class_around, moved
from codenook.context.reading import Chain, Reference, Usage
from codenook.context.resolve import View

_N_DOCUMENTS_HELD = 32
_STAND_IN = "_"
"""What readers call the class that stands in for the one around a function."""


@frozen(eq=False)
class Place:
    """A cursor in a document, and what the code around it reads.

    ``view`` is the document's outline; ``owner`` the class around the cursor and ``function`` the outermost
    function in it (symbols, empty for none); ``near`` are the chains in that function, or in the statement at
    file or class level, and ``locals`` what its names stand for; ``others`` is what the rest of the document
    reads, function by function, and ``row`` where the one around the cursor begins (from 0). ``line`` is the
    text of the cursor's line; the function's body is behind ``body_start``, as `Reference.start` counts.

    ``view`` and ``others`` are of the document without the cursor's line, or with it where only that parses.
    The function around the cursor has its definitions and imports in ``view``, but not its words.
    """

    view: View
    owner: str
    function: str
    near: Sequence[Reference]
    locals: Mapping[str, Chain]
    others: Sequence[Usage]
    row: int
    line: str
    body_start: int
    source: str = field(repr=False)
    """The text of the function or statement around the cursor."""


@frozen
class _Text:
    """A document with a placeholder at ``cursor`` (bytes)."""

    source: bytes
    cursor: int

    @classmethod
    def at(cls, line: Line) -> "_Text":
        """The document without the word at the cursor."""
        above = encode(line.before)
        return cls(above + encode(PLACEHOLDER + line.after), len(above))

    @classmethod
    def without(cls, line: Line, end: str) -> "_Text":
        """The document without the cursor's line; ``end`` is what ends a statement."""
        indent = line.left[: len(line.left) - len(line.left.lstrip())]
        above = encode(line.above + indent)
        return cls(above + encode(PLACEHOLDER + end + line.below), len(above))


@frozen(eq=False)
class _Frame:
    """A text that was read, or that differs from what was read in the body of ``function`` alone."""

    reading: Reading
    text: _Text
    function: Part | None

    @cached_property
    def own(self) -> Chunk:
        """What the function says in this text."""
        return self.function_in(self.text).said()

    def function_in(self, text: _Text) -> "_Excerpt":
        """The function in a text that differs from this one in its body alone."""
        function, grown = cast("Part", self.function), len(text.source) - len(self.reading.parsed.source)
        return _Excerpt.of(
            self.reading.parsed.language, text, (function.start, function.end + grown), function
        )


@frozen(eq=False)
class _Excerpt:
    """A part of a text, parsed by itself within something that stands in for the class around."""

    parsed: Parsed
    function: Part | None
    code: str
    start: int
    end: int
    shift: int
    first_line: int

    @classmethod
    def of(
        cls, language: Language, text: _Text, within: tuple[int, int], function: Part | None
    ) -> "_Excerpt":
        """The bytes ``within`` of ``text``: ``function``, or a statement."""
        source, (start, end) = text.source, within
        line_start = source.rfind(b"\n", 0, start) + 1
        if source[line_start:start].strip():
            line_start = start
        code = source[line_start:end].decode("utf-8", "replace")
        head, tail = map(encode, language.reader.stand_in(code, start - line_start))
        return cls(
            parse(language, head + encode(code) + tail),
            function,
            code,
            start=len(head) + start - line_start,
            end=len(head) + end - line_start,
            shift=len(head) - line_start,
            first_line=source.count(b"\n", 0, start) - head.count(b"\n"),
        )

    @property
    def body_start(self) -> int:
        """Where the header of the function ends, which is the same as when it was read."""
        body = (
            self.function.node.child_by_field_name("body") if self.function and self.function.node else None
        )
        before = body.prev_sibling if body else None
        return before.end_byte + self.shift if before else self.start

    def is_whole(self, cursor: int) -> bool:
        """Whether this is one function without errors, its body around the ``cursor`` of the text."""
        if self.function is None or self.function.node is None or self.parsed.root.has_error:
            return False
        node = self.parsed.root.descendant_for_byte_range(self.start, self.end)
        while node and node.type != self.function.node.type and node.parent:
            node = node.parent
        if (
            node is None
            or node.byte_range != (self.start, self.end)
            or node.start_point.row == node.end_point.row
        ):
            return False
        body = node.child_by_field_name("body")
        return body is not None and body.start_byte <= cursor + self.shift <= body.end_byte

    def said(self) -> Chunk:
        """The definitions and imports of the function, at their lines in the document."""
        reader, within = self.parsed.language.reader, (self.start, self.end)
        owner = self.function.owner if self.function else ""
        definitions = (
            _belonging_to(owner, definition) if definition.parent == _STAND_IN else definition
            for definition in reader.every_definition(self.parsed, within)
        )
        return Chunk(
            [moved(definition, self.first_line) for definition in definitions],
            list(reader.imports(self.parsed, within)),
        )


@define(eq=False)
class _Held:
    """What is known of one document: its last reading without errors, its last with some, its last line."""

    language: Language
    path: str
    clean: Reading | None = None
    broken: Reading | None = None
    without_line: tuple[bytes, _Frame | None] = (b"", None)

    def frame(self, text: _Text, without: _Text) -> _Frame:
        """The document without the cursor's line, if that parses and has a function there; else with it.

        Where neither parses, it is the one without the line.
        """
        if self.without_line[0] != without.source:
            frame = self._clean(without)
            self.without_line = (without.source, frame if frame and frame.function else None)
        return self.without_line[1] or self._clean(text) or _frame(self.whole(without.source), without)

    def whole(self, source: bytes) -> Reading:
        """The document, parsed as a whole where it has to be."""
        for held in (self.clean, self.broken):
            if held and held.parsed.source == source:
                return held
        return self._keep(parse(self.language, source, self.clean.parsed if self.clean else None))

    def _clean(self, text: _Text) -> _Frame | None:
        """The frame of a text that has no errors."""
        if self.clean is not None and (frame := _in_function(self.clean, text)):
            return frame
        before = self.clean.parsed if self.clean else None
        parsed = parse_difference(self.language, text.source, before)
        return None if parsed.root.has_error else _frame(self._keep(parsed), text)

    def _keep(self, parsed: Parsed) -> Reading:
        if parsed.root.has_error:
            self.broken = Reading(self.path, parsed)
            return self.broken
        unasked = self.clean and self.clean.before
        self.clean = Reading(self.path, parsed, unasked or self.clean)
        return self.clean


@define(eq=False)
class Documents:
    """The documents that are being worked on; one thread at a time."""

    _held: OrderedDict[str, _Held] = field(factory=OrderedDict, init=False)

    def read(self, language: Language, path: str, text: str) -> View:
        """The outline of a document while no cursor is known."""
        return self.whole(language, path, text).view

    def whole(self, language: Language, path: str, text: str) -> Place:
        """A document while no cursor is known, as a place that is in none of its functions."""
        rest = self._document(language, path).whole(encode(text)).without(None)
        return Place(
            view=rest.view(language, Chunk(), 0),
            owner="",
            function="",
            near=(),
            locals={},
            others=rest.usages,
            row=0,
            line="",
            body_start=0,
            source="",
        )

    def place(self, language: Language, path: str, text: str, offset: int) -> Place:
        """Where the cursor at ``offset`` (code points) of the document ``text`` stands.

        The word that touches it has no influence.
        """
        line = Line.at(text, offset)
        source = _Text.at(line)
        frame = self._document(language, path).frame(
            source, _Text.without(line, language.reader.statement_end)
        )
        return _in_body(frame, line, source) if frame.function else _in_statement(frame, line, source)

    def forget(self, path: str) -> None:
        """Let go of a document that was closed."""
        self._held.pop(path, None)

    def _document(self, language: Language, path: str) -> _Held:
        held = self._held.pop(path, None)
        if held is None or held.language is not language:
            held = _Held(language, path)
        self._held[path] = held
        if len(self._held) > _N_DOCUMENTS_HELD:
            self._held.popitem(last=False)
        return held


def _frame(reading: Reading, text: _Text) -> _Frame:
    """The frame of a text that was read as a whole."""
    return _Frame(reading, text, reading.function(text.cursor, text.cursor))


def _in_function(reading: Reading, text: _Text) -> _Frame | None:
    """The frame, when ``text`` differs from ``reading`` in the body of a function that parses by itself."""
    old, new = reading.parsed.source, text.source
    if old == new:
        return _frame(reading, text)
    same_before = common_prefix(old, new)
    same_after = min(common_prefix(old[::-1], new[::-1]), min(len(old), len(new)) - same_before)
    first = min(same_before, text.cursor)
    last = max(len(old) - same_after, text.cursor + len(old) - len(new))
    frame = _Frame(reading, text, reading.function(first, last))
    return frame if frame.function and frame.function_in(text).is_whole(text.cursor) else None


def _in_body(frame: _Frame, line: Line, text: _Text) -> Place:
    function, language = cast("Part", frame.function), frame.reading.parsed.language
    excerpt = frame.function_in(text)
    own = excerpt.said() if excerpt.is_whole(text.cursor) else frame.own
    n_lines = frame.text.source.count(b"\n") - frame.reading.parsed.source.count(b"\n")
    rest, within = frame.reading.without(function), (excerpt.start, excerpt.end)
    name = language.reader.function_name(function.node) if function.node else ""
    return Place(
        view=rest.view(language, own, n_lines),
        owner=function.owner,
        function=f"{function.owner}.{name}" if function.owner and name else name,
        near=language.reader.references(excerpt.parsed, within, text.cursor + excerpt.shift),
        locals=language.reader.locals(excerpt.parsed, within),
        others=rest.usages,
        row=function.row,
        line=line.left + line.right,
        body_start=excerpt.body_start,
        source=excerpt.code,
    )


def _in_statement(frame: _Frame, line: Line, text: _Text) -> Place:
    reading, language = frame.reading, frame.reading.parsed.language
    (start, end), owner = _statement(reading.parsed, frame.text.cursor)
    parsed, within, cursor = reading.parsed, (start, end), text.cursor
    code = text.source[start : end + len(text.source) - len(frame.text.source)].decode("utf-8", "replace")
    if text != frame.text:
        excerpt = _Excerpt.of(language, text, (start, end + len(text.source) - len(frame.text.source)), None)
        parsed, within, cursor = excerpt.parsed, (excerpt.start, excerpt.end), text.cursor + excerpt.shift
    rest = reading.without(None)
    own = Counter(reference.chain for reference in language.reader.references(reading.parsed, (start, end)))
    return Place(
        view=rest.view(language, Chunk(), 0),
        owner=owner,
        function="",
        near=language.reader.references(parsed, within, cursor),
        locals=language.reader.locals(parsed, within),
        others=[u if u.name else evolve(u, chains=u.chains - own) for u in rest.usages],
        row=reading.parsed.source.count(b"\n", 0, start),
        line=line.left + line.right,
        body_start=within[0],
        source=code,
    )


def _statement(parsed: Parsed, cursor: int) -> tuple[tuple[int, int], str]:
    """The bytes of the statement at file or class level around ``cursor``, and the class that it is in.

    Of a class that has the cursor in its header that is the header.
    """
    language, owner, level = parsed.language, "", parsed.root
    while True:
        around = list(_around(level, cursor))
        class_ = next((node for node in around if node.type in language.reader.syntax.classes), None)
        if class_ is None:
            return around[0].byte_range if around else (cursor, cursor + 1), owner
        owner, body = class_around(language, class_, owner), class_.child_by_field_name("body")
        if body is None or cursor < body.start_byte:
            return (around[0].start_byte, body.start_byte if body else class_.end_byte), owner
        if body.end_byte < cursor:
            return (cursor, cursor + 1), owner
        level = body


def _around(node: Node, cursor: int) -> Iterator[Node]:
    """The nodes below ``node`` that hold the cursor, the outermost first."""
    while holding := [child for child in node.children if child.start_byte <= cursor <= child.end_byte]:
        node = max(holding, key=lambda child: child.end_byte - child.start_byte)
        yield node


def _belonging_to(owner: str, definition: Definition) -> Definition:
    """A definition that was read in a class that stands in for ``owner``, which is empty at file level."""
    name, kind = definition.name, definition.kind
    if owner:
        return evolve(definition, parent=owner, symbol=f"{owner}.{name}")
    return evolve(definition, parent="", symbol=name, kind=Kind.FUNCTION if kind is Kind.METHOD else kind)
