"""How long codenook lets one wait, measured at the real server's stdin and stdout. Needs an idle machine."""

import asyncio
import contextlib
import gc
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import click
from editor import Editor, ServerFailed
from measure import N_STARTS, Samples, Session, measure_cancels, measure_starts, measure_typing
from places import EXAMPLE, STANDARD_LIBRARY, places
from report import BUSY_LOAD, WITHOUT_MEMORY, print_summary, summary
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from codenook.models import bundled
from codenook.models.engine.client import LocalEngine
from codenook.models.engine.errors import EngineError
from codenook.models.engine.messages import EngineStatus
from codenook.server.config import USER_FILE_VARIABLE, Settings

FAILED = 3
"""Exit code when the server, the engine or the model does not work."""

err = Console(stderr=True, highlight=False)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path),
    help="A GGUF model with FIM tokens.  [default: the bundled one]",
)
@click.option(
    "--requests",
    "n_requests",
    type=click.IntRange(1),
    default=300,
    show_default=True,
    help="Requests made while typing lines key by key.",
)
@click.option(
    "--cancels",
    "n_cancels",
    type=click.IntRange(0),
    default=40,
    show_default=True,
    help="Requests cancelled in prefill, and as many in decode.",
)
@click.option(
    "--cursor/--no-cursor",
    "tells_cursor",
    default=True,
    show_default=True,
    help="Tell the server where the cursor rests, as codenook's own extensions do.",
)
@click.option(
    "--compare-memory", is_flag=True, help="Type the same keys once more with the workspace's memory off."
)
@click.option("--json", "json_path", type=click.Path(dir_okay=False, path_type=Path), help="Write JSON here.")
def main(
    *,
    model: Path | None,
    n_requests: int,
    n_cancels: int,
    tells_cursor: bool,
    compare_memory: bool,
    json_path: Path | None,
) -> None:
    """Measure how long codenook lets an editor wait, on this machine.

    Types lines of the example package and of the standard library, key by key, against the real server
    and engine, and prints medians and 95th percentiles. Nothing else should run meanwhile. The server and
    its engine are this benchmark's own; your settings are not used.
    """
    load = os.getloadavg()[0]
    if load > BUSY_LOAD:
        err.print(f"latency: the load average is {load:.1f}: something else runs, and it counts")
    settings = Settings(model=str(model or bundled.path()))
    try:
        with tempfile.TemporaryDirectory(prefix="codenook-") as directory:
            os.environ["CODENOOK_RUNTIME_DIR"] = directory
            os.environ["CODENOOK_CACHE_DIR"] = str(Path(directory) / "cache")
            os.environ[USER_FILE_VARIABLE] = str(Path(directory) / "config.toml")
            samples, engine, reasons = asyncio.run(
                measure(settings, n_requests, n_cancels, tells_cursor=tells_cursor, compares=compare_memory)
            )
    except (EngineError, ServerFailed) as error:
        err.print(f"latency: {error}", soft_wrap=True, markup=False)
        sys.exit(FAILED)
    result = summary(samples, engine, settings, reasons, load)
    print_summary(result, Console(highlight=False))
    if json_path is not None:
        json_path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


async def measure(
    settings: Settings, n_requests: int, n_cancels: int, *, tells_cursor: bool, compares: bool
) -> tuple[Samples, EngineStatus, Counter[str]]:
    """Measure everything, one after the other; the engines that were started end with it."""
    samples, without = Samples(list), Samples(list)
    n_starts, found = min(N_STARTS, n_requests), places()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as progress:
        starts = progress.add_task("engine starts", total=n_starts + 1)
        typing = progress.add_task("keys", total=n_requests * (1 + compares))
        cancels = {
            phase: progress.add_task(f"cancels in {phase}", total=n_cancels)
            for phase in ("prefill", "decode")
        }
        await measure_starts(settings, n_starts, samples, lambda: progress.advance(starts))
        async with opened(settings, samples, tells_cursor=tells_cursor) as session:
            await measure_typing(session, found, n_requests, lambda: progress.advance(typing))
            if n_cancels:
                await measure_cancels(
                    session, found, n_cancels, lambda phase: progress.advance(cancels[phase])
                )
            status, reasons = await session.engine.status(), session.editor.reasons
        if compares:
            async with opened(settings, without, tells_cursor=tells_cursor, memory=False) as session:
                await measure_typing(session, found, n_requests, lambda: progress.advance(typing))
    samples.update({f"{key}{WITHOUT_MEMORY}": values for key, values in without.items()})
    return samples, status, reasons


@contextlib.asynccontextmanager
async def opened(
    settings: Settings, samples: Samples, *, tells_cursor: bool, memory: bool = True
) -> AsyncIterator[Session]:
    """Yield an editor whose server has read the folders, and an engine of its own."""
    editor, engine = Editor(), LocalEngine(settings.model_path, settings.engine_options)
    await engine.ready()
    try:
        await editor.start([EXAMPLE, STANDARD_LIBRARY], settings.model_path, memory=memory)
        await editor.indexes_are_current()
        gc.disable()  # its pauses are not the server's
        yield Session(editor, engine, samples, tells_cursor)
        await editor.quit()
    finally:
        gc.enable()
        await engine.stop()
        await engine.close()


if __name__ == "__main__":
    main(prog_name="latency")
