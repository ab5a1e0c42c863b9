"""What of a file is translated: its functions and methods, and in which order."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from attrs import frozen
from tree_sitter import Node

from codenook.context.outline import Definition, Kind
from codenook.context.parse import Language, Parsed, encode, parse
from codenook.server.reasons import Reason
from codenook.server.translation.languages.language import Reading
from codenook.server.translation.languages.titles import base_of
from codenook.server.translation.signature import Signature

_CALLED = {Kind.FUNCTION, Kind.METHOD}
_CLASSES = {Kind.CLASS, Kind.INTERFACE}
_CONSTRUCTORS = {"__init__", "constructor", "new"}


class NotAimed(Exception):
    """Nothing here can be translated; the message is one line for a person."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@frozen
class Piece:
    """A function or method that is translated: its text, and the symbols of the pieces that it reads."""

    definition: Definition
    signature: Signature
    source: str
    reads: tuple[str, ...] = ()

    @property
    def symbol(self) -> str:
        """The qualified name in the file."""
        return self.definition.symbol


@frozen
class Pieces:
    """Functions in the order of the file, and the symbols of the classes and constants that they need.

    ``language`` is the file's.
    """

    language: str
    functions: tuple[Piece, ...]
    others: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    """The names of the classes among them."""

    def in_order(self) -> tuple[Piece, ...]:
        """The functions, each after those that it reads as far as that can be."""
        by_symbol = {each.symbol: each for each in self.functions}
        graph = {each.symbol: [name for name in each.reads if name in by_symbol] for each in self.functions}
        return tuple(by_symbol[symbol] for symbol in _sorted(graph))


def pieces(text: str, language: Language, reading: Reading, symbol: str) -> Pieces:
    """The pieces that ``symbol`` of a file means (empty: all of it); raises NotAimed.

    A function means itself and what it reads of the file, so that the translation stands for itself.
    """
    parsed = parse(language, encode(text))
    known = language.reader.definitions(parsed)
    found = [
        Piece(each, signature, _lines(parsed, each))
        for each in known
        if each.kind in _CALLED and (signature := reading.signature(text, each)) is not None
    ]
    found = [Piece(p.definition, p.signature, p.source, _reads(p, found, parsed)) for p in found]
    wanted = found if not symbol else _wanted(symbol, known, found)
    if not wanted:
        raise NotAimed(Reason.NOT_TRANSLATABLE, "there is no function or method in it")
    others = [each for each in known if each.kind in {*_CLASSES, Kind.CONSTANT}]
    if symbol:
        names = {name for each in wanted for name in _names(parsed.root, *_span(parsed, each.definition))}
        around = {each.definition.parent for each in wanted} | {symbol}
        others = [each for each in others if each.symbol in around or each.name in names]
    classes = frozenset(each.name for each in others if each.kind in _CLASSES)
    symbols = frozenset(each.symbol for each in others)
    return Pieces(base_of(language.id), tuple(wanted), symbols, classes)


def _wanted(symbol: str, known: Sequence[Definition], found: Sequence[Piece]) -> list[Piece]:
    """What is meant by a symbol, with all that it reads, in the order of the file."""
    meant = next((each for each in known if each.symbol == symbol), None)
    if meant is None:
        near = difflib.get_close_matches(symbol, [each.symbol for each in known], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise NotAimed(Reason.NO_DEFINITION, f"the file defines no {symbol}{hint}")
    if meant.kind in _CLASSES:
        begun = [each.symbol for each in found if each.definition.parent == symbol]
    else:
        begun = [each.symbol for each in found if each.symbol == symbol]
    if not begun:
        raise NotAimed(Reason.NOT_TRANSLATABLE, f"{symbol} is no function or method, and has none")
    by_symbol = {each.symbol: each for each in found}
    reached: set[str] = set()
    while begun:
        name = begun.pop()
        if name not in reached:
            reached.add(name)
            begun += by_symbol[name].reads
    return [each for each in found if each.symbol in reached]


def _reads(piece: Piece, others: Iterable[Piece], parsed: Parsed) -> tuple[str, ...]:
    """The symbols of the pieces that one names."""
    names = set(_names(parsed.root, *_span(parsed, piece.definition)))
    return tuple(dict.fromkeys(each.symbol for each in others if _is_read(each, piece, names)))


def _is_read(other: Piece, piece: Piece, names: set[str]) -> bool:
    if other.symbol == piece.symbol:
        return False
    owner = other.definition.parent
    if not owner:
        return other.definition.name in names
    is_known = owner == piece.definition.parent or owner.rpartition(".")[2] in names
    is_constructor = other.definition.name in {*_CONSTRUCTORS, owner.rpartition(".")[2]}
    return is_known and (is_constructor or other.definition.name in names)


def _names(root: Node, start: int, end: int) -> Iterator[str]:
    """The names that stand between two bytes."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.end_byte <= start or node.start_byte >= end:
            continue
        if node.child_count:
            waiting += node.children
        elif "identifier" in node.type and node.text is not None:
            yield node.text.decode("utf-8", "replace")


def _sorted(graph: Mapping[str, Sequence[str]]) -> list[str]:
    """The keys, each behind its values; where these go in a circle, one of its links is left out."""
    links = {name: list(read) for name, read in graph.items()}
    while True:
        try:
            return list(TopologicalSorter(links).static_order())
        except CycleError as error:
            before, after = error.args[1][0], error.args[1][1]
            links[after].remove(before)


def _span(parsed: Parsed, definition: Definition) -> tuple[int, int]:
    return parsed.span(definition.start_line, definition.end_line)


def _lines(parsed: Parsed, definition: Definition) -> str:
    start, end = _span(parsed, definition)
    return parsed.source[start:end].decode("utf-8", "replace")
