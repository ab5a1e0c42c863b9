"""`codenook/context` and `codenook/explain`: what the model saw, and what its answer cost."""

import json
import shutil
from pathlib import Path

import pytest
from engine_tap import Tap
from pygls.exceptions import JsonRpcException

import codenook.server.demo
from codenook.models.engine import endpoint

LEDGER = "lending/ledger.py"


def open_ledger(editor):
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


def open_again(editor):
    """Let the server forget what it has shown in the ledger."""
    editor.close(LEDGER)
    editor.open(LEDGER, (editor.workspace / LEDGER).read_text(encoding="utf-8"))


@pytest.fixture
def ledger(editor):
    return open_ledger(editor)


def asked(editor, method, **params):
    return editor.client.protocol.send_request_async(
        method, {"textDocument": {"uri": editor.uri(LEDGER)}, **params}
    )


async def while_the_index_stays(editor, ask):
    """Return what ``ask`` returns at a time when the index isn't updated: what it says counts in a choice."""

    async def index():
        return plain((await editor.status()).indexes)

    while True:
        before = await index()
        found = await ask()
        if before == await index() and all(one["is_current"] for one in before):
            return found


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

    async def both():
        open_again(editor)
        await editor.ask(LEDGER, line, character)
        position = {"line": line, "character": character}
        context = await asked(editor, "codenook/context", position=position)
        return plain(await asked(editor, "codenook/explain")), plain(context)

    why, shown = await while_the_index_stays(editor, both)
    assert json.dumps(shown["snippets"]) == json.dumps(why["context"]["snippets"])


async def test_the_engine_is_sent_byte_for_byte_what_the_inspector_shows(
    start_editor, runtime_directory, monkeypatch
):
    monkeypatch.setenv("CODENOOK_RUNTIME_DIR", str(runtime_directory))
    options = {"machine": {"engine_idle_s": 61}}  # other options than elsewhere, so another engine
    others = set(endpoint.sockets())
    first = await start_editor(options=options)
    first.open("a.py", "")
    await first.engine()
    await first.quit()
    (socket,) = set(endpoint.sockets()) - others
    async with Tap(socket) as tap:
        editor = await start_editor(options=options)
        line, character = open_ledger(editor)

        async def both():
            n_before = len(tap.prompts)
            open_again(editor)
            await editor.ask(LEDGER, line, character)
            position = {"line": line, "character": character}
            context = await asked(editor, "codenook/context", position=position)
            return tap.prompts[n_before:], plain(context)

        prompts, shown = await while_the_index_stays(editor, both)
        await editor.quit()
    by_path = {}
    for snippet in shown["snippets"]:
        by_path.setdefault(snippet["path"], []).append(f"{snippet['text']}\n")
    blocks = [f"{path}\n{''.join(texts)}" for path, texts in by_path.items()]
    separator = {"special": "file_separator"}
    head = [part for block in blocks for part in (separator, block)]
    assert len(blocks) > 1
    assert prompts
    for prompt in prompts:
        assert prompt[: len(head) + 2] == [*head, separator, f"{LEDGER}\n"]


@pytest.mark.parametrize(
    ("task", "reasons"),
    [
        ("comment", {"callee", "caller"}),
        ("unit-tests", {"callee", "type_in_scope", "test"}),
        ("translation", {"callee", "type_in_scope"}),
        ("review", {"callee", "caller", "test"}),
    ],
)
async def test_the_context_of_other_tasks(editor, ledger, task, reasons):
    text = (editor.workspace / LEDGER).read_text(encoding="utf-8")
    line = text[: text.index("def lend(")].count("\n")
    params = {"position": {"line": line + 1, "character": 8}, "task": task}
    shown = plain(await asked(editor, "codenook/context", **params))
    assert shown["reason"] is None
    assert {snippet["reason"] for snippet in shown["snippets"]} <= reasons
    assert shown["snippets"]


async def test_a_task_needs_a_definition_and_a_name_that_is_known(editor, ledger):
    at_the_top = {"line": 0, "character": 0}
    shown = plain(await asked(editor, "codenook/context", position=at_the_top, task="comment"))
    assert (shown["reason"], shown["snippets"]) == ("no_definition", [])
    with pytest.raises(JsonRpcException):
        await asked(editor, "codenook/context", position=at_the_top, task="poetry")
