"""The way of a request over stdio, with the real engine and the bundled model."""

import ast

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcRequestCancelled

PLACES = [
    "def add(a, b):\n    return |\n",
    "import os\n\n\ndef names(path):\n    for name in |\n        print(name)\n",
    "class Point:\n    def __init__(self, x, y):\n        self.x = x\n        |\n",
    "def read(path):\n    with open(path) as file:\n        return |\n",
    "values = [1, 2, 3]\nfor value in |:\n    print(value)\n",
]


def accepted(text: str, position: types.Position, item: types.InlineCompletionItem) -> str:
    """The ASCII ``text`` as an editor leaves it after accepting ``item`` at ``position``."""
    assert item.range == types.Range(position, position)
    lines = text.split("\n")
    offset = sum(len(line) + 1 for line in lines[: position.line]) + position.character
    return text[:offset] + item.insert_text + text[offset:]


async def test_candidates_are_different_and_parse(editor):
    n_answered = 0
    for number, marked in enumerate(PLACES):
        before, _, after = marked.partition("|")
        position = types.Position(before.count("\n"), len(before.rpartition("\n")[2]))
        editor.open(f"{number}.py", before + after)
        items = await editor.ask(f"{number}.py", position.line, position.character)
        assert len({item.insert_text for item in items}) == len(items) <= 3
        for item in items:
            ast.parse(accepted(before + after, position, item))
        n_answered += bool(items)
    assert n_answered >= 3
    assert len(editor.answered) == len(PLACES) - n_answered


async def test_an_empty_answer_is_preceded_by_its_reason(editor):
    assert await editor.ask("never_opened.py", 0, 0) == []
    (answered,) = editor.answered  # here already, though nobody waited for it
    assert (answered.uri, answered.version) == (editor.uri("never_opened.py"), None)
    assert answered.reason == "document_not_open"
    assert answered.message
    assert (await editor.status()).last_reason == "document_not_open"
    counters = await editor.counters()
    assert (counters["requests"], counters["empty"]) == (1, 1)


async def test_a_line_that_is_not_there(editor):
    editor.open("a.py", "x = 1\n")
    assert await editor.ask("a.py", 5, 0) == []
    assert editor.answered[-1].reason == "position_outside"


async def test_typing_along_asks_no_model(editor, behind):
    name, position, items = await editor.ask_anywhere(PLACES)
    n_asked = (await editor.engine()).requests
    typed = next(item.insert_text[0] for item in items if len(item.insert_text) > 1)
    editor.insert(name, position.line, position.character, typed)
    after = behind(position, typed)
    rests = await editor.ask(name, after.line, after.character, automatic=True)
    fitting = [item for item in items if item.insert_text.startswith(typed) and len(item.insert_text) > 1]
    assert [(rest.insert_text, rest.range) for rest in rests] == [
        (item.insert_text[1:], types.Range(after, after)) for item in fitting
    ]
    assert [rest.command for rest in rests] == [item.command for item in fitting]
    assert (await editor.engine()).requests == n_asked
    assert (await editor.counters())["answered_from_typing"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_positions_after_emoji(start_editor, units, encoding):
    general = types.GeneralClientCapabilities(position_encodings=[encoding, "utf-16"])
    editor = await start_editor(general=general)
    assert editor.initialized.capabilities.position_encoding == encoding
    emoji = '"🙂👩🏽 é"'  # beyond 16 bits, joined, and a combining accent
    places = [place.replace("|", f"len({emoji}) + |") for place in PLACES]
    name, position, items = await editor.ask_anywhere(places, encoding)
    assert items[0].range == types.Range(position, position)

    # The answer to the next keystroke is exact only if edit and cursor met the text at the right place.
    longer = next(item.insert_text for item in items if len(item.insert_text) > 1)
    typed = longer[0]
    editor.insert(name, position.line, position.character, typed)
    rests = await editor.ask(name, position.line, position.character + units(typed, encoding))
    assert rests[0].insert_text == longer[1:]
    assert (await editor.counters())["answered_from_typing"] == 1


async def test_acceptance_reaches_the_server(editor):
    _, _, items = await editor.ask_anywhere(PLACES)
    await editor.accept(items[0])
    assert (await editor.counters())["accepted"] == 1
    items[0].command.arguments = ["never offered"]
    await editor.accept(items[0])
    assert (await editor.counters())["accepted"] == 1


async def test_the_newest_request_wins(start_editor):
    editor = await start_editor(configuration={"debounce_min_ms": 5000, "debounce_max_ms": 5000})
    editor.open("a.py", PLACES[0].replace("|", ""))
    n_asked = (await editor.engine()).requests
    older = editor.ask("a.py", 1, 11, automatic=True)
    newer = editor.ask("a.py", 1, 11)
    assert await older == []
    assert editor.answered[0].reason == "superseded"
    await newer
    assert (await editor.counters())["superseded"] == 1
    assert (await editor.engine()).requests > n_asked


async def test_fast_typing_is_one_request(start_editor):
    editor = await start_editor(configuration={"debounce_min_ms": 300, "debounce_max_ms": 300})
    editor.open("a.py", "def add(a, b):\n    return \n")
    await editor.engine()
    asked = []
    for number, key in enumerate("a + "):
        editor.insert("a.py", 1, 11 + number, key)
        asked.append(editor.ask("a.py", 1, 12 + number, automatic=True))
    answers = [await answer for answer in asked]
    assert answers[:-1] == [[], [], []]
    assert [answered.reason for answered in editor.answered[:3]] == ["superseded"] * 3
    assert [answered.version for answered in editor.answered[:3]] == [2, 3, 4]


async def test_cancelling_stops_the_model(editor):
    """Repeated, because a small model may have answered before the cancel is read."""
    long = "".join(f"def function_{n}(a, b):\n    return a * {n} + b\n\n\n" for n in range(60))
    n_cancelled = 0
    for attempt in range(50):
        name = f"{attempt}.py"
        editor.open(name, f"{long}class Number{attempt}:\n    \n")
        before = await editor.engine()
        answer = editor.ask(name, 241, 4, request_id=name)
        while (await editor.engine()).requests == before.requests:
            pass
        editor.client.cancel_request(types.CancelParams(id=name))
        try:
            await answer
        except JsonRpcRequestCancelled:
            n_cancelled += 1
        while (after := await editor.engine()).busy:
            pass
        if after.cancelled == before.cancelled + 1:
            break
    else:
        pytest.fail("every request was answered before it was cancelled")
    assert (await editor.status()).last_reason == "cancelled"
    assert (await editor.counters())["cancelled"] == n_cancelled > 0
