"""Reads the statements of a JavaScript or TypeScript test, by its syntax tree."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from codenook.context.parse import Language, encode, errors, parse
from codenook.server.unit_tests.making.bodies.body import Body, NoBody

_NAMES = {"identifier", "shorthand_property_identifier"}
_BINDING = {"variable_declarator": "name", "function_declaration": "name", "class_declaration": "name"}
_BINDING |= {"for_in_statement": "left", "catch_clause": "parameter", "arrow_function": "parameter"}
_PATTERNS = {"shorthand_property_identifier_pattern", "identifier"}
_FUNCTIONS = {"arrow_function", "function_expression", "function"}
_TESTS = re.compile(r"(?:it|test)(?:\.\w+)?$")
_CHECK = re.compile(r"(?:t\.|test\.)?(?:assert|expect)\b")
_IMPORT = re.compile(
    r"""(?:import\s+(?:[\w$]+|\*\s+as\s+[\w$]+|\{[\w$\s,]*\})\s+from\s+(['"])[^'"\s]+\1"""
    r"""|(?:const|let|var)\s+(?:[\w$]+|\{[\w$\s,:]*\})\s*=\s*require\((['"])[^'"\s]+\2\));?\s*"""
)
_MODULE = re.compile(r"""(['"])(?:node:)?([^'"]+)\1\)?;?\s*$""")


def read_body(language: Language, text: str, imports: Sequence[str]) -> Body:
    """What the statements do; raises NoBody. A call of ``test`` or ``it`` around them is taken off."""
    text = textwrap.dedent(text).strip("\n")
    root = _parsed(language, text)
    if (inner := _wrapped(root)) is not None:
        text = textwrap.dedent(inner).strip("\n")
        root = _parsed(language, text)
    if all(each.type == "comment" for each in root.named_children):
        raise NoBody("There are no statements.")
    nodes = list(_walk(root))
    return Body(
        text,
        read=frozenset(_read(nodes)),
        called=frozenset(filter(None, map(_callee, nodes))),
        made=frozenset(_made(nodes)),
        stored=frozenset(_stored(nodes)),
        imported=dict(_imported(imports)),
        checks=tuple(_checks(nodes)),
        is_endless=any(map(_is_endless, nodes)),
    )


def is_import(text: str) -> bool:
    """Whether a line is one plain import of names, or a ``require`` of them."""
    return _IMPORT.fullmatch(text.strip()) is not None


def _parsed(language: Language, text: str) -> Node:
    root = parse(language, encode(text)).root
    wrong = next(errors(root), None) if root.has_error else None
    if root.has_error:
        row = wrong.start_point.row + 1 if wrong else 1
        raise NoBody(f"Line {row} can't be read.")
    return root


def _wrapped(root: Node) -> str | None:
    """The statements of the function that is all of a call of ``test`` or ``it``."""
    match root.named_children:
        case [Node(type="expression_statement") as statement]:
            call = statement.named_children[0]
        case _:
            return None
    if call.type != "call_expression" or not _TESTS.match(_text(call.child_by_field_name("function"))):
        return None
    arguments = call.child_by_field_name("arguments")
    functions = [each for each in arguments.named_children if each.type in _FUNCTIONS] if arguments else []
    body = functions[-1].child_by_field_name("body") if functions else None
    return _text(body)[1:-1] if body is not None and body.type == "statement_block" else None


def _walk(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))


def _text(node: Node | None) -> str:
    return node.text.decode("utf-8", "replace") if node is not None and node.text else ""


def _dotted(node: Node | None) -> str:
    """A name with its members; members of anything else begin with a dot."""
    if node is None:
        return ""
    if node.type in _NAMES or node.type == "this":
        return _text(node)
    if node.type == "member_expression":
        return f"{_dotted(node.child_by_field_name('object'))}.{_text(node.child_by_field_name('property'))}"
    return ""


def _callee(node: Node) -> str:
    if node.type == "call_expression":
        return _dotted(node.child_by_field_name("function"))
    return _dotted(node.child_by_field_name("constructor")) if node.type == "new_expression" else ""


def _read(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        if node.type in _NAMES or node.type == "member_expression":
            yield _dotted(node)


def _made(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        bound = node.child_by_field_name(_BINDING[node.type]) if node.type in _BINDING else None
        if node.type == "formal_parameters":
            bound = node
        if node.type == "assignment_expression":
            left = node.child_by_field_name("left")
            bound = left if left is not None and left.type != "member_expression" else None
        if bound is not None:
            yield from (_text(each) for each in _walk(bound) if each.type in _PATTERNS)


def _stored(nodes: Sequence[Node]) -> Iterator[str]:
    for node in nodes:
        if node.type in {"assignment_expression", "augmented_assignment_expression"}:
            left = node.child_by_field_name("left")
            if left is not None and left.type == "member_expression":
                yield _dotted(left)


def _imported(imports: Sequence[str]) -> Iterator[tuple[str, str]]:
    for line in imports:
        found = _MODULE.search(line)
        module = found.group(2) if found else ""
        bound = re.sub(r"(?:import|const|let|var|from|as)\b|\*|=.*", " ", line.partition(" from ")[0])
        for name in re.findall(r"[\w$]+", bound):
            yield name, f"{module}.{name}" if "{" in line else module


def _checks(nodes: Sequence[Node]) -> Iterator[frozenset[str]]:
    for node in nodes:
        if node.type == "call_expression" and _CHECK.match(_callee(node)):
            arguments = node.child_by_field_name("arguments")
            yield frozenset(_read(list(_walk(arguments)))) if arguments is not None else frozenset()


def _is_endless(node: Node) -> bool:
    if node.type == "for_statement":
        condition = node.child_by_field_name("condition")
        return condition is None or condition.type == "empty_statement"
    if node.type not in {"while_statement", "do_statement"}:
        return False
    return _text(node.child_by_field_name("condition")).strip("() ") in {"true", "1"}
