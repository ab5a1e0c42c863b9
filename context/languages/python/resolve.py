"""From the names that the code around a cursor reads to the definitions behind them in other files."""

from __future__ import annotations

from collections import Counter
from enum import IntEnum
from pathlib import PurePath
from typing import TYPE_CHECKING

from attrs import Factory, define, frozen

from codenook.context.languages.python.modules import Found, Module, Modules
from codenook.context.languages.python.outline import Import, bases, imports_of
from codenook.context.languages.python.stubs import text_of
from codenook.context.line import PLACEHOLDER
from codenook.context.resolver import Candidates, Edited
from codenook.context.snippets import Snippet, Why

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from codenook.context.workspace import Workspace

_IMPORT_STATEMENTS = {"import_statement", "import_from_statement"}
_IMPORTING = _IMPORT_STATEMENTS | {"aliased_import", "relative_import"}


class _Nearness(IntEnum):
    """How close to the cursor a definition is needed: the order in which snippets are offered."""

    BASE_OF_EDITED_CLASS = 0
    SAME_FUNCTION = 1
    MEMBER_AT_CURSOR = 2
    NOT_USED_YET = 3
    SAME_CLASS = 4
    SAME_FILE = 5
    BASE_OF_SHOWN_CLASS = 6


@frozen
class _Reference:
    """A dotted name that is read outside of import statements; the word at the cursor is not part of it."""

    names: tuple[str, ...]
    nearness: _Nearness


@define
class _Candidate:
    found: Found
    nearness: _Nearness
    why: Why
    n_uses: int

    def rank(self) -> tuple[_Nearness, int, str, int]:
        """Nearer first, then more often used, then by place."""
        return self.nearness, -self.n_uses, self.found.outline.path, self.found.definition.start_line

    def snippet(self) -> Snippet:
        definition = self.found.definition
        text = definition.inherited if self.why is Why.BASE_CLASS else definition.text
        return Snippet(
            self.found.outline.path,
            definition.start_line,
            definition.end_line,
            definition.name,
            self.why,
            text,
        )


@frozen(eq=False)
class PythonResolver:
    """Finds what a Python file imports from its workspace and uses."""

    workspace: Workspace

    def candidates(self, document: Edited) -> Candidates:
        """Bases of the class being edited, what is used near the cursor, the file's other imports."""
        modules = Modules(self.workspace, document.path)
        surroundings = _Surroundings.of(document)
        statements = imports_of(tuple(_import_statements(document)))
        bindings = _bindings(statements, modules)
        references = Counter(_references(document, surroundings, bindings))
        offers = _Offers(self.workspace.relative(document.path))
        for base in _bases_of_edited_class(document, surroundings, bindings, modules):
            offers.add(base, _Nearness.BASE_OF_EDITED_CLASS, Why.BASE_CLASS)
        _offer_referenced(offers, references, bindings, modules)
        for source in _imported_from_at_cursor(document, statements, modules):
            for found in modules.public(source):
                offers.add(found, _Nearness.MEMBER_AT_CURSOR, Why.IMPORTED)
        for found in _not_used_yet(document, bindings, references):
            offers.add(found, _Nearness.NOT_USED_YET, Why.IMPORTED)
        for base in _bases_of_shown_classes(offers, modules):
            offers.add(base, _Nearness.BASE_OF_SHOWN_CLASS, Why.BASE_CLASS)
        return Candidates(
            [candidate.snippet() for candidate in offers.ranked()],
            names=frozenset({*bindings, "import"}),
            is_settled=not _is_importing(document),
        )


@frozen
class _Surroundings:
    """The innermost class around the cursor, and the outermost function that is still inside that class."""

    function: Node | None
    class_: Node | None

    @classmethod
    def of(cls, document: Edited) -> _Surroundings:
        function, node = None, document.node_at_cursor
        while node and node.type != "class_definition":
            function = node if node.type == "function_definition" else function
            node = node.parent
        return cls(function, node)

    def nearness(self, node: Node) -> _Nearness:
        """How near the name `node` stands to the cursor."""
        for scope, nearness in (
            (self.function, _Nearness.SAME_FUNCTION),
            (self.class_, _Nearness.SAME_CLASS),
        ):
            if scope and scope.start_byte <= node.start_byte < scope.end_byte:
                return nearness
        return _Nearness.SAME_FILE


@define
class _Offers:
    """The definitions found so far, each once, with the strongest reason to show it."""

    own_path: str | None
    by_place: dict[tuple[str, int], _Candidate] = Factory(dict)

    def add(self, found: Found, nearness: _Nearness, why: Why, n_uses: int = 0) -> None:
        if found.outline.path == self.own_path:
            return
        place = (found.outline.path, found.definition.start_line)
        held = self.by_place.setdefault(place, _Candidate(found, nearness, why, 0))
        held.n_uses += n_uses
        if nearness < held.nearness:
            held.nearness, held.why = nearness, why

    def ranked(self) -> list[_Candidate]:
        return sorted(self.by_place.values(), key=_Candidate.rank)


