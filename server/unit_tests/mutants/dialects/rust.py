"""Rust."""

import re

from tree_sitter import Node

from codenook.server.unit_tests.mutants.dialect import Dialect
from codenook.server.unit_tests.mutants.dialects.shared import LOGIC, OPERATORS

_DEFAULTS = {
    r"[iu](?:\d+|size)": "0",
    r"f\d+": "0.0",
    r"&(?:'static )?str": '""',
    r"String": "String::new()",
    r"Option<.*>": "None",
    r"Vec<.*>": "Vec::new()",
    r"Self|[A-Z]\w*|\(.+\)": "Default::default()",
}


def _default_of(_value: Node, declared: str) -> str:
    return next((text for type_, text in _DEFAULTS.items() if re.fullmatch(type_, declared, re.DOTALL)), "")


RUST = Dialect(
    languages=frozenset({"rust"}),
    skipped=frozenset(
        {"line_comment", "block_comment", "attribute_item", "inner_attribute_item", "use_declaration"}
        | {"type_arguments", "type_parameters", "generic_type", "array_type", "reference_type", "tuple_type"}
        | {"where_clause", "token_tree", "lifetime", "visibility_modifier"}
    ),
    operated=frozenset({"binary_expression", "compound_assignment_expr", "range_expression"}),
    operators=OPERATORS | {"..": ("..=",), "..=": ("..",)},
    logic=LOGIC,
    unary=frozenset({"unary_expression"}),
    no="!",
    true="true",
    false="false",
    numbers=frozenset({"integer_literal", "float_literal"}),
    strings=frozenset({"string_literal", "raw_string_literal"}),
    characters=frozenset({"char_literal"}),
    calls={"call_expression": ("function", "arguments")},
    members=frozenset({"field_expression", "scoped_identifier"}),
    packaged=frozenset({"scoped_identifier"}),
    names={
        "min": "max",
        "max": "min",
        "any": "all",
        "all": "any",
        "is_some": "is_none",
        "is_none": "is_some",
        "is_ok": "is_err",
        "is_err": "is_ok",
        "starts_with": "ends_with",
        "ends_with": "starts_with",
        "to_lowercase": "to_uppercase",
        "to_uppercase": "to_lowercase",
        "to_ascii_lowercase": "to_ascii_uppercase",
        "to_ascii_uppercase": "to_ascii_lowercase",
        "trim_start": "trim_end",
        "trim_end": "trim_start",
        "find": "rfind",
        "rfind": "find",
        "first": "last",
        "last": "first",
        "take": "skip",
        "skip": "take",
        "floor": "ceil",
        "ceil": "floor",
        "take_while": "skip_while",
        "skip_while": "take_while",
    },
    unwrapped=frozenset({"abs", "rev", "trim", "trim_start", "trim_end", "sqrt"}),
    indexes={"index_expression": 1},
    conditions={
        "if_expression": "condition",
        "while_expression": "condition",
        "match_pattern": "condition",
    },
    loops=frozenset({"while_expression", "loop_expression"}),
    for_each={"for_expression": "value"},
    returns={"return_expression": 0},
    tails=frozenset({"block"}),
    default_of=_default_of,
    functions=frozenset({"function_item", "closure_expression"}),
    return_type="return_type",
    removed={
        "expression_statement": frozenset(
            {"call_expression", "assignment_expression", "compound_assignment_expr"}
        ),
    },
    assignments=frozenset({"assignment_expression", "compound_assignment_expr"}),
    instead=";",
    jumps={"break_expression": "continue", "continue_expression": "break"},
)
