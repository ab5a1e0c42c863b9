"""Notes on what a function does that means something else in another language."""

from codenook.context.outline import Definition
from codenook.context.parse import Language, encode, parse
from codenook.server.translation.languages.language import Note
from codenook.server.translation.rules import Rule
from codenook.server.translation.semantics.differences import DIFFERENCES
from codenook.server.translation.semantics.signs import SIGNS, Known
from codenook.server.translation.signature import Signature

_MOST_LINES = 4
"""So many lines are named; the others are counted."""


def notes(
    text: str, language: Language, definition: Definition, signature: Signature, target: str
) -> tuple[Note, ...]:
    """What a definition of ``text`` has that does not carry over to ``target``; a note for each rule."""
    parsed = parse(language, encode(text))
    known = Known(language.id, {each.name: each.shape for each in signature.parameters})
    start, end = parsed.span(definition.start_line, definition.end_line)
    sentences = {rule: said for rule in SIGNS if (said := DIFFERENCES[rule](language.id, target))}
    found = dict[Rule, dict[int, None]]()
    waiting = [parsed.root]
    while waiting:
        node = waiting.pop()
        if node.end_byte <= start or node.start_byte >= end:
            continue
        waiting += reversed(node.named_children)
        for rule in sentences:
            if SIGNS[rule](node, known):
                found.setdefault(rule, {})[node.start_point.row + 1] = None
    return tuple(Note(rule, f"{_where(sorted(rows))}: {sentences[rule]}") for rule, rows in found.items())


def _where(rows: list[int]) -> str:
    named = ", ".join(map(str, rows[:_MOST_LINES]))
    more = f" and {len(rows) - _MOST_LINES} more" if len(rows) > _MOST_LINES else ""
    return f"{'Line' if len(rows) == 1 else 'Lines'} {named}{more}"
