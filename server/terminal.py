"""What the commands share: how they print, show progress and end."""

import contextlib
import json
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NoReturn, Self

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn

NOTHING_VERIFIED = PROBLEM_FOUND = 1
USAGE, ENGINE_FAILED, INTERRUPTED = 2, 3, 130
"""Exit codes besides 0, the same for every command."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, as docs/cli.md describes it.")

out = Console(highlight=False, emoji=False)
err = Console(highlight=False, emoji=False, stderr=True)
"""Without emoji: in ``a.py:100:5`` rich would find one."""


def print_json(value: object) -> None:
    """Print a value as the documented JSON."""
    sys.stdout.write(_json(value) + "\n")


def fail(message: str, code: int) -> NoReturn:
    """End the process with one line on stderr."""
    say(message)
    raise click.exceptions.Exit(code)


def say(message: str) -> None:
    """Print one line on stderr, whatever is in it."""
    err.print(f"codenook: {printable(message)}", soft_wrap=True, markup=False)


def printable(text: str) -> str:
    r"""A text, such as a file's name, in one line; what a terminal may obey or can't show as ``\x1b``."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def printable_text(text: str) -> str:
    """A text of several lines for a terminal, which may obey what is in it."""
    rows = (row.removesuffix("\r") for row in text.split("\n"))
    return "\n".join("\t".join(map(printable, row.split("\t"))) for row in rows)


class JsonList:
    """Prints what `print_json` prints of ``{**before, name: [...], **after}``, without holding the list."""

    def __init__(self, before: Mapping[str, Any], name: str) -> None:
        """Nothing is printed yet."""
        head = f"{_json(before)[:-2]}," if before else "{"
        self._lead = f"{head}\n  {_json(name)}: ["
        self._is_empty = True

    def add(self, value: object) -> None:
        """Print one more element."""
        sys.stdout.write(f"{self._lead}\n{textwrap.indent(_json(value), '    ')}")
        sys.stdout.flush()
        self._lead, self._is_empty = ",", False

    def end(self, after: Mapping[str, Any]) -> None:
        """Print the end of the list and the rest of the object, which is not empty."""
        closed = f"{self._lead}]" if self._is_empty else "\n  ]"
        sys.stdout.write(f"{closed},{_json(after)[1:]}\n")


class Bar:
    """How many of so many files are done, on a terminal; nothing elsewhere."""

    def __init__(self, title: str, n_files: int) -> None:
        """Nothing is shown before the bar is entered."""
        columns = (
            TextColumn(title),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
        )
        self._progress = Progress(
            *columns, console=err, transient=True, disable=not err.is_terminal, redirect_stdout=False
        )
        self._task = self._progress.add_task("files", total=n_files)
        self._n_begun = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()

    def begin(self) -> None:
        """Count the file before as done."""
        self._progress.update(self._task, completed=self._n_begun)
        self._n_begun += 1

    def describe(self, what: str) -> None:
        """Say what is being done."""
        self._progress.update(self._task, description=f"files, {printable(what)}")

    @contextlib.contextmanager
    def aside(self) -> Iterator[None]:
        """Make room for what is printed on stdout, which may be the same terminal."""
        self._progress.stop()
        try:
            yield
        finally:
            sys.stdout.flush()
            self._progress.start()


@contextlib.contextmanager
def percentage() -> Iterator[Callable[[int, int, str], None]]:
    """Show how many of how many parts are done and what is being done, on a terminal; nothing elsewhere."""
    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=None)

        def told(done: int, total: int, about: str) -> None:
            progress.update(task, completed=done, total=total, description=printable(about))

        yield told


def _json(value: object) -> str:
    """JSON for people and programs; half a character, from a name that isn't UTF-8, is escaped."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
