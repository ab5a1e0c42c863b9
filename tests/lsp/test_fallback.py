"""What each editor is offered: inline completion, or a menu where it shows none, never both."""

import ast

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcMethodNotFound
from pytest_lsp import client_capabilities

PLACES = [
    "def add(a, b):\n    ret|\n",
    "def add(a, b):\n    return |\n",
    "import os\n\n\ndef names(path):\n    for name in os|:\n        print(name)\n",
    "def read(path):\n    with open(path) as file:\n        return fi|\n",
    "values = [1, 2, 3]\nfor value in |:\n    print(value)\n",
    "class Point:\n    def __init__(self, x, y):\n        self.x = x\n        self|\n",
]

HELIX = types.ClientCapabilities(
    general=types.GeneralClientCapabilities(position_encodings=["utf-8", "utf-32", "utf-16"]),
    window=types.WindowClientCapabilities(work_done_progress=True),
    workspace=types.WorkspaceClientCapabilities(configuration=True, workspace_folders=True),
    text_document=types.TextDocumentClientCapabilities(
        completion=types.CompletionClientCapabilities(
            completion_item=types.ClientCompletionItemOptions(
                snippet_support=True,
                insert_replace_support=True,
                deprecated_support=True,
                resolve_support=types.ClientCompletionItemResolveOptions(["documentation", "detail"]),
                documentation_format=[types.MarkupKind.Markdown, types.MarkupKind.PlainText],
            ),
            completion_item_kind=types.ClientCompletionItemOptionsKind(),
            context_support=False,
        ),
    ),
)
"""Helix 25: no inline completion, positions in bytes if it may choose."""


def with_inline_completion(spec: str, encodings: list[str]) -> types.ClientCapabilities:
    """Return an older profile of pytest-lsp, with what the editor has learned since."""
    announced = client_capabilities(spec)
    announced.general = announced.general or types.GeneralClientCapabilities()
    announced.general.position_encodings = encodings
    announced.text_document.inline_completion = types.InlineCompletionClientCapabilities(
        dynamic_registration=True
    )
    return announced


INLINE = {
    "Neovim 0.12": with_inline_completion("neovim", ["utf-8", "utf-16", "utf-32"]),
    "VS Code with inline completion": with_inline_completion("visual-studio-code", ["utf-16"]),
}
MENU = {
    spec: client_capabilities(spec)
    for spec in (
        "neovim@v0.6.1",
        "neovim@v0.9.1",
        "neovim@v0.11.0",
        "visual-studio-code@v1.65.2",
        "emacs@v29.1",
    )
} | {"Helix 25": HELIX, "an editor that announces nothing": types.ClientCapabilities()}


def fields(announced: types.ClientCapabilities) -> dict[str, object]:
    return {name: getattr(announced, name) for name in ("workspace", "text_document", "window", "general")}


def params(editor, name, line, character, **context) -> types.CompletionParams:
    return types.CompletionParams(
        types.TextDocumentIdentifier(editor.uri(name)),
        types.Position(line, character),
        types.CompletionContext(**context) if context else None,
    )


async def menu(editor, name, line, character, **context) -> types.CompletionList:
    answer = await editor.client.text_document_completion_async(
        params(editor, name, line, character, **context)
    )
    assert answer.is_incomplete
    return answer


async def first_menu(editor):
    """Ask at each place in turn until there are items: a small model has its days."""
    for number, marked in enumerate(PLACES):
        before = marked.partition("|")[0]
        text = marked.replace("|", "")
        name, line, character = f"menu_{number}.py", before.count("\n"), len(before.rpartition("\n")[2])
        editor.open(name, text)
        if items := (await menu(editor, name, line, character)).items:
            return text, types.Position(line, character), items
    pytest.fail("the model has no candidate anywhere")


@pytest.mark.parametrize("spec", INLINE)
async def test_an_editor_with_inline_completion_is_offered_that_alone(start_editor, spec):
    editor = await start_editor(**fields(INLINE[spec]))
    offered = editor.initialized.capabilities
    assert offered.inline_completion_provider is not None
    assert offered.completion_provider is None
    await editor.ask_anywhere(PLACES)
    with pytest.raises(JsonRpcMethodNotFound):
        await menu(editor, "place_0.py", 0, 0)


