"""Whether a document still parses with a candidate in it."""

import ast
import warnings
from collections.abc import Iterator
from functools import cached_property

from codenook.context.parse import Parsed, encode, errors, parse
from codenook.server.verify.excerpt import Excerpt, blanked


class Baseline:
    """Code before the insertion: what a candidate at its cursor is measured against.

    Python is read by CPython's own parser, where that can read the code without a candidate. Otherwise, as in
    other languages, tree-sitter counts: a document in the middle of an edit has errors of its own, so
    allowed are as many ERROR and MISSING nodes as there are in it, or with the cursor's line emptied,
    whichever are fewer.
    """

    def __init__(self, excerpt: Excerpt) -> None:
        """Nothing is parsed before the first question."""
        self._excerpt = excerpt
        self._verdicts: dict[str, bool | None] = {}

    def prepare(self) -> None:
        """Parse the code without a candidate now."""
        _ = self._is_read_by_python or self._n_allowed

    def parses(self, candidate: str) -> bool | None:
        """Whether inserting ``candidate`` adds no syntax error; None for a language without a parser."""
        if candidate not in self._verdicts:
            self._verdicts[candidate] = self._parses(candidate)
        return self._verdicts[candidate]

    def longest_parsing(self, candidate: str) -> str | None:
        """The longest part of ``candidate``, whole lines from its start, that parses; None if none does.

        All of ``candidate`` for a language without a parser.
        """
        lines = candidate.split("\n")
        for n_lines in range(len(lines), 0, -1):
            part = "\n".join(lines[:n_lines])
            if part.strip() and self.parses(part) is not False:
                return part
        return None

    def _parses(self, candidate: str) -> bool | None:
        if self._excerpt.others is None:
            return None
        if self._is_read_by_python:
            return is_python(self._excerpt.with_candidate(candidate))
        with_candidate = self._excerpt.inserted(candidate)
        return with_candidate is not None and _n_errors(with_candidate.parsed) <= self._n_allowed

    @cached_property
    def _is_read_by_python(self) -> bool:
        """Whether CPython reads the code with some usual thing in the candidate's place.

        It doesn't where the code's Python is newer or older than the running one.
        """
        excerpt = self._excerpt
        if excerpt.language != "python":
            return False
        return any(map(is_python, _without_candidate(excerpt.text, excerpt.offset)))

    @cached_property
    def _n_allowed(self) -> int:
        excerpt = self._excerpt
        if excerpt.others is None:
            return 0
        texts = (excerpt.text, blanked(excerpt.text, excerpt.offset))
        return min(_n_errors(parse(excerpt.others.language, encode(text))) for text in texts)


def _n_errors(parsed: Parsed) -> int:
    return sum(1 for _ in errors(parsed.root))


def _without_candidate(text: str, offset: int) -> Iterator[str]:
    """What may have stood in the candidate's place: an empty line, nothing, a name, a statement."""
    above, newline, line = text[:offset].rpartition("\n")
    _, next_newline, below = text[offset:].partition("\n")
    indent = line[: len(line) - len(line.lstrip())]
    yield above + newline + next_newline + below
    yield text
    yield f"{text[:offset]}_{text[offset:]}"
    yield f"{above}{newline}{indent}pass{next_newline}{below}"


def is_python(source: str | bytes) -> bool:
    """Whether CPython parses it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
