"""The demonstration from start to end."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from attrs import asdict
from rich.console import Console

from codenook.models.engine.client import LocalEngine
from codenook.models.engine.errors import EngineError
from codenook.models.engine.messages import Counters, EngineStatus
from codenook.server.config import load
from codenook.server.demo.client import Editor
from codenook.server.demo.places import NOT_SEEN_YET, PLACES, OpenFile, Place, copy_example, go_to
from codenook.server.demo.screen import Screen
from codenook.server.tasks.completion import Completion, CompletionRequest
from codenook.server.tasks.document import Document

DONE, NOTHING_SHOWN, ENGINE_FAILED = 0, 1, 3
"""Exit statuses, as everywhere on the command line."""

END_TIMEOUT_S = 10.0


def run(console: Console | None = None) -> int:
    """Show the demonstration and leave nothing behind; return the exit status."""
    console = console or Console(highlight=False)
    with _own_folder() as folder:
        try:
            return asyncio.run(_run(console, folder))
        except EngineError as error:
            console.print(f"codenook: {error}", style="red", markup=False)
            return ENGINE_FAILED


async def _run(console: Console, folder: Path) -> int:
    root = copy_example(folder)
    settings, _ = load(workspace=root)
    engine = LocalEngine(settings.model_path, settings.engine_options)
    completion = Completion(engine, settings)
    try:
        with console.status("starting the engine"):
            model = await engine.ready()
        async with Editor(root) as editor:
            screen = Screen(console)
            screen.heading("codenook", f"{model.name}, {model.n_params / 1e6:.1f} million parameters")
            screen.say(
                "A language server and its engine, started for this demonstration, asked as an editor asks."
            )
            tour = Tour(root, editor, engine, completion, screen)
            n_shown = [await tour.visit(place, number) for number, place in enumerate(PLACES, start=1)]
            await tour.type_along(PLACES[0])
            await tour.cancel(NOT_SEEN_YET)
        return DONE if any(n_shown) else NOTHING_SHOWN
    finally:
        completion.close()
        await _end(engine)


class Tour:
    """What is shown at each stop. The engine's own account says what a request cost."""

    def __init__(
        self, root: Path, editor: Editor, engine: LocalEngine, completion: Completion, screen: Screen
    ) -> None:
        self._root = root
        self._editor = editor
        self._engine = engine
        self._completion = completion
        self._screen = screen

    async def visit(self, place: Place, number: int) -> int:
        """Ask at one place and show everything about the answer; return how many candidates there were."""
        file = go_to(place, self._root)
        self._editor.open(file)
        before = await self._engine.status()
        answer = await self._editor.complete(file)
        after = await self._engine.status()
        again = await self._completion(_request(file, self._root))

        self._screen.heading(f"{number}  {place.title}", place.file)
        self._screen.window(file, answer.texts[0] if answer.texts else "")
        if answer.texts:
            self._screen.candidates(answer, {candidate.text: candidate for candidate in again.candidates})
        else:
            self._screen.no_candidate(answer)
        self._screen.context(again, in_full=number == 1)
        self._screen.cost(answer, after.requests - before.requests, _spent(before, after), again)
        return len(answer.texts)

    async def type_along(self, place: Place) -> None:
        """Type the first two characters of a candidate: the rest is shown without asking the model."""
        self._screen.heading("Typing along", place.file)
        file = go_to(place, self._root)
        self._editor.open(file)
        shown = await self._editor.complete(file)
        if not shown.texts:
            self._screen.no_candidate(shown)
            return
        for character in shown.texts[0][:2]:
            file = self._editor.type(file, character)
            before = (await self._engine.status()).requests
            answer = await self._editor.complete(file)
            n_asked = (await self._engine.status()).requests - before
            self._screen.say(
                f"typed {character!r}: {answer.wait_ms:.1f} ms, the model was asked {n_asked} times"
            )
        self._screen.window(file, answer.texts[0] if answer.texts else "")

    async def cancel(self, place: Place) -> None:
        """Take a request back while the engine works on it."""
        self._screen.heading(place.title, place.file)
        file = go_to(place, self._root)
        self._editor.open(file)
        if not await self._editor.complete_and_cancel(file):
            self._screen.say("the answer was there before the cancel")
            return
        while (status := await self._engine.status()).busy:
            pass
        idle = f": the engine was idle {status.last_cancel_ms:.1f} ms later" if status.last_cancel_ms else ""
        self._screen.say(f"cancelled while the model was working{idle}")


def _request(file: OpenFile, root: Path) -> CompletionRequest:
    document = Document(file.path.as_uri(), file.path, file.text, "python")
    return CompletionRequest(document, file.cursor, workspace=root)


def _spent(before: EngineStatus, after: EngineStatus) -> Counters:
    """Return what the engine did between two accounts of it."""
    totals = asdict(before.totals)
    return Counters(**{name: count - totals[name] for name, count in asdict(after.totals).items()})


async def _end(engine: LocalEngine) -> None:
    """Stop the engine and wait until its process is gone."""
    if engine.is_ready:
        with suppress(EngineError, psutil.NoSuchProcess):
            process = psutil.Process((await engine.status()).pid)
            await engine.stop()
            await asyncio.to_thread(psutil.wait_procs, [process], END_TIMEOUT_S)
    await engine.close()


@contextmanager
def _own_folder() -> Iterator[Path]:
    """Make a temporary folder, in which the engine is found too: the user's own engines are left alone."""
    variable = "CODENOOK_RUNTIME_DIR"
    usual = os.environ.get(variable)
    with tempfile.TemporaryDirectory(prefix="codenook-", ignore_cleanup_errors=True) as folder:
        os.environ[variable] = str(Path(folder) / "engine")
        try:
            yield Path(folder).resolve()
        finally:
            if usual is None:
                del os.environ[variable]
            else:
                os.environ[variable] = usual
