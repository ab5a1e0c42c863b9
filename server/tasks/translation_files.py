"""Translations of files on disk: one definition, a file, or all files of a folder, mirrored into another.

No file is ever overwritten. So a run over a folder that was stopped goes on where it ended.
"""

from collections.abc import AsyncIterator
from pathlib import Path

from attrs import frozen

from codenook.server import reasons
from codenook.server.reasons import Reason
from codenook.server.tasks.comment_files import MAX_FAILURES, Progress, RunEnded
from codenook.server.tasks.document import Document
from codenook.server.tasks.files import Files, Source
from codenook.server.tasks.jobs import Told
from codenook.server.tasks.saving import NotSaved, save_new
from codenook.server.tasks.translation import Translation, TranslationRequest
from codenook.server.translation.languages.titles import base_of
from codenook.server.translation.result import TranslationResult


@frozen
class Done:
    """What came of one file, and where it was written, if it was; ``problem`` is why it was not."""

    path: Path
    result: TranslationResult
    written: Path | None = None
    problem: str = ""


def request_of(
    source: Source, target: str, symbol: str, workspace: Path, *, time_s: int | None, any_language: bool
) -> TranslationRequest:
    """What is asked of a file that was read."""
    path = source.path.absolute()
    document = Document(path.as_uri(), path, source.text, source.language.id)
    return TranslationRequest(document, target, symbol, workspace, time_s=time_s, any_language=any_language)


def write_new(path: Path, text: str) -> None:
    """Write a translation where nothing is yet, with the folders that it needs; raises NotSaved."""
    check_free(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotSaved(f"can't write {path}: {error.strerror}") from None
    save_new(path, text)


def check_free(path: Path) -> None:
    """See that there is no file yet; raises NotSaved."""
    try:
        is_there = path.is_symlink() or path.exists()
    except (OSError, ValueError):
        raise NotSaved(f"can't write {path}: no file has such a name") from None
    if is_there:
        raise NotSaved(f"{path} is there already; it is left as it is")


@frozen
class FolderAim:
    """The ``files`` of a ``folder``, each to be translated to the same place below ``out``."""

    folder: Path
    files: Files
    target: str
    out: Path
    workspace: Path
    time_s: int | None = None
    any_language: bool = False


async def translate_files(
    translation: Translation, aim: FolderAim, progress: Progress, told: Told
) -> AsyncIterator[Done]:
    """Translate one file after the other; each is written as soon as it is done.

    Files in the language that is aimed at are passed over. One that is there already is no more than named.
    Raises RunEnded when the engine fails again and again.
    """
    n_failures = 0
    for source in aim.files.read(progress.begin):
        if base_of(source.language.id) == aim.target:
            continue
        relative = source.path.relative_to(aim.folder)
        request = request_of(
            source, aim.target, "", aim.workspace, time_s=aim.time_s, any_language=aim.any_language
        )
        place = aim.out / relative.parent / request.file_name
        try:
            check_free(place)
        except NotSaved as error:
            yield Done(source.path, TranslationResult("", str(relative)), problem=str(error))
            continue
        result = await translation(request, told)
        written, problem = None, ""
        if result.text is not None:
            try:
                write_new(place, result.text)
                written = place
            except NotSaved as error:
                problem = str(error)
        yield Done(source.path, result, written, problem)
        n_failures = _failures(result.reason, n_failures)
        if n_failures >= MAX_FAILURES:
            raise RunEnded(result.message)


def _failures(reason: Reason | None, before: int) -> int:
    """How often in a row the engine has failed; one that lasts counts as often as it takes."""
    if reason is None or not reasons.is_engine_failure(reason) or reason is Reason.PROMPT_TOO_LONG:
        return 0
    return MAX_FAILURES if reasons.is_lasting(reason) else before + 1
