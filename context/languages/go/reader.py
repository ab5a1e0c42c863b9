"""Go's trees: receivers, composite literals, several results, and imports."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from attrs import evolve
from tree_sitter import Node

from codenook.context.outline import Definition, Import, Kind
from codenook.context.parse import Parsed
from codenook.context.reading import (
    Chain,
    Reader,
    Reference,
    Syntax,
    bare_name,
    first_named,
    spelled,
    text_of,
)

OWN_PACKAGE = "."
"""How a file's own package is spelled as an import."""

_PREDECLARED = {
    *("any", "bool", "byte", "comparable", "complex64", "complex128", "error", "float32", "float64", "int"),
    *("int8", "int16", "int32", "int64", "rune", "string", "uint", "uint8", "uint16", "uint32", "uint64"),
    *("uintptr", "append", "cap", "clear", "close", "complex", "copy", "delete", "imag", "len", "make"),
    *("max", "min", "new", "panic", "print", "println", "real", "recover", "_"),
}

_ELEMENT = {
    "pointer_type": "",
    "slice_type": "element",
    "array_type": "element",
    "implicit_length_array_type": "element",
    "map_type": "value",
    "channel_type": "value",
    "function_type": "result",
    "parenthesized_type": "",
    "type_constraint": "",
    "type_elem": "",
    "parameter_list": "",
    "parameter_declaration": "type",
    "generic_type": "type",
}
"""Types that are read for what they hold or return, and the field that has it; empty for the first child."""


