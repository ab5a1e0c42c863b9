"""Java's trees: modifiers, type arguments, calls without an object, and imports."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from attrs import evolve
from tree_sitter import Node

from codenook.context.outline import Definition, Import, Kind
from codenook.context.parse import Parsed
from codenook.context.reading import CALL, Chain, Reader, Reference, Syntax, first_named, spelled, text_of

_CONTAINERS = {
    *("Collection", "List", "ArrayList", "LinkedList", "CopyOnWriteArrayList", "Set", "HashSet", "TreeSet"),
    *("LinkedHashSet", "EnumSet", "SortedSet", "Map", "HashMap", "TreeMap", "LinkedHashMap", "EnumMap"),
    *("SortedMap", "NavigableMap", "ConcurrentMap", "ConcurrentHashMap", "WeakHashMap", "Queue", "Deque"),
    *("ArrayDeque", "PriorityQueue", "Stack", "Vector", "Iterable", "Iterator", "ListIterator", "Stream"),
    *("Optional", "Supplier", "Callable", "Future", "CompletableFuture", "CompletionStage", "Class"),
    *("WeakReference", "SoftReference", "AtomicReference", "ThreadLocal", "SparseArray"),
}
"""Generic types whose values are read for what they hold: their last type argument."""

_NAMED = {
    "class_declaration",
    "enum_declaration",
    "record_declaration",
    "interface_declaration",
    "annotation_type_declaration",
}


class JavaReader(Reader):
    """Reads Java."""

    statement_end: ClassVar[str] = ";"
    implicit_receiver: ClassVar[bool] = True
    calling_members: ClassVar[frozenset[str]] = frozenset({"method_invocation"})
    syntax: ClassVar[Syntax] = Syntax(
        names=frozenset({"identifier", "type_identifier", "this", "super"}),
        members={"field_access": ("object", "field"), "method_invocation": ("object", "name")},
        calls={"object_creation_expression": "type"},
        wrappers={
            "parenthesized_expression": "",
            "array_access": "array",
            "array_type": "element",
            "array_creation_expression": "type",
            "annotated_type": "",
            "generic_type": "",
            "ternary_expression": "consequence",
            "assignment_expression": "right",
        },
        labels=frozenset(
            {
                ("package_declaration", ""),
                ("import_declaration", ""),
                ("scoped_identifier", ""),
                *((kind, "name") for kind in _NAMED),
                ("method_declaration", "name"),
                ("constructor_declaration", "name"),
                ("compact_constructor_declaration", "name"),
                ("annotation_type_element_declaration", "name"),
                ("enum_constant", "name"),
                ("variable_declarator", "name"),
                ("formal_parameter", "name"),
                ("type_parameter", ""),
                ("element_value_pair", "key"),
                ("labeled_statement", ""),
                ("break_statement", ""),
                ("continue_statement", ""),
            }
        ),
        receivers=frozenset({"this"}),
        functions=frozenset({"method_declaration", "constructor_declaration"}),
        classes=frozenset(_NAMED),
    )

    def package(self, parsed: Parsed) -> str:
        """The name in the package declaration."""
        for node in parsed.root.children:
            if node.type == "package_declaration":
                return text_of(node.named_children[-1])
        return ""

    def imports(self, parsed: Parsed, within: tuple[int, int] | None = None) -> Iterator[Import]:
        """Imported classes and members; all names of the file's own package.

        The module is the class' full name, as far as its parts begin with a capital the first of them.
        """
        for match in parsed.matches("imports", within):
            if "package" in match:
                yield Import(text_of(match["package"][0]), "*", "*")
                continue
            parts = "".join(text_of(match["path"][0]).split()).split(".")
            n = next((n for n, part in enumerate(parts, start=1) if part[:1].isupper()), len(parts))
            name = ".".join(parts[n - 1 :]) if parts[n - 1][:1].isupper() else ""
            if "all" in match:
                yield Import(".".join(parts[:n]), f"{name}.*" if name else "*", "*")
            else:
                yield Import(".".join(parts[:n]), name or parts[-1], parts[-1])

    def chain(self, node: Node | None) -> Chain:
        """The chain of an expression: of a cast the type, of ``new`` and a call what they give."""
        if node is None:
            return ()
        if node.type == "cast_expression":
            named = node.child_by_field_name("type")
            return self.type_of(named) if named else ()
        if node.type == "scoped_type_identifier":
            return tuple(text_of(part) for part in _parts(node))
        return super().chain(node)

    def type_of(self, node: Node) -> Chain:
        """The chain of a type: of a container what it holds, of a type parameter its bound."""
        if node.type == "generic_type":
            head, arguments = node.named_children[0], node.named_children[-1]
            if text_of(head).rpartition(".")[2] in _CONTAINERS and arguments.named_children:
                return self.type_of(arguments.named_children[-1])
            return self.type_of(head)
        if node.type == "array_type":
            node = node.child_by_field_name("element") or node
        elif node.type in {"wildcard", "annotated_type"}:
            return self.type_of(node.named_children[-1]) if node.named_children else ()
        if node.type == "type_identifier" and (parameter := _type_parameter(node)):
            bound = next((child for child in parameter.named_children if child.type == "type_bound"), None)
            named = first_named(bound) if bound else None
            return self.type_of(named) if named else ()
        return () if node.type.endswith(("void_type", "integral_type")) else super().type_of(node)

    def outer(self, node: Node) -> Node:
        """The definition itself: modifiers and annotations are inside."""
        return node

    def doc(self, node: Node, body: Node | None) -> str:
        """The first line of the comment above, without tags."""
        line = super().doc(node, body)
        return "" if line.startswith("@") else re.sub(r"\{@\w+ ([^}]*)\}|</?\w+>", r"\1", line)

    def is_public(self, name: str, node: Node) -> bool:  # noqa: ARG002 - a modifier says it
        """Whether the definition is not private."""
        modifiers = node.named_children[0] if node.named_children else None
        return not (modifiers and modifiers.type == "modifiers" and "private" in text_of(modifiers).split())

    def replaces(self, earlier: Definition, later: Definition) -> bool:
        """Whether ``later`` is the method that reads a field of its name for others."""
        return earlier.kind is Kind.FIELD and later.kind is Kind.METHOD

    def signature(self, node: Node, body: Node | None) -> str:
        """The declaration without its body and without annotations."""
        return _without_annotations(super().signature(node, body))

    def constant(self, node: Node, value: Node | None) -> str:
        """The declaration on one line; of an enum's constant, the name and its arguments."""
        if node.type == "enum_constant":
            return _without_annotations(super().signature(node, node.child_by_field_name("body")))
        return _without_annotations(super().constant(node, value))

    def stand_in(self, code: str, indent: int) -> tuple[str, str]:  # noqa: ARG002 - braces are all
        """A class around a method."""
        return ("class _ {\n", "\n}")

    def _definition(
        self,
        parsed: Parsed,
        node: Node,
        role: str,
        captures: Mapping[str, list[Node]],
        holder: Definition | None,
    ) -> Definition | None:
        if _is_in_expression(node):
            return None
        found = super()._definition(parsed, node, role, captures, holder)
        if found is None:
            return None
        if found.kind in {Kind.CLASS, Kind.INTERFACE}:
            return evolve(found, bases=tuple(self._bases(node)))
        is_own = node.type in {"enum_constant", "constructor_declaration"}
        return evolve(found, type=spelled((found.parent.rpartition(".")[2], CALL))) if is_own else found

    def _bases(self, node: Node) -> Iterator[str]:
        """What a class extends and implements."""
        for child in node.named_children:
            if child.type in {"superclass", "super_interfaces", "extends_interfaces"}:
                inner = child.named_children[0]
                for named in inner.named_children if inner.type == "type_list" else [inner]:
                    if base := spelled(self.base(named)):
                        yield base

    def base(self, node: Node) -> Chain:
        """The chain of a type without its arguments."""
        return self.base(node.named_children[0]) if node.type == "generic_type" else self.chain(node)

    def _bound(self, match: Mapping[str, list[Node]]) -> Chain:
        if "type" in match and text_of(match["type"][0]) == "var":
            return self.chain(match["value"][0]) if "value" in match else ()
        return super()._bound(match)

    def _is_read(self, node: Node) -> bool:
        parent = node.parent
        if parent is not None and parent.type in {"scoped_type_identifier", "method_reference"}:
            return parent.named_children[0] == node and (
                parent.type == "method_reference" or _parts(_whole(parent))[0] == node
            )
        return super()._is_read(node)

    def _reference(self, node: Node, cursor: int) -> Reference:
        """The chain that begins at ``node``, which may be a type's first part or stand before ``::``."""
        parent = node.parent
        if parent is not None and parent.type == "scoped_type_identifier":
            whole = _whole(parent)
            chain = self.chain(whole)
            for n, part in enumerate(_parts(whole)):
                if (
                    part.start_byte == cursor
                ):  # a member that is typed before the next statement looks like a type
                    return Reference(chain[:n], node.start_byte, is_open=True)
            outer = whole.parent
            made = outer.parent if outer and outer.type == "generic_type" else outer
            is_made = made is not None and made.type == "object_creation_expression"
            return Reference((*chain, CALL) if is_made else chain, node.start_byte)
        reference = super()._reference(node, cursor)
        if parent is not None and parent.type == "method_reference" and parent.named_child_count > 1:
            return evolve(reference, chain=(*reference.chain, text_of(parent.named_children[-1])))
        return reference

    def declaration(self, definition: Definition, members: Sequence[Definition] = ()) -> str:
        """Valid Java, with ``;`` for bodies, of constructors ``{}``; an enum's constants come first."""
        if definition.kind is Kind.METHOD and definition.name == definition.parent.rpartition(".")[2]:
            return super().declaration(definition).removesuffix(";") + " {}"
        constants = [member for member in members if _is_constant_of(member, definition)]
        others = {member.signature: member for member in members if member not in constants}
        head, _, body = super().declaration(definition, tuple(others.values())).partition(" {\n")
        if not constants:
            return f"{head} {{\n{body}" if body else head
        listed = ", ".join(constant.signature for constant in constants)
        return f"{head} {{\n    {listed};\n{body}"


