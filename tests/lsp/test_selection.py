"""Inline completion while an item is selected in the editor's completion menu: candidates continue it."""

import ast

import pytest
from attrs import evolve, frozen
from lsprotocol import types


@frozen
class Menu:
    """A document with an open menu, whose selected ``item`` takes the place of ``word`` before the cursor."""

    before: str
    word: str
    item: str
    after: str = "\n"

    @property
    def text(self) -> str:
        return self.before + self.word + self.after

    @property
    def selected(self) -> types.SelectedCompletionInfo:
        line, column = self.before.count("\n"), len(self.before.rpartition("\n")[2].encode("utf-16-le")) // 2
        start, end = types.Position(line, column), types.Position(line, column + len(self.word))
        return types.SelectedCompletionInfo(types.Range(start, end), self.item)

    @property
    def cursor(self) -> types.Position:
        return self.selected.range.end


MENUS = [
    Menu("def add(a, b):\n    ", "re", "return"),
    Menu(
        "values = [3, 1, 2]\nfor value in ", "srt", "sorted", ":\n    print(value)\n"
    ),  # as menus match, too
    Menu("import os\n\n\ndef names(path):\n    for name in os.", "", "listdir", ":\n        print(name)\n"),
    Menu("def read(path):\n    with ", "op", "open"),
    Menu('def size(values):\n    print("🙂👩🏽 é", ', "le", "len", ")\n"),
]


@pytest.fixture
def ask(editor):
    """Return a function that asks with the menu open, in a document that is open already."""

    def ask(name, menu):
        return editor.ask(name, menu.cursor.line, menu.cursor.character, selected=menu.selected)

    return ask


@pytest.fixture
def ask_anywhere(editor, ask):
    """Return a function that asks in each menu's document until there are candidates."""

    async def ask_anywhere(menus):
        for number, menu in enumerate(menus):
            name = f"menu_{number}.py"
            editor.open(name, menu.text)
            if items := await ask(name, menu):
                return name, menu, items
        return pytest.fail("the model has no candidate anywhere")

    return ask_anywhere


def replace(editor, name, span, text):
    editor.change(name, types.TextDocumentContentChangePartial(text=text, range=span))


async def test_candidates_begin_with_the_item_and_parse(editor, ask):
    n_answered = 0
    for number, menu in enumerate(MENUS):
        editor.open(f"{number}.py", menu.text)
        items = await ask(f"{number}.py", menu)
        for item in items:
            assert item.range == menu.selected.range
            assert item.insert_text.startswith(menu.item)
            assert len(item.insert_text) > len(menu.item)
            ast.parse(menu.before + item.insert_text + menu.after)
        n_answered += bool(items)
    assert n_answered >= 3
    assert (await editor.counters())["answered_by_model"] == n_answered


@pytest.mark.parametrize("before", ["", '"🙂👩🏽 é", '])
async def test_accepting_the_item_asks_no_model(editor, ask_anywhere, before):
    """The answer is exact only if range and cursor met the text at the right place, also after emoji."""
    menus = [evolve(menu, before=f"{menu.before}{before}") for menu in MENUS[1:3]]
    menus += [Menu(f"def size(values):\n    print({before}", "le", "len", ")\n")]
    name, menu, items = await ask_anywhere(menus)
    n_asked = (await editor.engine()).requests
    replace(editor, name, menu.selected.range, menu.item)
    start = menu.selected.range.start
    after = types.Position(start.line, start.character + len(menu.item))
    rests = await editor.ask(name, after.line, after.character)
    assert [(rest.insert_text, rest.range) for rest in rests] == [
        (item.insert_text.removeprefix(menu.item), types.Range(after, after)) for item in items
    ]
    assert [rest.command for rest in rests] == [item.command for item in items]
    assert (await editor.engine()).requests == n_asked
    assert (await editor.counters())["answered_from_typing"] == 1


async def test_typing_along_the_item_asks_no_model(editor, ask, ask_anywhere):
    name, menu, items = await ask_anywhere([menu for menu in MENUS if menu.item.startswith(menu.word)])
    n_asked = (await editor.engine()).requests
    longer = evolve(menu, word=menu.item[: len(menu.word) + 1])
    editor.insert(name, menu.cursor.line, menu.cursor.character, longer.word[-1])
    again = await ask(name, longer)
    assert again == [evolve(item, range=longer.selected.range) for item in items]
    closed = await editor.ask(name, longer.cursor.line, longer.cursor.character)  # without a menu any more
    assert [(rest.insert_text, rest.range) for rest in closed] == [
        (item.insert_text.removeprefix(longer.word), types.Range(longer.cursor, longer.cursor))
        for item in items
    ]
    assert (await editor.engine()).requests == n_asked
    assert (await editor.counters())["answered_from_typing"] == 2


async def test_another_item_is_another_question_in_the_same_slot(editor, ask, ask_anywhere):
    name, menu, _ = await ask_anywhere(MENUS)
    asked = await editor.engine()
    await ask(name, evolve(menu, item="str"))
    engine = await editor.engine()
    assert engine.requests > asked.requests
    assert sum(editor.uri(name) in slot.name for slot in engine.slots) == 1


async def test_a_range_that_is_not_at_the_cursor_is_ignored(editor):
    name, position, items = await editor.ask_anywhere(
        ["values = [1, 2]\nx = max(|)\n", "values = [1, 2]\nprint(len(|))\n"]
    )
    line, character = position.line, position.character
    for start, end in [
        ((line, 0), (line, character - 1)),  # ends before the cursor
        ((line - 1, 0), (line, character)),  # begins in another line
        ((line, character + 1), (line, character)),  # backwards
        ((99, 0), (99, 1)),  # outside
    ]:
        span = types.Range(types.Position(*start), types.Position(*end))
        selected = types.SelectedCompletionInfo(span, "sorted")
        ignored = await editor.ask(name, line, character, selected=selected)
        assert ignored == items
        assert ignored[0].range == types.Range(position, position)
