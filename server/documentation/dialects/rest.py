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
_KNOWN = _PARAMETER | _RAISED | {"type", "return", "returns", "rtype", "yield", "yields", "ytype", "var", "ivar"}
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
            end = row + 1
            while end < len(texts) and (not texts[end].strip() or indent(texts[end]) > len(match[1])):
                if (following := _FIELD.match(texts[end])) and following[2] in _KNOWN:
                    break
                end += 1
            behind = next((begin for begin, _ in begins if begin > row), len(texts))
            rest += texts[end:behind]
            end = trimmed(texts, row + 1, end)
            field, argument = match[2], (match[3] or "").replace("\\", "")
            text = flowing([match[4] or "", *texts[row + 1 : end]])
            *kind, name = argument.split() or [""]
            name, _, default = name.lstrip("*").partition("=")
            column = texts[row].find(name, match.start(3)) if match[3] else -1
            item = Item((name,), " ".join(kind), text, default, first=row, last=end - 1, column=column)
            if field in _PARAMETER and name:
                parts = evolve(parts, parameters=(*parts.parameters, item))
            elif field in _RAISED:
                names = tuple(re.findall(r"[\w.]+", argument))
                parts = evolve(parts, raises=(*parts.raises, evolve(item, names=names, type="")))
            elif field in {"return", "returns"}:
                parts = evolve(parts, returns=evolve(item, names=(), type=""))
            elif field in {"yield", "yields"}:
                parts = evolve(parts, yields=evolve(item, names=(), type=""))
            elif field == "type":
                types[name] = text
            elif field in {"rtype", "ytype"}:
                result = text
        parameters = [evolve(item, type=item.type or types.get(item.name, "")) for item in parts.parameters]
        single = "yields" if parts.yields and not parts.returns else "returns"
        if result and (known := getattr(parts, single)):
            parts = evolve(parts, **{single: evolve(known, type=result)})
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


def _named(item: Item) -> str:
    """``:param int x:``; a type of several words has no room there."""
    return f"{item.type} {item.name}" if item.type and " " not in item.type else item.name
