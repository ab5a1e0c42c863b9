"""Rust's trees: paths, impl blocks, use trees, and types that stand for what they hold."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from attrs import evolve
from tree_sitter import Node

from codenook.context.languages.rust.uses import imports_of_module, imports_of_use
from codenook.context.outline import Definition, Import, Kind
from codenook.context.parse import Parsed
from codenook.context.reading import CALL, Chain, Reader, Reference, Syntax, spelled, text_of

_HOLDERS = {
    *("Box", "Rc", "Arc", "Weak", "Cow", "Cell", "RefCell", "OnceCell", "OnceLock", "LazyLock", "Pin"),
    *("Mutex", "RwLock", "MutexGuard", "RwLockReadGuard", "RwLockWriteGuard", "Ref", "RefMut", "NonNull"),
    *("Option", "Result", "Poll", "Vec", "VecDeque", "LinkedList", "HashSet", "BTreeSet", "BinaryHeap"),
    *("IndexSet", "SmallVec", "Iter", "IterMut", "IntoIter", "Iterator", "IntoIterator", "Future", "Stream"),
    *("DoubleEndedIterator", "ExactSizeIterator", "Peekable", "ManuallyDrop", "AsRef", "Into"),
}
"""Generic types that are read for what they hold, the first that has a name."""

_MAPS = {"HashMap", "BTreeMap", "IndexMap", "FxHashMap"}
"""Generic types that are read for the last."""

_TRANSPARENT = {
    *("unwrap", "expect", "unwrap_or", "unwrap_or_else", "unwrap_or_default", "ok", "ok_or", "ok_or_else"),
    *("map_err", "as_ref", "as_mut", "as_deref", "as_deref_mut", "clone", "cloned", "copied", "to_owned"),
    *("borrow", "borrow_mut", "lock", "iter", "iter_mut", "into_iter"),
}
"""Methods of the standard library's types that give what the type holds, or the same again."""

_UNNAMED = {"crate", "super", "self"}
"""What a path may begin with; in a chain it is written with the colons that follow."""

_OF_MODULES = {"use_declaration", "use_list", "scoped_use_list", "use_as_clause", "use_wildcard"}


