"""Dialects of tags: JSDoc and TSDoc, Javadoc, Doxygen. A tag begins a row and goes on to the next one."""

import re
from collections.abc import Sequence
from typing import ClassVar

from attrs import evolve

from codenook.server.documentation.dialects.dialect import (
    OPENING,
    PARAMETERS,
    RAISES,
    RETURNS,
    YIELDS,
    Dialect,
    Section,
    filled,
    flowing,
    laid_out,
    prose,
    split_prose,
    trimmed,
    with_defaults,
)
from codenook.server.documentation.parts import Item, Parts

_TAG = re.compile(r"(\s*)([@\\])([a-zA-Z]+)(?:\[[\w, ]*\])?(?![\w{(])(?:\s+|$)")
_FENCE = re.compile(r"\s*(?:```|~~~|[@\\](?:end)?(?:code|verbatim)\b|</?pre>)")
_PARAMETER = {"param", "arg", "argument"}
_RETURNS = {"return", "returns", "result"}
_YIELDS = {"yield", "yields"}
_RAISES = {"throws", "throw", "exception", "raises"}
_OPENING = {
    *("brief", "short", "description", "desc", "summary", "details", "template", "typeparam", "typeParam"),
    *("tparam", "fn", "function", "method", "name", "class", "remarks", "deprecated", "ingroup", "internal"),
}
"""What stands above the parameters."""
_KINDS = {
    **dict.fromkeys(_PARAMETER, PARAMETERS),
    **dict.fromkeys(_RETURNS, RETURNS),
    **dict.fromkeys(_YIELDS, YIELDS),
    **dict.fromkeys(_RAISES, RAISES),
    **dict.fromkeys(_OPENING, OPENING),
}


