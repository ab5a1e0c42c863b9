"""``codenook comment``: documentation that a model writes and that provably changes no code."""

from pathlib import Path

import click

from codenook.models.hub.catalog import Role
from codenook.server.asking import (
    model_option,
    opened_engine,
    opened_workspaces,
    overrides_of,
    run_work,
    settings_of,
)
from codenook.server.comment_report import Diff, Lines, Printed, Report, Results
from codenook.server.config import Settings
from codenook.server.tasks.comment import Comment
from codenook.server.tasks.comment_files import Aim, RunEnded, aim, comment_files
from codenook.server.tasks.place import PlaceError, workspace_of
from codenook.server.terminal import USAGE, Bar, fail, json_option


@click.command()
@click.argument("place", metavar="FILE[:SYMBOL|:START-END]|FOLDER")
@click.option("--write", is_flag=True, help="Change the files.  [default: show a diff]")
@click.option("--replace", is_flag=True, help="Also write anew what has documentation.")
@json_option
@model_option
def comment(place: str, *, write: bool, replace: bool, as_json: bool, model: str | None) -> None:
    r"""Document definitions: a model writes the words, everything else comes from the code.

    \b
    FILE, FOLDER     all definitions that have no documentation yet
    FILE:SYMBOL      one of them (Class.method); FILE: is the file's own
    FILE:START-END   a comment above these lines

    That no code changes is proven for each edit; that the words are true is not, so read them. A run with
    --write that was stopped goes on where it was when the same command is given again.
    """
    try:
        aimed = aim(place)
    except PlaceError as error:
        fail(str(error), USAGE)
    where = aimed.path.absolute() / "_" if aimed.path.is_dir() else aimed.path.absolute()
    workspace = workspace_of(where)
    settings = settings_of(overrides_of(model=model, chat_model=model), workspace)
    folder = Path.cwd()
    with Report(_printed(aimed, folder, write=write, as_json=as_json), aimed, folder) as report:
        try:
            run_work(_work(aimed, where, workspace, settings, report, replace=replace, write=write))
        except RunEnded:
            if not report.n_documented:  # why was said, and there is no more to say
                raise click.exceptions.Exit(report.code) from None
            report.stopped = _rest(report, replace=replace, write=write)
        except KeyboardInterrupt:
            report.stopped = _rest(report, replace=replace, write=write)
            report.is_interrupted = True
    report.sum_up()
    raise click.exceptions.Exit(report.code)


async def _work(
    aimed: Aim,
    where: Path,
    workspace: Path,
    settings: Settings,
    report: Report,
    *,
    replace: bool,
    write: bool,
) -> None:
    async with (
        opened_workspaces(where, workspace, settings) as workspaces,
        opened_engine(settings, Role.CHAT) as engine,
    ):
        job = Comment(engine, settings, workspaces)
        with Bar("documenting", len(aimed.files)) as bar:
            async for done in comment_files(
                job, aimed, workspace, replace=replace, write=write, progress=bar
            ):
                with bar.aside():
                    report.add(done)


def _printed(aimed: Aim, folder: Path, *, write: bool, as_json: bool) -> Printed:
    if as_json:
        return Results(aimed.files, written=write)
    return Lines(folder) if write else Diff(folder)


def _rest(report: Report, *, replace: bool, write: bool) -> str:
    """What a run that was stopped leaves, and how to go on."""
    if not write or not report.n_documented:
        return "no file was changed"
    if replace:
        return "what was written stays; the same command would write that anew as well"
    return "what was written stays, and the same command goes on from there"
