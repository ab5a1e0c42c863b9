"""Reads functions of Rust."""

from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import bare_name, text_of
from codenook.server.documentation.languages.rust import RustDescriber
from codenook.server.translation.languages.headers import doc_of, functions, is_at
from codenook.server.translation.languages.rust.types import Types
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter, Signature

_KINDS = frozenset({"function_item", "function_signature_item"})
_OWNERS = {"impl_item": "type", "trait_item": "name"}
_DESCRIBER = RustDescriber()
_PANICS = frozenset(
    {"panic", "unreachable", "todo", "unimplemented", "assert", "assert_eq", "assert_ne"},
)


class RustReading:
    """See `Reading`."""

    def signature(self, text: str, definition: Definition) -> Signature | None:
        """See `Reading.signature`; a ``Result`` gives what it holds and raises its error."""
        language = language_named("rust")
        if language is None:
            return None
        parsed = parse(language, encode(text))
        for node in functions(parsed, _KINDS):
            if text_of(node.child_by_field_name("name")) != definition.name or not is_at(node, definition):
                continue
            around = _around(node)
            owner = bare_name(text_of(around.child_by_field_name(_OWNERS[around.type]))) if around else ""
            types = Types(owner, _variables(node, around))
            returned = node.child_by_field_name("return_type")
            error = types.error(returned)
            return Signature(
                definition.name,
                tuple(_parameters(node, types)),
                types.shape(returned) if returned else Shape(Kind.NOTHING),
                text_of(returned),
                owner=owner,
                is_static=bool(owner) and not _has(node.child_by_field_name("parameters"), "self_parameter"),
                is_public=definition.is_public,
                is_async="async" in _modifiers(node),
                raises=tuple(dict.fromkeys([error] * bool(error) + ["panic"] * _panics(node))),
                doc=doc_of(parsed, node, _DESCRIBER),
            )
        return None


def _around(node: Node) -> Node | None:
    """The block of methods that a function is in; None for one that stands alone, or in another function."""
    at = node.parent
    while at is not None and at.type not in _OWNERS:
        if at.type == "function_item":
            return None
        at = at.parent
    return at


def _variables(node: Node, around: Node | None) -> set[str]:
    found = set(_DESCRIBER.type_parameters(node))
    return found | set(_DESCRIBER.type_parameters(around)) if around else found


def _parameters(node: Node, types: Types) -> Iterator[Parameter]:
    parameters = node.child_by_field_name("parameters")
    found = [each for each in parameters.named_children if each.type == "parameter"] if parameters else []
    for number, each in enumerate(found, 1):
        pattern, kind = each.child_by_field_name("pattern"), each.child_by_field_name("type")
        name = text_of(pattern) if pattern is not None and pattern.type == "identifier" else ""
        yield Parameter(name or f"argument{number}", types.shape(kind), text_of(kind))


def _modifiers(node: Node) -> list[str]:
    return " ".join(text_of(child) for child in node.children if child.type == "function_modifiers").split()


def _has(node: Node | None, kind: str) -> bool:
    return node is not None and any(child.type == kind for child in node.named_children)


def _panics(node: Node) -> bool:
    """Whether a body panics by a macro of its own."""
    body = node.child_by_field_name("body")
    left = [body] if body is not None else []
    while left:
        at = left.pop()
        if at.type == "macro_invocation" and text_of(at.child_by_field_name("macro")) in _PANICS:
            return True
        left += at.named_children
    return False
