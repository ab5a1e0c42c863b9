"""Whether a documented type can be the declared one: told only where both are plain."""

import re
from collections.abc import Iterator

from attrs import frozen

_PLAIN = {
    **{
        name: name
        for name in ("str", "int", "float", "bool", "bytes", "complex", "list", "dict", "tuple", "set")
    },
    "frozenset": "frozenset",
    "none": "none",
    "nonetype": "none",
    "string": "str",
    "integer": "int",
    "boolean": "bool",
    "dictionary": "dict",
}
"""The types of which it is known what they are not, by how they are written."""

_ACCEPTED = {"float": {"int", "bool"}, "complex": {"float", "int", "bool"}, "int": {"bool"}}
"""What passes for a type as well."""

_ROLE = re.compile(r":[\w:]+:`~?([^`]*)`")
_OPTIONAL = re.compile(r",?\s*\(?optional\)?\s*$", re.IGNORECASE)
_OF = re.compile(r"(\w+) of (\w+?)s?")


@frozen
class _Kind:
    """One type, and those in its brackets."""

    name: str
    inside: tuple[frozenset["_Kind"], ...] = ()


def is_other_type(told: str, declared: str) -> bool:
    """Whether ``told`` names a plain type that a ``declared`` one of plain types doesn't have.

    ``None`` beside others is left alone: a default may say that.
    """
    said, given = _kinds(told), _kinds(declared)
    if not said or not given:
        return False
    return not _fits(said, given)


def _fits(said: frozenset[_Kind], given: frozenset[_Kind]) -> bool:
    others = {kind for kind in said if kind.name != "none"} or said
    return all(any(_is_like(kind, one) for one in given) for kind in others)


def _is_like(said: _Kind, given: _Kind) -> bool:
    if said.name != given.name:
        return said.name in _ACCEPTED.get(given.name, ())
    if len(said.inside) != len(given.inside):
        return True
    return all(
        not one or not other or _fits(one, other)
        for one, other in zip(said.inside, given.inside, strict=True)
    )


def _kinds(text: str) -> frozenset[_Kind]:
    """The alternatives that a type has; none where one of them isn't plain."""
    text = _OPTIONAL.sub("", _ROLE.sub(r"\1", text).replace("`", "")).strip().strip("'\"")
    kinds: set[_Kind] = set()
    for part in _alternatives(text):
        inner = re.fullmatch(r"(?:typing\.)?(Optional|Union)\[(.*)\]", part, re.DOTALL)
        if inner:
            each = [_kinds(one) for one in _split(inner[2], ",")]
            each += [frozenset({_Kind("none")})] if inner[1] == "Optional" else []
        else:
            each = [_one(part)]
        if not all(each):
            return frozenset()
        kinds.update(*each)
    return frozenset(kinds)


def _one(text: str) -> frozenset[_Kind]:
    """A type without alternatives; none for one that isn't plain."""
    of = _OF.fullmatch(text)
    name, _, rest = (f"{of[1]}[{of[2]}]" if of else text).partition("[")
    plain = _PLAIN.get(re.sub(r"^(?:typing|builtins)\.", "", name.strip()).lower())
    if plain is None or (rest and not rest.endswith("]")):
        return frozenset()
    inside = tuple(_kinds(each) for each in _split(rest[:-1], ",")) if rest else ()
    return frozenset({_Kind(plain, inside)})


def _alternatives(text: str) -> Iterator[str]:
    for part in _split(text, "|"):
        yield from re.split(r"\s+or\s+", part)


def _split(text: str, mark: str) -> list[str]:
    """The parts of ``text`` between marks that stand in no brackets."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "[") - (character == "]")
        if character == mark and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]
