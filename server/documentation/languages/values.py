"""What kind of value an expression gives, as far as the expression itself says so."""

from collections.abc import Sequence

from tree_sitter import Node

from codenook.context.reading import first_named, text_of

_KINDS = {
    **dict.fromkeys(("true", "false", "comparison_operator", "not_operator"), "bool"),
    **dict.fromkeys(("string", "concatenated_string", "template_string"), "str"),
    **dict.fromkeys(("list", "list_comprehension", "array"), "list"),
    **dict.fromkeys(("dictionary", "dictionary_comprehension"), "dict"),
    **dict.fromkeys(("set", "set_comprehension"), "set"),
    **dict.fromkeys(("tuple", "expression_list"), "tuple"),
    **dict.fromkeys(("none", "null", "undefined"), "None"),
    "integer": "int",
    "float": "float",
}
_COMPARES = {"==", "!=", "===", "!==", "<", ">", "<=", ">=", "in", "instanceof"}
_CALLS = {
    **{name: name for name in ("str", "int", "float", "bool", "list", "dict", "tuple", "set", "bytes")},
    **dict.fromkeys(("all", "any", "callable", "hasattr", "isinstance", "issubclass"), "bool"),
    **dict.fromkeys(("len", "ord", "hash", "id"), "int"),
    **dict.fromkeys(("repr", "chr", "hex", "oct", "bin", "format", "ascii"), "str"),
    "sorted": "list",
    "frozenset": "set",
}
"""What Python's own functions give."""
_METHODS = {
    **dict.fromkeys(("startswith", "endswith", "startsWith", "endsWith", "includes"), "bool"),
    **dict.fromkeys(("isdigit", "isalpha", "isalnum", "isspace", "isupper", "islower", "issubset"), "bool"),
}
"""What methods give, whatever they are called on."""


def kinds_of(values: Sequence[Node]) -> str:
    """The kinds of values that are given, ``bool | None``; empty where one is not known."""
    kinds = [_kind(value) for value in values]
    return " | ".join(dict.fromkeys(kinds)) if all(kinds) else ""


def _kind(node: Node) -> str:
    """The kind of one expression, of which there may be several: empty where that is not known."""
    inner = node
    while inner.type == "parenthesized_expression" and inner.named_child_count == 1:
        inner = inner.named_children[0]
    if inner.type in {"conditional_expression", "ternary_expression", "boolean_operator"}:
        return kinds_of(_alternatives(inner))
    if inner.type in {"call", "call_expression"}:
        return _of_call(inner)
    operator = text_of(inner.child_by_field_name("operator"))
    if inner.type == "binary_expression" and operator in _COMPARES:
        return "bool"
    if inner.type == "unary_expression" and operator == "!":
        return "bool"
    if inner.type == "string" and text_of(inner)[:2].lower().startswith(("b'", 'b"', "rb", "br")):
        return "bytes"
    return _KINDS.get(inner.type, "")


def _alternatives(node: Node) -> list[Node]:
    """The values that an expression with a condition may have."""
    if node.type == "conditional_expression":  # Python's: value if condition else value
        return [child for number, child in enumerate(node.named_children) if number != 1]
    if node.type == "ternary_expression":
        return node.named_children[1:]
    return node.named_children


def _of_call(node: Node) -> str:
    function = node.child_by_field_name("function")
    name = text_of(function)
    if function is not None and function.type == "attribute":
        owner = first_named(function)
        method = text_of(function.child_by_field_name("attribute"))
        if method == "join" and owner is not None and _kind(owner) == "str":
            return "str"
        return _METHODS.get(method, "")
    if function is not None and function.type == "member_expression":
        return _METHODS.get(text_of(function.child_by_field_name("property")), "")
    return _CALLS.get(name, "") if node.type == "call" else ""
