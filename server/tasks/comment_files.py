"""Comments in files on disk: one definition, some lines, a file, or all files of a folder.

What is documented already is passed over, so that a run which was stopped goes on where it ended. What fails
for one definition or one file is told, and the next one follows.
"""

import difflib
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

from attrs import evolve, frozen

from codenook.context.parse import encode, parse
from codenook.server import reasons
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.languages import subjects
from codenook.server.reasons import Reason
from codenook.server.tasks.comment import Comment, CommentRequest, CommentResult
from codenook.server.tasks.document import Document
from codenook.server.tasks.files import Files, Source, read_named
from codenook.server.tasks.line_comment import Lines
from codenook.server.tasks.place import PlaceError, split
from codenook.server.tasks.saving import NotSaved, check_writable, save
from codenook.server.tasks.undocumented import undocumented

MAX_FAILURES = 3
"""The engine may fail for so many definitions in a row; then it ends the run."""


class Progress(Protocol):
    """Who is told how far a run is."""

    def begin(self) -> None:
        """The next file is begun."""

    def describe(self, what: str) -> None:
        """This comes next."""


class RunEnded(Exception):
    """The engine fails, and would for what is left as well; the message is one line for a person."""


@frozen
class Aim:
    """What to comment: a ``symbol`` of a file (empty for the file itself), ``lines``, or all of it."""

    path: Path
    files: Files
    symbol: str | None = None
    lines: Lines | None = None

    @property
    def is_one(self) -> bool:
        """Whether it is a single definition or comment."""
        return self.symbol is not None or self.lines is not None


@frozen
class Done:
    """What came of one definition, in the document as it was before."""

    document: Document
    result: CommentResult


def aim(place: str) -> Aim:
    """What ``FILE``, ``FOLDER``, ``FILE:SYMBOL`` or ``FILE:START-END`` means; raises PlaceError."""
    if os.path.exists(place):  # noqa: PTH110 - pathlib's raises where a name is too long
        return _all_of(place)
    path, wanted = split(place)
    source = read_named(path)
    if lines := re.fullmatch(r"(\d{1,9})(?:-(\d{1,9}))?", wanted):
        return Aim(path, Files([str(path)]), lines=_lines(source, int(lines[1]), int(lines[2] or lines[1])))
    _check_symbol(source, wanted)
    return Aim(path, Files([str(path)]), symbol=wanted)


async def comment_files(
    comment: Comment, aim: Aim, workspace: Path, *, replace: bool, write: bool, progress: Progress
) -> AsyncIterator[Done]:
    """Comment what is aimed at; with ``write``, each file is written after each definition.

    Only one definition that was named gets what its documentation lacks: elsewhere that may be left out on
    purpose. Of a file that can't be written, no more is asked. Raises RunEnded.
    """
    n_failures = 0
    for source in aim.files.read(progress.begin):
        path = source.path.absolute()
        document = Document(path.as_uri(), path, source.text, source.language.id)
        refusal = _refusal(path) if write else None
        for symbol in _symbols(document, aim, replace=replace):
            if refusal is None:
                progress.describe(f"{source.path.name} {symbol}")
                request = CommentRequest(document, symbol, workspace, replace=replace, lines=aim.lines)
                result = await comment(request)
                n_failures = _failures(result.reason, n_failures)
                refusal = _unsaved(document, result.edit) if write and result.edit else None
            else:
                result = CommentResult(symbol)
            if refusal is not None:
                result = evolve(result, edit=None, reason=refusal.reason, message=str(refusal))
            yield Done(document, result)
            if result.edit is not None:
                document = evolve(document, text=result.edit.apply(document.text))
            if n_failures >= MAX_FAILURES:
                raise RunEnded(result.message)
        comment.leave(workspace, path, is_changed=write and document.text != source.text)


def shown(path: Path, folder: Path) -> str:
    """A path for people: relative to ``folder`` where it is below it."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()


def file_diff(path: Path, folder: Path, before: str, after: str) -> str:
    """A unified diff; the path is as `shown`."""
    name = shown(path, folder)
    rows = difflib.unified_diff(_rows(before), _rows(after), f"a/{name}", f"b/{name}")
    return "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)


def _all_of(place: str) -> Aim:
    path, files = Path(place), Files([place])
    if files.problems:
        raise PlaceError(files.problems[0])
    if not path.is_dir():
        read_named(path)
    return Aim(path, files)


def _lines(source: Source, first: int, last: int) -> Lines:
    n_lines = source.text.count("\n") + 1
    if not 1 <= first <= last <= n_lines:
        meant = f"is no line {first}" if first == last else f"are no lines {first} to {last}"
        raise PlaceError(f"{source.path} has {n_lines} lines, so there {meant}")
    return Lines(first, last)


def _check_symbol(source: Source, symbol: str) -> None:
    known = [each.symbol for each in subjects(parse(source.language, encode(source.text)))]
    if symbol in known:
        return
    near = difflib.get_close_matches(symbol, known, n=3) or [
        each for each in known if each.endswith(f".{symbol}")
    ]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise PlaceError(f"{source.path} defines no {symbol}{hint}")


def _symbols(document: Document, aim: Aim, *, replace: bool) -> list[str]:
    if aim.lines is not None:
        return [f"{aim.lines.first}-{aim.lines.last}"]
    return undocumented(document, replace=replace) if aim.symbol is None else [aim.symbol]


def _refusal(path: Path) -> NotSaved | None:
    """Why a file can't be written, as far as that is known beforehand."""
    try:
        check_writable(path)
    except NotSaved as error:
        return error
    return None


def _unsaved(document: Document, edit: Edit) -> NotSaved | None:
    """Save a document with an edit; what kept it from being written."""
    try:
        save(document.path, document.text, edit.apply(document.text))
    except NotSaved as error:
        return error
    return None


def _failures(reason: Reason | None, before: int) -> int:
    """How often in a row the engine has failed; one that lasts counts as often as it takes."""
    if reason is None or not reasons.is_engine_failure(reason) or reason is Reason.PROMPT_TOO_LONG:
        return 0
    return MAX_FAILURES if reasons.is_lasting(reason) else before + 1


def _rows(text: str) -> list[str]:
    """The rows as patch and git part them: a form feed ends none."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)
