"""What ``codenook translate`` tells a person: what was proved of each function, and what was not and why."""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from codenook.server import reasons
from codenook.server.reasons import Reason
from codenook.server.tasks.comment_files import shown
from codenook.server.tasks.files import Files
from codenook.server.tasks.translation_files import Done
from codenook.server.terminal import (
    ENGINE_FAILED,
    NOTHING_VERIFIED,
    USAGE,
    JsonList,
    err,
    out,
    printable,
    say,
)
from codenook.server.translation.languages.titles import title
from codenook.server.translation.result import Level, Translated, TranslationResult
from codenook.server.translation.wording import all_notes, counted, is_renamed, n_proved, table, verdict


def rows(result: TranslationResult, *, verbose: bool) -> Iterator[str]:
    """The report in lines; nothing of a translation that was not begun."""
    if not result.functions:
        return
    what = f"{result.path}:{result.symbol}" if result.symbol else result.path
    ran = ", ".join(dict.fromkeys(filter(None, result.toolchains.values())))
    yield f"{what} to {title(result.target)}: {n_proved(result)}{f' ({ran})' if ran else ''}"
    for each in result.functions:
        yield from _function(each, verbose=verbose)
    if notes := all_notes(result):
        yield "what does not carry over:"
        yield from (f"  {note.text} [{note.rule}]" for note in notes)
    yield _cost(result)


def _function(each: Translated, *, verbose: bool) -> Iterator[str]:
    renamed = f" ({each.name})" if is_renamed(each) else ""
    why = "" if each.level is Level.AGREES else f": {each.why}"
    yield f"  {each.symbol}{renamed}: {verdict(each)}{why}"
    for why, n in each.not_compared.items():
        yield f"    {counted(n, 'call')} not compared: {why}"
    counting = [row for row in each.differences if not row.excuse]
    excused = [row for row in each.differences if row.excuse]
    if counting:
        yield from table(counting)
    if excused:
        yield f"    does not count: {counted(len(excused), 'difference')}"
        for row in excused if verbose else excused[:1]:
            yield f"      {row.input}: {row.original} and {row.translation}; {row.excuse}"
    if verbose and each.tried:
        refused = ", ".join(f"{n} {what}" for what, n in each.refused.items())
        yield (
            f"    {counted(each.tried, 'body', 'bodies')} tried, {counted(each.repairs, 'repair')}"
            f"{f'; failed: {refused}' if refused else ''}"
        )


def _cost(result: TranslationResult) -> str:
    n_tried = sum(each.tried for each in result.functions)
    n_repairs = sum(each.repairs for each in result.functions)
    parts = ", ".join(f"{part} {s:.1f}" for part, s in result.seconds.items() if part != "total")
    bodies, repairs = counted(n_tried, "body", "bodies"), counted(n_repairs, "repair")
    return (
        f"{bodies} of {result.model or 'no model'}, {repairs}, "
        f"{result.counters.generated} tokens written in {result.seconds.get('total', 0):.1f} s ({parts})"
    )


class FolderReport:
    """What came of the files of a folder: a line or an object for each as soon as it is done, and counts.

    As a context, it ends what is printed. ``is_ended`` says that the engine failed again and again,
    ``is_interrupted`` that a person ended it.
    """

    def __init__(self, files: Files, folder: Path, *, as_json: bool, verbose: bool) -> None:
        self._files = files
        self._folder = folder
        self._verbose = verbose
        self._list = JsonList({}, "results") if as_json else None
        self._left: Counter[Reason | None] = Counter()
        self._n_written = self._n_kept = self._n_proved = 0
        self.is_ended = self.is_interrupted = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._list is not None:
            self._list.end({"skipped": self._files.left_out.to_json()})
        sys.stdout.flush()  # here, where a reader that has gone is no traceback

    @property
    def code(self) -> int:
        """The exit code: the highest that applies, be it for one file alone."""
        reasons_met = [reason for reason in self._left if reason is not None]
        if any(reasons.is_engine_failure(each) or each is Reason.FAILED_INSIDE for each in reasons_met):
            return ENGINE_FAILED
        if self._files.problems or self._n_kept:
            return USAGE
        return NOTHING_VERIFIED if reasons_met else 0

    def add(self, done: Done) -> None:
        """Show what came of one file."""
        if self._list is not None:
            written = str(done.written) if done.written else None
            self._list.add({"written": written, "problem": done.problem, **done.result.to_json()})
        if done.problem:
            self._n_kept += 1
            say(done.problem)
            return
        result = done.result
        self._left[result.reason] += 1
        self._n_written += done.written is not None
        self._n_proved += result.reason is None
        name = shown(done.path, self._folder)
        place = f" -> {shown(done.written, self._folder)}" if done.written else ""
        said = f": {result.message} ({result.reason})" if result.reason else ""
        if self._list is None:
            out.print(printable(f"{name}{place}{said}"), soft_wrap=True, markup=False)
        for row in rows(result, verbose=self._verbose):
            err.print(printable(row), soft_wrap=True, markup=False)

    def sum_up(self) -> None:
        """Say how many files were written, and what was not and why."""
        if left_out := str(self._files.left_out):
            say(f"left out: {left_out}")
        n = self._left.total()
        told = "".join(f"; {n_left} {reason}" for reason, n_left in sorted(self._named().items()))
        kept = f"; {counted(self._n_kept, 'file')} left as they are" if self._n_kept else ""
        counts = f"{self._n_written} of {counted(n, 'file')} written, {self._n_proved} proved{told}{kept}"
        if self.is_ended or self.is_interrupted:
            counts = f"stopped; {counts}; what was written stays, and the same command goes on from there"
        say(counts)

    def _named(self) -> dict[str, int]:
        return {reason.value: n for reason, n in self._left.items() if reason is not None}
