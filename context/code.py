"""The files of a workspace and its libraries, as outlines: documents as they are open, files as on disk."""

import os
import stat
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from attrs import define, field

import codenook
from codenook.context.files.content import refuse
from codenook.context.files.skip import MAX_FILE_BYTES, Skipped
from codenook.context.files.walk import Candidate, find, read, walk
from codenook.context.index.index import Index
from codenook.context.index.reading import Sources
from codenook.context.outline import Outline
from codenook.context.parse import known_languages, language_of, parse
from codenook.context.resolve import View

_N_VIEWS_HELD = 1024
RULE_FILES = frozenset({".gitignore", ".codenookignore"})


def outline_of(path: str, source: bytes) -> Outline | None:
    """The outline of one file; None for a language that codenook doesn't read."""
    language = language_of(PurePosixPath(path), source)
    if language is None:
        return None
    parsed = parse(language, source)
    return language.reader.outline(parsed)


def sources_of(root: Path) -> Sources:
    """Which files of the workspace at ``root`` are indexed, and how."""
    return Sources(
        root=str(root),
        walk=_walk,
        find=_find,
        rule_files=RULE_FILES,
        refuse=refuse,
        outline_of=outline_of,
        version=_version(),
    )


def suffixes() -> frozenset[str]:
    """The extensions of every language that codenook reads."""
    return frozenset(suffix for language in known_languages() for suffix in language.extensions)


@define(eq=False)
class Code:
    """The files below ``root``, and libraries outside of it by absolute paths. One thread at a time.

    ``index`` may be None or still empty: what is asked for by path is then read from disk. Open documents
    stand for their files.
    """

    root: str
    index: Index | None = None
    _documents: dict[str, View] = field(factory=dict, init=False)
    _real: dict[str, str] = field(factory=dict, init=False)
    _views: OrderedDict[str, tuple[tuple[int, int], View | None]] = field(factory=OrderedDict, init=False)

    def use(self, index: Index) -> None:
        """Ask ``index`` from now on, and let it know of the open documents."""
        self.index = index
        for view in self._documents.values():
            index.show(view.path, view.outline)

    def copy(self) -> "Code":
        """The same files and open documents, for another thread."""
        copied = Code(self.root, self.index)
        copied._documents = dict(self._documents)
        return copied

    def show(self, view: View) -> None:
        """Let an open document stand for its file."""
        if self._documents.get(view.path) is not view:
            self._documents[view.path] = view
            if self.index is not None:
                self.index.show(view.path, view.outline)

    def hide(self, path: str) -> None:
        """Let the file on disk count again."""
        self._documents.pop(path, None)
        if self.index is not None:
            self.index.hide(path)

    def view(self, path: str) -> View | None:
        """The outline of a file; None when it counts as absent: unreadable, too large, not in the rules."""
        if shown := self._documents.get(path):
            return shown
        try:
            status = os.stat(os.path.join(self.root, path))  # noqa: PTH116, PTH118 - for every file of a request
        except (OSError, ValueError):
            return None
        stamp = (status.st_mtime_ns, status.st_size)
        held = self._views.pop(path, None)
        if held is None or held[0] != stamp:
            held = (stamp, self._read(path, status) if stat.S_ISREG(status.st_mode) else None)
        self._views[path] = held
        if len(self._views) > _N_VIEWS_HELD:
            self._views.popitem(last=False)
        return held[1]

    def source(self, path: str) -> bytes | None:
        """What is in a file, open or not, as it is on disk; None when it counts as absent."""
        root = Path(self.root)
        is_library = os.path.isabs(path)  # noqa: PTH117 - as above
        if not is_library and not isinstance(find(root, path, suffixes()), Candidate):
            return None
        source = read(root, path)
        return None if isinstance(source, Skipped) or len(source) > MAX_FILE_BYTES else source

    def of_package(self, package: str) -> Sequence[str]:
        """The files of the workspace that say they belong to ``package``."""
        return self.index.files_of_package(package) if self.index else ()

    def in_folder(self, folder: str) -> Sequence[str]:
        """The files of known languages directly in a folder, by name."""
        try:
            with os.scandir(os.path.join(self.root, folder)) as entries:  # noqa: PTH118 - as above
                names = sorted(entry.name for entry in entries if entry.is_file())
        except (OSError, ValueError):
            return ()
        known = suffixes()
        return [os.path.join(folder, name) for name in names if os.path.splitext(name)[1] in known]  # noqa: PTH118, PTH122

    def real(self, path: str) -> str:
        """The path without symbolic links; one that leads out of the workspace stays and counts as absent."""
        if path not in self._real:
            absolute = os.path.join(self.root, path)  # noqa: PTH118 - as above
            is_library = os.path.isabs(path)  # noqa: PTH117 - as above
            self._real[path] = path if is_library else self.relative(absolute) or path
        return self._real[path]

    def relative(self, path: str | os.PathLike[str]) -> str | None:
        """An absolute path seen from the root, symbolic links resolved; None when it is outside."""
        try:
            return Path(os.path.realpath(path)).relative_to(self.root).as_posix()
        except (OSError, ValueError):
            return None

    def _read(self, path: str, status: os.stat_result) -> View | None:
        if self.index is not None and (known := self.index.outline(path, status)):
            return View(path, known)
        source = self.source(path)
        outline = None if source is None else outline_of(path, source)
        return None if outline is None else View(path, outline)


def _walk(root: str) -> Iterable[tuple[str, str]]:
    for found in walk(Path(root), suffixes()):
        yield found.path, found.reason if isinstance(found, Skipped) else ""


def _find(root: str, path: str) -> tuple[str, str] | None:
    found = find(Path(root), path, suffixes())
    if found is None:
        return None
    return found.path, found.reason if isinstance(found, Skipped) else ""


@cache
def _version() -> str:
    """Changes with codenook's version and with the languages' code."""
    digest = blake2b(codenook.__version__.encode(), digest_size=8)
    folder = Path(__file__).parent
    for path in sorted(
        [*folder.glob("*.py"), *folder.glob("languages/**/*.scm"), *folder.glob("languages/**/*.py")]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()
