"""Changes with a known bug, each with the same change without it."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.review.scope.compare import hunks
from codenook.server.review.scope.lines import of_document

LANGUAGES = {"python": "py", "javascript": "js", "java": "java", "cpp": "cpp", "rust": "rs"}
"""The languages of HumanEvalPack, as LSP calls them, and what their files end in."""

_FILES = {"javascript": "js"}


@frozen
class Case:
    """A change as it was wrong, and as it is right; ``bug`` are the wrong one's lines (from 1) to find."""

    name: str
    language: str
    wrong: Change
    right: Change
    bug: frozenset[int]
    kind: str = ""


def problems(data: Path, language: str) -> Iterator[Case]:
    """The functions of HumanEvalPack in one language: all of a body is new, its signature was there."""
    name = f"humanevalpack_{_FILES.get(language, language)}.jsonl.gz"
    with gzip.open(data / name, "rt", encoding="utf-8") as lines:
        for problem in map(json.loads, lines):
            yield _problem(problem, language)


def _problem(problem: dict[str, Any], language: str) -> Case:
    path = f"{problem['task_id'].replace('/', '_').lower()}.{LANGUAGES[language]}"
    head = problem["prompt"]

    def change(solution: str) -> Change:
        first = head.count("\n") + 1
        body = range(first, first + solution.count("\n") + 1)
        return of_document(Path("/"), path, head + solution, [body])

    wrong, right = head + problem["buggy_solution"], head + problem["canonical_solution"]
    return Case(
        problem["task_id"],
        language,
        change(problem["buggy_solution"]),
        change(problem["canonical_solution"]),
        different(wrong, right),
        problem["bug_type"],
    )


def rewritten(name: str, path: str, old: str, new: str, kind: str = "") -> Case:
    """The fix from ``old`` to ``new``: taken back it is the wrong change, and itself the right one."""
    return Case(
        name, "python", _rewriting(path, new, old), _rewriting(path, old, new), different(old, new), kind
    )


def different(text: str, other: str) -> frozenset[int]:
    """The lines of ``text`` that are not as in ``other``; where some are missing, the one before them."""
    found: set[int] = set()
    for hunk in hunks(Text(text), Text(other)):
        found |= set(hunk.removed or [max(1, hunk.old_start - 1)])
    return frozenset(found)


def _rewriting(path: str, old: str, new: str) -> Change:
    before, after = Text(old), Text(new)
    file = ChangedFile(path, path, before, after, hunks(before, after))
    return Change(Path("/"), "a release", (file,))
