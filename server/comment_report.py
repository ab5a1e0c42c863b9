"""What ``codenook comment`` shows: each result as soon as it is there; kept are counts."""

import sys
from collections import Counter
from pathlib import Path
from typing import Protocol, Self

from codenook.server import reasons
from codenook.server.reasons import Reason
from codenook.server.tasks.comment_files import Aim, Done, file_diff, shown
from codenook.server.tasks.files import Files
from codenook.server.terminal import (
    ENGINE_FAILED,
    INTERRUPTED,
    NOTHING_VERIFIED,
    USAGE,
    JsonList,
    out,
    printable,
    say,
)

_NOT_SAVED = {Reason.FILE_NOT_WRITTEN, Reason.DOCUMENT_CHANGED}


class Printed(Protocol):
    """One form of stdout."""

    def add(self, done: Done) -> None:
        """Print one result."""

    def end(self) -> None:
        """Print what is left, also when the run was stopped."""


class Results:
    """The documented JSON."""

    def __init__(self, files: Files, *, written: bool) -> None:
        """Print it for a run over ``files``, that has them ``written``."""
        self._files = files
        self._list = JsonList({"written": written}, "results")

    def add(self, done: Done) -> None:
        """Print one result."""
        self._list.add(done.result.to_json(done.document))

    def end(self) -> None:
        """Print what was left out, and the end."""
        self._list.end({"skipped": self._files.left_out.to_json()})


class Lines:
    """A line for each definition that was documented in its file; paths as in a `Diff`."""

    def __init__(self, folder: Path) -> None:
        """Keep nothing."""
        self._folder = folder

    def add(self, done: Done) -> None:
        """Print one result."""
        if done.result.edit is not None:
            line = done.document.text.count("\n", 0, done.result.edit.start) + 1
            what = done.result.symbol or "the file"
            path = shown(done.document.path, self._folder)
            out.print(printable(f"{path}:{line}: {what}"), soft_wrap=True, markup=False)

    def end(self) -> None:
        """Print nothing more."""


class Diff:
    """A unified diff, file by file; paths are relative to ``folder`` where they are below it."""

    def __init__(self, folder: Path) -> None:
        """Hold the text of one file at most: that before its first edit, and that after the last."""
        self._folder = folder
        self._first: Done | None = None
        self._after = ""

    def add(self, done: Done) -> None:
        """Take one result; the file before it is printed."""
        if self._first is None or self._first.document.path != done.document.path:
            self.end()
            self._first, self._after = done, done.document.text
        if done.result.edit is not None:
            self._after = done.result.edit.apply(self._after)

    def end(self) -> None:
        """Print the last file."""
        if self._first is not None:
            before = self._first.document
            sys.stdout.write(file_diff(before.path, self._folder, before.text, self._after))


class Report:
    """What came of a run: shown as it comes, and counted. As a context, it ends what is printed.

    ``aim`` is what was asked for; ``folder`` is what shown paths are relative to where they are below it.
    ``stopped`` says what is left of a run that ended early, ``is_interrupted`` that a person ended it.
    """

    def __init__(self, printed: Printed, aim: Aim, folder: Path) -> None:
        self._printed = printed
        self._aim = aim
        self._folder = folder
        self.n_documented = 0
        self.stopped = ""
        self.is_interrupted = False
        self._left = Counter[Reason]()
        self._said = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._printed.end()
        sys.stdout.flush()  # here, where a reader that has gone is no traceback

    @property
    def code(self) -> int:
        """The exit code: the highest that applies, be it for one definition or one file alone."""
        if self.is_interrupted:
            return INTERRUPTED
        if any(map(reasons.is_engine_failure, self._left)):
            return ENGINE_FAILED
        if self._aim.files.problems or not _NOT_SAVED.isdisjoint(self._left):
            return USAGE
        return NOTHING_VERIFIED if self._left and not self.n_documented else 0

    def add(self, done: Done) -> None:
        """Show one result; what failed for another reason than the model's words gets a line."""
        self._printed.add(done)
        reason = done.result.reason
        if reason is None:
            self.n_documented += 1
            return
        self._left[reason] += 1
        what = f"{done.result.message} ({reason})"
        if self._aim.is_one or reason in _NOT_SAVED or reasons.is_lasting(reason):
            self._say(what)
        elif reasons.is_engine_failure(reason):
            path = shown(done.document.path, self._folder)
            self._say(f"{path}: {done.result.symbol or 'the file'}: {what}")

    def sum_up(self) -> None:
        """Say what was documented, and how much was not and why."""
        for problem in self._aim.files.problems:
            say(problem)
        if left_out := str(self._aim.files.left_out):
            say(f"left out: {left_out}")
        if not self._aim.is_one:
            say(self._counts())

    def _counts(self) -> str:
        n = self.n_documented + self._left.total()
        if self.stopped and not n:
            return f"stopped; {self.stopped}"
        told = "".join(f"; {n_left} {reason}" for reason, n_left in sorted(self._left.items()))
        counts = f"{self.n_documented} of {n} definitions documented{told}"
        if self.stopped:
            return f"stopped; {counts}; {self.stopped}"
        if n:
            return counts
        n_files = len(self._aim.files)
        return f"nothing to document in {n_files} files" if n_files else "no file in a language that is read"

    def _say(self, line: str) -> None:
        """Say a line, once for all definitions of a file that can't be written."""
        if line != self._said:
            self._said = line
            say(line)
