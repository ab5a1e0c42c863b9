"""What the context manager asks of every language: which snippets might help at a cursor."""

from collections.abc import Sequence
from typing import Protocol

from attrs import frozen
from tree_sitter import Node

from codenook.context.line import PLACEHOLDER, Line
from codenook.context.parse import Language, Parsed, encode, parse
from codenook.context.snippets import Snippet


@frozen(eq=False)
class Edited:
    """A document in an editor, with a placeholder name in place of the word that touches the cursor.

    So everything read from it stays the same while that word is being typed. ``path`` is absolute;
    ``cursor`` is the byte at which the placeholder starts.
    """

    path: str
    parsed: Parsed
    cursor: int

    @property
    def node_at_cursor(self) -> Node | None:
        """The innermost node at the placeholder."""
        return self.parsed.root.descendant_for_byte_range(self.cursor, self.cursor + 1)


@frozen
class Candidates:
    """Snippets for a cursor, unpriced, the most valuable first.

    ``names`` are those that bring snippets in where the document reads them: while the cursor's line mentions
    the same of them, the snippets stay. They may not when ``is_settled`` is False.
    """

    snippets: Sequence[Snippet] = ()
    names: frozenset[str] = frozenset()
    is_settled: bool = True


class Resolver(Protocol):
    """Finds the definitions that the code around a cursor depends on."""

    def candidates(self, document: Edited) -> Candidates:
        """Snippets from other files of the workspace: a function of the document and the files alone."""


def edited(
    language: Language, path: str, text: str, line: Line | None, before: Parsed | None = None
) -> Edited:
    """The document ``text`` with the cursor in ``line``; ``before`` is an earlier parse.

    While no cursor is known (None) it counts as the end of the text, and nothing is replaced.
    """
    above = encode(text if line is None else line.before)
    source = above if line is None else above + encode(PLACEHOLDER + line.after)
    return Edited(path, parse(language, source, before), len(above))
