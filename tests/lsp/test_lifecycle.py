"""The process around the server: its streams, its logs, its end."""

import asyncio
import subprocess
import sys

import pytest
from lsprotocol import types

MARK = "a_name_that_must_not_be_logged"


async def test_says_who_it_is_and_what_it_can(editor):
    assert editor.initialized.server_info.name == "codenook"
    announced = editor.initialized.capabilities
    assert announced.inline_completion_provider == types.InlineCompletionOptions()
    assert announced.completion_provider is None
    assert announced.execute_command_provider.commands == (
        "codenook.accepted",
        "codenook.comment",
        "codenook.commentDocument",
        "codenook.dismiss",
        "codenook.fix",
        "codenook.review",
        "codenook.translate",
        "codenook.unitTests",
    )
    assert announced.code_action_provider.code_action_kinds == (
        "quickfix",
        "refactor.rewrite",
        "source.codenook.document",
        "source.codenook.review",
        "codenook.review",
        "codenook.translate",
        "source.codenook.translate",
        "codenook.unitTests",
    )
    assert announced.code_lens_provider.resolve_provider is False


async def test_the_status_of_a_sleeping_engine_does_not_wake_it(start_editor):
    editor = await start_editor()
    for _ in range(2):
        assert (await editor.status()).engine is None


async def test_the_status_tells_each_role_s_model(start_editor):
    editor = await start_editor(options={"machine": {"chat_model": "/nowhere/chat.gguf"}})
    editor.open("a.py", "")
    await editor.engine()
    status = await editor.status()
    fim, chat = status.roles.fim, status.roles.chat
    assert (fim.model, fim.connected) == (status.model, True)
    assert (chat.model, chat.connected) == ("/nowhere/chat.gguf", False)


async def test_shutdown_and_exit_end_with_status_0(start_editor):
    editor = await start_editor()
    assert await editor.quit() == 0


async def test_leaving_while_the_engine_starts(start_editor):
    editor = await start_editor(options={"machine": {"engine_idle_s": 7}})
    editor.open("a.py", "")
    assert await editor.quit() == 0


@pytest.mark.parametrize(("shut_down", "status"), [(True, 0), (False, 1)])
async def test_an_editor_that_vanishes(start_editor, shut_down, status):
    editor = await start_editor()
    server = editor.server
    if shut_down:
        await editor.client.shutdown_async(None)
    editor.open("a.py", "")
    server.stdin.close()
    assert await asyncio.wait_for(server.wait(), 30) == status


async def test_logs_carry_no_source_text(start_editor, capfd):
    editor = await start_editor(options={"log_level": "debug"})
    editor.open("a.py", f"def {MARK}(a, b):\n    return \n")
    await editor.ask("a.py", 1, 11)
    editor.insert("a.py", 0, 0, f"# {MARK}\n")
    editor.say({"method": "textDocument/didChange", "params": {"textDocument": MARK, "contentChanges": MARK}})
    editor.say({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": 7, "text": MARK}}})
    await editor.status()
    await editor.quit()
    assert MARK not in "".join(capfd.readouterr())


def test_what_is_printed_does_not_reach_the_protocol():
    program = """
import os
from codenook.server.lsp.stdio import claim_stdio

protocol_in, protocol_out = claim_stdio()
print("printed", flush=True)
os.system("echo echoed; cat")
protocol_out.write(protocol_in.read().upper())
"""
    result = subprocess.run(
        [sys.executable, "-P", "-E", "-c", program], input=b"spoken", capture_output=True, check=True
    )
    assert result.stdout == b"SPOKEN"
    assert result.stderr.split() == [b"printed", b"echoed"]
