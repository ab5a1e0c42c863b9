"""From a syntax tree to what it says: definitions, imports, the chains of names that code reads, its locals.

What is the same for every language is here and works by the language's queries; a language's own reader
derives from `Reader` and says the rest.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar

from attrs import evolve, field, frozen
from tree_sitter import Node

from codenook.context.outline import Definition, Import, Kind, Outline
from codenook.context.parse import Language, Parsed

CALL = "()"
"""The step of a chain that calls what stands before it: ``("shapes", "Point", "()", "x")``."""

Chain = tuple[str, ...]
"""Names as they are read one from the other, with `CALL` between them."""

_KINDS = {kind.value: kind for kind in Kind}
_MAX_VALUE_CHARACTERS = 60
_MAX_SIGNATURE_CHARACTERS = 600
_MAX_DOC_CHARACTERS = 160
_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
_BEFORE_COMMENTS, _AFTER_COMMENTS = f"{_SPACES}/*#!<>-", f"{_SPACES}*/"


@frozen
class Syntax:
    """The names of a grammar's nodes, by what they do.

    ``members`` read a member: the fields of the object and of the member's name. ``calls`` call what is in
    a field. ``wrappers`` stand for what is in a field, or for their first named child (empty). ``labels``
    are names that are not read: their parent, and the field that they are in. ``receivers`` are the names
    that mean the object whose method it is. ``functions`` begin a scope of locals, ``classes`` have members.
    """

    names: frozenset[str]
    members: Mapping[str, tuple[str, str]]
    calls: Mapping[str, str]
    wrappers: Mapping[str, str]
    labels: frozenset[tuple[str, str]]
    receivers: frozenset[str]
    functions: frozenset[str]
    classes: frozenset[str]


@frozen
class Reference:
    """A chain that code reads, and where it begins (bytes).

    ``is_open`` says that the member at its end is still being typed: what comes next is not known.
    """

    chain: Chain
    start: int
    is_open: bool = False


@frozen
class Usage:
    """What a function reads, or the code outside of functions (no name): chains with their counts.

    ``owner`` is the symbol of the class around it, ``row`` counts from 0.
    """

    owner: str = ""
    name: str = ""
    row: int = 0
    chains: Counter[Chain] = field(factory=Counter)


class Reader:
    """Reads the trees of one language. Stateless; any thread may use it."""

    syntax: ClassVar[Syntax]
    statement_end: ClassVar[str] = ""
    """What a statement needs at its end, also where it is the last of its line."""
    left_out: ClassVar[str] = "// ..."
    """What stands for lines of a body that are not shown."""
    implicit_receiver: ClassVar[bool] = False
    """Whether members of the class around are read by their names alone."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def outline(self, parsed: Parsed) -> Outline:
        """What the index keeps of a file."""
        words = parsed.captures("references").values()
        occurrences = Counter(text_of(node) for nodes in words for node in nodes)
        return Outline(
            language=self.language.id,
            definitions=tuple(self.definitions(parsed)),
            imports=tuple(self.imports(parsed)),
            occurrences=occurrences,
            package=self.package(parsed),
        )

    def definitions(self, parsed: Parsed) -> list[Definition]:
        """The definitions of a file and of its classes, in the order of the text; none inside functions."""
        return self.settled(self.every_definition(parsed))

    def every_definition(self, parsed: Parsed, within: tuple[int, int] | None = None) -> list[Definition]:
        """Those that begin ``within`` these bytes, also where one has the same name as another."""
        found: list[Definition] = []
        around: list[tuple[Node, Definition | None]] = []
        for node, role, captures in _in_order(parsed.matches("definitions", within)):
            while around and around[-1][0].end_byte <= node.start_byte:
                around.pop()
            holder = around[-1][1] if around else None
            if role == "scope":
                around.append((node, self._scope(captures, holder)))
                continue
            definition = self._definition(parsed, node, role, captures, holder)
            if definition is None:
                continue
            if definition.kind not in _LEAVES:
                around.append((node, definition))
            if within is None or within[0] <= node.start_byte < within[1]:
                found.append(definition)
        return found

    def settled(self, definitions: Iterable[Definition]) -> list[Definition]:
        """Of definitions in the order of the text one for each name: the first, or one that `replaces` it."""
        found: dict[tuple[str, str], Definition] = {}
        for definition in definitions:
            place = (definition.parent, definition.name)
            if place not in found or self.replaces(found[place], definition):
                found[place] = definition
        return sorted(found.values(), key=lambda definition: (definition.start_line, definition.end_line))

    def imports(self, parsed: Parsed, within: tuple[int, int] | None = None) -> Iterator[Import]:
        """The names that the file, or the code ``within`` these bytes, imports, in the order of the text."""
        raise NotImplementedError

    def references(self, parsed: Parsed, within: tuple[int, int], cursor: int = -1) -> list[Reference]:
        """The chains that code ``within`` these bytes reads; the name at ``cursor`` is not part of any."""
        read = (
            self._reference(node, cursor)
            for node in parsed.captures("references", within).get("name", ())
            if within[0] <= node.start_byte < within[1] and node.start_byte != cursor and self._is_read(node)
        )
        return sorted(read, key=lambda reference: reference.start)

    def usage(
        self, parsed: Parsed, within: tuple[int, int], function: Node | None = None, owner: str = ""
    ) -> "Usage":
        """What the code ``within`` these bytes reads: of ``function`` in the class ``owner``, or of none.

        In words that mean the same anywhere in the file: what local names stand for takes their place, and
        the class around that of ``self``.
        """
        locals_ = self.locals(parsed, within) if function else {}
        chains = Counter(
            self._expanded(reference.chain, locals_, owner) for reference in self.references(parsed, within)
        )
        name = self.function_name(function) if function else ""
        return Usage(owner, name, parsed.source.count(b"\n", 0, within[0]), chains)

    def locals(self, parsed: Parsed, within: tuple[int, int]) -> dict[str, Chain]:
        """What the names that code ``within`` these bytes binds stand for, the last binding of each."""
        found: dict[str, Chain] = {}
        for match in parsed.matches("locals", within):
            (name,) = match["name"]
            if not within[0] <= name.start_byte < within[1]:
                continue
            chain = self._bound(match)
            if chain or text_of(name) not in found:
                found[text_of(name)] = chain
        return found

    def chain(self, node: Node | None) -> Chain:
        """The chain that an expression reads; empty when it is none."""
        if node is None:
            return ()
        syntax = self.syntax
        if node.type in syntax.names:
            return (self.name(node),)
        if node.type in syntax.members:
            whole, member = syntax.members[node.type]
            owner, name = node.child_by_field_name(whole), node.child_by_field_name(member)
            head = self.chain(owner)
            return (*head, *self._member_name(node, name)) if name and (head or owner is None) else ()
        if node.type in syntax.calls:
            head = self.chain(node.child_by_field_name(syntax.calls[node.type]))
            return (*head, CALL) if head else ()
        if node.type in syntax.wrappers:
            return self.chain(self._wrapped(node))
        return ()

    # What a language may say in its own way

    def type_of(self, node: Node) -> Chain:
        """The chain whose value is an instance of the type that ``node`` names."""
        head = self.chain(node)
        return (*head, CALL) if head else ()

    def stub(self, definition: Definition, members: Sequence[Definition] = ()) -> str:
        """A definition as the model is shown it: no more of its body than it holds, of a class these."""
        return definition.body or self.declaration(definition, members)

    def declaration(self, definition: Definition, members: Sequence[Definition] = ()) -> str:
        """A definition without its body, a class with the stubs of ``members``."""
        doc = f"// {definition.doc}\n" if definition.doc else ""
        if definition.kind not in {Kind.CLASS, Kind.INTERFACE}:
            return f"{doc}{definition.signature};"
        lines = [f"    {line}" for member in members for line in self.stub(member).split("\n")]
        return "\n".join([f"{doc}{definition.signature} {{", *lines, "}"])

    def brief(self, definition: Definition) -> Definition:
        """A definition with no more than its name: without parameters, results, types and values."""
        is_callable = definition.kind in _CALLABLE
        if definition.bases or not (is_callable or definition.kind in _VARIABLES):
            return definition
        call = r"(?=\s*[(<\[])" if is_callable else ""
        found = re.search(rf"\b{re.escape(definition.name)}\b{call}", definition.signature)
        if not found:
            return definition
        head = definition.signature[: found.end()]
        return evolve(definition, signature=f"{head}(...)" if is_callable else head, doc="")

    def name(self, node: Node) -> str:
        """The name that a node reads, as a step of a chain."""
        return text_of(node)

    def function_name(self, node: Node) -> str:
        """The name of a function."""
        return text_of(node.child_by_field_name("name"))

    def class_name(self, node: Node) -> str:
        """The name of a class, or of the type that a block of methods is for."""
        return bare_name(text_of(node.child_by_field_name("name")))

    def is_flat(self, node: Node) -> bool:  # noqa: ARG002 - such blocks are a language's own
        """Whether what ``node`` holds belongs to the type that it names, wherever it stands."""
        return False

    def owner(self, node: Node) -> str:  # noqa: ARG002 - most languages write methods inside their class
        """The type that a function is written for, where its own header names it."""
        return ""

    def stand_in(self, code: str, indent: int) -> tuple[str, str]:
        """What makes a definition of its own of ``code``, taken out of a class: text before and after it."""
        raise NotImplementedError

    def package(self, parsed: Parsed) -> str:  # noqa: ARG002 - most languages have none
        """What the file says that it belongs to."""
        return ""

    def outer(self, node: Node) -> Node:
        """The node of a definition with its decorators and modifiers."""
        return node

    def signature(self, node: Node, body: Node | None) -> str:
        """What a reader needs in order to use a definition: everything before its body."""
        outer = self.outer(node)
        source = outer.text or b""
        end = body.start_byte - outer.start_byte if body else len(source)
        return one_line(source[:end].decode("utf-8", "replace")).rstrip("{;=: ")

    def constant(self, node: Node, value: Node | None) -> str:
        """A variable, field or constant on one line; a long value becomes ``...``."""
        if value is None or fits(value):
            return one_line(text_of(node)).rstrip(",; ")
        source, start = node.text or b"", value.start_byte - node.start_byte
        return one_line(source[:start].decode("utf-8", "replace")) + " ..."

    def doc(self, node: Node, body: Node | None) -> str:  # noqa: ARG002 - some languages look inside
        """The first line of the comment above a definition, without its marks."""
        above, line = self.outer(node).prev_sibling, self.outer(node).start_point.row
        first = ""
        while above and "comment" in above.type and above.end_point.row >= line - 1 and _begins_line(above):
            text, line = text_of(above), above.start_point.row
            first = next(filter(None, map(_bare, text.split("\n"))), first)
            above = above.prev_sibling
        return first[:_MAX_DOC_CHARACTERS]

    def is_public(self, name: str, node: Node) -> bool:  # noqa: ARG002 - some languages have a word for it
        """Whether the language or its customs offer a definition to others."""
        return not name.startswith("_")

    def reexports(self, path: str) -> bool:  # noqa: ARG002 - by the file's name, in some languages
        """Whether a file imports for others what it doesn't use itself."""
        return False

    def is_broken(self, node: Node, body: Node | None) -> bool:
        """Whether the parser stumbled before the body."""
        return any(child.has_error for child in node.children if body is None or child != body)

    def replaces(self, earlier: Definition, later: Definition) -> bool:  # noqa: ARG002 - overloads, bodies
        """Whether the second of two definitions with one name says more."""
        return False

    # How it is done

    def _scope(self, captures: Mapping[str, list[Node]], holder: Definition | None) -> Definition | None:
        """What definitions inside a scope belong to: the type that it names, else what the scope is in."""
        if "name" not in captures:
            return holder
        name = bare_name(text_of(captures["name"][0]))
        return Definition(name, name, Kind.CLASS, 0, 0, "")

    def _definition(
        self,
        parsed: Parsed,  # noqa: ARG002 - for languages that look around
        node: Node,
        role: str,
        captures: Mapping[str, list[Node]],
        holder: Definition | None,
    ) -> Definition | None:
        body = _only(captures, "body")
        if holder and holder.kind in _CALLABLE:
            holder = self._owner(captures, holder)
            if holder is None:
                return None
        name = text_of(captures["name"][0])
        if not name or self.is_broken(node, body):
            return None
        parent = bare_name(text_of(_only(captures, "of"))) or (holder.symbol if holder else "")
        kind = _IN_CLASS.get(_KINDS[role], _KINDS[role]) if parent else _KINDS[role]
        value, returns = _only(captures, "value"), _only(captures, "returns")
        if kind in _LEAVES and kind is not Kind.MACRO:
            signature = self.constant(node, value)
        else:
            signature = self.signature(node, body)
        outer = self.outer(node)
        return Definition(
            name=name,
            symbol=f"{parent}.{name}" if parent else name,
            kind=kind,
            start_line=outer.start_point.row + 1,
            end_line=node.end_point.row + 1,
            signature=signature[:_MAX_SIGNATURE_CHARACTERS],
            parent=parent,
            doc=self.doc(node, body),
            type=spelled((self.type_of(returns) if returns else ()) or self.chain(value)),
            bases=tuple(base for found in captures.get("base", ()) if (base := spelled(self.base(found)))),
            is_public=self.is_public(name, node),
        )

    def base(self, node: Node) -> Chain:
        """The chain that names a class' base."""
        chain = self.type_of(node)
        return chain[:-1] if chain[-1:] == (CALL,) else chain

    def _owner(self, captures: Mapping[str, list[Node]], function: Definition) -> Definition | None:
        """The class that a field belongs to which is set inside ``function``; None for all else."""
        if "self" not in captures or not function.parent:
            return None
        return evolve(function, name="", symbol=function.parent, kind=Kind.CLASS)

    def _expanded(self, chain: Chain, locals_: Mapping[str, Chain], owner: str, hops: int = 4) -> Chain:
        first, *rest = chain
        if first in self.syntax.receivers:
            return (*owner.split("."), *rest) if owner else chain
        if hops and (meant := locals_.get(first)):
            others = {name: known for name, known in locals_.items() if name != first}
            return self._expanded((*meant, *rest), others, owner, hops - 1)
        return chain

    def _bound(self, match: Mapping[str, list[Node]]) -> Chain:
        if "type" in match:
            return self.type_of(match["type"][0])
        return self.chain(_only(match, "value"))

    def _is_read(self, node: Node) -> bool:
        parent = node.parent
        if parent is None:
            return True
        if parent.type in self.syntax.members:
            whole, _ = self.syntax.members[parent.type]
            return (parent.child_by_field_name(whole) or node) == node
        return not any(
            kind == parent.type and (not field or parent.child_by_field_name(field) == node)
            for kind, field in self.syntax.labels
        )

    def _reference(self, node: Node, cursor: int) -> Reference:
        return self._read_on([self.name(node)], node, node.start_byte, cursor)

    def _read_on(self, chain: list[str], inner: Node, start: int, cursor: int) -> Reference:
        """The whole chain that begins with ``chain``, which ``inner`` reads."""
        syntax, outer = self.syntax, inner.parent
        while outer:
            if outer.type in syntax.members:
                whole, member = syntax.members[outer.type]
                name = outer.child_by_field_name(member)
                if name == inner and outer.child_by_field_name(whole) is None:
                    chain += self._member_name(outer, name)[1:]
                    inner, outer = outer, outer.parent
                    continue
                if outer.child_by_field_name(whole) != inner:
                    break
                if name is None or name.start_byte == cursor:
                    return Reference(tuple(chain), start, is_open=True)
                chain += self._member_name(outer, name)
            elif outer.type in syntax.calls and outer.child_by_field_name(syntax.calls[outer.type]) == inner:
                chain.append(CALL)
            elif outer.type not in syntax.wrappers or self._wrapped(outer) != inner:
                break
            inner, outer = outer, outer.parent
        return Reference(tuple(chain), start)

    def _member_name(self, node: Node, name: Node) -> Sequence[str]:
        """The steps that reading the member ``name`` takes; a method call may be one node with it."""
        return [text_of(name), CALL] if node.type in self.calling_members else [text_of(name)]

    calling_members: ClassVar[frozenset[str]] = frozenset()
    """Nodes that read a member and call it in one."""

    def _wrapped(self, node: Node) -> Node | None:
        field = self.syntax.wrappers[node.type]
        return node.child_by_field_name(field) if field else first_named(node)


