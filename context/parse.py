"""Syntax trees: which grammar reads which file, and parsing that reuses the tree from before an edit."""

from __future__ import annotations

import pkgutil
import re
from functools import cache
from importlib import import_module, resources
from typing import TYPE_CHECKING, cast

from attrs import frozen
from tree_sitter import Language as Grammar
from tree_sitter import Node, Parser, Point, Query, QueryCursor, Tree

from codenook.context import languages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import PurePath

    from codenook.context.reading import Reader
    from codenook.context.resolve import Files, Resolver

_MAX_ERROR_CHILDREN = 5_000

_PIECE = 1 << 14
"""Bytes that are parsed at a time."""


@frozen
class Language:
    """A language that codenook reads: a folder under ``languages/`` with queries, a reader and a resolver.

    ``id`` is the identifier that editors send (LSP ``languageId``); ``package`` is the folder's import
    name, where the ``*.scm`` queries are. ``grammar_loader`` (a function), ``reader_class`` and
    ``resolver_class`` are written ``module:name`` and imported when they are first needed. ``signs`` is a
    pattern: of the files whose extension another language has as well, those are this language's that it is
    found in.
    """

    id: str
    extensions: tuple[str, ...]
    package: str
    grammar_loader: str
    reader_class: str
    resolver_class: str
    signs: bytes = b""

    @property
    def grammar(self) -> Grammar:
        """The grammar, loaded once."""
        return _grammar(self.grammar_loader)

    @property
    def reader(self) -> Reader:
        """What turns this language's trees into outlines; one for all."""
        return _reader(self)

    def query(self, name: str) -> Query:
        """The query ``<name>.scm`` of this language's folder, compiled once."""
        return _query(self.grammar_loader, self.package, name)

    def resolver(self, files: Files) -> Resolver:
        """A new resolver for the files of one workspace."""
        create = cast("Callable[[Files], Resolver]", pkgutil.resolve_name(self.resolver_class))
        return create(files)


