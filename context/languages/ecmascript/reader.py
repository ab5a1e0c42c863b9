"""The trees of JavaScript and TypeScript: what variables hold, declarations as in a `.d.ts` file, types."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from tree_sitter import Node

from codenook.context.languages.ecmascript import declarations, types
from codenook.context.languages.ecmascript.modules import DEFAULT
from codenook.context.outline import Definition, Import, Kind
from codenook.context.parse import Parsed
from codenook.context.reading import Chain, Reader, Syntax, text_of

_LABELS = {"property_identifier", "private_property_identifier"}
_AROUND = {
    *("lexical_declaration", "variable_declaration", "export_statement", "ambient_declaration"),
    *("expression_statement", "assignment_expression", "object"),
}
"""What stands between a definition at file level and the file."""

_FUNCTION = re.compile(r"\s*(?:async\b\s*)?(?:function\b|[(<]|[\w$]+\s*=>)")
_ENUM = re.compile(r"(?:\w+ )*enum ")


class EcmaScriptReader(Reader):
    """Reads JavaScript and TypeScript."""

    syntax: ClassVar[Syntax] = Syntax(
        names=frozenset({"identifier", "type_identifier", "shorthand_property_identifier", "this", "super"}),
        members={
            "member_expression": ("object", "property"),
            "nested_identifier": ("object", "property"),
            "nested_type_identifier": ("module", "name"),
        },
        calls={"call_expression": "function", "new_expression": "constructor"},
        wrappers={
            "parenthesized_expression": "",
            "await_expression": "",
            "non_null_expression": "",
            "satisfies_expression": "",
            "as_expression": "",
            "generic_type": "name",
            "subscript_expression": "object",
            "ternary_expression": "consequence",
            "assignment_expression": "right",
        },
        labels=frozenset(
            {
                ("import_specifier", ""),
                ("import_clause", ""),
                ("namespace_import", ""),
                ("export_specifier", ""),
                ("namespace_export", ""),
                ("function_declaration", "name"),
                ("class_declaration", "name"),
                ("interface_declaration", "name"),
                ("type_alias_declaration", "name"),
                ("enum_declaration", "name"),
                ("type_parameter", "name"),
            }
        ),
        receivers=frozenset({"this"}),
        functions=frozenset(
            {
                "function_declaration",
                "generator_function_declaration",
                "function_expression",
                "generator_function",
                "arrow_function",
                "method_definition",
            }
        ),
        classes=frozenset(
            {
                "class_declaration",
                "abstract_class_declaration",
                "class",
                "interface_declaration",
                "internal_module",
                "object",
            }
        ),
    )

    def type_of(self, node: Node) -> Chain:
        """The chain of a type: of a container what it holds, of alternatives the first."""
        return types.chain(self, node)

    def base(self, node: Node) -> Chain:
        """The chain that names what a class extends or implements."""
        return self.chain(node)

    def imports(self, parsed: Parsed, within: tuple[int, int] | None = None) -> Iterator[Import]:
        """Imports, and what the file exports under another name than that of its definition."""
        for match in parsed.matches("imports", within):
            yield _import(match)

    def class_name(self, node: Node) -> str:
        """The name of a class or namespace; of one without a name, and of an object, the variable's."""
        if node.type == "object" or (node.type == "class" and not node.child_by_field_name("name")):
            holder = node.parent
            if holder and holder.type == "variable_declarator":
                return text_of(holder.child_by_field_name("name"))
            return DEFAULT if holder and holder.type == "export_statement" else ""
        return text_of(node.child_by_field_name("name"))

    def stand_in(self, code: str, indent: int) -> tuple[str, str]:  # noqa: ARG002 - braces are all
        """A class around a method; other functions stand by themselves."""
        return ("", "") if _FUNCTION.match(code) else ("class _ {\n", "\n}")

    def outer(self, node: Node) -> Node:
        """The statement of a definition with its ``export``."""
        parent = node.parent
        if parent is None or parent.type in {"program", "statement_block", "class_body"}:
            return node
        if parent.type in {"lexical_declaration", "variable_declaration", "export_statement"}:
            return self.outer(parent)
        is_statement = parent.type in {"ambient_declaration", "expression_statement"}
        return self.outer(parent) if is_statement else node

    def signature(self, node: Node, body: Node | None) -> str:
        """The declaration as in a ``.d.ts`` file."""
        return declarations.header(self.outer(node), node, body)

    def constant(self, node: Node, value: Node | None) -> str:
        """The declaration on one line, with its value only where that is short or says the type."""
        del value
        return declarations.variable(self.outer(node), node)

    def doc(self, node: Node, body: Node | None) -> str:
        """The first line of the comment above; none where that begins with a tag or speaks to a tool."""
        doc = super().doc(node, body)
        return "" if doc.startswith(("@", "eslint", "prettier", "tslint", "biome")) else doc

    def is_public(self, name: str, node: Node) -> bool:
        """Whether a name is offered: not private by a word or a sign; exports may be listed far away."""
        words = {text_of(child) for child in node.children if child.type == "accessibility_modifier"}
        return not (name.startswith(("_", "#")) or words & {"private", "protected"})

    def is_broken(self, node: Node, body: Node | None) -> bool:
        """Whether the parser stumbled outside of the body; it may in type parameters, as in `in out T`."""
        if not node.has_error or node.type == "type_parameters":
            return False
        if node == body:
            return False
        return node.is_error or node.is_missing or any(self.is_broken(child, body) for child in node.children)

    def declaration(self, definition: Definition, members: Sequence[Definition] = ()) -> str:
        """A declaration as in a ``.d.ts`` file."""
        doc = f"// {definition.doc}\n" if definition.doc else ""
        if definition.kind not in {Kind.CLASS, Kind.INTERFACE}:
            return f"{doc}{definition.signature};"
        if not members and definition.signature.endswith(" &"):
            return f"{doc}{definition.signature.removesuffix(' &')};"
        if not members:
            return f"{doc}{definition.signature} {{}}"
        end = "," if _ENUM.match(definition.signature) else ";"
        inside = [member.body or f"{self.stub(member).removesuffix(';')}{end}" for member in members]
        lines = [f"    {line}" for text in inside for line in text.split("\n")]
        return "\n".join([f"{doc}{definition.signature} {{", *lines, "}"])

    def _definition(
        self,
        parsed: Parsed,
        node: Node,
        role: str,
        captures: Mapping[str, list[Node]],
        holder: Definition | None,
    ) -> Definition | None:
        if (holder is None and not _is_at_file_level(node)) or declarations.imports(node):
            return None
        role, more = _said(node, role)
        found = super()._definition(parsed, node, role, {**captures, **more}, holder)
        if found and found.name == "module.exports":
            return declarations.renamed(found, DEFAULT)
        return found

    def _bound(self, match: Mapping[str, list[Node]]) -> Chain:
        if "value" in match:
            return self.chain(match["value"][0])
        if "binding" not in match:
            return ()
        (binding,) = match["binding"]
        type_ = binding.child_by_field_name("type")
        value = binding.child_by_field_name("value") or binding.child_by_field_name("right")
        whole = self.type_of(type_) if type_ else self.chain(value)
        return (*whole, text_of(match["member"][0])) if whole and "member" in match else whole

    def _is_read(self, node: Node) -> bool:
        return node.type not in _LABELS and super()._is_read(node)

    def _wrapped(self, node: Node) -> Node | None:
        if node.type == "as_expression":  # what it is said to be
            return node.named_children[-1] if node.named_child_count else None
        return super()._wrapped(node)


