"""Where the tests of a file are, and where they go: as the project has it."""

import os
import re
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from pathlib import Path, PurePosixPath

from attrs import frozen

from codenook.context.files.walk import Candidate, read, walk

SUFFIXES = (".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx")
_FOLDERS = frozenset({"test", "tests", "__tests__", "spec"})
IMPORTS: Mapping[str, str] = {
    "vitest": r"['\"]vitest['\"]",
    "jest": r"['\"]@jest/globals['\"]",
    "node": r"['\"]node:test['\"]",
    "another": r"['\"](?:ava|bun:test|chai|jasmine|mocha|qunit|tap|tape|uvu|@japa/runner|zora)['\"]",
}
"""What tests of each framework import."""

_MARK = re.compile(r"^(?P<before>test[-_.])?(?P<stem>.+?)(?P<after>[-_.](?:test|spec|tests))?$")
_N_FILES = 5_000
_N_READ = 200
_N_OTHERS = 20
_N_NAMES = 100


@frozen
class Layout:
    """How test files are named and where they are.

    ``folder`` is empty for tests beside their files; ``is_top`` says that it is in the package's folder, with
    or without the folders of the source below it, and not beside each file. ``before`` and ``after`` are
    what a file's name gets.
    """

    folder: str = ""
    is_top: bool = False
    before: str = ""
    after: str = ".test"

    def path(self, package: str, target: str) -> str:
        """The test file of ``target`` (both relative to the root, like ``package``)."""
        at = PurePosixPath(target)
        name = f"{self.before}{at.stem}{self.after}{at.suffix}"
        if not self.folder:
            return str(at.with_name(name))
        if not self.is_top:
            return str(at.parent / self.folder / name)
        return str(PurePosixPath(package) / self.folder / name)


@frozen
class Tests:
    """The test files of a package: their paths relative to the root."""

    __test__ = False

    root: Path
    package: str
    paths: tuple[str, ...]

    @classmethod
    def of(cls, root: Path, package: Path) -> "Tests":
        """Those in a folder of the workspace."""
        found: list[str] = []
        for n_seen, each in enumerate(walk(package, SUFFIXES)):
            if n_seen > _N_FILES:
                break
            if isinstance(each, Candidate) and is_test(each.path):
                found.append((package / each.path).relative_to(root).as_posix())
        relative = package.relative_to(root).as_posix()
        return cls(root, "" if relative == "." else relative, tuple(found))

    def text(self, path: str) -> str:
        """What is in one of them; empty where it can't be read."""
        source = read(self.root, path)
        return source.decode("utf-8", "replace") if isinstance(source, bytes) else ""

    def whole(self, path: str) -> str | None:
        """The text of one of them, None where it isn't all text: nothing may be added to it."""
        source = read(self.root, path)
        try:
            return source.decode("utf-8") if isinstance(source, bytes) else None
        except UnicodeDecodeError:
            return None

    def place(self, target: str, framework: str) -> str:
        """Where the tests of ``target`` are, or would be; not in a file of another framework."""
        suffixes = _kin(target)
        stem = PurePosixPath(target).stem
        own = [p for p in self.paths if PurePosixPath(p).suffix in suffixes and stem_of(p) == stem]
        own = [path for path in own if imports_file(self.text(path), path, target)] or own
        fitting = [
            path for path in own if (text := self.whole(path)) is not None and is_written_for(framework, text)
        ]
        if fitting:
            return min(fitting, key=lambda path: (_distance(path, target), len(path), path))
        usual = PurePosixPath(self._layout(target).path(self.package, target))
        marks = (".test", *(f"{number}.test" for number in range(2, _N_NAMES)))
        names = [usual.name, *(f"{stem_of(str(usual))}{mark}{usual.suffix}" for mark in marks)]
        free = (name for name in names if not os.path.lexists(self.root / usual.with_name(name)))
        return str(usual.with_name(next(free, names[-1])))

    def sample(self, target: str, place: str = "") -> str | None:
        """A test file whose manner is that of the project: the one at ``place``, else the nearest."""
        if place in self.paths:
            return place
        others = [path for path in self.paths if PurePosixPath(path).suffix in _kin(target)]
        return min(others, key=lambda path: (_distance(path, place or target), path), default=None)

    def others(self, target: str, name: str, place: str, framework: str) -> tuple[str, ...]:
        """Other test files of the framework that name the target."""
        named = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])")
        nearest = sorted(self.paths, key=lambda path: (_distance(path, target), path))[:_N_READ]
        texts = ((path, self.text(path)) for path in nearest if path != place)
        found = (path for path, text in texts if named.search(text) and is_written_for(framework, text))
        return tuple(islice(found, _N_OTHERS))

    def _layout(self, target: str) -> Layout:
        counted = Counter(_layout_of(path, self.package) for path in self.paths)
        suffixes = _kin(target)
        near = Counter(
            _layout_of(path, self.package) for path in self.paths if PurePosixPath(path).suffix in suffixes
        )
        best = (near or counted).most_common(1)
        return best[0][0] if best else Layout()


