"""An edit is sent for the document that it was made for, or not at all; whatever the editor says is told."""

import pytest
from attrs import evolve
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.workspace import Workspace

from codenook.server.documentation.edits import Edit
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.server import create_server
from codenook.server.lsp.workspace_edit import put_in

URI = "file:///a.py"
EDITS = [Edit(0, 0, "# one\n"), Edit(6, 6, "# two 🐢\n")]


class Sent:
    """What was sent to an editor that answers as it is told to."""

    def __init__(self, server):
        self.edits, self.answer = [], types.ApplyWorkspaceEditResult(applied=True)
        server.workspace_apply_edit_async = self._apply

    async def _apply(self, params):
        self.edits.append(params.edit)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def server():
    server = create_server({})
    server.protocol._workspace = Workspace(None)
    server.protocol.client_capabilities = types.ClientCapabilities()
    server.documents[URI] = OpenDocument.of(types.TextDocumentItem(URI, "python", 1, "x = 1\ny = 2\n"))
    yield server
    server.shutdown()


async def put(server, opened, snapshot):
    await put_in(server, opened, snapshot, EDITS, "Document")


async def test_edits_are_sent_in_order(server):
    sent, opened = Sent(server), server.documents[URI]
    await put(server, opened, opened.snapshot)
    (edit,) = sent.edits
    assert [(each.range.start.line, each.new_text) for each in edit.changes[URI]] == [
        (0, "# one\n"),
        (1, "# two 🐢\n"),
    ]


@pytest.mark.parametrize("is_closed", [True, False])
async def test_no_edit_of_a_document_that_is_another_by_now_is_sent(server, is_closed):
    sent, opened = Sent(server), server.documents[URI]
    snapshot = opened.snapshot
    if is_closed:
        del server.documents[URI]
    else:
        opened.snapshot = evolve(snapshot, text="z = 3\n", version=2)
    with pytest.raises(NoAnswer) as why:
        await put(server, opened, snapshot)
    assert (why.value.reason, sent.edits) == ("document_changed", [])


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (types.ApplyWorkspaceEditResult(applied=False, failure_reason="read only"), "read only"),
        (JsonRpcException("no such method", -32601), "no such method"),
    ],
)
async def test_what_an_editor_has_against_an_edit_is_told(server, answer, message):
    sent, opened = Sent(server), server.documents[URI]
    sent.answer = answer
    with pytest.raises(NoAnswer) as why:
        await put(server, opened, opened.snapshot)
    assert (why.value.reason, why.value.message) == ("edit_not_taken", message)
