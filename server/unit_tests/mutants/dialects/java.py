"""Java."""

from tree_sitter import Node

from codenook.server.unit_tests.mutants.dialect import Dialect
from codenook.server.unit_tests.mutants.dialects.shared import LOGIC, OPERATORS

_NUMBERS = {"int", "long", "short", "byte", "double", "float"}
_DEFAULTS = {"String": '""', "boolean": "", "char": "'\\0'", "void": "", "": ""} | dict.fromkeys(
    _NUMBERS, "0"
)


def _default_of(_value: Node, declared: str) -> str:
    return _DEFAULTS.get(declared, "null")


JAVA = Dialect(
    languages=frozenset({"java"}),
    skipped=frozenset(
        {"line_comment", "block_comment", "modifiers", "import_declaration", "type_arguments", "dimensions"}
        | {"type_parameters", "generic_type", "array_type", "annotation", "marker_annotation", "throws"}
    ),
    operated=frozenset({"binary_expression", "assignment_expression", "update_expression"}),
    operators=OPERATORS | {">>>": (">>",), ">>>=": (">>=",)},
    logic=LOGIC,
    unary=frozenset({"unary_expression"}),
    no="!",
    true="true",
    false="false",
    numbers=frozenset({"decimal_integer_literal", "hex_integer_literal", "decimal_floating_point_literal"}),
    strings=frozenset({"string_literal"}),
    characters=frozenset({"character_literal"}),
    kept_quotes=frozenset({'"""'}),
    calls={
        "method_invocation": ("name", "arguments"),
        "object_creation_expression": ("type", "arguments"),
    },
    names={
        "min": "max",
        "max": "min",
        "anyMatch": "allMatch",
        "allMatch": "anyMatch",
        "toLowerCase": "toUpperCase",
        "toUpperCase": "toLowerCase",
        "startsWith": "endsWith",
        "endsWith": "startsWith",
        "stripLeading": "stripTrailing",
        "stripTrailing": "stripLeading",
        "indexOf": "lastIndexOf",
        "lastIndexOf": "indexOf",
        "floor": "ceil",
        "ceil": "floor",
        "isPresent": "isEmpty",
    },
    unwrapped=frozenset({"abs"}),
    apart=frozenset({"asList", "of"}),  # collections of what is alike
    indexes={"array_access": "index"},
    conditions={
        "if_statement": "condition",
        "while_statement": "condition",
        "do_statement": "condition",
        "for_statement": "condition",
        "ternary_expression": "condition",
    },
    loops=frozenset({"while_statement", "do_statement", "for_statement"}),
    steps=frozenset({("for_statement", "update")}),
    can_skip_loops=False,
    for_each={"enhanced_for_statement": "value"},
    returns={"return_statement": 0},
    default_of=_default_of,
    functions=frozenset({"method_declaration", "constructor_declaration", "lambda_expression"}),
    return_type="type",
    removed={
        "expression_statement": frozenset(
            {"method_invocation", "assignment_expression", "update_expression"}
        ),
        "throw_statement": frozenset(),
    },
    assignments=frozenset({"assignment_expression", "update_expression"}),
    instead=";",
    jumps={"break_statement": "continue;", "continue_statement": "break;"},
    switches=frozenset({"switch_expression", "switch_statement"}),
    raised=frozenset({"throw_statement"}),
    asserted=frozenset({"assert_statement"}),
    told=frozenset({"System.out.println", "System.out.printf", "System.out.print", "System.err.println"}),
    shown=frozenset({"toString"}),
)