class RustReader(Reader):
    """Reads Rust."""

    statement_end: ClassVar[str] = ";"
    syntax: ClassVar[Syntax] = Syntax(
        names=frozenset(
            {
                *("identifier", "type_identifier", "field_identifier", "shorthand_field_identifier"),
                *("self", "crate", "super"),
            }
        ),
        members={
            "field_expression": ("value", "field"),
            "scoped_identifier": ("path", "name"),
            "scoped_type_identifier": ("path", "name"),
        },
        calls={"call_expression": "function", "struct_expression": "name"},
        wrappers={
            "generic_function": "function",
            "generic_type": "type",
            "generic_type_with_turbofish": "type",
            "reference_expression": "value",
            "parenthesized_expression": "",
            "unary_expression": "",
            "try_expression": "",
            "await_expression": "",
            "index_expression": "",
        },
        labels=frozenset(
            {
                ("function_item", "name"),
                ("function_signature_item", "name"),
                ("struct_item", "name"),
                ("union_item", "name"),
                ("enum_item", "name"),
                ("trait_item", "name"),
                ("type_item", "name"),
                ("const_item", "name"),
                ("static_item", "name"),
                ("associated_type", "name"),
                ("macro_definition", "name"),
                ("mod_item", "name"),
                ("enum_variant", "name"),
                ("field_declaration", "name"),
                ("type_parameter", "name"),
                ("type_binding", "name"),
                ("visibility_modifier", ""),
                ("extern_crate_declaration", ""),
                ("self_parameter", ""),
                ("lifetime", ""),
                ("label", ""),
                ("attribute", ""),
            }
        ),
        receivers=frozenset({"self", "Self"}),
        functions=frozenset({"function_item"}),
        classes=frozenset({"impl_item", "trait_item", "struct_item", "enum_item", "union_item"}),
    )

    def type_of(self, node: Node) -> Chain:  # noqa: PLR0911 - one for each form of a type
        """The chain of a type: of a container what it holds, of several bounds the first."""
        match node.type:
            case "generic_type":
                return self._generic(node)
            case "reference_type" | "pointer_type":
                return self._inner(node.child_by_field_name("type"))
            case "abstract_type" | "dynamic_type":
                return self._inner(node.child_by_field_name("trait"))
            case "array_type":
                return self._inner(node.child_by_field_name("element"))
            case "type_binding":
                return self._inner(node.child_by_field_name("type"))
            case "trait_bounds" | "bounded_type" | "higher_ranked_trait_bound":
                bounds = (child for child in node.named_children if child.type != "lifetime")
                return next((chain for bound in bounds if (chain := self.type_of(bound))), ())
            case "type_identifier" | "scoped_type_identifier":
                return super().type_of(node)
        return ()

    def _generic(self, node: Node) -> Chain:
        head = node.child_by_field_name("type")
        arguments = node.child_by_field_name("type_arguments")
        if head is None or arguments is None:
            return ()
        name = text_of(head).rpartition("::")[2]
        if name not in _HOLDERS | _MAPS:
            return super().type_of(head)
        types = [child for child in arguments.named_children if child.type != "lifetime"]
        held = types[-1:] if name in _MAPS else types
        return next((chain for each in held if (chain := self.type_of(each))), ())

    def _inner(self, node: Node | None) -> Chain:
        return self.type_of(node) if node else ()

    def name(self, node: Node) -> str:
        """A name as it stands, or what a path begins with."""
        if node.type in _UNNAMED and (node.type != "self" or _begins_path(node)):
            return f"{node.type}::"
        return text_of(node)

    def class_name(self, node: Node) -> str:
        """The name of a type, or of the one that an impl block is for."""
        if node.type == "impl_item":
            return _implementer(node.child_by_field_name("type"))
        return super().class_name(node)

    def is_flat(self, node: Node) -> bool:  # noqa: ARG002 - modules don't count, and types don't nest
        """Every type and impl block."""
        return True

    def doc(self, node: Node, body: Node | None) -> str:
        """The first line of the comment above the attributes of a definition."""
        while (above := node.prev_sibling) and above.type == "attribute_item":
            node = above
        return super().doc(node, body)

    def is_public(self, name: str, node: Node) -> bool:  # noqa: ARG002 - it has a word of its own
        """Whether it says ``pub``, or is part of a trait or enum."""
        if node.type in {"enum_variant", "function_signature_item", "associated_type", "macro_definition"}:
            return True
        around = node.parent.parent if node.parent else None
        if around and (around.type == "trait_item" or around.child_by_field_name("trait")):
            return True
        return any(child.type == "visibility_modifier" for child in node.children)

    def replaces(self, earlier: Definition, later: Definition) -> bool:
        """Whether a method has the name of a field: others read the method."""
        return earlier.kind is Kind.FIELD and later.kind is Kind.METHOD

    def signature(self, node: Node, body: Node | None) -> str:
        """The header; of a macro the patterns that it takes."""
        if node.type != "macro_definition":
            return super().signature(node, body)
        name = text_of(node.child_by_field_name("name"))
        rules = [child for child in node.named_children if child.type == "macro_rule"]
        takes = [" ".join(text_of(rule.child_by_field_name("left")).split()) for rule in rules]
        return f"macro_rules! {name} {{ {'; '.join(f'{pattern} => {{}}' for pattern in takes)} }}"

    def stand_in(self, code: str, indent: int) -> tuple[str, str]:  # noqa: ARG002 - methods parse alone
        """Nothing: the grammar takes a method anywhere."""
        return "", ""

    def declaration(self, definition: Definition, members: Sequence[Definition] = ()) -> str:
        """Valid Rust but for the bodies of functions, which end in a semicolon."""
        doc = f"/// {definition.doc}\n" if definition.doc else ""
        line = f"{doc}{definition.signature}"
        if definition.kind is Kind.INTERFACE:
            return "\n".join([f"{line} {{", *self._indented(members), "}"])
        if definition.kind is not Kind.CLASS:
            ends = "," if definition.kind is Kind.FIELD and "const " not in definition.signature else ";"
            closed = definition.kind is Kind.MACRO or definition.bases
            return f"{line}{' {}' if definition.bases else '' if closed else ends}"
        fields = [member for member in members if self._is_inside(member)]
        others = [member for member in members if not self._is_inside(member)]
        blocks = [self.stub(member) for member in others if member.bases]
        methods = [member for member in others if not member.bases]
        if methods:
            blocks.append("\n".join([f"impl {definition.name} {{", *self._indented(methods), "}"]))
        head = f"{line};" if definition.signature.endswith(")") else f"{line} {{}}"
        if fields:
            head = "\n".join([f"{line} {{", *self._indented(fields), "}"])
        return "\n".join([head, *blocks])

    def _indented(self, members: Sequence[Definition]) -> list[str]:
        return [f"    {line}" for member in members for line in self.stub(member).split("\n")]

    def _is_inside(self, member: Definition) -> bool:
        return member.kind is Kind.FIELD and "const " not in member.signature

    def imports(self, parsed: Parsed, within: tuple[int, int] | None = None) -> Iterator[Import]:
        """Use trees at any depth, and the modules that the file declares."""
        for match in parsed.matches("imports", within):
            if "use" in match:
                yield from imports_of_use(match["use"][0])
            elif "module" in match:
                yield from imports_of_module(match["module"][0])
            else:
                name = text_of(match["crate"][0])
                yield Import(name, None, text_of(match["alias"][0]) if "alias" in match else name)

    def _scope(self, captures: Mapping[str, list[Node]], holder: Definition | None) -> Definition | None:
        if "name" not in captures or (holder and holder.kind in {Kind.FUNCTION, Kind.METHOD}):
            return holder
        name = _implementer(captures["name"][0])
        return Definition(name, name, Kind.CLASS, 0, 0, "")

    def _definition(
        self,
        parsed: Parsed,
        node: Node,
        role: str,
        captures: Mapping[str, list[Node]],
        holder: Definition | None,
    ) -> Definition | None:
        found = super()._definition(parsed, node, role, captures, holder)
        if found is None or node.type not in {"enum_variant", "trait_item", "impl_item"}:
            return found
        if node.type == "enum_variant":
            return evolve(found, type=f"Self{CALL}")
        if node.type == "trait_item":
            bounds = node.child_by_field_name("bounds")
            bases = (spelled(self.base(bound)) for bound in (bounds.named_children if bounds else ()))
            return evolve(found, bases=tuple(filter(None, bases)))
        trait, parent = captures["name"][0], _implementer(captures["of"][0])
        base = self.base(trait)
        if not parent or not base:
            return None
        name = f"impl {base[-1]}"
        header = self.signature(node, node.child_by_field_name("body"))
        return evolve(
            found,
            name=name,
            symbol=f"{parent}.{name}",
            parent=parent,
            signature=header,
            bases=(".".join(base),),
            is_public=False,
        )

    def _is_read(self, node: Node) -> bool:
        parent = node.parent
        if parent and parent.type == "token_tree":
            before = node.prev_sibling
            is_in_attribute = parent.parent is not None and parent.parent.type == "attribute"
            return not is_in_attribute and (before is None or before.type not in {".", "::"})
        return super()._is_read(node) and not _is_in_use(node)

    def _reference(self, node: Node, cursor: int) -> Reference:
        parent = node.parent
        if parent and parent.type == "token_tree":
            return self._in_macro(node, cursor)
        if parent and node.type == "field_identifier" and (around := _literal(parent)):
            return Reference((*self.chain(around), CALL, text_of(node)), node.start_byte)
        return super()._reference(node, cursor)

    def _in_macro(self, node: Node, cursor: int) -> Reference:
        """The chain in what a macro is given, which is not parsed."""
        chain, after = [self.name(node)], node.next_sibling
        while after and after.type in {".", "::", "?", "token_tree"}:
            if after.type == "token_tree" and (after.text or b"").startswith(b"("):
                chain.append(CALL)
            elif after.type in {".", "::"}:
                after = after.next_sibling
                if after is None or after.type not in self.syntax.names:
                    return Reference(tuple(chain), node.start_byte, is_open=after is None)
                if after.start_byte == cursor:
                    return Reference(tuple(chain), node.start_byte, is_open=True)
                chain += self._member_name(node, after)
            after = after.next_sibling
        return Reference(tuple(chain), node.start_byte)

    def _member_name(self, node: Node, name: Node) -> Sequence[str]:
        return [] if text_of(name) in _TRANSPARENT else super()._member_name(node, name)


def _begins_path(node: Node) -> bool:
    after = node.next_sibling
    return after is not None and after.type == "::"


def _implementer(node: Node | None) -> str:
    """The name of the type that a block is for; empty for tuples, slices and the like."""
    while node and node.type in {"generic_type", "reference_type", "scoped_type_identifier"}:
        node = node.child_by_field_name("name" if node.type == "scoped_type_identifier" else "type")
    return text_of(node) if node and node.type == "type_identifier" else ""


def _is_in_use(node: Node) -> bool:
    around = node.parent
    while around and around.type == "scoped_identifier":
        around = around.parent
    return around is not None and around.type in _OF_MODULES


def _literal(parent: Node) -> Node | None:
    """The type of the struct literal or pattern that a field is named in."""
    around = parent.parent
    if parent.type == "field_initializer" and around and around.parent:
        return around.parent.child_by_field_name("name")
    if parent.type == "field_pattern" and around:
        return around.child_by_field_name("type")
    return None