def is_test(path: str) -> bool:
    """Whether a file holds tests, by its name or its folder."""
    at = PurePosixPath(path)
    if at.name.endswith(".d.ts") or "fixtures" in at.parts or "__fixtures__" in at.parts:
        return False
    found = _MARK.match(at.stem)
    is_marked = bool(found and (found["before"] or found["after"]))
    return is_marked or at.stem == "test" or not _FOLDERS.isdisjoint(at.parts[:-1])


def stem_of(path: str) -> str:
    """The name of the file that a test file is about."""
    found = _MARK.match(PurePosixPath(path).stem)
    return found["stem"] if found else PurePosixPath(path).stem


def is_written_for(framework: str, text: str) -> bool:
    """Whether a test file is one of a framework, by what it imports."""
    named = {name for name, pattern in IMPORTS.items() if re.search(pattern, text)}
    if framework == "node":
        return named == {"node"}
    return named <= {framework}


def imports_file(text: str, path: str, target: str) -> bool:
    """Whether a file names ``target`` in an import, as far as relative paths tell."""
    stem = re.sub(r"\.\w+$", "", target)
    folder = PurePosixPath(path).parent
    for name in re.findall(r"(?:from|require\(|import\(|import)\s*['\"](\.[^'\"\n]*)['\"]", text):
        parts: list[str] = []
        for part in (folder / name).parts:
            if part == ".." and parts:
                parts.pop()
            elif part not in {".", ".."}:
                parts.append(part)
        meant = re.sub(r"\.[cm]?[jt]sx?$", "", "/".join(parts))
        if stem in {meant, f"{meant}/index" if meant else "index"}:
            return True
    return False


def _kin(path: str) -> frozenset[str]:
    """Extensions of test files for a file: those of its language."""
    is_typed = PurePosixPath(path).suffix in {".ts", ".tsx", ".mts", ".cts"}
    return frozenset(suffix for suffix in SUFFIXES if ("t" in suffix) == is_typed)


def _layout_of(path: str, package: str) -> Layout:
    at = PurePosixPath(path).relative_to(package or ".")
    found = _MARK.match(at.stem)
    before, after = (found["before"] or "", found["after"] or "") if found else ("", "")
    folders = [part for part in at.parts[:-1] if part in _FOLDERS]
    folder = folders[0] if folders else ""
    if at.stem == "test":
        before, after = "", ".test" if not folder else ""
    return Layout(folder, bool(folder) and at.parts[0] == folder, before, after)


def _distance(one: str, other: str) -> int:
    """How many folders lie between two files."""
    left, right = PurePosixPath(one).parts[:-1], PurePosixPath(other).parts[:-1]
    shared = 0
    while shared < min(len(left), len(right)) and left[shared] == right[shared]:
        shared += 1
    return len(left) + len(right) - 2 * shared
