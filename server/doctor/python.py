"""The Python that runs codenook, and what could reach into it."""

import os
import platform
import sys

import codenook
from codenook.server.doctor.findings import Check, Finding, note, ok


def python() -> list[Finding]:
    """Name the installation; note a PYTHONPATH that it would listen to."""
    version = platform.python_version()
    message = f"codenook {codenook.__version__} in Python {version}, {sys.executable}"
    found = [ok(Check.PYTHON, message, version=version, executable=sys.executable)]
    pythonpath = os.environ.get("PYTHONPATH")
    if pythonpath and not sys.flags.ignore_environment:
        found.append(
            note(
                Check.PYTHON,
                f"PYTHONPATH is set ({pythonpath}): modules there can take the place of codenook's own",
                "start codenook as `python -P -E -m codenook`, as the configurations in editors/ do",
            )
        )
    return found
