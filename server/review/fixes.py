"""Whether a fix applies: its edits are where they can be, and the code still parses with them."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath

from codenook.context.code import Code
from codenook.context.parse import Parsed, encode, errors, language_of, parse
from codenook.server.review.finding import Edit, Fix
from codenook.server.review.scope.change import Change, Text
from codenook.server.verify.syntax import is_python


def applies(change: Change, fix: Fix) -> bool:
    """Whether a fix changes something, and leaves no more syntax errors than there are."""
    texts = applied(change, fix)
    return texts is not None and all(_parses(path, old, new) for path, (old, new) in texts.items())


def applied(change: Change, fix: Fix) -> Mapping[str, tuple[str, str]] | None:
    """The texts of the edited files before and after; None when an edit doesn't fit, or nothing changes.

    Edits are in files of the change that are still there, or in files of the workspace that codenook
    reads. No two of a file overlap or begin at one place: their order would decide what comes out.
    """
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.path, []).append(edit)
    texts: dict[str, tuple[str, str]] = {}
    for path, edits in by_path.items():
        text = _text(change, path)
        after = _edited(text, edits) if text else None
        if text is None or after is None or after == text.text:
            return None
        texts[path] = text.text, after
    return texts or None


def _text(change: Change, path: str) -> Text | None:
    file = change.by_path.get(path)
    if file is not None:
        return file.new
    if PurePosixPath(path).is_absolute() or any(path == each.old_path for each in change.files):
        return None
    source = Code(str(change.root)).source(path)
    try:
        return Text(source.decode()) if source is not None else None
    except UnicodeDecodeError:
        return None


def _edited(text: Text, edits: Iterable[Edit]) -> str | None:
    ranges: list[tuple[int, int, str]] = []
    for edit in edits:
        start = _offset(text, edit.span.start_line, edit.span.start_column)
        end = _offset(text, edit.span.end_line, edit.span.end_column)
        if start is None or end is None or start > end:
            return None
        ranges.append((start, end, edit.text))
    ranges.sort()
    if any(one[1] > other[0] or one[0] == other[0] for one, other in pairwise(ranges)):
        return None
    parts: list[str] = []
    at = 0
    for start, end, new in ranges:
        parts += text.text[at:start], new
        at = end
    return "".join((*parts, text.text[at:]))


def _offset(text: Text, line: int, column: int) -> int | None:
    """The offset (code points) of a place; None when it isn't in the text."""
    if not 1 <= line <= len(text.starts) or column < 1:
        return None
    offset = text.offset(line, column)
    return offset if text.place(offset) == (line, column) else None


@lru_cache(maxsize=4)  # a file has many fixes
def _was_python(source: bytes) -> bool:
    return is_python(source)


def parses(parsed: Parsed, edited: bytes) -> bool:
    """Whether a document that was edited has no more syntax errors than before; of Python CPython says it."""
    if parsed.language.id == "python" and _was_python(parsed.source):
        return is_python(edited)
    after = parse(parsed.language, edited, parsed)
    return sum(1 for _ in errors(after.root)) <= sum(1 for _ in errors(parsed.root))


def _parses(path: str, old: str, new: str) -> bool:
    before = _parsed(path, old)
    return before is None or parses(before, encode(new))


@lru_cache(maxsize=4)
def _parsed(path: str, text: str) -> Parsed | None:
    source = encode(text)
    language = language_of(PurePosixPath(path), source)
    return parse(language, source) if language else None
