"""What speaks for a definition: what the workspace reads together with a type."""

from pathlib import Path

import pytest

from codenook.context.index import store
from codenook.context.manager import ContextManager
from codenook.context.offers import Habits
from codenook.context.resolve import Target

SHAPES = "class Point:\n    def moved(self): ...\n    def turned(self): ...\n    def hidden(self): ...\n"


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv(store.FOLDER_VARIABLE, str(tmp_path_factory.mktemp("cache")))


def habits(root: Path, files: dict[str, str]) -> Habits:
    for name, text in {"shapes.py": SHAPES, **files}.items():
        root.joinpath(name).write_text(text, encoding="utf-8")
    manager = ContextManager(root)
    try:
        assert manager.build()
        assert manager.index
        (point,) = manager.index.named("Point", 2)
        known = Habits.of(Target(point.path, point.definition), manager.index)
        for name in ("moved", "turned", "hidden"):
            known.rate(name)
    finally:
        manager.close()
    return known


def test_members_are_told_apart_where_every_file_mentions_their_type(tmp_path):
    users = {f"user{n}.py": f"Point().moved(){'; Point().turned()' if n else ''}\n" for n in range(2)}
    known = habits(tmp_path, users)
    assert (known.n_users, known.n_files) == (3, 3)
    assert known.rate("moved") > known.rate("turned") > known.rate("hidden")


def test_what_other_files_read_as_often_says_nothing_of_a_type(tmp_path):
    users = {f"user{n}.py": "Point().moved().turned()\n" for n in range(3)}
    others = {f"other{n}.py": "car.moved()\n" for n in range(4)}
    known = habits(tmp_path, {**users, **others})
    assert known.rate("moved") < known.rate("hidden") < known.rate("turned")
