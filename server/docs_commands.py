"""``codenook docs``: documentation that the code has left behind."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from codenook.server.tasks import stale_docs
from codenook.server.tasks.place import PlaceError
from codenook.server.tasks.stale_docs import Checked
from codenook.server.terminal import PROBLEM_FOUND, USAGE, err, fail, json_option, out, print_json

paths_argument = click.argument(
    "paths", nargs=-1, metavar="[PATH ...]", type=click.Path(exists=True, path_type=Path)
)


@click.group()
def docs() -> None:
    """The documentation in the code."""


@docs.command("check")
@paths_argument
@json_option
def docs_check(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Find docstrings and comments that the code has left behind; no model is asked.

    PATH is a file, or a folder with all of its files that are not ignored; the working directory unless it
    is given. The exit code is 1 when something is found.
    """
    rows, findings, n_files = list[str](), list[dict[str, Any]](), 0
    try:
        found = stale_docs.files(paths or (Path(),))
        with _bar(len(found)) as told:
            for checked in stale_docs.check(found, told):
                rows += _rows(checked)
                findings += checked.to_json() if as_json else []
                n_files += 1
    except PlaceError as error:
        fail(str(error), USAGE)
    if as_json:
        print_json({"files": n_files, "findings": findings})
    else:
        for row in rows:
            out.print(row, soft_wrap=True, markup=False)
        err.print(f"{len(rows)} findings in {n_files} files", soft_wrap=True)
    raise click.exceptions.Exit(PROBLEM_FOUND if rows else 0)


def _rows(checked: Checked) -> Iterator[str]:
    for finding in checked.findings:
        line, column = checked.place(finding.start)
        yield f"{checked.path}:{line}:{column}: {finding.message} [{finding.rule}]"


@contextlib.contextmanager
def _bar(n_files: int) -> Iterator[Callable[[], None]]:
    """Show progress on a terminal, and nothing elsewhere."""
    columns = (TextColumn("reading documentation"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=n_files)
        yield lambda: progress.advance(task)
