"""JavaScript and TypeScript."""

from tree_sitter import Node

from codenook.server.unit_tests.mutants.dialect import Dialect
from codenook.server.unit_tests.mutants.dialects.shared import LOGIC, OPERATORS


def _default_of(value: Node, _declared: str) -> str:
    return "" if value.type == "statement_block" else "undefined"


ECMASCRIPT = Dialect(
    languages=frozenset({"javascript", "javascriptreact", "typescript", "typescriptreact"}),
    skipped=frozenset(
        {"comment", "type_annotation", "type_arguments", "type_parameters", "decorator", "import_statement"}
        | {"interface_declaration", "type_alias_declaration", "implements_clause", "predefined_type"}
        | {"asserts_annotation", "type_predicate_annotation", "literal_type", "union_type", "import"}
        | {"ambient_declaration", "jsx_attribute"}
    ),
    logs=frozenset({"debug"}),
    operated=frozenset({"binary_expression", "augmented_assignment_expression", "update_expression"}),
    operators=OPERATORS
    | {
        "**": ("*",),
        ">>>": (">>",),
        "===": ("!==",),
        "!==": ("===",),
        "??": ("&&",),
        "**=": ("*=",),
        ">>>=": (">>=",),
        "&&=": ("||=",),
        "||=": ("&&=",),
        "??=": ("=",),
    },
    logic=LOGIC,
    length=".length",
    unary=frozenset({"unary_expression"}),
    no="!",
    true="true",
    false="false",
    numbers=frozenset({"number"}),
    strings=frozenset({"string", "template_string"}),
    collections={"array": "[]", "object": "{}"},
    defaults=frozenset({"assignment_pattern", "required_parameter", "optional_parameter"}),
    calls={"call_expression": ("function", "arguments"), "new_expression": ("constructor", "arguments")},
    members=frozenset({"member_expression"}),
    names={
        "min": "max",
        "max": "min",
        "floor": "ceil",
        "ceil": "floor",
        "some": "every",
        "every": "some",
        "toLowerCase": "toUpperCase",
        "toUpperCase": "toLowerCase",
        "startsWith": "endsWith",
        "endsWith": "startsWith",
        "trimStart": "trimEnd",
        "trimEnd": "trimStart",
        "padStart": "padEnd",
        "padEnd": "padStart",
        "indexOf": "lastIndexOf",
        "lastIndexOf": "indexOf",
        "push": "unshift",
        "unshift": "push",
        "pop": "shift",
        "shift": "pop",
        "map": "filter",
        "filter": "map",
        "find": "findLast",
        "findLast": "find",
        "replaceAll": "replace",
        "keys": "values",
        "values": "keys",
    },
    unwrapped=frozenset(
        {"trim", "trimStart", "trimEnd", "toLowerCase", "toUpperCase", "sort", "reverse", "flat", "toString"}
        | {"String", "parseInt", "structuredClone", "slice", "normalize"}
    ),
    takes_fewer=True,
    indexes={"subscript_expression": "index"},
    conditions={
        "if_statement": "condition",
        "while_statement": "condition",
        "do_statement": "condition",
        "for_statement": "condition",
        "ternary_expression": "condition",
    },
    loops=frozenset({"while_statement", "do_statement", "for_statement"}),
    steps=frozenset({("for_statement", "increment")}),
    for_each={"for_in_statement": "right"},
    nothing="[]",
    returns={"return_statement": 0, "yield_expression": 0, "arrow_function": "body"},
    default_of=_default_of,
    functions=frozenset(
        {"function_declaration", "function_expression", "arrow_function", "method_definition"}
        | {"generator_function_declaration", "generator_function"}
    ),
    return_type="return_type",
    removed={
        "expression_statement": frozenset(
            {"call_expression", "assignment_expression", "augmented_assignment_expression"}
            | {"update_expression", "unary_expression"}
        ),
        "throw_statement": frozenset(),
    },
    assignments=frozenset({"assignment_expression", "augmented_assignment_expression", "update_expression"}),
    instead=";",
    jumps={"break_statement": "continue;", "continue_statement": "break;"},
    switches=frozenset({"switch_statement"}),
    handlers={"catch_clause": "body"},
    handled="{}",
    raised=frozenset({"throw_statement"}),
    told=frozenset({"console.log", "console.warn", "console.error", "alert"}),
    shown=frozenset(),
)
