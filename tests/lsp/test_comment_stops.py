"""Comments that are stopped or refused in an editor: the model is idle at once, and the answer says why."""

import ast
import asyncio

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from test_comment import EDITS, NAMES, TEXT, Window, applied

N_PARTS = 60
LONG = f"def configure({', '.join(f'option_{n}' for n in range(N_PARTS))}):\n    print(option_0)\n"
"""A function that a model has to be asked about so often that there is time to stop it."""

CANCELLED = -32800
SAFETY_NET_S = 120

N_IDLE = 100
"""How often in a row an engine at rest is asked: between two questions of a comment it rests for a moment."""


class Busy(Window):
    """An editor whose server is kept busy with comments."""

    async def engine(self):
        return await self.editor.engine()

    def command(self, name, **argument):
        uri = self.editor.uri(name)
        argument = {"uri": uri, "symbol": "configure", **argument}
        return types.Command("Document", "codenook.comment", arguments=[argument])

    async def begin(self, *names):
        """Ask for a long comment in each document; return the answers to come once a model writes."""
        for name in names:
            self.editor.open(name, LONG)
        before = (await self.engine()).requests
        running = [asyncio.ensure_future(self.run(self.command(name))) for name in names]
        async with asyncio.timeout(SAFETY_NET_S):
            while (await self.engine()).requests < before + 2:
                assert not running[0].done()
        return running

    async def stopped(self):
        """Wait until the model rests, not only between two questions; return how often it was asked."""
        n_asked, n_idle = -1, 0
        async with asyncio.timeout(SAFETY_NET_S):
            while n_idle < N_IDLE:
                engine = await self.engine()
                is_at_rest = not engine.busy and engine.requests == n_asked
                n_asked, n_idle = engine.requests, n_idle + 1 if is_at_rest else 0
        return n_asked


def configure(editor, **settings):
    editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"codenook": settings})
    )


@pytest.fixture
async def window(start_editor):
    workspace = types.WorkspaceClientCapabilities(apply_edit=True, workspace_edit=EDITS)
    return Busy(await start_editor(workspace=workspace))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda editor: editor.insert("long.py", 0, 0, "#\n"), "document_changed"),
        (lambda editor: editor.close("long.py"), "document_not_open"),
        (lambda editor: editor.open("long.py", LONG), "document_changed"),
        (lambda editor: configure(editor, n_candidates=2), "settings_changed"),
    ],
)
async def test_a_document_that_changes_stops_the_model(window, change, reason):
    (running,) = await window.begin("long.py")
    asked = (await window.engine()).requests
    change(window.editor)
    answer = await running
    assert (answer.applied, answer.reason) == (False, reason)
    assert await window.stopped() < asked + N_PARTS // 2
    assert window.edits == []


async def test_the_cancel_button_stops_the_model(window):
    (running,) = await window.begin("long.py")
    asked = (await window.engine()).requests
    told = window.editor.client.progress_reports
    shown = []
    async with asyncio.timeout(SAFETY_NET_S):
        while not shown:
            await window.engine()
            shown = [token for token, each in told.items() if each and "documenting" in each[0].title]
    begin = told[shown[0]][0]
    assert begin.cancellable
    window.editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(shown[0]))
    answer = await running
    assert (answer.applied, answer.reason) == (False, "cancelled")
    assert await window.stopped() < asked + N_PARTS // 2
    assert (window.edits, window.messages) == ([], [])
    assert isinstance(told[shown[0]][-1], types.WorkDoneProgressEnd)


async def test_what_was_written_of_a_document_stays_when_the_rest_is_cancelled(window):
    window.editor.open("files.py", f"{TEXT}\n\n{LONG}")
    told = window.editor.client.progress_reports
    argument = {"uri": window.editor.uri("files.py"), "version": 1}
    command = types.Command("Document", "codenook.commentDocument", arguments=[argument])
    running = asyncio.ensure_future(window.run(command))
    at_last = []
    async with asyncio.timeout(SAFETY_NET_S):
        while not at_last:
            await window.engine()
            at_last = [
                token for token, each in told.items() if each and "configure" in (each[-1].message or "")
            ]
            assert not running.done()
    window.editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(at_last[0]))
    answer = await running
    assert (answer.applied, answer.reason, answer.left) == (True, "cancelled", ["configure"])
    assert [result["symbol"] for result in answer.results] == ["", *NAMES]
    (change,) = window.edits[0].document_changes
    documented = [result["symbol"] for result in answer.results if result["edit"]]
    assert len(change.edits) == len(documented) > 0
    after = f"{TEXT}\n\n{LONG}"
    for edit in reversed(change.edits):
        after = applied(after, edit)
    tree = {getattr(node, "name", ""): node for node in ast.walk(ast.parse(after))}
    assert all(ast.get_docstring(tree[name]) for name in documented if name)


async def test_a_withdrawn_command_stops_the_model(window):
    window.editor.open("other.py", LONG)
    before = (await window.engine()).requests
    command = window.command("other.py")
    params = types.ExecuteCommandParams(command.command, command.arguments)
    protocol = window.editor.client.protocol
    running = asyncio.wrap_future(protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="c"))
    async with asyncio.timeout(SAFETY_NET_S):
        while (await window.engine()).requests < before + 2:
            assert not running.done()
    protocol.notify(types.CANCEL_REQUEST, types.CancelParams("c"))
    with pytest.raises(JsonRpcException) as error:
        await running
    assert error.value.code == CANCELLED
    assert await window.stopped() < before + N_PARTS // 2
    assert window.edits == []


async def test_one_comment_is_written_at_a_time_and_eight_wait(window):
    names = [f"long_{number}.py" for number in range(11)]
    running = await window.begin(*names)
    refused = await asyncio.gather(*running[9:])
    assert not any(each.done() for each in running[:9])
    assert [answer.reason for answer in refused] == ["too_many_requests"] * 2
    asked = (await window.engine()).requests
    for name in names[:9]:
        window.editor.close(name)
    answers = await asyncio.gather(*running[:9])
    assert [answer.reason for answer in answers] == ["document_not_open"] * 9
    assert await window.stopped() < asked + N_PARTS // 2


async def test_more_than_one_sentence_can_be_about_is_refused_without_a_question(window):
    window.editor.open("lines.py", "x = 1\n" * 5000)
    window.editor.open("wide.py", LONG.replace("option_0,", "".join(f"more_{n}, " for n in range(9))))
    asked = (await window.engine()).requests
    answers = [
        await window.run(window.command("lines.py", symbol="", lines=[1, 5000])),
        await window.run(window.command("wide.py")),
    ]
    assert [answer.reason for answer in answers] == ["too_much_to_say"] * 2
    assert (await window.engine()).requests == asked