def _bindings(statements: Sequence[Import], modules: Modules) -> dict[str, Module | Found]:
    """What the names that the document imports from the workspace stand for."""
    bindings: dict[str, Module | Found] = {}
    for statement in statements:
        if statement.name == "*":
            bindings |= {found.definition.name: found for found in modules.starred(statement)}
        elif target := modules.bound(statement):
            bindings.setdefault(statement.binds, target)
    return bindings


def _import_statements(document: Edited) -> Iterator[bytes]:
    """The document's import statements, in the order of the text."""
    for keyword in document.parsed.nodes_of(["import"]):
        statement = keyword.parent
        if keyword.type == "import" and statement and statement.type in _IMPORT_STATEMENTS:
            yield statement.text or b""


def _references(
    document: Edited,
    surroundings: _Surroundings,
    bindings: dict[str, Module | Found],
) -> Iterator[_Reference]:
    """Where the document reads imported names, with the attributes that follow them."""
    for node in document.parsed.nodes_of(bindings):
        if node.type == "identifier" and node.start_byte != document.cursor and _is_read(node):
            chain, nearness, outer = [text_of(node)], surroundings.nearness(node), node.parent
            while outer and outer.type == "attribute":
                attribute = outer.child_by_field_name("attribute")
                if attribute is None or attribute.start_byte == document.cursor:
                    nearness = _Nearness.MEMBER_AT_CURSOR
                    break
                chain.append(text_of(attribute))
                outer = outer.parent if outer.parent and outer.parent.child(0) == outer else None
            yield _Reference(tuple(chain), nearness)


def _offer_referenced(
    offers: _Offers,
    references: Counter[_Reference],
    bindings: dict[str, Module | Found],
    modules: Modules,
) -> None:
    for reference, n_uses in references.items():
        first, *attributes = reference.names
        target = modules.resolve(bindings[first], attributes)
        why = Why.ATTRIBUTE if isinstance(bindings[first], Module) else Why.IMPORTED
        if isinstance(target, Found):
            offers.add(target, reference.nearness, why, n_uses)
        elif target and reference.nearness is _Nearness.MEMBER_AT_CURSOR:
            for found in modules.public(target):
                offers.add(found, reference.nearness, why)


def _is_read(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return True
    if parent.type == "attribute":
        return parent.child(0) == node
    if parent.type == "keyword_argument":
        return parent.child_by_field_name("value") == node
    holder = parent.parent if parent.type == "dotted_name" else parent
    return holder is None or holder.type not in _IMPORTING


def _is_importing(document: Edited) -> bool:
    """Whether the cursor's line is, or may become, an import statement."""
    line = document.parsed.source[document.parsed.source.rfind(b"\n", 0, document.cursor) + 1 :]
    return b"import" in line.partition(b"\n")[0]


def _imported_from_at_cursor(
    document: Edited, statements: Sequence[Import], modules: Modules
) -> Iterator[Module]:
    """The module ``m`` when the cursor stands in ``from m import ...``."""
    node = document.node_at_cursor
    while node and node.type != "import_from_statement":
        node = node.parent
    for statement in statements if node else ():
        source = modules.source_of(statement, document.path)
        if statement.name == PLACEHOLDER and source:
            yield source


def _not_used_yet(
    document: Edited, bindings: dict[str, Module | Found], references: Counter[_Reference]
) -> Iterator[Found]:
    """Definitions that the document imports but does not use: likely what is about to be written.

    The imports of an `__init__` module are what it offers to others.
    """
    if PurePath(document.path).stem == "__init__":
        return
    used = {reference.names[0] for reference in references}
    for name, target in bindings.items():
        if name not in used and isinstance(target, Found):
            yield target


def _bases_of_edited_class(
    document: Edited, surroundings: _Surroundings, bindings: dict[str, Module | Found], modules: Modules
) -> Iterator[Found]:
    """The imported ancestors of the class around the cursor, through classes of the document itself."""
    to_visit = [surroundings.class_] if surroundings.class_ else []
    seen = set()
    while to_visit:
        class_ = to_visit.pop()
        seen.add(class_.id)
        for base in bases(class_):
            first, *attributes = base.split(".")
            target = modules.resolve(bindings.get(first), attributes)
            if isinstance(target, Found):
                yield target
            elif first not in bindings:
                own = document.parsed.captures("definitions").get("class", ())
                same_name = (node for node in own if text_of(node.child_by_field_name("name")) == base)
                to_visit += [node for node in same_name if node.id not in seen]


def _bases_of_shown_classes(offers: _Offers, modules: Modules) -> Iterator[Found]:
    for shown in offers.ranked():
        for name in shown.found.definition.bases:
            base = modules.named(shown.found.module, name)
            if base:
                yield base
