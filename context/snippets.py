"""What the context manager hands to a task: snippets with a reason and a price, and what was left out."""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum

from attrs import frozen

CountTokens = Callable[[Sequence[str]], Awaitable[Sequence[int]]]
"""Price texts in tokens of the active model: one batched call, one count for each text, in order."""


class Why(StrEnum):
    """Why a snippet was chosen."""

    IMPORTED = "imported"
    """The file imports this definition by name and uses it."""
    ATTRIBUTE = "attribute"
    """The file uses this definition as an attribute of a module that it imports."""
    BASE_CLASS = "base_class"
    """A class shown or edited derives from this one."""


class Dropped(StrEnum):
    """Why a snippet was considered and left out."""

    OVER_BUDGET = "over_budget"


@frozen
class Snippet:
    """One definition of the workspace as the model is shown it.

    ``path`` is relative to the workspace, with forward slashes; lines are 1-based and inclusive;
    ``symbol`` is the qualified name (``Class.method``); ``tokens`` is the price of ``block``.
    """

    path: str
    start_line: int
    end_line: int
    symbol: str
    reason: Why
    text: str
    tokens: int = 0

    @property
    def block(self) -> str:
        """The snippet with its path line, exactly as the prompt carries it."""
        return f"{self.path}\n{self.text}\n"


@frozen
class DroppedSnippet:
    """A snippet that was considered and left out, and why."""

    snippet: Snippet
    why: Dropped


@frozen
class Context:
    """The snippets for one request in their stable order, their price, and what did not fit."""

    snippets: tuple[Snippet, ...] = ()
    dropped: tuple[DroppedSnippet, ...] = ()

    @property
    def tokens(self) -> int:
        """The price of all snippets shown, in tokens."""
        return sum(snippet.tokens for snippet in self.snippets)
