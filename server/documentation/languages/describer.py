"""From a syntax tree to the definitions that can be documented; what is the same for every language."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import ClassVar

from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import first_named, text_of
from codenook.server.documentation.comments import begins_row, block, indent_of, line_comments, start_of_row
from codenook.server.documentation.languages.values import kinds_of
from codenook.server.documentation.subject import Condition, Doc, Kind, Parameter, Returns, Room, Subject
from codenook.server.verify.directives import is_directive

_OPENS_ROW = re.compile(rb"(?:\xef\xbb\xbf)?[^\S\n]*(?://|/\*|\*)")
"""How a row begins that is a comment, or goes on with one."""

_N_NEAR = 16
"""So many comments are looked for one after the other: each takes as long as there are comments around it."""

MAX_NESTING = 32
"""Definitions inside of so many others are left out: to find a node's parent takes as long as it is deep."""


class Describer:
    """Reads the definitions of one language. Stateless."""

    kinds: ClassVar[Mapping[str, Kind]]
    """The nodes that can be documented."""
    functions: ClassVar[frozenset[str]]
    """The nodes that have a body of their own: what is in them says nothing of the function around."""
    handlers: ClassVar[frozenset[str]] = frozenset({"catch_clause"})
    """The parts of a try statement that catch."""
    doc_openings: ClassVar[tuple[str, ...]] = ("/**",)
    """How documentation begins, other than a mere comment."""

    def subjects(self, parsed: Parsed) -> list[Subject]:
        """The definitions of a file, in its order, those inside functions as well."""
        found = [self.module(parsed)]
        around: list[tuple[int, str]] = []
        for node in _captured(self.kinds, parsed.root):
            while around and around[-1][0] <= node.start_byte:
                around.pop()
            name = self.name(node) if len(around) < MAX_NESTING else ""
            if not name:
                continue
            symbol = f"{around[-1][1]}.{name}" if around else name
            around.append((node.end_byte, symbol))
            found.append(self.subject(parsed, node, symbol))
        return [subject for subject in found if subject is not None]

    def subject(self, parsed: Parsed, node: Node, symbol: str) -> Subject | None:
        """What a node says; None for one that is not documented."""
        kind, outer = self.kinds[node.type], self.outer(node)
        header = self.header(node)
        is_broken = kind is Kind.FUNCTION and node.has_error  # as it is while someone types
        given = list(self.given(node)) if kind is Kind.FUNCTION and not is_broken else []
        returns = self.returns(node) if kind is Kind.FUNCTION and not is_broken else Returns.UNKNOWN
        return Subject(
            kind,
            symbol,
            row=node.start_point.row,
            start=outer.start_byte,
            end=node.end_byte,
            parameters=tuple(self.parameters(node)),
            type_parameters=tuple(self.type_parameters(node)),
            is_sure=not (is_broken or header.has_error or _holds_comment(header)) and self.is_sure(node),
            returns=returns,
            return_type=self.return_type(node),
            yields=self.yields(node),
            raises=tuple(dict.fromkeys(self.raises(node))),
            raises_nothing=not is_broken and self.raises_nothing(node),
            given=tuple(map(text_of, given)),
            given_kinds=kinds_of(given) if returns is Returns.VALUE else "",
            conditions=tuple(self.conditions(node)) if kind is Kind.FUNCTION and not is_broken else (),
            doc=self.doc(parsed, node),
            room=self.room(parsed, node),
        )

    # What a language says in its own way

    def module(self, parsed: Parsed) -> Subject | None:  # noqa: ARG002 - where files are documented
        """The file as a whole, where the language documents files."""
        return None

    def name(self, node: Node) -> str:
        """The name of a definition; empty for one that has none."""
        return text_of(node.child_by_field_name("name"))

    def outer(self, node: Node) -> Node:
        """The node with decorators and the like, behind which documentation can't stand."""
        return node

    def header(self, node: Node) -> Node:
        """The part in which a syntax error makes the parameters doubtful."""
        return node.child_by_field_name("parameters") or node

    def parameters(self, node: Node) -> Iterator[Parameter]:
        """The parameters, in order."""
        raise NotImplementedError

    def type_parameters(self, node: Node) -> Iterator[str]:
        """The names of the type parameters."""
        parameters = node.child_by_field_name("type_parameters")
        for parameter in parameters.named_children if parameters else ():
            if name := text_of(parameter.child_by_field_name("name") or parameter):
                yield name.split()[0].split(":")[0]

    def is_sure(self, node: Node) -> bool:  # noqa: ARG002 - where something may change them
        """Whether the parameters are those that a caller gives."""
        return True

    def returns(self, node: Node) -> Returns:
        """Whether a caller gets a value."""
        raise NotImplementedError

    def return_type(self, node: Node) -> str:
        """The declared type of what is returned."""
        return text_of(node.child_by_field_name("return_type")).removeprefix(":").strip()

    def yields(self, node: Node) -> bool:  # noqa: ARG002 - where there are generators
        """Whether it is a generator."""
        return False

    def given(self, node: Node) -> Iterator[Node]:
        """The expressions that are returned."""
        for statement in self.own(node, "return_statement"):
            value = first_named(statement)
            if value is not None:
                yield value

    def raises(self, node: Node) -> Iterator[str]:
        """The names of what the body raises and doesn't catch."""
        raise NotImplementedError

    def conditions(self, node: Node) -> Iterator[Condition]:  # noqa: ARG002 - where they are read
        """When each raise statement is come to."""
        yield from ()

    def raises_nothing(self, node: Node) -> bool:  # noqa: ARG002 - where the code can say so
        """Whether it is certain that nothing is raised."""
        return False

    def doc(self, parsed: Parsed, node: Node) -> Doc | None:
        """The comment that belongs to a definition."""
        comments = comments_above(parsed.source, self.outer(node))
        while comments and is_directive(
            parsed.language.id, text_of(comments[-1]), comments[-1].start_point.row
        ):
            comments.pop()
        return self.doc_in(parsed, comments)

    def doc_in(self, parsed: Parsed, comments: Sequence[Node]) -> Doc | None:
        """The documentation in the comments above a definition: the last block, or lines."""
        if not comments:
            return None
        last = text_of(comments[-1])
        if last.startswith("/*"):
            return block(parsed, comments[-1]) if self._opens_doc(last) else None
        lines: list[Node] = []
        for comment in reversed(comments):
            text = text_of(comment).rstrip("\n")
            if not self._opens_doc(text) or "\n" in text:  # C's line comments go on behind a backslash
                break
            lines.insert(0, comment)
        return line_comments(parsed, lines) if lines else None

    def _opens_doc(self, text: str) -> bool:
        return text.startswith(self.doc_openings) and not text.startswith(("/***", "////", "/**/"))

    def room(self, parsed: Parsed, node: Node) -> Room | None:
        """Where documentation goes: above the definition, and above directives that belong to it."""
        first = self.outer(node)
        if not begins_row(parsed.source, first.start_byte):
            return None
        indent, language = indent_of(parsed.source, first.start_byte), parsed.language.id
        for comment in reversed(comments_above(parsed.source, first)):
            if not is_directive(language, text_of(comment), comment.start_point.row):
                break
            first = comment
        return Room(start_of_row(parsed.source, first.start_byte), indent)

    def own(self, node: Node, *kinds: str) -> Iterator[Node]:
        """The nodes of these kinds in the body of a definition, without those of functions inside it."""
        body = self.body(node)
        to_visit = [body] if body else []
        while to_visit:
            found = to_visit.pop()
            if found.type in kinds:
                yield found
            if found.type not in self.functions:
                to_visit += reversed(found.named_children)

    def body(self, node: Node) -> Node | None:
        """The body of a definition."""
        return node.child_by_field_name("body")

    def is_caught(self, node: Node, within: Node) -> bool:
        """Whether what is raised at ``node`` may be caught in the definition ``within``."""
        inner, at = node, node.parent
        while at is not None and inner != within:
            if at.type.startswith("try_") and at.child_by_field_name("body") == inner:
                return any(child.type in self.handlers for child in at.named_children)
            inner, at = at, at.parent
        return False


