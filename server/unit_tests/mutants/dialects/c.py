"""C and C++."""

from attrs import evolve
from tree_sitter import Node

from codenook.server.unit_tests.mutants.dialect import Dialect
from codenook.server.unit_tests.mutants.dialects.shared import LOGIC, OPERATORS


def _default_of(value: Node, declared: str) -> str:
    return "" if declared in {"bool", "void"} or value.type == "initializer_list" else "0"


def _default_of_cpp(value: Node, declared: str) -> str:
    return "" if declared in {"bool", "void", "auto"} or value.type == "initializer_list" else "{}"


C = Dialect(
    languages=frozenset({"c"}),
    skipped=frozenset(
        {"comment", "preproc_include", "preproc_def", "preproc_function_def", "template_argument_list"}
        | {"template_parameter_list", "type_descriptor", "array_declarator", "attribute_declaration"}
        | {"static_assert_declaration", "noexcept", "field_declaration_list", "enumerator_list"}
    ),
    operated=frozenset({"binary_expression", "assignment_expression", "update_expression"}),
    operators=OPERATORS,
    logic=LOGIC,
    unary=frozenset({"unary_expression"}),
    no="!",
    true="1",
    false="0",
    numbers=frozenset({"number_literal"}),
    strings=frozenset({"string_literal"}),
    characters=frozenset({"char_literal"}),
    calls={"call_expression": ("function", "arguments")},
    members=frozenset({"field_expression", "qualified_identifier"}),
    packaged=frozenset({"qualified_identifier"}),
    names={
        "min": "max",
        "max": "min",
        "fmin": "fmax",
        "fmax": "fmin",
        "tolower": "toupper",
        "toupper": "tolower",
        "isupper": "islower",
        "islower": "isupper",
        "strchr": "strrchr",
        "strrchr": "strchr",
        "floor": "ceil",
        "ceil": "floor",
    },
    unwrapped=frozenset({"abs", "fabs", "labs", "tolower", "toupper", "sqrt"}),
    indexes={"subscript_expression": "index"},
    conditions={
        "if_statement": "condition",
        "while_statement": "condition",
        "do_statement": "condition",
        "for_statement": "condition",
        "conditional_expression": "condition",
    },
    loops=frozenset({"while_statement", "do_statement", "for_statement"}),
    steps=frozenset({("for_statement", "update")}),
    for_each={"for_range_loop": "right"},
    returns={"return_statement": 0},
    default_of=_default_of,
    functions=frozenset({"function_definition", "lambda_expression"}),
    return_type="type",
    removed={
        "expression_statement": frozenset({"call_expression", "assignment_expression", "update_expression"}),
        "throw_statement": frozenset(),
    },
    assignments=frozenset({"assignment_expression", "update_expression"}),
    instead=";",
    jumps={"break_statement": "continue;", "continue_statement": "break;"},
    switches=frozenset({"switch_statement"}),
    raised=frozenset({"throw_statement"}),
    told=frozenset({"printf", "fprintf", "puts", "perror", "assert", "static_assert"}),
)

CPP = evolve(
    C,
    languages=frozenset({"cpp"}),
    operators={operator: others for operator, others in OPERATORS.items() if operator not in {"<<", ">>"}},
    logic=LOGIC | {"and": "or", "or": "and"},
    true="true",
    false="false",
    names=dict(C.names)
    | {
        "any_of": "all_of",
        "all_of": "any_of",
        "front": "back",
        "back": "front",
        "lower_bound": "upper_bound",
        "upper_bound": "lower_bound",
        "find": "rfind",
        "rfind": "find",
        "max_element": "min_element",
        "min_element": "max_element",
    },
    default_of=_default_of_cpp,
)
"""Streams are written to with the operators that shift."""
