"""What ``codenook translate`` tells a person: what was proved of each function, and what was not and why."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
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
from codenook.server.translation.outcome import Origin
from codenook.server.translation.result import Level, Row, Translated, TranslationResult

_ORIGINS: Mapping[Origin, str] = {
    Origin.DOCUMENTATION: "from documentation",
    Origin.TESTS: "from tests and other calls",
    Origin.VARIED: "like these",
    Origin.TYPES: "by type",
}
_NOT_COMPARED = {
    Level.PARSES: "parses, and nothing more is known",
    Level.COMPILES: "compiles, and was not compared",
}
_MAX_CELL = 60


def rows(result: TranslationResult, *, verbose: bool) -> Iterator[str]:
    """The report in lines; nothing of a translation that was not begun."""
    if not result.functions:
        return
    proved = sum(each.level is Level.AGREES for each in result.functions)
    what = f"{result.path}:{result.symbol}" if result.symbol else result.path
    ran = ", ".join(dict.fromkeys(filter(None, result.toolchains.values())))
    yield (
        f"{what} to {title(result.target)}: {proved} of {_n(len(result.functions), 'function')} proved"
        f"{f' ({ran})' if ran else ''}"
    )
    for each in result.functions:
        yield from _function(each, verbose=verbose)
    notes = dict.fromkeys([*(note for each in result.functions for note in each.notes), *result.notes])
    if notes:
        yield "what does not carry over:"
        yield from (f"  {note.text} [{note.rule}]" for note in notes)
    yield _cost(result)


def _function(each: Translated, *, verbose: bool) -> Iterator[str]:
    renamed = f" ({each.name})" if each.name and each.name != each.symbol.rpartition(".")[2] else ""
    yield f"  {each.symbol}{renamed}: {_verdict(each)}"
    for why, n in each.not_compared.items():
        yield f"    {_n(n, 'call')} not compared: {why}"
    counting = [row for row in each.differences if not row.excuse]
    excused = [row for row in each.differences if row.excuse]
    if counting:
        yield from table(counting)
    if excused:
        yield f"    does not count: {_n(len(excused), 'difference')}"
        for row in excused if verbose else excused[:1]:
            yield f"      {row.input}: {row.original} and {row.translation}; {row.excuse}"
    if verbose and each.tried:
        refused = ", ".join(f"{n} {what}" for what, n in each.refused.items())
        yield (
            f"    {_n(each.tried, 'body', 'bodies')} tried, {_n(each.repairs, 'repair')}"
            f"{f'; failed: {refused}' if refused else ''}"
        )


def _verdict(each: Translated) -> str:
    if each.level is Level.AGREES:
        kinds = ", ".join(f"{n} {_ORIGINS[origin]}" for origin, n in each.agreed.items())
        floats = f"; floats within {each.tolerance:g}" if each.tolerance else ""
        return f"agrees on {_n(each.n_agreed, 'call')} ({kinds}){floats}"
    if each.level is Level.NOTHING:
        return f"not translated ({each.reason}): {each.why}"
    return f"{_NOT_COMPARED[each.level]}: {each.why}"


def table(differences: Sequence[Row], indent: str = "    ") -> Iterator[str]:
    """Differences in columns: input, original, translation."""
    cells = [("input", "original", "translation")]
    cells += [(_cell(row.input), _cell(row.original), _cell(row.translation)) for row in differences]
    widths = [max(len(row[column]) for row in cells) for column in range(2)]
    for first, second, third in cells:
        yield f"{indent}{first:{widths[0]}}  {second:{widths[1]}}  {third}"


def _cell(text: str) -> str:
    return text if len(text) <= _MAX_CELL else f"{text[: _MAX_CELL - 1]}…"


def _cost(result: TranslationResult) -> str:
    n_tried = sum(each.tried for each in result.functions)
    n_repairs = sum(each.repairs for each in result.functions)
    parts = ", ".join(f"{part} {s:.1f}" for part, s in result.seconds.items() if part != "total")
    return (
        f"{_n(n_tried, 'body', 'bodies')} of {result.model or 'no model'}, {_n(n_repairs, 'repair')}, "
        f"{result.counters.generated} tokens written in {result.seconds.get('total', 0):.1f} s ({parts})"
    )


def _n(n: int, what: str, more: str = "") -> str:
    return f"{n} {what}" if n == 1 else f"{n} {more or f'{what}s'}"


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
        kept = f"; {_n(self._n_kept, 'file')} left as they are" if self._n_kept else ""
        counts = f"{self._n_written} of {_n(n, 'file')} written, {self._n_proved} proved{told}{kept}"
        if self.is_ended or self.is_interrupted:
            counts = f"stopped; {counts}; what was written stays, and the same command goes on from there"
        say(counts)

    def _named(self) -> dict[str, int]:
        return {reason.value: n for reason, n in self._left.items() if reason is not None}
