"""The command line. Everything below it is shared with the language server."""

import asyncio
import contextlib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
from attrs import asdict
from rich.syntax import Syntax
from rich.table import Table

import codenook
from codenook.context.tasks import Task
from codenook.models.engine.client import LocalEngine, running, stop_engine
from codenook.models.engine.errors import EngineError
from codenook.models.hub import store
from codenook.models.hub.catalog import GB, Fits, Role
from codenook.models.hub.catalog import find as find_model
from codenook.models.hub.errors import HubError, UnknownModel
from codenook.models.hub.survey import survey
from codenook.server import config, reasons
from codenook.server.adapt_command import adapt
from codenook.server.asking import (
    model_option,
    opened_engine,
    opened_workspaces,
    overrides_of,
    run_work,
    settings_of,
)
from codenook.server.comment_command import comment
from codenook.server.config import Settings
from codenook.server.docs_commands import docs
from codenook.server.engines import roles_of
from codenook.server.index_commands import index
from codenook.server.reasons import Reason
from codenook.server.review_command import review
from codenook.server.tasks.completion import Completion, CompletionRequest, context_json, dropped_json
from codenook.server.tasks.indexing import QUICK_S
from codenook.server.tasks.inspection import Inspection
from codenook.server.tasks.memory import Memories
from codenook.server.tasks.place import Place, PlaceError, find, workspace_of
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.terminal import (
    ENGINE_FAILED,
    INTERRUPTED,
    NOTHING_VERIFIED,
    PROBLEM_FOUND,
    USAGE,
    err,
    fail,
    json_option,
    out,
    print_json,
    say,
)
from codenook.server.translate_command import translate
from codenook.server.unit_tests_command import unit_tests

T = TypeVar("T")

FITS = {Fits.YES: "yes", Fits.WHEN_FREE: "when free", Fits.NO: "no", None: ""}
"""Whether a model fits this machine's memory, in words."""

HELP = {"help_option_names": ["-h", "--help"]}

place_argument = click.argument("place", metavar="FILE:LINE:COL")
chat_model_option = click.option(
    "--chat-model", metavar="NAME|PATH", help="One that follows instructions.  [default: the same]"
)