_LEAVES = {Kind.FIELD, Kind.CONSTANT, Kind.TYPE, Kind.MACRO}
_CALLABLE = {Kind.FUNCTION, Kind.METHOD}
_VARIABLES = {Kind.FIELD, Kind.CONSTANT}
_IN_CLASS = {Kind.FUNCTION: Kind.METHOD, Kind.CONSTANT: Kind.FIELD}
_ROLES = (*_KINDS, "scope")


def _in_order(
    matches: Sequence[Mapping[str, list[Node]]],
) -> list[tuple[Node, str, Mapping[str, list[Node]]]]:
    """The definitions that were matched, each before those inside it; a class matches once for each base."""
    found: dict[tuple[int, str, tuple[int, ...]], tuple[Node, str, dict[str, list[Node]]]] = {}
    for captures in matches:
        role = next(role for role in _ROLES if role in captures)
        node, names = captures[role][0], tuple(name.id for name in captures.get("name", ()))
        _, _, known = found.setdefault((node.id, role, names), (node, role, {}))
        known["base"] = [*known.get("base", ()), *captures.get("base", ())]
        known |= {name: nodes for name, nodes in captures.items() if name != "base"}
    return sorted(found.values(), key=lambda match: (match[0].start_byte, -match[0].end_byte))


def spelled(chain: Chain) -> str:
    """A chain as the index keeps it: ``shapes.Point()``."""
    return ".".join(chain).replace(f".{CALL}", CALL)


