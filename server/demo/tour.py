"""The demonstration from start to end."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rich.console import Console

from codenook.models.engine.client import running, stop_engine
from codenook.server.demo.client import Answer, Editor, ServerEnded
from codenook.server.demo.places import NOT_SEEN_YET, PLACES, Place, copy_example, go_to
from codenook.server.demo.screen import Screen
from codenook.server.reasons import Reason, is_engine_failure

DONE, NOTHING_SHOWN, ENGINE_FAILED = 0, 1, 3
"""Exit statuses, as everywhere on the command line."""


def run(console: Console | None = None) -> int:
    """Show the demonstration and leave nothing behind; return the exit status."""
    console = console or Console(highlight=False, emoji=False)
    with _own_folder() as folder:
        try:
            return asyncio.run(_run(Screen(console), folder))
        except ServerEnded as error:
            console.print(f"codenook: {error}", markup=False)
            return ENGINE_FAILED


async def _run(screen: Screen, folder: Path) -> int:
    root = copy_example(folder)
    try:
        async with Editor(root, screen.say) as editor:
            tour = Tour(root, editor, screen)
            await tour.start()
            answers = [await tour.visit(place, number) for number, place in enumerate(PLACES, start=1)]
            if any(answer.texts for answer in answers):
                await tour.type_along(PLACES[0])
                await tour.cancel(NOT_SEEN_YET)
        return _exit_status(answers)
    finally:
        await _stop_engines()


class Tour:
    """What is shown at each stop, all of it as the server tells it."""

    def __init__(self, root: Path, editor: Editor, screen: Screen) -> None:
        self._root = root
        self._editor = editor
        self._screen = screen

    async def start(self) -> None:
        """Say what is about to be shown, and let the server start its engine."""
        self._screen.heading("codenook")
        self._screen.say("The real server and its engine, asked as an editor asks them.")
        file = go_to(NOT_SEEN_YET, self._root)
        with self._screen.waiting("starting the engine"):
            self._editor.open(file)
            await self._editor.context(file)
        engine = (await self._editor.status()).engine
        if engine:
            model = engine.model
            self._screen.say(f"Model: {model.name}, {model.n_params / 1e6:.1f} million parameters.")

    async def visit(self, place: Place, number: int) -> Answer:
        """Ask at one place and show everything about the answer."""
        file = go_to(place, self._root)
        self._editor.open(file)
        answer = await self._editor.complete(file)
        explained = await self._editor.explain(file)

        self._screen.heading(f"{number}  {place.title}", place.file)
        self._screen.window(file, answer)
        if explained:
            self._screen.candidates(explained)
            if context := await self._editor.context(file):
                self._screen.context(context, in_full=number == 1)
            self._screen.cost(answer, explained)
        return answer

    async def type_along(self, place: Place) -> None:
        """Type the beginning of a candidate, which the model is not asked about, and then something else."""
        self._screen.heading("Typing along, then something else", place.file)
        file = go_to(place, self._root)
        self._editor.open(file)
        answer = await self._editor.complete(file)
        for character in max(answer.texts, key=len, default="")[:2]:
            before = (await self._editor.status()).counters.answered_from_typing
            file = self._editor.type(file, character)
            answer = await self._editor.complete(file)
            after = (await self._editor.status()).counters.answered_from_typing
            how = "without the model" if after > before else "by the model"
            self._screen.say(f"typed {character!r}: answered {how} in {answer.wait_ms:.1f} ms")
        self._screen.window(file, answer)
        file = self._editor.type(file, "_")
        answer = await self._editor.complete(file)
        self._screen.say("typed '_': the model is asked again, but knows the prompt up to here")
        self._screen.window(file, answer)
        self._screen.cost(answer, await self._editor.explain(file))

    async def cancel(self, place: Place) -> None:
        """Take a request back while the engine works on it."""
        self._screen.heading(place.title, place.file)
        file = go_to(place, self._root)
        self._editor.open(file)
        if not await self._editor.complete_and_cancel(file):
            self._screen.say("the answer was there before the cancel")
            return
        while (engine := (await self._editor.status()).engine).busy:
            pass
        idle = f": the engine was idle {engine.last_cancel_ms:.1f} ms later" if engine.last_cancel_ms else ""
        self._screen.say(f"cancelled while the model was working{idle}")


def _exit_status(answers: list[Answer]) -> int:
    if any(answer.texts for answer in answers):
        return DONE
    failures = {reason.value for reason in Reason if is_engine_failure(reason)}
    return ENGINE_FAILED if any(answer.reason in failures for answer in answers) else NOTHING_SHOWN


async def _stop_engines() -> None:
    """Stop the engine that the server started, and wait until its process is gone."""
    for socket, _ in await running():
        with suppress(OSError):
            await stop_engine(socket)


@contextmanager
def _own_folder() -> Iterator[Path]:
    """Make a temporary folder, for the engine and the index too: the user's own are left alone."""
    usual = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="codenook-", ignore_cleanup_errors=True) as folder:
        os.environ["CODENOOK_RUNTIME_DIR"] = str(Path(folder) / "engine")
        os.environ["CODENOOK_CACHE_DIR"] = str(Path(folder) / "cache")
        try:
            yield Path(folder).resolve()
        finally:
            os.environ.clear()
            os.environ.update(usual)
