"""Rust: functions, types, traits and macros; what can go wrong has headings of its own."""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.documentation.comments import begins_row, indent_of, start_of_row
from codenook.server.documentation.languages.describer import Describer, comments_above
from codenook.server.documentation.subject import Doc, Kind, Parameter, Returns, Room

_ITEMS = ("struct_item", "enum_item", "union_item", "trait_item", "type_item", "macro_definition", "mod_item")


class RustDescriber(Describer):
    """Reads Rust."""

    kinds: ClassVar[Mapping[str, Kind]] = {
        "function_item": Kind.FUNCTION,
        "function_signature_item": Kind.FUNCTION,
        **dict.fromkeys(_ITEMS, Kind.CLASS),
    }
    functions: ClassVar[frozenset[str]] = frozenset({"function_item", "closure_expression"})
    doc_openings: ClassVar[tuple[str, ...]] = ("///", "/**")

    def name(self, node: Node) -> str:
        """The name, behind the type that an impl block is for."""
        name, at = text_of(node.child_by_field_name("name")), node.parent
        while at is not None and at.type not in {"impl_item", "trait_item", "function_item"}:
            at = at.parent
        kind = (
            text_of(at.child_by_field_name("type")).partition("<")[0] if at and at.type == "impl_item" else ""
        )
        return f"{kind}.{name}" if kind else name

    def outer(self, node: Node) -> Node:
        """The item with its attributes and the comments between them."""
        first, at = node, node.prev_sibling
        while at is not None and (at.type == "attribute_item" or "comment" in at.type):
            if at.type == "attribute_item":
                first = at
            elif text_of(at).startswith(("//!", "/*!")) or (
                at.next_sibling is not None and at.next_sibling.start_point.row - at.end_point.row > 1
            ):
                break
            at = at.prev_sibling
        return first

    def doc(self, parsed: Parsed, node: Node) -> Doc | None:
        """The comment above the attributes, or between them and the item."""
        return self.doc_in(parsed, comments_above(parsed.source, node)) or super().doc(parsed, node)

    def room(self, parsed: Parsed, node: Node) -> Room | None:
        """Above the attributes; not inside of a macro's arguments, where a comment is code."""
        outer, at = self.outer(node), node.parent
        while at is not None:
            if at.type in {"token_tree", "macro_rule"}:
                return None
            at = at.parent
        if not begins_row(parsed.source, outer.start_byte) or not begins_row(parsed.source, node.start_byte):
            return None
        start = outer.start_byte
        return Room(start_of_row(parsed.source, start), indent_of(parsed.source, start))

    def parameters(self, node: Node) -> Iterator[Parameter]:
        """The parameters without the receiver."""
        parameters = node.child_by_field_name("parameters")
        for child in parameters.named_children if parameters else ():
            if child.type == "parameter":
                pattern = child.child_by_field_name("pattern")
                name = text_of(pattern) if pattern is not None and pattern.type == "identifier" else ""
                yield Parameter(name, text_of(child.child_by_field_name("type")))

    def returns(self, node: Node) -> Returns:
        """By the declared type."""
        return Returns.VALUE if node.child_by_field_name("return_type") else Returns.NOTHING

    def raises(self, node: Node) -> Iterator[str]:
        """The headings that the guidelines ask for."""
        if self.kinds[node.type] is not Kind.FUNCTION:
            return
        if re.search(r"\bResult\b", text_of(node.child_by_field_name("return_type"))):
            yield "Errors"
        if any(child.type == "function_modifiers" and "unsafe" in text_of(child) for child in node.children):
            yield "Safety"
