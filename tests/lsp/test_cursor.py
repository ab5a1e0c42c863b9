"""`codenook/cursor`: context is chosen where the cursor rests, and a wrong place does no harm."""

import asyncio

import pytest

TEXT = "from shapes import draw\n\n\ndef f():\n    draw("
REST = {"line": 4, "character": 9}


@pytest.fixture
def document(editor):
    (editor.workspace / "shapes.py").write_text("def draw(x): ...\n", encoding="utf-8")
    editor.open("main.py", TEXT)
    return editor.uri("main.py")


def rest(editor, uri, position):
    editor.client.protocol.notify("codenook/cursor", {"textDocument": {"uri": uri}, "position": position})


async def until_looked(editor, n):
    while (await editor.counters())["places_looked_at"] < n:
        await asyncio.sleep(0.02)


async def test_a_place_is_looked_at_without_asking_the_model(editor, document):
    n_asked = (await editor.engine()).requests
    rest(editor, document, REST)
    await until_looked(editor, 1)
    assert (await editor.engine()).requests == n_asked
    assert await editor.ask("main.py", 4, 9)


async def test_the_last_place_counts(editor):
    await editor.engine()
    editor.open("long.py", "x = 1\n" * 20_000 + TEXT)  # what is done on opening goes before any place
    for character in (4, 6, 9):
        rest(editor, editor.uri("long.py"), {"line": 20_004, "character": character})
    await until_looked(editor, 1)
    await editor.ask("long.py", 20_004, 9)
    assert (await editor.counters())["places_looked_at"] == 1


@pytest.mark.parametrize(
    ("name", "position"),
    [
        ("main.py", {"line": 100, "character": 0}),
        ("main.py", {"line": 0, "character": 10_000}),
        ("never_opened.py", REST),
        ("main.py", {"line": -1}),
        ("main.py", "here"),
    ],
)
async def test_a_place_that_is_none_does_no_harm(editor, document, name, position):
    rest(editor, editor.uri(name), position)
    assert await editor.ask("main.py", 4, 9)


async def test_a_document_that_is_closed_meanwhile_does_no_harm(editor, document):
    rest(editor, document, REST)
    editor.close("main.py")
    editor.open("other.py", TEXT)
    assert await editor.ask("other.py", 4, 9)
    assert (await editor.counters())["places_looked_at"] == 0
