"""What the context manager asks of every language: which snippets might help at a cursor."""

import re
from typing import Protocol

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Language, Parsed, encode, parse
from codenook.context.snippets import Snippet

PLACEHOLDER = "_"
"""The name that stands for the word at the cursor."""
_WORD = re.compile(r"\w*")


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


class Resolver(Protocol):
    """Finds the definitions that the code around a cursor depends on."""

    def candidates(self, document: Edited) -> list[Snippet]:
        """Snippets from other files of the workspace, unpriced, the most valuable first.

        The order is a function of the document and the files alone.
        """


def edited(language: Language, path: str, text: str, offset: int, before: Parsed | None = None) -> Edited:
    """The document ``text`` with the cursor at ``offset`` (code points); ``before`` is an earlier parse."""
    start = offset - len(_word_at(text[:offset].rpartition("\n")[2][::-1]))
    end = offset + len(_word_at(text[offset:].partition("\n")[0]))
    above = encode(text[:start])
    source = above + encode(PLACEHOLDER + text[end:])
    return Edited(path, parse(language, source, before), len(above))


def unedited(language: Language, path: str, text: str, before: Parsed | None = None) -> Edited:
    """The document ``text`` while no cursor is known: it stands at the end, and nothing is replaced."""
    source = encode(text)
    return Edited(path, parse(language, source, before), len(source))


def _word_at(text: str) -> str:
    match = _WORD.match(text)
    return match.group() if match else ""
