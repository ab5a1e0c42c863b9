"""C++'s trees: classes, scopes, templates, and members that are written outside of their class."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from attrs import evolve
from tree_sitter import Node

from codenook.context.languages.c.reader import CReader, declared
from codenook.context.outline import Definition, Kind
from codenook.context.parse import Parsed
from codenook.context.reading import CALL, Chain, Reference, Syntax, bare_name, spelled, text_of

_HOLDERS = {
    *("unique_ptr", "shared_ptr", "weak_ptr", "vector", "list", "deque", "set", "unordered_set", "optional"),
    *("array", "span", "initializer_list", "atomic", "reference_wrapper", "stack", "queue", "multiset"),
}
"""Templates that are read for the first thing they hold."""

_MAPS = {"map", "unordered_map", "multimap", "unordered_multimap"}
"""Templates that are read for the last."""

_GIVING = {*("make_unique", "make_shared", "static_cast", "dynamic_cast", "reinterpret_cast", "const_cast")}
"""Function templates whose value has the type of their first argument."""


class CppReader(CReader):
    """Reads C++."""

    syntax: ClassVar[Syntax] = evolve(
        CReader.syntax,
        names=CReader.syntax.names | {"namespace_identifier", "this"},
        members={**CReader.syntax.members, "qualified_identifier": ("scope", "name")},
        calls={**CReader.syntax.calls, "new_expression": "type"},
        wrappers={
            **CReader.syntax.wrappers,
            "template_type": "name",
            "template_function": "name",
            "template_method": "name",
        },
        labels=CReader.syntax.labels
        | {
            ("reference_declarator", ""),
            ("optional_parameter_declaration", "declarator"),
            ("for_range_loop", "declarator"),
            ("structured_binding_declarator", ""),
            ("class_specifier", "name"),
            ("alias_declaration", "name"),
            ("namespace_definition", "name"),
            ("nested_namespace_specifier", ""),
            ("type_parameter_declaration", ""),
            ("destructor_name", ""),
            ("using_declaration", ""),
        },
        receivers=frozenset({"this"}),
        classes=CReader.syntax.classes | {"class_specifier"},
    )
    implicit_receiver: ClassVar[bool] = True

    def type_of(self, node: Node) -> Chain:
        """The chain of a type: of a smart pointer or container what it holds."""
        if node.type == "qualified_identifier":
            inner = _innermost(node).child_by_field_name("name")
            if inner and inner.type == "template_type" and self._held(inner) is not None:
                return self.type_of(inner)
            chain = self.chain(node)
            return (*chain, CALL) if chain else ()
        if node.type == "template_type":
            held = self._held(node)
            if held is not None:
                return self.type_of(held)
            name = node.child_by_field_name("name")
            return self.type_of(name) if name else ()
        return super().type_of(node)

    def _held(self, template: Node) -> Node | None:
        """The argument of a template that stands for what it holds."""
        name, arguments = template.child_by_field_name("name"), template.child_by_field_name("arguments")
        types = (
            [child for child in arguments.named_children if child.type == "type_descriptor"]
            if arguments
            else []
        )
        if types and text_of(name) in _HOLDERS | _GIVING:
            return types[0]
        return types[-1] if types and text_of(name) in _MAPS else None

    def chain(self, node: Node | None) -> Chain:
        """The chain that an expression reads; of nested scopes the last one counts."""
        if node and node.type == "qualified_identifier":
            inner = _innermost(node)
            scope, name = inner.child_by_field_name("scope"), inner.child_by_field_name("name")
            return (*(self.chain(scope) or ()), *self.chain(name))
        if node and node.type == "call_expression" and (template := _template(node)):
            held = self._held(template)
            if held is not None and text_of(template.child_by_field_name("name")) in _GIVING:
                return self.type_of(held)
        return super().chain(node)

    def owner(self, node: Node) -> str:
        """The class that stands before the name of a function."""
        name = declared(node)
        if name is None or name.type != "qualified_identifier":
            return ""
        return bare_name(text_of(_innermost(name).child_by_field_name("scope")))

    def outer(self, node: Node) -> Node:
        """The definition with its template parameters."""
        parent = node.parent
        return parent if parent and parent.type == "template_declaration" else node

    def signature(self, node: Node, body: Node | None) -> str:
        """The header without a constructor's initializers."""
        initializers = (child for child in node.children if child.type == "field_initializer_list")
        return super().signature(node, next(initializers, body))

    def is_public(self, name: str, node: Node) -> bool:
        """Whether the class offers it, or the file."""
        inside = node.parent if node.parent and node.parent.type == "template_declaration" else node
        around = inside.parent
        if around is None or around.type != "field_declaration_list":
            return super().is_public(name, node)
        above = inside.prev_sibling
        while above and above.type != "access_specifier":
            above = above.prev_sibling
        if above:
            return text_of(above).startswith("public")
        return around.parent is not None and around.parent.type != "class_specifier"

    def stand_in(self, code: str, indent: int) -> tuple[str, str]:  # noqa: ARG002 - what is indented is in a class
        """A class around what is indented."""
        return ("struct _ {\n", "\n};") if indent else ("", "")

    def _access(self, definition: Definition, lines: list[str]) -> list[str]:
        return ["public:", *lines] if "class " in definition.signature and lines else lines

    def _definition(
        self,
        parsed: Parsed,
        node: Node,
        role: str,
        captures: Mapping[str, list[Node]],
        holder: Definition | None,
    ) -> Definition | None:
        found = super()._definition(parsed, node, role, captures, holder)
        if found is None or found.kind is not Kind.CLASS:
            return found
        clauses = (child for child in node.children if child.type == "base_class_clause")
        named = [
            base for clause in clauses for base in clause.named_children if base.type != "access_specifier"
        ]
        bases = tuple(base for node_ in named if (base := spelled(self.base(node_))))
        return evolve(found, bases=bases)

    def _is_read(self, node: Node) -> bool:
        parent = node.parent
        if parent and parent.type == "qualified_identifier":
            return parent.child_by_field_name("scope") == node and _innermost(parent) == parent
        if parent and parent.type in {"template_function", "template_type", "template_method"}:
            around = parent.parent
            is_name = around is not None and around.child_by_field_name("name") == parent
            return parent.child_by_field_name("name") != node or not is_name
        return super()._is_read(node)

    def _reference(self, node: Node, cursor: int) -> Reference:
        parent = node.parent
        if call := _given(node):
            return self._read_on([self.name(node)], call, node.start_byte, cursor)
        if parent is None or parent.type != "qualified_identifier":
            return super()._reference(node, cursor)
        name = parent.child_by_field_name("name")
        if name is None or name.start_byte == cursor:
            return Reference((self.name(node),), node.start_byte, is_open=True)
        outermost = parent
        while outermost.parent and outermost.parent.type == "qualified_identifier":
            outermost = outermost.parent
        return self._read_on([self.name(node), *self.chain(name)], outermost, node.start_byte, cursor)

    def _member_name(self, node: Node, name: Node) -> Sequence[str]:
        bare = name.child_by_field_name("name") if name.type == "template_method" else name
        return super()._member_name(node, bare or name)


def _innermost(qualified: Node) -> Node:
    name = qualified.child_by_field_name("name")
    while name and name.type == "qualified_identifier":
        qualified, name = name, name.child_by_field_name("name")
    return qualified


def _given(node: Node) -> Node | None:
    """The call whose value has the type ``node``, which it is given as the argument of a template."""
    template = node
    for around in ("type_descriptor", "template_argument_list", "template_function"):
        if template.parent is None or template.parent.type != around:
            return None
        template = template.parent
    if text_of(template.child_by_field_name("name")) not in _GIVING:
        return None
    outer = template.parent
    while outer and outer.type == "qualified_identifier":
        outer = outer.parent
    return outer if outer and outer.type == "call_expression" else None


def _template(call: Node) -> Node | None:
    """The function template that a call is of."""
    function = call.child_by_field_name("function")
    if function and function.type == "qualified_identifier":
        function = _innermost(function).child_by_field_name("name")
    return function if function and function.type == "template_function" else None