@frozen(eq=False)
class Parsed:
    """A text in UTF-8 and its syntax tree.

    Queries find nothing in a text that is one long error: they would take time quadratic in its length.
    """

    language: Language
    source: bytes
    tree: Tree

    @property
    def root(self) -> Node:
        """The node that spans the whole text."""
        return self.tree.root_node

    def captures(self, query: str, within: tuple[int, int] | None = None) -> Mapping[str, list[Node]]:
        """The nodes that ``query`` captures, by capture name; of matches that touch the bytes ``within``."""
        if self._is_illegible():
            return {}
        cursor = QueryCursor(self.language.query(query))
        if within:
            cursor.set_byte_range(*within)
        return cursor.captures(self.root)

    def matches(self, query: str, within: tuple[int, int] | None = None) -> list[Mapping[str, list[Node]]]:
        """The captures of every match of ``query`` that touches the bytes ``within``, in the text's order."""
        if self._is_illegible():
            return []
        cursor = QueryCursor(self.language.query(query))
        if within:
            cursor.set_byte_range(*within)
        return [captures for _, captures in cursor.matches(self.root)]

    def nodes_of(self, words: Iterable[str]) -> Iterator[Node]:
        """The smallest nodes around each place where one of ``words`` stands in the text, as a whole word.

        A search of the text, and much faster than a query that captures every name.
        """
        wanted = b"|".join(re.escape(word.encode()) for word in words)
        if not wanted or self._is_illegible():
            return
        inside_word = rb"[\w\x80-\xff]"
        for match in re.finditer(rb"(?<!%b)(?:%b)(?!%b)" % (inside_word, wanted, inside_word), self.source):
            if node := self.root.descendant_for_byte_range(*match.span()):
                yield node

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The bytes of the lines from ``first`` to ``last``, which count from 1."""
        starts = [0, *(match.end() for match in re.finditer(rb"\n", self.source)), len(self.source)]
        return starts[min(first - 1, len(starts) - 1)], starts[min(last, len(starts) - 1)]

    def _is_illegible(self) -> bool:
        return any(node.child_count > _MAX_ERROR_CHILDREN for node in errors(self.root))


def known_languages() -> tuple[Language, ...]:
    """Every language that has a folder."""
    return _languages()


@cache
def language_named(language_id: str) -> Language | None:
    """The language that editors call ``language_id``, or None when codenook has no folder for it."""
    return next((language for language in _languages() if language.id == language_id), None)


def language_of(path: PurePath, source: bytes = b"") -> Language | None:
    """The language of a file by its extension, or None when no language claims it.

    Where several do, ``source`` decides.
    """
    claiming = [language for language in _languages() if path.suffix.lower() in language.extensions]
    signed = (one for one in claiming[1:] if one.signs and re.search(one.signs, source, re.MULTILINE))
    return next(signed, claiming[0] if claiming else None)


def encode(text: str) -> bytes:
    """``text`` as the parser reads it: UTF-8, with question marks for lone surrogates."""
    return text.encode("utf-8", "replace")


def parse(language: Language, source: bytes, before: Parsed | None = None) -> Parsed:
    """Parse ``source``; where it resembles the text ``before``, only the difference is read again.

    The tree is the same with and without ``before``: how the parser recovers from an error depends on
    what it reuses, so a text with errors is read as a whole.
    """
    parsed = parse_difference(language, source, before)
    if before is None or parsed is before or not parsed.root.has_error:
        return parsed
    return parse_difference(language, source, None)


def parse_difference(language: Language, source: bytes, before: Parsed | None) -> Parsed:
    """Like `parse`, but of a text with errors only the fact that it has some is sure."""
    if before is None or before.language is not language:
        return Parsed(language, source, _tree(language, source))
    if before.source == source:
        return before
    return Parsed(language, source, Parser(language.grammar).parse(source, _edited(before, source)))


def errors(node: Node) -> Iterator[Node]:
    """The ERROR and MISSING nodes in ``node``, itself included, parents before children."""
    to_visit = [node] if node.has_error else []
    while to_visit:
        node = to_visit.pop()
        if node.is_error or node.is_missing:
            yield node
        to_visit += [child for child in reversed(node.children) if child.has_error]


def common_prefix(left: bytes, right: bytes) -> int:
    """How many bytes two texts have in common from their start on."""
    same, limit = 0, min(len(left), len(right))
    while same < limit:
        middle = (same + limit + 1) // 2
        if left[same:middle] == right[same:middle]:
            same = middle
        else:
            limit = middle - 1
    return same


def _tree(language: Language, source: bytes) -> Tree:
    """The tree of a text; while a long one is parsed, other threads go on.

    The parser has the interpreter to itself but when it asks for the next piece. A tree of pieces asks for
    them again with every node's text, so the parser gets all of the text once more, with little left to do.
    """
    if len(source) > _PIECE:
        tree = Parser(language.grammar).parse(lambda start, _: source[start : start + _PIECE])
        if not tree.root_node.has_error:
            return Parser(language.grammar).parse(source, tree)
    return Parser(language.grammar).parse(source)


def _edited(before: Parsed, source: bytes) -> Tree:
    """The tree ``before``, its nodes moved to where they stand in ``source``."""
    old = before.source
    start = common_prefix(old, source)
    old_end, end = len(old), len(source)
    same_after = common_prefix(old[start:][::-1], source[start:][::-1])
    old_end, end = old_end - same_after, end - same_after
    while start and _inside_character(old, source, start, start):
        start -= 1
    while _inside_character(old, source, old_end, end):
        old_end, end = old_end + 1, end + 1
    tree = before.tree.copy()
    tree.edit(start, old_end, end, _point(old, start), _point(old, old_end), _point(source, end))
    return tree


def _inside_character(old: bytes, new: bytes, old_index: int, new_index: int) -> bool:
    """Whether a cut at these indices would split a multi-byte character in either text."""
    return _continues(old[old_index : old_index + 1]) or _continues(new[new_index : new_index + 1])


def _continues(byte: bytes) -> bool:
    return b"\x80" <= byte < b"\xc0"


def _point(source: bytes, index: int) -> Point:
    return Point(source.count(b"\n", 0, index), index - source.rfind(b"\n", 0, index) - 1)


@cache
def _languages() -> tuple[Language, ...]:
    folders = sorted(module.name for module in pkgutil.iter_modules(languages.__path__))
    return tuple(
        language
        for folder in folders
        for language in import_module(f"{languages.__name__}.{folder}").LANGUAGES
    )


@cache
def _grammar(function: str) -> Grammar:
    return Grammar(pkgutil.resolve_name(function)())


@cache
def _reader(language: Language) -> Reader:
    return cast("Reader", pkgutil.resolve_name(language.reader_class)(language))


@cache
def _query(grammar: str, package: str, name: str) -> Query:
    return Query(_grammar(grammar), _patterns(package, name))


def _patterns(package: str, name: str) -> str:
    """A query's text, after that of the folder under ``languages/`` which its first line inherits from."""
    own = resources.files(package).joinpath(f"{name}.scm").read_text("utf-8")
    inherits = re.match(r"; inherits: (\w+)\n", own)
    return _patterns(f"{languages.__name__}.{inherits[1]}", name) + own if inherits else own
