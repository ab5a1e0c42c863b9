"""Asks git's plumbing: none of these commands reads a file of the working tree, so no filter is asked."""

import os
import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from codenook.context.git.process import Git, GitFailed

_QUIET = ("--raw", "-r", "-z", "--no-ext-diff", "--no-textconv")
_WITHOUT_SUBMODULES = "--ignore-submodules=all"
_SUBMODULES_AS_RECORDED = "--ignore-submodules=dirty"
_N_RENAMES = 400
_NOT_LOOKED_AT = 0x4000_8000  # git's flags for skip-worktree and assume-unchanged
_ENTRY = re.compile(
    rb"(?P<mode>\d{6}) (?P<blob>[0-9a-f]+) (?P<stage>\d)\t(?P<path>[^\0]+)\0"
    rb"  ctime: \d+:\d+\n"
    rb"  mtime: (?P<seconds>\d+):(?P<nanoseconds>\d+)\n"
    rb"  dev: \d+\tino: \d+\n"
    rb"  uid: \d+\tgid: \d+\n"
    rb"  size: (?P<size>\d+)\tflags: (?P<flags>[0-9a-f]+)\n"
)


@frozen
class Entry:
    """A regular file in git's index: its blob, and the file's time and size (bytes) when git last looked.

    ``is_merged`` is False for one of the sides of a conflict. ``is_looked_at`` is False where git was told to
    take the file as unchanged (a sparse checkout has no file there).
    """

    path: bytes
    blob: str
    is_merged: bool
    modified_ns: int
    size: int
    is_looked_at: bool = True


@frozen
class Change:
    """A file that differs; ``blob``, ``old_path`` and ``old_mode`` are of the old side, the rest of the new.

    A blob is None on a side without a regular file; modes are git's (``100644``), all zeros for nothing.
    """

    path: bytes
    old_path: bytes
    blob: str | None
    old_mode: str = ""
    mode: str = ""
    new_blob: str | None = None


def head(git: Git, until: float) -> str | None:
    """The commit that is checked out; None before the first one."""
    found = git.run("rev-parse", "--verify", "--quiet", "HEAD", until=until, statuses=(0, 1))
    return found.decode().strip() or None


def commit_named(git: Git, revision: str, until: float) -> str:
    """The commit that ``revision`` names; raises ValueError when it names none.

    Options, ranges and paths name none.
    """
    name = f"{revision}^{{commit}}"
    is_plain = revision.isprintable() and not re.search(r"^-|^\^|^$|[:\s]|\.\.", revision)
    found = (
        git.run(
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            name,
            until=until,
            statuses=(0, 1, 128),
        )
        if is_plain
        else b""
    )
    commit = found.decode().strip()
    if not re.fullmatch("[0-9a-f]{40,64}", commit):
        raise ValueError(f"not a commit of this repository: {revision}")
    return commit


def entries(git: Git, until: float) -> list[Entry]:
    """The regular files in the index; links and submodules are left out."""
    listing = git.run("ls-files", "--stage", "--debug", "-z", until=until)
    found = list(_ENTRY.finditer(listing))
    if sum(len(match[0]) for match in found) != len(listing):
        raise GitFailed("git ls-files wrote what cannot be read")
    return [
        Entry(
            path=match["path"],
            blob=match["blob"].decode(),
            is_merged=match["stage"] == b"0",
            modified_ns=int(match["seconds"]) * 10**9 + int(match["nanoseconds"]),
            size=int(match["size"]),
            is_looked_at=not int(match["flags"], 16) & _NOT_LOOKED_AT,
        )
        for match in found
        if match["mode"].startswith(b"100")
    ]


def staged(git: Git, commit: str, until: float, *, with_submodules: bool = False) -> list[Change]:
    """How the index differs from ``commit``, with renames; sides of a conflict are told as they are.

    Of submodules only what the index records counts: nothing looks into them.
    """
    options = ("-M", f"-l{_N_RENAMES}", _SUBMODULES_AS_RECORDED if with_submodules else _WITHOUT_SUBMODULES)
    listing = git.run("diff-index", "--cached", *_QUIET, *options, commit, "--", until=until)
    return [change for change in _changes(listing) if isinstance(change, Change)]


def untracked(git: Git, until: float) -> list[bytes]:
    """The files that are neither in the index nor ignored; those of repositories inside are left out."""
    listing = git.run("ls-files", "--others", "--exclude-standard", "-z", until=until)
    return [path for path in listing.split(b"\0") if path and not path.endswith(b"/")]


def merge_base(git: Git, one: str, other: str, until: float) -> str | None:
    """The commit from which two commits parted; None when they have nothing in common."""
    found = git.run("merge-base", one, other, until=until, statuses=(0, 1))
    return found.decode().strip() or None


def blobs_at(git: Git, commit: str, until: float) -> dict[bytes, str]:
    """The blobs of all files in ``commit``, by path."""
    listing = git.run("ls-tree", "-r", "-z", "--full-tree", commit, until=until)
    lines = (line.partition(b"\t") for line in listing.split(b"\0") if line)
    return {path: head.split()[2].decode() for head, _, path in lines}


def blobs(git: Git, names: Iterable[str], max_bytes: int, until: float) -> dict[str, bytes]:
    """The content of blobs by their names, of those that are there and not larger than ``max_bytes``."""
    asked = "".join(f"{name}\n" for name in dict.fromkeys(names)).encode()
    sizes = git.run(
        "cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)", stdin=asked, until=until
    )
    facts = [line.split() for line in sizes.splitlines()]
    small = [fact[0] for fact in facts if fact[1] == b"blob" and int(fact[2]) <= max_bytes]
    output = git.run("cat-file", "--batch", stdin=b"".join(name + b"\n" for name in small), until=until)
    found, start = {}, 0
    for name in small:
        end_of_line = output.index(b"\n", start)
        size = int(output[start:end_of_line].split()[2])
        start = end_of_line + 1
        found[name.decode()] = output[start : start + size]
        start += size + 1
    return found


def files_of_commits(git: Git, commit: str, path: bytes, n_commits: int, until: float) -> list[set[bytes]]:
    """The files of the last commits that changed ``path``, the newest first; those that git found in time."""
    commits = git.run(
        "rev-list",
        "--no-merges",
        f"--max-count={n_commits}",
        commit,
        "--",
        os.fsdecode(path),
        until=until,
        is_part_enough=True,
    )
    commits = commits[: commits.rfind(b"\n") + 1]
    listing = git.run(
        "diff-tree",
        "--stdin",
        "--root",
        "--no-renames",
        *_QUIET,
        _WITHOUT_SUBMODULES,
        stdin=commits,
        until=until,
        is_part_enough=True,
    )
    found: list[set[bytes]] = []
    for change in _changes(listing):
        if isinstance(change, Change):
            found[-1].add(change.path)
        else:
            found.append(set())
    return found


def _changes(listing: bytes) -> Iterator[Change | bytes]:
    """Read the format --raw -z: changes, and the names of the commits that stand before theirs."""
    words = iter(listing.split(b"\0")[:-1])
    for word in words:
        if not word.startswith(b":"):
            yield word
            continue
        old_mode, mode, old, new, status = word[1:].decode().split(" ")
        old_path = next(words, b"")
        path = next(words, b"") if status[:1] in "RC" else old_path
        blob, new_blob = (name if m.startswith("100") else None for m, name in ((old_mode, old), (mode, new)))
        yield Change(path, old_path, blob, old_mode, mode, new_blob)