def _is_constant_of(member: Definition, definition: Definition) -> bool:
    """Whether a member of an enum is one of its values."""
    is_enum = re.search(r"\benum\b", definition.signature) is not None
    return is_enum and member.kind is Kind.FIELD and member.type == f"{definition.name}{CALL}"


def _is_in_expression(node: Node) -> bool:
    """Whether a definition is in a class without a name."""
    holder = node.parent.parent if node.parent else None
    return holder is not None and holder.type in {"object_creation_expression", "enum_constant"}


def _type_parameter(node: Node) -> Node | None:
    """The declaration of the type parameter that ``node`` names; those have names of one or two capitals."""
    name, around = text_of(node), node.parent
    if not re.fullmatch(r"[A-Z][A-Z0-9]?", name):
        return None
    while around:
        parameters = around.child_by_field_name("type_parameters")
        for parameter in parameters.named_children if parameters else ():
            if any(text_of(child) == name for child in parameter.named_children):
                return parameter
        around = around.parent
    return None


def _whole(node: Node) -> Node:
    """The outermost dotted type that ``node`` begins."""
    while node.parent and node.parent.type == "scoped_type_identifier":
        node = node.parent
    return node


def _parts(node: Node) -> list[Node]:
    """The names of a dotted type, without type arguments."""
    if node.type == "scoped_type_identifier":
        return [part for child in node.named_children for part in _parts(child)]
    if node.type == "generic_type":
        return _parts(node.named_children[0])
    return [node] if node.type == "type_identifier" else []


def _without_annotations(declaration: str) -> str:
    return re.sub(r"@(?!interface\b)[\w.]+(?:\((?:[^()\"]|\"[^\"]*\"|\([^()]*\))*\))?\s*", "", declaration)
