"""Where the libraries of a workspace are installed, found by looking; nothing is run for that."""

import os
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=64)
def site_packages(root: str) -> tuple[str, ...]:
    """The site-packages of the virtual environments in a workspace; absolute paths, those named first win.

    Without one in the workspace, that of the active environment (``VIRTUAL_ENV``), if it has been set.
    """
    environments = [Path(root, name) for name in (".venv", "venv", "env", ".tox/py")]
    if active := os.environ.get("VIRTUAL_ENV"):
        environments.append(Path(active))
    found = []
    for environment in environments:
        if (environment / "pyvenv.cfg").is_file():
            found += sorted(environment.glob("lib/python3*/site-packages"), reverse=True)
            found += environment.glob("Lib/site-packages")
    return tuple(str(folder) for folder in found)
