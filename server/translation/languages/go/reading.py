"""Reads functions of Go."""

from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.documentation.languages.go import GoDescriber
from codenook.server.translation.languages.go.types import shape_of
from codenook.server.translation.languages.headers import doc_of, functions, is_at
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter, Signature

_KINDS = frozenset({"function_declaration", "method_declaration"})
_PARAMETERS = frozenset({"parameter_declaration", "variadic_parameter_declaration"})
_DESCRIBER = GoDescriber()


class GoReading:
    """See `Reading`."""

    def signature(self, text: str, definition: Definition) -> Signature | None:
        """See `Reading.signature`; an ``error`` that is the last result is raised instead."""
        language = language_named("go")
        if language is None:
            return None
        parsed = parse(language, encode(text))
        for node in functions(parsed, _KINDS):
            if text_of(node.child_by_field_name("name")) != definition.name or not is_at(node, definition):
                continue
            owner = _DESCRIBER.name(node).rpartition(".")[0]
            variables = {*_DESCRIBER.type_parameters(node), *_of_receiver(node)}
            results = list(_results(node.child_by_field_name("result")))
            fails = bool(results) and text_of(results[-1]) == "error"
            shapes = [shape_of(each, variables) for each in results[: len(results) - fails]]
            return Signature(
                definition.name,
                tuple(_parameters(node, variables)),
                shapes[0]
                if len(shapes) == 1
                else Shape(Kind.TUPLE if shapes else Kind.NOTHING, tuple(shapes)),
                text_of(node.child_by_field_name("result")),
                owner=owner,
                is_public=definition.name[:1].isupper(),
                raises=("error",) * fails + ("panic",) * _panics(node),
                doc=doc_of(parsed, node, _DESCRIBER),
            )
        return None


def _results(node: Node | None) -> Iterator[Node]:
    """The types of what is given back, one for each value."""
    if node is None:
        return
    if node.type != "parameter_list":
        yield node
        return
    for each in node.named_children:
        kind = each.child_by_field_name("type")
        if each.type == "parameter_declaration" and kind is not None:
            yield from [kind] * max(len(each.children_by_field_name("name")), 1)


def _parameters(node: Node, variables: set[str]) -> Iterator[Parameter]:
    parameters = node.child_by_field_name("parameters")
    n_seen = 0
    for each in parameters.named_children if parameters else ():
        if each.type not in _PARAMETERS:
            continue
        kind, is_rest = each.child_by_field_name("type"), each.type.startswith("variadic")
        for name in list(map(text_of, each.children_by_field_name("name"))) or [""]:
            n_seen += 1
            known = "" if name == "_" else name
            yield Parameter(
                known or f"argument{n_seen}",
                shape_of(kind, variables),
                f"...{text_of(kind)}" if is_rest else text_of(kind),
                is_rest=is_rest,
            )


def _of_receiver(node: Node) -> set[str]:
    """The type parameters that a method's receiver names."""
    receiver = node.child_by_field_name("receiver")
    _, is_generic, names = text_of(receiver).partition("[")
    return {name.strip() for name in names.partition("]")[0].split(",")} if is_generic else set()


def _panics(node: Node) -> bool:
    body = node.child_by_field_name("body")
    left = [body] if body is not None else []
    while left:
        at = left.pop()
        if at.type == "call_expression" and text_of(at.child_by_field_name("function")) == "panic":
            return True
        left += at.named_children
    return False
