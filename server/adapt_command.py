"""``codenook adapt``: the bundled model goes on learning from the user's own code, where that helps."""

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click
import platformdirs
from attrs import asdict
from filelock import FileLock, Timeout
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn

from codenook.models.engine.errors import EngineError
from codenook.models.hub import store
from codenook.models.hub.errors import HubError
from codenook.server import config
from codenook.server.adapt_report import counted, show, show_files, why
from codenook.server.terminal import (
    ENGINE_FAILED,
    INTERRUPTED,
    PROBLEM_FOUND,
    USAGE,
    err,
    fail,
    json_option,
    out,
    print_json,
)

if TYPE_CHECKING:
    from codenook.models.training.adapt import Adapted, Tell
    from codenook.models.training.own_code import OwnCode

NEEDED = ("torch", "tokenizers", "gguf")
"""What the extra ``train`` brings."""

NICENESS = 10
"""The user goes on working meanwhile."""

UNUSED_S = 30 * 24 * 3600
"""A run that nobody went on with for so long is deleted with its copy of the code."""

FOLDER_MODE = 0o700


@click.command()
@click.argument(
    "folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option(
    "--minutes",
    type=click.FloatRange(0, min_open=True),
    default=8.0,
    show_default=True,
    help="How long to learn; making examples and measuring come on top.",
)
@click.option("--name", help="What to call the model.  [default: adapted- and the first folder's name]")
@click.option(
    "--model",
    metavar="NAME|PATH",
    help="The model to go on from: one that models/training made.  [default: the bundled one]",
)
@click.option(
    "--work",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where working files go, and stay.  [default: codenook's cache folder, until the end]",
)
@click.option("--restart", is_flag=True, help="Forget an interrupted run with the same code.")
@click.option("--dry-run", is_flag=True, help="Show which files would be learned from, and stop.")
@json_option
def adapt(
    *,
    folders: tuple[Path, ...],
    minutes: float,
    name: str | None,
    model: str | None,
    work: Path | None,
    restart: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Let the bundled model go on learning from the Python code in FOLDERS, your own repositories.

    A fifth of the files is held out. The new model is installed only if it fills more of their holes than the
    old one does, each with the workspace's memory beside it. All of it stays on this machine. An interrupted
    run goes on when it is started again with the same code.
    """
    name = name or f"{store.ADAPTED}{_slug(folders[0].resolve().name)}"
    if not store.is_adapted(name):
        fail(f"a name begins with {store.ADAPTED}, then small letters, digits, - and _: {name}", USAGE)
    if not dry_run and (missing := [package for package in NEEDED if find_spec(package) is None]):
        fail(
            f'{", ".join(missing)} not installed, which learning needs: pip install "codenook[train]"', USAGE
        )
    with _in_words():
        own = _collect(folders)
        if dry_run:
            show_files(own, as_json=as_json)
            return
        start = _start(model)
        made, path = _run(own, start, name, minutes, work, restart=restart)
    comparison = made.comparison
    if as_json:
        print_json(
            {
                "installed": path is not None,
                "name": name,
                "path": str(path) if path else None,
                "from": str(start),
                "files": counted(own),
                "comparison": asdict(comparison) | {"is_better": comparison.is_better},
            }
        )
    else:
        show(comparison)
    if path is None:
        fail(f"not installed: {why(comparison)}", PROBLEM_FOUND)
    if not as_json:
        out.print(f"installed as {name}. To use it: codenook serve --model {name}, or", soft_wrap=True)
        out.print(f'model = "{name}" in {config.user_file()}', soft_wrap=True, markup=False)
        out.print(f"To undo: take that out again; codenook models remove {name} deletes it.", soft_wrap=True)


def _collect(folders: Sequence[Path]) -> "OwnCode":
    from codenook.models.training import own_code  # noqa: PLC0415 - a tool that no other command needs

    with err.status("reading the code") if err.is_terminal else contextlib.nullcontext():
        own = own_code.collect(folders)
    own_code.check(own)
    return own


def _start(model: str | None) -> Path:
    """Return the file of the model to go on from; say so when completions use another one."""
    used = config.load()[0].model
    if not model and used not in {"", store.BUNDLED}:
        note = f"codenook: going on from the bundled model, not from {used}, which you use"
        err.print(note, soft_wrap=True, markup=False)
    path = store.locate(model or store.BUNDLED)
    if not path.is_file():
        fail(f"no model file at {path}", ENGINE_FAILED)
    return path


def _run(
    own: "OwnCode", start: Path, name: str, minutes: float, kept: Path | None, *, restart: bool
) -> tuple["Adapted", Path | None]:
    """Learn, judge, and install what is better; return what was made and where it was installed."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # else a thread that waits keeps its core from others
    from attrs import evolve  # noqa: PLC0415

    from codenook.models.training import adapt as training  # noqa: PLC0415 - loads PyTorch

    folder = kept or _cache()
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    if not kept:
        _remove_unused(folder)
    work = folder / training.key(own, start, minutes)
    try:
        with FileLock(folder / f"{work.name}.lock", timeout=0):
            if restart:
                shutil.rmtree(work, ignore_errors=True)
            if (work / "checkpoint.pt").exists():
                err.print("codenook: going on with an interrupted run; --restart begins anew")
            plan = evolve(training.PLAN, hours=minutes / 60)
            os.nice(NICENESS)
            with _progress(training.STAGES) as tell:
                made = training.adapt(own, start, name=name, work=work, plan=plan, tell=tell)
            path = store.adopt(made.path, name) if made.comparison.is_better else None
            if not kept:
                shutil.rmtree(work)
            return made, path
    except Timeout:
        fail("another codenook adapt works on the same code", USAGE)


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """End the process with one line for what goes wrong."""
    from codenook.models.training.errors import TrainingError  # noqa: PLC0415 - as above

    try:
        yield
    except KeyboardInterrupt:
        fail("interrupted; what was learned is kept: the same command goes on with it", INTERRUPTED)
    except TrainingError as error:
        fail(str(error), USAGE)
    except (EngineError, HubError) as error:
        fail(str(error), ENGINE_FAILED)
    except OSError as error:
        at = f" ({error.filename})" if error.filename else ""
        fail(f"can't read or write a file: {error.strerror or error}{at}", ENGINE_FAILED)


@contextlib.contextmanager
def _progress(stages: Sequence[str]) -> Iterator["Tell"]:
    """Show a bar for each stage on a terminal, and a line for each elsewhere."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[word]}"),
    )
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}
        told: dict[str, int] = {}

        def tell(stage: str, share: float, word: str) -> None:
            if stage not in tasks:
                title = f"{stages.index(stage) + 1}/{len(stages)} {stage}"
                tasks[stage] = progress.add_task(title, total=1.0, word="")
            progress.update(tasks[stage], completed=share, word=word)
            tenths = int(10 * share)
            if not err.is_terminal and told.get(stage) != tenths:
                told[stage] = tenths
                err.print(" ".join([stage, f"{10 * tenths}%", word]).rstrip())

        yield tell


def _slug(name: str) -> str:
    """Return ``name`` as a part of a model's name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "code"


def _cache() -> Path:
    """Return where interrupted runs are kept; ``CODENOOK_CACHE_DIR`` overrides its parent."""
    override = os.environ.get("CODENOOK_CACHE_DIR")
    return (Path(override) if override else platformdirs.user_cache_path("codenook")) / "adapt"


def _remove_unused(folder: Path) -> None:
    """Delete the runs that nobody went on with."""
    for run in folder.iterdir():
        with contextlib.suppress(OSError):
            if time.time() - run.stat().st_mtime > UNUSED_S:
                shutil.rmtree(run) if run.is_dir() else run.unlink()
