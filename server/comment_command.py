"""``codenook comment``: documentation that a model writes and that provably changes no code."""

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from codenook.models.hub.catalog import Role
from codenook.server import reasons
from codenook.server.asking import (
    model_option,
    opened_engine,
    opened_workspaces,
    overrides_of,
    run_work,
    settings_of,
)
from codenook.server.config import Settings
from codenook.server.tasks.comment import Comment
from codenook.server.tasks.comment_files import Aim, Done, Told, aim, comment_files, diff
from codenook.server.tasks.place import PlaceError, workspace_of
from codenook.server.terminal import (
    ENGINE_FAILED,
    NOTHING_VERIFIED,
    USAGE,
    err,
    fail,
    json_option,
    out,
    print_json,
)


@click.command()
@click.argument("place", metavar="FILE[:SYMBOL|:START-END]|FOLDER")
@click.option("--write", is_flag=True, help="Change the files; without it, a diff is shown.")
@click.option("--replace", is_flag=True, help="Write anew what is documented already.")
@json_option
@model_option
def comment(place: str, *, write: bool, replace: bool, as_json: bool, model: str | None) -> None:
    """Document definitions: the model writes the words, the rest comes from the code.

    SYMBOL is a qualified name (Class.method), nothing behind the colon the file's own documentation;
    START-END are lines that get a comment above. A file or a folder as a whole: all that has no documentation
    yet; run again, it goes on where it was stopped. No edit changes code: that is proven for each.
    """
    try:
        aimed = aim(place)
        where = aimed.files[0].path.absolute() if aimed.files else Path(place).absolute() / "_"
        workspace = workspace_of(where)
        settings = settings_of(overrides_of(model=model, chat_model=model), workspace)
        done = run_work(_work(aimed, where, workspace, settings, replace=replace, write=write))
    except PlaceError as error:
        fail(str(error), USAGE)
    _show(done, write=write, as_json=as_json)
    _end(done)


async def _work(
    aimed: Aim, where: Path, workspace: Path, settings: Settings, *, replace: bool, write: bool
) -> list[Done]:
    done: list[Done] = []
    async with (
        opened_workspaces(where, workspace, settings) as workspaces,
        opened_engine(settings, Role.CHAT) as engine,
    ):
        job = Comment(engine, settings, workspaces)
        with _bar(len(aimed.files)) as told:
            async for each in comment_files(job, aimed, workspace, replace=replace, write=write, told=told):
                done.append(each)
                if each.result.reason is not None and reasons.is_engine_failure(each.result.reason):
                    break
    return done


def _show(done: list[Done], *, write: bool, as_json: bool) -> None:
    if as_json:
        print_json({"written": write, "results": [each.result.to_json(each.document) for each in done]})
    elif write:
        for each in done:
            if each.result.edit is not None:
                line = each.document.text.count("\n", 0, each.result.edit.start) + 1
                what = each.result.symbol or "the file"
                out.print(f"{each.document.path}:{line}: {what}", soft_wrap=True, markup=False)
    else:
        sys.stdout.write(diff(done, Path.cwd()))


def _end(done: list[Done]) -> None:
    """Say on stderr what was not documented and why, and end with the exit code for it."""
    codes = [each.result.reason for each in done if each.result.reason is not None]
    has_failed = any(map(reasons.is_engine_failure, codes))
    n_applied = len(done) - len(codes)
    code = ENGINE_FAILED if has_failed else 0 if n_applied or not done else NOTHING_VERIFIED
    if len(done) == 1 and codes:
        fail(f"{done[0].result.message} ({codes[0]})", code)
    told = "".join(f"; {n} {reason}" for reason, n in sorted(Counter(codes).items()))
    err.print(f"codenook: {n_applied} of {len(done)} definitions documented{told}", soft_wrap=True)
    raise click.exceptions.Exit(code)


@contextlib.contextmanager
def _bar(n_files: int) -> Iterator[Told]:
    """Show progress on a terminal, and nothing elsewhere."""
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("files, {task.description}", markup=False))
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("", total=n_files)
        seen: dict[Path, None] = {}

        def told(path: Path, symbol: str) -> None:
            seen[path] = None
            progress.update(task, completed=len(seen) - 1, description=f"{path.name} {symbol}")

        yield told
