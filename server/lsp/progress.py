"""``$/progress``: show that something takes its time, to editors that can show it."""

import asyncio
import contextlib
import itertools
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

Result = TypeVar("Result")

REPORT_EVERY_S = 0.5


async def show_progress(
    server: LanguageServer,
    title: str,
    describe: Callable[[float], types.WorkDoneProgressReport],
    work: Awaitable[Result],
    *,
    after_s: float = 0.0,
    cancel: Callable[[], None] | None = None,
) -> Result:
    """Await ``work`` while the editor shows ``title`` and what ``describe`` says after so many seconds.

    Nothing is shown of work that is done within ``after_s``. With ``cancel`` the editor is told that the
    user may stop the work, and ``cancel`` is called when they do.
    """
    window = server.client_capabilities.window
    if window is None or not window.work_done_progress:
        return await work
    reporter = asyncio.create_task(_report(server, title, describe, after_s, cancel))
    try:
        return await work
    finally:
        reporter.cancel()
        await asyncio.wait([reporter])  # the end is told before anything that follows


async def _report(
    server: LanguageServer,
    title: str,
    describe: Callable[[float], types.WorkDoneProgressReport],
    after_s: float,
    cancel: Callable[[], None] | None,
) -> None:
    await asyncio.sleep(after_s)
    token = str(uuid.uuid4())
    progress = server.work_done_progress
    with contextlib.suppress(JsonRpcException):
        # Shielded, because pygls fails on the answer to a request that it was told to forget.
        await asyncio.shield(progress.create_async(token))
        percentage, cancellable = describe(after_s).percentage, cancel is not None
        progress.begin(
            token, types.WorkDoneProgressBegin(title=title, cancellable=cancellable, percentage=percentage)
        )
        if cancel is not None:  # pygls cancels the token's future when the editor does
            progress.tokens[token].add_done_callback(partial(_pass_on, cancel))
        try:
            for tick in itertools.count():
                progress.report(token, describe(after_s + tick * REPORT_EVERY_S))
                await asyncio.sleep(REPORT_EVERY_S)
        finally:
            progress.end(token, types.WorkDoneProgressEnd())
            progress.tokens.pop(token, None)


def _pass_on(cancel: Callable[[], None], asked: Future[object]) -> None:
    if asked.cancelled():
        cancel()
