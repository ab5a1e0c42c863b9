"""Declarations as a `.d.ts` file has them: no bodies, no decorators, values where they say the type."""

import re

from attrs import evolve
from tree_sitter import Node

from codenook.context.languages.ecmascript import types
from codenook.context.outline import Definition
from codenook.context.reading import first_named, fits, one_line, text_of

FUNCTIONS = {"arrow_function", "function_expression", "generator_function"}

_VARIABLES = {"lexical_declaration", "variable_declaration"}
_STANDS_FOR = {"as_expression", "satisfies_expression", "parenthesized_expression"}
_CALLS = {"new_expression": "constructor", "call_expression": "function"}
_TELLING = {"new_expression", "call_expression", "this", "as_expression"}
_COMMENT = re.compile(r"(?<![:\"'`])//[^\n]*|/\*.*?\*/", re.DOTALL)
_ASYNC = re.compile(r"\basync\s+")
_TYPE_END = re.compile(r",? >(?!=)")
_MAX_ALIAS_CHARACTERS = 200


def held(node: Node) -> Node | None:
    """The expression on the right of a variable, property or assignment."""
    return node.child_by_field_name("value") or node.child_by_field_name("right")


def value(node: Node) -> Node | None:
    """What a variable, property or assignment holds, whatever type it is said to have."""
    inner = held(node)
    while inner and inner.type in _STANDS_FOR:
        inner = first_named(inner)
    return inner


def imports(node: Node) -> bool:
    """Whether a variable holds a module that was imported by a call, or a member of one."""
    inner = value(node) if node.type == "variable_declarator" else None
    while inner and inner.type in {"await_expression", "member_expression"}:
        inner = first_named(inner)
    called = inner.child_by_field_name("function") if inner and inner.type == "call_expression" else None
    return called is not None and (called.type == "import" or text_of(called) == "require")


def returned(body: Node) -> Node:
    """The expression that a function returns at its end, where it tells a type; else the body itself."""
    if body.type != "statement_block":
        return body
    last = body.named_children[-1] if body.named_child_count else None
    result = first_named(last) if last and last.type == "return_statement" else None
    return result if result and result.type in _TELLING else body


def bases(node: Node) -> list[Node]:
    """The names of what a class or interface extends and implements."""
    found: list[Node] = []
    for child in node.named_children:
        if child.type in {"class_heritage", "extends_clause", "implements_clause", "extends_type_clause"}:
            inner = [part for part in child.named_children if part.type not in {"type_arguments", "comment"}]
            is_clause = child.type != "class_heritage" or not inner[0].type.endswith("_clause")
            found += inner if is_clause else bases(child)
    return found


def renamed(definition: Definition, name: str) -> Definition:
    """A definition at file level under another name."""
    return evolve(definition, name=name, symbol=name)


def header(outer: Node, node: Node, body: Node | None) -> str:
    """A function, class, namespace or type with members, without its body.

    ``outer`` is the statement that ``node`` declares something in.
    """
    inner = value(node)
    if node.type == "type_alias_declaration":
        return _alias_header(outer, node, body)
    if inner and inner.type in FUNCTIONS:
        return _function(outer, node, inner)
    if inner and inner.type == "object":
        is_default = outer == node and node.type == "export_statement"
        return "export default" if is_default else f"{_head(outer, node)}:"
    text = _text(outer, _start(outer), body.start_byte if body else outer.end_byte)
    has_type = node.child_by_field_name("return_type") is not None
    return _ASYNC.sub("", text, count=1) if has_type else text


def variable(outer: Node, node: Node) -> str:
    """A variable, field, enum member or alias on one line."""
    if node.type == "type_alias_declaration":
        text = _text(outer, _start(outer), outer.end_byte)
        return text if len(text) <= _MAX_ALIAS_CHARACTERS else f"{text[:_MAX_ALIAS_CHARACTERS]}..."
    given, head = held(node), _head(outer, node)
    if given is None or node.child_by_field_name("type"):
        return head
    sign = ": " if node.type == "pair" else " = "
    if fits(given):
        return head + sign + one_line(text_of(given))
    if given.type in _CALLS and (called := given.child_by_field_name(_CALLS[given.type])) and fits(called):
        return f"{head}{sign}{'new ' if given.type == 'new_expression' else ''}{text_of(called)}(...)"
    return head


def _head(outer: Node, node: Node) -> str:
    """Everything before the value; of an assignment the last name."""
    given = held(node)
    if node.type == "assignment_expression":
        left = node.child_by_field_name("left")
        return text_of(left.child_by_field_name("property")) if left else ""
    if node.type == "variable_declarator":
        declaring = next((n for n in (outer, *outer.children) if n.type in _VARIABLES), outer)
        words = _text(outer, outer.start_byte, declaring.named_children[0].start_byte)
        end = given.start_byte if given else node.end_byte
        return f"{words} {_text(node, node.start_byte, end)}"
    return _text(node, _start(node), given.start_byte if given else node.end_byte)


def _function(outer: Node, node: Node, inner: Node) -> str:
    """A variable or property that holds a function, as the declaration of a function or method."""
    returns = inner.child_by_field_name("return_type")
    parts = [inner.child_by_field_name(field) for field in ("type_parameters", "parameters", "return_type")]
    one = inner.child_by_field_name("parameter")
    call = "".join(_text(part, part.start_byte, part.end_byte) for part in parts if part)
    call = f"({text_of(one)})" if one else call
    is_async = "" if returns or not text_of(inner).startswith("async") else "async "
    if node.type == "variable_declarator":
        words = re.sub(
            r"(?:const|let|var)$", "", _head(outer, node).partition(text_of(_name(node)))[0].strip()
        )
        return f"{words}{is_async}function {text_of(_name(node))}{call}"
    if node.type == "export_statement":
        return f"export default {is_async}function {text_of(inner.child_by_field_name('name'))}{call}"
    return f"{is_async}{_head(outer, node)}{call}"


def _alias_header(outer: Node, node: Node, body: Node | None) -> str:
    whole = node.child_by_field_name("value")
    if whole is None or whole.type != "intersection_type":
        start = whole.start_byte if whole else outer.end_byte
        return f"{_text(outer, _start(outer), start)} ="
    others = " & ".join(one_line(text_of(part)) for part in types.alternatives(whole) if part != body)
    return f"{_text(outer, _start(outer), whole.start_byte)} = {others} &"


def _name(node: Node) -> Node | None:
    return node.child_by_field_name("name")


def _start(node: Node) -> int:
    """Where a declaration begins behind its decorators."""
    kept = (child for child in node.children if child.type not in {"decorator", "comment"})
    return next(kept, node).start_byte


def _text(node: Node, start: int, end: int) -> str:
    """Source inside ``node`` on one line, without comments and what introduces a body or a value."""
    source = (node.text or b"")[start - node.start_byte : end - node.start_byte].decode("utf-8", "replace")
    if "/" in source:
        source = _COMMENT.sub("", source)
    return _TYPE_END.sub(">", one_line(source).replace("< ", "<")).rstrip(
        "{;=:,? " if source.rstrip().endswith((":", "=")) else "{;=, "
    )
