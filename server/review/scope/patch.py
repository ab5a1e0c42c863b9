"""A patch as somebody pipes it in, and the files that it belongs to, before or after it was applied."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from attrs import evolve, frozen
from unidiff.errors import UnidiffParseError
from unidiff.patch import Hunk as PatchHunk
from unidiff.patch import PatchedFile, PatchSet

from codenook.context.files.repository import top_above
from codenook.context.files.skip import MAX_FILE_BYTES, Skip
from codenook.context.git.worktree import is_blob
from codenook.server.review.scope.change import Change, Unread
from codenook.server.review.scope.errors import ScopeError
from codenook.server.review.scope.names import NOTHING, Numbered, unquoted
from codenook.server.review.scope.readable import Gathered, Sides

_INDEX = re.compile(r"^index (?P<old>[0-9a-f]{7,})\.\.(?P<new>[0-9a-f]{7,})", re.MULTILINE)
_COMBINED = re.compile(r"^(?:diff --(?:cc|combined) |@@@)", re.MULTILINE)
_NOT_FILES: dict[str, Skip | Unread] = {"120000": Skip.LINK, "160000": Unread.SUBMODULE}


@frozen
class _Part:
    """What a patch does to one file; a path is None where there is no file, else as in the patch."""

    old_path: str | None
    path: str | None
    has_prefixes: bool
    patched: PatchedFile

    @property
    def unread(self) -> Skip | Unread | None:
        modes = (self.patched.target_mode, self.patched.source_mode)
        kinds = (_NOT_FILES[mode] for mode in modes if mode in _NOT_FILES)
        return next(kinds, Skip.BINARY if self.patched.is_binary_file else None)


@frozen
class _Stretch:
    """Lines that a hunk expects at ``start`` (from 0), and those in whose place they stand or will stand."""

    start: int
    there: Sequence[str]
    other: Sequence[str]


@frozen
class _Fitted:
    """Both sides of every file; how many files have the content that the patch names, and lines of it."""

    sides: Sequence[tuple[_Part, bytes | None, bytes | None]]
    n_named: int
    n_found: int


def patched(folder: Path, patch: bytes) -> Change:
    """What a patch changes; the files on disk may be those before it, or those after it.

    Paths are relative to the top of the repository around ``folder``, or to ``folder``, with or without the
    prefixes that git writes. Raises ScopeError when it can't be read, leads outside, or doesn't fit.
    """
    parts = _parts(patch)
    folder = folder.resolve()
    places = list(dict.fromkeys((top_above(folder) or folder, folder)))
    problem = ""
    for root in places:
        for named in ([_stripped(part) for part in parts], parts):
            if not _leads_inside(root, named):
                problem = problem or "it names files outside of the workspace"
                continue
            fitted = _fitted(root, named)
            if isinstance(fitted, _Fitted):
                return _change(root, fitted)
            problem = problem or fitted
    raise ScopeError(f"the patch doesn't fit: {problem}")


def _parts(patch: bytes) -> list[_Part]:
    text = patch.decode("utf-8", "surrogateescape")
    if _COMBINED.search(text):
        raise ScopeError("the patch shows a merge (a combined diff): take one side with git diff PARENT")
    numbered = Numbered()
    try:
        found = PatchSet(numbered.lines(text))
    except UnidiffParseError as error:
        raise ScopeError(f"the patch can't be read: {_one_line(error)}") from None
    if not found and text.strip():
        raise ScopeError("the patch can't be read: it has no files")
    return [_part(one, numbered) for one in found]


def _part(one: PatchedFile, numbered: Numbered) -> _Part:
    written = (unquoted(one.source_file.rstrip("\r")), unquoted(one.target_file.rstrip("\r")))
    old, new, has_prefixes = numbered.paths(*written) or (*written, True)
    return _Part(None if old == NOTHING else old, None if new == NOTHING else new, has_prefixes, one)


def _stripped(part: _Part) -> _Part:
    def strip(path: str | None) -> str | None:
        return path.partition("/")[2] if path and "/" in path else path

    return evolve(part, old_path=strip(part.old_path), path=strip(part.path)) if part.has_prefixes else part


def _leads_inside(root: Path, parts: Sequence[_Part]) -> bool:
    paths = [path for part in parts for path in (part.old_path, part.path) if path]
    return all(
        not PurePosixPath(path).is_absolute()
        and ".." not in PurePosixPath(path).parts
        and "\0" not in path
        and (root / path).parent.resolve().is_relative_to(root)
        for path in paths
    )


def _fitted(root: Path, parts: Sequence[_Part]) -> _Fitted | str:
    """Both sides of all files, in the way that finds most lines; else what doesn't fit, in a few words."""
    tried = [_fit(root, parts, is_applied=a, is_exact=e) for e in (True, False) for a in (True, False)]
    for exactly in (tried[:2], tried[2:]):
        fits = [fitted for fitted in exactly if isinstance(fitted, _Fitted)]
        if fits:
            return max(fits, key=lambda fitted: (fitted.n_named, fitted.n_found))
    return next(problem for problem in reversed(tried) if isinstance(problem, str))


