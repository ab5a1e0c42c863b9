"""Which cargo runs a project's tests, and what of the machine it needs to see.

rustup's own ``cargo`` isn't run: it may download what the project names. What it would start is found by
name.
"""

import os
import tomllib
from pathlib import Path

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.sandbox import rustup
from codenook.server.sandbox.programs import needs, on_path
from codenook.server.sandbox.reading import is_folder
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.frameworks.texts import text_at


@frozen
class Toolchain:
    """``cargo`` (absolute), the folders that it needs to see, and where it looks for downloaded crates."""

    cargo: Path
    readable: tuple[Path, ...]
    home: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What it finds in its environment."""
        return {
            "CARGO_HOME": str(self.home or "/tmp/codenook/cargo"),  # noqa: S108 - the sandbox's own
            "CARGO_TARGET_DIR": "/tmp/codenook/target",  # noqa: S108
            "CARGO_INCREMENTAL": "0",
            "CARGO_PROFILE_DEV_DEBUG": "0",
            "CARGO_TERM_COLOR": "never",
            "PATH": f"{self.cargo.parent}:/usr/local/bin:/usr/bin:/bin",
            "RUST_BACKTRACE": "0",
        }


def toolchain_for(root: Path, folder: Path) -> Toolchain | None:
    """The toolchain for a project in ``folder`` below ``root``; None when there is no cargo.

    Raises NoProject when the project names one that isn't installed.
    """
    program = on_path("cargo", outside=root)
    if program is None:
        return None
    crates = _downloaded(_home())
    home = _home() if crates else None
    if not rustup.is_rustups(program):
        return Toolchain(program, (*needs(program, workspace=root), *crates), home)
    name = os.environ.get("RUSTUP_TOOLCHAIN") or _named(root, folder) or rustup.default()
    installed = rustup.installed(name)
    if installed is None:
        raise NoProject(
            Reason.RUNNER_MISSING,
            f"Rust {name} is not installed: rustup toolchain install {name}",
        )
    return Toolchain(installed / "bin" / "cargo", (installed, *crates), home)


def _home() -> Path:
    return Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")


def _downloaded(home: Path) -> tuple[Path, ...]:
    """What Cargo downloaded; not its settings, which may hold what opens a registry."""
    return tuple(path for path in (home / "registry", home / "git") if is_folder(path))


def _named(root: Path, folder: Path) -> str:
    """The toolchain that a project names in the folder, or in one above it."""
    for place in (folder, *folder.parents):
        for name in ("rust-toolchain.toml", "rust-toolchain"):
            text = text_at(place / name, root)
            table = _parsed(text).get("toolchain")
            channel = str(table.get("channel", "")) if isinstance(table, dict) else text.strip()
            if rustup.is_channel(channel):
                return channel
        if place == root:
            break
    return ""


def _parsed(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}
