"""What a context manager remembers gives way to what has changed, on disk and in other documents."""

import asyncio
from pathlib import Path
from threading import Event

import pytest

from codenook.context.manager import ContextManager

MAIN = "from shapes import draw\n\n\ndef f():\n    draw("


@pytest.fixture
def manager(tmp_path):
    (tmp_path / "shapes.py").write_text("def draw(x): ...\n", encoding="utf-8")
    manager = ContextManager(tmp_path)
    yield manager
    manager.close()


async def shown(manager, text=MAIN, **options):
    context = await manager.for_completion(
        path=Path("main.py"),
        text=text,
        offset=len(text),
        language="python",
        budget=100,
        count_tokens=count_words,
        **options,
    )
    return [snippet.text for snippet in context.snippets]


async def count_words(texts):
    if count_words.fails:
        raise OSError("the engine has died")
    return [len(text.split()) for text in texts]


count_words.fails = False


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


class TestPatience:
    """A key that needs another context doesn't wait for it, the one after it finds it."""

    DRAW, FILL = ["def draw(x): ..."], ["def fill(y): ..."]

    @pytest.fixture
    def busy(self, manager, tmp_path):
        """Let the thread that chooses wait until the event is set."""
        (tmp_path / "shapes.py").write_text("def draw(x): ...\ndef fill(y): ...\n", encoding="utf-8")
        free = Event()

        def occupy():
            manager._worker.submit(free.wait)
            return free

        yield occupy
        free.set()

    @staticmethod
    def text(name, above=""):
        return f"from shapes import {name}\n\n\n{above}def f():\n    {name}("

    async def test_an_earlier_choice_is_shown_until_the_new_one_is_made(self, manager, busy):
        assert await shown(manager, self.text("draw"), patience_s=0) == self.DRAW
        free = busy()
        assert await shown(manager, self.text("fill"), patience_s=0) == self.DRAW
        free.set()
        while await shown(manager, self.text("fill"), patience_s=0) != self.FILL:
            await asyncio.sleep(0.001)

    async def test_a_late_choice_that_fails_leaves_the_next_one_alone(self, manager, busy):
        assert await shown(manager, self.text("draw"), patience_s=0) == self.DRAW
        free = busy()
        count = manager._selected.count_tokens
        assert await shown(manager, self.text("fill"), patience_s=0) == self.DRAW
        failing = manager._choosing
        manager._selected = None  # so that it is priced anew
        count.fails = True
        free.set()
        await asyncio.wait([failing])
        count.fails = False
        assert isinstance(failing.exception(), OSError)
        assert await shown(manager, self.text("fill"), patience_s=0) == self.FILL

    async def test_a_first_question_and_one_far_away_wait(self, manager, busy):
        far_away = self.text("fill", above="# nothing\n" * 100)
        for text, expected in ((self.text("draw"), self.DRAW), (far_away, self.FILL)):
            free = busy()
            asking = asyncio.ensure_future(shown(manager, text, patience_s=0))
            await asyncio.sleep(0.01)
            assert not asking.done()
            free.set()
            assert await asking == expected
            free.clear()

    async def test_without_patience_given_every_question_waits(self, manager, busy):
        assert await shown(manager, self.text("draw")) == self.DRAW
        free = busy()
        asking = asyncio.ensure_future(shown(manager, self.text("fill")))
        await asyncio.sleep(0.01)
        assert not asking.done()
        free.set()
        assert await asking == self.FILL


async def test_what_a_document_needs_is_priced_before_it_is_asked_for(manager):
    asked = []

    async def count(texts):
        asked.append(set(texts))
        return await count_words(texts)

    question = {
        "path": Path("main.py"),
        "text": MAIN,
        "language": "python",
        "budget": 100,
        "count_tokens": count,
    }
    await manager.prepare(**question)
    ahead = set().union(*asked)
    asked.clear()
    assert (await manager.for_completion(**question, offset=len(MAIN))).snippets
    assert set().union(*asked) <= ahead


async def test_what_is_asked_for_meanwhile_comes_before_what_is_found_out_ahead(tmp_path, monkeypatch):
    monkeypatch.setattr("codenook.context.manager._SLICE_S", 0.0)
    names = [f"name_{number}" for number in range(200)]
    (tmp_path / "shapes.py").write_text("".join(f"def {name}(): ...\n" for name in names), encoding="utf-8")
    text = f"from shapes import {', '.join(names)}\n"
    manager = ContextManager(tmp_path)
    preparing = asyncio.ensure_future(
        manager.prepare(
            path=Path("main.py"), text=text, language="python", budget=100, count_tokens=count_words
        )
    )
    await asyncio.sleep(0)
    assert await shown(manager, text)
    assert not preparing.done()
    await preparing
    manager.close()
