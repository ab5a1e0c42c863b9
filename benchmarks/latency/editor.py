"""An editor's side of the protocol: one window on the real server, over stdio."""

import asyncio
import sys
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from attrs import define, frozen
from lsprotocol import types
from pygls.lsp.client import LanguageClient

import codenook

SERVER = (sys.executable, "-P", "-E", "-m", "codenook", "serve")
CAPABILITIES = types.ClientCapabilities(
    general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf16]),
    text_document=types.TextDocumentClientCapabilities(
        inline_completion=types.InlineCompletionClientCapabilities()
    ),
)
START_TIMEOUT_S = 30.0
LOOK_EVERY_S = 0.5


class ServerFailed(Exception):
    """The message is one line for the user."""


@define
class Window:
    """An open document and the cursor in it; the columns count characters, which must be ASCII."""

    uri: str
    line: int
    character: int
    version: int = 1


@frozen
class Answer:
    """What came back, and how long it took from sending the key or the request (ms)."""

    texts: tuple[str, ...]
    ms: float


class Editor(LanguageClient):
    """Opens documents, types keys and asks for candidates, as an editor does."""

    def __init__(self) -> None:
        super().__init__("codenook latency benchmark", codenook.__version__)
        self.reasons: Counter[str] = Counter()
        self.messages: list[str] = []
        self._stderr = b""
        self._reading: asyncio.Task[None] | None = None
        self.feature("codenook/answered")(partial(self._count_reason))
        self.feature(types.WINDOW_SHOW_MESSAGE)(partial(self._keep_message))

    async def start(self, folders: Sequence[Path], model: Path, *, memory: bool) -> None:
        """Start the server and greet it; raises ServerFailed with what it wrote to stderr."""
        await self.start_io(*SERVER, "--model", str(model))
        self._reading = asyncio.create_task(self._read_stderr())
        try:
            await asyncio.wait_for(
                self.initialize_async(
                    types.InitializeParams(
                        capabilities=CAPABILITIES,
                        initialization_options={"memory": memory},
                        workspace_folders=[types.WorkspaceFolder(f.as_uri(), f.name) for f in folders],
                    )
                ),
                START_TIMEOUT_S,
            )
        except (RuntimeError, TimeoutError):
            await asyncio.wait([self._reading], timeout=1.0)
            said = self._stderr.decode(errors="replace").strip() or "nothing on stderr"
            raise ServerFailed(f"the server did not start: {said}") from None
        self.initialized(types.InitializedParams())

    async def quit(self) -> None:
        """Say goodbye and wait until the server is gone."""
        await self.shutdown_async(None)
        self.exit(None)
        await self.stop()  # type: ignore[no-untyped-call]

    def open(self, path: Path, before: str, after: str) -> Window:
        """Show a document with the cursor between ``before`` and ``after``."""
        window = Window(path.as_uri(), before.count("\n"), len(before.rpartition("\n")[2]))
        item = types.TextDocumentItem(window.uri, "python", window.version, before + after)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return window

    def close(self, window: Window) -> None:
        """Close the document; what was shown in it is forgotten."""
        identifier = types.TextDocumentIdentifier(window.uri)
        self.text_document_did_close(types.DidCloseTextDocumentParams(identifier))

    def rest(self, window: Window) -> None:
        """Tell where the cursor rests, as codenook's own extensions do."""
        params = {
            "textDocument": {"uri": window.uri},
            "position": {"line": window.line, "character": window.character},
        }
        self.protocol.notify("codenook/cursor", params)

    async def press(self, window: Window, key: str) -> Answer:
        """Type one character and ask, as one step; the clock starts before the key is sent."""
        started = time.perf_counter()
        at = types.Position(window.line, window.character)
        window.version += 1
        window.character += 1
        identifier = types.VersionedTextDocumentIdentifier(window.version, window.uri)
        change = types.TextDocumentContentChangePartial(text=key, range=types.Range(at, at))
        self.text_document_did_change(types.DidChangeTextDocumentParams(identifier, [change]))
        return await self.ask(window, started=started)

    async def ask(self, window: Window, *, started: float | None = None) -> Answer:
        """Ask for candidates and wait for them."""
        started = started or time.perf_counter()
        items = (await self.send(window)).items
        ms = 1e3 * (time.perf_counter() - started)
        return Answer(tuple(str(item.insert_text) for item in items), ms)

    def send(
        self, window: Window, request_id: str | None = None
    ) -> asyncio.Future[types.InlineCompletionList]:
        """Ask for candidates with an explicit trigger, which the server never delays."""
        params = types.InlineCompletionParams(
            context=types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked),
            text_document=types.TextDocumentIdentifier(window.uri),
            position=types.Position(window.line, window.character),
        )
        answer: asyncio.Future[types.InlineCompletionList] = self.protocol.send_request_async(
            types.TEXT_DOCUMENT_INLINE_COMPLETION, params, msg_id=request_id or str(uuid.uuid4())
        )
        return answer

    async def indexes_are_current(self) -> None:
        """Wait until the server has read the folders: that takes both cores, once for each workspace."""
        while not (found := (await self._status()).indexes) or not all(i.is_current for i in found):  # noqa: ASYNC110 - asked over the wire
            await asyncio.sleep(LOOK_EVERY_S)

    async def _status(self) -> Any:
        return await self.protocol.send_request_async("codenook/status", None)

    async def explain(self, window: Window) -> Any:
        """Return what the server says of the model's latest answer in this document."""
        params = {"textDocument": {"uri": window.uri}}
        return await self.protocol.send_request_async("codenook/explain", params)

    def _count_reason(self, params: Any) -> None:
        self.reasons[params.reason] += 1

    def _keep_message(self, params: types.ShowMessageParams) -> None:
        self.messages.append(params.message)

    async def _read_stderr(self) -> None:
        if self._server is not None and self._server.stderr is not None:
            while line := await self._server.stderr.readline():
                self._stderr = (self._stderr + line)[-2000:]
