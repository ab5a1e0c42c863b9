"""A real editor's side of the protocol: `Editor` drives a real server process with the real engine."""

import asyncio
import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

from codenook.models.engine import endpoint
from codenook.models.engine.client import stop_engine

SERVER = [sys.executable, "-P", "-E", "-m", "codenook", "serve"]
SAFETY_NET_S = 30.0


class Editor:
    """One editor window: a client, its server process, and what the server told it."""

    def __init__(self, client: LanguageClient, workspace: Path) -> None:
        self.client = client
        self.workspace = workspace
        self.answered: list[Any] = []
        self.initialized: types.InitializeResult
        self._versions: dict[str, int] = {}
        self._counted: dict[str, int] = {}
        client.feature("codenook/answered")(partial(self.answered.append))
        self.registrations: list[types.RegistrationParams] = []
        client.feature(types.CLIENT_REGISTER_CAPABILITY)(partial(self.registrations.append))

    def uri(self, name: str) -> str:
        return (self.workspace / name).as_uri()

    def open(self, name: str, text: str, language: str = "python") -> None:
        self._versions[name] = 1
        item = types.TextDocumentItem(self.uri(name), language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def close(self, name: str) -> None:
        del self._versions[name]
        identifier = types.TextDocumentIdentifier(self.uri(name))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))

    def insert(self, name: str, line: int, character: int, text: str) -> None:
        """Type ``text`` at a position in code units of the negotiated encoding."""
        at = types.Position(line, character)
        self.change(name, types.TextDocumentContentChangePartial(text=text, range=types.Range(at, at)))

    def change(self, name: str, *changes: types.TextDocumentContentChangeEvent) -> None:
        self._versions[name] += 1
        identifier = types.VersionedTextDocumentIdentifier(self._versions[name], self.uri(name))
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(identifier, changes))

    def ask(
        self,
        name: str,
        line: int,
        character: int,
        *,
        automatic: bool = False,
        selected: types.SelectedCompletionInfo | None = None,
        request_id: str | None = None,
    ) -> Awaitable[list[types.InlineCompletionItem]]:
        """Send the request at once; await what is returned for the items."""
        kind = types.InlineCompletionTriggerKind
        params = types.InlineCompletionParams(
            context=types.InlineCompletionContext(kind.Automatic if automatic else kind.Invoked, selected),
            text_document=types.TextDocumentIdentifier(self.uri(name)),
            position=types.Position(line, character),
        )
        answer = self.client.protocol.send_request(
            types.TEXT_DOCUMENT_INLINE_COMPLETION, params, msg_id=request_id
        )
        return asyncio.ensure_future(within(_items(answer)))

    async def ask_anywhere(
        self, texts: Iterable[str], encoding: str = "utf-16"
    ) -> tuple[str, types.Position, list[types.InlineCompletionItem]]:
        """Ask at the ``|`` of each text in turn until a candidate can be typed along."""
        for number, marked in enumerate(texts):
            name, text = f"place_{number}.py", marked.replace("|", "")
            before = marked.partition("|")[0].rpartition("\n")[2]
            position = types.Position(marked.partition("|")[0].count("\n"), n_units(before, encoding))
            self.open(name, text)
            items = await self.ask(name, position.line, position.character)
            if any(len(item.insert_text) > 1 for item in items):
                return name, position, items
        pytest.fail("the model has no candidate anywhere")

    async def accept(self, item: types.InlineCompletionItem) -> None:
        assert item.command is not None
        await within(
            self.client.workspace_execute_command_async(
                types.ExecuteCommandParams(item.command.command, item.command.arguments)
            )
        )

    async def status(self) -> Any:
        return await within(self.client.protocol.send_request_async("codenook/status"))

    async def counters(self) -> dict[str, int]:
        """What the server counted since the test began."""
        counters = (await self.status()).counters._asdict()
        return {name: count - self._counted.get(name, 0) for name, count in counters.items()}

    async def begin(self) -> None:
        """Forget what earlier tests left."""
        for name in list(self._versions):
            self.close(name)
        self._counted = (await self.status()).counters._asdict()
        self.answered.clear()
        self.client.messages.clear()

    async def engine(self) -> Any:
        """Wait until the engine is there and return its account of itself."""
        while (engine := (await self.status()).engine) is None:
            pass
        return engine

    def say(self, message: dict[str, Any]) -> None:
        """Send a message of any shape."""
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    @property
    def server(self) -> Any:
        return self.client._server

    async def quit(self) -> int:
        """Say goodbye, unless the server is gone already, and return its exit status."""
        if not self.client.stopped:
            await within(self.client.shutdown_session())
        await within(self.client.stop())
        status: int = await within(self.server.wait())
        return status


async def _items(answer: Future[types.InlineCompletionList]) -> list[types.InlineCompletionItem]:
    return list((await asyncio.wrap_future(answer)).items)