def main() -> None:
    """Run the command line; the process ends with one of the documented exit codes, without a traceback."""
    try:
        code = codenook_command.main(prog_name="codenook", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        code = USAGE
        sys.stderr.write(f"{error.format_message()}\n")
    except click.ClickException as error:
        code = USAGE
        err.print(f"codenook: {error.format_message()}", soft_wrap=True, markup=False)
    except (click.Abort, KeyboardInterrupt):
        code = INTERRUPTED
    except FileNotFoundError:
        if not _is_nowhere():
            raise
        code = USAGE
        say("the working directory is gone")
    sys.exit(code)


@click.group(name="codenook", context_settings=HELP)
@click.version_option(codenook.__version__, message="codenook %(version)s")
def codenook_command() -> None:
    """A private code assistant for any editor: a language server with a model on your own machine."""


codenook_command.add_command(adapt)
codenook_command.add_command(index)
codenook_command.add_command(docs)
codenook_command.add_command(comment)
codenook_command.add_command(review)
codenook_command.add_command(translate)
codenook_command.add_command(unit_tests)


@codenook_command.group()
def engine() -> None:
    """The process that runs the model, shared by all windows."""


@codenook_command.group()
def models() -> None:
    """The models on this machine."""


@codenook_command.command()
@click.option("--stdio", is_flag=True, help="Talk over stdin and stdout: the default.")
@click.option(
    "--tcp",
    metavar="HOST:PORT",
    help="Wait for one editor here instead; port 0 takes a free one and says which.",
)
@click.option("--allow-remote", is_flag=True, help="Let HOST be one that other machines can reach.")
@model_option
@chat_model_option
def serve(
    *, stdio: bool, tcp: str | None, allow_remote: bool, model: str | None, chat_model: str | None
) -> None:
    """Run the language server: editors start this and talk LSP with it on stdin and stdout."""
    from codenook.server.lsp.server import serve as run  # noqa: PLC0415 - no other command needs pygls' server
    from codenook.server.lsp.tcp import AddressError  # noqa: PLC0415 - as above

    if stdio and tcp:
        raise click.UsageError("--stdio and --tcp exclude each other")
    try:
        overrides = overrides_of(model=model, chat_model=chat_model)
        status = run(overrides, tcp_address=tcp, allow_remote=allow_remote)
    except AddressError as error:
        fail(str(error), USAGE)
    raise click.exceptions.Exit(status)


@codenook_command.command()
@place_argument
@click.option("-n", type=click.IntRange(1, 8), help="How many candidates.  [default: 3]")
@json_option
@model_option
def complete(place: str, n: int | None, *, as_json: bool, model: str | None) -> None:
    """Show candidates for a cursor, best first, as an editor would get them.

    LINE and COL count from 1, COL in characters.
    """

    async def ask(found: Place, settings: Settings) -> None:
        async with (
            opened_workspaces(found.document.path, found.workspace, settings) as workspaces,
            opened_engine(settings, Role.FIM) as engine,
        ):
            completion = Completion(engine, settings, workspaces)
            await _remember(engine, completion, workspaces, found, settings)
            result = await completion(_request(found, n))
            completion.close()
        if as_json:
            print_json(result.to_json())
        for number, candidate in enumerate(() if as_json else result.candidates, start=1):
            flags = f"  unresolved: {', '.join(candidate.unresolved)}" if candidate.unresolved else ""
            flags += "".join(f"  as in {at.path}:{at.start_line}" for at in candidate.leans_on[:1])
            out.print(f"[bold]{number}[/bold]  [dim]score {candidate.score:.2f}{flags}[/dim]")
            out.print(Syntax(candidate.text, found.document.language, background_color="default"))
        if result.reason is not None:
            code = ENGINE_FAILED if reasons.is_engine_failure(result.reason) else NOTHING_VERIFIED
            fail(f"{result.message} ({result.reason})", code)

    _at(place, model, ask)


@codenook_command.command()
@place_argument
@click.option(
    "--budget", type=click.IntRange(0), metavar="TOKENS", help="What the snippets may cost in total."
)
@click.option(
    "--task",
    type=click.Choice([task.value for task in Task]),
    default=Task.COMPLETION.value,
    show_default=True,
    help="What the context is for: the cursor, the definition around it, or a change of its line (review).",
)
@json_option
@model_option
def context(place: str, budget: int | None, task: str, *, as_json: bool, model: str | None) -> None:
    """Show what the model sees of other files for a cursor, why, and what was left out."""

    async def ask(found: Place, settings: Settings) -> None:
        async with (
            opened_workspaces(found.document.path, found.workspace, settings) as workspaces,
            opened_engine(settings, Role.FIM) as engine,
        ):
            shown = await Inspection(engine, settings, workspaces)(_request(found), Task(task))
        if shown is None:
            fail(f"{Reason.NO_DEFINITION.description} ({Reason.NO_DEFINITION})", NOTHING_VERIFIED)
        dropped = dropped_json(shown)
        if as_json:
            print_json({**context_json(shown), "dropped": dropped})
            return
        for snippet in shown.snippets:
            why = f"{snippet.path}:{snippet.start_line}  {snippet.reason}, {snippet.tokens} tokens"
            out.print(f"[bold]{snippet.symbol}[/bold]  [dim]{why}[/dim]")
            out.print(Syntax(snippet.text, found.document.language, background_color="default"))
        for item in dropped:
            out.print(f"[dim]left out: {item['symbol']} ({item['why']}, {item['tokens']} tokens)[/dim]")
        out.print(f"{len(shown.snippets)} snippets, {shown.tokens} tokens")

    _at(place, model, ask, overrides={"n_context_tokens": budget})


@engine.command("status")
@json_option
def engine_status(*, as_json: bool) -> None:
    """Show the running engines: model, memory, slots, and what they did so far."""
    settings = settings_of({}, None)
    found = [(status, roles_of(Path(status.model.path), settings)) for _, status in run_work(running())]
    if as_json:
        print_json([{**asdict(status), "active_for": roles} for status, roles in found])
        return
    if not found:
        out.print("no engine is running; the next request starts one")
    for status, roles in found:
        table = Table("codenook engine", f"process {status.pid}", box=None, header_style="bold")
        table.add_row("model", f"{status.model.name} ({status.model.path})")
        table.add_row("used for", ", ".join(roles) or "other settings")
        table.add_row("state", "working" if status.busy else "waiting")
        table.add_row("memory", f"{status.resident_bytes / 2**20:.0f} MiB resident")
        table.add_row("GPU layers", str(status.model.n_gpu_layers))
        table.add_row("windows", str(status.connections - 1))
        table.add_row(
            "KV cache", f"{status.kv_cells_used} of {status.kv_cells} tokens, {len(status.slots)} slots"
        )
        table.add_row("evicted", f"{status.evicted_slots} slots")
        table.add_row("requests", f"{status.requests}, of which cancelled {status.cancelled}")
        totals = status.totals
        reused = totals.prompt - totals.prompt_evaluated
        table.add_row("prompt", f"{totals.prompt} tokens, of which {reused} were cached")
        table.add_row("generated", f"{totals.generated} tokens in {totals.decode_calls} decode calls")
        table.add_row(
            "up", f"{status.uptime_s:.0f} s; leaves after {status.idle_exit_s:.0f} s without a request"
        )
        out.print(table)


@engine.command("stop")
def engine_stop() -> None:
    """End all running engines of this user; the next request starts one again."""

    async def stop() -> int:
        found = await running()
        for socket, _ in found:
            with contextlib.suppress(OSError):
                await stop_engine(socket)
        return len(found)

    out.print(f"stopped {run_work(stop())} engines")


@models.command("list")
@json_option
def models_list(*, as_json: bool) -> None:
    """Show the models on this machine and those that can be pulled, with what fits its memory."""
    settings = settings_of({}, None)
    known = survey({role: settings.model_path_of(role) for role in Role})
    if as_json:
        print_json([model.to_json() for model in known])
        return
    table = Table(box=None, header_style="dim")
    for column in ("used for", "model", "for", "size", "memory", "fits", "here"):
        table.add_column(column, no_wrap=True)
    table.add_column("licence")
    for model in known:
        entry = model.entry
        download_gb = entry.size_gb if entry else None
        table.add_row(
            ", ".join(model.active_for),
            model.name,
            ", ".join(model.roles),
            _gb(model.size_bytes / GB if model.size_bytes else download_gb),
            _gb(entry.memory_gb if entry else None),
            FITS[model.fits],
            "yes" if model.size_bytes else "",
            model.licence,
        )
    out.print(table)


@models.command("pull")
@click.argument("name")
def models_pull(name: str) -> None:
    """Fetch a model of the list from the Hugging Face hub: the one command that uses the network."""
    from codenook.models.hub.pull import pull  # noqa: PLC0415 - loads the network client

    with _hub():
        entry = find_model(name)
        err.print(
            f"{name}: {entry.size_gb} GB, licence {entry.licence}, from {entry.repository}", soft_wrap=True
        )
        out.print(str(pull(name)), soft_wrap=True, markup=False)


@models.command("path")
@click.argument("name", required=False)
def models_path(name: str | None) -> None:
    """Print the path of the model NAME, or of the one that is used."""
    with _hub():
        path = store.installed(name) if name else settings_of({}, None).model_path
    out.print(str(path), soft_wrap=True, markup=False)


@models.command("remove")
@click.argument("name")
def models_remove(name: str) -> None:
    """Delete a pulled model, and what is left of an interrupted pull."""
    with _hub():
        freed = store.remove(name)
    out.print(f"removed {name}: {_gb(freed / GB)} are free again")


@codenook_command.command()
@json_option
@model_option
@chat_model_option
def doctor(*, as_json: bool, model: str | None, chat_model: str | None) -> None:
    """Look at everything that codenook needs, and say what to do about what is missing."""
    from codenook.server.doctor.examine import examine  # noqa: PLC0415 - no other command needs it
    from codenook.server.doctor.show import show  # noqa: PLC0415 - as above

    workspace = workspace_of(Path.cwd() / config.PROJECT_FILE)
    overrides = overrides_of(model=model, chat_model=chat_model)
    settings, problems = config.load(overrides=overrides, workspace=workspace)
    waiting = err.status("asking the model") if err.is_terminal else contextlib.nullcontext()
    with waiting:
        report = run_work(examine(settings, problems, workspace))
    if as_json:
        findings = [finding.to_json() for finding in report.findings]
        print_json({"version": codenook.__version__, "findings": findings})
    else:
        show(report.findings, out)
    if report.engine_failed:
        raise click.exceptions.Exit(ENGINE_FAILED)
    raise click.exceptions.Exit(PROBLEM_FOUND if report.has_problem else 0)


@codenook_command.command()
def demo() -> None:
    """Start the real server on a small example package and show what an editor would show."""
    from codenook.server.demo import run  # noqa: PLC0415 - no other command needs it

    raise click.exceptions.Exit(run())


# What the commands share


def _is_nowhere() -> bool:
    """Whether the working directory was deleted."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _at(place: str, model: str | None, ask: Any, overrides: Mapping[str, object] | None = None) -> None:
    """Run ``ask`` for the cursor that ``place`` names, with the settings that hold there."""
    try:
        found = find(place)
    except PlaceError as error:
        fail(str(error), USAGE)
    run_work(ask(found, settings_of({**overrides_of(model=model), **(overrides or {})}, found.workspace)))


def _request(found: Place, n: int | None = None) -> CompletionRequest:
    return CompletionRequest(found.document, found.offset, workspace=found.workspace, n_candidates=n)


async def _remember(
    engine: LocalEngine, completion: Completion, workspaces: Workspaces, found: Place, settings: Settings
) -> None:
    """Let the engine remember the document, and its workspace as far as that is quickly done."""
    document, folder = found.document, found.workspace
    with contextlib.suppress(EngineError, TimeoutError):  # what the engine has to say, it says to the request
        await completion.remember(document, folder)
        if folder is not None and settings.memory and settings.index:
            async with asyncio.timeout(QUICK_S):
                await Memories(engine, workspaces).update(folder, {document.path: document.text})


@contextlib.contextmanager
def _hub() -> Iterator[None]:
    """End the process with one line for what goes wrong with a model by name."""
    try:
        yield
    except UnknownModel as error:
        fail(str(error), USAGE)
    except HubError as error:
        fail(str(error), ENGINE_FAILED)


def _gb(size: float | None) -> str:
    """Show a size in GB, small ones in MB."""
    if not size:
        return ""
    return f"{size:.1f} GB" if size >= 0.1 else f"{size * 1e3:.1f} MB"  # noqa: PLR2004 - a hundred MB
