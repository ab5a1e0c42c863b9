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
WRONG_DEFAULT = '''\
def far(steps=1):
    """Gö far.

    Args:
        steps: 🐢 how many. Defaults to 2.
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

    async def actions(self, name, only=None, line=5, column=8):
        wanted = types.Range(types.Position(line, column), types.Position(line, column))
        found = await self.editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.editor.uri(name)),
                wanted,
                types.CodeActionContext([], only=only),
            )
        )
        elsewhere = ("Translate ", "Write unit tests ")  # see test_translate.py and test_unit_tests.py
        return tuple(each for each in found if not each.title.startswith(elsewhere))

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


UNITS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}
UNIT_BYTES = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


def offset(text, position, encoding="utf-16"):
    """The offset of a position, by another way than the server's."""
    lines = text.split("\n")
    before = lines[position.line].encode(UNITS[encoding])[: position.character * UNIT_BYTES[encoding]]
    return sum(len(line) + 1 for line in lines[: position.line]) + len(before.decode(UNITS[encoding]))


def part(text, span, encoding="utf-16"):
    return text[offset(text, span.start, encoding) : offset(text, span.end, encoding)]


def applied(text, edit, encoding="utf-16"):
    """The text after an edit."""
    start, end = (offset(text, at, encoding) for at in (edit.range.start, edit.range.end))
    return text[:start] + edit.new_text + text[end:]


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


@pytest.mark.parametrize("encoding", UNITS)
async def test_columns_are_counted_as_the_editor_does(window, encoding):
    window = await window(general=types.GeneralClientCapabilities(position_encodings=[encoding]))
    window.editor.open("cart.py", WRONG_DEFAULT)
    (diagnostic,) = (await window.diagnostics()).diagnostics
    assert part(WRONG_DEFAULT, diagnostic.range, encoding) == "2"
    (action,) = await window.actions("cart.py", line=4, column=diagnostic.range.start.character)
    (edit,) = action.edit.document_changes[0].edits
    assert applied(WRONG_DEFAULT, edit, encoding) == WRONG_DEFAULT.replace("2.", "1.")


async def test_a_document_that_changes_meanwhile_gets_no_answer(window):
    window = await window(**editing(document_changes=True))
    window.editor.open("cart.py", MENDED)
    window.replace("cart.py", STALE)  # looked at after a pause, for which the request waits
    asked = [asyncio.create_task(window.actions("cart.py")) for _ in range(3)]
    await asyncio.sleep(0)
    window.replace("cart.py", "\n" + STALE)
    assert await asyncio.gather(*asked) == [(), (), ()]
    (action,) = await window.actions("cart.py", line=6)
    (change,) = action.edit.document_changes
    assert (change.text_document.version, applied("\n" + STALE, change.edits[0])) == (3, "\n" + MENDED)


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
    every = await window.actions("cart.py", only=[""])
    assert [action.title for action in every] == ["Remove angle", "Review the change"]
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
    window.editor.open("store.js", "/**\n * Go.\n * @param a - A.\n */\nfunction f() {}\n", "javascript")
    is_off_for_python = "languages_off" in options
    if is_off_for_python:  # the first that is told of is the other document
        assert (await window.diagnostics()).uri == window.editor.uri("store.js")
    else:
        assert await window.actions("store.js", line=2) == ()
    assert window.told.empty()


async def test_a_changed_setting_counts_at_once(window):
    window = await window()
    window.editor.open("cart.py", STALE)
    assert (await window.diagnostics()).diagnostics
    window.editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"codenook": {"stale_docs": False}})
    )
    assert (await window.diagnostics()).diagnostics == ()
