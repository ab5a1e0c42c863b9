"""What Rust's use trees and module declarations bind."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.outline import Import
from codenook.context.reading import text_of

_PATH_ATTRIBUTE = re.compile(r'#\[\s*path\s*=\s*"([^"]+)"')


def imports_of_use(tree: Node) -> Iterator[Import]:
    """The names that a use declaration binds."""
    declaration = tree.parent
    is_exported = declaration is not None and _is_pub(declaration)
    depth = _depth(tree)
    for path, alias in _leaves(tree, []):
        outside = _seen_from_file(path, depth)
        module, name = "::".join(outside[:-1]), outside[-1]
        is_module = name == "self" or not module
        module = module or name
        bound = alias or (module.rpartition("::")[2] if is_module else name)
        yield Import(module, None if is_module else name, "" if bound == "_" else bound, is_exported)


def imports_of_module(name: Node) -> Iterator[Import]:
    """The name of a module: one in this file is the file itself, whose definitions hold its own."""
    declaration = name.parent
    if declaration is None:
        return
    text = text_of(name)
    is_here = declaration.child_by_field_name("body") is not None
    module = "self" if is_here else f"self::{_file_of(declaration) or text}"
    yield Import(module, None, text, _is_pub(declaration))


def _leaves(tree: Node, path: list[str]) -> Iterator[tuple[list[str], str]]:
    """The paths in a use tree, each with its alias."""
    match tree.type:
        case "use_list":
            for child in tree.named_children:
                yield from _leaves(child, path)
        case "scoped_use_list":
            inside = [*path, *_names(tree.child_by_field_name("path"))]
            if items := tree.child_by_field_name("list"):
                yield from _leaves(items, inside)
        case "use_as_clause":
            names = _names(tree.child_by_field_name("path"))
            yield [*path, *names], text_of(tree.child_by_field_name("alias"))
        case "use_wildcard":
            yield [*path, *_names(next(iter(tree.named_children), None)), "*"], ""
        case "identifier" | "scoped_identifier" | "self" | "crate" | "super":
            yield [*path, *_names(tree)], ""


def _names(path: Node | None) -> list[str]:
    return [name for name in "".join(text_of(path).split()).split("::") if name]


def _seen_from_file(path: list[str], depth: int) -> list[str]:
    """A path inside of modules that are in the file, as the file would write it."""
    n_super = 0
    while n_super < len(path) and path[n_super] == "super":
        n_super += 1
    inside = min(n_super, depth)
    return ["self", *path[inside:]] if inside == n_super and inside else path[inside:]


def _depth(node: Node) -> int:
    """How many modules of this file ``node`` is in."""
    depth, around = 0, node.parent
    while around:
        depth += around.type == "mod_item"
        around = around.parent
    return depth


def _is_pub(declaration: Node) -> bool:
    return any(child.type == "visibility_modifier" for child in declaration.children)


def _file_of(declaration: Node) -> str:
    """The file that a ``#[path]`` attribute names."""
    above = declaration.prev_sibling
    while above and above.type == "attribute_item":
        if match := _PATH_ATTRIBUTE.match(text_of(above)):
            return match[1]
        above = above.prev_sibling
    return ""
