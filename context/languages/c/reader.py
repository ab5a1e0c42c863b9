"""C's trees: declarators, typedefs, macros, and includes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from attrs import evolve
from tree_sitter import Node

from codenook.context.outline import Definition, Import, Kind
from codenook.context.parse import Parsed
from codenook.context.reading import Chain, Reader, Syntax, bare_name, text_of

_ENUM_SCOPES = {"class", "struct"}


class CReader(Reader):
    """Reads C."""

    statement_end: ClassVar[str] = ";"
    syntax: ClassVar[Syntax] = Syntax(
        names=frozenset({"identifier", "type_identifier", "field_identifier"}),
        members={"field_expression": ("argument", "field")},
        calls={"call_expression": "function", "compound_literal_expression": "type"},
        wrappers={
            "subscript_expression": "argument",
            "pointer_expression": "argument",
            "parenthesized_expression": "",
            "type_descriptor": "type",
            "cast_expression": "type",
        },
        labels=frozenset(
            {
                ("function_declarator", "declarator"),
                ("pointer_declarator", ""),
                ("array_declarator", "declarator"),
                ("parenthesized_declarator", ""),
                ("init_declarator", "declarator"),
                ("parameter_declaration", "declarator"),
                ("declaration", "declarator"),
                ("field_declaration", "declarator"),
                ("type_definition", "declarator"),
                ("enumerator", "name"),
                ("field_designator", ""),
                ("preproc_def", "name"),
                ("preproc_function_def", "name"),
                ("preproc_params", ""),
                ("preproc_ifdef", "name"),
            }
        ),
        receivers=frozenset(),
        functions=frozenset({"function_definition"}),
        classes=frozenset({"struct_specifier", "union_specifier"}),
    )

    def type_of(self, node: Node) -> Chain:
        """The chain of a type's name."""
        if node.type in {"struct_specifier", "union_specifier", "enum_specifier", "class_specifier"}:
            name = node.child_by_field_name("name")
            return super().type_of(name) if name else ()
        if node.type == "type_descriptor":
            inner = node.child_by_field_name("type")
            return self.type_of(inner) if inner else ()
        return super().type_of(node) if node.type == "type_identifier" else ()

    def function_name(self, node: Node) -> str:
        """The name inside of a function's declarator."""
        name = declared(node)
        return bare_name(text_of(name)) if name else ""

    def signature(self, node: Node, body: Node | None) -> str:
        """The header; of a type without a name but an alias, both; of a macro the whole when it is short."""
        if node.type == "type_definition" and body:
            word = (node.child_by_field_name("type") or node).children[0]
            return f"typedef {text_of(word)}"
        if node.type == "preproc_function_def":
            line = " ".join(text_of(node).replace("\\\n", " ").split())
            return line if body is None or len(line) <= _MAX_MACRO else super().signature(node, body)
        return super().signature(node, body)

    def replaces(self, earlier: Definition, later: Definition) -> bool:
        """Whether a type is defined that was only named before."""
        return earlier.kind is Kind.TYPE and later.kind is Kind.CLASS

    def is_public(self, name: str, node: Node) -> bool:  # noqa: ARG002 - it has a word of its own
        """Whether it isn't ``static``, or is ``inline`` as well, as functions in headers are."""
        words = {
            text_of(child)
            for child in node.children
            if child.type in {"storage_class_specifier", "function_specifier"}
        }
        return "static" not in words or "inline" in words

    def stand_in(self, code: str, indent: int) -> tuple[str, str]:  # noqa: ARG002 - functions stand alone
        """Nothing: functions are at file level."""
        return "", ""

    def declaration(self, definition: Definition, members: Sequence[Definition] = ()) -> str:
        """A declaration."""
        doc = f"/* {definition.doc} */\n" if definition.doc else ""
        if definition.signature.startswith("#"):
            return f"{doc}{definition.signature}"
        if definition.kind is not Kind.CLASS:
            is_enumerator = (
                definition.kind is Kind.CONSTANT and definition.type and " " not in _head(definition)
            )
            return (
                f"{doc}enum {{ {definition.signature} }};"
                if is_enumerator
                else f"{doc}{definition.signature};"
            )
        lines = [f"    {line}" for member in members for line in self.stub(member).split("\n")]
        is_alias = definition.signature.startswith("typedef")
        return "\n".join(
            [
                f"{doc}{definition.signature} {{",
                *self._access(definition, lines),
                f"}} {definition.name};" if is_alias else "};",
            ]
        )

    def imports(self, parsed: Parsed, within: tuple[int, int] | None = None) -> Iterator[Import]:
        """All names of what is included; headers without an extension are the compiler's."""
        found = parsed.captures("imports", within).get("path", ())
        for node in sorted(found, key=lambda node: node.start_byte):
            if within and not within[0] <= node.start_byte < within[1]:
                continue
            path = text_of(node).strip('<>"')
            if "." in path:
                yield Import(path, "*", "*", is_exported=True)

    def _access(self, definition: Definition, lines: list[str]) -> list[str]:  # noqa: ARG002 - C++ has it
        return lines

    def _bound(self, match: Mapping[str, list[Node]]) -> Chain:
        declared_type = self.type_of(match["type"][0]) if "type" in match else ()
        return declared_type or (self.chain(match["value"][0]) if "value" in match else ())

    def _definition(
        self,
        parsed: Parsed,
        node: Node,
        role: str,
        captures: Mapping[str, list[Node]],
        holder: Definition | None,
    ) -> Definition | None:
        if role == "type" and node.type == "type_definition" and _is_unnamed(node):
            return None  # it is a class under the alias' name
        if node.type != "enumerator" or holder is None:
            found = super()._definition(parsed, node, role, captures, holder)
            ends_below = found and node.end_point.column == 0  # a directive has its line's end
            return evolve(found, end_line=node.end_point.row) if found and ends_below else found
        if _is_scoped(node):
            found = super()._definition(parsed, node, role, captures, holder)
            return evolve(found, type=holder.symbol) if found else None
        above, name = holder.parent, holder.name
        outside = evolve(holder, symbol=above, kind=Kind.CLASS) if above else None
        found = super()._definition(parsed, node, role, captures, outside)
        return evolve(found, type=f"{name}()") if found else None


_MAX_MACRO = 100


def declared(node: Node) -> Node | None:
    """The name that a function's declarators are around."""
    inner = node.child_by_field_name("declarator")
    while inner and inner.type.endswith("_declarator"):
        following = inner.child_by_field_name("declarator")
        inner = following or next(
            (child for child in inner.named_children if "qualifier" not in child.type), None
        )
    return inner


def _is_unnamed(alias: Node) -> bool:
    """Whether an alias is the only name of the type that it defines."""
    defined = alias.child_by_field_name("type")
    return (
        defined is not None
        and not defined.child_by_field_name("name")
        and bool(defined.child_by_field_name("body"))
    )


def _head(definition: Definition) -> str:
    return definition.signature.partition("=")[0].strip()


def _is_scoped(enumerator: Node) -> bool:
    around = enumerator.parent.parent if enumerator.parent else None
    return around is not None and any(child.type in _ENUM_SCOPES for child in around.children)
