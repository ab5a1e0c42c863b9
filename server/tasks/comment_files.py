"""Comments in files on disk: one definition, some lines, a file, or all files of a folder.

What is documented already is passed over, so that a run which was stopped goes on where it ended.
"""

import difflib
import re
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from attrs import evolve, frozen

from codenook.context.parse import encode, language_of, parse
from codenook.server.documentation.languages import subjects
from codenook.server.tasks.comment import Comment, CommentRequest, CommentResult
from codenook.server.tasks.document import Document
from codenook.server.tasks.line_comment import Lines
from codenook.server.tasks.place import PlaceError
from codenook.server.tasks.saving import save
from codenook.server.tasks.stale_docs import File, files
from codenook.server.tasks.undocumented import undocumented

Told = Callable[[Path, str], None]
"""Called with the file and the symbol that come next."""


@frozen
class Aim:
    """What to comment: a ``symbol`` of a file (empty for the file itself), ``lines``, or all of it."""

    files: tuple[File, ...]
    symbol: str | None = None
    lines: Lines | None = None


@frozen
class Done:
    """What came of one definition, in the document as it was before."""

    document: Document
    result: CommentResult


def aim(place: str) -> Aim:
    """What ``FILE``, ``FOLDER``, ``FILE:SYMBOL`` or ``FILE:START-END`` means; raises PlaceError."""
    if Path(place).exists():
        return Aim(tuple(files([Path(place)])))
    colons = [match.start() for match in re.finditer(":", place)]
    at = next((colon for colon in colons if Path(place[:colon]).is_file()), None)
    if at is None:
        raise PlaceError(f"there is no file {place[: colons[0]] if colons else place}")
    named, wanted = tuple(files([Path(place[:at])])), place[at + 1 :]
    if lines := re.fullmatch(r"(\d+)(?:-(\d+))?", wanted):
        return Aim(named, lines=Lines(int(lines[1]), int(lines[2] or lines[1])))
    return Aim(named, symbol=wanted)


async def comment_files(
    comment: Comment, aim: Aim, workspace: Path, *, replace: bool, write: bool, told: Told
) -> AsyncIterator[Done]:
    """Comment what is aimed at; with ``write``, each file is written after each definition.

    Raises PlaceError. Only one definition that was named gets what its documentation lacks: elsewhere that
    may be left out on purpose.
    """
    for file in aim.files:
        text = file.read()
        language = language_of(file.path, encode(text or ""))
        if text is None or language is None:
            continue
        path = file.path.absolute()
        document = Document(path.as_uri(), path, text, language.id)
        for symbol in _symbols(document, aim, replace=replace):
            told(file.path, symbol)
            request = CommentRequest(document, symbol, workspace, replace=replace, lines=aim.lines)
            result = await comment(request)
            yield Done(document, result)
            if result.edit is not None:
                after = result.edit.apply(document.text)
                if write:
                    save(path, document.text, after)
                document = evolve(document, text=after)


def diff(done: Sequence[Done], folder: Path) -> str:
    """All edits as one unified diff, with paths relative to ``folder`` where they are below it."""
    texts: dict[Path, tuple[str, str]] = {}
    for each in done:
        if each.result.edit is not None:
            path, text = each.document.path, each.document.text
            texts[path] = (texts.get(path, (text, ""))[0], each.result.edit.apply(text))
    return "".join(_file_diff(path, folder, *both) for path, both in texts.items())


def _symbols(document: Document, aim: Aim, *, replace: bool) -> list[str]:
    if aim.lines is not None:
        return [""]
    if aim.symbol is None:
        return undocumented(document, replace=replace)
    language = language_of(document.path, encode(document.text))
    known = [each.symbol for each in subjects(parse(language, encode(document.text)))] if language else []
    if aim.symbol not in known:
        near = difflib.get_close_matches(aim.symbol, known, n=3) or [
            symbol for symbol in known if symbol.endswith(f".{aim.symbol}")
        ]
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise PlaceError(f"{document.path} defines no {aim.symbol}{hint}")
    return [aim.symbol]


def _file_diff(path: Path, folder: Path, before: str, after: str) -> str:
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
    rows = difflib.unified_diff(_rows(before), _rows(after), f"a/{name}", f"b/{name}")
    return "".join(row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows)


def _rows(text: str) -> list[str]:
    """The rows as patch and git part them: a form feed ends none."""
    return re.findall(r"[^\n]*\n|[^\n]+", text)
