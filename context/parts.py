"""A document in parts: its outermost functions and what stands between them, each read once for one text.

Between two readings of a document most parts are the same; what these say is not asked of the parser again.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from attrs import define, evolve, field, frozen
from tree_sitter import Node

from codenook.context.outline import Definition, Import, Outline
from codenook.context.parse import Language, Parsed
from codenook.context.reading import Usage
from codenook.context.resolve import View

_MAX_WRAPPERS = 3
"""Nodes between a function and the class or file that it belongs to: bodies, decorators, namespaces."""


@frozen(eq=False)
class Part:
    """The bytes ``start`` to ``end``: an outermost function of several lines, or what stands before one.

    ``owner`` is the class around a function (its symbol, empty for none), or the classes around the functions
    above and below; then there is no ``node``.
    """

    start: int
    end: int
    row: int
    owner: str = ""
    node: Node | None = None


@frozen(eq=False)
class Chunk:
    """What a part says. Lines are 0-based rows plus one, counted from the part's first row."""

    definitions: Sequence[Definition] = ()
    imports: Sequence[Import] = ()
    usage: Usage = field(factory=Usage)

    @cached_property
    def words(self) -> Counter[str]:
        """How often it reads each name."""
        words: Counter[str] = Counter()
        for steps, n in self.usage.chains.items():
            for step in steps:
                words[step] += n
        return words


@define(eq=False)
class Rest:
    """What a document says outside of one function; ``last_line`` is the function's, 0 for no function."""

    path: str
    outline: Outline
    usages: Sequence[Usage]
    last_line: int
    _known: tuple[object, View] | None = field(default=None, init=False)

    def view(self, language: Language, own: Chunk, n_lines: int) -> View:
        """The document's outline with what the function says now that it is ``n_lines`` longer.

        The same object as before where that is the same.
        """
        key = (own.definitions, own.imports, n_lines)
        if self._known is None or self._known[0] != key:
            around = (_grown(definition, self.last_line, n_lines) for definition in self.outline.definitions)
            definitions = sorted([*around, *own.definitions], key=lambda d: (d.start_line, d.end_line))
            outline = evolve(
                self.outline,
                definitions=tuple(language.reader.settled(definitions)),
                imports=(*own.imports, *self.outline.imports),
            )
            self._known = (key, View(self.path, outline))
        return self._known[1]


@define(eq=False)
class Reading:
    """A document that was parsed as a whole; ``before`` is an earlier reading, and neither has errors.

    What a part of a document with errors says depends on the rest, and isn't used again.
    """

    path: str
    parsed: Parsed
    before: "Reading | None" = None
    _chunks: dict[tuple[str, bytes, bytes], Chunk] = field(factory=dict, init=False)
    _rests: dict[int, Rest] = field(factory=dict, init=False)

    @cached_property
    def parts(self) -> Sequence[Part]:
        """Functions and what stands between them in turn, from the first byte to the last."""
        found, end, row, above = [], 0, 0, ""
        for node, owner in _functions(self.parsed.language, self.parsed.root, "", _MAX_WRAPPERS):
            function = Part(node.start_byte, node.end_byte, node.start_point.row, owner, node)
            found += [Part(end, function.start, row, f"{above} {owner}"), function]
            end, row, above = function.end, node.end_point.row, owner
        return [*found, Part(end, len(self.parsed.source), row, above)]

    def function(self, first: int, last: int) -> Part | None:
        """The function whose body holds these bytes."""
        for part in self.parts:
            if part.node and part.start <= first and last <= part.end:
                body = part.node.child_by_field_name("body")
                return part if body and body.start_byte <= first and last <= body.end_byte else None
        return None

    def without(self, function: Part | None) -> Rest:
        """What the document says outside of ``function``."""
        place = function.start if function else -1
        if place not in self._rests:
            self._rests[place] = self._rest(function)
        return self._rests[place]

    def _rest(self, function: Part | None) -> Rest:
        chunks = [
            chunk for part, chunk in zip(self.parts, self._in_place, strict=True) if part is not function
        ]
        outline = Outline(
            language=self.parsed.language.id,
            definitions=tuple(definition for chunk in chunks for definition in chunk.definitions),
            imports=tuple(statement for chunk in chunks for statement in chunk.imports),
            occurrences=self._words_without(function),
            package=self.parsed.language.reader.package(self.parsed),
        )
        last_line = function.node.end_point.row + 1 if function and function.node else 0
        usages = [chunk.usage for chunk in chunks if chunk.usage.chains]
        return Rest(self.path, outline, usages, last_line)

    @cached_property
    def _in_place(self) -> Sequence[Chunk]:
        """What each part says, at the lines where it stands."""
        chunks = [_placed(self._chunk(number), part.row) for number, part in enumerate(self.parts)]
        self.before = None  # every chunk that it has in common with this one is known now
        return chunks

    @cached_property
    def _words(self) -> Counter[str]:
        words: Counter[str] = Counter()
        for chunk in self._in_place:
            words.update(chunk.words)
        return words

    def _words_without(self, function: Part | None) -> Counter[str]:
        words = self._words.copy()
        own = self._in_place[self.parts.index(function)].words if function else Counter[str]()
        for word, n in own.items():
            words[word] -= n
            if not words[word]:
                del words[word]
        return words

    def _chunk(self, number: int) -> Chunk:
        """What a part says; decorators and comments of a function are in the part before it."""
        part, source = self.parts[number], self.parsed.source
        above = self.parts[number - 1].start if part.node else part.start
        key = (part.owner, source[above : part.start], source[part.start : part.end])
        before = self.before._chunks if self.before else {}  # noqa: SLF001 - one of its kind
        chunk = self._chunks.get(key) or before.get(key)
        if chunk is None:
            chunk = said(
                self.parsed, (part.start, part.end), -part.row, part.node, part.owner if part.node else ""
            )
            if part.node is None and chunk.definitions and self._goes_on(number):
                return chunk
        self._chunks[key] = chunk
        return chunk

    def _goes_on(self, number: int) -> bool:
        """Whether something begins between two functions that ends after the second one has begun."""
        function = self.parts[number + 1].node if number + 1 < len(self.parts) else None
        around = function.parent if function else None
        while around and around.parent and around.start_byte < self.parts[number].start:
            around = around.parent
        return around is not None and around.parent is not None


