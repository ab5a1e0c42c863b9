"""Unit tests in an editor: made by the real job in the real sandbox, and put in by the editor alone."""

import asyncio
import subprocess

import pytest
import pytest_asyncio
from desk import SAFETY_NET_S, Desk, announced, applied
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from python_projects import environment

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
UNIT_TESTS = "codenook.unitTests"


class UnitTestsDesk(Desk):
    """One with projects to test."""

    def begin(self, name):
        """Make a project with a module of that name, open it, and forget what was."""
        folder = self.editor.workspace / name
        (folder / "tests").mkdir(parents=True)
        (folder / "pyproject.toml").write_text(PROJECT, encoding="utf-8")
        environment(folder)
        return super().begin(f"{name}/{name}.py", SOURCE)

    async def actions(self, name, line):
        return await super().actions(name, line, UNIT_TESTS)

    def command(self, name, **argument):
        return super().command(UNIT_TESTS, name, **{"symbol": "slow", **argument})


@pytest_asyncio.fixture(scope="module")
async def desk(start_shared_editor):
    return UnitTestsDesk(await start_shared_editor(options={"unit_tests_time_s": 300}, **announced()))


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
    await desk.at_rest()
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
    await desk.at_rest()
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
    await desk.at_rest()
    assert desk.edits == []


async def test_an_editor_that_takes_no_edits_is_offered_none(start_editor):
    desk = UnitTestsDesk(await start_editor(**announced(takes_edits=False)))
    assert not await desk.actions(desk.begin("untaken"), HALF)


async def test_without_a_sandbox_nothing_runs_and_it_is_said_what_to_install(
    start_editor, tmp_path, tmp_path_factory
):
    nothing = tmp_path_factory.mktemp("bin")
    desk = UnitTestsDesk(await start_editor(variables={"PATH": str(nothing)}, **announced()))
    module = desk.begin("bare")
    mark = tmp_path / "mark"
    text = f"open({str(mark)!r}, 'w')\n\n\ndef one() -> int:\n    return 1\n"
    (tmp_path / module).write_text(text, encoding="utf-8")
    desk.editor.change(module, types.TextDocumentContentChangeWholeDocument(text))
    answer = await desk.run(desk.command(module, symbol="one"))
    assert (answer.applied, answer.reason) == (False, "no_sandbox")
    assert "bubblewrap" in answer.message
    assert not mark.exists()
