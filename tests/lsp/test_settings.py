"""Where settings come from, and that wrong ones are named and stop nothing."""

import pytest
from lsprotocol import types

TEXT = "def add(a, b):\n    return \n"


def messages(editor):
    return [message.message for message in editor.client.messages]


async def test_wrong_settings_are_named_and_the_server_works(start_editor, tmp_path):
    (tmp_path / ".codenook.toml").write_text('model = "/nowhere/evil.gguf"\nn_candidates = 1\n')
    editor = await start_editor(options={"n_candidate": 2}, configuration={"debounce_min_ms": "soon"})
    editor.open("a.py", TEXT)
    assert len(await editor.ask("a.py", 1, 11)) <= 1
    unknown, wrong, refused = sorted(messages(editor), key=lambda message: "n_candidate" not in message)
    assert "unknown setting 'n_candidate', did you mean 'n_candidates'?" in unknown
    assert {"debounce_min_ms" in wrong, "debounce_min_ms" in refused} == {True, False}
    assert any("'model' cannot be set by a project" in message for message in (wrong, refused))
    assert "evil" not in (await editor.status()).model


async def test_a_broken_project_file_is_named(start_editor, tmp_path):
    (tmp_path / ".codenook.toml").write_text("n_candidates = \n")
    editor = await start_editor()
    await editor.status()
    (message,) = messages(editor)
    assert ".codenook.toml" in message


async def test_the_command_line_beats_the_editor(start_editor):
    editor = await start_editor(
        arguments=("--model", "/nowhere/command_line.gguf"),
        options={"machine": {"model": "/nowhere/editor.gguf"}},
    )
    assert (await editor.status()).model == "/nowhere/command_line.gguf"
    assert messages(editor) == []


async def test_the_editor_says_which_settings_are_the_machines(start_editor):
    machine = {"model": "/nowhere/machine.gguf"}
    editor = await start_editor(options={"machine": machine}, configuration=machine)
    assert (await editor.status()).model == "/nowhere/machine.gguf"
    assert messages(editor) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"options": {"model": "/nowhere/evil.gguf"}},
        {"options": {"codenook": {"model": "/nowhere/evil.gguf"}}},
        {"options": {"codenook": {"machine": {"model": "/nowhere/evil.gguf"}}}},
        {"configuration": {"model": "/nowhere/evil.gguf"}},
        {"configuration": {"machine": {"model": "/nowhere/evil.gguf"}}},
        {"options": {"machine": "/nowhere/evil.gguf"}},
    ],
)
async def test_what_a_workspace_may_have_set_is_refused(start_editor, changes):
    editor = await start_editor(**changes)
    assert "evil" not in (await editor.status()).model
    (message,) = messages(editor)
    assert "'model' cannot be set" in message or "unknown setting 'machine'" in message


async def test_a_live_change_of_the_workspace_is_refused_and_one_of_the_machine_counts(start_editor):
    editor = await start_editor()
    editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams(
            {"codenook": {"model": "/nowhere/evil.gguf"}, "machine": {"model": "x"}}
        )
    )
    assert "evil" not in (await editor.status()).model
    (message,) = messages(editor)
    assert "'model' cannot be set" in message
    assert "config.toml" in message

    change = {"model": "/nowhere/machine.gguf"}
    editor.client.protocol.notify("codenook/didChangeMachineSettings", change)
    assert (await editor.status()).model == "/nowhere/machine.gguf"


async def test_settings_change_while_the_server_runs(start_editor):
    editor = await start_editor()
    editor.open("a.py", TEXT)
    editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"codenook": {"enabled": False}})
    )
    assert await editor.ask("a.py", 1, 11) == []
    assert editor.answered[-1].reason == "disabled"

    editor.client.set_configuration({"enabled": True}, section="codenook")
    editor.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))
    while (await editor.status()).engine is None:
        await editor.ask("a.py", 1, 11)


async def test_an_editor_that_never_hands_out_its_settings(start_editor):
    editor = await start_editor(workspace=types.WorkspaceClientCapabilities())
    editor.open("a.py", TEXT)
    await editor.engine()
