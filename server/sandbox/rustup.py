"""Which toolchains of Rust rustup has installed.

None of its own programs is run: they may download what isn't there.
"""

import os
import re
import tomllib
from pathlib import Path

from codenook.server.sandbox.reading import content_of, is_file

_CHANNEL = re.compile(r"[\w.+-]{1,100}")
_LONGEST_SETTINGS = 65_536


def is_rustups(program: Path) -> bool:
    """Whether a program on PATH is one of rustup's own, which starts the real one."""
    return program.resolve().name == "rustup" or is_file(program.parent / "rustup")


def is_channel(name: str) -> bool:
    """Whether a toolchain can have this name."""
    return bool(_CHANNEL.fullmatch(name))


def default() -> str:
    """The name of the toolchain that the user has chosen."""
    chosen = os.environ.get("RUSTUP_TOOLCHAIN")
    if chosen:
        return chosen
    said = content_of(_home() / "settings.toml", _LONGEST_SETTINGS) or b""
    try:
        return str(tomllib.loads(said.decode("utf-8", "replace")).get("default_toolchain", "stable"))
    except (ValueError, RecursionError):
        return "stable"


def installed(name: str) -> Path | None:
    """The folder of a toolchain; None when it isn't installed."""
    if not is_channel(name):
        return None
    try:
        folders = sorted(path for path in (_home() / "toolchains").iterdir() if is_file(path / "bin/cargo"))
    except OSError:
        return None
    return next((each for each in folders if each.name == name or each.name.startswith(f"{name}-")), None)


def _home() -> Path:
    return Path(os.environ.get("RUSTUP_HOME") or Path.home() / ".rustup")
