"""What an engine is handed of a workspace: all of it once, then what is new; open documents as typed."""

import pytest
from attrs import define, field

from codenook.context.index import store
from codenook.server.tasks import memory
from codenook.server.tasks.memory import Memories
from codenook.server.tasks.workspaces import Workspaces


@define
class Listening:
    """An engine that keeps what it is told, and can lose it."""

    languages: tuple[str, ...] = ("python",)
    texts: dict[str, str] | None = None
    known: dict[str, str] = field(factory=dict)
    heard: list[str] = field(factory=list)
    """The paths of all files that were told, in order."""
    more: bool = False

    async def ready(self):
        return self

    async def offer_memory(self, _name, versions):
        self.texts = {path: text for path, text in (self.texts or {}).items() if path in versions}
        lacking = [path for path, version in versions.items() if self.known.get(path) != version]
        self.texts |= {path: "from disk" for path in versions if path not in lacking}
        return lacking

    async def learn(self, _name, files, gone=(), *, more=False):
        if self.texts is None:
            return False
        self.more = more
        for path in gone:
            del self.texts[path]
        for file in files:
            self.texts[file.path] = file.text
            self.known[file.path] = file.version
            self.heard.append(file.path)
        return True


FILES = {"a.py": "x = 1\n", "pkg/b.py": "y = 2\n", "pkg/c.py": "z = 3\n", "d.ts": "let q = 4\n"}


@pytest.fixture
def folder(tmp_path, tmp_path_factory, monkeypatch):
    monkeypatch.setenv(store.FOLDER_VARIABLE, str(tmp_path_factory.mktemp("cache")))
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def workspaces(folder):
    workspaces = Workspaces()
    assert workspaces.of(folder).build()
    yield workspaces
    workspaces.close_all()


async def test_files_in_the_models_languages_are_told_and_open_ones_as_they_are_typed(folder, workspaces):
    engine = Listening()
    await Memories(engine, workspaces).update(folder, {folder / "pkg/b.py": "typed\n"})
    assert engine.texts == {"a.py": "x = 1\n", "pkg/b.py": "typed\n", "pkg/c.py": "z = 3\n"}
    assert engine.heard == ["pkg/b.py", "pkg/c.py", "a.py"], "what is near to an open document first"


async def test_a_model_of_unknown_languages_is_told_all(folder, workspaces):
    engine = Listening(languages=())
    await Memories(engine, workspaces).update(folder, {})
    assert engine.texts == FILES


async def test_only_what_is_new_is_told_again(folder, workspaces):
    engine = Listening()
    memories = Memories(engine, workspaces)
    await memories.update(folder, {})
    engine.heard.clear()
    await memories.update(folder, {})
    assert engine.heard == []
    (folder / "a.py").write_text("x = 10\n", encoding="utf-8")
    (folder / "pkg/c.py").unlink()
    assert workspaces.of(folder).build()
    await memories.update(folder, {folder / "pkg/b.py": "y = 2\n"})
    assert engine.heard == ["pkg/b.py", "a.py"]
    assert engine.texts == {"a.py": "x = 10\n", "pkg/b.py": "y = 2\n"}


async def test_what_is_gone_is_told_once(folder, workspaces):
    engine = Listening()
    memories = Memories(engine, workspaces)
    await memories.update(folder, {})
    (folder / "a.py").unlink()
    assert workspaces.of(folder).build()
    for _ in range(2):
        await memories.update(folder, {})
        assert engine.texts.keys() == {"pkg/b.py", "pkg/c.py"}


async def test_a_document_that_is_closed_counts_as_on_disk_again(folder, workspaces):
    engine = Listening()
    memories = Memories(engine, workspaces)
    await memories.update(folder, {folder / "a.py": "half a li"})
    await memories.update(folder, {})
    assert engine.texts["a.py"] == FILES["a.py"]


async def test_a_document_outside_of_the_folder_is_not_told(folder, workspaces, tmp_path_factory):
    engine = Listening()
    await Memories(engine, workspaces).update(folder, {tmp_path_factory.mktemp("other") / "e.py": "secret"})
    assert "secret" not in engine.texts.values()


async def test_a_document_that_may_not_be_read_is_not_told(folder, workspaces):
    hidden = {"local.py": "password = 'x'\n", ".env": "KEY=1\n", "big.py": "x = 1\n" * 400_000}
    (folder / ".gitignore").write_text("local.py\n", encoding="utf-8")
    for name, text in hidden.items():
        (folder / name).write_text(text, encoding="utf-8")
    assert workspaces.of(folder).build()
    engine = Listening(languages=())
    await Memories(engine, workspaces).update(folder, {folder / name: text for name, text in hidden.items()})
    assert not {*hidden} & {*engine.texts}


async def test_a_new_engine_is_told_what_it_has_not_kept(folder, workspaces):
    engine = Listening()
    memories = Memories(engine, workspaces)
    await memories.update(folder, {})
    engine.texts = None  # it ended; what it kept on disk is there when the memory is offered
    engine.known.pop("a.py")
    engine.heard.clear()
    (folder / "pkg/c.py").write_text("z = 30\n", encoding="utf-8")
    assert workspaces.of(folder).build()
    await memories.update(folder, {})
    assert sorted(engine.heard) == ["a.py", "pkg/c.py"]
    assert engine.texts.keys() == {"a.py", "pkg/b.py", "pkg/c.py"}


async def test_much_text_is_told_in_several_messages(folder, workspaces, monkeypatch):
    monkeypatch.setattr(memory, "BATCH_CHARACTERS", 1)
    engine = Listening()
    await Memories(engine, workspaces).update(folder, {})
    assert engine.texts.keys() == {"a.py", "pkg/b.py", "pkg/c.py"}
    assert not engine.more, "the last of them says so"


async def test_a_file_that_has_vanished_is_left_out(folder, workspaces):
    engine = Listening()
    (folder / "a.py").unlink()
    await Memories(engine, workspaces).update(folder, {})
    assert engine.texts.keys() == {"pkg/b.py", "pkg/c.py"}
