"""Python."""

from tree_sitter import Node

from codenook.server.unit_tests.mutants.dialect import Dialect
from codenook.server.unit_tests.mutants.dialects.shared import OPERATORS

_EMPTY = {"str": '""', "bytes": 'b""', "int": "0", "float": "0.0", "list": "[]", "dict": "{}", "bool": ""}
"""What is like a value of a type and says nothing; of a truth the opposite is tried."""


def _default_of(_value: Node, declared: str) -> str:
    return _EMPTY.get(declared.partition("[")[0], "None")


PYTHON = Dialect(
    languages=frozenset({"python"}),
    skipped=frozenset(
        {"comment", "type", "decorator", "type_parameter", "import_statement", "import_from_statement"}
        | {"future_import_statement", "global_statement", "nonlocal_statement", "type_alias_statement"}
        | {"format_specifier", "superclasses"}
    ),
    guards=frozenset({"TYPE_CHECKING", "__name__", "__debug__"}),
    operated=frozenset(
        {"binary_operator", "comparison_operator", "boolean_operator", "augmented_assignment"}
    ),
    operators=OPERATORS
    | {
        "//": ("/",),
        "%": ("//",),
        "**": ("*",),
        "@": ("*",),
        "in": ("not in",),
        "not in": ("in",),
        "is": ("is not",),
        "is not": ("is",),
        "//=": ("/=", "="),
        "%=": ("//=", "="),
        "**=": ("*=",),
    },
    logic={"and": "or", "or": "and"},
    unary=frozenset({"not_operator", "unary_operator"}),
    no="not ",
    true="True",
    false="False",
    numbers=frozenset({"integer", "float"}),
    strings=frozenset({"string"}),
    collections={"list": "[]", "dictionary": "{}", "set": "set()"},
    defaults=frozenset({"default_parameter", "typed_default_parameter"}),
    calls={"call": ("function", "arguments")},
    named_arguments=frozenset({"keyword_argument"}),
    members=frozenset({"attribute"}),
    names={
        "min": "max",
        "max": "min",
        "any": "all",
        "all": "any",
        "lower": "upper",
        "upper": "lower",
        "startswith": "endswith",
        "endswith": "startswith",
        "lstrip": "rstrip",
        "rstrip": "lstrip",
        "removeprefix": "removesuffix",
        "removesuffix": "removeprefix",
        "find": "rfind",
        "rfind": "find",
        "partition": "rpartition",
        "rpartition": "partition",
        "ljust": "rjust",
        "rjust": "ljust",
        "floor": "ceil",
        "ceil": "floor",
        "bisect_left": "bisect_right",
        "bisect_right": "bisect_left",
        "append": "extend",
        "extend": "append",
        "update": "setdefault",
        "union": "intersection",
        "intersection": "union",
        "match": "search",
        "search": "match",
        "fullmatch": "match",
    },
    unwrapped=frozenset(
        {"sorted", "reversed", "abs", "set", "list", "tuple", "str", "int", "float", "bool", "round", "dict"}
        | {"strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "casefold", "splitlines"}
        | {"copy", "deepcopy", "frozenset", "repr"}
    ),
    optional=frozenset(
        {"get", "pop", "split", "rsplit", "strip", "lstrip", "rstrip", "getattr", "next", "round", "sum"}
        | {"int", "index", "find", "rfind", "setdefault", "splitlines"}
        | {"enumerate", "bool", "str", "list", "dict", "set"}
    ),
    apart=frozenset({"isinstance", "issubclass", "getattr", "setattr", "hasattr", "delattr"}),
    slices={"slice": ":"},
    indexes={"subscript": "subscript"},
    ranges=frozenset({"range", "islice", "itertools.islice"}),
    conditions={
        "if_statement": "condition",
        "elif_clause": "condition",
        "while_statement": "condition",
        "conditional_expression": 1,
        "if_clause": 0,
    },
    loops=frozenset({"while_statement"}),
    for_each={"for_statement": "right", "for_in_clause": "right"},
    nothing="()",
    returns={"return_statement": 0, "yield": 0, "lambda": "body"},
    default_of=_default_of,
    functions=frozenset({"function_definition", "lambda"}),
    return_type="return_type",
    removed={
        "expression_statement": frozenset({"call", "assignment", "augmented_assignment"}),
        "raise_statement": frozenset(),
        "delete_statement": frozenset(),
        "assert_statement": frozenset(),
    },
    assignments=frozenset({"assignment", "augmented_assignment"}),
    instead="pass",
    jumps={"break_statement": "continue", "continue_statement": "break"},
    handlers={"except_clause": ""},
    handled="raise",
    binds_by_assignment=True,
    raised=frozenset({"raise_statement"}),
    asserted=frozenset({"assert_statement"}),
    told=frozenset({"print", "warnings.warn", "warn"}),
    shown=frozenset({"__repr__", "__str__"}),
)
