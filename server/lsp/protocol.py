"""JSON-RPC where pygls would stay silent: every request is answered, also a wrong one at a wrong time."""

import logging
from collections.abc import Mapping
from concurrent.futures import InvalidStateError
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import frozen
from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import JsonRPCNotification, JsonRPCRequestMessage, LanguageServerProtocol

from codenook.context.tasks import Task

if TYPE_CHECKING:
    from codenook.server.lsp.language_server import CodenookServer

T = TypeVar("T")

log = logging.getLogger(__name__)


@frozen
class ContextParams:
    """A position, and the task that the context is for."""

    textDocument: types.TextDocumentIdentifier  # noqa: N815 - as on the wire
    position: types.Position
    task: Task = Task.COMPLETION


PARAMS: Mapping[str, type] = {
    "codenook/context": ContextParams,
    "codenook/cursor": types.TextDocumentPositionParams,
    "codenook/explain": types.DocumentSymbolParams,
    "codenook/translationTargets": types.DocumentSymbolParams,
}
"""The parameters of codenook's own methods, which pygls would not check."""


class Protocol(LanguageServerProtocol):
    """One editor's connection."""

    _server: "CodenookServer"

    def structure_message(self, data: Any) -> Any:
        """Leave ``data`` as it is: pygls asks this of every object inside a message, too."""
        return data

    def handle_message(self, message: Any) -> None:
        """Handle one message in plain JSON."""
        if not isinstance(message, dict):
            self.refuse(None, JsonRpcInvalidRequest())
        elif "method" not in message and ("result" in message or "error" in message):
            self._hear(message)
        elif not _is_call(message):
            request_id = message.get("id")
            self.refuse(request_id if _is_id(request_id) else None, JsonRpcInvalidRequest())
        else:
            try:
                self._check_time_of(message["method"])
                if "id" in message:
                    self._get_handler(message["method"])  # raises JsonRpcMethodNotFound
                call = self._understood({"params": None} | message)
            except JsonRpcException as error:
                if "id" in message:
                    self.refuse(message["id"], error)
                else:
                    log.warning("a notification was ignored: %s", error.message)
            else:
                super().handle_message(call)

    def refuse(self, request_id: int | str | None, error: JsonRpcException) -> None:
        """Answer a request with ``error``; its id is None where it could not be read."""
        answer = {"code": error.code, "message": error.message}
        self._send_data({"jsonrpc": self.VERSION, "id": request_id, "error": answer})

    def structured(self, value: object, kind: type[T]) -> T:
        """Return a value of the editor's as ``kind``; raises JsonRpcInvalidParams."""
        try:
            return self._converter.structure(value, kind)
        except Exception:  # noqa: BLE001 - whatever a converter says to a strange value
            raise JsonRpcInvalidParams from None

    def _check_time_of(self, method: str) -> None:
        """Raise what the specification asks for when ``method`` comes too early or too late."""
        if method == types.EXIT:
            return
        if self._server.has_shut_down:
            raise JsonRpcInvalidRequest("the server was shut down")
        if self._workspace is None and method != types.INITIALIZE:
            raise JsonRpcServerNotInitialized("the first request must be initialize")
        if self._workspace is not None and method == types.INITIALIZE:
            raise JsonRpcInvalidRequest("the server was initialized before")

    def _understood(self, message: dict[str, Any]) -> Any:
        """Return a request or notification as pygls handles it; raises JsonRpcException."""
        kind = PARAMS.get(message["method"])
        try:
            if kind is None:
                call = super().structure_message(message)
            else:
                params: Any = self._converter.structure(message["params"], kind)
                call = _called(message, params)
        except Exception:  # noqa: BLE001 - whatever a converter says to a strange value
            raise JsonRpcInvalidParams from None
        if "id" in message and not hasattr(call, "id") and message["method"] != types.EXIT:
            raise JsonRpcInvalidRequest("this method is a notification")
        return call

    def _handle_cancel_notification(self, msg_id: Any) -> None:
        """Cancel a request; one that was answered meanwhile is no news for the log."""
        if _is_id(msg_id) and msg_id in self._request_futures:
            super()._handle_cancel_notification(msg_id)

    def _hear(self, response: dict[str, Any]) -> None:
        """Handle the editor's answer to a request of ours; one that makes no sense counts as an error."""
        try:
            answer = super().structure_message(response)
        except JsonRpcException as error:
            answer = types.ResponseErrorMessage(response.get("id"), error.to_response_error())
        try:
            super().handle_message(answer)
        except (InvalidStateError, TypeError):
            log.warning("the editor answered a request that nobody waits for")


def _called(message: Mapping[str, Any], params: object) -> JsonRPCRequestMessage | JsonRPCNotification:
    version, method = LanguageServerProtocol.VERSION, message["method"]
    if "id" in message:
        return JsonRPCRequestMessage(message["id"], method, version, params)
    return JsonRPCNotification(method, version, params)


def _is_call(message: dict[str, Any]) -> bool:
    """Whether it is a request or a notification in form."""
    return (
        message.get("jsonrpc") == LanguageServerProtocol.VERSION
        and isinstance(message.get("method"), str)
        and _is_id(message.get("id", 0))
    )


def _is_id(value: object) -> bool:
    return isinstance(value, int | str)
