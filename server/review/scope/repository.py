"""What changed in a git repository: staged, uncommitted, or since a commit."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from codenook.context.files.skip import Skip
from codenook.context.git.process import GitFailed
from codenook.context.git.repository import Repository
from codenook.context.git.sides import Difference, What
from codenook.server.review.scope.change import Change, Unread
from codenook.server.review.scope.errors import ScopeError
from codenook.server.review.scope.readable import Gathered, Sides

_SECONDS = 30.0
_WHERE_PARTED = "..."

_NOT_FILES: dict[What, Skip | Unread] = {
    What.LINK: Skip.LINK,
    What.SUBMODULE: Unread.SUBMODULE,
    What.CONFLICT: Unread.CONFLICT,
    What.OTHER: Skip.UNREADABLE,
}


def changed(
    folder: Path,
    *,
    since: str | None = None,
    staged: bool = False,
    only: Sequence[Path] = (),
    texts: Mapping[Path, str] | None = None,
) -> Change:
    """What the files as they stand, or what is ``staged``, changes against a commit.

    Args:
        folder: a folder of the repository.
        since: a revision, HEAD when None; with ``...`` behind it, the commit from which HEAD parted from it.
        staged: what a commit would take, and not the files as they stand.
        only: files and folders, absolute; all when there are none.
        texts: documents that an editor has open, by their paths, symbolic links resolved: they stand for
            their files, saved or not.

    Raises:
        ScopeError: there is no repository, no such revision, or git failed.
    """
    try:
        repository = Repository.at(folder, seconds=_SECONDS)
        parted = since is not None and since.endswith(_WHERE_PARTED)
        revision = since.removesuffix(_WHERE_PARTED) if since else None
        commit = repository.base(revision, is_where_parted=parted)
        found = repository.differences(commit, staged=staged, texts=texts)
    except GitFailed as error:
        raise ScopeError(f"{error}; a file is reviewed by its path, a patch with --diff -") from None
    except ValueError as error:
        raise ScopeError(str(error)) from None
    gathered = Gathered(repository.top)
    wanted = [_relative(repository.top, path) for path in only]
    for difference in found:
        if not wanted or any(_is_in(difference, path) for path in wanted):
            _gather(gathered, difference)
    for path, place in zip(only, wanted, strict=True):
        if not path.exists() and not any(_is_in(difference, place) for difference in found):
            raise ScopeError(f"there is no file {path}, nor does the change delete one")
    return gathered.change(_name(since, staged=staged))


def _gather(gathered: Gathered, difference: Difference) -> None:
    old, new = difference.old, difference.new
    for what in (new.what, old.what):
        if what in _NOT_FILES:
            gathered.leave_out(difference.path, _NOT_FILES[what])
            return
    if any(side.what is What.FILE and side.content is None for side in (old, new)):
        gathered.leave_out(difference.path, Skip.TOO_LARGE)
        return
    old_path = difference.old_path if old.what is What.FILE else None
    gathered.add(Sides(difference.path, old_path, old.content, new.content))


def _relative(top: Path, path: Path) -> str:
    real = path.resolve()
    if not real.is_relative_to(top):
        raise ScopeError(f"{path} is not in the repository {top}")
    return real.relative_to(top).as_posix()


def _is_in(difference: Difference, path: str) -> bool:
    return path == "." or any(
        f"{one}/".startswith(f"{path}/") for one in (difference.path, difference.old_path)
    )


def _name(since: str | None, *, staged: bool) -> str:
    what = "staged changes" if staged else "uncommitted changes"
    if since is None:
        return what
    return f"staged changes against {since}" if staged else f"changes since {since}"
