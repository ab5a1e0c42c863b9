"""A changed text goes into its file whole, or not at all."""

import errno
import os

import pytest

from codenook.server.tasks.comment_files import _file_diff
from codenook.server.tasks.place import PlaceError
from codenook.server.tasks.saving import save


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("before", encoding="utf-8")
    return path


def test_a_text_is_written(path):
    save(path, "before", "\u00e4fter\r\n")
    assert path.read_bytes() == "\u00e4fter\r\n".encode()


def test_what_somebody_else_wrote_is_left_alone(path):
    with pytest.raises(PlaceError, match="changed meanwhile"):
        save(path, "another text", "after")
    assert path.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize("step", ["fsync", "fdopen"])
def test_a_full_disk_leaves_the_file_and_nothing_beside_it(path, step, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, full)
    with pytest.raises(PlaceError, match="No space left on device"):
        save(path, "before", "after")
    assert path.read_text(encoding="utf-8") == "before"
    assert list(path.parent.iterdir()) == [path]


def test_a_form_feed_ends_no_row_of_a_diff(tmp_path):
    before = "a = 1\n\f\nb = 2\x0b3\n"
    shown = _file_diff(tmp_path / "a.py", tmp_path, before, before + "c = 3\n")
    assert "No newline" not in shown
    assert shown.endswith("+c = 3\n")
