"""Globs as in .gitignore that settings may have: those of a project, which may be hostile, soon match too."""

from collections.abc import Sequence

from pathspec import GitIgnoreSpec

N_GLOBS, MAX_CHARACTERS = 20, 200
"""How many globs a setting may have, and how long each may be."""

N_MORE = 2
"""How many stars a glob may have besides the first of each part of the path; ``**`` counts as one of them.

Each multiplies the time of what doesn't match by the length of the path.
"""


class BrokenGlobs(ValueError):
    """Globs that would take too long; the message says what they may be, without a full stop."""


def check(globs: Sequence[str]) -> None:
    """Raise ValueError for what .gitignore would not take, and BrokenGlobs for what takes too long."""
    if len(globs) > N_GLOBS or any(len(glob) > MAX_CHARACTERS or _n_more(glob) > N_MORE for glob in globs):
        raise BrokenGlobs(
            f"may have {N_GLOBS} globs of {MAX_CHARACTERS} characters, in each one `*` for a part of the "
            f"path and {N_MORE} more, of which `**` is one"
        )
    GitIgnoreSpec.from_lines(globs)


def _n_more(glob: str) -> int:
    """What makes matching slow; ``**`` at the end matches all the same."""
    parts = glob.strip().removesuffix("/").removesuffix("/**").split("/")
    return sum(max(0, part.count("*") - 1) for part in parts)
