"""Where settings come from, and that wrong ones are named and stop nothing."""

from lsprotocol import types

TEXT = "def add(a, b):\n    return \n"


def messages(editor):
    return [message.message for message in editor.client.messages]


async def test_wrong_settings_are_named_and_the_server_works(start_editor, tmp_path):
    (tmp_path / ".codenook.toml").write_text('model = "/tmp/evil.gguf"\nn_candidates = 1\n')
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
        arguments=("--model", "/nowhere/command_line.gguf"), configuration={"model": "/nowhere/editor.gguf"}
    )
    assert (await editor.status()).model == "/nowhere/command_line.gguf"


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
