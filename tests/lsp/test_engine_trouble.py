"""The engine dies, is shared, or cannot start: the editor gets a reason, and the next request works."""

import contextlib
import os
import signal

import pytest
from lsprotocol import types

TEXT = "def add(a, b):\n    return \n"


@pytest.fixture
def frozen_engine():
    """Return a function that stops an engine's process in its tracks; it goes on at the test's end."""
    frozen = []

    def freeze(pid):
        os.kill(pid, signal.SIGSTOP)
        frozen.append(pid)

    yield freeze
    for pid in frozen:
        thaw(pid)


def thaw(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


async def test_killed_in_the_middle_of_a_request(editor, frozen_engine):
    editor.open("a.py", TEXT)
    await editor.ask("a.py", 1, 11)
    pid = (await editor.engine()).pid
    editor.insert("a.py", 0, 0, "import os\n")
    frozen_engine(pid)
    answer = editor.ask("a.py", 2, 11)
    assert (await editor.counters())["requests"] == 2  # so the request is under way
    os.kill(pid, signal.SIGKILL)
    assert await answer == []
    assert editor.answered[-1].reason == "engine_died"

    n_empty = len(editor.answered)
    editor.insert("a.py", 0, 0, "import re\n")
    await editor.ask("a.py", 3, 11)
    assert (await editor.engine()).pid != pid
    reasons = {answered.reason for answered in editor.answered[n_empty:]}
    assert reasons <= {"not_verified", "no_candidate"}


async def test_two_windows_share_one_engine(start_editor):
    one, other = await start_editor(), await start_editor()
    for editor in (one, other):
        editor.open("a.py", TEXT)
        await editor.ask("a.py", 1, 11)
    engine = await one.engine()
    assert engine.pid == (await other.engine()).pid
    assert engine.connections >= 2


async def test_progress_while_the_engine_starts(start_editor):
    editor = await start_editor(options={"machine": {"engine_idle_s": 5}})  # other options, so another engine
    editor.open("a.py", TEXT)
    await editor.engine()
    await editor.ask("a.py", 1, 11)
    (reports,) = editor.client.progress_reports.values()
    assert [report.kind for report in (reports[0], reports[-1])] == ["begin", "end"]
    assert {report.kind for report in reports[1:-1]} == {"report"}


async def test_no_progress_for_an_editor_that_cannot_show_it(start_editor):
    options = {"machine": {"engine_idle_s": 6}}
    editor = await start_editor(options=options, window=types.WindowClientCapabilities())
    editor.open("a.py", TEXT)
    await editor.engine()
    assert editor.client.progress_reports == {}


async def test_a_missing_model_is_named_once(start_editor):
    editor = await start_editor(options={"machine": {"model": "/nowhere/model.gguf"}})
    editor.open("a.py", TEXT)
    for _ in range(2):
        assert await editor.ask("a.py", 1, 11) == []
    assert [answered.reason for answered in editor.answered] == ["model_missing"] * 2
    (message,) = editor.client.messages
    assert "/nowhere/model.gguf" in message.message


async def test_what_does_not_fit_the_changed_document_is_not_shown(editor, frozen_engine):
    editor.open("a.py", TEXT)
    await editor.ask("a.py", 1, 11)
    pid = (await editor.engine()).pid
    editor.insert("a.py", 0, 0, "import os\n")
    frozen_engine(pid)
    answer = editor.ask("a.py", 2, 11)
    editor.insert("a.py", 0, 0, "# a line above\n")
    thaw(pid)
    assert await answer == []
    assert editor.answered[-1].reason in {"document_changed", "not_verified", "no_candidate"}


async def test_typing_along_while_the_model_writes(editor, frozen_engine, behind):
    name, position, items = await editor.ask_anywhere([TEXT.replace("return ", "return |")])
    pid = (await editor.engine()).pid
    editor.close(name)
    editor.open(name, TEXT)  # nothing is remembered of what was shown
    frozen_engine(pid)
    answer = editor.ask(name, position.line, position.character)
    suggested = next(item.insert_text for item in items if item.insert_text[1:].strip())
    editor.insert(name, position.line, position.character, suggested[0])
    thaw(pid)
    after = behind(position, suggested[0])
    first, *_ = await answer
    assert (first.insert_text, first.range) == (suggested[1:], types.Range(after, after))


async def test_typing_along_a_selected_item_while_the_model_writes(editor, frozen_engine):
    """What comes then goes to the new cursor: the range of the menu's item was one of the old text."""
    text = "values = [1, 2]\nprint(s)\n"
    word, after = types.Range(types.Position(1, 6), types.Position(1, 7)), types.Position(1, 8)
    for name in ("sorted", "sum", "str"):
        editor.open(name, text)
        selected = types.SelectedCompletionInfo(word, name)
        if items := await editor.ask(name, 1, 7, selected=selected):
            break
    pid = (await editor.engine()).pid
    editor.close(name)
    editor.open(name, text)  # nothing is remembered of what was shown
    frozen_engine(pid)
    answer = editor.ask(name, 1, 7, selected=selected)
    editor.insert(name, 1, 7, name[1])
    thaw(pid)
    first, *_ = await answer
    assert (first.insert_text, first.range) == (items[0].insert_text[2:], types.Range(after, after))
