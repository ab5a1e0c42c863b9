"""What is measured: engine starts, lines typed key by key, candidates typed along, requests cancelled."""

import asyncio
import itertools
import time
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
from attrs import define, field
from editor import Answer, Editor, ServerFailed, Window
from lsprotocol import types
from places import STANDARD_LIBRARY, Place
from pygls.exceptions import JsonRpcRequestCancelled

from codenook.models.engine.client import LocalEngine
from codenook.models.engine.messages import EngineStatus
from codenook.server.config import Settings

N_STARTS = 5
N_WARM_UP_PLACES = 2
N_WARM_UP_KEYS = 2
N_KEYS_PER_PLACE = 20
"""Keys typed of one line: the next place has another prompt, and variety tells more than long lines."""

ENGINE_STAGES = ("queue", "prefill", "decode")
"""The engine's part of a request, as ``timings_ms`` names it."""

LOOK_S = 0.5
"""How long one looks at a document that was just opened, before asking or typing in it."""

N_AT_ONCE = 8
"""Requests in the moment of opening, each in a document that the server has not seen."""

N_PLACES_TRIED = 8
N_TOKENS_WANTED = 48
"""Cancels happen at a place where the model writes this many tokens, or the most of the places tried."""

MAX_DELAY_S = 2.0
"""The latest moment of a cancel, for models that take much longer than that."""

MAX_ATTEMPTS = 4
"""How often a cancel is tried for each one that is wanted: some come when the answer is there already."""

TOO_LATE_S = 0.5
"""A cancel that the engine, idle, has not counted after this came too late."""

NAME_TOKENS = 8
"""By how much prompts can differ that differ in the file's name only."""

Samples = defaultdict[str, list[float]]


@define
class Session:
    """The editor under measurement, the engine seen from beside it, and what was measured so far."""

    editor: Editor
    engine: LocalEngine
    samples: Samples = field(factory=lambda: Samples(list))
    tells_cursor: bool = True


async def measure_starts(settings: Settings, n: int, samples: Samples, done: Callable[[], None]) -> None:
    """Start the engine ``n`` times, from no process to a loaded model; a first start is left out."""
    for number in range(n + 1):
        engine = LocalEngine(settings.model_path, settings.engine_options)
        started = time.perf_counter()
        await engine.ready()
        if number > 0:
            samples["cold_start"].append(_ms_since(started))
        process = psutil.Process((await engine.status()).pid)
        await engine.stop()
        await engine.close()
        await asyncio.to_thread(process.wait)
        done()


async def measure_typing(
    session: Session, places: Sequence[Place], n_requests: int, done: Callable[[], None]
) -> None:
    """Type lines key by key until ``n_requests`` were made; at each place, type along a candidate too."""
    recorded, session.samples = session.samples, Samples(list)
    for place in places[:N_WARM_UP_PLACES]:
        await _type_line(session, place, N_WARM_UP_KEYS, lambda: None)
    session.samples = recorded
    if (await session.engine.status()).requests == 0:
        told = [*session.editor.messages, *session.editor.reasons]
        raise ServerFailed(f"the model was not asked: {'; '.join(told) or 'no reason given'}")
    session.editor.reasons.clear()
    n_left = n_requests
    for place in places[N_WARM_UP_PLACES:]:
        n_left -= await _type_line(session, place, n_left, done)
        await _type_along(session, place)
        if n_left <= 0:
            break
    for place in places[-min(N_AT_ONCE, n_requests) :]:
        await _ask_at_once(session, place)


async def _type_line(session: Session, place: Place, n_most: int, done: Callable[[], None]) -> int:
    """Ask on the fresh line and after each key of it, as it stands in the file; return how many requests."""
    editor = session.editor
    window = editor.open(place.path, place.before, place.after)
    if session.tells_cursor:
        editor.rest(window)
    await asyncio.sleep(LOOK_S)
    keys = ["", *place.line][: min(N_KEYS_PER_PLACE, n_most)]
    for number, key in enumerate(keys):
        before = await session.engine.status()
        answer = await editor.press(window, key) if key else await editor.ask(window)
        after = await session.engine.status()
        if after.pid != before.pid:
            raise ServerFailed("the engine died during a request")
        n_asked = after.requests - before.requests
        if number > 0:
            session.samples["typed_without_model"].append(n_asked == 0)
        if n_asked == 0:
            session.samples["along"].append(answer.ms)
        else:
            session.samples["asked_twice"].append(n_asked > 1)
            order = "first" if number == 0 else "next"
            _record(session.samples, answer, await editor.explain(window), order)
        done()
    editor.close(window)
    return len(keys)


def _record(samples: Samples, answer: Answer, explained: Any, order: str) -> None:
    """Split a request to the model by what the server says of it; the pipe and the protocol are the rest."""
    timings: dict[str, float] = explained.timings_ms._asdict()
    total = timings.pop("total")
    engine = sum(timings[stage] for stage in ENGINE_STAGES)
    for name, ms in {"whole": answer.ms, "not_engine": answer.ms - engine}.items():
        samples[name].append(ms)
        samples[f"{name}_{order}"].append(ms)
    samples["engine"].append(engine)
    for stage, ms in timings.items():
        samples[f"stage_{stage}"].append(ms)
    samples["stage_others"].append(total - sum(timings.values()))
    samples["stage_protocol"].append(answer.ms - total)

    tokens = explained.tokens
    samples["prompt"].append(tokens.prompt)
    samples[f"evaluated_{order}"].append(tokens.prompt_evaluated)
    samples["generated"].append(tokens.generated)
    samples["decode_calls"].append(tokens.decode_calls)
    samples["empty"].append(not answer.texts)


