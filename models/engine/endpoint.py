"""Where an engine is found: a socket in a directory that only the user can open."""

import hashlib
import json
import os
import stat
import warnings
from pathlib import Path

import attrs
import platformdirs

from codenook.models.engine.errors import EngineUnavailable
from codenook.models.engine.messages import PROTOCOL
from codenook.models.engine.options import EngineOptions


def runtime_directory() -> Path:
    """Return the directory of the sockets, made with mode 0700; ``CODENOOK_RUNTIME_DIR`` overrides it.

    Raises EngineUnavailable when it can't be made or when others may enter it.
    """
    override = os.environ.get("CODENOOK_RUNTIME_DIR")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a fallback for XDG_RUNTIME_DIR: its mode is checked below
        directory = Path(override) if override else platformdirs.user_runtime_path("codenook")
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = directory.lstat()
    except OSError as error:
        raise EngineUnavailable(f"can't make the socket directory {directory}: {error.strerror}") from None
    mine = status.st_uid == os.getuid() and not stat.S_IMODE(status.st_mode) & 0o077
    if not (mine and stat.S_ISDIR(status.st_mode)):
        raise EngineUnavailable(f"{directory} must be a directory of yours with mode 0700")
    return directory


def socket_path(model: Path, options: EngineOptions) -> Path:
    """Return the socket of the engine for this model's file as it is now, with these options."""
    try:
        file = model.stat()
        version = [file.st_size, file.st_mtime_ns]
    except OSError:
        version = []
    identity = json.dumps([PROTOCOL, str(model.absolute()), version, attrs.asdict(options)])
    return runtime_directory() / f"{hashlib.sha256(identity.encode()).hexdigest()[:16]}.sock"


def sockets() -> list[Path]:
    """Return the sockets of all engines of this user, alive or left behind."""
    return sorted(runtime_directory().glob("*.sock"))