def _fit(root: Path, parts: Sequence[_Part], *, is_applied: bool, is_exact: bool) -> _Fitted | str:
    sides: list[tuple[_Part, bytes | None, bytes | None]] = []
    unread = {part.path for part in parts if part.unread}
    n_named = n_found = 0
    for part in parts:
        if part.unread:
            sides.append((part, None, None))
            continue
        there, other = (part.path, part.old_path) if is_applied else (part.old_path, part.path)
        content = _read(root / there) if there else None
        if there and content is None:
            return f"there is no file {there}"
        if other and other != there and not there and other not in unread and (root / other).exists():
            return f"{other} is there already"
        stretches = list(_stretches(part.patched, is_applied=is_applied))
        replaced = _replaced(content or b"", stretches, is_exact=is_exact)
        if replaced is None:
            return f"{there} has other lines than the patch"
        n_found += sum(len(stretch.there) for stretch in stretches)
        n_named += content is not None and _is_named(part.patched, content, is_applied=is_applied)
        result = replaced if other else None
        sides.append((part, *((result, content) if is_applied else (content, result))))
    return _Fitted(sides, n_named, n_found)


def _is_named(patched: PatchedFile, content: bytes, *, is_applied: bool) -> bool:
    names = _INDEX.search(str(patched.patch_info or ""))
    return names is not None and is_blob(content, names["new" if is_applied else "old"])


def _read(path: Path) -> bytes | None:
    try:
        if not path.is_file() or path.is_symlink() or path.stat().st_size > MAX_FILE_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _stretches(patched: PatchedFile, *, is_applied: bool) -> Iterator[_Stretch]:
    for hunk in patched:
        old, new = _lines(hunk, "-"), _lines(hunk, "+")
        start, n = (
            (hunk.target_start, hunk.target_length) if is_applied else (hunk.source_start, hunk.source_length)
        )
        yield _Stretch(start - 1 if n else start, *((new, old) if is_applied else (old, new)))


def _lines(hunk: PatchHunk, sign: str) -> list[str]:
    """The lines of one side with their ends; a line that the file ends with may have none."""
    lines: list[str] = []
    before = ""
    for line in hunk:
        if line.line_type == "\\" and before in {sign, " "}:
            lines[-1] = lines[-1].removesuffix("\n")
        elif line.line_type in {sign, " "}:
            lines.append(line.value)
        before = line.line_type
    return lines


def _replaced(content: bytes, stretches: Sequence[_Stretch], *, is_exact: bool) -> bytes | None:
    """The content with all stretches replaced; None when one isn't there (elsewhere, when not exact)."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", content.decode("utf-8", "surrogateescape"))
    bare = [line.rstrip("\r\n") for line in lines]
    result: list[str] = []
    done = shift = 0
    for stretch in stretches:
        wanted = [line.rstrip("\r\n") for line in stretch.there]
        at = _found(bare, wanted, stretch.start + shift, done, is_exact=is_exact)
        if at is None:
            return None
        shift = at - stretch.start
        result += [*lines[done:at], *stretch.other]
        done = at + len(wanted)
    return "".join([*result, *lines[done:]]).encode("utf-8", "surrogateescape")


def _found(lines: list[str], wanted: list[str], at: int, least: int, *, is_exact: bool) -> int | None:
    """Where the wanted lines stand: at the place, or the nearest one, not before ``least``."""
    last = len(lines) - len(wanted)
    if least <= at <= last and lines[at : at + len(wanted)] == wanted:
        return at
    if is_exact or not wanted:
        return None
    places = sorted(range(least, last + 1), key=lambda place: abs(place - at))
    return next((place for place in places if lines[place : place + len(wanted)] == wanted), None)


def _change(root: Path, fitted: _Fitted) -> Change:
    gathered = Gathered(root)
    for part, old, new in fitted.sides:
        path = part.path or part.old_path
        if path is None:
            continue
        if part.unread:
            gathered.leave_out(path, part.unread)
        else:
            gathered.add(Sides(path, part.old_path, old, new))
    return gathered.change("a patch")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
