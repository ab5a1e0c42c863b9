"""The directory through which servers find their engine."""

import os
import stat
import sys

from codenook.models.engine import endpoint
from codenook.models.engine.errors import EngineUnavailable
from codenook.server.doctor.findings import Check, Finding, ok, problem

MAX_PATH_BYTES = 107 if sys.platform == "linux" else 103
"""The longest path that a Unix socket can have."""

LONGEST_NAME = f"/{'0' * 16}.sock"
"""What is appended to the directory."""


def sockets() -> list[Finding]:
    """Check that the directory is there, the user's alone, and short enough."""
    try:
        directory = endpoint.runtime_directory()
    except EngineUnavailable as error:
        advice = "chmod 700 it, or name another directory of yours in CODENOOK_RUNTIME_DIR"
        return [problem(Check.SOCKETS, str(error), advice)]
    n_bytes = len(os.fsencode(directory)) + len(LONGEST_NAME)
    if n_bytes > MAX_PATH_BYTES:
        message = f"{directory} is too long: sockets there get paths of {n_bytes} bytes, {MAX_PATH_BYTES} fit"
        return [problem(Check.SOCKETS, message, "name a shorter directory in CODENOOK_RUNTIME_DIR")]
    mode = f"{stat.S_IMODE(directory.stat().st_mode):04o}"
    return [ok(Check.SOCKETS, f"{directory}, mode {mode}", path=str(directory), mode=mode)]
