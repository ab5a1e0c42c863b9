"""What a Python module offers to others: its definitions and what it imports."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import frozen

from codenook.context.languages.python import LANGUAGE, stubs
from codenook.context.languages.python.stubs import text_of
from codenook.context.parse import parse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tree_sitter import Node

    from codenook.context.parse import Parsed

_SCOPES = ("function_definition", "class_definition", "lambda")


@frozen
class Definition:
    """A definition at module level; lines are 1-based and inclusive.

    ``text`` is the stub that callers see, ``inherited`` the one that subclasses see (private members
    too), ``bases`` the dotted names of a class' bases.
    """

    name: str
    start_line: int
    end_line: int
    text: str
    inherited: str
    bases: tuple[str, ...] = ()


@frozen
class Import:
    """One imported name.

    ``import a.b as c`` has no ``name``; ``from ..m import n as c`` has ``level`` 2; a star import has the
    name ``*``. ``binds`` is the local name that the statement creates.
    """

    module: tuple[str, ...]
    level: int
    name: str | None
    binds: str


@frozen
class Outline:
    """A module of the workspace; ``path`` is relative to its root."""

    path: str
    definitions: Mapping[str, Definition]
    imports: tuple[Import, ...]


def read_outline(path: str, parsed: Parsed) -> Outline:
    """Read the definitions at module level and the imports of a parsed file."""
    definitions: dict[str, Definition] = {}
    for match in parsed.matches("definitions"):
        (name,) = match["name"]
        (node,) = match.get("function") or match.get("class") or match["constant"]
        if text_of(name) not in definitions and _at_module_level(node):
            definition = _definition(parsed, text_of(name), node)
            if definition:
                definitions[definition.name] = definition
    return Outline(path, definitions, imports(parsed))


def imports(parsed: Parsed) -> tuple[Import, ...]:
    """The names that a file imports, at any depth, in the order of the text."""
    return tuple(_import(match) for match in parsed.matches("imports"))


@lru_cache(maxsize=256)
def imports_of(statements: tuple[bytes, ...]) -> tuple[Import, ...]:
    """The names that import statements, taken out of a file, import."""
    return imports(parse(LANGUAGE, b"\n".join(statements)))


def bases(node: Node) -> tuple[str, ...]:
    """The dotted names of a class' bases, without subscripts; other expressions are left out."""
    arguments = node.child_by_field_name("superclasses")
    found = []
    for argument in arguments.named_children if arguments else ():
        base = argument.child_by_field_name("value") if argument.type == "subscript" else argument
        if base and base.type in {"identifier", "attribute"}:
            found.append("".join(text_of(base).split()))
    return tuple(found)


def _definition(parsed: Parsed, name: str, node: Node) -> Definition | None:
    if stubs.header_is_broken(node):
        return None
    whole = node.parent if node.parent and node.parent.type == "decorated_definition" else node
    start, end = whole.start_point.row + 1, whole.end_point.row + 1
    if node.type == "class_definition":
        seen, inherited = (stubs.class_stub(parsed, node, private=private) for private in (False, True))
        return Definition(name, start, end, seen, inherited, bases(node))
    if node.type == "function_definition":
        text = "" if stubs.is_overload(node) else stubs.function_stub(node)
    else:
        text = stubs.constant_stub(node)
    return Definition(name, start, end, text, text) if text else None


def _at_module_level(node: Node) -> bool:
    ancestor = node.parent
    while ancestor and ancestor.type not in _SCOPES:
        ancestor = ancestor.parent
    return ancestor is None


def _import(match: Mapping[str, list[Node]]) -> Import:
    alias = text_of(match["alias"][0]) if "alias" in match else ""
    if "module" in match:
        module = _parts(match["module"][0])
        return Import(module if alias else module[:1], 0, None, alias or module[0])
    source = match["from"][0]
    dots = [child for child in source.children if child.type == "import_prefix"]
    name = "*" if "star" in match else text_of(match["name"][0])
    return Import(_parts(source), sum(text_of(dot).count(".") for dot in dots), name, alias or name)


def _parts(name: Node) -> tuple[str, ...]:
    """The identifiers of a dotted or relative module name."""
    return tuple(
        text_of(part)
        for child in [name, *name.children]
        for part in child.named_children
        if part.type == "identifier"
    )
