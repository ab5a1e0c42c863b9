"""What is new in a text that something was added to, as edits: the rest of the text isn't touched."""

from difflib import SequenceMatcher
from itertools import takewhile

from codenook.server.documentation.edits import Edit


def hunks(before: str, after: str) -> list[Edit]:
    """The edits in whole lines, in order, that make ``after`` of ``before``."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    n_same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    places = [0]
    for line in old:
        places.append(places[-1] + len(line))
    matcher = SequenceMatcher(None, old[n_same:], new[n_same:], autojunk=False)
    return [
        Edit(places[first + n_same], places[last + n_same], "".join(new[n_same:][start:end]))
        for tag, first, last, start, end in matcher.get_opcodes()
        if tag != "equal"
    ]


def newest(edits: list[Edit]) -> tuple[int, int]:
    """Where the longest of the edits is in the text after all of them, without blank lines around it."""
    best, shift = (0, 0, 0), 0
    for edit in edits:
        start = edit.start + shift + len(edit.text) - len(edit.text.lstrip())
        end = edit.start + shift + len(edit.text.rstrip())
        best = max(best, (end - start, -start, end))
        shift += len(edit.text) - (edit.end - edit.start)
    return -best[1], best[2]
