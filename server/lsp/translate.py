"""The command ``codenook.translate``, and the code actions that offer it."""

import itertools
import os
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from attrs import frozen
from lsprotocol import types

from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.documents import OpenDocument
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.model_job import Shown, being_done, snapshot_of, written
from codenook.server.lsp.positions import offset_at
from codenook.server.lsp.put_in_file import ChangedFile, put_in_file
from codenook.server.lsp.saying import say
from codenook.server.lsp.stale_docs import in_worker
from codenook.server.lsp.translation_target import target_of
from codenook.server.lsp.workspace_edit import Annotation, is_newest
from codenook.server.reasons import Reason
from codenook.server.tasks.document import Document
from codenook.server.tasks.translation import TranslationRequest
from codenook.server.tasks.translation_offers import translatable_at
from codenook.server.translation.report_markdown import summary, to_markdown
from codenook.server.translation.result import TranslationResult

TRANSLATE = "codenook.translate"
TITLE = "codenook: translating"

N_NAMES = 100
"""How many names are tried for a new file."""


@frozen
class TranslateParams:
    """The command's one argument: what to translate, in which version of a document, and to what.

    It is ``symbol`` or, where that is empty, the innermost definition around ``position``; without both, all
    of the document. The user is asked for the language where ``to`` is empty.
    """

    uri: str
    to: str = ""
    symbol: str = ""
    position: types.Position | None = None
    version: int | None = None


async def translate(server: CodenookServer, params: TranslateParams) -> dict[str, Any]:
    """Have the editor make a file of what was proved, and show it; return that with the report."""
    result: TranslationResult | None = None
    uri = ""
    try:
        opened, snapshot = await snapshot_of(server, params.uri, params.version)
        request = await _request(server, opened, snapshot, params)
        shown = Shown(TITLE, request.symbol or snapshot.path.name, being_done)
        result = await written(server, opened, shown, partial(server.translation, request))
        uri = await _put_in(server, request, result)
    except NoAnswer as why:
        _say_why_not(server, result, why)
        return _answer(params, result, {"reason": why.reason, "message": why.message})
    say(server, f"{PurePath(uri).name}: {summary(result)}")
    return _answer(params, result, {"applied": True, "uri": uri})


async def _request(
    server: CodenookServer, opened: OpenDocument, snapshot: Document, params: TranslateParams
) -> TranslationRequest:
    """What is asked of the job; raises NoAnswer where that is nothing, or the model can't do it."""
    if not opened.real.is_absolute():
        message = "The document is in no file, beside which a translation could be."
        raise NoAnswer(Reason.NOT_TRANSLATABLE, message)
    symbol = await _symbol(server, snapshot, params)
    target = await target_of(server, snapshot, params.to, symbol or snapshot.path.name)
    if not is_newest(server, opened, snapshot):
        raise NoAnswer(Reason.DOCUMENT_CHANGED)
    return TranslationRequest(snapshot, target, symbol, server.folder_of(snapshot.path))


async def _symbol(server: CodenookServer, snapshot: Document, params: TranslateParams) -> str:
    """What is meant, empty for all of the document."""
    if params.symbol or params.position is None:
        return params.symbol
    at = offset_at(snapshot.text, params.position, server.encoding)
    found = await in_worker(translatable_at, snapshot, at, at) if at is not None else None
    if found is None:
        raise NoAnswer(Reason.NO_DEFINITION)
    return found.symbol


async def _put_in(server: CodenookServer, request: TranslationRequest, result: TranslationResult) -> str:
    """Have a file made of what was proved, and of nothing else; return its URI."""
    if result.reason is not None or result.text is None:
        raise NoAnswer(result.reason or Reason.NOT_PROVED, result.message)
    opened = {each.real for each in server.documents.values()}
    file = await in_worker(_new_file, request.root, request.document.path.parent, result, opened)
    return await put_in_file(server, file, Annotation(TRANSLATE, "Translation", summary(result)))


def _new_file(root: Path, folder: Path, result: TranslationResult, opened: Collection[Path]) -> ChangedFile:
    """A file beside the original that neither is there nor open; raises NoAnswer."""
    name = PurePath(result.name)
    for number in itertools.islice(itertools.count(1), N_NAMES):
        other = name if number == 1 else name.with_stem(f"{name.stem}_{number}")
        path = (folder / other).relative_to(root)
        file = ChangedFile.of(root, str(path), None, result.text or "")
        if not os.path.lexists(folder / other) and file.place not in opened:
            return file
    raise NoAnswer(Reason.FILE_NOT_WRITTEN, f"{name} is there already, and so are {N_NAMES - 1} like it")


def _answer(
    params: TranslateParams, result: TranslationResult | None, came_of_it: Mapping[str, Any]
) -> dict[str, Any]:
    told = result.to_json() if result else {"to": params.to, "text": None}
    return {
        "symbol": params.symbol,
        "applied": False,
        "uri": "",
        "is_preview": False,
        **told,
        "report": to_markdown(result) if result else "",
        **came_of_it,
    }


def _say_why_not(server: CodenookServer, result: TranslationResult | None, why: NoAnswer) -> None:
    """Tell the user why there is no translation, unless they stopped it themselves."""
    if why.reason is not Reason.CANCELLED:
        is_preview = result is not None and result.text is not None and result.reason is why.reason
        what = "a preview of a translation" if is_preview else "no translation"
        say(server, f"{what} ({why.reason}): {why.message}")
