"""The index of a workspace folder: built behind the requests, and kept like the files and documents are."""

import asyncio

import pytest
from filelock import FileLock
from lsprotocol import types

from codenook.context.code import sources_of
from codenook.context.index.index import index_path

SHAPES = "def draw(x): ...\n"
MAIN = "from shapes import draw\n\n\ndef f():\n    draw()\n"
WATCHES = {
    "workspace": types.WorkspaceClientCapabilities(
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
    )
}


@pytest.fixture
def workspace(tmp_path):
    (tmp_path / "shapes.py").write_text(SHAPES, encoding="utf-8")
    (tmp_path / "main.py").write_text(MAIN, encoding="utf-8")
    return tmp_path


async def until(happens):
    """Wait for what ``happens`` returns, once that is anything."""
    while not (found := await happens()):
        await asyncio.sleep(0.05)
    return found


async def current(editor):
    """Return the only index of an editor, once it is up to date."""

    async def look():
        (index,) = (await editor.status()).indexes
        return index if index.is_current else None

    return await asyncio.wait_for(until(look), 30)


async def has_read(editor, n):
    """Wait until ``n`` files were read since the server started."""

    async def look():
        (index,) = (await editor.status()).indexes
        return index.counters and index.counters.read >= n

    await asyncio.wait_for(until(look), 30)


async def shown(editor, name, line, character):
    """Return the snippets' texts at a position, by symbol."""
    params = {
        "textDocument": {"uri": editor.uri(name)},
        "position": {"line": line, "character": character},
    }
    context = await editor.client.protocol.send_request_async("codenook/context", params)
    return {snippet.symbol: snippet.text for snippet in context.snippets}


def tell_of(editor, name):
    """Report a change on disk, as an editor does that was asked to."""
    change = types.FileEvent(editor.uri(name), types.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))


async def test_a_folder_is_read_when_it_is_opened(start_editor, workspace):
    (workspace / "notes.txt").write_text("draw", encoding="utf-8")
    editor = await start_editor()
    index = await current(editor)
    assert (index.folder, index.trouble) == (str(workspace), "")
    assert (index.files_done, index.files_to_read, index.counters.parsed) == (2, 2, 2)


async def test_a_second_window_reads_nothing_again(start_editor, workspace):
    first = await start_editor()
    await current(first)
    await first.quit()
    await asyncio.sleep(2)  # files younger than that are read again, to be sure
    second = await start_editor()
    await current(second)
    await second.quit()
    third = await start_editor()
    assert (await current(third)).counters.read == 0


async def test_the_setting_switches_it_off_and_on(start_editor, workspace):
    editor = await start_editor(options={"index": False})
    assert (await editor.status()).indexes == []
    for is_on in (True, False):
        settings = types.DidChangeConfigurationParams({"codenook": {"index": is_on}})
        editor.client.workspace_did_change_configuration(settings)
        if is_on:
            assert (await current(editor)).counters.read == 2
        else:
            assert (await editor.status()).indexes == []


async def test_a_file_on_its_own_has_none(start_editor, tmp_path, tmp_path_factory):
    editor = await start_editor()
    await current(editor)
    alone = tmp_path_factory.mktemp("elsewhere") / "alone.py"
    alone.write_text(MAIN, encoding="utf-8")
    editor.open(str(alone), MAIN)
    assert await shown(editor, str(alone), 4, 9) == {}
    assert [index.folder for index in (await editor.status()).indexes] == [str(tmp_path)]


async def test_folders_come_and_go(start_editor, workspace, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "a.py").write_text("A = 1\n", encoding="utf-8")
    editor = await start_editor()
    await current(editor)
    folders = [types.WorkspaceFolder(path.as_uri(), path.name) for path in (workspace, other)]
    event = types.WorkspaceFoldersChangeEvent(added=[folders[1]], removed=[folders[0]])
    editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    index = await current(editor)
    assert (index.folder, index.counters.read) == (str(other), 1)


async def test_the_editor_is_asked_to_watch_and_believed(start_editor, workspace):
    editor = await start_editor(**WATCHES)
    await current(editor)
    asked = {r.method: r for params in editor.registrations for r in params.registrations}
    watchers = asked["workspace/didChangeWatchedFiles"].register_options["watchers"]
    globs = {watcher["globPattern"] for watcher in watchers}
    assert {"**/*.py", "**/.gitignore", "**/.codenookignore"} <= globs

    editor.open("main.py", MAIN)
    assert await shown(editor, "main.py", 4, 9) == {"draw": "def draw(x): ..."}
    (workspace / "shapes.py").write_text("def draw(x, y): ...\n", encoding="utf-8")
    tell_of(editor, "shapes.py")
    await has_read(editor, 3)
    assert await shown(editor, "main.py", 4, 9) == {"draw": "def draw(x, y): ..."}


async def test_what_no_editor_reports_is_noticed(start_editor, workspace):
    editor = await start_editor()
    await current(editor)
    assert "workspace/didChangeWatchedFiles" not in {
        registration.method for params in editor.registrations for registration in params.registrations
    }

    async def is_noticed():  # the watch may begin after the first write
        (workspace / "more.py").write_text(f"MORE = {asyncio.get_running_loop().time()}\n", encoding="utf-8")
        return (await editor.status()).indexes[0].counters.read > 2

    await asyncio.wait_for(until(is_noticed), 30)


async def test_an_open_document_stands_for_its_file_until_it_is_closed(start_editor, workspace):
    editor = await start_editor()
    await current(editor)
    editor.open("main.py", MAIN)
    editor.open("shapes.py", "def draw(unsaved): ...\n")

    async def symbols(wanted):
        return (await shown(editor, "main.py", 4, 9)).get("draw") == wanted

    await asyncio.wait_for(until(lambda: symbols("def draw(unsaved): ...")), 30)
    editor.close("shapes.py")
    assert await shown(editor, "main.py", 4, 9) == {"draw": "def draw(x): ..."}


async def test_a_saved_document_is_read_again(start_editor, workspace):
    editor = await start_editor(**WATCHES)
    await current(editor)
    editor.open("shapes.py", SHAPES)
    (workspace / "shapes.py").write_text("def draw(saved): ...\n", encoding="utf-8")
    saved = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(editor.uri("shapes.py")))
    editor.client.text_document_did_save(saved)
    await has_read(editor, 3)


async def test_what_takes_long_is_shown_and_nobody_waits_for_it(
    start_editor, workspace, environment, monkeypatch
):
    """Another process holds the index's lock, as if it were at a long beginning."""
    monkeypatch.setenv("CODENOOK_CACHE_DIR", environment["CODENOOK_CACHE_DIR"])
    path = index_path(sources_of(workspace))
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_suffix(".lock")):
        editor = await start_editor()
        editor.open("main.py", MAIN)
        assert await shown(editor, "main.py", 4, 9) == {"draw": "def draw(x): ..."}

        async def titles():
            reports = editor.client.progress_reports.values()
            begun = [shown[0].title for shown in reports if shown and shown[0].kind == "begin"]
            return "codenook: reading the workspace" in begun

        await asyncio.wait_for(until(titles), 30)
        (index,) = (await editor.status()).indexes
        assert (index.is_current, index.counters) == (False, None)
    assert (await current(editor)).counters.read == 2


async def test_leaving_while_the_index_is_built(start_editor, tmp_path):
    for number in range(500):
        (tmp_path / f"m{number}.py").write_text(f"def f{number}(): ...\n" * 20, encoding="utf-8")
    editor = await start_editor()
    assert await editor.quit() == 0
