"""``codenook docs``: documentation that the code has left behind."""

import sys
from collections.abc import Iterator

import click

from codenook.server.tasks import stale_docs
from codenook.server.tasks.files import Files
from codenook.server.tasks.stale_docs import Checked
from codenook.server.terminal import (
    PROBLEM_FOUND,
    USAGE,
    Bar,
    JsonList,
    err,
    json_option,
    out,
    printable,
    say,
)

paths_argument = click.argument("paths", nargs=-1, metavar="[PATH ...]")


@click.group()
def docs() -> None:
    """The documentation in the code."""


@docs.command("check")
@paths_argument
@json_option
def docs_check(paths: tuple[str, ...], *, as_json: bool) -> None:
    """Find docstrings and comments that the code has left behind; no model is asked.

    PATH is a file, or a folder with all of its files that are not ignored; the working directory unless it
    is given. The exit code is 1 when something is found, 2 when a PATH can't be read.
    """
    files = Files(paths or (".",))
    listed = JsonList({}, "findings") if as_json else None
    n_files = n_findings = 0
    with Bar("reading documentation", len(files)) as bar:
        for checked in stale_docs.check(files, bar.begin):
            n_files += 1
            n_findings += len(checked.findings)
            if checked.findings:
                with bar.aside():
                    _print(checked, listed)
    if listed is not None:
        listed.end({"files": n_files, "skipped": files.left_out.to_json()})
    sys.stdout.flush()  # here, where a reader that has gone is no traceback
    for problem in files.problems:
        say(problem)
    if left_out := str(files.left_out):
        say(f"left out: {left_out}")
    if listed is None and (n_files or not files.problems):
        err.print(f"{n_findings} findings in {n_files} files", soft_wrap=True)
    raise click.exceptions.Exit(USAGE if files.problems else PROBLEM_FOUND if n_findings else 0)


def _print(checked: Checked, listed: JsonList | None) -> None:
    if listed is not None:
        for finding in checked.to_json():
            listed.add(finding)
        return
    for row in _rows(checked):
        out.print(printable(row), soft_wrap=True, markup=False)


def _rows(checked: Checked) -> Iterator[str]:
    for finding in checked.findings:
        line, column = checked.place(finding.start)
        yield f"{checked.path}:{line}:{column}: {finding.message} [{finding.rule}]"
