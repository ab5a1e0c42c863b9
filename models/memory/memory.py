"""What is remembered of a workspace: a few segments, replaced as a whole while others read them.

As in a log-structured merge tree: files that came since are small segments after a large one, a file that was
replaced or deleted is dead in its segment, and small segments are merged as they add up.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from attrs import evolve

from codenook.models.memory import store
from codenook.models.memory.passages import Passages
from codenook.models.memory.reader import Reader
from codenook.models.memory.segment import File, Segment, build

GROWTH = 4
"""A segment is merged with those after it once they hold a quarter of its tokens."""


class Memory:
    """One workspace in one vocabulary. One thread may write while others read."""

    def __init__(self, n_vocab: int, controls: Collection[int] = ()) -> None:
        """Remember nothing yet; ``controls`` are tokens that no text is made of: no match goes over them."""
        self._separator = n_vocab
        self._symbols = np.arange(n_vocab, dtype=np.uint32)
        self._symbols[list(controls)] = n_vocab
        self._segments: tuple[Segment, ...] = ()
        self._staged: dict[str, File] = {}

    def update(self, path: str, tokens: npt.ArrayLike, lines: npt.ArrayLike, version: str = "") -> None:
        """Replace a file: what it said is forgotten now, what it says is known after `settle`.

        ``tokens`` and ``lines`` have shape ``(n,)``: token ids, and the line on which each begins.
        ``version`` is a hash of the content, for `paths`. Raises ValueError when the shapes differ,
        IndexError for a token that the vocabulary doesn't have.
        """
        file = evolve(self.text(path, tokens, lines), version=version)
        if file.tokens.shape != file.lines.shape:
            raise ValueError(f"{len(file.tokens)} tokens, but {len(file.lines)} lines")
        self.forget(path)
        self._staged[path] = file

    def forget(self, path: str) -> None:
        """Forget a file, if it is known: no later reader is told of it, and `save` leaves no trace of it."""
        self._staged.pop(path, None)
        self._segments = tuple(segment.without([path]) for segment in self._segments)

    def settle(self, *, more: bool = False) -> None:
        """Index the files that came since, then merge segments that are small beside the ones after them.

        Milliseconds for one file, about a second for a million tokens; other threads get their turn
        meanwhile. With ``more`` to come soon, files wait until they are as much as what is indexed.
        """
        if more and sum(len(file.tokens) for file in self._staged.values()) < self.n_tokens:
            return
        if self._staged:
            self._segments = (*self._segments, build(self._staged.values(), self._separator))
            self._staged.clear()
        segments, first = self._segments, len(self._segments) - 1
        while first > 0 and GROWTH * n_alive(segments[first:]) >= segments[first - 1].n_alive:
            first -= 1
        if first < len(segments) - 1:
            files = (file for segment in segments[first:] for file in segment.files())
            self._segments = (*segments[:first], build(files, self._separator))

    def files(self) -> Iterator[File]:
        """Yield the files that are indexed, with their tokens."""
        for segment in self._segments:
            yield from segment.files()

    def paths(self) -> Mapping[str, str]:
        """Return the version of each file that is known or waits for `settle`."""
        known = {file.path: file.version for segment in self._segments for file in segment.files()}
        return known | {path: file.version for path, file in self._staged.items()}

    @property
    def n_tokens(self) -> int:
        """How many tokens are indexed, those that part files among them."""
        return n_alive(self._segments)

    def text(self, path: str, tokens: npt.ArrayLike, lines: npt.ArrayLike) -> File:
        """Return a text that is not to be kept, for `reader`; the arguments are those of `update`."""
        return File(path, "", self._symbols[np.asarray(tokens, np.intp)], np.asarray(lines, np.uint32))

    def reader(
        self,
        prompt: Sequence[int],
        hidden: Collection[str] = (),
        before: Sequence[int] | None = None,
        beyond: Iterable[File] = (),
    ) -> Reader:
        """Return what answers for one request, from what is known now.

        ``hidden`` are paths of files that count as unknown: a document that is edited is newer in the prompt.
        ``before`` are the tokens right before the cursor, where the prompt doesn't end in them. What is
        ``beyond`` the prompt counts as said in it.
        """
        said = self.text("", prompt, np.zeros(len(prompt)))
        return Reader(
            passages=Passages.of([said, *beyond], self._separator),
            workspace=tuple(segment.without(hidden) for segment in self._segments),
            before=said.tokens if before is None else self._symbols[np.asarray(before, np.intp)],
            symbols=self._symbols,
        )

    def save(self, file: Path, vocabulary: str) -> None:
        """Write what is indexed; ``vocabulary`` names the tokenizer, for `load`. Raises OSError."""
        self._segments = tuple(segment.compact() for segment in self._segments)
        store.write(file, f"{vocabulary} {self._separator}", self._segments)

    @classmethod
    def load(
        cls, file: Path, vocabulary: str, n_vocab: int, controls: Collection[int] = ()
    ) -> "Memory | None":
        """Read what `save` wrote; None where there is no such file for this vocabulary.

        A file that is damaged, or of another version or vocabulary, is set aside: renamed to end in
        ``.unread``.
        """
        segments = store.read(file, f"{vocabulary} {n_vocab}")
        if segments is None:
            return None
        memory = cls(n_vocab, controls)
        memory._segments = segments
        return memory


def n_alive(segments: Iterable[Segment]) -> int:
    """Return how many symbols of several segments belong to files that are alive."""
    return sum(segment.n_alive for segment in segments)
