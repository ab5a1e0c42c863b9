"""JSON-RPC between a server and an engine: pygls' protocol over a stream, one object for each connection."""

import asyncio
import logging
import socket
import sys
import threading
import uuid
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from functools import cache
from typing import Any

import cattrs
from lsprotocol.types import CANCEL_REQUEST, CancelNotification, CancelParams
from pygls.exceptions import JsonRpcException
from pygls.io_ import run_async
from pygls.protocol import JsonRPCProtocol, default_converter
from pygls.protocol.json_rpc import JsonRPCNotification, JsonRPCRequestMessage, JsonRPCResponseMessage

from codenook.models.engine.errors import BY_NAME, EngineDied, EngineError
from codenook.models.prompts.fim import Segment, Special

ENGINE_ERROR = -32000
"""JSON-RPC error code of an `EngineError`; ``data`` names its class."""

PROGRESS = "progress"

Handler = Callable[[Any], Awaitable[Any]]

converter = cattrs.Converter(forbid_extra_keys=True)
"""Turns the values of `messages` into JSON and back; a control token is ``{"special": name}``, never text."""

converter.register_unstructure_hook(
    Segment, lambda segment: {"special": segment.value} if isinstance(segment, Special) else segment
)
converter.register_structure_hook(
    Segment, lambda value, _: Special(value["special"]) if isinstance(value, dict) else str(value)
)


class Peer(JsonRPCProtocol):
    """One end of one connection. Parameters and results are plain JSON values.

    ``listeners`` are told what the other end says on the way to an answer, by the name that it was given.
    """

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        handlers: Mapping[str, Handler] | None = None,
        *,
        listeners: Mapping[str, Callable[[Any], None]] | None = None,
    ) -> None:
        super().__init__(_Host(), _plain_converter())  # type: ignore[arg-type]  # it only reports errors to it
        self.farewell: EngineError = EngineDied("the engine's process ended during the request")
        """What requests get that are without an answer when the connection ends."""
        self._listeners = {} if listeners is None else listeners
        self._reader = reader
        self._stream = writer
        self.set_writer(writer)
        for method, handler in (handlers or {}).items():
            self.fm.add_builtin_feature(method, _answering_errors(handler))
        self.fm.add_builtin_feature(PROGRESS, self._hear)

    def get_message_type(self, method: str) -> type[Any] | None:
        """Return the one message type that pygls must understand itself."""
        return CancelNotification if method == CANCEL_REQUEST else None

    @property
    def process(self) -> int:
        """The id of the process that listens at the other end, by the kernel's word; 0 when it can't tell."""
        if sys.platform == "darwin":
            level, option = 0, 2  # SOL_LOCAL, LOCAL_PEERPID
        else:
            level, option = socket.SOL_SOCKET, socket.SO_PEERCRED
        if self._stream.is_closing():
            return 0
        connection = self._stream.get_extra_info("socket")
        return int.from_bytes(connection.getsockopt(level, option, 4), sys.byteorder)

    async def run(self) -> None:
        """Answer the other end until it hangs up; then end what still runs on either side."""
        try:
            await run_async(threading.Event(), self._reader, self, logger=logging.getLogger(__name__))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            for future in list(self._request_futures.values()):
                if isinstance(future, asyncio.Future):
                    future.cancel()
                elif not future.done():
                    future.set_exception(self.farewell)
            self._stream.close()

    def tell(self, progress: str, value: Any) -> None:
        """Let the other end's listener of that name know of something; nobody answers."""
        if not self._stream.is_closing():
            self.notify(PROGRESS, {"name": progress, "value": value})

    def _hear(self, told: Any) -> None:
        if listener := self._listeners.get(told["name"]):
            listener(told["value"])

    async def ask(self, method: str, params: Any = None) -> Any:
        """Send a request and wait for its result; cancelling the wait cancels the request over there.

        Raises EngineError or a subclass; `farewell` when the connection has ended before.
        """
        if self._stream.is_closing():
            raise self.farewell
        request = str(uuid.uuid4())
        answer = self.send_request(method, params or {}, msg_id=request)
        del self._result_types[request]  # pygls would forget it with a result, but not with an error
        try:
            return await asyncio.wrap_future(answer)
        except asyncio.CancelledError:
            if request in self._request_futures:
                self._request_futures[request] = Future()  # takes the answer, which comes all the same
                self.notify(CANCEL_REQUEST, CancelParams(id=request))
            raise
        except JsonRpcException as error:
            name = error.data.get("error", "") if isinstance(error.data, dict) else ""
            raise BY_NAME.get(name, EngineError)(error.message) from None


class _Host:
    """What pygls expects to find behind a protocol object."""

    def _report_server_error(self, error: Exception, source: object) -> None:
        logging.getLogger(__name__).debug("%s: %s", source, error)


def _answering_errors(handler: Handler) -> Handler:
    """Let an `EngineError` of ``handler`` cross the connection by its class name."""

    async def answer(params: Any) -> Any:
        try:
            return await handler(params)
        except EngineError as error:
            data = {"error": type(error).__name__}
            raise JsonRpcException(message=str(error), code=ENGINE_ERROR, data=data) from None

    return answer


@cache
def _plain_converter() -> cattrs.Converter:
    """The converter of all connections: pygls' takes milliseconds to make, and a hundred kilobytes each."""
    plain: cattrs.Converter = default_converter()  # type: ignore[no-untyped-call]
    for message in (JsonRPCRequestMessage, JsonRPCResponseMessage, JsonRPCNotification):
        plain.register_structure_hook(message, lambda fields, cls: cls(**fields))
    return plain
