"""Python's trees: docstrings, annotations, decorators, and imports."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from attrs import evolve
from tree_sitter import Node

from codenook.context.outline import Definition, Import, Kind
from codenook.context.parse import Parsed
from codenook.context.reading import CALL, Chain, Reader, Syntax, first_named, fits, one_line, text_of

_WRAPPERS = {"Optional", "Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "Awaitable"}
"""Generic types that stand for their first argument."""

_CONTAINERS = {
    *("list", "set", "frozenset", "tuple", "dict", "deque", "defaultdict", "OrderedDict", "Counter"),
    *("List", "Set", "FrozenSet", "Tuple", "Dict", "Deque", "DefaultDict", "Iterable", "Iterator"),
    *("Sequence", "MutableSequence", "Mapping", "MutableMapping", "Collection", "AbstractSet"),
    *("Generator", "AsyncIterable", "AsyncIterator", "AsyncGenerator", "type", "Type"),
}
"""Generic types whose values are read for what they hold."""

_BARE = {"Final", "ClassVar", "Any", "object", "TypeAlias"}
"""Annotations that leave the type to the value, or say nothing about it."""

_FIRST = {"Generator", "AsyncGenerator", "list", "List"}


class PythonReader(Reader):
    """Reads Python."""

    syntax: ClassVar[Syntax] = Syntax(
        names=frozenset({"identifier"}),
        members={"attribute": ("object", "attribute")},
        calls={"call": "function"},
        wrappers={
            "subscript": "value",
            "await": "",
            "parenthesized_expression": "",
            "boolean_operator": "right",
            "conditional_expression": "",
        },
        labels=frozenset(
            {
                ("keyword_argument", "name"),
                ("function_definition", "name"),
                ("class_definition", "name"),
                ("dotted_name", ""),
                ("aliased_import", ""),
                ("relative_import", ""),
            }
        ),
        receivers=frozenset({"self", "cls"}),
        functions=frozenset({"function_definition", "lambda"}),
        classes=frozenset({"class_definition"}),
    )

    left_out = "# ..."

    def type_of(self, node: Node) -> Chain:
        """The chain of an annotation: of a container what it holds, of alternatives the first."""
        inner = first_named(node) if node.type == "type" else node
        if inner is None or inner.type == "none":
            return ()
        if inner.type == "string":
            return _written(text_of(inner).strip("\"'"))
        if inner.type == "binary_operator":
            left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
            return (self.type_of(left) if left else ()) or (self.type_of(right) if right else ())
        if text_of(inner).rpartition(".")[2] in _BARE:
            return ()
        if inner.type in {"generic_type", "subscript"}:
            return self._generic(inner)
        return super().type_of(inner)

    def _generic(self, node: Node) -> Chain:
        head, *_ = node.named_children
        name = text_of(head).rpartition(".")[2]
        if name not in _WRAPPERS | _CONTAINERS | {"Union"}:
            return super().type_of(head)
        arguments = [child for child in node.named_children[1:] if child.type != "comment"]
        if arguments and arguments[0].type == "type_parameter":
            arguments = arguments[0].named_children
        chosen = arguments if name in _WRAPPERS | _FIRST | {"Union"} else reversed(arguments)
        return next((chain for argument in chosen if (chain := self.type_of(argument))), ())

    def outer(self, node: Node) -> Node:
        """The definition with its decorators."""
        parent = node.parent
        return parent if parent and parent.type == "decorated_definition" else node

    def signature(self, node: Node, body: Node | None) -> str:  # noqa: ARG002 - the header has fields of its own
        """Decorators, and the header without its colon."""
        parts = []
        for child in node.children:
            if child.type in {":", "block"}:
                break
            parts.append(child)
        start, end = parts[0].start_byte - node.start_byte, parts[-1].end_byte - node.start_byte
        header = one_line(_without_comments((node.text or b"")[start:end].decode("utf-8", "replace")))
        outer = self.outer(node)
        decorators = (
            [child for child in outer.named_children if child.type == "decorator"] if outer != node else []
        )
        return "\n".join([*(one_line(_without_comments(text_of(each))) for each in decorators), header])

    def doc(self, node: Node, body: Node | None) -> str:  # noqa: ARG002 - the docstring is in the body
        """The first line of the docstring."""
        statement = first_named(body) if body else None
        string = first_named(statement) if statement and statement.type == "expression_statement" else None
        if string is None or string.type != "string" or re.match(r"\w*[fFbBtT]", text_of(string)):
            return ""
        content = "".join(text_of(child) for child in string.named_children if child.type == "string_content")
        return content.strip("\\\n\r\t ").partition("\n")[0].strip().rstrip('\\"').replace('"""', "")

    def reexports(self, path: str) -> bool:
        """Whether the file is a package's ``__init__``."""
        return path.rpartition("/")[2].startswith("__init__.")

    def is_broken(self, node: Node, body: Node | None) -> bool:
        """Whether the parser stumbled in the header."""
        if node.type == "assignment":
            return node.has_error
        return super().is_broken(node, body)

    def replaces(self, earlier: Definition, later: Definition) -> bool:
        """Whether ``later`` implements what ``earlier`` declares, or has a type where that has none."""
        return "overload" in earlier.signature or (not earlier.type and bool(later.type))

    def _owner(self, captures: Mapping[str, list[Node]], function: Definition) -> Definition | None:
        receiver = captures["self"][0] if "self" in captures else None
        if receiver is None or text_of(receiver) not in self.syntax.receivers:
            return None
        return super()._owner(captures, function)

    def constant(self, node: Node, value: Node | None) -> str:
        """The assignment on one line; of ``self.name`` only the name."""
        line = super().constant(node, value if value is None or not fits(value) else None)
        return re.sub(r"^(?:self|cls)\.", "", line)

    def _definition(
        self,
        parsed: Parsed,
        node: Node,
        role: str,
        captures: Mapping[str, list[Node]],
        holder: Definition | None,
    ) -> Definition | None:
        if "self" in captures and holder is None:
            return None
        return super()._definition(parsed, node, role, captures, holder)

    def imports(self, parsed: Parsed, within: tuple[int, int] | None = None) -> Iterator[Import]:
        """Imports at any depth; a module that imports a name offers it to others."""
        for match in parsed.matches("imports", within):
            yield _import(match)

    def declaration(self, definition: Definition, members: Sequence[Definition] = ()) -> str:
        """Valid Python, with ``...`` for bodies."""
        doc = [f'{"r" if chr(92) in definition.doc else ""}"""{definition.doc}"""'] if definition.doc else []
        if definition.kind in {Kind.CLASS, Kind.INTERFACE}:
            inside = doc + [line for member in members for line in self.stub(member).split("\n")] or ["..."]
        elif definition.kind in {Kind.FUNCTION, Kind.METHOD}:
            if not doc:
                return f"{definition.signature}: ..."
            inside = [*doc, "..."]
        else:
            return definition.signature
        return "\n".join([f"{definition.signature}:", *(f"    {line}" for line in inside)])

    def brief(self, definition: Definition) -> Definition:
        """Valid Python, too; of decorators, ``property`` is left, which says how the name is read."""
        name, signature = definition.name, definition.signature
        if definition.kind in {Kind.FUNCTION, Kind.METHOD}:
            above = "@property\n" if signature.startswith("@property\n") else ""
            is_async = "async " if re.search(r"^async def ", signature, re.MULTILINE) else ""
            return evolve(definition, signature=f"{above}{is_async}def {name}(*_)", doc="")
        if definition.kind in {Kind.FIELD, Kind.CONSTANT}:
            return evolve(definition, signature=f"{name} = ...", doc="")
        return definition

    def stand_in(self, code: str, indent: int) -> tuple[str, str]:  # noqa: ARG002 - indentation is all
        """A class around what is indented."""
        return (f"{' ' * (indent - 1)}class _:\n", "") if indent else ("", "")


def _import(match: Mapping[str, list[Node]]) -> Import:
    alias = text_of(match["alias"][0]) if "alias" in match else ""
    if "module" in match:
        module = "".join(text_of(match["module"][0]).split())
        return Import(
            module if alias else module.partition(".")[0],
            None,
            alias or module.partition(".")[0],
            is_exported=True,
        )
    module = "".join(text_of(match["from"][0]).split())
    name = "*" if "star" in match else text_of(match["name"][0])
    return Import(module, name, alias or name, is_exported=True)


def _written(annotation: str) -> Chain:
    """The chain of an annotation that is written as a string."""
    if match := re.fullmatch(r"\s*(?:Optional\[)?([\w.]+)\]?\s*(?:\|\s*None\s*)?", annotation):
        return (*match[1].split("."), CALL)
    return ()


def _without_comments(header: str) -> str:
    if "#" not in header or "\n" not in header:
        return header
    return "\n".join(re.sub(r"\s#[^\"']*$", "", line) for line in header.split("\n"))
