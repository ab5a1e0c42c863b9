"""The language server: which method is answered where, and the process around it."""

import asyncio
import contextlib
import gc
import json
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.exceptions import JsonRpcParseError
from pygls.io_ import StdoutWriter

from codenook.server.lsp.code_action import code_action
from codenook.server.lsp.code_lens import code_lens
from codenook.server.lsp.comment import KIND
from codenook.server.lsp.comment_document import KIND as SOURCE_KIND
from codenook.server.lsp.completion import TRIGGER_CHARACTERS, completion
from codenook.server.lsp.context import CONTEXT, context
from codenook.server.lsp.cursor import CURSOR, cursor
from codenook.server.lsp.execute_command import COMMANDS, execute_command
from codenook.server.lsp.explain import EXPLAIN, explain
from codenook.server.lsp.inline_completion import inline_completion
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.lifecycle import (
    DID_CHANGE_MACHINE_SETTINGS,
    did_change_configuration,
    did_change_machine_settings,
    initialize,
    initialized,
    shutdown,
)
from codenook.server.lsp.logs import set_up_logs
from codenook.server.lsp.review_actions import KIND as REVIEW_KIND
from codenook.server.lsp.review_actions import SELECTION_KIND
from codenook.server.lsp.status import STATUS, status
from codenook.server.lsp.stdio import claim_stdio, next_body
from codenook.server.lsp.tcp import accept_one
from codenook.server.lsp.text_sync import did_change, did_close, did_open, did_save
from codenook.server.lsp.translate_actions import KIND as TRANSLATE_KIND
from codenook.server.lsp.translate_actions import SOURCE_KIND as TRANSLATE_FILE_KIND
from codenook.server.lsp.translation_target import TRANSLATION_TARGETS, translation_targets
from codenook.server.lsp.unit_tests import KIND as UNIT_TESTS_KIND
from codenook.server.lsp.watched_files import did_change_watched_files, did_change_workspace_folders

HANDLERS: Mapping[str, Callable[..., Any]] = {
    types.INITIALIZE: initialize,
    types.INITIALIZED: initialized,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: did_change_configuration,
    DID_CHANGE_MACHINE_SETTINGS: did_change_machine_settings,
    types.SHUTDOWN: shutdown,
    types.TEXT_DOCUMENT_DID_OPEN: did_open,
    types.TEXT_DOCUMENT_DID_CHANGE: did_change,
    types.TEXT_DOCUMENT_DID_CLOSE: did_close,
    types.TEXT_DOCUMENT_DID_SAVE: did_save,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: did_change_watched_files,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: did_change_workspace_folders,
    types.TEXT_DOCUMENT_INLINE_COMPLETION: inline_completion,  # these two: never both, see initialize
    types.TEXT_DOCUMENT_COMPLETION: completion,
    types.TEXT_DOCUMENT_CODE_ACTION: code_action,
    types.TEXT_DOCUMENT_CODE_LENS: code_lens,
    types.WORKSPACE_EXECUTE_COMMAND: execute_command,
    CONTEXT: context,
    CURSOR: cursor,
    EXPLAIN: explain,
    STATUS: status,
    TRANSLATION_TARGETS: translation_targets,
}
OPTIONS: Mapping[str, Any] = {
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions(
        [
            types.CodeActionKind.QuickFix,
            KIND,
            SOURCE_KIND,
            REVIEW_KIND,
            SELECTION_KIND,
            TRANSLATE_KIND,
            TRANSLATE_FILE_KIND,
            UNIT_TESTS_KIND,
        ]
    ),
    types.TEXT_DOCUMENT_CODE_LENS: types.CodeLensOptions(),
    types.TEXT_DOCUMENT_INLINE_COMPLETION: types.InlineCompletionOptions(),
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(trigger_characters=TRIGGER_CHARACTERS),
}
SWITCH_S = 0.0005
"""How long a thread that chooses context or verifies may keep the one that answers the editor waiting."""


def serve(
    overrides: Mapping[str, object], *, tcp_address: str | None = None, allow_remote: bool = False
) -> int:
    """Serve one editor until it hangs up, over stdin and stdout or over TCP; return the exit status.

    ``overrides`` are settings from the command line. The status is 0 after ``shutdown``, else 1.
    Raises AddressError when ``tcp_address`` can't be listened on.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Python's own handler waits for the input to end
    if tcp_address is None:
        protocol_in, protocol_out = claim_stdio()
    else:
        protocol_in, protocol_out = accept_one(tcp_address, allow_remote=allow_remote)
    set_up_logs()
    server = create_server(overrides)
    server.protocol.set_writer(StdoutWriter(protocol_out))
    sys.setswitchinterval(SWITCH_S)
    gc.freeze()  # what was imported stays: looking through it for garbage would make a request wait
    with contextlib.suppress(SystemExit, ConnectionError):  # `exit` and an editor that died
        asyncio.run(_receive(server, protocol_in))
    server.workspaces.close_all()
    server.shutdown()  # type: ignore[no-untyped-call]
    return 0 if server.has_shut_down else 1


async def _receive(server: CodenookServer, stream: BinaryIO) -> None:
    """Handle messages until the stream ends; one that cannot be read is answered with an error, too."""
    loop = asyncio.get_running_loop()
    while True:
        try:
            body = await loop.run_in_executor(server.thread_pool, next_body, stream)
            if body is None:
                return
            message = json.loads(body)
        except (ValueError, RecursionError):
            server.protocol.refuse(None, JsonRpcParseError())
        else:
            server.protocol.handle_message(message)


def create_server(overrides: Mapping[str, object]) -> CodenookServer:
    """Return a server that answers everything above."""
    server = CodenookServer(overrides)
    for method in (
        types.TEXT_DOCUMENT_DID_OPEN,
        types.TEXT_DOCUMENT_DID_CHANGE,
        types.TEXT_DOCUMENT_DID_CLOSE,
        types.WORKSPACE_EXECUTE_COMMAND,
    ):
        del server.protocol.fm.builtin_features[method]  # text_sync and execute_command answer these instead
    for method, handler in HANDLERS.items():
        server.feature(method, OPTIONS.get(method))(handler)
    for name, command in COMMANDS.items():
        server.command(name)(command.handler)  # so that it is announced
    return server
