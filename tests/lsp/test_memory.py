"""The workspace's memory through the server: handed over behind the requests, kept current."""

import argparse
import asyncio
import inspect

import pytest
from lsprotocol import types

from codenook.server.lsp.memories import PAUSE_S

FILES = {"shapes.py": "def draw(x): ...\n", "main.py": "from shapes import draw\n", "page.ts": "let x = 1\n"}
WATCHES = {
    "workspace": types.WorkspaceClientCapabilities(
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    )
}


@pytest.fixture
def workspace(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


async def remembered(editor, accept):
    """Return what is remembered of the workspace, once ``accept`` takes it."""

    async def look():
        while True:
            engine = (await editor.status()).engine
            for memory in engine.memories if engine else ():
                if memory.name == str(editor.workspace) and accept(memory):
                    return memory
            await asyncio.sleep(0.05)

    return await asyncio.wait_for(look(), 30)


async def test_an_opened_workspace_is_remembered_in_the_models_languages(start_editor, workspace):
    editor = await start_editor()
    editor.open("main.py", FILES["main.py"])
    memory = await remembered(editor, lambda memory: memory.files == 2)
    assert memory.calibrated_at == 0, "too little to measure on"


async def test_typing_saving_and_deleting_are_followed(start_editor, workspace):
    editor = await start_editor(**WATCHES)
    editor.open("main.py", FILES["main.py"])
    before = await remembered(editor, lambda memory: memory.files == 2)
    whole = types.TextDocumentContentChangeWholeDocument(FILES["main.py"] + "draw(1)\ndraw(2)\n")
    editor.change("main.py", whole)
    editor.open("shapes.py", FILES["shapes.py"])
    editor.insert("shapes.py", 0, 0, "\n")  # what is edited last counts as it was saved
    typed = await remembered(editor, lambda memory: memory.tokens > before.tokens)
    (workspace / "more.py").write_text("from shapes import draw\n\ndraw(3)\n", encoding="utf-8")
    tell(editor, "more.py", types.FileChangeType.Created)
    await remembered(editor, lambda memory: memory.files == 3)
    (workspace / "more.py").unlink()
    tell(editor, "more.py", types.FileChangeType.Deleted)
    assert await remembered(editor, lambda memory: memory.files == 2) == typed


async def test_what_a_document_says_beyond_the_prompt_is_known_without_a_requests_doing(
    start_editor, workspace
):
    editor = await start_editor()
    text = inspect.getsource(argparse)
    line = text.count("\n") // 2
    editor.open("main.py", text)
    asked = []

    async def ask():
        """Type where nothing was shown, so that the model is asked, and return what memory did."""
        editor.insert("main.py", line, 0, f"value_{len(asked)} = \n")
        await editor.ask("main.py", line, len(f"value_{len(asked)} = "))
        params = {"textDocument": {"uri": editor.uri("main.py")}}
        asked.append(await editor.client.protocol.send_request_async("codenook/explain", params))
        return asked[-1].memory

    async def more_than(n_tokens, pause_s):
        while (memory := await ask()).document <= n_tokens:
            await asyncio.sleep(pause_s)
        return memory.document

    opened = await asyncio.wait_for(more_than(0, 0.05), 30)
    typed = await asyncio.wait_for(more_than(opened, PAUSE_S + 0.5), 30)
    assert typed < opened + 1000
    assert all(one.memory.tokenized < opened / 10 for one in asked)


async def test_the_setting_switches_it_off(start_editor, workspace):
    editor = await start_editor(options={"memory": False})
    editor.open("main.py", FILES["main.py"])
    await editor.ask("main.py", 1, 0)
    await asyncio.sleep(2)  # a pause, after which it would have been handed over
    engine = await editor.engine()
    assert str(workspace) not in {memory.name for memory in engine.memories}


def tell(editor, name, kind):
    change = types.FileEvent(editor.uri(name), kind)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
