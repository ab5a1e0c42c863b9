"""Unit tests in an editor: made by the real job in the real sandbox, and put in by the editor alone."""

import asyncio
import subprocess
from functools import partial
from types import SimpleNamespace

import psutil
import pytest
import pytest_asyncio
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from python_projects import environment

from codenook.server.lsp.positions import span_of

SOURCE = '''\
"""Numbers of a shop."""

import time


def half(value: int) -> int:
    """Cut a value in two."""
    return value // 2


class Price:
    """An amount."""

    def __init__(self, amount: int) -> None:
        self.amount = amount

    def doubled(self) -> int:
        """Twice the amount."""
        return self.amount * 2

    def __hidden(self) -> int:
        return self.amount


def slow(value: int) -> int:
    """Take a while."""
    time.sleep(0.5)
    return value + 1
'''
PROJECT = '[project]\nname = "shop"\nversion = "1"\n\n[tool.pytest.ini_options]\npythonpath = ["."]\n'
HALF, DOUBLED, HIDDEN = 6, 17, 20
"""Lines in these functions, from 0."""
CANCELLED = -32800
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

    def begin(self, name):
        """Make a project with a module of that name, open it, and forget what was."""
        folder = self.editor.workspace / name
        (folder / "tests").mkdir(parents=True)
        (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
        environment(folder)
        module = f"{name}/{name}.py"
        (self.editor.workspace / module).write_text(SOURCE, encoding="utf-8")
        self.edits.clear()
        self.shown.clear()
        self.client.messages.clear()
        self.client.progress_reports.clear()
        self.editor.open(module, SOURCE)
        return module

    async def actions(self, name, line):
        at = types.Position(line, 4)
        return await self.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.editor.uri(name)),
                types.Range(at, at),
                types.CodeActionContext([], only=["codenook.unitTests"]),
            )
        )

    def command(self, name, **argument):
        argument = {"uri": self.editor.uri(name), "symbol": "slow", **argument}
        return types.Command("Write", "codenook.unitTests", arguments=[argument])

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


def _name(process):
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ""


@pytest_asyncio.fixture(scope="module")
async def desk(start_shared_editor):
    return Desk(await start_shared_editor(options={"unit_tests_time_s": 300}, **announced()))


def applied(text, edits):
    for edit in reversed(edits):
        start, end = span_of(text, edit.range, "utf-16")
        text = text[:start] + edit.new_text + text[end:]
    return text


