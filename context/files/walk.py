"""The files of a workspace that are indexed: all of them, or whether one is among them."""

import os
import stat
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from attrs import frozen

from codenook.context.files.content import refuse
from codenook.context.files.ignore import Rules
from codenook.context.files.names import SECRET_FOLDERS, by_name
from codenook.context.files.repository import is_worktree
from codenook.context.files.skip import MAX_FILE_BYTES, Skip, Skipped

_MARKS_OF_OUTPUT = {"CACHEDIR.TAG", "pyvenv.cfg"}


@frozen
class Candidate:
    """A file to index, unless its content speaks against it.

    ``path`` is relative to the root, with forward slashes; ``size`` is in bytes.
    """

    path: str
    size: int
    mtime_ns: int


def walk(root: Path, suffixes: Collection[str]) -> Iterator[Candidate | Skipped]:
    """The files below ``root`` with one of ``suffixes`` (``.py``), and what was left out, in a stable order.

    A folder that is left out is reported once and not entered; files with other suffixes are not reported,
    unless they are secrets. Nothing is raised: what cannot be read is reported.
    """
    tree = _Tree.of(root, suffixes)
    pending: list[_Folder | Candidate | Skipped] = [tree.top()]
    while pending:
        found = pending.pop()
        if not isinstance(found, _Folder):
            yield found
            continue
        entries = sorted(found.entries.items(), reverse=True)
        below = (tree.judge(found, entry) for _, entry in entries)
        pending.extend(item for item in below if item is not None)


def find(root: Path, path: str, suffixes: Collection[str]) -> Candidate | Skipped | None:
    """What `walk` says about one path (relative to ``root``, forward slashes); None when it says nothing.

    Of a path in a folder that is left out, it says what it says of the folder. It lists the folders on the
    way to the path, no others.
    """
    tree = _Tree.of(root, suffixes)
    found: _Folder | Candidate | Skipped | None = tree.top()
    for name in path.split("/"):
        if not isinstance(found, _Folder):
            return found if isinstance(found, Skipped) else None
        entry = found.entries.get(name)
        found = None if entry is None else tree.judge(found, entry)
    return None if isinstance(found, _Folder) else found


def is_indexed(root: Path, path: str, suffixes: Collection[str]) -> bool:
    """Whether `walk` yields a path (relative to ``root``, forward slashes) as a candidate."""
    return isinstance(find(root, path, suffixes), Candidate)


def excluded(root: Path, path: str) -> Skip | None:
    """Why a path (relative to ``root``, forward slashes) is left out whatever is there; None when it isn't.

    There need not be a file: asked are the folders that are there, the ignore files and the names.
    """
    above = root.resolve().as_posix().rstrip("/") + "/"
    rules = Rules.above(Path(above)).within(above, _names(above) - {".git"})
    *folders, name = path.split("/")
    for folder in folders:
        above += f"{folder}/"
        names = _names(above)
        if not _is_utf8(folder):
            return Skip.NOT_UTF8
        if rules.exclude(above) or not _MARKS_OF_OUTPUT.isdisjoint(names):
            return Skip.IGNORED
        if folder in SECRET_FOLDERS:
            return Skip.SECRET
        if ".git" in names and is_worktree(Path(above)):
            return Skip.WORKTREE
        rules = rules.within(above, names)
    if not _is_utf8(name):
        return Skip.NOT_UTF8
    return Skip.IGNORED if rules.exclude(above + name) else by_name(name)


def read(root: Path, path: str) -> bytes | Skipped:
    """The source of a candidate, unless it vanished or its content speaks against it."""
    file = root / path
    try:
        if not stat.S_ISREG(file.lstat().st_mode):
            return Skipped(path, Skip.UNREADABLE)
        with file.open("rb") as stream:
            source = stream.read(MAX_FILE_BYTES + 1)
    except OSError:
        return Skipped(path, Skip.UNREADABLE)
    reason = refuse(path, source)
    return source if reason is None else Skipped(path, reason)


@frozen
class _Folder:
    """A folder that is entered; ``path`` is absolute, with a slash at its end."""

    path: str
    rules: Rules
    entries: Mapping[str, os.DirEntry[str]]


@frozen
class _Tree:
    root: str
    suffixes: frozenset[str]

    @classmethod
    def of(cls, root: Path, suffixes: Collection[str]) -> "_Tree":
        return cls(root.resolve().as_posix().rstrip("/") + "/", frozenset(suffixes))

    def top(self) -> _Folder | Skipped:
        try:
            entries = _entries(self.root)
        except OSError:
            return Skipped("./", Skip.UNREADABLE)
        rules = Rules.above(Path(self.root))
        return _Folder(self.root, rules.within(self.root, entries.keys() - {".git"}), entries)

    def judge(self, folder: _Folder, entry: os.DirEntry[str]) -> _Folder | Candidate | Skipped | None:
        """What an entry of a folder is; None when there is nothing to say about it."""
        if entry.name == ".git":
            return None
        is_folder = entry.is_dir(follow_symlinks=False)
        path = folder.path + entry.name + ("/" if is_folder else "")
        try:
            found = self._folder(folder, path, entry) if is_folder else self._file(folder, path, entry)
        except OSError:
            found = Skip.UNREADABLE
        if isinstance(found, Skip):
            return Skipped(_printable(path[len(self.root) :]), found)
        return found

    def _folder(self, above: _Folder, path: str, entry: os.DirEntry[str]) -> _Folder | Skip:
        if not _is_utf8(entry.name):
            return Skip.NOT_UTF8
        if above.rules.exclude(path):
            return Skip.IGNORED
        if entry.name in SECRET_FOLDERS:
            return Skip.SECRET
        entries = _entries(path)
        if not _MARKS_OF_OUTPUT.isdisjoint(entries):
            return Skip.IGNORED
        if ".git" in entries and is_worktree(Path(path)):
            return Skip.WORKTREE
        return _Folder(path, above.rules.within(path, entries), entries)

    def _file(self, folder: _Folder, path: str, entry: os.DirEntry[str]) -> Candidate | Skip | None:
        name = entry.name
        by_its_name = by_name(name)
        is_link = entry.is_symlink()
        is_known = name[name.rfind(".") :] in self.suffixes or (is_link and entry.is_dir())
        if not is_known and by_its_name is not Skip.SECRET:
            return None
        if not _is_utf8(name):
            return Skip.NOT_UTF8
        if folder.rules.exclude(path):
            return Skip.IGNORED
        return by_its_name or (self._link(path) if is_link else self._regular(path, entry))

    def _link(self, path: str) -> Skip:
        target = os.path.realpath(path, strict=True)
        return Skip.LINK if f"{target}/".startswith(self.root) else Skip.OUTSIDE

    def _regular(self, path: str, entry: os.DirEntry[str]) -> Candidate | Skip:
        status = entry.stat(follow_symlinks=False)
        if not stat.S_ISREG(status.st_mode):
            return Skip.UNREADABLE
        if status.st_size > MAX_FILE_BYTES:
            return Skip.TOO_LARGE
        return Candidate(path[len(self.root) :], status.st_size, status.st_mtime_ns)


def _names(folder: str) -> set[str]:
    try:
        return set(os.listdir(folder))  # noqa: PTH208 - names are all that is asked
    except OSError:
        return set()


def _entries(folder: str) -> dict[str, os.DirEntry[str]]:
    with os.scandir(folder) as listing:
        return {entry.name: entry for entry in listing}


def _is_utf8(name: str) -> bool:
    return name == _printable(name)


def _printable(path: str) -> str:
    return os.fsencode(path).decode("utf-8", "backslashreplace")
