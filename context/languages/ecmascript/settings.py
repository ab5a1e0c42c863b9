"""What `package.json`, `tsconfig.json` and `jsconfig.json` say about where modules are.

Anybody may have written them: what is not as it should be counts as absent.
"""

# They are looked at for every request, and os.path is several times as fast as pathlib.
# ruff: noqa: PTH113, PTH118, PTH120

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import frozen

_MAX_BYTES = 1_000_000
_MAX_EXTENDS = 5
_MAX_PACKAGES = 500
_MAX_PATTERN_PARTS = 4
_MAX_CONDITIONS = 8
_CONDITIONS = ("types", "source", "import", "module", "require", "node", "browser", "default")
"""Conditions of `exports`, those that lead to types first."""

_STRING = r'("(?:[^"\\\n]|\\.)*"?)'
_NOT_CODE = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_COMMA = re.compile(rf"{_STRING}|,(?=\s*[}}\]])")
"""Both take time linear in the text, also where something is not closed."""


@frozen
class Paths:
    """The `paths` and `baseUrl` of a folder's settings, relative to that folder."""

    base: str | None
    patterns: Mapping[str, Sequence[str]]

    def targets(self, name: str) -> Iterator[str]:
        """Where the module ``name`` may be: by the longest pattern that it matches, then below `baseUrl`."""
        for pattern in sorted(self.patterns, key=lambda pattern: -len(pattern.partition("*")[0])):
            if (star := _star(pattern, name)) is not None:
                yield from (target.replace("*", star, 1) for target in self.patterns[pattern])
                break
        if self.base is not None:
            yield os.path.join(self.base, name)


@frozen
class Package:
    """A `package.json`."""

    content: Mapping[str, Any]

    def targets(self, rest: str) -> Iterator[str]:
        """The files that the package offers as ``rest``, a path inside of it, empty for all of it."""
        exports = self.content.get("exports")
        if exports is not None:
            if not isinstance(exports, dict) or not any(key.startswith(".") for key in exports):
                exports = {".": exports}
            yield from _offered(exports, f"./{rest}" if rest else ".")
        if not rest:
            for key in ("types", "typings", "source", "module", "main"):
                if isinstance(target := self.content.get(key), str):
                    yield target

    def internal(self, name: str) -> Iterator[str]:
        """The files that ``name``, which begins with ``#``, stands for inside of the package."""
        imports = self.content.get("imports")
        if isinstance(imports, dict):
            yield from _offered(imports, name)


def package_at(folder: str) -> Package | None:
    """The `package.json` in a folder (an absolute path)."""
    content = _content(os.path.join(folder, "package.json"))
    return Package(content) if content else None


def paths_at(folder: str) -> Paths | None:
    """The settings of TypeScript in a folder (an absolute path), with what they extend."""
    for name in ("tsconfig.json", "jsconfig.json"):
        path = os.path.join(folder, name)
        if _stamp(path):
            return _paths(path, folder, _MAX_EXTENDS)
    return None


def workspaces(root: str) -> Mapping[str, str]:
    """The folders (relative) of the packages that are developed in the workspace at ``root``, by name."""
    path = os.path.join(root, "package.json")
    lists = os.path.join(root, "pnpm-workspace.yaml")
    return _workspaces(root, _stamp(path), _stamp(lists))


@lru_cache(maxsize=8)
def _workspaces(root: str, *stamps: tuple[int, int] | None) -> Mapping[str, str]:
    del stamps  # what is remembered holds for these files
    content = _content(os.path.join(root, "package.json")) or {}
    listed = content.get("workspaces")
    if isinstance(listed, dict):
        listed = listed.get("packages")
    patterns = [pattern for pattern in listed if isinstance(pattern, str)] if isinstance(listed, list) else []
    folders = [Path(root)]
    for pattern in [*patterns, *_listed_by_pnpm(root)]:
        parts = [part.replace("**", "*") for part in pattern.split("/") if part not in {"", "."}]
        if parts and len(parts) <= _MAX_PATTERN_PARTS and ".." not in parts:
            with suppress(ValueError, OSError):
                folders += sorted(Path(root).glob("/".join(parts)))
    found: dict[str, str] = {}
    for folder in folders[:_MAX_PACKAGES]:
        package = package_at(str(folder))
        name = package.content.get("name") if package else None
        if isinstance(name, str) and folder.is_relative_to(root):
            relative = folder.relative_to(root).as_posix()
            found.setdefault(name, "" if relative == "." else relative)
    return found


