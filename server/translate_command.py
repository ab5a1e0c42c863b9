"""``codenook translate``: code in another language, with what was proved of it."""

import sys
from pathlib import Path

import click
from attrs import frozen

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
from codenook.server.reasons import Reason
from codenook.server.tasks.comment_files import RunEnded
from codenook.server.tasks.files import Files, read_named
from codenook.server.tasks.jobs import Progress
from codenook.server.tasks.place import PlaceError, split, workspace_of
from codenook.server.tasks.saving import NotSaved, check_new
from codenook.server.tasks.translation import Translation, TranslationRequest
from codenook.server.tasks.translation_files import (
    FolderAim,
    check_free,
    request_of,
    translate_files,
    write_new,
)
from codenook.server.terminal import (
    ENGINE_FAILED,
    INTERRUPTED,
    NOTHING_VERIFIED,
    USAGE,
    Bar,
    err,
    fail,
    json_option,
    percentage,
    print_json,
    printable,
    printable_text,
    say,
)
from codenook.server.translate_report import FolderReport, rows
from codenook.server.translation.languages.titles import LANGUAGES, base_of
from codenook.server.translation.result import TranslationResult

_USAGE = {Reason.NO_DEFINITION, Reason.DOCUMENT_TOO_LARGE}
"""What is wrong with the place, not with what was made."""


@frozen
class _Asked:
    """What the options say."""

    target: str
    out: Path | None
    time_s: int | None
    any_language: bool
    as_json: bool
    verbose: bool


@click.command()
@click.argument("place", metavar="FILE[:SYMBOL]|FOLDER")
@click.option(
    "--to",
    "target",
    type=click.Choice(LANGUAGES),
    metavar="LANGUAGE",
    required=True,
    help=f"One of {', '.join(LANGUAGES)}.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Write to this new file, or into this folder, also a preview. Nothing is overwritten.",
)
@click.option(
    "--time",
    "time_s",
    type=click.IntRange(5, 86_400),
    metavar="SECONDS",
    help="How long one file may take.  [default: the setting translation_time_s]",
)
@click.option(
    "--any-language", is_flag=True, help="Ask the model although it doesn't know one of the languages."
)
@click.option(
    "-v", "--verbose", is_flag=True, help="Say how often the model was asked, and list all differences."
)
@json_option
@model_option
def translate(
    place: str,
    *,
    target: str,
    out: Path | None,
    time_s: int | None,
    any_language: bool,
    verbose: bool,
    as_json: bool,
    model: str | None,
) -> None:
    """Translate a function (with what it reads of its file), a class, a file or a folder.

    Each function is compiled and run beside its original, in a sandbox, on the same inputs. One that does
    something else is not shown; what could not be compared is a preview.

    \b
    Exit codes: 0 all of it was proved, 1 not all of it or nothing, 2 the place can't be used
    or the file not be written, 3 a model failed or codenook itself, 130 stopped.
    """  # noqa: D301 - click's sign for lines that stay as they are
    asked = _Asked(target, out, time_s, any_language, as_json, verbose)
    overrides = overrides_of(model=model, chat_model=model)
    if Path(place).is_dir():
        _translate_folder(Path(place), asked, overrides)
    try:
        request, path = _aimed(place, asked)
    except (NotSaved, PlaceError) as error:
        fail(str(error), USAGE)
    settings = settings_of(overrides, request.workspace)
    try:
        result = run_work(_work(request, settings))
    except KeyboardInterrupt:
        fail("stopped; no file was written", INTERRUPTED)
    written, not_saved = _written(result, path)
    if as_json:
        print_json({"written": str(written) if written else None, **result.to_json()})
    elif result.text is not None and written is None:
        is_seen = sys.stdout.isatty()
        text = printable_text(result.text) if is_seen else result.text
        click.echo(text, nl=False, color=not is_seen)  # as it is
    if result.reason is not None:
        say(f"{result.message} ({result.reason})")
    for row in rows(result, verbose=verbose):
        err.print(printable(row), soft_wrap=True, markup=False)
    if not_saved:
        fail(not_saved, USAGE)
    raise click.exceptions.Exit(code_of(result.reason))


def _aimed(place: str, asked: _Asked) -> tuple[TranslationRequest, Path | None]:
    """What is to be translated, and the file that it is written to; raises PlaceError, NotSaved."""
    path, symbol = (Path(place), "") if Path(place).is_file() else split(place)
    source = read_named(path)
    if base_of(source.language.id) == asked.target:
        raise PlaceError(f"{path} is in {asked.target} already")
    workspace = workspace_of(path.absolute())
    request = request_of(
        source, asked.target, symbol, workspace, time_s=asked.time_s, any_language=asked.any_language
    )
    if asked.out is None:
        return request, None
    target = asked.out / request.file_name if asked.out.is_dir() else asked.out
    check_free(target)
    check_new(target)
    return request, target


async def _work(request: TranslationRequest, settings: Settings) -> TranslationResult:
    async with (
        opened_workspaces(request.document.path, request.root, settings) as workspaces,
        opened_engine(settings, Role.CHAT) as engine,
    ):
        job = Translation(engine, settings, workspaces)
        with percentage() as shown_as:

            def told(progress: Progress) -> None:
                shown_as(progress.done, progress.total, progress.partial)

            return await job(request, told)


def _written(result: TranslationResult, path: Path | None) -> tuple[Path | None, str]:
    """Write the translation to where it was asked for, and return that, or why not."""
    if result.text is None or path is None:
        return None, ""
    try:
        write_new(path, result.text)
    except NotSaved as error:
        return None, f"{error} ({error.reason})"
    return path, ""


def code_of(reason: Reason | None) -> int:
    """The exit code of a result."""
    if reason is None:
        return 0
    if reasons.is_engine_failure(reason) or reason is Reason.FAILED_INSIDE:
        return ENGINE_FAILED
    return USAGE if reason in _USAGE else NOTHING_VERIFIED


def _translate_folder(folder: Path, asked: _Asked, overrides: dict[str, object]) -> None:
    """Translate all files of a folder into another one; ends the process."""
    if asked.out is None:
        fail(f"{folder} is a folder: say with --out into which one its translation goes", USAGE)
    if asked.out.exists() and not asked.out.is_dir():
        fail(f"can't write into {asked.out}: it is no folder", USAGE)
    files = Files([str(folder)])
    if files.problems:
        fail(files.problems[0], USAGE)
    workspace = workspace_of(folder.absolute() / "_")
    settings = settings_of(overrides, workspace)
    aim = FolderAim(
        folder, files, asked.target, asked.out, workspace, asked.time_s, any_language=asked.any_language
    )
    with FolderReport(files, Path.cwd(), as_json=asked.as_json, verbose=asked.verbose) as report:
        try:
            run_work(_folder_work(aim, folder.absolute(), settings, report))
        except RunEnded:
            report.is_ended = True
        except KeyboardInterrupt:
            report.is_interrupted = True
    report.sum_up()
    raise click.exceptions.Exit(INTERRUPTED if report.is_interrupted else report.code)


async def _folder_work(aim: FolderAim, folder: Path, settings: Settings, report: FolderReport) -> None:
    async with (
        opened_workspaces(folder / "_", aim.workspace, settings) as workspaces,
        opened_engine(settings, Role.CHAT) as engine,
    ):
        job = Translation(engine, settings, workspaces)
        with Bar("translating", len(aim.files)) as bar:

            def told(progress: Progress) -> None:
                bar.describe(progress.partial)

            async for done in translate_files(job, aim, bar, told):
                with bar.aside():
                    report.add(done)
