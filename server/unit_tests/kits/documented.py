"""What documentation says comes of calls: ``assert_eq!(f(1), 2)``, ``>>> f(1)`` and ``2``, ``f(1) => 2``."""

import re

from attrs import frozen

from codenook.server.unit_tests.kits.bracketed import closing, split
from codenook.server.unit_tests.target import Target

_COMMENT = re.compile(r"^\s*(?://[/!]?|/\*\*?|\*/?|#)?\s?")
_MARKUP = re.compile(r"\{@code (.*?)\}|</?(?:code|pre)>")
_ASSERTED = re.compile(r"\b(?:assert_eq!|assertEquals|Assertions\.assertEquals|assert\.Equal)\(")
_SAID = re.compile(r"\s*(?:;\s*)?(?://\s*)?(?:=>|==|->|→|returns?\b|//)([^\n]+)$")
_COMPARED = re.compile(r"\s*;\s*\w+\s*!=([^\n{]+)\{")
_LONGEST = 1_000
"""A line that is longer shows nobody how a function is called."""

_LITERAL = re.compile(r"[-\"'\[({&\w]")


@frozen
class Example:
    """A call that documentation has: its arguments, what comes of it, and its line in the file (from 1)."""

    arguments: str
    expected: str
    line: int


def examples(target: Target) -> list[Example]:
    """The examples in the comment above a target, each once."""
    lines = target.text.split("\n")
    first = target.definition.start_line - 1
    start = first
    while start > 0 and re.match(r"\s*(?://|/\*|\*|#\[|@|$)", lines[start - 1]) and lines[start - 1].strip():
        start -= 1
    found: dict[tuple[str, str], Example] = {}
    for index in range(start, first):
        if len(lines[index]) > _LONGEST:
            continue
        text = _MARKUP.sub(lambda match: match[1] or "", _COMMENT.sub("", lines[index]))
        following = _COMMENT.sub("", lines[index + 1]) if index + 1 < first else ""
        if claim := claimed(text, target.definition.name, following):
            found.setdefault(claim, Example(*claim, index + 1))
    return list(found.values())


def claimed(text: str, name: str, following: str = "") -> tuple[str, str] | None:
    """The arguments of a call in a text, and what it says comes of it; ``following`` is the next line."""
    if len(text) > _LONGEST:
        return None
    asserted = _ASSERTED.search(text)
    if asserted:
        return _asserted(text, asserted.end(), name)
    begins = re.search(rf"(?<![\w.])(?:[A-Z]\w*\.|\w+::)*{re.escape(name)}\(", text)
    end = closing(text, begins.end() - 1) if begins else None
    if not begins or end is None:
        return None
    compared = _COMPARED.match(text[end + 1 :])
    said = compared or _SAID.match(text[end + 1 :])
    expected = _bare(said[1]) if said else following.strip() if text.lstrip().startswith(">>>") else ""
    expected = split(expected)[0] if expected else ""
    if not expected or not _LITERAL.match(expected) or re.search(r"\w \w", expected.strip("\"'")):
        return None
    return text[begins.end() : end].strip(), expected


def _bare(expected: str) -> str:
    """What is said to come of a call, without what ends the sentence."""
    text = expected.strip()
    return text[:-1].rstrip() if len(text) > 1 and text[-1] in ";." else text


def _asserted(text: str, start: int, name: str) -> tuple[str, str] | None:
    end = closing(text, start - 1)
    parts = split(text[start:end]) if end else []
    for index, part in enumerate(parts):
        arguments = _call(part, name)
        others = [other for place, other in enumerate(parts) if place != index and other not in {"t", "self"}]
        if arguments is not None and others:
            return arguments, others[0]
    return None


def _call(text: str, name: str) -> str | None:
    """The arguments, when a text is one call of the function."""
    match = re.match(rf"(?:[\w:]+(?:::|\.))?{re.escape(name)}\(", text)
    if not match or closing(text, match.end() - 1) != len(text) - 1:
        return None
    return text[match.end() : -1].strip()
