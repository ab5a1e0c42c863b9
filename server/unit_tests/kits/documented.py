"""What documentation says comes of calls: ``assert_eq!(f(1), 2)``, ``>>> f(1)`` and ``2``, ``f(1) => 2``."""

import re
from collections.abc import Iterator

from attrs import frozen

from codenook.server.unit_tests.kits.bracketed import closing, split
from codenook.server.unit_tests.target import Target

_COMMENT = re.compile(r"^\s*(?://[/!]?|/\*\*?|\*/?|#)?\s?")
_MARKUP = re.compile(r"\{@code (.*?)\}|</?(?:code|pre)>")
_ASSERTED = re.compile(r"\b(?:assert_eq!|assertEquals|Assertions\.assertEquals|assert\.Equal)\(")
_SAID = re.compile(r"\s*(?:;\s*)?(?://\s*)?(?:=>|==|->|→|returns?\b|//)\s*(.+?)\s*[;.]?$")
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
        text = _MARKUP.sub(lambda match: match[1] or "", _COMMENT.sub("", lines[index]))
        following = _COMMENT.sub("", lines[index + 1]) if index + 1 < first else ""
        for arguments, expected in _in_line(text, following, target.definition.name):
            found.setdefault((arguments, expected), Example(arguments, expected, index + 1))
    return list(found.values())


def _in_line(text: str, following: str, name: str) -> Iterator[tuple[str, str]]:
    for match in _ASSERTED.finditer(text):
        end = closing(text, match.end() - 1)
        parts = split(text[match.end() : end]) if end else []
        calls = [(part, _call(part, name)) for part in parts[:2]]
        for part, arguments in calls:
            others = [other for other, _ in calls if other is not part]
            if arguments is not None and others:
                yield arguments, others[0]
                return
    begins = re.search(rf"(?<![\w.]){re.escape(name)}\(", text)
    end = closing(text, begins.end() - 1) if begins else None
    if not begins or end is None or _ASSERTED.search(text):
        return
    said = _SAID.match(text[end + 1 :])
    expected = said[1] if said else following.strip() if text.lstrip().startswith(">>>") else ""
    if expected and _LITERAL.match(expected) and not re.search(r"\w \w", expected.strip("\"'")):
        yield text[begins.end() : end].strip(), expected


def _call(text: str, name: str) -> str | None:
    """The arguments, when a text is one call of the function."""
    match = re.match(rf"(?:[\w:]+(?:::|\.))?{re.escape(name)}\(", text)
    if not match or closing(text, match.end() - 1) != len(text) - 1:
        return None
    return text[match.end() : -1].strip()