async def _ask_at_once(session: Session, place: Place) -> None:
    """Ask in the moment of opening, before the server can have read the document."""
    editor, unseen = session.editor, place.path.with_name(f"{place.path.stem}_unseen.py")
    window = editor.open(unseen, place.before, place.after)
    answer = await editor.ask(window)
    timings = (await editor.explain(window)).timings_ms
    session.samples["whole_at_once"].append(answer.ms)
    engine = sum(getattr(timings, stage) for stage in ENGINE_STAGES)
    session.samples["not_engine_at_once"].append(answer.ms - engine)
    editor.close(window)


async def _type_along(session: Session, place: Place) -> None:
    """Ask, then type the first line of the best candidate; while some of it is left, it is the answer."""
    editor = session.editor
    window = editor.open(place.path, place.before, place.after)
    shown = (await editor.ask(window)).texts
    line = shown[0].partition("\n")[0] if shown else ""
    line = line if line.isascii() else ""
    for key in line[:-1][:N_KEYS_PER_PLACE]:
        before = await session.engine.status()
        answer = await editor.press(window, key)
        without_model = (await session.engine.status()).requests == before.requests
        session.samples["along_without_model"].append(without_model)
        if without_model:
            session.samples["along"].append(answer.ms)
    editor.close(window)


async def measure_cancels(
    session: Session, places: Sequence[Place], n: int, done: Callable[[str], None]
) -> None:
    """Cancel ``n`` requests in prefill and ``n`` in decode, at moments spread over either."""
    editor = session.editor
    place = await _talkative(session, [p for p in places if p.path.is_relative_to(STANDARD_LIBRARY)])
    copies = (place.path.with_name(f"{place.path.stem}_{number:04}.py") for number in itertools.count())

    def opened(path: Path) -> Window:
        return editor.open(path, place.before, place.after)

    async def explained(path: Path) -> Any:
        window = opened(path)
        await editor.ask(window)
        result = await editor.explain(window)
        editor.close(window)
        return result

    async def cancel(path: Path, within_ms: float, moment: float) -> None:
        window = opened(path)
        phase = await _cancel(session, window, min(within_ms / 1e3, MAX_DELAY_S) * moment, n_prompt)
        if phase is not None:
            done(phase)
        editor.close(window)

    known = next(copies)
    first = await explained(known)
    n_prompt = first.tokens.prompt
    decode_ms = (await explained(known)).timings_ms.decode
    for moment in _moments(n):
        if len(session.samples["cancel_decode"]) < n:
            await cancel(known, decode_ms, moment)
    for moment in _moments(n):
        if len(session.samples["cancel_prefill"]) < n:
            await cancel(next(copies), first.timings_ms.prefill, moment)


async def _talkative(session: Session, places: Sequence[Place]) -> Place:
    """Return the first place where the model writes enough to be interrupted, else the best of a few."""
    written: dict[int, Place] = {}
    for place in places[:N_PLACES_TRIED]:
        window = session.editor.open(place.path, place.before, place.after)
        await session.editor.ask(window)
        written[(await session.editor.explain(window)).tokens.generated] = place
        session.editor.close(window)
        if max(written) >= N_TOKENS_WANTED:
            break
    return written[max(written)]


async def _cancel(session: Session, window: Window, delay_s: float, n_prompt: int) -> str | None:
    """Cancel a request ``delay_s`` after the engine got it; return the phase it was in, None if too late."""
    editor, engine = session.editor, session.engine
    before = await engine.status()
    request_id = str(uuid.uuid4())
    answer = editor.send(window, request_id)
    while not answer.done() and (await engine.status()).requests == before.requests:
        pass
    await asyncio.wait([answer], timeout=delay_s)
    if answer.done():
        return None

    sent = time.perf_counter()
    editor.cancel_request(types.CancelParams(request_id))
    while (status := await engine.status()).busy or status.cancelled == before.cancelled:
        if not status.busy and time.perf_counter() - sent > TOO_LATE_S:
            await _end_of(answer)
            return None
    idle_ms = _ms_since(sent)
    await _end_of(answer)

    account = await engine.status()
    phase = "prefill" if _tokens_kept(account, window) < n_prompt - NAME_TOKENS else "decode"
    session.samples[f"cancel_{phase}"].append(idle_ms)
    if account.last_cancel_ms is not None:
        session.samples[f"cancel_{phase}_engine"].append(account.last_cancel_ms)
    return phase


async def _end_of(answer: asyncio.Future[Any]) -> None:
    try:
        await answer
    except JsonRpcRequestCancelled:
        return


def _tokens_kept(status: EngineStatus, window: Window) -> int:
    """Return how many tokens of the prompt the engine's slot for this document holds."""
    return next((slot.tokens for slot in status.slots if window.uri in slot.name), 0)


def _moments(n: int) -> Iterator[float]:
    """Yield numbers from 0 to 1 that fill the range evenly, however many are used."""
    return (number * 0.618034 % 1.0 for number in range(1, MAX_ATTEMPTS * n + 1))


def _ms_since(started: float) -> float:
    return 1e3 * (time.perf_counter() - started)