def said(
    parsed: Parsed, within: tuple[int, int], n_lines: int, function: Node | None = None, owner: str = ""
) -> Chunk:
    """What the code ``within`` these bytes says, a ``function`` or none, its lines moved by ``n_lines``."""
    reader = parsed.language.reader
    usage = reader.usage(parsed, within, function, owner)
    return Chunk(
        [moved(definition, n_lines) for definition in reader.every_definition(parsed, within)],
        list(reader.imports(parsed, within)),
        evolve(usage, row=usage.row + n_lines),
    )


def _placed(chunk: Chunk, row: int) -> Chunk:
    """The same at the lines of the document, where the part begins at ``row``."""
    definitions = [moved(definition, row) for definition in chunk.definitions]
    return Chunk(definitions, chunk.imports, evolve(chunk.usage, row=chunk.usage.row + row))


def moved(definition: Definition, n_lines: int) -> Definition:
    """The definition further down."""
    if not n_lines:
        return definition
    start, end = definition.start_line + n_lines, definition.end_line + n_lines
    return evolve(definition, start_line=start, end_line=end)


def _grown(definition: Definition, line: int, n_lines: int) -> Definition:
    """The definition once ``n_lines`` more are above ``line``."""
    if not n_lines or definition.end_line < line:
        return definition
    start = definition.start_line + (n_lines if definition.start_line > line else 0)
    return evolve(definition, start_line=start, end_line=definition.end_line + n_lines)


def _functions(language: Language, node: Node, owner: str, n_wrappers: int) -> Iterator[tuple[Node, str]]:
    """The outermost functions below ``node`` in the text's order, each with the class around it."""
    syntax = language.reader.syntax
    for child in node.children:
        if child.type in syntax.functions and child.start_point.row < child.end_point.row:
            yield child, language.reader.owner(child) or owner
        elif child.type in syntax.classes:
            yield from _functions(language, child, class_around(language, child, owner), _MAX_WRAPPERS)
        elif n_wrappers and child.is_named:
            yield from _functions(language, child, owner, n_wrappers - 1)


def class_around(language: Language, node: Node, owner: str) -> str:
    """The class that members of the class ``node`` belong to, which stands in the class ``owner``."""
    name = language.reader.class_name(node)
    if not name:
        return owner
    return f"{owner}.{name}" if owner and not language.reader.is_flat(node) else name
