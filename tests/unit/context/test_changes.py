"""What git tells reaches the context manager behind the questions; its errors reach nobody."""

import asyncio
import shutil
import subprocess

import pytest

from codenook.context.changes import Changes
from codenook.context.git.repository import Repository
from codenook.context.manager import ContextManager


@pytest.fixture
def repository(tmp_path):
    """A repository in which a.py and b.py change together, and c.py and d.py alone."""

    program = shutil.which("git")

    def git(*arguments):
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run([program, *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    git("init")
    for number in range(3):
        for names in (("a.py", "b.py"), ("c.py",), ("d.py",)):
            for name in names:
                (tmp_path / name).write_text(f"X = {number}\n", encoding="utf-8")
                git("add", name)
            git("commit", "-m", "change")
    return tmp_path


def test_what_changes_together_and_what_is_not_committed(repository):
    changes = Changes(repository.resolve())
    assert changes.of("a.py") == {}
    changes.look("a.py")
    assert changes.of("a.py") == {"b.py": 1.0}
    (repository / "c.py").write_text("X = 'new'\n", encoding="utf-8")
    (repository / "a.py").write_text("X = 'new'\n", encoding="utf-8")
    changes.look("a.py")
    assert changes.of("a.py") == {"b.py": 1.0, "c.py": 1.0}
    changes.forget("a.py")
    assert changes.of("a.py") == {}


def test_a_document_is_looked_for_once_until_something_changes(tmp_path):
    changes = Changes(tmp_path)
    assert [changes.is_due("a.py"), changes.is_due("a.py"), changes.is_due("b.py")] == [True, False, True]
    changes.expire()
    assert changes.is_due("a.py")


def test_without_a_repository_nothing_is_known(tmp_path):
    changes = Changes(tmp_path.resolve())
    changes.look("a.py")
    assert changes.of("a.py") == {}


def test_errors_stay_inside(repository, monkeypatch, caplog):
    def fail(*_arguments):
        raise OSError

    monkeypatch.setattr(Repository, "co_changed", fail)
    changes = Changes(repository.resolve())
    changes.look("a.py")
    assert changes.of("a.py") == {}
    assert ["OSError" in record.getMessage() for record in caplog.records] == [True]


async def test_the_manager_hands_it_on(repository):
    manager = ContextManager(repository, asks_git=True)
    handed_on = []
    sources = manager._sources
    manager._sources = lambda *arguments: handed_on.append(sources(*arguments)) or handed_on[-1]

    async def ask(number):
        text = f"X = {number}\n"
        await manager.for_completion(
            path=repository / "a.py",
            text=text,
            offset=len(text),
            language="python",
            budget=100,
            count_tokens=lambda texts: asyncio.sleep(0, [1] * len(texts)),
        )
        return handed_on[-1].changed

    async with asyncio.timeout(30):
        number = 0
        while await ask(number) != {"b.py": 1.0}:
            number += 1
            await asyncio.sleep(0.05)
    manager.close()
    assert handed_on[0].changed == {}


async def test_git_is_not_asked_unless_that_is_wanted(repository, monkeypatch):
    asked = []
    monkeypatch.setattr(Repository, "open", asked.append)
    manager = ContextManager(repository)
    manager.look(repository / "a.py")
    await manager.warm(path=repository / "a.py", text="X = 1\n", language="python")
    manager.close()
    manager._upkeep.shutdown(wait=True)
    assert asked == []
