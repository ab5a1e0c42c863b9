"""Which test file of a Python project tests a module, and where a new one belongs."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from codenook.server.unit_tests.frameworks.files import Files, joined
from codenook.server.unit_tests.frameworks.python_modules import Module
from codenook.server.unit_tests.frameworks.python_texts import TestFiles

_MOST_OTHERS = 12
_MOST_NUMBERS = 100
_TEST_FOLDERS = ("tests", "test", "testing")


def existing(tests: TestFiles, path: str, module: Module, name: str) -> str | None:
    """The test file of a module, in which a test of ``name`` belongs; None when there is none."""
    stems = _stems(path, name)
    best: dict[str, tuple[int, int, str]] = {}
    for test in tests.paths:
        stem = _bare(test)
        if (stem in stems or len(tests.paths) == 1) and _imports(tests, test, module, name):
            rank = len(stems) - stems.index(stem) if stem in stems else 0
            best[test] = (rank, _shared(test, path), test)
    return max(best, key=lambda test: best[test], default=None)


def others(tests: TestFiles, module: Module, name: str, own: str) -> tuple[str, ...]:
    """Test files besides ``own`` that import the module, or from what is around it, and name the target."""
    counts = tests.naming(name)
    found = [test for test in counts if test != own and _imports(tests, test, module, name)]
    return tuple(sorted(found, key=lambda test: (-counts[test], test))[:_MOST_OTHERS])


def new(tests: TestFiles, path: str, name: str, stated: Sequence[str] = ()) -> str:
    """Where a new test file of a module belongs, named as the others are.

    ``stated`` are folders in which the project says that its tests are.
    """
    folder, stems = _folder(tests, path, stated), _stems(path, "")
    for own_folder in (folder, joined(folder, f"test_{stems[0]}")):
        if own_folder.endswith(f"test_{stems[0]}") and tests.files.has_folder(own_folder):
            folder, stems = own_folder, [_snake(name)]
            break
    pattern = _pattern(tests)
    taken = {PurePosixPath(test).name for test in tests.paths}
    names = (pattern.replace("*", stem) for stem in _numbered(stems))
    return next(
        joined(folder, f"{each}.py")
        for each in names
        if f"{each}.py" not in taken and not _is_there(tests.files, joined(folder, each))
    )


def _pattern(tests: TestFiles) -> str:
    """What test files are called, without the suffix, with a star for what they are about."""
    stated = [each.removesuffix(".py") for each in tests.patterns if re.fullmatch(r"\w*\*\w*\.py", each)]
    is_suffixed = 2 * sum(_is_suffixed(test) for test in tests.paths) > len(tests.paths)
    usual = ("*_test", "test_*") if is_suffixed else ("test_*", "*_test")
    return next((each for each in usual if not stated or each in stated), stated[0] if stated else usual[0])


def _numbered(stems: list[str]) -> Iterator[str]:
    yield from stems
    for number in range(2, _MOST_NUMBERS):
        yield f"{stems[0]}_{number}"
    yield f"{stems[0]}_of_codenook"


def _is_there(files: Files, path: str) -> bool:
    """Whether there is such a module or package."""
    return files.has(f"{path}.py") or files.has(path)


def _stems(path: str, name: str) -> list[str]:
    """What a test file of a module may be named for, the likeliest first."""
    parts = [part.strip("_").lower() for part in path.removesuffix(".py").split("/")]
    if path.endswith("__init__.py"):
        parts = parts[:-1] or ["package"]
    named = ["_".join(parts[-n:]) for n in range(1, min(len(parts), 4) + 1)]
    return [*named, *(dict.fromkeys([name.lower().strip("_"), _snake(name)]) if name else [])]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")


def _bare(test: str) -> str:
    """What a test file is named for."""
    return re.sub(r"^tests?_|_tests?$", "", PurePosixPath(test).stem.lower())


def _is_suffixed(test: str) -> bool:
    return PurePosixPath(test).stem.endswith(("_test", "_tests"))


def _imports(tests: TestFiles, test: str, module: Module, name: str) -> bool:
    """Whether a test file imports the module, or what is named from a package around it."""
    found = tests.imported(test)
    parts = module.name.split(".")
    packages = [".".join(parts[:n]) for n in range(1, len(parts) + 1)]
    return any(package in found or f"{package}.{name}" in found for package in packages)


def _folder(tests: TestFiles, path: str, stated: Sequence[str]) -> str:
    """The folder of a new test file: beside the module, mirrored, of unit tests, or that of most tests."""
    own = path.rpartition("/")[0]
    if 2 * sum(_is_beside(tests.files, test) for test in tests.paths) > len(tests.paths):
        return own
    folders = Counter(test.rpartition("/")[0] for test in tests.paths)
    parents = set(own.split("/")) - {""}

    def fit(folder: str) -> tuple[bool, bool, int, bool, int, str]:
        is_stated = any(f"{folder}/".startswith(f"{each}/") for each in stated)
        is_mirrored = folder.rpartition("/")[2] in parents and folder != own
        is_of_units = not {"unit", "unit_tests", "unittests"}.isdisjoint(folder.split("/"))
        return is_stated, is_mirrored, _shared(f"{folder}/", path), is_of_units, folders[folder], folder

    if folders:
        return max(folders, key=fit)
    named = [*stated, *(joined(tests.folder, name) for name in _TEST_FOLDERS)]
    return next((folder for folder in named if tests.files.has_folder(folder)), named[0])


def _is_beside(files: Files, test: str) -> bool:
    """Whether a test file lies in the folder of the module that it is named for."""
    module = joined(test.rpartition("/")[0], f"{_bare(test)}.py")
    return module != test and files.has(module)


def _shared(one: str, other: str) -> int:
    """How many folders two paths have in common."""
    n_shared = 0
    for mine, theirs in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if mine != theirs:
            break
        n_shared += 1
    return n_shared
