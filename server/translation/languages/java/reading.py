"""Reads methods of Java."""

from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.documentation.languages.java import JavaDescriber
from codenook.server.translation.languages.headers import doc_of, functions, is_at, without
from codenook.server.translation.languages.java.types import shape_of
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter, Signature

_KINDS = frozenset({"method_declaration", "constructor_declaration"})
_HOLDERS = {"class_declaration", "interface_declaration", "enum_declaration", "record_declaration"}
_DESCRIBER = JavaDescriber()


class JavaReading:
    """See `Reading`."""

    def signature(self, text: str, definition: Definition) -> Signature | None:
        """See `Reading.signature`; a constructor gives nothing."""
        language = language_named("java")
        if language is None:
            return None
        parsed = parse(language, encode(text))
        for node in functions(parsed, _KINDS):
            if _DESCRIBER.name(node) == definition.name and is_at(node, definition):
                variables = _variables(node)
                written = _DESCRIBER.return_type(node) + text_of(node.child_by_field_name("dimensions"))
                return Signature(
                    definition.name,
                    tuple(_parameters(node, variables)),
                    shape_of(written, variables) if written else Shape(Kind.NOTHING),
                    written,
                    owner=definition.parent,
                    is_static="static" in _modifiers(node),
                    is_public=definition.is_public,
                    raises=tuple(dict.fromkeys(_DESCRIBER.raises(node))),
                    doc=doc_of(parsed, node, _DESCRIBER),
                )
        return None


def _parameters(node: Node, variables: set[str]) -> Iterator[Parameter]:
    parameters = node.child_by_field_name("parameters")
    for child in parameters.named_children if parameters else ():
        modifiers = next((each for each in child.children if each.type == "modifiers"), None)
        if child.type == "formal_parameter":
            name = child.child_by_field_name("name")
            written = without(child, modifiers, name).replace(" [", "[")
            yield Parameter(text_of(name), shape_of(written, variables), written)
        elif child.type == "spread_parameter":
            name = child.named_children[-1]
            written = without(child, modifiers, name).replace(" ...", "...").strip()
            yield Parameter(
                text_of(name), shape_of(written.removesuffix("..."), variables), written, is_rest=True
            )


def _variables(node: Node) -> set[str]:
    """The type parameters of a method and of the classes around it."""
    found = set(_DESCRIBER.type_parameters(node))
    at = node.parent
    while at is not None:
        if at.type in _HOLDERS:
            found |= set(_DESCRIBER.type_parameters(at))
        at = at.parent
    return found


def _modifiers(node: Node) -> list[str]:
    modifiers = next((child for child in node.children if child.type == "modifiers"), None)
    return text_of(modifiers).split()
