"""A changed text into its file: whole or not at all, and never over somebody else's change.

click's atomic files, which are at hand, don't sync, and replace the file also when writing it failed.
"""

import contextlib
import os
import secrets
import stat
import tempfile
from pathlib import Path

from codenook.server.reasons import Reason


class NotSaved(Exception):
    """The file is as it was; the message is one line for a person, ``reason`` is its code."""

    def __init__(self, message: str, reason: Reason = Reason.FILE_NOT_WRITTEN) -> None:
        super().__init__(message)
        self.reason = reason


def check_writable(path: Path) -> None:
    """See whether `save` may write here, before work is spent on it; raises NotSaved.

    A file may be replaced although it is read-only. But then it is so for a reason.
    """
    target = _target(path)
    if not os.access(target, os.W_OK):
        raise NotSaved(f"can't write {path}: it is read-only")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise NotSaved(f"can't write {path}: its folder is read-only")


def save(path: Path, before: str, after: str) -> None:
    """Write ``after`` to ``path``, where ``before`` stands; raises NotSaved.

    The text is written beside the file, to the disk, and takes its place in one step: neither a crash nor a
    full disk leaves half of it. Symbolic links are followed; other hard links keep the old text. Mode and,
    where that is permitted, owner and group stay.
    """
    check_writable(path)
    target, written = _target(path), None
    try:
        descriptor, written = tempfile.mkstemp(prefix=".codenook-", suffix=".tmp", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(after.encode("utf-8"))
            _adopt(file.fileno(), target.stat())
            file.flush()
            os.fsync(file.fileno())
        if target.read_bytes() != before.encode("utf-8"):
            raise NotSaved(f"{path} was changed meanwhile; it is left as it is", Reason.DOCUMENT_CHANGED)
        Path(written).replace(target)
    except OSError as error:
        raise NotSaved(f"can't write {path}: {error.strerror}") from None
    finally:
        if written is not None:
            with contextlib.suppress(FileNotFoundError):
                Path(written).unlink()


def check_new(path: Path) -> None:
    """See whether `save_new` may write here, before work is spent on it; raises NotSaved."""
    if path.is_dir():
        raise NotSaved(f"can't write {path}: it is a folder")
    if path.is_file():
        check_writable(path)
    elif path.exists() and not os.access(path, os.W_OK):
        raise NotSaved(f"can't write {path}: it is read-only")
    elif not path.exists() and not os.access(path.parent, os.W_OK | os.X_OK):
        raise NotSaved(f"can't write {path}: its folder is not there, or read-only")


def save_new(path: Path, text: str) -> None:
    """Write ``text`` to ``path``, in the place of what stands there; raises NotSaved.

    A file is written as `save` does it, a device or a pipe is written to. Half characters, of names that are
    no UTF-8, are escaped.
    """
    check_new(path)
    content = text.encode("utf-8", "backslashreplace")
    target = Path(os.path.realpath(path))
    part, is_ours = target.with_name(f".codenook-{secrets.token_hex(8)}.tmp"), False
    try:
        if target.exists() and not target.is_file():
            target.write_bytes(content)
            return
        with part.open("xb") as file:
            is_ours = True
            file.write(content)
            if target.exists():
                _adopt(file.fileno(), target.stat())
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise NotSaved(f"can't write {path}: {error.strerror}") from None
    finally:
        if is_ours:
            part.unlink(missing_ok=True)


def _target(path: Path) -> Path:
    """The file behind all symbolic links; raises NotSaved."""
    try:
        return Path(os.path.realpath(path, strict=True))
    except OSError as error:
        raise NotSaved(f"can't write {path}: {error.strerror}") from None


def _adopt(descriptor: int, status: os.stat_result) -> None:
    """Give an open file the mode, owner and group of another; a mode last, as a new owner may clear it."""
    for owner, group in ((-1, status.st_gid), (status.st_uid, -1)):
        with contextlib.suppress(OSError):
            os.fchown(descriptor, owner, group)
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