class Tags(Dialect):
    """What the three have in common."""

    is_spaced: ClassVar[bool] = False
    sign: ClassVar[str] = "@"
    returns: ClassVar[str] = "return"
    throws: ClassVar[str] = "throws"
    others: ClassVar[str] = ""
    """What continues a tag on the next row begins with."""
    ends_at_blank: ClassVar[bool] = False
    """Whether a blank row ends a tag."""
    brief: ClassVar[str] = ""
    """The tag of the summary."""

    def parse(self, texts: Sequence[str]) -> Parts:
        """Take documentation apart."""
        begins = _tags(texts)
        summary, description = split_prose(texts[: begins[0][0]] if begins else texts)
        parts, rest = Parts(summary, description), list[str]()
        for number, (row, match) in enumerate(begins):
            behind = begins[number + 1][0] if number + 1 < len(begins) else len(texts)
            end = self._end(texts, row, behind)
            text, tag = texts[row][match.end() :], match[3]
            rows = [text, *texts[row + 1 : end]]
            place = Item(first=row, last=end - 1)
            if tag in _PARAMETER:
                parts = self._parameter(parts, rows, match.end(), place)
            elif tag in _RETURNS:
                kind, text = self.typed(flowing(rows))
                parts = evolve(parts, returns=evolve(place, type=kind, text=text))
            elif tag in _YIELDS:
                kind, text = self.typed(flowing(rows))
                parts = evolve(parts, yields=evolve(place, type=kind, text=text))
            elif tag in _RAISES:
                parts = evolve(parts, raises=(*parts.raises, self._raised(flowing(rows), place)))
            elif tag == "brief" and not parts.summary:
                summary, description = split_prose(flowing([text, *texts[row + 1 : behind]]).split("\n"))
                parts = evolve(parts, summary=summary, description=description)
                continue
            else:
                rest += texts[row:end]
            rest += texts[end:behind]
        return with_defaults(evolve(parts, rest="\n".join(rest).strip("\n")), texts)

    def render(self, parts: Parts, width: int) -> list[str]:
        """Write it."""
        rows = prose(parts, width)
        if self.brief and rows:
            rows[0] = f"{self.sign}{self.brief} {rows[0]}"
        tags = [self._tag("param", self.named(item), item.text, width) for item in parts.parameters]
        for tag, single in ((self.returns, parts.returns), ("yields", parts.yields)):
            if single:
                tags.append(self._tag(tag, self.kind(single.type), single.text, width))
        raised = ((self.raised(item.name), item.text) for item in parts.raises)
        tags += [self._tag(self.throws, name, text, width) for name, text in raised]
        rows += ["", *(row for tag in tags for row in tag)] if tags else []
        return [*rows, "", *parts.rest.split("\n")] if parts.rest else rows

    def outline(self, texts: Sequence[str]) -> list[Section]:
        """The tags."""
        begins = _tags(texts)
        ends = [*(row for row, _ in begins), len(texts)][1:]
        return [
            Section(_KINDS.get(match[3], ""), row, self._end(texts, row, behind))
            for (row, match), behind in zip(begins, ends, strict=True)
        ]

    def entry(
        self, kind: str, item: Item, texts: Sequence[str], beside: Item | None, width: int
    ) -> list[str]:
        """One more tag, signed as the one beside."""
        begins = _tags(texts)
        match = _TAG.match(texts[beside.first]) if beside else None
        known = match or (begins[0][1] if begins else None)
        depth, sign = (known[1], known[2]) if known else ("", self.sign)
        typed = item if beside is None or beside.type else evolve(item, type="")
        if kind == PARAMETERS:
            tag, named = "param", self.named(typed)
            if beside and not re.search(rf"{re.escape(beside.name)}\S*\s+[-\u2013]", texts[beside.first]):
                named = named.removesuffix(" -")
        elif kind == RAISES:
            tag, named = match[3] if match else self.throws, self.raised(item.name)
        else:
            tag, named = "yields" if kind == YIELDS else self.returns, self.kind(item.type)
        if not item.text:
            named = named.removesuffix(" -")
        head = f"{depth}{sign}{tag} {named}".rstrip()
        return laid_out(item, width, f"{head} ", depth + self.others, texts=texts, beside=beside)

    def extent(self, item: Item, texts: Sequence[str]) -> tuple[int, int]:
        """A tag's rows; those of a parameter with those of its members."""
        end, tags = item.last + 1, _tags(texts)
        for number, (row, match) in enumerate(tags):
            if match[3] not in _PARAMETER or row < end or any(texts[end:row]):
                continue
            _, named = self.typed(texts[row][match.end() :])
            if re.match(rf"\s*\[?{re.escape(item.name)}(?:\[\])?\.\w", named):
                end = self._end(texts, row, tags[number + 1][0] if number + 1 < len(tags) else len(texts))
        return item.first, end

    # What each says in its own way

    def named(self, item: Item) -> str:
        """What stands behind ``@param``, before the text."""
        return item.name

    def kind(self, text: str) -> str:  # noqa: ARG002 - for those that have types
        """A type, before the text."""
        return ""

    def raised(self, name: str) -> str:
        """What stands behind ``@throws``."""
        return name

    def typed(self, text: str) -> tuple[str, str]:
        """A type at the beginning of ``text``, and the rest."""
        return "", text

    # How it is done

    def _tag(self, tag: str, head: str, text: str, width: int) -> list[str]:
        words = " ".join(part for part in (f"{self.sign}{tag}", head) if part)
        return filled(text, width, f"{words} ", self.others)

    def _end(self, texts: Sequence[str], row: int, behind: int) -> int:
        """The row behind a tag's last."""
        blank = next((at for at in range(row + 1, behind) if not texts[at].strip()), behind)
        return trimmed(texts, row + 1, blank if self.ends_at_blank else behind)

    def _parameter(self, parts: Parts, rows: list[str], column: int, place: Item) -> Parts:
        kind, text = self.typed("\n".join(rows))
        match = re.match(r"\s*(\[)?\s*(?:\.\.\.)?([\w$]+(?:,[\w$]+)*)((?:\[\]|\.)[\w.$\[\]]*)?", text)
        if match is None:
            return evolve(parts, is_whole=False)
        at = column + len("\n".join(rows)) - len(text) + match.start(2)
        default, rest = "", text[match.end() :]
        if match[1]:
            value, closed, rest = _optional(rest)
            default = value if closed else ""
        if match[3]:
            return parts  # a member of a parameter
        rest = rest.removeprefix("...")
        item = evolve(
            place,
            names=tuple(name.strip() for name in match[2].split(",")),
            type=kind,
            text=flowing(re.sub(r"^\s*[-\u2013](?=\s|$)\s*", "", rest).split("\n")),
            default=default,
            column=at if "\n" not in "\n".join(rows)[: at - column] else -1,
        )
        if default and "\n" not in text[: match.end() + len(default)]:
            found = (rows[0].find("=" + default)) + 1
            item = evolve(item, default_row=place.first if found else -1, default_at=column + found)
        return evolve(parts, parameters=(*parts.parameters, item))

    def _raised(self, text: str, place: Item) -> Item:
        kind, rest = self.typed(text)
        if kind:
            name, rest = kind, rest.removeprefix("-").strip()
        else:
            match = re.match(r"[\w.:$]+", rest)
            name = match[0] if match else ""
            rest = re.sub(r"^\s*[-\u2013](?=\s|$)", "", rest[len(name) :]).strip()
        return evolve(place, names=(name,) if name else (), text=rest)