def steps(text: str) -> Chain:
    """The chain that `spelled` made ``text`` of."""
    return tuple(text.replace(CALL, f".{CALL}").split(".")) if text else ()


def bare_name(text: str) -> str:
    """The name in a type's spelling, without pointers, paths and type arguments."""
    return re.split(r"[<\[(]", text, maxsplit=1)[0].strip("*& ").replace("::", ".").rpartition(".")[2]


def text_of(node: Node | None) -> str:
    """The source of ``node``; nothing for None."""
    return (node.text or b"").decode("utf-8", "replace") if node else ""


def first_named(node: Node) -> Node | None:
    """The first named child that is not a comment."""
    return next((child for child in node.named_children if "comment" not in child.type), None)


def _bare(comment: str) -> str:
    """A line of a comment without its marks; a pattern for the end would look from each of many blanks."""
    return comment.lstrip(_BEFORE_COMMENTS).rstrip(_AFTER_COMMENTS)


def _begins_line(node: Node) -> bool:
    before = node.prev_sibling
    return before is None or before.end_point.row < node.start_point.row or not before.end_point.column


def fits(value: Node) -> bool:
    """Whether a value is short enough to be shown."""
    return value.end_byte - value.start_byte <= _MAX_VALUE_CHARACTERS and (
        value.start_point.row == value.end_point.row
    )


def one_line(text: str) -> str:
    """``text`` on one line, with single spaces, and none inside of brackets at their ends."""
    if "\n" not in text:
        return text.strip()
    joined = " ".join(text.split())
    return re.sub(r"(?<=[(\[{]) |,? (?=[)\]])", "", joined)


def _only(captures: Mapping[str, list[Node]], name: str) -> Node | None:
    return captures[name][0] if name in captures else None
