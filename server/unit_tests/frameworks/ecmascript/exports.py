"""How another file gets at a definition: what a module exports, and under which name."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import PurePosixPath

from attrs import frozen
from tree_sitter import Node

from codenook.context.outline import Kind
from codenook.context.parse import Parsed
from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.ecmascript.definitions import (
    DEFAULT,
    class_body_of,
    function_node,
)
from codenook.server.unit_tests.frameworks.ecmascript.syntax import (
    parsed_file,
    statements,
    text,
    unwrapped,
    words,
)
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.target import Target

_RESERVED = words(
    "arguments await break case catch class const continue debugger default delete do else enum eval export",
    "extends false finally for function if implements import in instanceof interface let new null package",
    "private protected public return static super switch this throw true try typeof var void while with",
    "yield test it describe expect assert",
)


class How(StrEnum):
    """In which way a module offers something."""

    NAMED = "named"
    DEFAULT = "default"
    WHOLE = "whole"
    """The module itself is it (``module.exports = slugify``)."""


@frozen
class Export:
    """What is at file level as ``local`` is offered as ``name``."""

    local: str
    how: How
    name: str


@frozen
class Reached:
    """How a test file gets at a target.

    It imports ``export`` as ``binding``. ``member`` is the method, empty for what is exported itself;
    ``is_static`` says that the method needs no object made of the class.
    """

    export: Export
    binding: str
    member: str = ""
    is_static: bool = False
    is_class: bool = False
    is_getter: bool = False

    @property
    def callee(self) -> str:
        """What is called, where no object has to be made for it."""
        return f"{self.binding}.{self.member}" if self.member else self.binding


def exports_of(parsed: Parsed) -> list[Export]:
    """All that a file offers, whole modules before their parts."""
    found = [export for statement in statements(parsed) for export in _exported(statement)]
    return sorted(dict.fromkeys(found), key=lambda export: export.how is How.NAMED)


def reached(target: Target, parsed: Parsed | None = None) -> Reached:
    """How a test gets at the target; raises NoProject where nothing can."""
    parsed = parsed or parsed_file(target.path, target.text)
    definition = target.definition
    outer = definition.symbol.partition(".")[0]
    offered = [export for export in exports_of(parsed) if export.local == outer]
    if not offered:
        raise NoProject(Reason.NOT_TESTABLE, f"{outer} is not exported by {target.path}")
    named = next((export for export in offered if export.how is How.NAMED), offered[0])
    export = named if named.name == outer else offered[0]
    binding = _binding(outer, target.path, export)
    if not definition.parent:
        if definition.kind is Kind.CLASS and function_node(parsed, definition) is None:
            raise NoProject(
                Reason.NOT_TESTABLE, f"{outer} is an object and no class: name one of its methods"
            )
        return Reached(export, binding, is_class=definition.kind is Kind.CLASS)
    if definition.parent != outer:
        raise NoProject(Reason.NOT_TESTABLE, f"{definition.symbol} is inside of {definition.parent}")
    if not definition.is_public:
        raise NoProject(Reason.NOT_TESTABLE, f"{definition.symbol} is private")
    node = function_node(parsed, definition)
    if definition.name == "constructor":
        return Reached(export, binding, is_class=True)
    if node is not None and node.type != "method_definition" and class_body_of(node) is None:
        return Reached(export, binding, definition.name, is_static=True)
    said = {child.type for child in node.children} if node else set()
    in_object = node is not None and class_body_of(node) is None
    return Reached(
        export,
        binding,
        definition.name,
        is_static=in_object or "static" in said,
        is_getter="get" in said,
    )


def _binding(outer: str, path: str, export: Export) -> str:
    """The name that a test file has for it: its own, or one made of the file's."""
    name = export.name if export.how is How.NAMED else outer
    if name in {DEFAULT, ""}:
        stem = PurePosixPath(path).name.partition(".")[0]
        stem = stem if stem != "index" else PurePosixPath(path).parent.name
        first, *rest = re.findall(r"[A-Za-z0-9$]+", stem) or ["target"]
        name = first + "".join(word[:1].upper() + word[1:] for word in rest)
        name = f"_{name}" if name[:1].isdigit() else name
    return f"{name}_" if name in _RESERVED else name


