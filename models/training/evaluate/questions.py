"""The questions: holes in files of the held-out packages, and windows to read; the same ones every time."""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from random import Random

from attrs import frozen

from codenook.models.training import examples
from codenook.models.training.examples import Corpus, Document, code_line

SEED = 7
N_ANSWER = 64  # tokens, at most, of what is missing: what a candidate may have
N_WINDOW = 768  # tokens of a window to read
N_PER_FILE = 2  # holes of one kind, so that they come from many files


class Kind(StrEnum):
    """What is missing."""

    REST_OF_LINE = "rest of line"
    WHOLE_LINE = "whole line"
    BLOCK = "block"


@frozen
class Hole:
    """A place in a file, and what stood there: ``path`` is relative to the package's folder."""

    kind: Kind
    package: str
    path: str
    before: str
    after: str
    answer: str

    @property
    def file(self) -> str:
        """The file's name among all packages."""
        return f"{self.package}/{self.path}"

    @property
    def text(self) -> str:
        """The file without the answer."""
        return self.before + self.after

    @property
    def wanted(self) -> str:
        """What an answer is compared with."""
        return self.compared(self.answer)

    def compared(self, answer: str) -> str:
        """Return the part of an answer that counts: of one for a line, what stands before its end."""
        one_line = self.kind is not Kind.BLOCK
        return (answer.partition("\n")[0] if one_line else answer).strip()


@frozen
class Window:
    """Whole lines of a file, to be read after its path; what stands ``before`` them is known, too."""

    package: str
    path: str
    before: str
    text: str


def holes(corpus: Corpus, n: int) -> list[Hole]:
    """Cut ``n`` holes of each kind; fewer where there are too few files."""
    return [hole for kind in Kind for _, hole in zip(range(n), _holes(corpus, kind), strict=False)]


def windows(corpus: Corpus, n: int) -> list[Window]:
    """Cut ``n`` windows, each from another file where there are as many."""
    random = Random(SEED)
    found = (_window(corpus.document(index), place) for index, place in corpus.visits(random, 1))
    return [window for _, window in zip(range(n), filter(None, found), strict=False)]


def _holes(corpus: Corpus, kind: Kind) -> Iterator[Hole]:
    random = Random(f"{SEED} {kind}")
    for index, place in corpus.visits(random, N_PER_FILE):
        document = corpus.document(index)
        where = _CUT[kind](document, code_line(document, place), random)
        answer = document.text[slice(*where)] if where else ""
        if where and answer.strip() and len(corpus.tokenizer.encode(answer).ids) <= N_ANSWER:
            before, after = document.text[: where[0]], document.text[where[1] :]
            yield Hole(kind, document.package, document.path, before, after, answer)


def _whole_line(document: Document, line: int, _: Random) -> examples.Hole:
    return _lines(document, line, line)


def _block(document: Document, line: int, random: Random) -> examples.Hole | None:
    found = examples.statements(document, line, random)
    return _lines(document, *found) if found else None


def _lines(document: Document, first: int, last: int) -> examples.Hole:
    """From the first line's indentation, where an editor puts the cursor, to the last line's end."""
    text = document.line(first)
    indent = len(text) - len(text.lstrip())
    return document.starts[first] + indent, document.starts[last] + len(document.line(last))


_CUT: dict[Kind, Callable[[Document, int, Random], examples.Hole | None]] = {
    Kind.REST_OF_LINE: examples.rest_of_line,
    Kind.WHOLE_LINE: _whole_line,
    Kind.BLOCK: _block,
}


def _window(document: Document, place: float) -> Window | None:
    first = last = document.line_at(int(place * len(document.text)))
    room = N_WINDOW
    while last < len(document.prices) and document.prices[last] <= room:
        room -= document.prices[last]
        last += 1
    start, end = document.starts[first], document.starts[last]
    if start == end:
        return None
    return Window(document.package, document.path, document.text[:start], document.text[start:end])


def packages(questions: Sequence[Hole | Window]) -> list[str]:
    """Return the packages that are asked about."""
    return sorted({question.package for question in questions})
