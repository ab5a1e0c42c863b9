"""Baselines that know text only: windows of 60 lines, at random or by the words they share with the cursor's.

Jaccard is how Copilot and llama.vim rank: the share of common words in all words of two windows. BM25 is the
usual ranking of full-text search. Both compare with the 60 lines around the cursor, over all files of the
workspace's language that are not tests, documents or examples, where editors look at open files only.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
from attrs import frozen
from excerpts import Excerpt
from holes import Question

N_LINES = 60
STRIDE = 15
"""Lines from one window to the next of a file; with 30 and 60 BM25 found less."""
N_RANKED = 400
"""Windows looked at from the best downwards: more than any budget holds."""
MAX_FILE_BYTES = 1_000_000
WORD = re.compile(r"[^\W\d]\w*")
SUFFIXES: Mapping[str, Sequence[str]] = {
    "python": (".py", ".pyi"),
    "typescript": (".ts", ".tsx"),
    "go": (".go",),
    "rust": (".rs",),
    "java": (".java",),
}

BESIDE_THE_CODE = re.compile(
    r"(^|/)(_?tests?|testing|docs?|examples?|benchmarks?|vendor)(/|$)|(^|/)(test_|conftest)"
    r"|_test\.go$|\.(test|spec)\.tsx?$"
)
"""Paths of tests, documents and examples: without them both rankings of windows find more."""

Scores = npt.NDArray[np.float32]


@frozen
class Window:
    """Where a window starts; ``first`` counts lines from 0."""

    path: str
    first: int


def sources(root: Path, language: str) -> dict[str, str]:
    """Return the text of each file of a language below ``root``, by path, as far as baselines look at it."""
    texts = {}
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root).as_posix()
        if path.suffix not in SUFFIXES[language] or BESIDE_THE_CODE.search(relative):
            continue
        if path.is_file() and path.stat().st_size <= MAX_FILE_BYTES:
            texts[relative] = path.read_text(encoding="utf-8", errors="replace")
    return texts


class Windows:
    """All windows of a workspace, and three ways to rank them for a question."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._lines = {path: text.split("\n") for path, text in texts.items()}
        self._windows = [
            Window(path, first)
            for path, lines in self._lines.items()
            for first in range(0, max(1, len(lines) - N_LINES + STRIDE), STRIDE)
        ]
        self._paths = np.array([window.path for window in self._windows])
        self._numbers: dict[str, int] = {}
        words = [self._count(window) for window in self._windows]
        self._n_words = np.array([len(set(window)) for window in words])
        self._postings = _postings(words, len(self._numbers))
        self._bm25 = bm25s.BM25()
        self._bm25.index((words, self._numbers), show_progress=False)

    def at_random(self, question: Question) -> Iterator[Excerpt]:
        """Windows in an order of chance, the same for the same question."""
        chance = random.Random(f"{question.path}:{question.offset}")
        yield from self._best(question, np.array([chance.random() for _ in self._windows]))

    def by_jaccard(self, question: Question) -> Iterator[Excerpt]:
        """Windows by common words over all words."""
        words = sorted(self._known(question))
        hits = [self._postings[word] for word in words]
        common = np.bincount(np.concatenate([np.empty(0, int), *hits]), minlength=len(self._windows))
        yield from self._best(question, common / (self._n_words + len(set(words_around(question))) - common))

    def by_bm25(self, question: Question) -> Iterator[Excerpt]:
        """Windows by BM25, with the library's usual parameters; each word of the question counts once."""
        yield from self._best(question, self._bm25.get_scores(sorted(self._known(question))))

    def _known(self, question: Question) -> set[int]:
        return {self._numbers[word] for word in words_around(question) if word in self._numbers}

    def _count(self, window: Window) -> list[int]:
        text = "\n".join(self._lines[window.path][window.first : window.first + N_LINES])
        return [self._numbers.setdefault(word, len(self._numbers)) for word in WORD.findall(text)]

    def _best(self, question: Question, scores: Scores) -> Iterator[Excerpt]:
        """Yield windows of other files, best first; of those that overlap the best."""
        scores = np.where(self._paths == question.path, -np.inf, scores)
        taken: dict[str, list[int]] = {}
        for number in np.argsort(-scores, kind="stable")[:N_RANKED]:
            window = self._windows[number]
            others = taken.setdefault(window.path, [])
            if window.path != question.path and all(abs(window.first - other) >= N_LINES for other in others):
                others.append(window.first)
                lines = self._lines[window.path][window.first : window.first + N_LINES]
                yield Excerpt(window.path, window.first + 1, window.first + len(lines), "\n".join(lines))


def words_around(question: Question) -> list[str]:
    """The words of the 60 lines around the cursor."""
    first = max(0, question.line - N_LINES // 2)
    return WORD.findall("\n".join(question.text.split("\n")[first : first + N_LINES]))


def _postings(words: Sequence[Sequence[int]], n_words: int) -> list[npt.NDArray[np.int64]]:
    """For each word, the numbers of the windows that have it."""
    found: list[list[int]] = [[] for _ in range(n_words)]
    for number, window in enumerate(words):
        for word in set(window):
            found[word].append(number)
    return [np.array(numbers) for numbers in found]