def run_outside(folder):
    """Run the project's tests as its people do; the last line says how many passed."""
    pytest_ = [folder / ".venv" / "bin" / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(pytest_, cwd=folder, capture_output=True, text=True, check=False).stdout


async def test_an_action_shows_progress_and_then_a_test_file_that_passes(desk):
    module = desk.begin("shop")
    (action,) = await desk.actions(module, HALF)
    assert (action.title, action.kind, action.edit) == (
        "Write unit tests for half",
        "codenook.unitTests",
        None,
    )
    answer = await desk.run(action.command)
    assert (answer.applied, answer.reason, answer.is_new) == (True, None, True), answer.message
    ((created, written),) = [edit.document_changes for edit in desk.edits]
    assert created.uri == written.text_document.uri == answer.uri == desk.shown[0].uri
    folder = desk.editor.workspace / "shop"
    place = folder.parent / answer.path
    assert place.as_uri() == answer.uri
    assert not place.exists()  # the editor writes it, nobody else
    place.write_text(applied("", written.edits), encoding="utf-8")
    n = len(answer.tests)
    assert n
    assert f"{n} passed" in run_outside(folder)
    assert answer.killed > 0
    assert answer.coverage["after"]["ran"] > 0
    assert answer.report.startswith("# Unit tests for `half`")
    assert "```diff" in answer.report
    assert any(message.startswith(f"codenook: {n} test") for message in desk.messages)
    check_progress(desk)


def check_progress(desk):
    """What is being done was shown, ever further, and that it is over."""
    ((begin, *reports, end),) = [
        told for told in desk.client.progress_reports.values() if "unit tests" in told[0].title
    ]
    assert (begin.title, begin.cancellable) == ("codenook: writing unit tests", True)
    assert any("by rule" in each.message for each in reports)
    shares = [each.percentage for each in reports]
    assert shares == sorted(shares)
    assert shares[-1] > shares[0]
    assert isinstance(end, types.WorkDoneProgressEnd)


async def test_an_open_test_file_is_added_to_and_keeps_what_it_has(desk):
    module = desk.begin("added")
    before = "from added import Price\n\n\ndef test_amount():\n    assert Price(3).amount == 3  # unsaved\n"
    name = "added/tests/test_added.py"
    (desk.editor.workspace / name).write_text("# saved\n", encoding="utf-8")
    desk.editor.open(name, before)
    (action,) = await desk.actions(module, DOUBLED)
    answer = await desk.run(action.command)
    assert (answer.applied, answer.path) == (True, name), answer.message
    (written,) = desk.edits[0].document_changes
    assert (written.text_document.uri, written.text_document.version) == (desk.editor.uri(name), 1)
    after = applied(before, written.edits)
    assert "assert Price(3).amount == 3  # unsaved\n" in after
    assert after == answer.text
    (desk.editor.workspace / name).write_text(after, encoding="utf-8")
    assert f"{1 + len(answer.tests)} passed" in run_outside(desk.editor.workspace / "added")
    (shown,) = desk.shown
    assert shown.selection.start.line > 3


async def test_what_no_test_could_call_is_disabled_and_files_of_tests_have_no_action(desk):
    module = desk.begin("hidden")
    (action,) = await desk.actions(module, HIDDEN)
    assert "private to a class" in action.disabled.reason
    assert action.command is None
    desk.editor.open("hidden/tests/test_x.py", "def test_x():\n    pass\n")
    assert not await desk.actions("hidden/tests/test_x.py", 0)
    answer = await desk.run(desk.command(module, symbol="Price.__hidden"))
    assert (answer.applied, answer.reason) == (False, "not_testable")
    assert any("no tests (not_testable)" in message for message in desk.messages)


async def test_the_cancel_button_stops_what_runs(desk):
    module = desk.begin("stopped")
    running = asyncio.ensure_future(desk.run(desk.command(module)))
    token = await desk.progress("by rule")
    desk.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    answer = await running
    assert (answer.applied, answer.reason) == (False, "cancelled")
    await at_rest(desk)
    assert (desk.edits, desk.messages) == ([], [])


async def test_a_withdrawn_request_is_answered_so(desk):
    module = desk.begin("withdrawn")
    command = desk.command(module)
    params = types.ExecuteCommandParams(command.command, command.arguments)
    answer = desk.client.protocol.send_request(types.WORKSPACE_EXECUTE_COMMAND, params, msg_id="withdrawn")
    await desk.progress("by rule")
    desk.client.protocol.notify(types.CANCEL_REQUEST, types.CancelParams("withdrawn"))
    with pytest.raises(JsonRpcException) as error:
        await asyncio.wait_for(asyncio.wrap_future(answer), SAFETY_NET_S)
    assert error.value.code == CANCELLED
    await at_rest(desk)
    assert desk.edits == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda editor, name: editor.insert(name, 0, 0, "#\n"), "document_changed"),
        (lambda editor, name: editor.close(name), "document_not_open"),
    ],
)
async def test_tests_of_another_text_are_not_put_in(desk, change, reason):
    module = desk.begin(f"late_{reason}")
    running = asyncio.ensure_future(desk.run(desk.command(module)))
    await desk.progress("by rule")
    change(desk.editor, module)
    answer = await running
    assert (answer.applied, answer.reason) == (False, reason)
    await at_rest(desk)
    assert desk.edits == []


async def at_rest(desk):
    """Wait until no sandbox of the server runs."""
    async with asyncio.timeout(SAFETY_NET_S):
        while desk.sandboxes():
            await asyncio.sleep(0.05)


async def test_an_editor_that_takes_no_edits_is_offered_none(start_editor):
    desk = Desk(await start_editor(**announced(takes_edits=False)))
    assert not await desk.actions(desk.begin("untaken"), HALF)


async def test_without_a_sandbox_nothing_runs_and_it_is_said_what_to_install(
    start_editor, tmp_path, tmp_path_factory
):
    nothing = tmp_path_factory.mktemp("bin")
    desk = Desk(await start_editor(variables={"PATH": str(nothing)}, **announced()))
    module = desk.begin("bare")
    mark = tmp_path / "mark"
    text = f"open({str(mark)!r}, 'w')\n\n\ndef one() -> int:\n    return 1\n"
    (tmp_path / module).write_text(text, encoding="utf-8")
    desk.editor.change(module, types.TextDocumentContentChangeWholeDocument(text))
    answer = await desk.run(desk.command(module, symbol="one"))
    assert (answer.applied, answer.reason) == (False, "no_sandbox")
    assert "bubblewrap" in answer.message
    assert not mark.exists()
