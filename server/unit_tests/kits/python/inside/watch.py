"""What a call does besides giving a value: which lines run, and what it does to the machine."""

import os
import sys
from typing import Any, Dict, List, Tuple

# ruff: noqa: UP006, UP035 - it runs in Python 3.8, too

_MOST_FILES = 400
_PROGRAM, _NETWORK, _FILES = "it starts a program", "it uses the network", "it writes files"
_EVENTS = {
    **dict.fromkeys(("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"), _PROGRAM),
    **dict.fromkeys(("webbrowser.open", "pty.spawn", "os.kill", "os.killpg"), _PROGRAM),
    **dict.fromkeys(("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo"), _NETWORK),
    **dict.fromkeys(("urllib.Request", "socket.gethostbyname"), _NETWORK),
    **dict.fromkeys(("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink"), _FILES),
    **dict.fromkeys(("os.chmod", "os.chown", "os.truncate", "os.utime", "shutil.rmtree"), _FILES),
}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
_done: List[str] = []


def begin_to_watch() -> None:
    """Take note, until `harm` is asked, of what a test must not do on somebody's machine."""
    if not _done:
        sys.addaudithook(_hear)
    _done[:] = [""]


def harm() -> str:
    """What was done first, in words; empty when nothing was."""
    found = next(filter(None, _done), "")
    _done[:] = ["", ""]
    return found


def _hear(event: str, arguments: Tuple[Any, ...]) -> None:
    """Hear of all that Python does with the system."""
    if len(_done) == 1 and not _done[0]:
        what = _EVENTS.get(event, "")
        if event == "open" and _is_written(arguments):
            what = _FILES
        if what and not (what is _FILES and _is_scratch(arguments[0])):
            _done[0] = what


def _is_written(arguments: Tuple[Any, ...]) -> bool:
    mode, flags = arguments[1:3]
    if not isinstance(arguments[0], (str, bytes, os.PathLike)):
        return False
    return any(letter in (mode or "") for letter in "wax+") or bool(
        isinstance(flags, int) and flags & _WRITING
    )


def _is_scratch(path: Any) -> bool:
    """Whether it is about a temporary file, which the call may remove again, or the sink of all."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        return False
    place = os.path.join(os.path.abspath(os.fsdecode(path)), "")  # noqa: PTH100, PTH118 - in any Python
    return place.rstrip("/") == os.devnull or place.startswith(os.path.join(_scratch(), ""))  # noqa: PTH118


def _scratch() -> str:
    return os.environ.get("TMPDIR", "/tmp")  # noqa: S108 - the sandbox's own


class Tracer:
    """Notes the lines of one file that run, and from which to which they lead."""

    def __init__(self, file: str, first: int, last: int, lines: Dict[int, None]) -> None:
        self.file, self.first, self.last, self.lines = file, first, last, lines

    def __call__(self, frame: Any, _event: str, _argument: Any) -> Any:
        """Trace a frame, as `sys.settrace` asks for it."""
        if frame.f_code.co_filename != self.file:
            return None
        previous = [0]

        def line(inner: Any, event: str, _argument: Any) -> Any:
            if event == "line" and self.first <= inner.f_lineno <= self.last:
                self.lines[previous[0] * 100_000 + inner.f_lineno] = None
                previous[0] = inner.f_lineno
            return line

        return line


def scratch_files() -> Tuple[str, ...]:
    """What is in the folder for temporary files."""
    found = []
    for folder, _, files in os.walk(_scratch()):
        found += [os.path.join(folder, "")] + [os.path.join(folder, name) for name in files]  # noqa: PTH118
        if len(found) > _MOST_FILES:
            break
    return tuple(found)