def _exported(statement: Node) -> Iterator[Export]:
    if statement.type == "export_statement":
        yield from _by_export(statement)
    elif statement.type == "expression_statement" and statement.named_child_count:
        yield from _by_assignment(statement.named_children[0])
    elif statement.type in {"variable_declaration", "lexical_declaration"}:
        for declarator in statement.named_children:  # const x = module.exports = ...
            value = declarator.child_by_field_name("value")
            if value is not None and value.type == "assignment_expression":
                yield from _by_assignment(value, text(declarator.child_by_field_name("name")))


def _by_export(statement: Node) -> Iterator[Export]:
    if statement.child_by_field_name("source"):
        return
    declared = statement.child_by_field_name("declaration")
    value = statement.child_by_field_name("value")
    said = {child.type for child in statement.children}
    if "=" in said:  # export = slugify
        yield Export(text(statement.named_children[-1]), How.WHOLE, DEFAULT)
    elif DEFAULT in said:
        name = text(declared.child_by_field_name("name")) if declared else ""
        local = name or (text(value) if value and value.type == "identifier" else DEFAULT)
        yield Export(local, How.DEFAULT, DEFAULT)
    elif declared is not None:
        names = [declared.child_by_field_name("name")] if declared.child_by_field_name("name") else []
        names += [child.child_by_field_name("name") for child in declared.named_children]
        yield from (
            Export(text(name), How.NAMED, text(name))
            for name in names
            if name and name.type != "object_pattern"
        )
    else:
        for clause in (child for child in statement.named_children if child.type == "export_clause"):
            for each in clause.named_children:
                local, alias = text(each.child_by_field_name("name")), text(each.child_by_field_name("alias"))
                name = alias or local
                yield Export(local, How.DEFAULT if name == DEFAULT else How.NAMED, name)


def _by_assignment(node: Node, also: str = "") -> Iterator[Export]:
    """What ``module.exports = ...``, ``exports.name = ...`` and chains of these offer."""
    lefts: list[str] = []
    value: Node | None = node
    while value is not None and value.type == "assignment_expression":
        lefts.append(text(value.child_by_field_name("left")))
        value = unwrapped(value.child_by_field_name("right"))
    locals_ = [also] if also else []
    locals_ += [left for left in lefts if re.fullmatch(r"\w+", left) and left != "exports"]
    if value is not None:
        locals_ += [text(value)] if value.type == "identifier" else [text(value.child_by_field_name("name"))]
    locals_ = [local for local in locals_ if local]
    for left in lefts:
        if left == "module.exports":
            if value is not None and value.type == "object":
                yield from _of_object(value)
            else:
                yield from (Export(local, How.WHOLE, DEFAULT) for local in [*locals_, DEFAULT])
        elif found := re.fullmatch(r"(?:module\.)?exports\.(\w+)", left):
            name = found[1]
            how = How.DEFAULT if name == DEFAULT else How.NAMED
            yield from (Export(local, how, name) for local in dict.fromkeys([*locals_, name]))


def _of_object(value: Node) -> Iterator[Export]:
    for part in value.named_children:
        if part.type == "shorthand_property_identifier":
            yield Export(text(part), How.NAMED, text(part))
        elif part.type == "method_definition":
            name = text(part.child_by_field_name("name"))
            yield Export(name, How.NAMED, name)
        elif part.type == "pair":
            name, held = text(part.child_by_field_name("key")), part.child_by_field_name("value")
            local = text(held) if held and held.type == "identifier" else name
            if re.fullmatch(r"\w+", name):
                yield Export(local, How.NAMED, name)
