"""reStructuredText's fields, as Sphinx reads them: ``:param int x: how far``."""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from attrs import evolve

from codenook.server.documentation.dialects.dialect import (
    PARAMETERS,
    RAISES,
    RESULT_TYPE,
    RETURNS,
    YIELDS,
    Dialect,
    Section,
    fenced,
    filled,
    flowing,
    identifier,
    indent,
    laid_out,
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


_KINDS = {
    **dict.fromkeys((*_PARAMETER, "type"), PARAMETERS),
    **dict.fromkeys(_RAISED, RAISES),
    **dict.fromkeys(("return", "returns"), RETURNS),
    **dict.fromkeys(("yield", "yields"), YIELDS),
    **dict.fromkeys(("rtype", "ytype"), RESULT_TYPE),
}


class Rest(Dialect):
    """Sphinx's field lists."""

    name: ClassVar[str] = "rest"
    is_spaced: ClassVar[bool] = False
    has_type_rows: ClassVar[bool] = False
    """Whether types have rows of their own, ``:type x: int``, where documentation begins."""

    def parse(self, texts: Sequence[str]) -> Parts:
        """Take documentation apart."""
        begins = _fields(texts)
        summary, description = split_prose(texts[: begins[0][0]] if begins else texts)
        parts, rest, types, result = Parts(summary, description), list[str](), dict[str, Item](), list[Item]()
        for row, match in begins:
            end = _end(texts, row, len(match[1]))
            behind = next((begin for begin, _ in begins if begin > row), len(texts))
            rest += texts[end:behind]
            item = _item(match, texts, row, trimmed(texts, row + 1, end))
            if match[2] == "type":
                types[item.name] = item
            elif match[2] in {"rtype", "ytype"}:
                result.append(item)
            else:
                parts = _with(parts, match[2], match[3] or "", item)
        parameters = tuple(
            evolve(item, type=types[item.name].text) if item.name in types and not item.type else item
            for item in parts.parameters
        )
        if result and (known := parts.returns or parts.yields):
            parts = parts.giving(evolve(known, type=result[-1].text), one_by_one=parts.returns is None)
        type_rows = (*types.values(), *(evolve(item, names=()) for item in result))
        parts = evolve(parts, parameters=parameters, type_rows=type_rows, rest="\n".join(rest).strip("\n"))
        return with_defaults(parts, texts)

    def render(self, parts: Parts, width: int) -> list[str]:
        """Write it."""
        rows = prose(parts, width)
        fields = [self._parameter(item, width) for item in parts.parameters]
        for field, kind, single in (("return", "rtype", parts.returns), ("yield", "ytype", parts.yields)):
            if single:
                fields.append(filled(single.text, width, f":{field}: ", _STEP))
                fields += [[f":{kind}: {single.type}"]] if single.type else []
        raised = ((", ".join(item.names), item.text) for item in parts.raises)
        fields += [filled(text, width, f":raises {names}: ", _STEP) for names, text in raised]
        rows += ["", *(row for field in fields for row in field)] if fields else []
        return [*rows, "", *parts.rest.split("\n")] if parts.rest else rows

    def outline(self, texts: Sequence[str]) -> list[Section]:
        """The fields that are known."""
        return [
            Section(_KINDS.get(match[2], ""), row, trimmed(texts, row + 1, _end(texts, row, len(match[1]))))
            for row, match in _fields(texts)
        ]

    def entry(
        self, kind: str, item: Item, texts: Sequence[str], beside: Item | None, width: int
    ) -> list[str]:
        """One more field, and the row of its type where types have such."""
        fields = _fields(texts)
        depth = fields[0][1][1] if fields else ""
        more = depth + _STEP
        if kind in {RETURNS, YIELDS}:
            field, typed = ("yield", "ytype") if kind == YIELDS else ("return", "rtype")
            is_told = any(match[2] == typed for _, match in fields)
            type_row = [f"{depth}:{typed}: {item.type}"] if item.type and not is_told else []
            return [*filled(item.text, width, f"{depth}:{field}: ", more), *type_row]
        match = _FIELD.match(texts[beside.first]) if beside else None
        depth = match[1] if match else depth
        if kind == RAISES:
            head = f"{depth}:{match[2] if match else 'raises'} {item.name}: "
            return laid_out(item, width, head, depth + _STEP, texts=texts, beside=beside)
        typed_rows = _type_rows(fields, texts)
        has_row = beside.name in typed_rows if beside else self.has_type_rows
        typed_item = item if beside is None or beside.type else evolve(item, type="")
        head, row = _headed(typed_item, match[2] if match else "param", has_row=has_row)
        rows = laid_out(item, width, f"{depth}{head}", depth + _STEP, texts=texts, beside=beside)
        if not row:
            return rows
        stands_before = beside is not None and has_row and typed_rows[beside.name][1] == beside.first
        return [depth + row, *rows] if stands_before else [*rows, depth + row]

    def extent(self, item: Item, texts: Sequence[str]) -> tuple[int, int]:
        """A parameter's rows with those of its type, where that stands right beside it."""
        first, end = item.first, item.last + 1
        typed = _type_rows(_fields(texts), texts).get(item.name, (0, 0))
        if item.name and typed[1] == first:
            return typed[0], end
        return (first, typed[1]) if item.name and typed[0] == end else (first, end)

    def _parameter(self, item: Item, width: int) -> list[str]:
        head, row = _headed(item, "param", has_row=self.has_type_rows)
        return [*filled(item.text, width, head, _STEP), *([row] if row else [])]


class RestTypeRows(Rest):
    """Sphinx's field lists with types in rows of their own."""

    has_type_rows: ClassVar[bool] = True


def _fields(texts: Sequence[str]) -> list[tuple[int, re.Match[str]]]:
    """The rows that begin a field, outside of code."""
    code = fenced(texts)
    return [
        (row, match)
        for row, text in enumerate(texts)
        if row not in code and (match := _FIELD.match(text)) and match[2] in _KNOWN
    ]


def _type_rows(
    fields: Sequence[tuple[int, re.Match[str]]], texts: Sequence[str]
) -> Mapping[str, tuple[int, int]]:
    """The rows of each parameter's type: the first, and the one behind the last."""
    return {
        identifier((match[3] or "").replace("\\", "")): (
            row,
            trimmed(texts, row + 1, _end(texts, row, len(match[1]))),
        )
        for row, match in fields
        if match[2] == "type"
    }


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
    return Item((identifier(name),), " ".join(kind), text, default, first=row, last=end - 1, column=column)


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


def _headed(item: Item, field: str, *, has_row: bool) -> tuple[str, str]:
    """``:param int x: ``, or that without a type and a row for it: one of several words has no room."""
    apart = has_row or " " in item.type or ":" in item.type
    inside = f"{item.type} " if item.type and not apart else ""
    row = f":type {item.name}: {item.type}" if item.type and apart else ""
    return f":{field} {inside}{item.name}: ", row
