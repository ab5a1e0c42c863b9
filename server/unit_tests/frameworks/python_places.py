"""Which test file of a Python project tests a module, and where a new one belongs."""

import re
from collections import Counter
from pathlib import PurePosixPath

from attrs import field, frozen

from codenook.server.unit_tests.frameworks.files import Files, joined
from codenook.server.unit_tests.frameworks.python_modules import Module, imported_modules
from codenook.server.unit_tests.frameworks.python_settings import Settings

MOST_TESTS = 2000
"""How many test files of a project are looked at."""
_MOST_OTHERS = 12
_TEST_FILE = re.compile(r"(?:tests?|tests?_.+|.+_tests?)\.py")
_TEST_FOLDERS = ("tests", "test", "testing")


@frozen
class TestFiles:
    """The test files of a project, by path."""

    __test__ = False

    files: Files
    folder: str
    paths: tuple[str, ...] = field()

    @classmethod
    def of(cls, files: Files, settings: Settings) -> "TestFiles":
        """Those in the project's folder."""
        inside = f"{settings.folder}/" if settings.folder else ""
        found = (path for path in files.paths if path.startswith(inside) and is_test_file(path))
        return cls(files, settings.folder, tuple(found)[:MOST_TESTS])

    def naming(self, word: str) -> dict[str, str]:
        """The texts of those that have a word, by path."""
        pattern = re.compile(rf"\b{re.escape(word)}\b")
        texts = ((path, self.files.text(path)) for path in self.paths)
        return {path: text for path, text in texts if text is not None and pattern.search(text)}


def is_test_file(path: str) -> bool:
    """Whether a file holds tests, by its name."""
    return bool(_TEST_FILE.fullmatch(PurePosixPath(path).name))


def existing(tests: TestFiles, path: str, module: Module, name: str) -> str | None:
    """The test file of a module, in which a test of ``name`` belongs; None when there is none."""
    stems = _stems(path, name)
    scores: Counter[str] = Counter()
    for test, text in {**tests.naming(module.name.rpartition(".")[2]), **tests.naming(name)}.items():
        if not _imports(text, module, name):
            continue
        stem = _bare(test)
        by_name = 1000 - stems.index(stem) if stem in stems else 0
        if by_name or len(tests.paths) == 1:
            scores[test] = by_name * 1000 + _shared(test, path)
    return max(scores, key=lambda test: (scores[test], test), default=None)


def others(tests: TestFiles, path: str, module: Module, name: str, own: str) -> tuple[str, ...]:
    """Test files besides ``own`` that import the module, or what is around it, and name the target."""
    found = [
        (len(re.findall(rf"\b{re.escape(name)}\b", text)), test)
        for test, text in tests.naming(name).items()
        if test not in {own, path} and _imports(text, module, name)
    ]
    return tuple(test for _, test in sorted(found, key=lambda each: (-each[0], each[1]))[:_MOST_OTHERS])


def new(tests: TestFiles, path: str) -> str:
    """Where a new test file of a module belongs, named as the others are."""
    folder = _folder(tests, path)
    is_suffixed = 2 * sum(_is_suffixed(test) for test in tests.paths) > len(tests.paths)
    taken = {PurePosixPath(test).name for test in tests.paths}
    for stem in (*_stems(path, ""), *(f"{_stems(path, '')[0]}_{number}" for number in range(2, 100))):
        name = f"{stem}_test.py" if is_suffixed else f"test_{stem}.py"
        if name not in taken and not tests.files.has(joined(folder, name)):
            return joined(folder, name)
    return joined(folder, f"test_{_stems(path, '')[0]}.py")


def _stems(path: str, name: str) -> list[str]:
    """What a test file of a module may be named for, the likeliest first."""
    parts = [part.strip("_") for part in path.removesuffix(".py").split("/")]
    if path.endswith("__init__.py"):
        parts = parts[:-1] or ["package"]
    named = ["_".join(parts[-n:]) for n in range(1, min(len(parts), 4) + 1)]
    return [*named, *([name.lower(), _snake(name)] if name else [])]


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().strip("_")


def _bare(test: str) -> str:
    """What a test file is named for."""
    stem = PurePosixPath(test).stem
    return re.sub(r"^tests?_|_tests?$", "", stem)


def _is_suffixed(test: str) -> bool:
    return PurePosixPath(test).stem.endswith(("_test", "_tests"))


def _imports(text: str, module: Module, name: str) -> bool:
    """Whether a text imports the module, or from a package around it."""
    found = set(imported_modules(text))
    around = module.name.split(".")
    packages = {".".join(around[:n]) for n in range(1, len(around) + 1)}
    return module.name in found or any(
        f"{package}.{name}" in found or package in found for package in packages
    )


def _folder(tests: TestFiles, path: str) -> str:
    own = path.rpartition("/")[0]
    n_beside = sum(_is_beside(tests, test) for test in tests.paths)
    if tests.paths and 2 * n_beside > len(tests.paths):
        return own
    folders = Counter(test.rpartition("/")[0] for test in tests.paths)
    parents = set(own.split("/"))

    def fits(folder: str) -> tuple[bool, int, bool, int, str]:
        mirrored = folder.rpartition("/")[2] in parents - {""} and folder != own
        is_unit = "unit" in folder.split("/") or "unit_tests" in folder.split("/")
        return mirrored, _shared(f"{folder}/", path), is_unit, folders[folder], folder

    if folders:
        return max(folders, key=fits)
    named = (joined(tests.folder, name) for name in _TEST_FOLDERS)
    return next(
        (folder for folder in named if (tests.files.root / folder).is_dir()), joined(tests.folder, "tests")
    )


def _is_beside(tests: TestFiles, test: str) -> bool:
    """Whether a test file lies in the folder of the module that it is named for."""
    return tests.files.has(joined(test.rpartition("/")[0], f"{_bare(test)}.py"))


def _shared(one: str, other: str) -> int:
    """How many folders two paths have in common."""
    n_shared = 0
    for mine, theirs in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if mine != theirs:
            break
        n_shared += 1
    return n_shared