def comments_above(source: bytes, node: Node) -> list[Node]:
    """The comments right above a node, each on rows of its own, no blank row between them."""
    found: list[Node] = []
    at = node
    for above in _above(source, node):
        ends = above.end_point.row - (above.end_point.column == 0)
        if not _is_own_comment(source, above) or ends < at.start_point.row - 1:
            break
        found.append(above)
        at = above
    return found[::-1]


def _above(source: bytes, node: Node) -> Iterator[Node]:
    """The nodes before a node, from the nearest on, as long as they are comments."""
    for _ in range(_N_NEAR):
        above = node.prev_sibling
        if above is None:
            return
        yield above
        node = above
    yield from reversed(_rows_above(source, node))


def _rows_above(source: bytes, node: Node) -> list[Node]:
    """The nodes before a comment that begins its row, from the row on from which comments lead to it."""
    parent = node.parent
    if parent is None:
        return []
    top, cursor = source.rfind(b"\n", 0, node.start_byte) + 1, parent.walk()
    while top > 0:
        above = source.rfind(b"\n", 0, top - 1) + 1
        if not _OPENS_ROW.match(source, above, top):  # code, or a row inside of a comment
            cursor.reset(parent)
            cursor.goto_first_child_for_byte(max(top - 2, 0))
            last = cursor.node
            if last is None or last.start_byte >= top or not _is_own_comment(source, last):
                break
            above = source.rfind(b"\n", 0, last.start_byte) + 1
        top = above
    cursor.reset(parent)
    cursor.goto_first_child_for_byte(top)
    found = []
    while (at := cursor.node) is not None and at.start_byte < node.start_byte:
        found.append(at)
        if not cursor.goto_next_sibling():
            break
    return found


def _is_own_comment(source: bytes, node: Node) -> bool:
    """Whether a node is a comment that begins its row."""
    return "comment" in node.type and begins_row(source, node.start_byte)


def _holds_comment(header: Node) -> bool:
    """Whether a comment stands in for a parameter, ``(/* frame */)``, or documents one; Python's don't."""
    parameters = header.child_by_field_name("parameters") or header
    comments = (text_of(child) for child in parameters.named_children if "comment" in child.type)
    return any(text.startswith(("/*", "//")) for text in comments)


def _captured(kinds: Collection[str], root: Node) -> Iterator[Node]:
    """The nodes of these kinds in ``root``, in order, those around others first."""
    to_visit = [root]
    while to_visit:
        node = to_visit.pop()
        if node.type in kinds:
            yield node
        to_visit += reversed(node.named_children)
