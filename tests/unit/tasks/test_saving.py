"""A changed text goes into its file whole, or not at all."""

import errno
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from codenook.server.reasons import Reason
from codenook.server.tasks.comment_files import file_diff
from codenook.server.tasks.saving import NotSaved, check_new, check_writable, save, save_new


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("before", encoding="utf-8")
    return path


def refused(path, before, after):
    """The reason and the message of what keeps a text from being saved."""
    with pytest.raises(NotSaved) as caught:
        save(path, before, after)
    return caught.value.reason, str(caught.value)


def test_a_text_is_written(path):
    save(path, "before", "\u00e4fter\r\n")
    assert path.read_bytes() == "\u00e4fter\r\n".encode()
    assert list(path.parent.iterdir()) == [path]


def test_what_somebody_else_wrote_is_left_alone(path):
    reason, message = refused(path, "another text", "after")
    assert (reason, "changed meanwhile" in message) == (Reason.DOCUMENT_CHANGED, True)
    assert path.read_text(encoding="utf-8") == "before"
    assert list(path.parent.iterdir()) == [path]


def test_what_somebody_writes_while_the_text_goes_to_the_disk_is_left_alone(path, monkeypatch):
    sync = os.fsync

    def slow_sync(descriptor):
        sync(descriptor)
        path.write_text("mine", encoding="utf-8")

    monkeypatch.setattr(os, "fsync", slow_sync)
    assert refused(path, "before", "after")[0] is Reason.DOCUMENT_CHANGED
    assert path.read_text(encoding="utf-8") == "mine"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "fdopen", "fchmod"])
def test_a_full_disk_leaves_the_file_and_nothing_beside_it(path, step, monkeypatch):
    def full(*_arguments):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, step, full)
    reason, message = refused(path, "before", "after")
    assert (reason, message) == (Reason.FILE_NOT_WRITTEN, f"can't write {path}: No space left on device")
    assert path.read_text(encoding="utf-8") == "before"
    assert list(path.parent.iterdir()) == [path]


def test_a_crash_at_the_last_moment_leaves_the_old_file(path):
    code = (
        "import os, signal, sys; from pathlib import Path; from codenook.server.tasks.saving import save\n"
        "os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)\n"
        "save(Path(sys.argv[1]), 'before', 'after' * 1_000_000)"
    )
    ran = subprocess.run([sys.executable, "-P", "-c", code, path], check=False)
    assert ran.returncode == -signal.SIGKILL
    assert path.read_text(encoding="utf-8") == "before"


def test_mode_and_links_stay(path, tmp_path):
    path.chmod(0o640)
    (tmp_path / "folder").mkdir()
    near, far, hard = tmp_path / "near.py", tmp_path / "folder" / "far.py", tmp_path / "hard.py"
    near.symlink_to("a.py")
    far.symlink_to("../near.py")
    hard.hardlink_to(path)
    save(far, "before", "after")
    assert (near.is_symlink(), far.is_symlink()) == (True, True)
    assert path.read_text(encoding="utf-8") == "after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert hard.read_text(encoding="utf-8") == "before"
    assert not [each for each in tmp_path.rglob("*") if each.suffix == ".tmp"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_owner_stays(path):
    os.chown(path, 65534, 65533)
    path.chmod(0o4750)
    save(path, "before", "after")
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (65534, 65533, 0o4750)


def test_a_new_owner_that_isn_t_permitted_keeps_nothing_from_being_saved(path, monkeypatch):
    def forbidden(*_arguments):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "fchown", forbidden)
    save(path, "before", "after")
    assert path.read_text(encoding="utf-8") == "after"


def test_the_longest_name_is_no_hindrance(tmp_path):
    path = tmp_path / f"{'n' * 252}.py"
    path.write_text("before", encoding="utf-8")
    save(path, "before", "after")
    assert path.read_text(encoding="utf-8") == "after"


@pytest.mark.parametrize("name", ["a.py", "."])
def test_what_is_read_only_is_left_alone(path, name, monkeypatch):
    may = os.access  # root may write everything
    monkeypatch.setattr(os, "access", lambda at, mode: at != path.parent / name and may(at, mode))
    with pytest.raises(NotSaved, match="is read-only"):
        check_writable(path)
    assert refused(path, "before", "after")[0] is Reason.FILE_NOT_WRITTEN
    assert path.read_text(encoding="utf-8") == "before"


@pytest.mark.parametrize("folder", ["", "gone"])
def test_a_file_that_is_gone_is_not_made_anew(tmp_path, folder):
    path = tmp_path / folder / "a.py"
    assert refused(path, "before", "after") == (
        Reason.FILE_NOT_WRITTEN,
        f"can't write {path}: No such file or directory",
    )
    assert not path.exists()


def test_a_form_feed_ends_no_row_of_a_diff():
    before = "a = 1\n\f\nb = 2\x0b3\n"
    shown = file_diff(Path("/shop/a.py"), Path("/shop"), before, before + "c = 3\n")
    assert shown.startswith("--- a/a.py\n")
    assert "No newline" not in shown
    assert shown.endswith("+c = 3\n")


def test_a_new_file_is_whole_with_the_mode_that_others_have(tmp_path):
    path = tmp_path / "new.json"
    save_new(path, "\u00e4\udcff")
    assert path.read_bytes() == "\u00e4\\udcff".encode()
    other = tmp_path / "other"
    other.touch()
    assert path.stat().st_mode == other.stat().st_mode
    assert sorted(tmp_path.iterdir()) == sorted([path, other])


def test_what_stands_there_is_replaced_and_keeps_its_mode(path):
    path.chmod(0o640)
    link = path.with_name("link")
    link.symlink_to(path)
    save_new(link, "after")
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode), link.is_symlink()) == ("after", 0o640, True)


def test_a_device_is_written_to_and_stays_one(tmp_path):
    save_new(Path(os.devnull), "text")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    with pytest.raises(NotSaved, match="No space left"):
        save_new(Path("/dev/full"), "text")


def test_where_nothing_can_be_written(path):
    for nowhere, why in (
        (path / "x", "not there"),
        (path.parent / "x" / "y", "not there"),
        (path.parent, "a folder"),
    ):
        with pytest.raises(NotSaved, match=why):
            check_new(nowhere)


def test_what_an_interrupt_leaves_is_the_file_as_it_was(path, monkeypatch):
    def interrupted(_descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save_new(path, "after")
    assert (path.read_text(), list(path.parent.iterdir())) == ("before", [path])


def test_what_another_process_left_is_no_hindrance_and_stays(path):
    left = path.with_name(f".codenook-{os.getpid()}.tmp")
    left.write_text("another's")
    save_new(path, "after")
    assert (path.read_text(), left.read_text()) == ("after", "another's")


def test_a_disk_that_is_full_leaves_what_was_there(path, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for target in (path, path.with_name("new")):
        with pytest.raises(NotSaved, match="No space left"):
            save_new(target, "after")
    assert (path.read_text(), list(path.parent.iterdir())) == ("before", [path])
