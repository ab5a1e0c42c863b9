"""Whatever happens to the index's file, there is an index."""

import email.message
import logging
import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from codenook.context.index import store


@pytest.fixture
def workspace(tmp_path):
    root = tmp_path / "workspace"
    root.mkdir()
    for i in range(20):
        (root / f"m{i}.py").write_text(f'def alpha(x{i}): "What {i} does."\n', encoding="utf-8")
    return root


@pytest.fixture
def file_of(opened):
    """Build an index, close it and return its file."""

    def build(root, **changes):
        index = opened(root, **changes)
        index.scan()
        index.close()
        assert index._store.path is not None
        return index._store.path

    return build


def garbage(path):
    path.write_bytes(os.urandom(20_000))


def half(path):
    os.truncate(path, path.stat().st_size // 2)


def holes(path):
    """Overwrite all pages but the first."""
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))


def foreign(path):
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE bookmarks (url)")
    other.close()


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [garbage, half, holes, foreign, empty])
def test_a_damaged_file_is_replaced(workspace, file_of, opened, check_as_new, damage):
    damage(file_of(workspace))
    index = opened(workspace)
    index.named("alpha", 1)
    assert index.scan()
    assert index.trouble == ""
    check_as_new(index, workspace)
    assert index.counters.parsed == 20


def test_another_program_s_file_is_kept_beside(workspace, file_of, opened, caplog):
    path = file_of(workspace)
    foreign(path)
    with caplog.at_level(logging.WARNING):
        opened(workspace)
    assert [record.name for record in caplog.records] == ["codenook.context.index.store"]
    with sqlite3.connect(path.with_suffix(".broken")) as other:
        assert other.execute("SELECT count(*) FROM bookmarks").fetchone() == (0,)
    other.close()


def test_damage_while_it_is_open_is_noticed(workspace, opened, check_as_new):
    index = opened(workspace)
    index.scan()
    index._store.write(lambda tables: tables.execute("DELETE FROM file WHERE path = 'm1.py'"))
    index._store._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    holes(index._store.path)
    index._store._reader.execute("PRAGMA cache_size = 0")
    assert index.scan()
    assert index.scan()
    check_as_new(index, workspace)


def test_a_removed_file_is_begun_anew(workspace, opened, check_as_new):
    index = opened(workspace)
    index.scan()
    for path in index._store.path.parent.iterdir():
        path.unlink()
    (workspace / "m1.py").write_text("def beta(): ...\n", encoding="utf-8")
    assert index.scan()
    assert index.trouble == ""
    check_as_new(index, workspace)


def test_a_full_disk_leaves_an_index_in_memory(workspace, opened, check_as_new, caplog):
    for i in range(20):
        shutil.copy(Path(email.message.__file__), workspace / f"m{i}.py")
    index = opened(workspace)
    (pages,) = index._store._writer.execute("PRAGMA page_count").fetchone()
    index._store._writer.execute(f"PRAGMA max_page_count = {pages}")
    with caplog.at_level(logging.WARNING):
        assert index.scan()
    assert [record.getMessage() for record in caplog.records] == [index.trouble]
    assert "database or disk is full" in index.trouble
    check_as_new(index, workspace)


def test_a_closed_index_answers_as_an_empty_one(workspace, opened):
    index = opened(workspace)
    index.scan()
    assert index.n_definitions("alpha") == 20
    index.close()
    assert index.n_definitions("alpha") == 0
    assert not index.scan()


def test_names_that_are_no_text_are_not_found(workspace, opened):
    index = opened(workspace)
    index.scan()
    assert index.definitions("\udcff.py") == index.named("\ud800", 5) == index.search("\ud800", 5) == []


@pytest.mark.parametrize("is_file", [True, False])
def test_a_folder_that_cannot_be_written_leaves_an_index_in_memory(
    *, workspace, opened, check_as_new, monkeypatch, tmp_path, is_file
):
    place = tmp_path / "place"
    if is_file:
        place.touch()
    else:
        place.symlink_to(place)
    with monkeypatch.context() as patch:
        patch.setenv(store.FOLDER_VARIABLE, str(place))
        index = opened(workspace)
    assert str(place) in index.trouble
    assert index.scan()
    check_as_new(index, workspace)


def test_only_the_user_can_read_it(workspace, opened, cache):
    cache.chmod(0o755)
    index = opened(workspace)
    index.scan()
    assert stat.S_IMODE((cache / "index").stat().st_mode) == 0o700
    modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in (cache / "index").iterdir()}
    assert modes == dict.fromkeys((".sqlite", ".sqlite-wal", ".sqlite-shm", ".lock"), 0o600)


def test_versions_have_files_of_their_own(workspace, file_of):
    assert file_of(workspace, version="1") != file_of(workspace, version="2")


def test_indexes_that_nobody_opened_for_long_are_deleted(workspace, file_of, tmp_path):
    (tmp_path / "other").mkdir()
    old, recent = file_of(workspace), file_of(tmp_path / "other")
    before = old.stat().st_mtime - 91 * 24 * 3600
    for path in old.parent.glob(f"{old.stem}.*"):
        os.utime(path, (before, before))
    (tmp_path / "third").mkdir()
    third = file_of(tmp_path / "third")
    assert {path.stem for path in Path(old.parent).iterdir()} == {recent.stem, third.stem}
