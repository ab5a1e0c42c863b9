"""Comments in an editor: what is offered, and an edit that is put in for one version only."""

import ast
import asyncio
from functools import partial
from types import SimpleNamespace

import pytest
from lsprotocol import types

from codenook.server.lsp.positions import span_of

NAMES = ("read_lines", "parse_options", "load_config", "find_file", "write_text", "split_words")
FUNCTION = """\
def {name}(path, encoding):
    with open(path, encoding=encoding) as file:
        return file.read().split()
"""
TEXT = "import os\n\n\n" + "\n\n".join(FUNCTION.format(name=name) for name in NAMES)
EDITS = types.WorkspaceEditClientCapabilities(
    document_changes=True, change_annotation_support=types.ChangeAnnotationsSupportOptions()
)
ACTION = types.Command | types.CodeAction
"""lsprotocol takes an action that has a command for a command."""


class Window:
    """An editor that applies the edits it is sent, and notes them."""

    def __init__(self, editor):
        self.editor, self.edits, self.messages = editor, [], editor.client.messages
        self.takes_edits = True
        editor.client.protocol._converter.register_structure_hook(ACTION, self._read)
        editor.client.protocol.fm.features.pop(types.WORKSPACE_APPLY_EDIT, None)
        editor.client.feature(types.WORKSPACE_APPLY_EDIT)(partial(self._apply))

    def _read(self, action, _kind):
        return self.editor.client.protocol._converter.structure(action, types.CodeAction)

    def _apply(self, params):
        self.edits.append(params.edit)
        return types.ApplyWorkspaceEditResult(applied=self.takes_edits, failure_reason="not today")

    async def actions(self, name, line, only=None, to_line=None):
        start = types.Position(line, 0)
        end = start if to_line is None else types.Position(to_line, 0)
        found = await self.editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.editor.uri(name)),
                types.Range(start, end),
                types.CodeActionContext([], only=only),
            )
        )
        elsewhere = ("Translate ", "Write unit tests ")  # see test_translate.py and test_unit_tests.py
        return [each for each in found if not each.title.startswith(elsewhere)]

    async def run(self, command):
        answer = await asyncio.wait_for(
            self.editor.client.workspace_execute_command_async(
                types.ExecuteCommandParams(command.command, command.arguments)
            ),
            60,
        )
        return SimpleNamespace(**answer)

    async def document_any(self, name):
        """Ask for one function after the other until one is documented: a small model has its days."""
        for number in range(len(NAMES)):
            (action,) = await self.actions(name, 3 + 5 * number)
            answer = await self.run(action.command)
            if answer.applied:
                return answer, self.edits.pop()
        return pytest.fail("the model documents nothing")


@pytest.fixture
def window(start_editor):
    async def start(**changes):
        changes.setdefault(
            "workspace", types.WorkspaceClientCapabilities(apply_edit=True, workspace_edit=EDITS)
        )
        return Window(await start_editor(**changes))

    return start


def applied(text, edit):
    start, end = span_of(text, edit.range, "utf-16")
    return text[:start] + edit.new_text + text[end:]


async def test_an_action_documents_a_function_in_one_edit_of_one_version(window):
    window = await window()
    window.editor.open("files.py", TEXT)
    (action,) = await window.actions("files.py", 3)
    assert (action.title, action.kind) == ("Document read_lines", "refactor.rewrite")
    assert action.edit is None
    answer, edit = await window.document_any("files.py")
    (change,) = edit.document_changes
    assert change.text_document.version == 1
    assert edit.change_annotations["codenook.documentation"].description == "proven to change no code"
    (inserted,) = change.edits
    after = ast.parse(applied(TEXT, inserted))
    (function,) = [node for node in after.body if getattr(node, "name", "") == answer.symbol]
    docstring = ast.get_docstring(function)
    assert "path:" in docstring
    assert "encoding:" in docstring
    function.body = function.body[1:]
    assert ast.dump(after) == ast.dump(ast.parse(TEXT))


async def test_a_document_that_changed_is_left_alone(window):
    window = await window()
    window.editor.open("files.py", TEXT)
    (action,) = await window.actions("files.py", 3)
    window.editor.insert("files.py", 0, 0, "#\n")
    answer = await window.run(action.command)
    assert (answer.applied, answer.reason) == (False, "document_changed")
    assert not window.edits


@pytest.mark.parametrize("edits", [EDITS, None])
async def test_a_document_that_changes_while_the_model_writes_is_left_alone(window, edits):
    workspace = types.WorkspaceClientCapabilities(apply_edit=True, workspace_edit=edits)
    window = await window(workspace=workspace)
    window.editor.open("files.py", TEXT)
    (action,) = await window.actions("files.py", 3)
    running = asyncio.ensure_future(window.run(action.command))
    await asyncio.sleep(0)  # the command is on its way first
    window.editor.insert("files.py", 0, 0, "#\n")
    answer = await running
    assert (answer.applied, answer.reason, window.edits) == (False, "document_changed", [])


async def test_an_editor_that_refuses_the_edit_is_told_that_nothing_came_of_it(window):
    window = await window()
    window.takes_edits = False
    window.editor.open("files.py", TEXT)
    for number in range(len(NAMES)):
        (action,) = await window.actions("files.py", 3 + 5 * number)
        answer = await window.run(action.command)
        assert not answer.applied
        if window.edits:
            assert (answer.reason, answer.message) == ("edit_not_taken", "not today")
            return
    pytest.fail("the model documents nothing")


async def test_selected_lines_and_the_file_itself_are_offered(window):
    window = await window()
    window.editor.open("files.py", TEXT)
    titles = [action.title for action in await window.actions("files.py", 4, to_line=6)]
    assert titles == ["Document read_lines", "Comment these lines", "Review the selection"]
    assert [action.title for action in await window.actions("files.py", 0)] == ["Document this file"]


async def test_only_what_is_asked_for_is_offered(window):
    window = await window()
    window.editor.open("files.py", TEXT)
    assert not await window.actions("files.py", 3, only=["quickfix"])
    assert len(await window.actions("files.py", 3, only=["refactor"])) == 1


async def test_a_reason_is_told_for_a_language_that_the_model_does_not_know(window):
    window = await window()
    window.editor.open("Cart.java", "class Cart {\n    int sum(int first) { return first; }\n}\n", "java")
    (action,) = await window.actions("Cart.java", 1)
    answer = await window.run(action.command)
    assert (answer.applied, answer.reason) == (False, "language_not_in_model")
    assert "language_not_in_model" in window.messages[-1].message


async def test_lenses_are_there_only_when_they_are_wanted(window, start_editor):
    lenses = types.CodeLensParams(types.TextDocumentIdentifier(""))
    off = await window()
    off.editor.open("files.py", TEXT)
    lenses.text_document.uri = off.editor.uri("files.py")
    assert not await off.editor.client.text_document_code_lens_async(lenses)
    on = await window(options={"comment_lenses": True})
    on.editor.open("files.py", TEXT)
    lenses.text_document.uri = on.editor.uri("files.py")
    found = await on.editor.client.text_document_code_lens_async(lenses)
    assert [lens.command.title for lens in found] == [
        "Document this file",
        *(f"Document {name}" for name in NAMES),
    ]
