"""What a context manager remembers gives way to what has changed, on disk and in other documents."""

from pathlib import Path

import pytest

from codenook.context.manager import ContextManager

MAIN = "from shapes import draw\n\n\ndef f():\n    draw("


@pytest.fixture
def manager(tmp_path):
    (tmp_path / "shapes.py").write_text("def draw(x): ...\n", encoding="utf-8")
    manager = ContextManager(tmp_path)
    yield manager
    manager.close()


async def shown(manager, text=MAIN):
    context = await manager.for_completion(
        path=Path("main.py"),
        text=text,
        offset=len(text),
        language="python",
        budget=100,
        count_tokens=count_words,
    )
    return [snippet.text for snippet in context.snippets]


async def count_words(texts):
    return [len(text.split()) for text in texts]


async def test_a_file_that_changed_on_disk_is_read_again(manager, tmp_path):
    assert await shown(manager) == ["def draw(x): ..."]
    (tmp_path / "shapes.py").write_text("def draw(x, and_more): ...\n", encoding="utf-8")
    assert await shown(manager) == ["def draw(x, and_more): ..."]
    (tmp_path / "shapes.py").unlink()
    assert await shown(manager) == []


async def test_an_open_document_counts_as_it_is_and_its_file_once_it_is_closed(manager, tmp_path):
    assert await shown(manager) == ["def draw(x): ..."]
    path = tmp_path / "shapes.py"
    await manager.warm(path=path, text="def draw(unsaved): ...\n", language="python")
    assert await shown(manager) == ["def draw(unsaved): ..."]
    manager.forget(path)
    assert await shown(manager) == ["def draw(x): ..."]


async def test_a_choice_is_kept_while_nothing_changes(manager):
    await shown(manager)
    before = manager._chosen
    await shown(manager, f"{MAIN}wo")
    assert manager._chosen is before
    await shown(manager, f"{MAIN}draw(")
    assert manager._chosen is not before
