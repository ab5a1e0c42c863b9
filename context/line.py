"""The line at the cursor, and whether an edit of it can change what is shown of other files."""

import re

from attrs import field, frozen

PLACEHOLDER = "__"
"""The name that stands for the word at the cursor."""

_WORD_BEFORE, _WORD_AFTER = re.compile(r"\w*\Z"), re.compile(r"\w*")
_DOTTED = re.compile(r"\w+(?:\s*\.\s*\w*)*")


@frozen
class Line:
    """A text cut at the ends of the cursor's line.

    ``left`` and ``right`` are the line without the word that touches the cursor: what is read from them stays
    the same while that word is being typed.
    """

    above: str = field(repr=False)
    left: str
    right: str
    below: str = field(repr=False)

    @classmethod
    def at(cls, text: str, offset: int) -> "Line":
        """Cut ``text`` at ``offset`` (code points)."""
        start = text.rfind("\n", 0, offset) + 1
        end = text.find("\n", offset)
        end = len(text) if end < 0 else end
        left, right = text[start:offset], text[offset:end]
        left = _WORD_BEFORE.sub("", left, count=1)
        return cls(text[:start], left, _WORD_AFTER.sub("", right, count=1), text[end:])

    @property
    def before(self) -> str:
        """The text up to the word at the cursor."""
        return self.above + self.left

    @property
    def after(self) -> str:
        """The text from the end of the word at the cursor."""
        return self.right + self.below

    def mentions(self, names: frozenset[str]) -> list[str]:
        """The dotted names of the line that begin with one of ``names``, sorted."""
        dotted = _DOTTED.findall(f"{self.left}{PLACEHOLDER}{self.right}")
        return sorted(found for found in dotted if re.split(r"\W", found, maxsplit=1)[0] in names)

    def asks_the_same(self, other: "Line", names: frozenset[str]) -> bool:
        """Whether two versions of a text differ in this line alone, and there in none of ``names``."""
        return (
            self.above == other.above
            and self.below == other.below
            and self.mentions(names) == other.mentions(names)
        )
