"""Between a server and its engine: what is sent is passed on, and remembered."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self


class Tap:
    """Listens at an engine's socket in the engine's place, which goes on at another one."""

    def __init__(self, socket: Path) -> None:
        self.sent = b""
        self._engine = socket.rename(socket.with_suffix(".engine"))
        self._socket = socket
        self._passing: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._connected, self._socket)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.close()
        for task in self._passing:
            task.cancel()
        self._socket.unlink(missing_ok=True)
        self._engine.rename(self._socket)

    @property
    def prompts(self) -> list[list[Any]]:
        """The prompts that the engine was asked to continue."""
        messages = [json.loads(body) for body in _bodies(self.sent)]
        return [m["params"]["prompt"] for m in messages if m.get("method") == "generate"]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_engine, to_engine = await asyncio.open_unix_connection(self._engine)
        for source, sink, is_sent in ((reader, to_engine, True), (from_engine, writer, False)):
            task = asyncio.create_task(self._pass_on(source, sink, is_sent=is_sent))
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)

    async def _pass_on(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, is_sent: bool
    ) -> None:
        while data := await source.read(1 << 16):
            if is_sent:
                self.sent += data
            sink.write(data)
            await sink.drain()
        sink.close()


def _bodies(sent: bytes) -> Iterator[bytes]:
    """The JSON of each message that one connection sent."""
    while header := re.match(rb"Content-Length: *(\d+)\r\n(?:.+\r\n)*\r\n", sent):
        end = header.end() + int(header[1])
        yield sent[header.end() : end]
        sent = sent[end:]
