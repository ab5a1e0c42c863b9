"""Whether what was told of a call is what it should be: the project's code may have told it itself."""

import re

from tree_sitter import Node

from codenook.server.unit_tests.frameworks.ecmascript.style import in_literals
from codenook.server.unit_tests.frameworks.ecmascript.syntax import parsed_file, text, walk, words

_LONGEST = 2_000
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_CLASSES = words(
    "Date Map Set URL Error TypeError RangeError SyntaxError ReferenceError EvalError URIError",
    "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array",
    "Float32Array Float64Array BigInt64Array BigUint64Array",
)
_CALLS = words("Symbol.for Buffer.from BigInt")
_NAMES = words("NaN Infinity undefined")
_PLAIN = words(
    "number string string_fragment escape_sequence true false null undefined regex regex_pattern regex_flags",
    "array object pair property_identifier computed_property_name arguments",
)


def is_name(told: object) -> bool:
    """Whether something is the name of a field."""
    return isinstance(told, str) and _NAME.fullmatch(told) is not None


def value(told: object) -> str:
    """An expression that makes a value and does no more, in one line; raises ValueError for all else."""
    if not isinstance(told, str) or len(told) > _LONGEST:
        raise ValueError("no value that can be read")
    written = in_literals(told)
    if not written.isprintable() or not _is_value(written):
        raise ValueError("more than a value")
    return written


def _is_value(written: str) -> bool:
    tree = parsed_file("x.js", f"({written})").root
    statement = tree.named_children[0] if tree.named_child_count == 1 else None
    around = statement.named_children[0] if statement and statement.named_child_count == 1 else None
    if tree.has_error or around is None or around.type != "parenthesized_expression":
        return False
    inside = around.named_children[0] if around.named_child_count == 1 else None
    return inside is not None and text(inside) == written.strip() and all(map(_is_plain, walk(inside)))


def _is_plain(node: Node) -> bool:
    """Whether a node is part of a value; names are only what `_CLASSES`, `_CALLS` and `_NAMES` have."""
    if not node.is_named:
        return True
    if node.type == "unary_expression":
        return text(node.child_by_field_name("operator")) == "-"
    if node.type == "new_expression":
        return text(node.child_by_field_name("constructor")) in _CLASSES
    if node.type == "call_expression":
        return text(node.child_by_field_name("function")) in _CALLS and _has_arguments(node)
    if node.type in {"identifier", "member_expression"} or _is_callee(node.parent):
        return _is_callee(node) or _is_callee(node.parent) or text(node) in _NAMES
    return node.type in _PLAIN


def _is_callee(node: Node | None) -> bool:
    """Whether a node is what is called or made, which was looked at with its call."""
    around = node.parent if node else None
    if node is None or around is None or around.type not in {"call_expression", "new_expression"}:
        return False
    return node in (around.child_by_field_name("function"), around.child_by_field_name("constructor"))


def _has_arguments(call: Node) -> bool:
    arguments = call.child_by_field_name("arguments")
    return arguments is not None and arguments.type == "arguments"
