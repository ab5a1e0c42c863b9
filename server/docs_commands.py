"""``codenook docs``: documentation that the code has left behind."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

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
    try:
        found = stale_docs.files(paths or (Path(),))
        with _bar(len(found)) as told:
            checked = list(stale_docs.check(found, told))
    except PlaceError as error:
        fail(str(error), USAGE)
    if as_json:
        findings = [each for file in checked for each in file.to_json()]
        print_json({"files": len(checked), "findings": findings})
    else:
        _show(checked)
    raise click.exceptions.Exit(PROBLEM_FOUND if any(file.findings for file in checked) else 0)


def _show(checked: Sequence[Checked]) -> None:
    for file in checked:
        for finding in file.findings:
            line, column = file.place(finding.start)
            where = f"{file.path}:{line}:{column}"
            out.print(f"{where}: {finding.message} [{finding.rule}]", soft_wrap=True, markup=False)
    n_findings = sum(len(file.findings) for file in checked)
    err.print(f"{n_findings} findings in {len(checked)} files", soft_wrap=True)


@contextlib.contextmanager
def _bar(n_files: int) -> Iterator[Callable[[], None]]:
    """Show progress on a terminal, and nothing elsewhere."""
    columns = (TextColumn("reading documentation"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=n_files)
        yield lambda: progress.advance(task)
