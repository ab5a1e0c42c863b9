"""Reads definitions of Python."""

from typing import ClassVar

from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import Parsed
from codenook.context.reading import first_named, text_of
from codenook.server.translation.languages.described import DescribedReading, Function, Types
from codenook.server.translation.languages.python.types import PythonTypes, constant
from codenook.server.translation.shapes import Shape

_WITHOUT_OBJECT = frozenset({"staticmethod", "classmethod"})
_SPLATS = frozenset({"list_splat_pattern", "keyword_separator"})


class PythonReading(DescribedReading):
    """See `Reading`."""

    language: ClassVar[str] = "python"
    functions: ClassVar[frozenset[str]] = frozenset({"function_definition"})

    def types(self, parsed: Parsed) -> Types:
        """Types with the aliases of the file."""
        return PythonTypes(_aliases(parsed))

    def is_static(self, node: Node) -> bool:
        """By decorators."""
        outer = node.parent if node.parent and node.parent.type == "decorated_definition" else node
        decorators = [child for child in outer.children if child.type == "decorator"]
        return any(text_of(first_named(decorator)) in _WITHOUT_OBJECT for decorator in decorators)

    def is_public(self, definition: Definition) -> bool:
        """By an underscore; names with two on both sides are the language's own."""
        is_own = definition.name.startswith("__") and definition.name.endswith("__")
        return is_own or not definition.name.startswith("_")

    def is_named(self, function: Function, number: int) -> bool:
        """Whether it stands behind a star."""
        name = function.subject.parameters[number].name
        parameters, is_behind = function.node.child_by_field_name("parameters"), False
        for child in parameters.named_children if parameters else ():
            inner = first_named(child) if child.type == "typed_parameter" else child
            named = child.child_by_field_name("name") or inner
            if is_behind and text_of(named) == name:
                return True
            is_behind |= inner is not None and inner.type in _SPLATS
        return False

    def of_default(self, default: str, types: Types) -> Shape:  # noqa: ARG002 - the default says it all
        """What a literal is."""
        return constant(default)

    def nothing(self) -> frozenset[str]:
        """``None``."""
        return frozenset({"None"})


def _aliases(parsed: Parsed) -> dict[str, str]:
    """What names of a module stand for that may be types."""
    found: dict[str, str] = {}
    for statement in parsed.root.named_children:
        assignment = first_named(statement) if statement.type == "expression_statement" else None
        if assignment is not None and assignment.type == "assignment":
            left, right = map(assignment.child_by_field_name, ("left", "right"))
        elif statement.type == "type_alias_statement":
            left, right = map(statement.child_by_field_name, ("left", "right"))
        else:
            continue
        is_type = right is not None and right.type in {"subscript", "identifier", "binary_operator", "type"}
        if is_type and text_of(left).isidentifier():
            found[text_of(left)] = text_of(right)
    return found
