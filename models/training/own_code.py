"""A user's own code: the files to learn from, and those held out to judge by.

Files are chosen by the product's rules (`codenook.context.files`) and the corpus' own of what is worth
learning. Held out are whole files, chosen by a hash of their paths: the same ones every time.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import field, frozen

from codenook.context.files.skip import Skipped
from codenook.context.files.walk import read, walk
from codenook.models.training.corpus import File, at_most, distinct, parse, store, why_text_dropped
from codenook.models.training.duplicates import Index, signature
from codenook.models.training.errors import TrainingError

LEARNED, HELD_OUT = "train", "test"
"""The splits below ``WORK/corpus``."""

SHARE_HELD_OUT = 0.2
"""Of the text; more of it makes the judgement surer, and leaves less to learn."""

MIN_HELD_OUT_CHARS = 1_000
"""A shorter file says too little to judge by."""

MIN_HELD_OUT = 12
"""Held-out files; fewer say little of other files."""

MIN_FILES = 40
MIN_BYTES = 200_000
"""Less code than that gives too few questions to tell a better model."""

MAX_BYTES = 25_000_000
"""Of each repository, in whole folders: some minutes don't read more."""


class TooLittleCode(TrainingError):
    """There is too little code to learn from and to judge by; the message says how much is needed."""


@frozen
class OwnCode:
    """What was found; each path begins with its repository's name."""

    learned: tuple[File, ...]
    held_out: tuple[File, ...]
    dropped: Counter[str] = field(factory=Counter)

    @property
    def n_bytes(self) -> int:
        """The size of all of it."""
        return sum(len(file.text.encode()) for file in (*self.learned, *self.held_out))

    @property
    def digest(self) -> str:
        """A hash of every path and text, and of which are held out."""
        found = hashlib.sha256()
        for split, files in ((LEARNED, self.learned), (HELD_OUT, self.held_out)):
            for file in files:
                found.update(f"{split}\0{file.path}\0{len(file.text)}\0{file.text}".encode())
        return found.hexdigest()


def collect(folders: Sequence[Path]) -> OwnCode:
    """Read the Python files of repositories and hold some of them out.

    A file that nearly repeats one that is held out is not learned from: it would give that away.
    """
    dropped: Counter[str] = Counter()
    held_out: list[File] = []
    rest: list[File] = []
    for name, folder in named(folders).items():
        of_folder = list(at_most(MAX_BYTES, list(clean(name, folder, dropped)), dropped))
        chosen = hold_out(of_folder)
        held_out += [file for file in of_folder if file.path in chosen]
        rest += [file for file in of_folder if file.path not in chosen]
    index = Index()
    judges = sorted(distinct(held_out, index, dropped, held_out=True), key=path_of)
    learned = sorted(distinct(rest, index, dropped, held_out=False), key=path_of)
    return OwnCode(tuple(learned), tuple(judges), dropped)


def check(own: OwnCode) -> None:
    """Raise TooLittleCode unless there is enough to learn from and to judge by."""
    n_files = len(own.learned) + len(own.held_out)
    if n_files < MIN_FILES or own.n_bytes < MIN_BYTES or len(own.held_out) < MIN_HELD_OUT:
        left_out = ", ".join(f"{n} {reason}" for reason, n in own.dropped.most_common())
        raise TooLittleCode(
            f"too little code to learn from: {n_files} files of Python with {own.n_bytes / 1e3:.0f} kB,"
            f" {MIN_FILES} files with {MIN_BYTES / 1e3:.0f} kB are needed"
            + (f" (left out: {left_out})" if left_out else "")
        )


def write(own: OwnCode, work: Path) -> None:
    """Store both parts below ``work/corpus``, as the steps of the training read them."""
    for split, files in ((LEARNED, own.learned), (HELD_OUT, own.held_out)):
        for _ in store(files, work / "corpus" / split):
            pass


def named(folders: Sequence[Path]) -> dict[str, Path]:
    """Name each repository by its folder, twins by a number besides."""
    names: dict[str, Path] = {}
    for folder in dict.fromkeys(path.resolve() for path in folders):
        base = folder.name or "root"
        n_twins = sum(other.name == folder.name for other in names.values())
        names[f"{base}-{n_twins + 1}" if n_twins else base] = folder
    return names


def clean(name: str, folder: Path, dropped: Counter[str]) -> Iterator[File]:
    """Yield the files of a repository that are worth learning from, with Unix line ends."""
    for found in walk(folder, {".py"}):
        source = found if isinstance(found, Skipped) else read(folder, found.path)
        if isinstance(source, Skipped):
            dropped[source.reason.value] += 1
            continue
        text = source.decode("utf-8-sig").replace("\r\n", "\n")
        reason = why_dropped(text)
        if reason:
            dropped[reason] += 1
        else:
            yield File(f"{name}/{found.path}", text, signature(text))


def why_dropped(text: str) -> str | None:
    """Say why a text is not worth learning from; None when it is."""
    try:
        tree = parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "not Python 3"
    return why_text_dropped(text, tree, any_licence=True)


def hold_out(files: Sequence[File]) -> set[str]:
    """Choose files by a hash of their paths until they have their share of the text; return their paths."""
    room = SHARE_HELD_OUT * sum(len(file.text) for file in files)
    chosen: set[str] = set()
    for file in sorted(files, key=lambda file: hashlib.sha256(file.path.encode()).digest()):
        if MIN_HELD_OUT_CHARS <= len(file.text) <= room:
            chosen.add(file.path)
            room -= len(file.text)
    return chosen


def path_of(file: File) -> str:
    """Return the path to sort by."""
    return file.path
