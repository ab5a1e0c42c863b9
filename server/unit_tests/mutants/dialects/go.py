"""Go."""

import re

from tree_sitter import Node

from codenook.server.unit_tests.mutants.dialect import Dialect
from codenook.server.unit_tests.mutants.dialects.shared import LOGIC, OPERATORS

_ZERO = {
    r"u?int\d*|byte|rune|float\d+": "0",
    r"string": '""',
    r"error|any|[*\[].*|map\[.*|func\(.*|interface\{.*": "nil",
}


def _default_of(value: Node, declared: str) -> str:
    """The zero value in the place of the first of the values that has one."""
    types = [declared]
    if declared.startswith("("):
        types = [re.split(r"\s+", one.strip())[-1] for one in declared.strip("()").split(",")]
    given = [(child.text or b"").decode("utf-8", "replace") for child in value.named_children]
    if value.type != "expression_list" or len(types) != len(given):
        return ""
    for index, type_ in enumerate(types):
        zero = next((text for name, text in _ZERO.items() if re.fullmatch(name, type_, re.DOTALL)), "")
        if zero and given[index] != zero:
            return ", ".join((*given[:index], zero, *given[index + 1 :]))
    return ""


GO = Dialect(
    languages=frozenset({"go"}),
    skipped=frozenset(
        {"comment", "import_declaration", "type_arguments", "type_parameter_list", "array_type", "slice_type"}
        | {"map_type", "type_declaration", "parameter_list", "package_clause"}
    ),
    operated=frozenset({"binary_expression", "assignment_statement", "inc_statement", "dec_statement"}),
    operators=OPERATORS | {"&^": ("&",)},
    logic=LOGIC,
    unary=frozenset({"unary_expression"}),
    no="!",
    true="true",
    false="false",
    numbers=frozenset({"int_literal", "float_literal"}),
    strings=frozenset({"interpreted_string_literal", "raw_string_literal"}),
    characters=frozenset({"rune_literal"}),
    calls={"call_expression": ("function", "arguments")},
    members=frozenset({"selector_expression"}),
    packaged=frozenset({"selector_expression"}),
    names={
        "min": "max",
        "max": "min",
        "Min": "Max",
        "Max": "Min",
        "ToLower": "ToUpper",
        "ToUpper": "ToLower",
        "HasPrefix": "HasSuffix",
        "HasSuffix": "HasPrefix",
        "TrimPrefix": "TrimSuffix",
        "TrimSuffix": "TrimPrefix",
        "TrimLeft": "TrimRight",
        "TrimRight": "TrimLeft",
        "Index": "LastIndex",
        "LastIndex": "Index",
        "Floor": "Ceil",
        "Ceil": "Floor",
    },
    unwrapped=frozenset({"Abs", "TrimSpace", "ToLower", "ToUpper"}),
    apart=frozenset({"append"}),
    slices={"slice_expression": ":"},
    indexes={"index_expression": "index"},
    conditions={"if_statement": "condition", "for_clause": "condition", "for_statement": 0},
    loops=frozenset({"for_statement", "for_clause"}),
    steps=frozenset({("for_clause", "update")}),
    returns={"return_statement": 0},
    default_of=_default_of,
    functions=frozenset({"function_declaration", "method_declaration", "func_literal"}),
    return_type="result",
    removed={
        "expression_statement": frozenset({"call_expression"}),
        "assignment_statement": frozenset(),
        "inc_statement": frozenset(),
        "dec_statement": frozenset(),
        "defer_statement": frozenset(),
    },
    assignments=frozenset({"assignment_statement", "inc_statement", "dec_statement"}),
    instead="",
    jumps={"break_statement": "continue", "continue_statement": "break"},
    switches=frozenset({"expression_switch_statement", "type_switch_statement", "select_statement"}),
    told=frozenset(
        {"panic", "fmt.Errorf", "errors.New", "fmt.Println", "fmt.Printf", "fmt.Print", "log.Fatal"}
    ),
)
