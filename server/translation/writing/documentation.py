"""Documentation from one language's form to another's: the same words, by the names of the translation."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from codenook.server.documentation.comments import wrapped
from codenook.server.documentation.dialects import DIALECTS, IN_LANGUAGE
from codenook.server.documentation.dialects.markdown import PROMISES
from codenook.server.documentation.parts import Item, Parts
from codenook.server.documentation.style import read_texts

_WIDTH = 88
_OPENINGS = {"python": '"""', "rust": "///", "go": "//"}
_NARROWEST = 40
_EXAMPLE = re.compile(r"(?m)^(?:[^\S\n]*(?:>>>|\.\.\.).*\n?(?:[^\S\n]*\S.*\n?)*)+")
_UNICODE_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*\\)(?=u)")


@frozen
class Renamed:
    """What is called otherwise in the translation: parameters, errors; and the types of the new names.

    The type of the result has no name.
    """

    parameters: Mapping[str, str]
    errors: Mapping[str, str]
    types: Mapping[str, str]


def comment(doc: str, source: str, target: str, renamed: Renamed, indent: str = "") -> list[str]:
    """The rows of a comment or docstring in ``target`` that says what ``doc`` does; none where that is empty.

    ``indent`` is what precedes each row.
    """
    texts = _clean(doc).split("\n")
    has_types = target == "javascript" and any(renamed.types.values())
    if not any(map(str.strip, texts)) and not has_types:
        return []
    _, parts = read_texts(source, texts)
    parts = _renamed(parts, source, target, renamed)
    opening = _OPENINGS.get(target, "/**")
    width = max(_WIDTH - len(indent) - len(opening), _NARROWEST)
    dialect = DIALECTS[IN_LANGUAGE[target][0]]
    rows = dialect.render(_as_prose(parts, target), width)
    if target == "go":
        rows += _items(parts)
    rows = [row.removesuffix(" -") if row.startswith("@param ") else row for row in rows]
    while rows and not rows[0].strip():
        rows.pop(0)
    text, opening = _closed("\n".join(rows).rstrip(), target, opening)
    lines = wrapped(_last_row_free(text.split("\n"), opening), opening, indent, "\n").split("\n")
    return [indent + lines[0], *lines[1:]]


def _renamed(parts: Parts, source: str, target: str, renamed: Renamed) -> Parts:
    """The parts with the names of the translation, and its types where the documentation has them."""
    parameters = tuple(_parameter(item, target, renamed) for item in parts.parameters)
    if target == "javascript":
        parameters = _typed(parameters, renamed)
    returns = evolve(parts.returns, type="") if parts.returns else None
    if target == "javascript" and (kind := renamed.types.get("", "")):
        returns = evolve(returns or Item(), type=kind)
    raises = tuple(_raised(item, source, target, renamed) for item in parts.raises)
    if target == "rust" and raises:
        text = "\n".join(f"`{item.name}`: {item.text}" if item.name else item.text for item in raises)
        raises = (Item(("Errors",), text=text),) if source != "rust" else parts.raises
    return evolve(parts, parameters=parameters, returns=returns, raises=raises)


def _parameter(item: Item, target: str, renamed: Renamed) -> Item:
    names = tuple(renamed.parameters.get(name.lstrip("*"), name.lstrip("*")) for name in item.names)
    kind = renamed.types.get(names[0], "") if names and target == "javascript" else ""
    return evolve(item, names=names, type=kind, mark="", default="")


def _typed(items: Sequence[Item], renamed: Renamed) -> tuple[Item, ...]:
    """An item for each parameter, in their order, for a language whose types stand in the documentation."""
    known = {item.name: item for item in items}
    names = [name for name in renamed.types if name]
    return (
        *(known.get(name, Item((name,), type=renamed.types[name])) for name in names),
        *(item for item in items if item.name not in names),
    )


def _raised(item: Item, source: str, target: str, renamed: Renamed) -> Item:
    if source == "rust" and target != "rust" and item.name in PROMISES:
        return evolve(item, names=(renamed.errors.get(item.name, "Error"),))
    return evolve(item, names=tuple(renamed.errors.get(name, name) for name in item.names))


def _as_prose(parts: Parts, target: str) -> Parts:
    """The parts for a dialect of Markdown: what looks like code to it is no code of its language."""
    if target != "rust":
        return parts
    fenced = [_EXAMPLE.sub(_fence, text) for text in (parts.description, parts.rest)]
    return evolve(parts, description=fenced[0], rest=fenced[1])


def _fence(match: re.Match[str]) -> str:
    rows = [row.strip() for row in match[0].strip("\n").split("\n")]
    return "\n".join(["```text", *rows, "```"]) + ("\n" if match[0].endswith("\n") else "")


def _items(parts: Parts) -> list[str]:
    """What Go's documentation has no place for, as a list and prose."""
    rows = [f"  - {item.name}: {_flat(item.text)}".rstrip(": ") for item in parts.parameters]
    rows = ["", *rows] if rows else []
    for single, words in ((parts.returns, "It returns:"), (parts.yields, "It yields:")):
        if single and single.text:
            rows += ["", f"{words} {_flat(single.text)}"]
    for item in parts.raises:
        rows += ["", f"It fails with {item.name or 'an error'}: {_flat(item.text)}".rstrip(": ")]
    return [*rows, "", *parts.rest.split("\n")] if parts.rest else rows


def _flat(text: str) -> str:
    return " ".join(text.split())


def _clean(doc: str) -> str:
    """Documentation without what compilers refuse in comments: control characters, changes of direction."""
    plain = "\n".join(doc.expandtabs(4).splitlines())
    return "".join(
        each for each in plain if each == "\n" or unicodedata.category(each) not in {"Cc", "Cf", "Cs"}
    )


def _closed(text: str, target: str, opening: str) -> tuple[str, str]:
    """The text so that it can't end its comment, and how that begins."""
    if opening == '"""':
        return text.replace('"""', "'''"), f"r{opening}" if "\\" in text else opening
    if target == "java":
        text = _UNICODE_ESCAPE.sub(r"\1\\", text)
    return (text.replace("*/", "* /").replace("/*", "/ *") if opening == "/**" else text), opening


def _last_row_free(rows: list[str], opening: str) -> list[str]:
    """The rows so that no quote or backslash of theirs stands before closing quotes."""
    if opening.endswith('"""') and rows[-1].endswith(('"', "\\")) and len(rows) == 1:
        return [*rows, ""]
    return rows
