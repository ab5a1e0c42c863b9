"""The demonstration's side of the protocol: a small editor with one window, and the server it started.

The only module of the demonstration that knows pygls and lsprotocol.
"""

import asyncio
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from attrs import evolve, frozen
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcRequestCancelled
from pygls.lsp.client import LanguageClient

import codenook
from codenook.server.demo.places import OpenFile

SERVER = [sys.executable, "-P", "-E", "-m", "codenook", "serve"]
CAPABILITIES = types.ClientCapabilities(
    general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf32]),
    text_document=types.TextDocumentClientCapabilities(
        inline_completion=types.InlineCompletionClientCapabilities()
    ),
)

ServerEnded = RuntimeError
"""What pygls raises for a request to a server whose process has ended."""


@frozen
class Answer:
    """What came back: texts to insert, or else the reason why there are none, and how long it took."""

    texts: tuple[str, ...]
    reason: str
    message: str
    wait_ms: float


class Editor:
    """One window. ``async with`` starts its server and shuts it down again.

    What the server wants the user to read goes to ``show_message``. `explain`, `context` and `status`
    return the server's JSON (docs/lsp.md) with attributes for keys.
    """

    def __init__(self, workspace: Path, show_message: Callable[[str], None]) -> None:
        self._workspace = workspace
        self._client = LanguageClient("codenook demo", codenook.__version__)
        self._said: tuple[str, str] = ("", "")
        self._versions: dict[Path, int] = {}

        def remember_why(params: Any) -> None:
            self._said = (params.reason, params.message)

        def show(params: types.ShowMessageParams) -> None:
            show_message(params.message)

        self._client.feature("codenook/answered")(remember_why)
        self._client.feature(types.WINDOW_SHOW_MESSAGE)(show)

    async def __aenter__(self) -> Self:
        """Start the server as any editor does."""
        await self._client.start_io(*SERVER)
        await self._client.initialize_async(
            types.InitializeParams(
                capabilities=CAPABILITIES,
                workspace_folders=[types.WorkspaceFolder(self._workspace.as_uri(), self._workspace.name)],
            )
        )
        self._client.initialized(types.InitializedParams())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say goodbye to the server, if it is still there."""
        with suppress(ServerEnded):
            await self._client.shutdown_async(None)
            self._client.exit(None)
        await self._client.stop()  # type: ignore[no-untyped-call]

    def open(self, file: OpenFile) -> None:
        """Show ``file``; shown before, it is closed first."""
        if file.path in self._versions:
            self._client.text_document_did_close(types.DidCloseTextDocumentParams(_document(file)))
        self._versions[file.path] = 0
        item = types.TextDocumentItem(file.path.as_uri(), "python", 0, file.text)
        self._client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, file: OpenFile, text: str) -> OpenFile:
        """Insert ``text`` at the cursor and return what the window shows then."""
        self._versions[file.path] += 1
        at = _position(file)
        self._client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self._versions[file.path], file.path.as_uri()),
                [types.TextDocumentContentChangePartial(text=text, range=types.Range(at, at))],
            )
        )
        typed = file.text[: file.cursor] + text + file.text[file.cursor :]
        return evolve(file, text=typed, cursor=file.cursor + len(text))

    async def complete(self, file: OpenFile) -> Answer:
        """Ask for candidates at the cursor."""
        self._said = ("", "")
        started = time.perf_counter()
        answer = await self._ask_candidates(file, str(uuid.uuid4()))
        wait_ms = 1e3 * (time.perf_counter() - started)
        texts = tuple(item.insert_text for item in answer.items if isinstance(item.insert_text, str))
        reason, message = ("", "") if texts else self._said
        return Answer(texts, reason, message, wait_ms)

    async def complete_and_cancel(self, file: OpenFile) -> bool:
        """Ask, and take the request back once the engine works on it; return whether that came in time."""
        request_id = str(uuid.uuid4())
        asking = self._ask_candidates(file, request_id)
        while not asking.done():
            engine = (await self.status()).engine
            if engine and engine.busy:
                break
        self._client.cancel_request(types.CancelParams(request_id))
        try:
            await asking
        except JsonRpcRequestCancelled:
            return True
        return False

    async def explain(self, file: OpenFile) -> Any:
        """Ask how the model's latest answer in this file came about; None when it gave none."""
        return await self._ask("codenook/explain", {"textDocument": {"uri": file.path.as_uri()}})

    async def context(self, file: OpenFile) -> Any:
        """Ask what the model sees of other files at the cursor; None without an engine."""
        at = _position(file)
        position = {"line": at.line, "character": at.character}
        with suppress(JsonRpcException):
            return await self._ask(
                "codenook/context", {"textDocument": {"uri": file.path.as_uri()}, "position": position}
            )

    async def status(self) -> Any:
        """Ask the server how it and its engine are."""
        return await self._ask("codenook/status", {})

    async def _ask(self, method: str, params: dict[str, Any]) -> Any:
        return await self._client.protocol.send_request_async(method, params)

    def _ask_candidates(self, file: OpenFile, request_id: str) -> asyncio.Future[types.InlineCompletionList]:
        params = types.InlineCompletionParams(
            context=types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked),
            text_document=_document(file),
            position=_position(file),
        )
        answer: asyncio.Future[types.InlineCompletionList] = self._client.protocol.send_request_async(
            types.TEXT_DOCUMENT_INLINE_COMPLETION, params, msg_id=request_id
        )
        return answer


def _document(file: OpenFile) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(file.path.as_uri())


def _position(file: OpenFile) -> types.Position:
    """Return the cursor in the encoding agreed on, in which a character is a character."""
    before = file.text[: file.cursor]
    return types.Position(line=before.count("\n"), character=len(before) - before.rfind("\n") - 1)
