"""Processes that read for the index, servers that share it, and servers that are killed."""

import email
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

BUILD = Path(__file__).with_name("build_and_tell.py")
EMAIL = Path(email.__file__).parent
SAFETY_NET_S = 60.0


@pytest.fixture
def workspace(tmp_path):
    root = tmp_path / "workspace"
    for i in range(10):
        shutil.copytree(EMAIL, root / f"copy{i}", ignore=shutil.ignore_patterns("__pycache__"))
        for path in (root / f"copy{i}").rglob("*.py"):
            with path.open("a", encoding="utf-8") as file:
                file.write(f"\ncopy = {i}\n")
    return root


def start(root, *arguments, **options):
    command = [
        sys.executable,
        *options.pop("flags", ["-P", "-E"]),
        str(BUILD),
        str(root),
        *map(str, arguments),
    ]
    if "-P" in command:
        code = f"import sys, runpy; sys.path.insert(0, {str(BUILD.parent)!r}); sys.argv = sys.argv[1:]"
        code += "; runpy.run_path(sys.argv[0], run_name='__main__')"
        command[3:3] = ["-c", code]
    return subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", **options)


def finished(process):
    out, _ = process.communicate(timeout=SAFETY_NET_S)
    return process.returncode, [int(pid) for pid in out.split()]


def test_a_killed_build_is_gone_on_with(workspace, opened, check_as_new):
    n_files = sum(1 for _ in workspace.rglob("*.py"))
    code, readers = finished(start(workspace, 1))
    assert code == -9
    assert len(readers) == min(os.cpu_count() or 1, 8)
    end = time.monotonic() + SAFETY_NET_S
    while any(psutil.pid_exists(pid) and psutil.Process(pid).status() != "zombie" for pid in readers):
        assert time.monotonic() < end, "the readers have not ended with the process that they read for"
        time.sleep(0.02)
    index = opened(workspace)
    found = index.totals().files
    assert 0 < found < n_files
    assert index.scan()
    assert index.counters.parsed == n_files - found
    check_as_new(index, workspace)


def test_a_stopped_build_is_gone_on_with(workspace, opened, check_as_new):
    index = opened(workspace)
    assert not index.scan(lambda done, _total: index.stop() if done else None)
    assert not index.refresh(["copy1/message.py"])
    found = index.totals().files
    index.close()
    again = opened(workspace)
    assert again.scan()
    assert again.counters.parsed == again.totals().files - found > 0
    check_as_new(again, workspace)


def test_without_processes_the_index_stays_as_it_is(workspace, opened, monkeypatch, caplog):
    index = opened(workspace)
    with monkeypatch.context() as patch, caplog.at_level(logging.WARNING):
        patch.setattr(sys, "executable", "/nowhere/python")
        assert not index.scan()
    assert ["/nowhere/python" in record.getMessage() for record in caplog.records] == [True]
    assert index.totals().files == 0
    assert index.scan()


def test_two_servers_build_one_index(workspace, opened, check_as_new):
    assert [finished(process)[0] for process in [start(workspace), start(workspace)]] == [0, 0]
    index = opened(workspace)
    check_as_new(index, workspace)
    with sqlite3.connect(index._store.path) as tables:
        assert tables.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert tables.execute("PRAGMA foreign_key_check").fetchall() == []
    tables.close()


def test_two_servers_follow_each_other_s_changes(tmp_path, opened):
    (tmp_path / "a.py").write_text("def alpha(): ...\n")
    first, second = opened(tmp_path), opened(tmp_path)
    first.scan()
    assert second.n_definitions("alpha") == 1
    (tmp_path / "a.py").write_text("def beta(): ...\n")
    second.refresh(["a.py"])
    assert (first.n_definitions("alpha"), first.n_definitions("beta")) == (0, 1)


@pytest.mark.parametrize("flags", [["-P", "-E"], ["-E"]])
def test_nothing_of_the_workspace_is_imported(workspace, tmp_path, flags):
    mark = tmp_path / "imported"
    trap = f"open({str(mark)!r}, 'a').write(__name__)\n"
    for name in ("sitecustomize", "usercustomize", "multiprocessing", "pickle", "attrs", "tree_sitter"):
        (workspace / f"{name}.py").write_text(trap)
    (workspace / "codenook").mkdir()
    (workspace / "codenook" / "__init__.py").write_text(trap)
    environment = os.environ | {"PYTHONPATH": str(workspace)}
    code, readers = finished(start(workspace, flags=flags, cwd=workspace, env=environment))
    assert code == 0
    assert readers
    assert not mark.exists()
    subprocess.run([sys.executable, "-c", "import codenook"], cwd=workspace, env=environment, check=True)
    assert "codenook" in mark.read_text()
