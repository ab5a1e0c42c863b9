"""What the use of a name in code, and the name itself, suggest of its value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum

from attrs import field, frozen
from tree_sitter import Node

from codenook.server.unit_tests.frameworks.ecmascript.syntax import text, words


class Sort(StrEnum):
    """What a value is, roughly."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    ARRAY = "array"
    OBJECT = "object"
    FUNCTION = "function"
    DATE = "date"
    REGEXP = "regexp"
    MAP = "map"
    SET = "set"


@frozen
class Use:
    """How code uses a name: sorts of values, members that it reads, literals that it compares with."""

    sorts: list[Sort] = field(factory=list)
    keys: list[str] = field(factory=list)
    constants: list[str] = field(factory=list)


_MEMBERS: Mapping[Sort, frozenset[str]] = {
    Sort.STRING: words(
        "charAt charCodeAt codePointAt endsWith localeCompare match matchAll normalize padEnd padStart",
        "repeat replace replaceAll search split startsWith substr substring toLowerCase toUpperCase trim",
        "trimEnd toLocaleLowerCase toLocaleUpperCase trimStart",
    ),
    Sort.ARRAY: words(
        "copyWithin every fill filter find findIndex findLast flat flatMap forEach join map pop push reduce",
        "reduceRight reverse shift some sort splice unshift",
    ),
    Sort.NUMBER: words("toFixed toPrecision toExponential"),
    Sort.DATE: words(
        "getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime setDate",
        "setHours toISOString getTimezoneOffset",
    ),
    Sort.REGEXP: words("exec test flags source lastIndex"),
    Sort.FUNCTION: words("apply bind call"),
}
_OF_MANY = words("length slice indexOf includes concat at toString valueOf lastIndexOf hasOwnProperty")
_NAMES: Mapping[Sort, str] = {
    Sort.FUNCTION: r"fn|func|callback|cb|predicate|iteratee|comparator|mapper|handler|compare|transform|.*Fn",
    Sort.OBJECT: r"obj|object|opts?|options?|config|settings|props|params|record|source|target|attrs",
    Sort.DATE: r"date|.*Date|day|dateLeft|dateRight|timestamp|now",
    Sort.ARRAY: r"arr|array|list|xs|collection|.*(?:Array|List|[a-rt-z]s)",
    Sort.NUMBER: (
        r"n|num|number|count|[ijkxy]|index|size|len|length|min|max|amount|total|step|start|end|depth|limit|level"
        r"|width|height|ms|radix|precision|digits|from|to|offset|.*(?:Count|Index|Size|Length)"
    ),
    Sort.BOOLEAN: r"(?:is|has|should)[A-Z].*|strict|deep|loose|force",
    Sort.REGEXP: r"re|regex|regexp|pattern",
    Sort.STRING: (
        r"s|str|string|text|input|name|key|path|url|uri|title|label|word|char|line|prefix|suffix|sep|separator"
        r"|delimiter|id|message|version|query|val|html|v|.*(?:Name|Text|String|Path|Url|Key)"
    ),
}
"""What names suggest, the surest first."""

_TYPE_OF = {sort.value: sort for sort in Sort}
_ORDERED = frozenset({"<", ">", "<=", ">="})
_COMPARED = _ORDERED | {"===", "==", "!==", "!="}
_ARITHMETIC = frozenset({"-", "*", "/", "%", "**", "<<", ">>", ">>>", "|", "&", "^"})
_LITERALS = frozenset({"string", "number", "true", "false", "null", "undefined"})
_TAKEN_BY: Sequence[tuple[str, Sort]] = (
    (r"Math\.\w+|isNaN|isFinite|Number\.is\w+", Sort.NUMBER),
    (r"Array\.isArray", Sort.ARRAY),
    (r"Object\.\w+|JSON\.stringify", Sort.OBJECT),
    (r"parseInt|parseFloat|(?:en|de)codeURI(?:Component)?|JSON\.parse|.*\.(?:test|exec)", Sort.STRING),
)


def sorts_of_name(name: str) -> list[Sort]:
    """What a name suggests."""
    return [sort for sort, pattern in _NAMES.items() if re.fullmatch(pattern, name)]