def n_units(text: str, encoding: str) -> int:
    """Return the length of ``text`` in code units."""
    return len(text.encode(f"{encoding}-le" if encoding != "utf-8" else encoding)) * 8 // int(encoding[4:])


async def within(waiting: Awaitable[Any]) -> Any:
    """Await, but not forever: the net under a test, never its measure."""
    return await asyncio.wait_for(waiting, SAFETY_NET_S)


StartEditor = Callable[..., Awaitable[Editor]]


def capabilities(**changes: Any) -> types.ClientCapabilities:
    """What an editor with everything that codenook uses announces, unless told otherwise."""
    announced: dict[str, Any] = {
        "general": types.GeneralClientCapabilities(position_encodings=["utf-16"]),
        "text_document": types.TextDocumentClientCapabilities(
            inline_completion=types.InlineCompletionClientCapabilities(),
            code_action=types.CodeActionClientCapabilities(
                code_action_literal_support=types.ClientCodeActionLiteralOptions(
                    types.ClientCodeActionKindOptions([""])
                ),
            ),
        ),
        "window": types.WindowClientCapabilities(work_done_progress=True),
        "workspace": types.WorkspaceClientCapabilities(
            apply_edit=True,
            workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
            configuration=True,
            did_change_configuration=types.DidChangeConfigurationClientCapabilities(
                dynamic_registration=True
            ),
        ),
    }
    return types.ClientCapabilities(**(announced | changes))


@pytest.fixture
def units() -> Callable[[str, str], int]:
    return n_units


@pytest.fixture
def behind() -> Callable[[types.Position, str], types.Position]:
    """Return the place behind a character that is typed at a place."""

    def place(position: types.Position, typed: str) -> types.Position:
        if typed == "\n":
            return types.Position(position.line + 1, 0)
        return types.Position(position.line, position.character + 1)

    return place


@pytest.fixture(scope="session")
def runtime_directory() -> Iterator[Path]:
    """Keep the engines of these tests apart from the user's; a short path, as sockets need."""
    directory = Path(tempfile.mkdtemp(prefix="codenook-"))
    yield directory
    shutil.rmtree(directory, ignore_errors=True)  # the engine removes its socket meanwhile


@pytest_asyncio.fixture(scope="session")
async def environment(runtime_directory: Path) -> AsyncIterator[dict[str, str]]:
    """The environment of the servers; the engines that they started end with the session."""
    own = {
        "CODENOOK_RUNTIME_DIR": str(runtime_directory),
        "CODENOOK_CONFIG_FILE": str(runtime_directory / "config.toml"),
        "CODENOOK_CACHE_DIR": str(runtime_directory / "cache"),
    }
    yield os.environ | own
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CODENOOK_RUNTIME_DIR", str(runtime_directory))
        for socket in endpoint.sockets():
            with contextlib.suppress(OSError):
                await stop_engine(socket)


@contextlib.asynccontextmanager
async def editors(environment: dict[str, str], workspace: Path) -> AsyncIterator[StartEditor]:
    """Give a function that starts an editor with its server; all are shut down at the end."""
    started: list[Editor] = []

    async def start(
        *,
        options: Any = None,
        configuration: dict[str, Any] | None = None,
        arguments: tuple[str, ...] = (),
        variables: Mapping[str, str] | None = None,
        **changes: Any,
    ) -> Editor:
        own = environment | dict(variables or {})
        config = ClientServerConfig(server_command=[*SERVER, *arguments], server_env=own)
        client = await config.start()
        editor = Editor(client, workspace)
        started.append(editor)
        client.set_configuration(configuration or {}, section="codenook")
        editor.initialized = await within(
            client.initialize_session(
                types.InitializeParams(
                    capabilities=capabilities(**changes),
                    workspace_folders=[types.WorkspaceFolder(workspace.as_uri(), "workspace")],
                    initialization_options=options,
                )
            )
        )
        return editor

    yield start
    for editor in started:
        await editor.quit()


@pytest_asyncio.fixture
async def start_editor(environment: dict[str, str], tmp_path: Path) -> AsyncIterator[StartEditor]:
    """A function that starts an editor of the test's own, with settings and capabilities of its choice."""
    async with editors(environment, tmp_path) as start:
        yield start


@pytest_asyncio.fixture(scope="session")
async def start_shared_editor(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[StartEditor]:
    """Like `start_editor`, for an editor that several tests share."""
    async with editors(environment, tmp_path_factory.mktemp("workspace")) as start:
        yield start


@pytest_asyncio.fixture(scope="session")
async def shared_editor(
    environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Editor]:
    async with editors(environment, tmp_path_factory.mktemp("workspace")) as start:
        yield await start()


@pytest_asyncio.fixture
async def editor(shared_editor: Editor) -> Editor:
    """An editor with the default settings; several tests share its server, which takes a second to start."""
    await shared_editor.begin()
    return shared_editor
