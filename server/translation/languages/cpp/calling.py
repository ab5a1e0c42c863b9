"""What is written behind a program of C++ so that one of its functions is called with what comes on stdin."""

import re
from collections.abc import Iterator, Sequence

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.documentation.languages.c import CDescriber
from codenook.server.translation.languages.cpp.reading import (
    KINDS,
    declared,
    parameter_nodes,
    result_text,
    template_parameters,
)
from codenook.server.translation.languages.headers import functions, without
from codenook.server.translation.languages.language import Program

_MACRO = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)
_CLASSES = {"class_specifier", "struct_specifier"}
_DESCRIBER = CDescriber()
_TYPE = "codenook_function"
_MADE = "codenook_made_"
_HANDED = "std::forward<decltype(each)>(each)..."


class NotCalled(Exception):
    """The function can't be called from outside; the message says why."""


@frozen
class _Found:
    """A function: where it is, the scopes around it (``shop::Cart``), and its class's node."""

    node: Node
    namespaces: tuple[str, ...]
    classes: tuple[str, ...]
    holder: Node | None = None

    @property
    def types(self) -> tuple[str, ...]:
        return tuple(map(type_of, parameter_nodes(self.node)))

    @property
    def n_least(self) -> int:
        """How many arguments it needs."""
        return sum(child.child_by_field_name("default_value") is None for child in parameter_nodes(self.node))


def calling(program: Program, n_made_with: int) -> str:
    """Text for behind ``program.text``; raises NotCalled."""
    signature = program.signature
    owner = tuple(signature.owner.split(".")) if signature.owner else ()
    every = list(_every(program.text))
    named = [found for found in every if _is(found, signature.name, owner)]
    if not named:
        raise NotCalled(f"there is no function {signature.symbol}")
    wanted = tuple(parameter.written for parameter in signature.parameters)
    best = min(named, key=lambda found: (found.types != wanted, len(found.types) != len(wanted)))
    if template_parameters(best.node):
        raise NotCalled(f"{signature.symbol} is a template: which types it is for isn't known")
    n_least = min(found.n_least for found in named if found.types == best.types)
    is_overloaded = len({found.types for found in named}) > 1
    return "\n".join([*_text(program, best, every, (n_least, n_made_with), is_overloaded=is_overloaded), ""])


def _text(
    program: Program, best: _Found, every: Sequence[_Found], sizes: tuple[int, int], *, is_overloaded: bool
) -> Iterator[str]:
    n_least, n_made_with = sizes
    name = program.signature.name
    owner = "::".join(("", *best.namespaces, *best.classes))
    scope = "::".join(("", *best.namespaces))
    is_method = bool(best.classes) and not _is_static(best, every, name)
    yield "#include <type_traits>"
    made = _made(best, every, n_made_with) if is_method else []
    if is_overloaded or made:
        yield from (f"namespace {each} {{" for each in best.namespaces)
        if is_overloaded:
            yield f"using {_TYPE} = {_pointer(best, is_method=is_method)};"
        yield from (f"using {_MADE}{n} = std::decay_t<{each}>;" for n, each in enumerate(made))
        yield "}" * len(best.namespaces)
    yield from (f"#undef {each}" for each in dict.fromkeys(_MACRO.findall(program.text)))
    yield "#undef main"
    yield '#include "codenook_run.hpp"'
    pointer = f"&{owner}::{name}"
    if is_overloaded:
        pointer = f"static_cast<{scope}::{_TYPE}>({pointer})"
    given = ", ".join(f"codenook::argument<{scope}::{_MADE}{n}>(with, {n})" for n in range(len(made)))
    make = (
        f"{owner}{{{given}}}"
        if is_method and _is_aggregate(best, every)
        else f"{owner}({given})"
        if is_method
        else "0"
    )
    parameters = "auto &object, auto &&...each" if is_method else "auto &&...each"
    target = f"object.{name}" if is_method else f"{owner}::{name}"
    yield "int main() {"
    yield f"    return codenook::run<{n_least}>("
    yield f"        {pointer},"
    yield f"        []({parameters}) -> decltype(auto) {{ return {target}({_HANDED}); }},"
    yield f"        [](const auto &with) {{ (void)with; return {make}; }});"
    yield "}"


