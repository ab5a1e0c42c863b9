"""Changes on disk that nobody reports."""

import logging
import threading
import time

import pytest
import watchfiles

from codenook.context.index import watch

SAFETY_NET_S = 60.0


@pytest.fixture
def watched(opened, tmp_path):
    """Watch an index of ``tmp_path`` on a thread, which has to end when the index is stopped."""
    index = opened(tmp_path)
    index.scan()
    thread = threading.Thread(target=index.watch)
    thread.start()
    yield index
    index.stop()
    thread.join(SAFETY_NET_S)
    assert not thread.is_alive()


def until(happens):
    end = time.monotonic() + SAFETY_NET_S
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_changes_are_noticed(watched, tmp_path):
    def is_noticed():
        (tmp_path / "a.py").write_text(f"def alpha(): ...\n# {time.monotonic()}\n", encoding="utf-8")
        return watched.n_definitions("alpha")

    until(is_noticed)
    (tmp_path / "a.py").unlink()
    until(lambda: watched.n_definitions("alpha") == 0)


def test_what_cannot_be_watched_is_looked_through(opened, tmp_path, monkeypatch, caplog):
    def fail(*_arguments, **_options):
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watchfiles, "watch", fail)
    monkeypatch.setattr(watch, "_SCAN_EVERY_S", 0.01)
    index = opened(tmp_path)
    thread = threading.Thread(target=index.watch)
    with caplog.at_level(logging.WARNING):
        thread.start()
        (tmp_path / "a.py").write_text("def alpha(): ...\n", encoding="utf-8")
        until(lambda: index.n_definitions("alpha"))
        index.stop()
        thread.join(SAFETY_NET_S)
    assert not thread.is_alive()
    assert ["inotify" in record.getMessage() for record in caplog.records] == [True]
