"""An editor that has commands and actions at hand, takes edits, shows documents, and notes both."""

import asyncio
from functools import partial
from types import SimpleNamespace

import psutil
from lsprotocol import types

from codenook.server.lsp.positions import span_of

SAFETY_NET_S = 240
OPERATIONS = types.WorkspaceEditClientCapabilities(
    document_changes=True,
    resource_operations=[types.ResourceOperationKind.Create],
    change_annotation_support=types.ChangeAnnotationsSupportOptions(),
)
LITERALS = types.CodeActionClientCapabilities(
    code_action_literal_support=types.ClientCodeActionLiteralOptions(types.ClientCodeActionKindOptions([""])),
    disabled_support=True,
)
ACTION = types.Command | types.CodeAction
"""lsprotocol takes an action that has a command for a command."""


def announced(edits=OPERATIONS, *, takes_edits=True):
    return {
        "workspace": types.WorkspaceClientCapabilities(apply_edit=takes_edits, workspace_edit=edits),
        "window": types.WindowClientCapabilities(
            work_done_progress=True, show_document=types.ShowDocumentClientCapabilities(support=True)
        ),
        "text_document": types.TextDocumentClientCapabilities(code_action=LITERALS),
    }


class Desk:
    """An editor that takes edits and shows documents, and notes both."""

    def __init__(self, editor):
        self.editor, self.client = editor, editor.client
        self.edits, self.shown = [], []
        protocol = self.client.protocol
        protocol._converter.register_structure_hook(
            ACTION, lambda action, _: protocol._converter.structure(action, types.CodeAction)
        )
        for method, handler in {
            types.WORKSPACE_APPLY_EDIT: self._apply,
            types.WINDOW_SHOW_DOCUMENT: self._show,
        }.items():
            protocol.fm.features.pop(method, None)
            self.client.feature(method)(partial(handler))

    def _apply(self, params):
        self.edits.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=True)

    def _show(self, params):
        self.shown.append(params)
        return types.ShowDocumentResult(success=True)

    @property
    def messages(self):
        return [each.message for each in self.client.messages]

    def begin(self, name, text):
        """Write a file, open it, and forget what was."""
        path = self.editor.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.edits.clear()
        self.shown.clear()
        self.client.messages.clear()
        self.client.progress_reports.clear()
        self.editor.open(name, text)
        return name

    async def actions(self, name, line, kind):
        at = types.Position(line, 4)
        return await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.editor.uri(name)),
                types.Range(at, at),
                types.CodeActionContext([], only=[kind]),
            )
        )

    def command(self, command, name, **argument):
        return types.Command("", command, arguments=[{"uri": self.editor.uri(name), **argument}])

    async def run(self, command):
        params = types.ExecuteCommandParams(command.command, command.arguments)
        answer = await asyncio.wait_for(self.client.workspace_execute_command_async(params), SAFETY_NET_S)
        return SimpleNamespace(**answer)

    async def progress(self, has):
        """Wait for a report of the progress in which there is something; return the progress's token."""
        async with asyncio.timeout(SAFETY_NET_S):
            while True:
                for token, told in self.client.progress_reports.items():
                    if any(has in (getattr(each, "message", "") or "") for each in told):
                        return token
                await asyncio.sleep(0.05)

    def sandboxes(self):
        """The sandboxes of the server that run."""
        below = psutil.Process(self.editor.server.pid).children(recursive=True)
        return [process for process in below if process.is_running() and _name(process) == "bwrap"]

    async def at_rest(self):
        """Wait until no sandbox of the server runs."""
        async with asyncio.timeout(SAFETY_NET_S):
            while self.sandboxes():
                await asyncio.sleep(0.05)


def _name(process):
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


def applied(text, edits):
    for edit in reversed(edits):
        start, end = span_of(text, edit.range, "utf-16")
        text = text[:start] + edit.new_text + text[end:]
    return text