class JsDoc(Tags):
    """JSDoc, with types in braces."""

    name: ClassVar[str] = "jsdoc"
    returns: ClassVar[str] = "returns"
    says_types: ClassVar[bool] = True

    def named(self, item: Item) -> str:
        """``{type} name -``; an optional one in brackets."""
        name = f"[{item.name}={item.default}]" if item.default else item.name
        return " ".join(part for part in (self.kind(item.type), name, "-") if part)

    def kind(self, text: str) -> str:
        """``{type}``."""
        return f"{{{text}}}" if text else ""

    def raised(self, name: str) -> str:
        """``{Type}``."""
        return self.kind(name)

    def typed(self, text: str) -> tuple[str, str]:
        """A type in braces, which may hold others."""
        start = len(text) - len(text.lstrip())
        if text[start : start + 1] != "{":
            return "", text
        depth = 0
        for at, character in enumerate(text[start:], start):
            depth += (character == "{") - (character == "}")
            if depth == 0:
                return text[start + 1 : at].strip(), text[at + 1 :].lstrip(" ")
        return "", text


class TsDoc(JsDoc):
    """TSDoc: JSDoc without types, which are in the code."""

    name: ClassVar[str] = "tsdoc"
    says_types: ClassVar[bool] = False

    def named(self, item: Item) -> str:
        """``name -``."""
        return f"{item.name} -"

    def kind(self, text: str) -> str:  # noqa: ARG002 - the code has it
        """Nothing."""
        return ""

    def raised(self, name: str) -> str:
        """The error's class in braces, as in JSDoc."""
        return f"{{{name}}}"


class Javadoc(Tags):
    """Javadoc."""

    name: ClassVar[str] = "javadoc"
    others: ClassVar[str] = "    "


class Doxygen(Tags):
    """Doxygen, for C and C++."""

    name: ClassVar[str] = "doxygen"
    ends_at_blank: ClassVar[bool] = True
    brief: ClassVar[str] = "brief"

    def typed(self, text: str) -> tuple[str, str]:
        """No type, and the text behind a direction."""
        return "", re.sub(r"^\s*\[(?:in|out|in ?, ?out)\]\s*", "", text)


class DoxygenBackslash(Doxygen):
    """Doxygen with backslashes."""

    name: ClassVar[str] = "doxygen_backslash"
    sign: ClassVar[str] = "\\"


def _tags(texts: Sequence[str]) -> list[tuple[int, re.Match[str]]]:
    """The rows that begin with a tag, outside of code."""
    found, is_code = [], False
    for row, text in enumerate(texts):
        if _FENCE.match(text):
            n_marks = len(re.findall(r"```|~~~|[@\\](?:end)?(?:code|verbatim)\b|</?pre>", text))
            is_code = not is_code if n_marks % 2 else is_code
        elif not is_code and (match := _TAG.match(text)):
            found.append((row, match))
    return found


def _optional(text: str) -> tuple[str, bool, str]:
    """Of ``=value] rest`` the value and the rest, and whether the bracket was closed."""
    depth = 1
    for at, character in enumerate(text):
        depth += (character == "[") - (character == "]")
        if depth == 0:
            return text[:at].strip().removeprefix("=").strip(), True, text[at + 1 :]
    return "", False, text
