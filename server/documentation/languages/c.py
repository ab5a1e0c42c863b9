"""C and C++: functions and their prototypes, methods, classes and what stands for them."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from tree_sitter import Node

from codenook.context.reading import first_named, text_of
from codenook.server.documentation.languages.describer import Describer
from codenook.server.documentation.subject import Kind, Parameter, Returns

_CLASSES = ("struct_specifier", "union_specifier", "enum_specifier", "class_specifier")
_AROUND = {"template_declaration", "type_definition", "export_declaration"}


class CDescriber(Describer):
    """Reads C and C++."""

    kinds: ClassVar[Mapping[str, Kind]] = {
        **dict.fromkeys(("function_definition", "declaration", "field_declaration"), Kind.FUNCTION),
        **dict.fromkeys(_CLASSES, Kind.CLASS),
    }
    functions: ClassVar[frozenset[str]] = frozenset({"lambda_expression", *_CLASSES})
    doc_openings: ClassVar[tuple[str, ...]] = ("/**", "/*!", "///", "//!")

    def name(self, node: Node) -> str:
        """The name of a function, or of a class that has a body."""
        if node.type in _CLASSES:
            return text_of(node.child_by_field_name("name")) if node.child_by_field_name("body") else ""
        declarator = _declarator(node)
        if declarator is None or (node.parent is not None and node.parent.type == "compound_statement"):
            return ""
        named = declarator.child_by_field_name("declarator")
        return (
            "" if named is None or named.type == "function_declarator" else text_of(named).replace("::", ".")
        )

    def outer(self, node: Node) -> Node:
        """The declaration that a class is in, the template."""
        at = node
        while at.parent is not None and (
            at.parent.type in _AROUND
            or (at.type in _CLASSES and at.parent.type in {"declaration", "field_declaration"})
        ):
            at = at.parent
        return at

    def header(self, node: Node) -> Node:
        """The declarator."""
        return _declarator(node) or node

    def parameters(self, node: Node) -> Iterator[Parameter]:
        """The parameters; ``void`` alone is none."""
        declarator = _declarator(node) if node.type not in _CLASSES else None
        parameters = declarator.child_by_field_name("parameters") if declarator else None
        for child in parameters.children if parameters else ():
            if child.type in {"variadic_parameter", "..."}:
                yield Parameter("", mark="*")
            elif child.type.endswith("parameter_declaration"):
                name = _declared(child.child_by_field_name("declarator"))
                kind = text_of(child.child_by_field_name("type"))
                if name or kind != "void" or child.child_by_field_name("declarator") is not None:
                    default = text_of(child.child_by_field_name("default_value"))
                    yield Parameter(name, kind, default, "*" if child.type.startswith("variadic") else "")

    def type_parameters(self, node: Node) -> Iterator[str]:
        """Those of the template."""
        parent = node.parent
        parameters = parent.child_by_field_name("parameters") if parent else None
        if parent is not None and parent.type == "template_declaration" and parameters is not None:
            for child in parameters.named_children:
                names = [part for part in child.named_children if part.type.endswith("identifier")]
                if names:
                    yield text_of(names[0] if child.type != "parameter_declaration" else names[-1])

    def is_sure(self, node: Node) -> bool:
        """Whether it is a function, and the type in front of it was understood."""
        return node.type not in _CLASSES and not any(child.is_error for child in node.children)

    def returns(self, node: Node) -> Returns:
        """By the declared type, where that is spelled out."""
        declarator, kind = node.child_by_field_name("declarator"), node.child_by_field_name("type")
        if kind is None or declarator is None or declarator.type != "function_declarator":
            return Returns.UNKNOWN if kind is None else Returns.VALUE
        if any(child.type == "trailing_return_type" for child in declarator.children):
            return Returns.VALUE
        if text_of(kind) == "void" and kind.type == "primitive_type":
            return Returns.NOTHING
        return Returns.VALUE

    def return_type(self, node: Node) -> str:
        """The declared type."""
        return text_of(node.child_by_field_name("type")) if node.type not in _CLASSES else ""

    def raises(self, node: Node) -> Iterator[str]:
        """What is thrown where it is made."""
        if node.type in _CLASSES:
            return
        for statement in self.own(node, "throw_statement"):
            made = first_named(statement)
            if made and made.type == "call_expression" and not self.is_caught(statement, node):
                yield text_of(made.child_by_field_name("function")).rpartition("::")[2]

    def raises_nothing(self, node: Node) -> bool:
        """Whether it is ``noexcept``."""
        declarator = _declarator(node) if node.type not in _CLASSES else None
        return declarator is not None and any(text_of(child) == "noexcept" for child in declarator.children)


def _declarator(node: Node) -> Node | None:
    """The function that a declaration declares, behind pointers and references."""
    at = node.child_by_field_name("declarator")
    while at is not None and at.type in {"pointer_declarator", "reference_declarator"}:
        at = at.child_by_field_name("declarator") or next(
            (child for child in at.named_children if child.type.endswith("declarator")), None
        )
    is_function = at is not None and at.type == "function_declarator"
    inner = at.child_by_field_name("declarator") if at is not None and is_function else None
    return at if inner is not None and inner.type != "parenthesized_declarator" else None


def _declared(node: Node | None) -> str:
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
    return text_of(node)
