"""Two models on one machine: whether the second is loaded beside the first, or in its place."""

import asyncio
import math
import os
from enum import StrEnum
from pathlib import Path

from codenook.models.engine import endpoint
from codenook.models.engine.client import ask_socket, gone
from codenook.models.engine.errors import EngineError, ModelWaits
from codenook.models.engine.memory import available_bytes, needed_bytes
from codenook.models.engine.options import EngineOptions

QUIET_S = 3.0
"""An engine without a request for so long may be asked to make room."""

WAIT_S = 30.0
"""How long a model waits for the other one's engine to come to rest."""

ASK_EVERY_S = 0.2


class BothModels(StrEnum):
    """When the models of two roles are loaded at once."""

    WHEN_THEY_FIT = "when_they_fit"
    ALWAYS = "always"
    ONE_AT_A_TIME = "one_at_a_time"


async def make_room(policy: BothModels, model: Path, options: EngineOptions, *, other: Path) -> None:
    """Return when ``model`` may be loaded; where ``policy`` says so, the engine of ``other`` is ended first.

    It is never ended during a request, of whichever window, nor before it was left alone for `QUIET_S`.
    Raises ModelWaits when that does not come about within `WAIT_S`.
    """
    if policy is BothModels.ALWAYS or not all(map(os.path.isfile, (model, other))):
        return
    socket = endpoint.socket_path(other, options)
    if not socket.exists():
        return
    needed = math.inf
    if policy is BothModels.WHEN_THEY_FIT:
        needed = await asyncio.to_thread(needed_bytes, model, options)
    try:
        async with asyncio.timeout(WAIT_S):
            while needed > available_bytes(beside=other) and not await _left(socket):  # noqa: ASYNC110
                await asyncio.sleep(ASK_EVERY_S)
    except TimeoutError:
        raise ModelWaits(
            f"{model.name} waits for {other.name}, which is at work: by the setting both_models, "
            f"{policy}, they are not loaded at once"
        ) from None


async def _left(socket: Path) -> bool:
    """Ask the engine at ``socket`` to leave; return whether none is there any more, nor its memory in use."""
    try:
        process = await ask_socket(socket, "leave", {"quiet_s": QUIET_S})
    except OSError:
        return True
    except EngineError:  # it went before it answered: whether it is gone the next question tells
        return False
    if not process:
        return False
    await gone(process)
    return True
