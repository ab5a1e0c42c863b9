"""A repository as a source of facts: which files change together, which lines were edited last."""

import logging
import os
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from attrs import define, field

from codenook.context.git import plumbing, sides
from codenook.context.git.hunks import Hunk
from codenook.context.git.process import (
    NO_CONFIGURATION_OF_THE_USER,
    Git,
    GitFailed,
    configuration_of_the_user,
    find_git,
    tops_around,
)
from codenook.context.git.sides import Difference
from codenook.context.git.together import weighed
from codenook.context.git.worktree import Tracked, WorkingTree

log = logging.getLogger(__name__)

K = TypeVar("K")
T = TypeVar("T")

SECONDS = 2.0
_OLDEST_GIT = (2, 36)  # the first to refuse a repository of another user
_N_COMMITS = 500
_N_PATHS_HELD = 256
_N_COMMITS_HELD = 4


@define(eq=False)
class Repository:
    """The repository around a folder of the workspace; ``top`` is its working tree, symbolic links resolved.

    Nothing of it runs, whatever its configuration says, and nothing in it is written. A question takes
    ``seconds`` and the comparison of one file at most; what was found is held until HEAD, the index or the
    file changes. One question at a time: not for several threads.
    """

    top: Path
    seconds: float
    _git: Git
    _index: Path
    _files: WorkingTree
    _tracked: OrderedDict[tuple[int, int, str | None], list[Tracked]] = field(factory=OrderedDict, init=False)
    _together: OrderedDict[tuple[str, bytes], list[tuple[Path, float]]] = field(
        factory=OrderedDict, init=False
    )
    _is_failure_logged: bool = field(default=False, init=False)

    @classmethod
    def open(cls, folder: Path, *, seconds: float = SECONDS) -> "Repository | None":
        """The repository that ``folder`` is in.

        None outside of one, in a bare one, without git (2.36 or later), in one of another user that the
        user's ``safe.directory`` does not name, and in one that is damaged or whose working tree is elsewhere
        (``core.worktree``); all but the first are logged.
        """
        try:
            if not tops_around(Path(os.path.realpath(folder))):
                return None
            return cls.at(folder, seconds=seconds)
        except (GitFailed, OSError, ValueError) as error:
            log.warning("the repository is left alone: %s", error)
            return None

    @classmethod
    def at(cls, folder: Path, *, seconds: float = SECONDS) -> "Repository":
        """Like `open`, and raises GitFailed, which says why, where that gives None."""
        try:
            folder = Path(os.path.realpath(folder))
            if not tops_around(folder):
                raise GitFailed("this is in no git repository that has files checked out")
            return cls._opened(find_git(folder), folder, seconds)
        except (OSError, ValueError) as error:
            raise GitFailed(f"the repository can't be read: {error}") from None

    @classmethod
    def _opened(cls, executable: str, folder: Path, seconds: float) -> "Repository":
        until = time.monotonic() + seconds

        def found_from(place: Path) -> tuple[Path, str]:
            git = Git(executable, place, configuration_of_the_user())
            asked = ("--path-format=absolute", "--show-toplevel", "--git-dir")
            top, _, directory = os.fsdecode(git.run("rev-parse", *asked, until=until)).partition("\n")
            return Path(top).resolve(), directory.removesuffix("\n")

        version = Git(executable, folder, NO_CONFIGURATION_OF_THE_USER).run("version", until=until)
        numbers = tuple(int(number) for number in re.findall(rb"\d+", version)[:2])
        if numbers < _OLDEST_GIT:
            raise GitFailed(f"git {_OLDEST_GIT[0]}.{_OLDEST_GIT[1]} or later is needed")
        top, directory = found_from(folder)
        if not folder.is_relative_to(top) or found_from(top) != (top, directory):
            raise GitFailed("its working tree is elsewhere")
        places = {"GIT_DIR": directory, "GIT_WORK_TREE": str(top)}
        git = Git(executable, top, NO_CONFIGURATION_OF_THE_USER | places)
        return cls(top, seconds, git, Path(directory, "index"), WorkingTree(top))

    def head(self) -> str | None:
        """The name of the commit that is checked out; None before the first one, and when git fails."""
        return self._told(lambda until: plumbing.head(self._git, until), None)

    def co_changed(self, path: Path, n: int) -> list[tuple[Path, float]]:
        """The ``n`` files that most often changed in one commit with ``path``, the first the most often.

        Looked at are the last 500 commits of ``path`` that are no merges. A commit counts for 1, halved
        with every 50 newer ones and divided among the other files in it; not at all with more than 50. Files
        that are gone are left out. Empty when git fails; what git found in time counts.
        """
        relative = os.fsencode(os.path.relpath(os.path.realpath(self.top / path), self.top))

        def found(until: float) -> list[tuple[Path, float]]:
            commit = plumbing.head(self._git, until)
            if commit is None or relative.split(b"/")[0] == b"..":
                return []
            return _held(self._together, (commit, relative), _N_PATHS_HELD, lambda: weigh(commit, until))

        def weigh(commit: str, until: float) -> list[tuple[Path, float]]:
            history = plumbing.files_of_commits(self._git, commit, relative, _N_COMMITS, until)
            weights = weighed(relative, history)
            ranked = sorted(weights, key=lambda other: (-weights[other], other))
            with_paths = ((self.top / os.fsdecode(other), weights[other]) for other in ranked)
            return [(path, weight) for path, weight in with_paths if path.is_file()]

        nothing: list[tuple[Path, float]] = []
        return self._told(found, nothing)[:n]

    def uncommitted(self) -> list[Hunk]:
        """The lines of tracked files that are not as in HEAD, staged or not, by path and line.

        A file that is new in the index is one hunk; one that is gone, binary, a link, or over 1 MB is none.
        A renamed file is compared with what it was. Before the first commit everything is new. Empty when
        git fails.
        """
        return self._told(lambda until: self._hunks(plumbing.head(self._git, until), until), [])

    def changed_since(self, revision: str) -> list[Hunk]:
        """The lines of tracked files that are not as in ``revision``; otherwise like `uncommitted`.

        Raises:
            ValueError: ``revision`` names no commit; options, ranges and paths do not.
            GitFailed: git ended with an error or was not done in time.
        """
        until = time.monotonic() + self.seconds
        return self._hunks(plumbing.commit_named(self._git, revision, until), until)

    def base(self, revision: str | None, *, is_where_parted: bool = False) -> str | None:
        """The commit that ``revision`` names, HEAD without one; None before the first commit.

        With ``is_where_parted``, the commit from which HEAD and that one parted. Raises as `changed_since`.
        """
        until = time.monotonic() + self.seconds
        head = plumbing.head(self._git, until)
        if revision is None:
            return head
        commit = plumbing.commit_named(self._git, revision, until)
        if not is_where_parted or head is None:
            return commit
        parted = plumbing.merge_base(self._git, commit, head, until)
        if parted is None:
            raise ValueError(f"{revision} and HEAD have no commit in common; a shallow clone lacks them")
        return parted

    def differences(
        self, commit: str | None, *, staged: bool = False, texts: Mapping[Path, str] | None = None
    ) -> list[Difference]:
        """How the files as they stand, or what is ``staged``, differ from ``commit`` (`base`); by path.

        Files that are not tracked are new, unless they are ignored. ``texts`` stand for the files at their
        paths, symbolic links resolved; those outside of the repository count for nothing. Raises GitFailed.
        """
        until = time.monotonic() + self.seconds
        try:
            written_ns = self._index.stat().st_mtime_ns
        except FileNotFoundError:
            written_ns = 0
        found = (
            sides.staged(self._git, commit, until)
            if staged
            else sides.in_working_tree(self._git, self._with(texts or {}), commit, written_ns, until)
        )
        return sorted(found, key=lambda difference: difference.path)

    def _with(self, texts: Mapping[Path, str]) -> WorkingTree:
        """The working tree as it would be with these texts in it."""
        own = {
            os.fsencode(path.relative_to(self.top).as_posix()): text.encode("utf-8", "replace")
            for path, text in texts.items()
            if path.is_relative_to(self.top)
        }
        return WorkingTree(self.top, own) if own else self._files

    def _told(self, ask: Callable[[float], T], otherwise: T) -> T:
        try:
            return ask(time.monotonic() + self.seconds)
        except GitFailed as error:
            if not self._is_failure_logged:
                log.warning("the repository told nothing: %s", error)
            self._is_failure_logged = True
            return otherwise

    def _hunks(self, commit: str | None, until: float) -> list[Hunk]:
        try:
            status = self._index.stat()
        except FileNotFoundError:
            return []
        key = (status.st_mtime_ns, status.st_size, commit)
        tracked = _held(self._tracked, key, _N_COMMITS_HELD, lambda: self._compared(commit, until))
        return self._files.hunks(self._git, tracked, status.st_mtime_ns, until)

    def _compared(self, commit: str | None, until: float) -> list[Tracked]:
        entries = {entry.path: entry for entry in plumbing.entries(self._git, until)}
        if commit is None:
            return [Tracked(entry, None) for entry in entries.values()]
        old = {path: entry.blob for path, entry in entries.items()} | {
            change.path: change.blob for change in plumbing.staged(self._git, commit, until)
        }
        if not all(entry.is_merged for entry in entries.values()):
            there = plumbing.blobs_at(self._git, commit, until)
            old |= {path: there.get(path) for path, entry in entries.items() if not entry.is_merged}
        return [Tracked(entry, old[path]) for path, entry in entries.items()]


def _held(held: OrderedDict[K, T], key: K, n: int, find: Callable[[], T]) -> T:
    """The value of ``key``, found when it is not there; the ``n`` last asked for are held."""
    held[key] = held.pop(key) if key in held else find()
    if len(held) > n:
        held.popitem(last=False)
    return held[key]
