"""``codenook review``: findings about a change, for a person or for CI."""

import asyncio
import sys
from pathlib import Path
from typing import NoReturn

import click
from attrs import evolve

from codenook.context.files.repository import top_above
from codenook.server import config
from codenook.server.asking import model_option, overrides_of
from codenook.server.config import Settings
from codenook.server.engines import Engines
from codenook.server.index_commands import make_current
from codenook.server.review.dismissed import FILE, Dismissed
from codenook.server.review.finding import Severity
from codenook.server.review.render.text import summary
from codenook.server.review.report import Report
from codenook.server.review.scope import lines, patch, repository
from codenook.server.review.scope.change import Change
from codenook.server.review.scope.errors import ScopeError
from codenook.server.review.wanted import Wanted
from codenook.server.review_output import FORMATS, say, write
from codenook.server.tasks.place import workspace_of
from codenook.server.tasks.review import Review
from codenook.server.tasks.review_sources import sources_of
from codenook.server.tasks.saving import NotSaved, check_new
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.terminal import (
    ENGINE_FAILED,
    INTERRUPTED,
    PROBLEM_FOUND,
    USAGE,
    err,
    percentage,
)

NEVER = "never"
STDIN = "-"


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH|FILE:FIRST-LAST ...]")
@click.option(
    "--diff",
    "since",
    metavar="REV",
    help="What differs from REV; REV... is where HEAD parted from it, - a patch on stdin.",
)
@click.option("--staged", is_flag=True, help="What a commit would take.")
@click.option("--whole", is_flag=True, help="All lines of PATH, whether they changed or not.")
@click.option("--no-model", is_flag=True, help="Ask no model: what is told are facts.")
@click.option("--no-linters", is_flag=True, help="Don't run the project's own linters.")
@click.option("--trust", is_flag=True, help="Run them, in a sandbox, as in one of your trusted_folders.")
@model_option
@click.option(
    "--chat-model",
    metavar="NAME|PATH",
    help="A model for chat, which reads the change.  [default: the same as --model, or the settings']",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--out",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write what is found to FILE, whole or not at all.  [default: stdout]",
)
@click.option(
    "--fail-on",
    type=click.Choice([*(severity.value for severity in Severity), NEVER]),
    default=Severity.WARNING.value,
    show_default=True,
    help="The exit code is 1 when a finding is at least so severe.",
)
@click.option(
    "--dismiss",
    multiple=True,
    metavar="FILE:LINE",
    help="Don't tell what is found there again; written to .codenook/dismissed.toml, for the team.",
)
@click.option("--why", default="", metavar="TEXT", help="Why it is dismissed.")
def review(
    paths: tuple[str, ...],
    *,
    since: str | None,
    staged: bool,
    whole: bool,
    no_model: bool,
    no_linters: bool,
    trust: bool,
    model: str | None,
    chat_model: str | None,
    form: str,
    as_json: bool,
    target: Path | None,
    fail_on: str,
    dismiss: tuple[str, ...],
    why: str,
) -> None:
    """Review what is not committed yet, or another change, as far as it is in PATH.

    Findings are about lines that the change wrote or removed. What is stopped with Ctrl-C says what it
    has, and goes on there when it is run again. docs/review.md has more.

    \b
    codenook review                    what is not committed yet
    codenook review --staged src       what a commit would take of src
    codenook review --diff main...     what a pull request shows
    git diff A B | codenook review --diff -
    codenook review a.py:10-20         lines, whether they changed or not
    codenook review --format sarif --out review.sarif --fail-on never

    \b
    Exit codes: 0 nothing as severe as --fail-on, 1 something is, 2 what can't be
    reviewed or written, 3 a model failed on the way, 130 stopped.
    """  # noqa: D301 - click's sign for lines that stay as they are
    if sum((since is not None, staged, whole)) > 1:
        raise click.UsageError("--diff, --staged and --whole exclude each other")
    form = "json" if as_json else form
    try:
        if target:
            check_new(target)
        change = _change(paths, since, staged=staged, whole=whole)
    except (NotSaved, ScopeError) as error:
        _fail(str(error), form)
    settings, problems = config.load(
        overrides=overrides_of(model=model, chat_model=chat_model), workspace=workspace_of(Path.cwd() / "_")
    )
    wanted = Wanted.of(settings.review_off, settings.review_severities, settings.review_files_off)
    change, dismissed = wanted.change(change), Dismissed.read(change.root)
    for problem in (*problems, *dismissed.problems):
        say(f"codenook: {problem}", form)
    if trust:
        settings = evolve(settings, trusted_folders=(*settings.trusted_folders, str(change.root)))
    with asyncio.Runner() as runner:  # which waits for its threads at the end: what was found is told before
        work = _work(
            change, settings, dismissed, wanted, with_model=not no_model, with_linters=not no_linters
        )
        report, code = runner.run(work)
        if dismiss:
            report = _dismissing(report, dismissed, dismiss, why, form)
        try:
            write(report, form, target)
        except NotSaved as error:
            _fail(str(error), form)
        for row in summary(report):
            say(row, form)
    if not code and fail_on != NEVER and report.reaches(Severity(fail_on)):
        code = PROBLEM_FOUND
    raise click.exceptions.Exit(code)


