"""What in a syntax tree is a sign that code may mean something else in another language."""

from collections.abc import Callable, Mapping

from attrs import frozen
from tree_sitter import Node

from codenook.context.reading import text_of
from codenook.server.translation.rules import Rule
from codenook.server.translation.shapes import Kind, Shape

_BINARY = {"binary_operator", "binary_expression", "augmented_assignment", "assignment_expression"}
_BINARY |= {"assignment_statement", "compound_assignment_expr", "augmented_assignment_expression"}
_SUBSCRIPTS = {"subscript", "subscript_expression", "array_access", "index_expression", "slice_expression"}
_CALLS = {"call", "call_expression", "method_invocation", "macro_invocation"}
_LOOPS = {"for_statement", "for_in_statement", "enhanced_for_statement", "for_expression", "for_range_loop"}
_LOOPS |= {"for_in_clause", "range_clause"}
_INTEGERS = {
    "integer",
    "number",
    "decimal_integer_literal",
    "hex_integer_literal",
    "int_literal",
    "number_literal",
}
_INTEGERS |= {"integer_literal"}
_FLOATS = {"float", "decimal_floating_point_literal", "float_literal"}
_CONTAINERS = {Kind.LIST, Kind.MAP, Kind.SET, Kind.TUPLE}
_LENGTHS = {"len", "length", "size", "charAt", "at", "codePointAt", "charCodeAt", "substring", "strlen"}
_MAP_VIEWS = {"items", "keys", "values", "entrySet", "keySet", "entries", "iter"}
_SORTS = {"sort", "sorted", "qsort", "Sort", "Slice", "sort_unstable", "Ints", "Strings", "stable_sort"}
_ROUNDS = {"round", "toFixed", "Round", "rint", "lround"}
_TEXTS = {"str", "repr", "String", "toString", "to_string", "valueOf", "Sprint", "Sprintf", "format"}


@frozen
class Known:
    """The language of a tree, and the shapes of names in it."""

    language: str
    shapes: Mapping[str, Shape]

    def kind(self, node: Node | None) -> Kind:
        """What an expression is, as far as that is certain."""
        while node is not None and node.type == "parenthesized_expression" and node.named_child_count == 1:
            node = node.named_children[0]
        if node is None:
            return Kind.ANY
        text = text_of(node)
        if node.type in _FLOATS or (node.type in _INTEGERS and ("." in text or "e" in text.lower()[1:2])):
            return Kind.FLOAT
        if node.type in _INTEGERS:
            return Kind.INT
        if "string" in node.type:
            return Kind.TEXT
        shape = self.shapes.get(text)
        while shape is not None and shape.kind is Kind.OPTION:
            shape = shape.parts[0]
        return shape.kind if shape else Kind.ANY


Sign = Callable[[Node, Known], bool]


def _operator(node: Node) -> str:
    return text_of(node.child_by_field_name("operator")) if node.type in _BINARY else ""


def _operands(node: Node, known: Known) -> set[Kind]:
    sides = ("left", "right")
    return {known.kind(node.child_by_field_name(side)) for side in sides}


def _overflows(node: Node, known: Known) -> bool:
    is_large = _operator(node).rstrip("=") in {"*", "**", "<<"}
    kinds = _operands(node, known) if is_large else set[Kind]()
    return is_large and Kind.INT in kinds and kinds <= {Kind.INT, Kind.ANY}


def _divides(node: Node, known: Known) -> bool:
    operator = _operator(node).removesuffix("=")
    if known.language == "python":
        return operator == "//"
    kinds = _operands(node, known) if operator == "/" else set[Kind]()
    return Kind.INT in kinds and kinds <= {Kind.INT, Kind.ANY}


def _leaves_remainder(node: Node, known: Known) -> bool:
    return _operator(node).removesuffix("=") == "%" and Kind.TEXT not in _operands(node, known)


def _called(node: Node) -> tuple[str, Node | None]:
    """The name that a call calls, and what it calls it on."""
    if node.type not in _CALLS:
        return "", None
    function = node.child_by_field_name("function") or node
    fields = ("attribute", "property", "field", "name")
    name = next((found for each in fields if (found := function.child_by_field_name(each))), function)
    owners = ("object", "value", "operand", "argument")
    owner = next((found for each in owners if (found := function.child_by_field_name(each))), None)
    return text_of(name), owner if function is not name else None


def _arguments(node: Node) -> list[Node]:
    arguments = node.child_by_field_name("arguments")
    return arguments.named_children if arguments else []


def _indexed(node: Node) -> Node | None:
    """What a subscript reads from."""
    return node.named_children[0] if node.type in _SUBSCRIPTS and node.named_children else None


