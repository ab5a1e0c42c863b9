"""The arguments of a call as text, in any language, and whether a function takes them."""

import re
from collections.abc import Iterator, Sequence

from attrs import frozen

from codenook.server.documentation.subject import RECEIVERS, Subject

_OPENERS, _CLOSERS = "([{", ")]}"
_QUOTES = "\"'`"
_NAMED = re.compile(r"(\w+)\s*=(?!=)\s*")
_NAME = re.compile(r"(?!(?:None|True|False|null|undefined|true|false)$)[A-Za-z_][\w.]*")
_OPENING = re.compile(r"""[A-Za-z]?["'`](?!["'`])|[\[({]|(?:new )?[A-Za-z_][\w.]*\(""")
_LOOSE = ("*", "...")


def end_of_first(text: str) -> int | None:
    """Where the first argument of a text ends: at the comma or bracket behind it; None where it doesn't."""
    depth, at, quote = 0, 0, ""
    while at < len(text):
        character = text[at]
        if quote:
            at += character == "\\"
            quote = "" if character == quote else quote
        elif character in _QUOTES:
            quote = character
        elif character in _OPENERS:
            depth += 1
        elif depth == 0 and (character == "," or character in _CLOSERS):
            return at
        elif character in _CLOSERS:
            depth -= 1
        at += 1
    return None


def split(arguments: str) -> list[str]:
    """The arguments, each without the space around it; none where they don't come to an end."""
    found = []
    rest = arguments
    while rest.strip():
        end = end_of_first(f"{rest})")
        if end is None or end > len(rest) or f"{rest},"[end] != ",":
            return []
        found.append(rest[:end].strip())
        rest = rest[end + 1 :]
    return found


@frozen
class Hole:
    """A place in arguments: what is ``before`` it, how its value begins, and the ``rest`` behind it."""

    before: str
    opening: str
    rest: str


def holes(arguments: str) -> Iterator[Hole]:
    """The places in which another value may stand, those of what is inside of a value before its own.

    Not those of names: what other objects there are isn't known here.
    """
    parts = split(arguments)
    for at, part in enumerate(parts):
        named = _NAMED.match(part)
        lead = named.group() if named else ""
        value = part.removeprefix(lead)
        before = "".join(f"{each}, " for each in parts[:at]) + lead
        rest = "".join(f", {each}" for each in parts[at + 1 :])
        found = _OPENING.match(value)
        opening = found.group() if found else ""
        is_around = opening.endswith(("(", "[")) and value.endswith((")", "]"))
        for inner in holes(value[len(opening) : -1]) if is_around else ():
            yield Hole(f"{before}{opening}{inner.before}", inner.opening, f"{inner.rest}{value[-1]}{rest}")
        if not (opening.endswith("(") and opening != "(") and (opening or not _NAME.fullmatch(value)):
            yield Hole(before, opening, rest)


def fit(arguments: Sequence[str], subject: Subject | None) -> bool:
    """Whether a function takes so many arguments, with these names; True where that isn't known."""
    if subject is None or not subject.is_sure or any(each.startswith(_LOOSE) for each in arguments):
        return True
    takes = [each for each in subject.parameters if each.name not in RECEIVERS]
    if any(each.mark or not each.name for each in takes):
        return True
    named = [found.group(1) for each in arguments if (found := _NAMED.match(each))]
    n_plain = len(arguments) - len(named)
    if n_plain > len(takes) or {*named} - {each.name for each in takes}:
        return False
    return all(each.default or each.name in named for each in takes[n_plain:])