def sorts_of_value(expression: str) -> list[Sort]:
    """What an expression makes."""
    patterns = (
        (r"['\"`]|String\b", Sort.STRING),
        (r"-?[\d.]|Number\b|Infinity", Sort.NUMBER),
        (r"true\b|false\b", Sort.BOOLEAN),
        (r"\[|new Array\b", Sort.ARRAY),
        (r"\{|new Object\b", Sort.OBJECT),
        (r"new Date\b", Sort.DATE),
        (r"/|new RegExp\b", Sort.REGEXP),
        (r"new Map\b", Sort.MAP),
        (r"new Set\b", Sort.SET),
        (r"new Function\b|\(?[\w\s,]*\)?\s*=>|function\b", Sort.FUNCTION),
    )
    return [sort for pattern, sort in patterns if re.match(pattern, expression.strip())][:1]


def use_of(name: str, nodes: Sequence[Node]) -> Use:
    """How a name is used in some nodes."""
    use = Use()
    for node in nodes:
        if node.type != "identifier" or text(node) != name or node.parent is None:
            continue
        above = node.parent
        if above.type == "member_expression" and above.child_by_field_name("object") == node:
            _read_member(text(above.child_by_field_name("property")), use)
        else:
            use.sorts.extend(_sorts_around(node, above))
            use.constants.extend(_constants(node, above))
    return use


def _read_member(member: str, use: Use) -> None:
    sort = next((sort for sort, members in _MEMBERS.items() if member in members), None)
    if sort:
        use.sorts.append(sort)
    elif member not in _OF_MANY:
        use.keys.append(member)
        use.sorts.append(Sort.OBJECT)


def _sorts_around(node: Node, above: Node) -> Iterator[Sort]:
    kind = above.type
    if kind == "call_expression" and above.child_by_field_name("function") == node:
        yield Sort.FUNCTION
    elif kind in {"binary_expression", "augmented_assignment_expression"}:
        yield from _sorts_beside(node, above, text(above.child_by_field_name("operator")))
    elif kind == "unary_expression" and text(above).startswith("typeof") and above.parent is not None:
        compared = re.search(r"['\"](\w+)['\"]", text(above.parent))
        if compared and compared[1] in _TYPE_OF:
            yield _TYPE_OF[compared[1]]
    elif kind == "for_in_statement" and above.child_by_field_name("right") == node:
        yield Sort.ARRAY if text(above.child_by_field_name("operator")) == "of" else Sort.OBJECT
    elif kind == "arguments" and above.parent is not None:
        called = text(above.parent.child_by_field_name("function"))
        yield from (sort for pattern, sort in _TAKEN_BY if re.fullmatch(pattern, called))
    elif kind == "subscript_expression" and above.child_by_field_name("object") == node:
        yield Sort.ARRAY


def _sorts_beside(node: Node, above: Node, operator: str) -> Iterator[Sort]:
    is_right = above.child_by_field_name("right") == node
    if operator.removesuffix("=") in _ARITHMETIC or operator in _ORDERED:
        yield Sort.NUMBER
    elif operator == "in" and is_right:
        yield Sort.OBJECT
    elif operator == "instanceof" and not is_right:
        yield from sorts_of_value(f"new {text(above.child_by_field_name('right'))}")


def _constants(node: Node, above: Node) -> Iterator[str]:
    operator = text(above.child_by_field_name("operator"))
    if above.type == "binary_expression" and operator in _COMPARED:
        for other in (above.child_by_field_name(side) for side in ("left", "right")):
            if other and other != node and other.type in _LITERALS:
                yield from _around(text(other), is_bound=operator in _ORDERED)
    switch = above.parent if above.type == "parenthesized_expression" else None
    body = switch.child_by_field_name("body") if switch and switch.type == "switch_statement" else None
    for case in body.named_children if body else ():
        value = case.child_by_field_name("value")
        if value and value.type in _LITERALS:
            yield text(value)


def _around(literal: str, *, is_bound: bool) -> Iterator[str]:
    """A literal, and where it is a bound the numbers beside it."""
    yield literal
    if is_bound and re.fullmatch(r"\d+", literal):
        yield str(int(literal) + 1)
        yield str(int(literal) - 1)