@pytest.mark.parametrize("spec", MENU)
async def test_an_editor_without_is_offered_a_menu_alone(start_editor, spec):
    editor = await start_editor(**fields(MENU[spec]))
    offered = editor.initialized.capabilities
    assert offered.completion_provider is not None
    assert offered.inline_completion_provider is None
    text, position, items = await first_menu(editor)
    lines = text.split("\n")
    for item in items:
        edit = item.text_edit
        assert edit.range.end == position
        assert edit.range.start.line == position.line  # editors take edits of one line only
        typed = lines[position.line][edit.range.start.character : position.character]
        assert all(text.startswith(typed) for text in (item.filter_text, item.insert_text, item.label))
        assert item.insert_text == edit.new_text
        assert "\n" not in item.label
        assert edit.new_text in getattr(item.documentation, "value", item.documentation)
        ast.parse(accepted(text, edit))
    assert [item.sort_text for item in items] == sorted(item.sort_text for item in items)
    with pytest.raises(JsonRpcMethodNotFound):
        await editor.ask("menu_0.py", 0, 0)


def accepted(text: str, edit: types.TextEdit) -> str:
    """The ASCII ``text`` with ``edit`` applied."""
    lines = text.split("\n")
    line = edit.range.start.line
    end = lines[line][edit.range.end.character :]
    lines[line] = lines[line][: edit.range.start.character] + edit.new_text + end
    return "\n".join(lines)


@pytest.fixture
async def helix(start_editor):
    return await start_editor(**fields(HELIX))


async def test_the_documentation_is_markdown_where_the_editor_shows_it(helix, start_editor):
    _, _, items = await first_menu(helix)
    assert items[0].documentation.kind == "markdown"
    assert items[0].documentation.value.startswith("```python\n")
    _, _, items = await first_menu(await start_editor(**fields(types.ClientCapabilities())))
    assert items[0].documentation == items[0].insert_text


async def test_acceptance_and_counters_are_those_of_inline_completion(helix):
    _, _, items = await first_menu(helix)
    command = items[0].command
    await helix.client.workspace_execute_command_async(
        types.ExecuteCommandParams(command.command, command.arguments)
    )
    counters = await helix.counters()
    assert counters["accepted"] == counters["answered_by_model"] == 1
    assert counters["requests"] == counters["empty"] + 1


async def test_an_empty_menu_has_its_reason_in_the_log(helix):
    assert (await menu(helix, "never_opened.py", 0, 0)).items == ()
    assert helix.answered == []
    assert "document_not_open" in helix.client.log_messages[-1].message
    assert (await helix.status()).last_reason == "document_not_open"


async def test_words_before_the_cursor_are_counted_in_the_editors_units(helix):
    text, position, _ = await first_menu(helix)
    name = f"menu_{len(PLACES)}.py"
    line = text.split("\n")[position.line]
    moved = text.replace(line, f'{line[: len(line) - len(line.lstrip())]}"🙂é"; {line.lstrip()}')
    n_added = len('"🙂é"; '.encode())
    helix.open(name, moved)
    for item in (await menu(helix, name, position.line, position.character + n_added)).items:
        start, end = item.text_edit.range.start.character, item.text_edit.range.end.character
        before = moved.split("\n")[position.line].encode()[start:end].decode()
        assert end == position.character + n_added
        assert item.filter_text.startswith(before)


@pytest.mark.parametrize(
    ("switch", "reason"),
    [
        ({"languages_off": ["python"]}, "language_off"),
        ({"files_off": ["*.md", "/vendored/"]}, "file_off"),
    ],
)
async def test_off_by_language_and_by_glob(start_editor, switch, reason):
    editor = await start_editor(configuration=switch)
    editor.open("vendored/a.py", "def add(a, b):\n    return \n")
    assert await editor.ask("vendored/a.py", 1, 11) == []
    assert editor.answered[-1].reason == reason
    assert (await editor.status()).engine is None

    editor.client.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"codenook": {name: [] for name in switch}})
    )
    await editor.ask("vendored/a.py", 1, 11)
    assert (await editor.status()).engine is not None