def _counts_units(node: Node, known: Known) -> bool:
    if (indexed := _indexed(node)) is not None:
        return known.kind(indexed) is Kind.TEXT
    if node.type == "member_expression" and text_of(node.child_by_field_name("property")) == "length":
        return known.kind(node.child_by_field_name("object")) is Kind.TEXT
    name, owner = _called(node)
    of = owner if owner is not None else next(iter(_arguments(node)), None)
    return name in _LENGTHS and known.kind(of) is Kind.TEXT


def _counts_from_the_end(node: Node, known: Known) -> bool:
    if known.language != "python" or node.type != "subscript":
        return False
    parts = [part for each in node.named_children[1:] for part in (each, *each.named_children)]
    return any(part.type == "unary_operator" and text_of(part).startswith("-") for part in parts)


def _may_be_outside(node: Node, known: Known) -> bool:
    indexed = _indexed(node)
    return indexed is not None and known.kind(indexed) in {Kind.LIST, Kind.TEXT} and ":" not in text_of(node)


def _may_miss(node: Node, known: Known) -> bool:
    indexed = _indexed(node)
    if indexed is not None:
        return known.kind(indexed) is Kind.MAP
    name, owner = _called(node)
    return name == "get" and known.kind(owner) is Kind.MAP


def _goes_through(node: Node, known: Known) -> bool:
    if node.type in _LOOPS:
        fields = ("right", "value")
        over = next((found for each in fields if (found := node.child_by_field_name(each))), None)
        return known.kind(over) in {Kind.MAP, Kind.SET}
    name, owner = _called(node)
    return name in _MAP_VIEWS and known.kind(owner) in {Kind.MAP, Kind.SET}


def _compares_objects(node: Node, known: Known) -> bool:
    if node.type not in {"comparison_operator", "binary_expression"}:
        return False
    signs = {text_of(child) for child in node.children if not child.is_named}
    sides = {known.kind(child) for child in node.named_children}
    wanted = _CONTAINERS | ({Kind.TEXT} if known.language == "java" else set())
    is_null = any(text_of(child) in {"null", "None", "nil"} for child in node.named_children)
    return bool(signs & {"==", "!=", "===", "!==", "is"}) and bool(sides & wanted) and not is_null


def _rounds(node: Node, known: Known) -> bool:  # noqa: ARG001 - the same for all
    return _called(node)[0] in _ROUNDS


def _writes_float(node: Node, known: Known) -> bool:
    if node.type == "interpolation" or node.type == "template_substitution":  # noqa: PLR1714 - two languages
        return any(known.kind(child) is Kind.FLOAT for child in node.named_children)
    name, owner = _called(node)
    given = [*_arguments(node), *([owner] if owner is not None else [])]
    return name in _TEXTS and any(known.kind(each) is Kind.FLOAT for each in given)


def _is_asked(node: Node, known: Known) -> bool:
    """Whether a value that is no truth is used as one."""
    if known.language not in {"python", "javascript", "typescript"}:
        return False
    asked = None
    if node.type in {"if_statement", "while_statement", "elif_clause"}:
        asked = node.child_by_field_name("condition")
    elif node.type in {"not_operator", "unary_expression"} and text_of(node).startswith(("not", "!")):
        asked = node.child_by_field_name("argument")
    return asked is not None and known.kind(asked) not in {Kind.ANY, Kind.BOOL, Kind.CLASS}


def _is_undefined(node: Node, known: Known) -> bool:
    return known.language in {"javascript", "typescript"} and node.type == "undefined"


def _sorts(node: Node, known: Known) -> bool:  # noqa: ARG001 - the same for all
    return _called(node)[0].rpartition("::")[2] in _SORTS


SIGNS: Mapping[Rule, Sign] = {
    Rule.INTEGER_OVERFLOW: _overflows,
    Rule.INTEGER_DIVISION: _divides,
    Rule.REMAINDER: _leaves_remainder,
    Rule.STRING_INDEX: _counts_units,
    Rule.NEGATIVE_INDEX: _counts_from_the_end,
    Rule.INDEX_RANGE: _may_be_outside,
    Rule.MISSING_KEY: _may_miss,
    Rule.ITERATION_ORDER: _goes_through,
    Rule.EQUALITY: _compares_objects,
    Rule.ROUNDING: _rounds,
    Rule.FLOAT_TEXT: _writes_float,
    Rule.TRUTH: _is_asked,
    Rule.NOTHING: _is_undefined,
    Rule.SORTING: _sorts,
}
"""By the rule of the note."""
