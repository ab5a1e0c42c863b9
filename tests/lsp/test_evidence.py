"""`codenook/context` and `codenook/explain`: what the model saw, and what its answer cost."""

import json
import shutil
from pathlib import Path

import pytest

import codenook.server.demo

LEDGER = "lending/ledger.py"


@pytest.fixture
def ledger(editor):
    """Open the example's ledger, cut after ``late = [loan for loan in``; return the cursor."""
    example = Path(codenook.server.demo.__file__).parent / "example"
    shutil.copytree(example, editor.workspace, dirs_exist_ok=True)
    before, found, after = (
        (example / LEDGER).read_text(encoding="utf-8").partition("late = [loan for loan in ")
    )
    text = before + found + after[after.index("\n") :]
    (editor.workspace / LEDGER).write_text(text, encoding="utf-8")
    editor.open(LEDGER, text)
    return (before + found).count("\n"), len((before + found).rpartition("\n")[2])


def asked(editor, method, **params):
    return editor.client.protocol.send_request_async(
        method, {"textDocument": {"uri": editor.uri(LEDGER)}, **params}
    )


def plain(value):
    """Undo what the test client makes of JSON objects."""
    if hasattr(value, "_asdict"):
        return {key: plain(inner) for key, inner in value._asdict().items()}
    return [plain(inner) for inner in value] if isinstance(value, list | tuple) else value


async def test_the_context_of_a_position(editor, ledger):
    line, character = ledger
    shown = plain(await asked(editor, "codenook/context", position={"line": line, "character": character}))
    assert shown["reason"] is None
    assert "Loan" in {snippet["symbol"] for snippet in shown["snippets"]}
    prices = [snippet["tokens"] for snippet in shown["snippets"]]
    assert sum(prices) + shown["path_tokens"] == shown["tokens"] > 0
    assert all(snippet["why"] == "over_budget" for snippet in shown["dropped"])


async def test_the_context_of_nowhere_has_a_reason(editor, ledger):
    nowhere = {"line": 100_000, "character": 0}
    assert (await asked(editor, "codenook/context", position=nowhere)).reason == "position_outside"
    editor.close(LEDGER)
    closed = plain(await asked(editor, "codenook/context", position={"line": 0, "character": 0}))
    assert (closed["reason"], closed["snippets"]) == ("document_not_open", [])


async def test_an_answer_can_be_explained(editor, ledger):
    assert await asked(editor, "codenook/explain") is None
    items = await editor.ask(LEDGER, *ledger)
    why = plain(await asked(editor, "codenook/explain"))
    assert [candidate["text"] for candidate in why["candidates"]] == [item.insert_text for item in items]
    assert why["context"]["tokens"] > 0
    assert 0 < why["tokens"]["prompt_evaluated"] <= why["tokens"]["prompt"] + 1  # a second round costs one
    assert why["timings_ms"]["total"] >= why["timings_ms"]["decode"]


async def test_the_context_shown_is_what_the_answer_was_given(editor, ledger):
    line, character = ledger
    await editor.ask(LEDGER, line, character)
    why = plain(await asked(editor, "codenook/explain"))
    shown = plain(await asked(editor, "codenook/context", position={"line": line, "character": character}))
    assert json.dumps(shown["snippets"]) == json.dumps(why["context"]["snippets"])