def _change(paths: tuple[str, ...], since: str | None, *, staged: bool, whole: bool) -> Change:
    """What is to be reviewed; raises ScopeError."""
    here = Path.cwd()
    if since == STDIN:
        if paths:
            raise ScopeError("a patch on stdin is reviewed as a whole: leave the paths out")
        return patch.patched(here, sys.stdin.buffer.read())
    has_lines = any(not Path(path).exists() and ":" in path for path in paths)
    is_in_repository = top_above(Path(paths[0]).absolute().parent if paths else here) is not None
    is_diff = staged or since is not None
    if whole or (has_lines and not is_diff) or (paths and not is_in_repository and not is_diff):
        aims = [lines.aim(path) for path in paths or (".",)]
        return lines.whole(_root(aims), aims)
    only = [Path(path).absolute() for path in paths]
    folder = next((path if path.is_dir() else path.parent for path in only), here)
    return repository.changed(folder, since=since, staged=staged, only=only)


def _root(aims: list[lines.Aim]) -> Path:
    first = aims[0].path
    return workspace_of(first / "_" if first.is_dir() else first)


def _fail(message: str, form: str) -> NoReturn:
    """End the process with one line on stderr, which may have names of a patch in it."""
    say(f"codenook: {message}", form)
    raise click.exceptions.Exit(USAGE)


def _dismissing(report: Report, dismissed: Dismissed, places: tuple[str, ...], why: str, form: str) -> Report:
    """The report without what is found at these places, which is written down."""
    there = [f for f in report.findings if f"{f.path}:{f.span.start_line}" in places]
    for place in places:
        if not any(place == f"{f.path}:{f.span.start_line}" for f in there):
            _fail(f"nothing is found at {place}: name the place as the review does", form)
    try:
        n = dismissed.add(report.change, there, why)
    except NotSaved as error:
        _fail(str(error), form)
    err.print(f"{n} written to {FILE}", soft_wrap=True, markup=False)
    left = tuple(finding for finding in report.findings if finding not in there)
    return evolve(report, findings=left, n_dismissed=report.n_dismissed + len(there))


async def _work(
    change: Change,
    settings: Settings,
    dismissed: Dismissed,
    wanted: Wanted,
    *,
    with_model: bool,
    with_linters: bool,
) -> tuple[Report, int]:
    workspaces, engines = Workspaces(), Engines(settings)
    manager = workspaces.of(change.root)
    sources = sources_of(change, manager, engines, settings, with_model=with_model, with_linters=with_linters)
    work = Review(change, sources, dismissed=dismissed, wanted=wanted)
    try:
        if settings.index and change.files:
            await make_current(manager, change.root)
        with percentage() as told:
            report = await work.run(told)
    except asyncio.CancelledError:
        return await asyncio.to_thread(work.report), INTERRUPTED
    finally:
        workspaces.close_all()
        await engines.close()
    return report, ENGINE_FAILED if work.has_failed else 0
