"""Reads functions and methods of C++, and functions of C."""

from collections.abc import Iterator, Mapping

from attrs import frozen
from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import Parsed, encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.documentation.languages.c import CDescriber
from codenook.server.translation.languages.cpp.types import aliases, shape_of
from codenook.server.translation.languages.headers import doc_of, functions, is_at, without
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.signature import Parameter, Signature

KINDS = frozenset({"function_definition", "declaration", "field_declaration"})
_NOT_OF_THE_TYPE = {"attribute_specifier", "attribute_declaration", "explicit_function_specifier", "virtual"}
_BEFORE = {"static", "inline", "constexpr", "extern", "explicit", "virtual", "friend"}
_DESCRIBER = CDescriber()


@frozen
class CppReading:
    """See `Reading`."""

    language: str = "cpp"

    def signature(self, text: str, definition: Definition) -> Signature | None:
        """See `Reading.signature`; a constructor gives nothing, and there is none of a destructor."""
        language = language_named(self.language)
        if language is None or definition.name.startswith("~"):
            return None
        parsed = parse(language, encode(text))
        known = aliases(text)
        for node in functions(parsed, KINDS):
            if _DESCRIBER.name(node).rpartition(".")[2] == definition.name and is_at(node, definition):
                return _signature(parsed, node, definition, known)
        return None


def _signature(parsed: Parsed, node: Node, definition: Definition, known: Mapping[str, str]) -> Signature:
    variables = template_parameters(node)
    written = result_text(node)
    is_static = bool(definition.parent) and any(
        "static" in _words(each)
        for each in functions(parsed, KINDS)
        if _DESCRIBER.name(each) == definition.name and _owner(each) == definition.parent.rpartition(".")[2]
    )
    return Signature(
        definition.name,
        tuple(_parameters(node, known, variables)),
        shape_of(written, known, variables) if written else Shape(Kind.NOTHING),
        written,
        owner=definition.parent,
        is_static=is_static,
        is_public=definition.is_public,
        raises=tuple(dict.fromkeys(_DESCRIBER.raises(node))),
        doc=doc_of(parsed, node, _DESCRIBER),
    )


def result_text(node: Node) -> str:
    """The type of what a function gives, as it is written; empty for a constructor."""
    declarator = _DESCRIBER.header(node)
    for child in declarator.children:
        if child.type == "trailing_return_type":
            return text_of(child).removeprefix("->").strip()
    if node.child_by_field_name("type") is None:
        return ""
    left_out = [
        child
        for child in node.children
        if child.type in _NOT_OF_THE_TYPE
        or text_of(child) in _BEFORE | {";"}
        or child == node.child_by_field_name("body")
    ]
    return without(node, declarator, *left_out)


def template_parameters(node: Node) -> frozenset[str]:
    """The names of the parameters of the templates around a function."""
    found: set[str] = set()
    at: Node | None = node
    while at is not None:
        found |= set(filter(None, _DESCRIBER.type_parameters(at)))
        at = at.parent
    return frozenset(found)


def _parameters(node: Node, known: Mapping[str, str], variables: frozenset[str]) -> Iterator[Parameter]:
    for child in parameter_nodes(node):
        name = declared(child.child_by_field_name("declarator"))
        default = child.child_by_field_name("default_value")
        equals = next((each for each in child.children if each.type == "="), None)
        written = without(child, name, default, equals).replace(" [", "[")
        is_rest = child.type.startswith("variadic")
        shape = UNKNOWN if is_rest else shape_of(written, known, variables)
        yield Parameter(text_of(name), shape, written, text_of(default), is_rest=is_rest)


def parameter_nodes(node: Node) -> Iterator[Node]:
    """The parameters of a function; ``void`` alone is none, ``...`` neither."""
    parameters = _DESCRIBER.header(node).child_by_field_name("parameters")
    for child in parameters.named_children if parameters else ():
        if child.type.endswith("parameter_declaration") and text_of(child) != "void":
            yield child


def declared(node: Node | None) -> Node | None:
    """The name inside a declarator."""
    while node is not None and node.type not in {"identifier", "field_identifier"}:
        node = node.child_by_field_name("declarator") or next(
            (
                child
                for child in node.named_children
                if child.type.endswith("declarator") or child.type == "identifier"
            ),
            None,
        )
    return node


def _words(node: Node) -> list[str]:
    return [text_of(child) for child in node.children if child.type == "storage_class_specifier"]


def _owner(node: Node) -> str:
    """The class that a function is declared in."""
    at = node.parent
    while at is not None and at.type not in {"class_specifier", "struct_specifier"}:
        at = at.parent
    return text_of(at.child_by_field_name("name")) if at else ""
