"""Reads definitions of JavaScript and TypeScript."""

from typing import ClassVar

from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.translation.languages.described import DescribedReading, Function, Types
from codenook.server.translation.languages.ecmascript.types import EcmaScriptTypes, of_literal
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

_PATTERNS = {
    "object_pattern": Shape(Kind.MAP, (Shape(Kind.TEXT), UNKNOWN)),
    "array_pattern": Shape(Kind.LIST, (UNKNOWN,)),
}


class EcmaScriptReading(DescribedReading):
    """See `Reading`; of JavaScript."""

    language: ClassVar[str] = "javascript"
    functions: ClassVar[frozenset[str]] = frozenset(
        {
            *("function_declaration", "generator_function_declaration", "method_definition"),
            *("function_expression", "generator_function", "arrow_function"),
            *("function_signature", "method_signature", "abstract_method_signature"),
        }
    )

    def types(self, parsed: Parsed) -> Types:
        """Types with the aliases of the file."""
        found: dict[str, Node] = {}
        for statement in parsed.root.named_children:
            alias = statement.child_by_field_name("declaration") or statement
            value = alias.child_by_field_name("value")
            if alias.type == "type_alias_declaration" and value is not None:
                found[text_of(alias.child_by_field_name("name"))] = value
        return EcmaScriptTypes(found)

    def is_static(self, node: Node) -> bool:
        """By its word; the function of an object that stands for itself needs no other."""
        at: Node | None = node
        if node.type != "method_definition":
            at = node.parent
        is_in_object = at is not None and at.parent is not None and at.parent.type == "object"
        return is_in_object or (at is not None and any(child.type == "static" for child in at.children))

    def is_public(self, definition: Definition) -> bool:
        """By the words that say otherwise, and by the underscore that is the custom."""
        return definition.is_public and not definition.name.startswith(("_", "#"))

    def is_optional(self, function: Function, number: int) -> bool:
        """By a question mark."""
        node = _nodes(function)[number]
        return node.type == "optional_parameter"

    def of_default(self, default: str, types: Types) -> Shape:  # noqa: ARG002 - the default says it all
        """What a literal is."""
        return of_literal(default)

    def of_pattern(self, function: Function, number: int) -> Shape:
        """An object, or an array."""
        node = _nodes(function)[number]
        pattern = node.child_by_field_name("pattern") or node.child_by_field_name("left") or node
        return _PATTERNS.get(pattern.type, UNKNOWN)

    def nothing(self) -> frozenset[str]:
        """``null`` and ``undefined``."""
        return frozenset({"null", "undefined"})

    def element(self, shape: Shape) -> Shape:
        """Of the array that further arguments come in, what it holds; documentation may say that at once."""
        return shape.parts[0] if shape.kind is Kind.LIST and shape.parts else shape


class TypeScriptReading(EcmaScriptReading):
    """See `Reading`; of TypeScript."""

    language: ClassVar[str] = "typescript"


def _nodes(function: Function) -> list[Node]:
    """The parameters' nodes, as the description counts them."""
    node = function.node
    parameters = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
    if parameters is None:
        return []
    if parameters.type == "identifier":
        return [parameters]
    return [
        child
        for child in parameters.named_children
        if child.type != "comment" and text_of(child.child_by_field_name("pattern")) != "this"
    ]
