"""What is known of a target's parameters: types in the code and in JSDoc, defaults, and how they are used."""

import re
from collections.abc import Mapping

from attrs import evolve, frozen
from tree_sitter import Node

from codenook.server.unit_tests.frameworks.ecmascript.syntax import text, walk
from codenook.server.unit_tests.kits.ecmascript.usage import (
    Sort,
    Use,
    sorts_of_name,
    sorts_of_value,
    use_of,
)

_TAG = re.compile(r"@param\s+\{")
_GUARDS = re.compile(r"\bthrow\b|\btypeof\b|\binstanceof\b|\bArray\.isArray\b|[!=]==? (?:null|undefined)\b")
_ARGUMENTS = re.compile(r"\barguments\b")
_MOST_CONSTANTS = 6
_MOST_KEYS = 8
_LONGEST_DOC = 20_000
_LONGEST_TYPE = 500


@frozen
class Parameter:
    """A parameter: ``type`` is TypeScript's, ``sorts`` what its use and its name suggest, likeliest first.

    ``keys`` are members that the code reads of it, ``constants`` literals that it is compared with.
    ``is_guarded`` says that the code looks at what it is given.
    """

    name: str
    type: str = ""
    default: str = ""
    is_optional: bool = False
    is_rest: bool = False
    is_guarded: bool = False
    sorts: tuple[Sort, ...] = ()
    keys: tuple[str, ...] = ()
    constants: tuple[str, ...] = ()


def parameters_of(function: Node, doc: str) -> list[Parameter]:
    """The parameters of a function, as it declares, documents and uses them."""
    documented = _documented(doc)
    one = function.child_by_field_name("parameter")
    listed = function.child_by_field_name("parameters")
    nodes = [one] if one else listed.named_children if listed else []
    body = function.child_by_field_name("body")
    used = list(walk(body)) if body else []
    is_guarded = bool(body and _GUARDS.search(text(body)))
    found: list[Parameter] = []
    for node in (each for each in nodes if each.type != "comment"):
        declared = _declared(node)
        if declared.name == "this":
            continue
        type_, is_optional = documented.get(declared.name) or _at(documented, len(found), declared.name)
        use = use_of(declared.name, used) if declared.name else Use()
        first = sorts_of_value(declared.default) if declared.default else []
        first += [Sort.OBJECT] if declared.keys else []
        compared = [sort for constant in use.constants for sort in sorts_of_value(constant)]
        named = [] if declared.is_rest else sorts_of_name(declared.name)
        found.append(
            evolve(
                declared,
                type=declared.type or type_,
                is_optional=declared.is_optional or is_optional or bool(declared.default),
                is_guarded=is_guarded,
                sorts=tuple(dict.fromkeys([*first, *use.sorts, *compared, *named])),
                keys=tuple(dict.fromkeys([*declared.keys, *use.keys]))[:_MOST_KEYS],
                constants=tuple(dict.fromkeys(use.constants))[:_MOST_CONSTANTS],
            )
        )
    if not found and _ARGUMENTS.search(text(body)):
        return [Parameter("", is_rest=True)]
    return found


def doc_above(node: Node) -> str:
    """The JSDoc comment above a definition, with its marks; empty without one."""
    outer = node
    while outer.parent and outer.parent.type not in {"program", "statement_block", "class_body", "object"}:
        outer = outer.parent
    above = outer.prev_sibling
    while above and above.type in {"decorator", ","}:
        above = above.prev_sibling
    written = text(above)
    is_doc = above is not None and above.type == "comment" and written.startswith("/**")
    return written if is_doc and len(written) <= _LONGEST_DOC else ""


def _declared(node: Node) -> Parameter:
    """What the declaration alone says."""
    type_ = text(node.child_by_field_name("type")).removeprefix(":").strip()
    default = text(node.child_by_field_name("value") or node.child_by_field_name("right"))
    pattern = node.child_by_field_name("pattern") or node.child_by_field_name("left") or node
    is_rest = pattern.type == "rest_pattern"
    if is_rest and pattern.named_child_count:
        pattern = pattern.named_children[0]
    keys: tuple[str, ...] = ()
    if pattern.type == "object_pattern":
        parts = [part for part in pattern.named_children if part.type != "rest_pattern"]
        keys = tuple(
            text(part.child_by_field_name("key") or part.child_by_field_name("left") or part)
            for part in parts
        )
    return Parameter(
        text(pattern) if pattern.type == "identifier" else "",
        type_,
        default,
        node.type == "optional_parameter",
        is_rest,
        keys=keys,
    )


def _documented(doc: str) -> dict[str, tuple[str, bool]]:
    """Types of JSDoc's ``@param``, as TypeScript has them, and whether they may be left out."""
    found: dict[str, tuple[str, bool]] = {}
    for tag in _TAG.finditer(doc):
        depth, end = 1, tag.end()
        while depth and end < min(len(doc), tag.end() + _LONGEST_TYPE):
            depth += {"{": 1, "}": -1}.get(doc[end], 0)
            end += 1
        name = re.match(r"\s*(\[?)\s*([\w$]+)(?![\w$.\[])", doc[end : end + _LONGEST_TYPE])
        if name and not depth:
            type_ = doc[tag.end() : end - 1].strip()
            found[name[2]] = (_as_typescript(type_), bool(name[1]) or type_.endswith("="))
    return found


def _as_typescript(type_: str) -> str:
    type_ = re.sub(r"\s*\n\s*\*?\s*", " ", type_).removesuffix("=").removeprefix("...")
    if type_[:1] in {"?", "!"}:
        type_ = f"{type_[1:]} | null" if type_[0] == "?" else type_[1:]
    type_ = re.sub(r"\b[Aa]rray\.?<", "Array<", type_)
    return re.sub(r"\b(\w+)\.<", r"\1<", type_).replace("*", "any")


def _at(documented: Mapping[str, tuple[str, bool]], index: int, name: str) -> tuple[str, bool]:
    """What is documented at the same place, of a parameter that has no name (a pattern)."""
    values = list(documented.values())
    return values[index] if not name and index < len(values) else ("", False)
