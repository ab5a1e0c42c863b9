"""What a Python project says of its tests and its style in its configuration."""

import configparser
import re
import shlex
import tomllib
from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from codenook.server.unit_tests.frameworks.files import Files, joined, upwards

_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", ".git")
_DEFAULT_LINE_LENGTH = 88


@frozen
class PytestSettings:
    """pytest's configuration; ``folder`` is where it is, which pytest calls the root."""

    folder: str
    addopts: tuple[str, ...] = ()
    pythonpath: tuple[str, ...] = ()
    testpaths: tuple[str, ...] = ()
    files: tuple[str, ...] = ("test_*.py", "*_test.py")
    functions: tuple[str, ...] = ("test",)
    classes: tuple[str, ...] = ("Test",)


@frozen
class Settings:
    """A project at ``folder``; ``pytest`` is None when nothing configures it."""

    folder: str
    pytest: PytestSettings | None = None
    line_length: int = _DEFAULT_LINE_LENGTH
    package_roots: tuple[str, ...] = ()

    @property
    def test_folders(self) -> tuple[str, ...]:
        """Where the project says that its tests are."""
        if self.pytest is None:
            return ()
        return tuple(joined(self.pytest.folder, _bare(each)) for each in self.pytest.testpaths)


def settings_for(files: Files, path: str) -> Settings:
    """The settings that hold for a file."""
    folders = list(upwards(path))
    folder = next((each for each in folders if any(files.has(joined(each, n)) for n in _PROJECT_FILES)), "")
    tables = _toml(files.text(joined(folder, "pyproject.toml")))
    found = (_pytest_in(files, each) for each in folders)
    pytest = next(filter(None, found), None)
    return Settings(
        folder=folder,
        pytest=_inside(files, pytest) if pytest else None,
        line_length=_line_length(files, folder, tables),
        package_roots=_package_roots(files, folder, tables),
    )


def _pytest_in(files: Files, folder: str) -> PytestSettings | None:
    """What configures pytest in a folder, as pytest itself looks for it."""
    for name in ("pytest.toml", ".pytest.toml"):
        if (text := files.text(joined(folder, name))) is not None:
            return _pytest(folder, _table(_toml(text), "pytest"))
    for name in ("pytest.ini", ".pytest.ini"):
        if (text := files.text(joined(folder, name))) is not None:
            return _pytest(folder, _ini(text).get("pytest", {}))
    tables = _toml(files.text(joined(folder, "pyproject.toml")))
    tool = _table(tables, "tool", "pytest")
    if tool:
        return _pytest(folder, _table(tool, "ini_options") or tool)
    for name, section in (("tox.ini", "pytest"), ("setup.cfg", "tool:pytest")):
        found = _ini(files.text(joined(folder, name))).get(section)
        if found is not None:
            return _pytest(folder, found)
    return None


def _inside(files: Files, pytest: PytestSettings) -> PytestSettings:
    """Settings without the folders that lead out of the workspace."""

    def kept(paths: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            each
            for each in paths
            if not _leads_up(each) and files.is_inside(joined(pytest.folder, _bare(each)))
        )

    return evolve(pytest, testpaths=kept(pytest.testpaths), pythonpath=kept(pytest.pythonpath))


def _leads_up(path: str) -> bool:
    return path.startswith("/") or ".." in path.split("/")


def _bare(path: str) -> str:
    """A path without dots and slashes around it."""
    return path.strip("./")


def _pytest(folder: str, values: Mapping[str, Any]) -> PytestSettings:
    default = PytestSettings(folder)
    return PytestSettings(
        folder,
        addopts=_words(values.get("addopts", ())),
        pythonpath=_words(values.get("pythonpath", ())),
        testpaths=_words(values.get("testpaths", ())),
        files=_words(values.get("python_files", ())) or default.files,
        functions=_words(values.get("python_functions", ())) or default.functions,
        classes=_words(values.get("python_classes", ())) or default.classes,
    )


def _line_length(files: Files, folder: str, tables: Mapping[str, Any]) -> int:
    tool = _table(tables, "tool")
    ruff_toml = _toml(files.text(joined(folder, "ruff.toml")) or files.text(joined(folder, ".ruff.toml")))
    said = [
        ruff_toml.get("line-length"),
        _table(tool, "ruff").get("line-length"),
        _table(tool, "black").get("line-length"),
        _table(tool, "flake8").get("max-line-length"),
        *(
            _ini(files.text(joined(folder, name))).get("flake8", {}).get(key)
            for name in (".flake8", "setup.cfg", "tox.ini")
            for key in ("max-line-length", "max_line_length")
        ),
    ]
    lengths = (
        int(each)
        for each in said
        if isinstance(each, int) or (isinstance(each, str) and re.fullmatch("[0-9]{2,3}", each))
    )
    return next((length for length in lengths if 40 <= length <= 400), _DEFAULT_LINE_LENGTH)  # noqa: PLR2004


def _package_roots(files: Files, folder: str, tables: Mapping[str, Any]) -> tuple[str, ...]:
    """Folders from which packages of the project are imported, those that its build names first."""
    tool = _table(tables, "tool")
    named: list[str] = []
    if isinstance(where := _table(tool, "setuptools", "packages", "find").get("where"), list):
        named += _words(where)
    package_dir = _table(tool, "setuptools", "package-dir").get("")
    named += [package_dir] if isinstance(package_dir, str) else []
    setup_cfg = _ini(files.text(joined(folder, "setup.cfg"))).get("options", {}).get("package_dir", "")
    named += [
        line.partition("=")[2].strip() for line in setup_cfg.splitlines() if line.strip().startswith("=")
    ]
    named += ["src", "lib"]
    roots = [joined(folder, _bare(name)) for name in named if _bare(name)]
    return tuple(dict.fromkeys(root for root in roots if files.has_folder(root)))


def _table(values: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    """A table within tables; empty where there is none."""
    for name in names:
        found = values.get(name)
        if not isinstance(found, dict):
            return {}
        values = found
    return values


def _toml(text: str | None) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text or "")
    except (ValueError, RecursionError):  # also for a number of thousands of digits
        return {}


def _ini(text: str | None) -> dict[str, dict[str, str]]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text or "")
    except (configparser.Error, AttributeError):  # the latter for an indented line after a bare key
        return {}
    return {name: {key: value or "" for key, value in parser[name].items()} for name in parser.sections()}


def _words(value: object) -> tuple[str, ...]:
    """A list of words, which may be written as one text."""
    if isinstance(value, str):
        try:
            return tuple(shlex.split(value, comments=True))
        except ValueError:
            return tuple(value.split())
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