def _listed_by_pnpm(root: str) -> Sequence[str]:
    source = _read(os.path.join(root, "pnpm-workspace.yaml"))
    section = re.search(r"^packages:[ \t]*\n((?:[ \t]*[-#].*\n?|[ \t]*\n)*)", source, re.MULTILINE)
    return re.findall(r"^[ \t]*-[ \t]*[\"']?([^\"'!#\s]+)", section[1], re.MULTILINE) if section else ()


def _paths(path: str, folder: str, n_left: int) -> Paths | None:
    content = _content(path) or {}
    options = content.get("compilerOptions")
    options = options if isinstance(options, dict) else {}
    own = os.path.relpath(os.path.dirname(path), folder)
    base, listed = options.get("baseUrl"), options.get("paths")
    base = os.path.join(own, base) if isinstance(base, str) else None
    patterns = {
        pattern: [os.path.join(base or own, target) for target in targets if isinstance(target, str)]
        for pattern, targets in (listed if isinstance(listed, dict) else {}).items()
        if isinstance(targets, list)
    }
    inherited = _extended(content.get("extends"), path, folder, n_left - 1) if n_left else None
    if inherited is None:
        return Paths(base, patterns)
    return Paths(inherited.base if base is None else base, patterns or inherited.patterns)


def _extended(extends: object, path: str, folder: str, n_left: int) -> Paths | None:
    """The settings that a file builds on: of several the last; packages' are not looked for."""
    last = extends[-1] if isinstance(extends, list) and extends else extends
    if not isinstance(last, str) or not last.startswith("."):
        return None
    target = os.path.normpath(os.path.join(os.path.dirname(path), last))
    return _paths(target if target.endswith(".json") else f"{target}.json", folder, n_left)


def _offered(offers: Mapping[str, Any], name: str) -> Iterator[str]:
    """The targets of the key of ``offers`` that ``name`` matches best."""
    for key in sorted(offers, key=lambda key: (key != name, -len(key.partition("*")[0]))):
        if (star := _star(key, name)) is not None:
            yield from (target.replace("*", star) for target in _leaves(offers[key]))
            return


def _leaves(target: object, n_left: int = _MAX_CONDITIONS) -> Iterator[str]:
    """The files behind conditions, the one to prefer first."""
    if isinstance(target, str):
        yield target
    elif isinstance(target, list) and n_left:
        for each in target:
            yield from _leaves(each, n_left - 1)
    elif isinstance(target, dict) and n_left:
        for condition in _CONDITIONS:
            yield from _leaves(target.get(condition), n_left - 1)


def _star(pattern: str, name: str) -> str | None:
    """What stands for the star of ``pattern`` in ``name``; None when they don't match."""
    before, star, after = pattern.partition("*")
    if not star:
        return "" if pattern == name else None
    fits = name.startswith(before) and name.endswith(after) and len(name) >= len(before) + len(after)
    return name[len(before) : len(name) - len(after)] if fits else None


def _content(path: str) -> Mapping[str, Any] | None:
    stamp = _stamp(path)
    return _parsed(path, stamp) if stamp else None


@lru_cache(maxsize=512)
def _parsed(path: str, stamp: tuple[int, int]) -> Mapping[str, Any] | None:
    del stamp  # what is remembered holds for this state of the file
    source = _read(path)
    for text in (source, _COMMA.sub(r"\1", _NOT_CODE.sub(r"\1", source))):
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            continue
        return content if isinstance(content, dict) else None
    return None


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig", errors="replace") as file:  # noqa: PTH123 - as above
            return file.read(_MAX_BYTES)
    except OSError:
        return ""


def _stamp(path: str) -> tuple[int, int] | None:
    """What changes when a plain file does; None when there is none."""
    if not os.path.isfile(path):
        return None
    status = os.stat(path)  # noqa: PTH116 - as above
    return status.st_mtime_ns, status.st_size
