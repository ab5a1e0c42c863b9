"""Arguments of calls as source text: split, and described in words."""

import re
from collections.abc import Sequence

from tree_sitter import Node

from codenook.server.unit_tests.frameworks.ecmascript.syntax import (
    FUNCTIONS,
    parsed_file,
    text,
    unwrapped,
    walk,
)

_MOST_WORDS = 4
_SIGNS = {"-": "a_hyphen", "_": "an_underscore", ",": "a_comma", ".": "a_dot", "/": "a_slash", "{": "a_brace"}
_CONTAINERS = {"Map": "map", "Set": "set", "Date": "date", "RegExp": "pattern", "Error": "error"}


def split_arguments(arguments: str) -> list[str]:
    """The texts of the arguments."""
    return [text(node) for node in argument_nodes(arguments)]


def argument_nodes(arguments: str) -> list[Node]:
    """The nodes of the arguments."""
    root = parsed_file("x.ts", f"f({arguments})").root
    call = root.named_children[0].named_children[0] if root.named_child_count else None
    held = call.child_by_field_name("arguments") if call and call.type == "call_expression" else None
    return [node for node in held.named_children if node.type != "comment"] if held else []


def described(arguments: str) -> str:
    """The arguments in words with underscores between them; empty for none."""
    return "_and_".join(_described(node) for node in argument_nodes(arguments))


def words(content: str, most: int = _MOST_WORDS) -> str:
    """The first words of a text, with underscores between them."""
    return "_".join(re.findall(r"[A-Za-z0-9]+", content)[:most])


def _described(node: Node) -> str:
    inner = unwrapped(node) or node
    written = text(inner)
    if inner.type in {"string", "template_string"}:
        return _string(written[1:-1])
    if inner.type in {"number", "unary_expression"}:
        return words(written.replace("-", "minus ").replace(".", "_point_")) or "a number"
    if inner.type in {"array", "object"}:
        return _container(inner)
    if inner.type in FUNCTIONS:
        return "a_function"
    name = text(inner.child_by_field_name("constructor")) if inner.type == "new_expression" else ""
    made = "pattern" if inner.type == "regex" else _CONTAINERS.get(name, name)
    return f"a_{made}" if made else words(written) or "a_value"


def _container(node: Node) -> str:
    if node.type == "array":
        n_items = node.named_child_count
        return f"a_list_of_{n_items}_item{'s' * (n_items > 1)}" if n_items else "an_empty_list"
    keys = [words(text(part.child_by_field_name("key") or part), 2) for part in node.named_children]
    return f"an_object_with_{'_and_'.join(keys[:3])}" if keys else "an_empty_object"


def _string(content: str) -> str:
    if not content:
        return "an_empty_text"
    if not content.strip():
        return "blanks"
    return words(content) or _SIGNS.get(content.strip(), "a_text_of_signs")


def names_in(nodes: Sequence[Node]) -> set[str]:
    """The names that expressions read, without those that functions in them bind."""
    below = [part for node in nodes for part in walk(node)]
    bound = {
        text(part)
        for part in below
        if part.type == "shorthand_property_identifier_pattern"
        or (part.type == "identifier" and _is_bound(part))
    }
    read = {
        text(part) for part in below if part.type in {"identifier", "shorthand_property_identifier", "this"}
    }
    return read - bound


def _is_bound(node: Node) -> bool:
    above = node.parent
    if above is None:
        return False
    if above.type in {"formal_parameters", "rest_pattern", "array_pattern"}:
        return True
    return any(above.child_by_field_name(each) == node for each in ("parameter", "pattern")) or (
        above.type in {"variable_declarator", "function_expression"}
        and above.child_by_field_name("name") == node
    )
