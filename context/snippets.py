"""What the context manager hands to a task: snippets with a reason and a price, and what was left out."""

from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum

from attrs import frozen

CountTokens = Callable[[Sequence[str]], Awaitable[Sequence[int]]]
"""Price texts in tokens of the active model: one batched call, one count for each text, in order."""


class Why(StrEnum):
    """Why a snippet was chosen: the strongest reason of its parts."""

    AT_CURSOR = "at_cursor"
    """A member of what stands before the cursor."""
    USED_NEAR = "used_near"
    """The code around the cursor reads this definition."""
    NOT_USED_YET = "not_used_yet"
    """The file imports this definition and does not read it elsewhere."""
    USED_IN_FILE = "used_in_file"
    """The file reads this definition elsewhere."""
    TYPE_IN_SCOPE = "type_in_scope"
    """A name in scope holds this type, or this is a member of such a type."""
    BASE_CLASS = "base_class"
    """The class around the cursor inherits this."""
    MENTIONED = "mentioned"
    """This definition shares words with the name of the function around the cursor."""
    CHANGED_TOGETHER = "changed_together"
    """This was edited lately, or has changed together with this file before."""
    CALLEE = "callee"
    """The definition that the task is about reads this."""
    CALLER = "caller"
    """This reads the definition that the task is about."""
    TEST = "test"
    """A test of the definition that the task is about, or what such a test is given."""


OF_A_DEFINITION = frozenset({Why.CALLEE, Why.CALLER, Why.TEST})
"""Reasons that only tasks on a definition or a change have."""


class Dropped(StrEnum):
    """Why a snippet was considered and left out."""

    OVER_BUDGET = "over_budget"


@frozen
class Snippet:
    """One definition of the workspace as the model is shown it.

    ``path`` is relative to the workspace, with forward slashes, and absolute for a library outside of it;
    lines are 1-based and inclusive; ``symbol`` is the qualified name (``Class.method``); ``tokens`` is the
    price of ``text`` and its line end.
    """

    path: str
    start_line: int
    end_line: int
    symbol: str
    reason: Why
    text: str
    tokens: int = 0


@frozen
class DroppedSnippet:
    """A snippet that was considered and left out, and why."""

    snippet: Snippet
    why: Dropped


@frozen
class Context:
    """The snippets for one request in their stable order, and what did not fit.

    ``path_tokens`` is the price of the line with the path above the snippets of each file.
    """

    snippets: tuple[Snippet, ...] = ()
    dropped: tuple[DroppedSnippet, ...] = ()
    path_tokens: int = 0

    @property
    def tokens(self) -> int:
        """The price of all snippets shown and of their paths, in tokens."""
        return self.path_tokens + sum(snippet.tokens for snippet in self.snippets)

    @property
    def blocks(self) -> list[str]:
        """What the prompt carries: the snippets of each file below its path."""
        by_path: dict[str, list[str]] = {}
        for snippet in self.snippets:
            by_path.setdefault(snippet.path, [path_line(snippet.path)]).append(f"{snippet.text}\n")
        return ["".join(parts) for parts in by_path.values()]


def path_line(path: str) -> str:
    """The line above the snippets of a file."""
    return f"{path}\n"
