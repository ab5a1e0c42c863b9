"""Files before and after: the commit that is compared with, and the index or the files as they stand."""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from attrs import evolve, frozen

from codenook.context.files.skip import MAX_FILE_BYTES
from codenook.context.git import plumbing
from codenook.context.git.plumbing import Change, Entry
from codenook.context.git.process import Git
from codenook.context.git.worktree import WorkingTree, is_blob

_N_BLOBS_AT_ONCE = 60  # they fit into what git may write
_N_PAIRED = 100  # files on each side; of more, no renames are looked for
_LEAST_SHARE = 0.5
_FILE, _ABSENT = "100644", "000000"


class What(StrEnum):
    """What a side of a difference is."""

    NOTHING = "nothing"
    FILE = "file"
    LINK = "link"
    SUBMODULE = "submodule"
    CONFLICT = "conflict"
    OTHER = "other"
    """A pipe, a device: nothing that can be read."""


@frozen
class Side:
    """One side; ``content`` is None for all but files, and for files that can't be read or are too large."""

    what: What = What.NOTHING
    content: bytes | None = None


@frozen
class Difference:
    """A path whose sides differ, in content, kind or permissions; relative to the top, as git spells it.

    ``old_path`` is another one when the file was renamed.
    """

    path: str
    old_path: str
    old: Side
    new: Side


def staged(git: Git, commit: str | None, until: float) -> Iterator[Difference]:
    """How the index differs from a commit; with None, from nothing."""
    entries = plumbing.entries(git, until)
    conflicts = _conflicts(entries)
    changes = [change for change in _in_index(git, commit, entries, until) if change.path not in conflicts]
    content = _Blobs(git, [name for change in changes for name in (change.blob, change.new_blob)], until)
    for change in changes:
        yield _difference(change, content, _side(change.mode, content[change.new_blob]))
    yield from map(_conflict, sorted(conflicts))


def in_working_tree(
    git: Git, files: WorkingTree, commit: str | None, index_ns: int, until: float
) -> Iterator[Difference]:
    """How the files as they stand differ from a commit; files that are not tracked are new, unless ignored.

    Texts that are in no file yet are new, too. Read are only files that may differ. Links and submodules are
    told where the index has changed.
    """
    entries = plumbing.entries(git, until)
    conflicts = _conflicts(entries)
    changes = {change.path: change for change in _in_index(git, commit, entries, until)}
    for entry in entries:
        if entry.path not in changes and entry.is_looked_at and not files.is_as_seen(entry, index_ns):
            changes[entry.path] = Change(entry.path, entry.path, entry.blob, _FILE, _FILE, entry.blob)
    unsaved = set(files.unsaved()) - {entry.path for entry in entries}
    untracked = set(plumbing.untracked(git, until)) | unsaved
    for path in untracked - changes.keys():
        changes[path] = Change(path, path, None, _ABSENT, _FILE, None)
    is_absent = {entry.path for entry in entries if not entry.is_looked_at}
    told = [changes[path] for path in sorted(changes.keys() - conflicts)]
    content = _Blobs(git, [change.blob for change in told], until)
    staged_only = _Blobs(git, [change.new_blob for change in told if change.path in is_absent], until)
    found: list[Difference] = []
    for change in told:
        if change.path in is_absent:
            new = _side(change.mode, staged_only[change.new_blob])
        elif change.mode.startswith("100") or change.path in untracked:
            new = _on_disk(files, change.path)
        else:
            new = _side(change.mode, None)
        if not _is_same(change, new):
            found.append(_difference(change, content, new))
    yield from _with_renames(found)
    yield from map(_conflict, sorted(conflicts))


def _on_disk(files: WorkingTree, path: bytes) -> Side:
    mode = files.mode(path)
    if mode is None or stat.S_ISDIR(mode):
        return Side()
    if stat.S_ISREG(mode):
        return Side(What.FILE, files.read(path))
    return Side(What.LINK if stat.S_ISLNK(mode) else What.OTHER)


def _is_same(change: Change, new: Side) -> bool:
    """Whether nothing is left of a change in the working tree."""
    if change.path != change.old_path:
        return False
    if new.what is What.NOTHING:
        return change.old_mode == _ABSENT
    return bool(change.blob and new.content is not None and is_blob(new.content, change.blob))


def _difference(change: Change, content: "_Blobs", new: Side) -> Difference:
    old = _side(change.old_mode, content[change.blob])
    return Difference(os.fsdecode(change.path), os.fsdecode(change.old_path), old, new)


def _with_renames(found: Sequence[Difference]) -> list[Difference]:
    """The same differences, with files that are gone and new ones much like them made one."""
    gone = {d.path: _lines(d.old.content) for d in found if d.old.content and d.new.what is What.NOTHING}
    new = {d.path: _lines(d.new.content) for d in found if d.new.content and d.old.what is What.NOTHING}
    if not gone or not new or max(len(gone), len(new)) > _N_PAIRED:
        return list(found)
    shares = [(_share(old, now), before, path) for before, old in gone.items() for path, now in new.items()]
    source: dict[str, str] = {}
    for share, before, path in sorted(shares, key=lambda s: (-s[0], s[1], s[2])):
        if share >= _LEAST_SHARE and path not in source and before not in source.values():
            source[path] = before
    by_path = {difference.path: difference for difference in found}
    return [
        evolve(d, old_path=source[d.path], old=by_path[source[d.path]].old) if d.path in source else d
        for d in found
        if d.path not in source.values()
    ]


def _lines(content: bytes) -> Counter[bytes]:
    return Counter(line for line in content.split(b"\n") if line.strip())


def _share(old: Counter[bytes], new: Counter[bytes]) -> float:
    return 2 * (old & new).total() / max(old.total() + new.total(), 1)


def _in_index(git: Git, commit: str | None, entries: Iterable[Entry], until: float) -> Iterable[Change]:
    if commit is not None:
        return plumbing.staged(git, commit, until, with_submodules=True)
    return [Change(e.path, e.path, None, _ABSENT, _FILE, e.blob) for e in entries if e.is_merged]


def _conflicts(entries: Iterable[Entry]) -> set[bytes]:
    return {entry.path for entry in entries if not entry.is_merged}


def _conflict(path: bytes) -> Difference:
    return Difference(os.fsdecode(path), os.fsdecode(path), Side(What.CONFLICT), Side(What.CONFLICT))


def _side(mode: str, content: bytes | None) -> Side:
    if mode.startswith("100"):
        return Side(What.FILE, content)
    kinds = {"120000": What.LINK, "160000": What.SUBMODULE}
    return Side(kinds.get(mode, What.NOTHING))


class _Blobs(dict[str | None, bytes | None]):
    """The contents of blobs by name; None for none, and for one that is too large or not there."""

    def __init__(self, git: Git, names: Iterable[str | None], until: float) -> None:
        super().__init__()
        wanted = [name for name in names if name is not None]
        for start in range(0, len(wanted), _N_BLOBS_AT_ONCE):
            part = wanted[start : start + _N_BLOBS_AT_ONCE]
            self.update(plumbing.blobs(git, part, MAX_FILE_BYTES, until))

    def __missing__(self, name: str | None) -> None:
        return None
