"""reStructuredText's fields, as Sphinx reads them: ``:param int x: how far``."""

import re
from collections.abc import Sequence
from typing import ClassVar

from attrs import evolve

from codenook.server.documentation.dialects.dialect import (
    Dialect,
    filled,
    flowing,
    indent,
    prose,
    split_prose,
    trimmed,
    with_defaults,
)
from codenook.server.documentation.parts import Item, Parts

_FIELD = re.compile(r"(\s*):(\w+)(?:\s+([^:]*?))?:(?:\s+(.*)|$)")
_PARAMETER = {"param", "parameter", "arg", "argument", "key", "keyword", "kwarg"}
_RAISED = {"raises", "raise", "except", "exception"}
_KNOWN = (
    _PARAMETER | _RAISED | {"type", "return", "returns", "rtype", "yield", "yields", "ytype", "var", "ivar"}
)
_STEP = "    "


class Rest(Dialect):
    """Sphinx's field lists."""

    name: ClassVar[str] = "rest"

    def parse(self, texts: Sequence[str]) -> Parts:
        """Take documentation apart."""
        begins = [
            (row, match)
            for row, text in enumerate(texts)
            if (match := _FIELD.match(text)) and match[2] in _KNOWN
        ]
        summary, description = split_prose(texts[: begins[0][0]] if begins else texts)
        parts, rest, types, result = Parts(summary, description), list[str](), dict[str, str](), ""
        for row, match in begins:
            end = _end(texts, row, len(match[1]))
            behind = next((begin for begin, _ in begins if begin > row), len(texts))
            rest += texts[end:behind]
            item = _item(match, texts, row, trimmed(texts, row + 1, end))
            if match[2] == "type":
                types[item.name] = item.text
            elif match[2] in {"rtype", "ytype"}:
                result = item.text
            else:
                parts = _with(parts, match[2], match[3] or "", item)
        parameters = [evolve(item, type=item.type or types.get(item.name, "")) for item in parts.parameters]
        if result and (known := parts.returns or parts.yields):
            parts = parts.giving(evolve(known, type=result), one_by_one=parts.returns is None)
        parts = evolve(parts, parameters=tuple(parameters), rest="\n".join(rest).strip("\n"))
        return with_defaults(parts, texts)

    def render(self, parts: Parts, width: int) -> list[str]:
        """Write it."""
        rows = prose(parts, width)
        fields = [filled(item.text, width, f":param {_named(item)}: ", _STEP) for item in parts.parameters]
        for field, kind, single in (("return", "rtype", parts.returns), ("yield", "ytype", parts.yields)):
            if single:
                fields.append(filled(single.text, width, f":{field}: ", _STEP))
                fields += [[f":{kind}: {single.type}"]] if single.type else []
        raised = ((", ".join(item.names), item.text) for item in parts.raises)
        fields += [filled(text, width, f":raises {names}: ", _STEP) for names, text in raised]
        rows += ["", *(row for field in fields for row in field)] if fields else []
        return [*rows, "", *parts.rest.split("\n")] if parts.rest else rows

    def entry(self, item: Item, rows: Sequence[str], beside: Item | None) -> list[str]:
        """One more parameter."""
        typed = item if beside is None or beside.type else evolve(item, type="")
        depth = rows[beside.first][: indent(rows[beside.first])] if beside else ""
        return [f"{depth}:param {_named(typed)}:"]


def _end(texts: Sequence[str], row: int, depth: int) -> int:
    """The row behind the text of a field."""
    end = row + 1
    while end < len(texts) and (not texts[end].strip() or indent(texts[end]) > depth):
        if (following := _FIELD.match(texts[end])) and following[2] in _KNOWN:
            break
        end += 1
    return end


def _item(match: re.Match[str], texts: Sequence[str], row: int, end: int) -> Item:
    """What a field says: ``:param int x=3: how far``."""
    *kind, named = (match[3] or "").replace("\\", "").split() or [""]
    name, _, default = named.lstrip("*").partition("=")
    column = texts[row].find(name, match.start(3)) if match[3] else -1
    text = flowing([match[4] or "", *texts[row + 1 : end]])
    return Item((name,), " ".join(kind), text, default, first=row, last=end - 1, column=column)


def _with(parts: Parts, field: str, argument: str, item: Item) -> Parts:
    """The parts with what a field says."""
    if field in _PARAMETER and item.name:
        return evolve(parts, parameters=(*parts.parameters, item))
    if field in _RAISED:
        names = tuple(re.findall(r"[\w.]+", argument))
        return evolve(parts, raises=(*parts.raises, evolve(item, names=names, type="")))
    if field in {"return", "returns", "yield", "yields"}:
        return parts.giving(evolve(item, names=(), type=""), one_by_one=field.startswith("yield"))
    return parts


def _named(item: Item) -> str:
    """``:param int x:``; a type of several words has no room there."""
    return f"{item.type} {item.name}" if item.type and " " not in item.type else item.name