def type_of(parameter: Node) -> str:
    """A parameter's type, as it is written."""
    default = parameter.child_by_field_name("default_value")
    equals = next((each for each in parameter.children if each.type == "="), None)
    name = declared(parameter.child_by_field_name("declarator"))
    return without(parameter, name, default, equals).replace(" [", "[")


def _every(text: str) -> Iterator[_Found]:
    """All functions of a file, with the scopes around them."""
    language = language_named("cpp")
    if language is None:
        return
    for node in functions(parse(language, encode(text)), KINDS):
        if not (name := _DESCRIBER.name(node)):
            continue
        namespaces: list[str] = []
        classes = name.split(".")[:-1]
        holder, at = None, node.parent
        while at is not None:
            if at.type in _CLASSES:
                holder = holder or at
                classes.insert(0, text_of(at.child_by_field_name("name")))
            elif at.type == "namespace_definition" and (scope := text_of(at.child_by_field_name("name"))):
                namespaces.insert(0, scope)
            at = at.parent
        yield _Found(node, tuple(namespaces), tuple(classes), holder)


def _is(found: _Found, name: str, owner: tuple[str, ...]) -> bool:
    """Whether a function has this name, in these scopes at least."""
    if _DESCRIBER.name(found.node).rpartition(".")[2] != name:
        return False
    if not owner:
        return not found.classes
    scopes = (*found.namespaces, *found.classes)
    return scopes[-len(owner) :] == owner


def _is_static(best: _Found, every: Sequence[_Found], name: str) -> bool:
    """Whether a member is declared without an object; what isn't declared in a class is in a namespace."""
    declared_in = [
        found
        for found in every
        if found.holder and found.classes[-1:] == best.classes[-1:] and _is(found, name, best.classes[-1:])
    ]
    return not declared_in or any(
        child.type == "storage_class_specifier" and text_of(child) == "static"
        for found in declared_in
        for child in found.node.children
    )


def _pointer(best: _Found, *, is_method: bool) -> str:
    types = ", ".join(best.types)
    if not is_method:
        return f"{result_text(best.node)} (*)({types})"
    header = _DESCRIBER.header(best.node).children
    const = " const" if any(text_of(child) == "const" for child in header) else ""
    return f"{result_text(best.node)} ({'::'.join(best.classes)}::*)({types}){const}"


def _constructors(best: _Found, every: Sequence[_Found]) -> list[_Found]:
    return [
        found
        for found in every
        if found.classes == best.classes
        and found.holder
        and _DESCRIBER.name(found.node) == best.classes[-1]
        and found.node.child_by_field_name("type") is None
    ]


def _is_aggregate(best: _Found, every: Sequence[_Found]) -> bool:
    return not _constructors(best, every)


def _made(best: _Found, every: Sequence[_Found], number: int) -> list[str]:
    """The types of what an object is made with: those of a constructor, or of the first fields."""
    constructors = _constructors(best, every)
    for found in constructors:
        if found.n_least <= number <= len(found.types):
            return [*found.types[:number]]
    if constructors and number:
        raise NotCalled(f"no constructor of {best.classes[-1]} takes {number} arguments")
    return [] if constructors else [*_fields(best, every)][:number]


def _fields(best: _Found, every: Sequence[_Found]) -> Iterator[str]:
    holder = best.holder or next(
        (found.holder for found in every if found.holder and found.classes == best.classes), None
    )
    body = holder.child_by_field_name("body") if holder else None
    for child in body.named_children if body else ():
        name = declared(child.child_by_field_name("declarator"))
        if child.type == "field_declaration" and name and not _DESCRIBER.name(child):
            yield f"decltype({'::'.join(best.classes)}::{text_of(name)})"
