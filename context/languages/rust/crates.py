"""Crates: what a workspace's Cargo.toml files say about them, read without running Cargo."""

# Looked up on disk for every request, and os.path is several times as fast as pathlib.
# ruff: noqa: PTH111, PTH113, PTH118, PTH120

import glob
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from attrs import frozen

_MAX_BYTES = 1_000_000
_LOCKED = re.compile(r'^name = "([^"]+)"\nversion = "([^"]+)"', re.MULTILINE)
_NAME = re.compile(r"\w{1,200}")
_DEPENDENCIES = ("dependencies", "dev-dependencies", "build-dependencies")


@frozen
class Crate:
    """A package: the absolute path of its folder, its name in paths, and the absolute path of its library.

    ``renamed`` are the packages that its code knows by another name.
    """

    folder: str
    name: str
    library: str
    renamed: Mapping[str, str]


def crate_of(path: str, root: str) -> Crate | None:
    """The crate that the file at the absolute ``path`` belongs to, looked for up to the folder ``root``."""
    folder = os.path.dirname(path)
    while True:
        if crate := _crate_in(folder):
            return crate
        above = os.path.dirname(folder)
        if folder in {root, above}:
            return None
        folder = above


def crates_of_workspace(crate: Crate, root: str) -> dict[str, Crate]:
    """The crates that ``crate`` can name: those of its Cargo workspace and path dependencies, by name.

    A workspace may not point out of itself: what is not below ``root`` doesn't count.
    """
    folders, folder = [crate.folder], crate.folder
    while True:
        table = _manifest(os.path.join(folder, "Cargo.toml"))
        if "workspace" in table:
            folders += _members(folder, table["workspace"])
            break
        above = os.path.dirname(folder)
        if folder in {root, above}:
            break
        folder = above
    for place in list(folders):
        folders += _paths(place)
    inside = [place for place in (*folders, folder) if f"{place}{os.sep}".startswith(f"{root}{os.sep}")]
    found = (_crate_in(place) for place in dict.fromkeys(inside))
    return {found_crate.name: found_crate for found_crate in found if found_crate}


def library(name: str, root: str, crate: Crate) -> Crate | None:
    """A crate that ``cargo vendor`` or Cargo itself has put on this machine, in the locked version."""
    versions = {**_locked(root), **_locked(crate.folder)}
    package = next((spelled for spelled in (name, name.replace("_", "-")) if spelled in versions), None)
    for spelled in dict.fromkeys((package or name, name, name.replace("_", "-"))):
        if found := _crate_in(os.path.join(root, "vendor", spelled)):
            return found
    if package is None:
        return None
    home = os.environ.get("CARGO_HOME") or os.path.expanduser("~/.cargo")
    sources = glob.glob(os.path.join(glob.escape(home), "registry", "src", "*"))  # noqa: PTH207 - as above
    places = (os.path.join(source, f"{package}-{versions[package]}") for source in sorted(sources))
    return next((found for place in places if (found := _crate_in(place))), None)


def _crate_in(folder: str) -> Crate | None:
    table = _manifest(os.path.join(folder, "Cargo.toml"))
    package, lib = table.get("package"), table.get("lib")
    lib = lib if isinstance(lib, dict) else {}
    if not isinstance(package, dict):
        return None
    name = str(lib.get("name") or package.get("name", "")).replace("-", "_")
    if not _NAME.fullmatch(name):
        return None
    path = os.path.normpath(os.path.join(folder, str(lib.get("path", "src/lib.rs"))))
    if not path.startswith(folder + os.sep):
        path = os.path.join(folder, "src", "lib.rs")
    return Crate(folder, name, path, _renamed(table))


def _renamed(table: Mapping[str, Any]) -> dict[str, str]:
    return {
        alias.replace("-", "_"): str(how["package"]).replace("-", "_")
        for alias, how in _dependencies(table)
        if "package" in how
    }


def _dependencies(table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind in _DEPENDENCIES:
        listed = table.get(kind)
        for alias, how in listed.items() if isinstance(listed, dict) else ():
            if isinstance(how, dict):
                yield alias, how


def _members(folder: str, workspace: Any) -> list[str]:
    patterns = workspace.get("members") if isinstance(workspace, dict) else None
    found = []
    for pattern in patterns if isinstance(patterns, list) else ():
        place = os.path.normpath(os.path.join(glob.escape(folder), str(pattern)))
        found += sorted(glob.glob(place)) if "**" not in place else []  # noqa: PTH207 - as above
    return [place for place in found if place.startswith(folder + os.sep)]


def _paths(folder: str) -> list[str]:
    """The folders of path dependencies."""
    table = _manifest(os.path.join(folder, "Cargo.toml"))
    workspace = table.get("workspace")
    tables = [table, workspace] if isinstance(workspace, dict) else [table]
    return [
        os.path.normpath(os.path.join(folder, str(how["path"])))
        for each in tables
        for _, how in _dependencies(each)
        if "path" in how
    ]


def _locked(folder: str) -> Mapping[str, str]:
    return _lock(*_stamped(os.path.join(folder, "Cargo.lock")))


def _manifest(path: str) -> Mapping[str, Any]:
    return _toml(*_stamped(path))


def _stamped(path: str) -> tuple[str, int, int]:
    """A path with the time and size of its file; zeros for none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - as above
    except (OSError, ValueError):
        return path, 0, 0
    return path, status.st_mtime_ns, min(status.st_size, _MAX_BYTES + 1)


@lru_cache(maxsize=512)
def _toml(path: str, time: int, size: int) -> Mapping[str, Any]:
    del time
    try:
        return tomllib.loads(_text(path, size))
    except (ValueError, RecursionError):  # the latter from brackets in brackets
        return {}


@lru_cache(maxsize=32)
def _lock(path: str, time: int, size: int) -> Mapping[str, str]:
    del time
    return dict(_LOCKED.findall(_text(path, size)))


def _text(path: str, size: int) -> str:
    if not 0 < size <= _MAX_BYTES or not os.path.isfile(path):
        return ""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as above
            return file.read(_MAX_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
