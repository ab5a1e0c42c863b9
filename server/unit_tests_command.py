"""``codenook unit-tests``: tests that ran, passed each time, and notice a fault that others don't."""

import sys
from pathlib import Path

import click

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
from codenook.server.tasks.comment_files import file_diff, shown
from codenook.server.tasks.document import Document
from codenook.server.tasks.files import read_named
from codenook.server.tasks.jobs import Progress
from codenook.server.tasks.place import PlaceError, split, workspace_of
from codenook.server.tasks.saving import NotSaved, check_new
from codenook.server.tasks.unit_tests import UnitTests, UnitTestsRequest
from codenook.server.terminal import (
    ENGINE_FAILED,
    INTERRUPTED,
    NOTHING_VERIFIED,
    USAGE,
    err,
    fail,
    json_option,
    percentage,
    print_json,
    printable,
    printable_text,
    say,
)
from codenook.server.unit_tests.result import UnitTestsResult
from codenook.server.unit_tests.write import put_in_place, write_apart
from codenook.server.unit_tests_report import rows

FRAMEWORKS = ("pytest", "unittest", "node", "vitest", "jest", "cargo", "go", "junit")

_USAGE = {Reason.NO_DEFINITION, Reason.DOCUMENT_TOO_LARGE}
"""What is wrong with the place, not with what was made."""


@click.command("unit-tests")
@click.argument("place", metavar="FILE:SYMBOL")
@click.option(
    "--out",
    "target",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Write the test file to PATH, whole or not at all, also one that could not be run.",
)
@click.option("--write", is_flag=True, help="Write the test file to its place.  [default: show a diff]")
@click.option(
    "--framework",
    type=click.Choice(FRAMEWORKS),
    metavar="NAME",
    help=f"One of {', '.join(FRAMEWORKS)}.  [default: the project's]",
)
@click.option(
    "--time",
    "time_s",
    type=click.IntRange(5, 3600),
    metavar="SECONDS",
    help="How long it may take.  [default: the setting unit_tests_time_s]",
)
@click.option("--no-model", is_flag=True, help="Ask no model: inputs are made by rule alone.")
@click.option("-v", "--verbose", is_flag=True, help="List each test that was thrown away, and why.")
@json_option
@model_option
def unit_tests(
    place: str,
    *,
    target: Path | None,
    write: bool,
    framework: str | None,
    time_s: int | None,
    no_model: bool,
    verbose: bool,
    as_json: bool,
    model: str | None,
) -> None:
    """Make unit tests of a function, a method (Class.method) or the methods of a class.

    The project's tests and new ones run in a sandbox, with small faults put into SYMBOL. Kept are tests that
    pass each time and notice a fault that the project's own tests don't.

    \b
    Exit codes: 0 tests were kept, 1 none was, or nothing here can run them, 2 the place
    can't be used or the file not be written, 3 a model failed, and there was nothing to
    keep without it, or codenook failed itself, 130 stopped.
    """  # noqa: D301 - click's sign for lines that stay as they are
    if write and target:
        raise click.UsageError("--write and --out exclude each other")
    try:
        document, symbol = _aimed(place)
        if target:
            check_new(target)
    except (NotSaved, PlaceError) as error:
        fail(str(error), USAGE)
    workspace = workspace_of(document.path)
    settings = settings_of(overrides_of(model=model, chat_model=model), workspace)
    request = UnitTestsRequest(
        document, symbol, workspace, framework=framework or "", with_model=not no_model, time_s=time_s
    )
    try:
        result = run_work(_work(request, settings))
    except KeyboardInterrupt:
        fail("stopped; no file was changed", INTERRUPTED)
    written, not_saved = _written(result, request, target, write=write)
    if as_json:
        print_json({"written": str(written) if written else None, **result.to_json()})
    elif result.text is not None and written is None:
        path = request.root / result.path
        diff = file_diff(path, Path.cwd(), result.before or "", result.text)
        is_seen = sys.stdout.isatty()
        click.echo(printable_text(diff) if is_seen else diff, nl=False, color=not is_seen)  # as it is
    if result.reason is not None:
        say(f"{result.message} ({result.reason})")
    for row in rows(result, shown(request.root / result.path, Path.cwd()), verbose=verbose):
        err.print(printable(row), soft_wrap=True, markup=False)
    if not_saved:
        fail(not_saved, USAGE)
    raise click.exceptions.Exit(_code(result))


def _aimed(place: str) -> tuple[Document, str]:
    """The document and the symbol that are meant; raises PlaceError."""
    if Path(place).is_file():
        raise PlaceError(f"{place} names no definition: {place}:SYMBOL, with Class.method for a method")
    path, symbol = split(place)
    if not symbol:
        raise PlaceError(f"there is no symbol in {place!r}: FILE:SYMBOL, with Class.method for a method")
    source = read_named(path)
    whole = path.absolute()
    return Document(whole.as_uri(), whole, source.text, source.language.id), symbol


async def _work(request: UnitTestsRequest, settings: Settings) -> UnitTestsResult:
    async with (
        opened_workspaces(request.document.path, request.root, settings) as workspaces,
        opened_engine(settings, Role.CHAT, is_needed=False) as engine,
    ):
        job = UnitTests(engine, settings, workspaces)
        with percentage() as shown_as:

            def told(progress: Progress) -> None:
                shown_as(progress.done, progress.total, progress.partial)

            return await job(request, told)


def _written(
    result: UnitTestsResult, request: UnitTestsRequest, target: Path | None, *, write: bool
) -> tuple[Path | None, str]:
    """Write what is to be written, and return where, or why not.

    What no run has proved is written only where it was asked for.
    """
    if result.text is None or (result.reason is not None and not target):
        return None, ""
    try:
        if target:
            return write_apart(target, result.text), ""
        return put_in_place(request.root, result) if write else None, ""
    except NotSaved as error:
        return None, f"{error} ({error.reason})"


def _code(result: UnitTestsResult) -> int:
    if result.reason is None:
        return 0
    if reasons.is_engine_failure(result.reason) or result.reason is Reason.FAILED_INSIDE:
        return ENGINE_FAILED
    return USAGE if result.reason in _USAGE else NOTHING_VERIFIED
