"""Definitions as the model is shown them: valid Python with `...` for bodies."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from codenook.context.parse import Parsed

_MAX_VALUE_CHARACTERS = 60
_MAX_CLASS_CHARACTERS = 1500
_INDENT = "    "


def text_of(node: Node | None) -> str:
    """The source of ``node``; nothing for None."""
    return (node.text or b"").decode("utf-8", "replace") if node else ""


def function_stub(node: Node) -> str:
    """Decorators, signature and the doc's first line of a function."""
    header, doc = "\n".join([*_decorators(node), f"{_signature(node)}:"]), _doc(node, _INDENT)
    return "\n".join([header, *doc, f"{_INDENT}..."]) if doc else f"{header} ..."


def class_stub(parsed: Parsed, node: Node, *, private: bool) -> str:
    """Header, doc's first line, fields and method signatures of a class.

    Members whose name starts with one underscore are left out unless ``private``; of a large class, those
    members for which there is no room, with `...` in the end to say so.
    """
    name = text_of(node.child_by_field_name("name")) + _one_line(node.child_by_field_name("type_parameters"))
    bases = _items(node.child_by_field_name("superclasses"))
    body = [*_doc(node, "")]
    room, is_whole = _MAX_CLASS_CHARACTERS, True
    for member in _members(parsed, node, private=private):
        if len(member) <= room:
            body += member.split("\n")
            room -= len(member)
        else:
            is_whole = False
    if not body or not is_whole:
        body.append("...")
    return "\n".join(
        [
            *_decorators(node),
            f"class {name}({bases}):" if bases else f"class {name}:",
            *(_INDENT + line for line in body),
        ]
    )


def constant_stub(node: Node) -> str:
    """An assignment or type alias on one line; a long value becomes `...`."""
    if node.type == "type_alias_statement":
        return _one_line(node)
    target, annotation = text_of(node.child_by_field_name("left")), node.child_by_field_name("type")
    value = node.child_by_field_name("right")
    declared = f"{target}: {_one_line(annotation)}" if annotation else target
    return f"{declared} = {_short(value)}" if value else declared


def is_overload(node: Node) -> bool:
    """Whether a function is decorated as one of several `typing.overload` signatures."""
    return any(line.endswith("overload") for line in _decorators(node))


def _members(parsed: Parsed, node: Node, *, private: bool) -> Iterator[str]:
    body = node.child_by_field_name("body")
    for statement in body.named_children if body else ():
        member = statement.child_by_field_name("definition") or statement
        assignment = _first(statement) if statement.type == "expression_statement" else None
        if assignment and assignment.type == "assignment" and not assignment.has_error:
            target = assignment.child_by_field_name("left")
            if target and target.type == "identifier" and (private or not _is_private(text_of(target))):
                yield constant_stub(assignment)
        elif member.type == "function_definition" and not header_is_broken(member):
            name = text_of(member.child_by_field_name("name"))
            if private or not _is_private(name):
                fields = list(_fields(parsed, member, private=private)) if name == "__init__" else []
                header = "\n".join([*_decorators(member), f"{_signature(member)}:"])
                yield "\n".join([header, *fields]) if fields else f"{header} ..."


def _fields(parsed: Parsed, init: Node, *, private: bool) -> Iterator[str]:
    parameters = init.child_by_field_name("parameters")
    receiver = text_of(_first(parameters))
    seen: set[str] = set()
    for assignment in parsed.captures("fields", init.byte_range).get("assignment", ()):
        target = assignment.child_by_field_name("left")
        if target is None or assignment.has_error:
            continue
        name = text_of(target.child_by_field_name("attribute"))
        if text_of(target.child_by_field_name("object")) != receiver or name in seen:
            continue
        if private or not _is_private(name):
            seen.add(name)
            yield _INDENT + constant_stub(assignment)


def _signature(node: Node) -> str:
    asynchronous = "async " if any(child.type == "async" for child in node.children) else ""
    name = text_of(node.child_by_field_name("name")) + _one_line(node.child_by_field_name("type_parameters"))
    returns = node.child_by_field_name("return_type")
    arrow = f" -> {_one_line(returns)}" if returns else ""
    return f"{asynchronous}def {name}({_items(node.child_by_field_name('parameters'))}){arrow}"


def _items(node: Node | None) -> str:
    children = node.named_children if node else ()
    return ", ".join(_one_line(child) for child in children if child.type != "comment")


def _decorators(node: Node) -> list[str]:
    parent = node.parent
    if parent is None or parent.type != "decorated_definition":
        return []
    return [
        _one_line(child)
        for child in parent.named_children
        if child.type == "decorator" and not child.has_error
    ]


def _doc(node: Node, indent: str) -> list[str]:
    line = _doc_line(node)
    if not line:
        return []
    prefix = "r" if "\\" in line else ""
    return [f'{indent}{prefix}"""{line}"""']


def _doc_line(node: Node) -> str:
    body = node.child_by_field_name("body")
    statement = _first(body)
    string = _first(statement) if statement and statement.type == "expression_statement" else None
    if string is None or string.type != "string" or re.match(r"\w*[fFbBtT]", text_of(string)):
        return ""
    content = "".join(text_of(child) for child in string.named_children if child.type == "string_content")
    line = content.strip("\\\n\r\t ").partition("\n")[0].strip().rstrip("\\")
    return "" if '"""' in line else line.rstrip('"')


def _first(node: Node | None) -> Node | None:
    """The first named child that is not a comment."""
    return next((child for child in node.named_children if child.type != "comment"), None) if node else None


def _short(value: Node) -> str:
    text = text_of(value)
    return text if len(text) <= _MAX_VALUE_CHARACTERS and "\n" not in text else "..."


def _one_line(node: Node | None) -> str:
    """The source of ``node`` without its line breaks, where joining the lines cannot change its meaning."""
    text = text_of(node)
    if "\n" not in text or re.search(r"[#\"'\\]", text):
        return text
    joined = " ".join(text.split())
    return re.sub(r"(?<=[(\[{]) | (?=[)\]}])", "", joined)


def header_is_broken(node: Node) -> bool:
    """Whether the parser stumbled between the name of a definition and its body."""
    fields = ("name", "type_parameters", "parameters", "return_type", "superclasses")
    return any(child.has_error for field in fields if (child := node.child_by_field_name(field)))


def _is_private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))
