"""``$/progress``: show that something takes its time, to editors that can show it."""

import asyncio
import contextlib
import itertools
import uuid
from collections.abc import Awaitable
from typing import TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

Result = TypeVar("Result")

REPORT_EVERY_S = 0.5


async def show_progress(server: LanguageServer, title: str, detail: str, work: Awaitable[Result]) -> Result:
    """Await ``work`` while the editor shows ``title``, ``detail`` and the seconds that went by."""
    window = server.client_capabilities.window
    if window is None or not window.work_done_progress:
        return await work
    reporter = asyncio.create_task(_report(server, title, detail))
    try:
        return await work
    finally:
        reporter.cancel()
        await asyncio.wait([reporter])  # the end is told before anything that follows


async def _report(server: LanguageServer, title: str, detail: str) -> None:
    token = str(uuid.uuid4())
    progress = server.work_done_progress
    with contextlib.suppress(JsonRpcException):
        # Shielded, because pygls fails on the answer to a request that it was told to forget.
        await asyncio.shield(progress.create_async(token))
        progress.begin(token, types.WorkDoneProgressBegin(title=title, cancellable=False))
        try:
            for tick in itertools.count():
                message = f"{detail}, {tick * REPORT_EVERY_S:g} s" if tick else detail
                progress.report(token, types.WorkDoneProgressReport(message=message))
                await asyncio.sleep(REPORT_EVERY_S)
        finally:
            progress.end(token, types.WorkDoneProgressEnd())
