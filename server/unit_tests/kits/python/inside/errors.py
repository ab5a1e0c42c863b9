"""What came of a call that raises."""

import errno
import traceback
from typing import Any, Dict

from codenook.server.unit_tests.kits.python.inside.written import NotWritable, Writer

# ruff: noqa: UP006, UP035 - it runs in Python 3.8, too


def of_error(error: BaseException, job: Dict[str, Any], names: Dict[str, Any]) -> Dict[str, Any]:
    """The error's class, as a test names it, its message, and where it was raised."""
    if isinstance(error, OSError) and error.errno == errno.EROFS:
        return {"problem": "it writes files"}
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if frame.filename.startswith(job["root"])]
    last = frames[-1]
    said: Dict[str, Any] = {
        "error": type(error).__name__,
        "message": first_line(error),
        "place": [last.filename, last.lineno or 0, (last.line or "")[:200]],
        "entered": bool(inside),
    }
    writer = Writer(names)
    try:
        said["error"] = writer.name(type(error))
    except NotWritable:
        known = next(base for base in type(error).__mro__ if base.__module__ == "builtins")
        said["error"] = known.__name__
    said["imports"] = list(writer.imports)
    return said


def first_line(error: BaseException) -> str:
    """The first line of an error's message."""
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - the project's own __str__ may raise anything
        return ""
    return text.partition("\n")[0][:200]
