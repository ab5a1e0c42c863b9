"""Stale documentation in an editor: diagnostics, and quick fixes that keep to the version they are for."""

import asyncio
from functools import partial

import pytest
from lsprotocol import types

STALE = '''\
def far(steps):
    """Gö far 🐢.

    Args:
        steps: How many.
        angle: 🐢 where to.
    """
    print(steps)
'''
MENDED = STALE.replace("        angle: 🐢 where to.\n", "")


class Window:
    """An editor that notes the diagnostics it is told."""

    def __init__(self, editor):
        self.editor = editor
        self.told = asyncio.Queue()
        editor.client.protocol.fm.features.pop(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, None)
        editor.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(partial(self.told.put_nowait))

    async def diagnostics(self):
        return await asyncio.wait_for(self.told.get(), 30)

    async def actions(self, name, only=None, line=5):
        wanted = types.Range(types.Position(line, 8), types.Position(line, 8))
        return await self.editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.editor.uri(name)),
                wanted,
                types.CodeActionContext([], only=only),
            )
        )

    def replace(self, name, text):
        self.editor.change(name, types.TextDocumentContentChangeWholeDocument(text))


def editing(**features):
    """Capabilities of an editor with these features of edits."""
    announced = types.WorkspaceEditClientCapabilities(**features)
    return {"workspace": types.WorkspaceClientCapabilities(workspace_edit=announced)}


@pytest.fixture
def window(start_editor):
    async def start(options=None, **changes):
        return Window(await start_editor(options=options, **changes))

    return start


def applied(text, edit):
    """The text after an edit within lines of it."""
    lines = text.split("\n")
    start, end = edit.range.start, edit.range.end
    assert (start.character, end.character) == (0, 0)
    return "\n".join(lines[: start.line]) + "\n" + edit.new_text + "\n".join(lines[end.line :])


async def test_a_document_is_looked_at_when_it_is_opened_and_changed(window):
    window = await window()
    window.editor.open("cart.py", STALE)
    told = await window.diagnostics()
    (diagnostic,) = told.diagnostics
    assert (told.version, diagnostic.code, diagnostic.source) == (1, "unknown-parameter", "codenook")
    assert diagnostic.message == "far has no parameter angle"
    assert diagnostic.range == types.Range(types.Position(5, 8), types.Position(5, 13))
    window.replace("cart.py", MENDED)
    told = await window.diagnostics()
    assert (told.version, told.diagnostics) == (2, ())


async def test_a_fix_is_an_edit_of_one_version_with_an_annotation(window):
    support = types.ChangeAnnotationsSupportOptions()
    window = await window(**editing(document_changes=True, change_annotation_support=support))
    window.editor.open("cart.py", STALE)
    window.replace("cart.py", STALE)
    (action,) = await window.actions("cart.py")
    assert (action.title, action.kind, action.is_preferred) == ("Remove angle", "quickfix", True)
    (change,) = action.edit.document_changes
    assert change.text_document.version == 2
    (edit,) = change.edits
    assert edit.annotation_id in action.edit.change_annotations
    assert applied(STALE, edit) == MENDED


@pytest.mark.parametrize("features", [{"document_changes": True}, {}])
async def test_editors_with_less_get_what_they_understand(window, features):
    window = await window(**editing(**features))
    window.editor.open("cart.py", STALE)
    (action,) = await window.actions("cart.py")
    assert action.edit.change_annotations is None
    edits = (
        action.edit.document_changes[0].edits
        if features
        else action.edit.changes[window.editor.uri("cart.py")]
    )
    assert applied(STALE, edits[0]) == MENDED


async def test_fixes_are_given_where_they_are_asked_for(window):
    window = await window()
    window.editor.open("cart.py", STALE)
    assert len(await window.actions("cart.py", only=["quickfix"])) == 1
    assert len(await window.actions("cart.py", only=[""])) == 1
    assert await window.actions("cart.py", only=["refactor"]) == ()
    assert await window.actions("cart.py", line=0) == ()
    assert await window.actions("never_opened.py") == ()


async def test_a_closed_document_has_no_diagnostics(window):
    window = await window()
    window.editor.open("cart.py", STALE)
    assert (await window.diagnostics()).diagnostics
    window.editor.close("cart.py")
    assert (await window.diagnostics()).diagnostics == ()


@pytest.mark.parametrize(
    "options", [{"stale_docs": False}, {"enabled": False}, {"languages_off": ["python"]}]
)
async def test_the_settings_switch_it_off(window, options):
    window = await window(options)
    window.editor.open("cart.py", STALE)
    assert await window.actions("cart.py") == ()


async def test_a_changed_setting_counts_at_once(window):
    window = await window()
    window.editor.open("cart.py", STALE)
    assert (await window.diagnostics()).diagnostics
    window.editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"codenook": {"stale_docs": False}})
    )
    assert (await window.diagnostics()).diagnostics == ()