def _is_at_file_level(node: Node) -> bool:
    above = node.parent
    while above and above.type in _AROUND:
        above = above.parent
    return above is not None and above.parent is None


def _said(node: Node, role: str) -> tuple[str, Mapping[str, list[Node]]]:
    """What a definition is by what it holds, and the captures that follow from it."""
    if node.type == "type_alias_declaration":
        return _alias(node)
    value = declarations.value(node)
    more = {"base": declarations.bases(node)}
    returns = node.child_by_field_name("return_type") or node.child_by_field_name("type")
    if returns:
        more["returns"] = [returns]
    if value is None or returns:
        body = node.child_by_field_name("body")
        if body and not returns and role in {"function", "method"}:
            more["value"] = [declarations.returned(body)]
        return role, more
    body = value.child_by_field_name("body")
    if value.type in declarations.FUNCTIONS and body:
        more |= {"body": [body], "value": [declarations.returned(body)]}
        if returns := value.child_by_field_name("return_type"):
            more["returns"] = [returns]
        return "function", more
    if value.type == "class" and body:
        return "class", {"base": declarations.bases(value), "body": [body]}
    if value.type == "object" and role == "constant":
        return "class", {"body": [value]}
    return role, {"value": [declarations.held(node) or value]}


def _alias(node: Node) -> tuple[str, Mapping[str, list[Node]]]:
    value = node.child_by_field_name("value")
    if value is None:
        return "type", {}
    if value.type == "object_type":
        return "interface", {"body": [value]}
    if value.type == "intersection_type":
        parts = types.alternatives(value)
        own = [part for part in parts if part.type == "object_type"]
        return "interface", {
            "base": [part for part in parts if part not in own],
            "body": [(own or [value])[0]],
        }
    return "type", {"returns": [value]}


def _import(match: Mapping[str, list[Node]]) -> Import:
    source = text_of(match["from"][0]) if "from" in match else ""
    if "star" in match:
        return Import(source, "*", "*", is_exported=True)
    for role, name in (("module", None), ("whole", DEFAULT), ("default", DEFAULT)):
        if role in match:
            return Import(source, name, text_of(match[role][0]), is_exported="export" in match)
    if "value" in match:
        return Import(source, text_of(match["value"][0]), DEFAULT, is_exported=True)
    if "name" not in match:
        return Import(source, None, "")
    name = text_of(match["name"][0])
    alias = text_of(match["alias"][0]) if "alias" in match else name
    return Import(source, name, alias, is_exported="export" in match or not source)