class GoReader(Reader):
    """Reads Go."""

    syntax: ClassVar[Syntax] = Syntax(
        names=frozenset({"identifier", "type_identifier", "package_identifier"}),
        members={"selector_expression": ("operand", "field"), "qualified_type": ("package", "name")},
        calls={"call_expression": "function", "composite_literal": "type"},
        wrappers={
            "unary_expression": "operand",
            "index_expression": "operand",
            "slice_expression": "operand",
            "parenthesized_expression": "",
            "expression_list": "",
            **_ELEMENT,
        },
        labels=frozenset(
            {
                ("package_clause", ""),
                ("import_spec", ""),
                ("function_declaration", "name"),
                ("type_spec", "name"),
                ("type_alias", "name"),
                ("parameter_declaration", "name"),
                ("variadic_parameter_declaration", "name"),
                ("type_parameter_declaration", "name"),
            }
        ),
        receivers=frozenset(),
        functions=frozenset({"function_declaration", "method_declaration", "func_literal"}),
        classes=frozenset({"type_spec"}),
    )

    def package(self, parsed: Parsed) -> str:
        """The name in the package clause."""
        for node in parsed.root.children:
            if node.type == "package_clause":
                return text_of(first_named(node))
        return ""

    def imports(self, parsed: Parsed, within: tuple[int, int] | None = None) -> Iterator[Import]:
        """Imported packages; a dot import is one of all names, and so is the file's own package."""
        for match in parsed.matches("imports", within):
            if "package" in match:
                yield Import(OWN_PACKAGE, "*", "*")
                continue
            path = text_of(match["path"][0]).strip('"`')
            name = text_of(match["name"][0]) if "name" in match else _package_name(path)
            if name == ".":
                yield Import(path, "*", "*")
            else:
                yield Import(path, None, "" if name == "_" else name)

    def chain(self, node: Node | None) -> Chain:
        """The chain of an expression: of an assertion or a conversion the type, of ``make`` what it makes."""
        if node is None:
            return ()
        if node.type in {"type_assertion_expression", "type_conversion_expression"}:
            named = node.child_by_field_name("type")
            return self.type_of(named) if named else ()
        if node.type == "call_expression" and (made := self._made(node)) is not None:
            return made
        return super().chain(node)

    def _made(self, call: Node) -> Chain | None:
        function, arguments = call.child_by_field_name("function"), call.child_by_field_name("arguments")
        first = first_named(arguments) if arguments else None
        match text_of(function) if function and function.type == "identifier" else "":
            case "make" | "new":
                return self.type_of(first) if first else ()
            case "append":
                return self.chain(first)
        return None

    def type_of(self, node: Node) -> Chain:
        """The chain of a type: of a container what it holds, of several results the first."""
        if node.type in _ELEMENT:
            inner = self._wrapped(node)
            return self.type_of(inner) if inner else ()
        return super().type_of(node)

    def class_name(self, node: Node) -> str:
        """The name of a type."""
        return text_of(node.child_by_field_name("name"))

    def owner(self, node: Node) -> str:
        """The receiver's type."""
        receiver = node.child_by_field_name("receiver")
        parameter = first_named(receiver) if receiver else None
        return bare_name(text_of(parameter.child_by_field_name("type"))) if parameter else ""

    def outer(self, node: Node) -> Node:
        """A declaration of one thing, with its word; one of several is between brackets."""
        parent = node.parent
        if parent and parent.type in {"type_declaration", "const_declaration", "var_declaration"}:
            return node if any(child.type == "(" for child in parent.children) else parent
        return node

    def signature(self, node: Node, body: Node | None) -> str:
        """The declaration up to its body."""
        line = super().signature(node, body)
        if body and body.type == "interface_type":
            line += " interface"
        return line if node.type != "type_spec" or line.startswith("type ") else f"type {line}"

    def constant(self, node: Node, value: Node | None) -> str:
        """The declaration on one line, with its word where it is not a field."""
        line = super().constant(node, value)
        word = {"const_spec": "const ", "var_spec": "var ", "type_alias": "type "}.get(node.type, "")
        return re.sub(r"\s+`[^`]*`$", "", f"{word}{line}")

    def declaration(self, definition: Definition, members: Sequence[Definition] = ()) -> str:
        """Valid Go: functions without bodies, types with these fields."""
        doc = f"// {definition.doc}\n" if definition.doc else ""
        if not definition.signature.endswith((" struct", " interface")):
            return f"{doc}{definition.signature}"
        stubs = dict.fromkeys(self.stub(member) for member in members)
        lines = [f"\t{line}" for stub in stubs for line in stub.split("\n")]
        inside = "\n".join(["", *lines, ""]) if lines else ""
        return f"{doc}{definition.signature} {{{inside}}}"

    def stand_in(self, code: str, indent: int) -> tuple[str, str]:  # noqa: ARG002 - functions stand alone
        """Nothing: Go has functions at file level only."""
        return ("", "")

    def is_public(self, name: str, node: Node) -> bool:  # noqa: ARG002 - the name says it
        """Whether the name begins with a capital."""
        return name[:1].isupper()

    def _definition(
        self,
        parsed: Parsed,
        node: Node,
        role: str,
        captures: Mapping[str, list[Node]],
        holder: Definition | None,
    ) -> Definition | None:
        found = super()._definition(parsed, node, role, captures, holder)
        if found and node.type == "const_spec":
            return evolve(found, type=found.type or self._implied(node))
        if found is None or found.kind not in {Kind.CLASS, Kind.INTERFACE}:
            return found
        return evolve(found, bases=tuple(self._embedded(node)), type=self._given(node))

    def _given(self, spec: Node) -> str:
        """The type of the first parameter, where a type is one of functions."""
        type_ = spec.child_by_field_name("type")
        parameters = type_.child_by_field_name("parameters") if type_ else None
        return spelled(self.type_of(parameters)) if parameters else ""

    def _implied(self, spec: Node) -> str:
        """The type of a constant without a value: that of the last one above it that has a value."""
        above: Node | None = spec
        while above and above.child_by_field_name("value") is None:
            above = above.prev_named_sibling
        if above is None or above == spec:
            return ""
        named, value = above.child_by_field_name("type"), above.child_by_field_name("value")
        return spelled(self.type_of(named) if named else self.chain(value))

    def _embedded(self, spec: Node) -> Iterator[str]:
        """What a struct or an interface embeds, and the type that another is made from."""
        type_ = spec.child_by_field_name("type")
        body = first_named(type_) if type_ and type_.type == "struct_type" else type_
        for child in body.named_children if body else ():
            if child.type == "field_declaration" and child.child_by_field_name("name") is None:
                named = child.child_by_field_name("type")
            else:
                named = child if child.type == "type_elem" else None
            if base := spelled(self.base(named)) if named else "":
                yield base
        if type_ and type_.type in {"type_identifier", "qualified_type", "generic_type"}:
            yield spelled(self.base(type_))

    def _bound(self, match: Mapping[str, list[Node]]) -> Chain:
        """What one of several names on the left gets: its own value, or of one call's results the first."""
        (name,) = match["name"]
        if "value" not in match or (name.parent and name.parent.type == "range_clause"):
            return super()._bound(match)
        (values,) = match["value"]
        if values.type != "expression_list":
            return self.chain(values)
        position = _names_before(name)
        if values.named_child_count > 1:
            return self.chain(values.named_children[position]) if position < values.named_child_count else ()
        return self.chain(first_named(values)) if position == 0 else ()

    def _is_read(self, node: Node) -> bool:
        return text_of(node) not in _PREDECLARED and super()._is_read(node)

    def _reference(self, node: Node, cursor: int) -> Reference:
        """The chain that begins at ``node``; a key in a literal of a type is the type's field."""
        if (literal := _literal_of_key(node)) and (chain := self._literal_type(literal)):
            return Reference((*chain, text_of(node)), node.start_byte)
        return super()._reference(node, cursor)

    def _literal_type(self, literal: Node) -> Chain:
        """The type of a literal; in a list, the one that its elements have."""
        outer = literal.parent
        if outer and outer.type == "composite_literal":
            named = outer.child_by_field_name("type")
            return () if named is None or named.type == "map_type" else self.type_of(named)
        while outer and outer.type != "composite_literal":
            outer = outer.parent
        named = outer.child_by_field_name("type") if outer else None
        return self.type_of(named) if named and named.type in _ELEMENT else ()


def _literal_of_key(node: Node) -> Node | None:
    """The braces that ``node`` is a key in, if it is one."""
    element = node.parent
    pair = element.parent if element and element.type == "literal_element" else None
    if pair is None or pair.type != "keyed_element" or pair.child_by_field_name("key") != element:
        return None
    return pair.parent


def _names_before(name: Node) -> int:
    """How many names stand before this one in its list."""
    names = (
        [child for child in name.parent.named_children if child.type == "identifier"] if name.parent else []
    )
    return names.index(name) if name in names else 0


def _package_name(path: str) -> str:
    """The name that a package most likely has: the last part, without a version and ``go``."""
    parts = [part for part in path.split("/") if not re.fullmatch(r"v\d+", part)] or [path]
    return re.sub(r"^go-|[.-]go$|\.v\d+$", "", parts[-1]).replace("-", "_")
