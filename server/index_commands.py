"""``codenook index``: the index of a workspace, and what other commands do about it before they ask."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from codenook.context.index.build import Progress as Told
from codenook.context.index.build import unseen
from codenook.context.manager import ContextManager
from codenook.server.tasks.indexing import QUICK_S, IndexStatus, bring_up_to_date, status, was_built
from codenook.server.tasks.place import workspace_of
from codenook.server.terminal import PROBLEM_FOUND, err, fail, json_option, out, print_json

folder_argument = click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path()
)


@click.group()
def index() -> None:
    """What codenook knows of a workspace, kept on disk."""


@index.command("status")
@folder_argument
@json_option
def index_status(folder: Path, *, as_json: bool) -> None:
    """Show what the index of the workspace around FOLDER has, what was left out and why.

    FOLDER is the working directory unless it is given.
    """
    found = status(_workspace(folder))
    if as_json:
        print_json(found.to_json())
    else:
        _show(found)


@index.command("build")
@folder_argument
def index_build(folder: Path) -> None:
    """Bring the index of the workspace around FOLDER up to date with the files on disk."""
    context = ContextManager(_workspace(folder))
    try:
        with _bar() as told:
            is_done = context.build(told)
    finally:
        context.close()
    if not is_done:
        fail("the index could not be built", PROBLEM_FOUND)
    _show(status(_workspace(folder)))


async def make_current(context: ContextManager, workspace: Path) -> None:
    """Build an index where there is none; wait a second at most for one that is there."""
    if was_built(workspace):
        await bring_up_to_date(context, unseen, at_most_s=QUICK_S)
        return
    with _bar() as told:
        await bring_up_to_date(context, told, at_most_s=None)


@contextlib.contextmanager
def _bar() -> Iterator[Told]:
    """Show progress on a terminal, and nothing elsewhere."""
    columns = (TextColumn("reading the workspace"), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _show(found: IndexStatus) -> None:
    if found.age_s is None:
        out.print(f"{found.root} has no index yet: codenook index build", soft_wrap=True, markup=False)
        return
    table = Table("codenook index", str(found.root), box=None, header_style="bold")
    table.add_row("files", str(found.files))
    table.add_row("definitions", str(found.definitions))
    for reason, left in found.skipped.items():
        more = ", …" if left.n > len(left.examples) else ""
        table.add_row(f"left out, {reason}", f"{left.n}: {', '.join(left.examples)}{more}")
    table.add_row("where", str(found.path))
    table.add_row("size", f"{found.size_bytes / 1e6:.1f} MB")
    table.add_row("up to date", f"{found.age_s:.0f} s ago")
    if found.trouble:
        table.add_row("trouble", found.trouble)
    out.print(table)


def _workspace(folder: Path) -> Path:
    """Return the workspace that a file directly in ``folder`` would belong to."""
    return workspace_of(folder.absolute() / "_")
