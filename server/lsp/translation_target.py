"""The language to translate to: named, or chosen by the user; and ``codenook/translationTargets``."""

import asyncio
from typing import Any

from attrs import asdict
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from codenook.models.engine.errors import EngineError
from codenook.models.hub.catalog import Role
from codenook.server import reasons
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.reasons import Reason
from codenook.server.tasks.document import Document
from codenook.server.tasks.translation_offers import Target, targets

TRANSLATION_TARGETS = "codenook/translationTargets"


def known_targets(server: CodenookServer, document: Document) -> list[Target]:
    """What a document could be translated to, as far as the model has told; no engine is started."""
    return targets(document.language, server.engines.of(Role.CHAT).known_model)


async def translation_targets(server: CodenookServer, params: types.DocumentSymbolParams) -> dict[str, Any]:
    """Return the languages that an editor can let its user choose from."""
    await server.configured.wait()
    opened = server.documents.get(params.text_document.uri)
    if opened is None:
        reason = Reason.DOCUMENT_NOT_OPEN
        return {"targets": [], "reason": reason, "message": reason.description}
    found = [asdict(each) for each in known_targets(server, opened.snapshot)]
    return {"targets": found, "reason": None, "message": ""}


async def target_of(server: CodenookServer, document: Document, named: str, what: str) -> str:
    """The language that is ``named`` or, without a name, that the user chooses for ``what``.

    Raises NoAnswer where the model doesn't know one of the two: at once, behind no other job.
    """
    try:
        await server.engine_ready(Role.CHAT)
    except EngineError as error:
        raise NoAnswer(reasons.of_error(error), str(error)) from None
    known = known_targets(server, document)
    able = [each for each in known if not each.why_not and named in {"", each.language}]
    refused = [each for each in known if each.why_not and named in {"", each.language}]
    if refused and not able:
        raise NoAnswer(Reason.LANGUAGE_NOT_IN_MODEL, refused[0].why_not)
    if named or len(able) == 1:
        return named or able[0].language
    if not able:
        raise NoAnswer(Reason.NOT_TRANSLATABLE, f"Nothing is translated from {document.language}.")
    return await _chosen(server, able, what)


async def _chosen(server: CodenookServer, able: list[Target], what: str) -> str:
    """Ask the user; raises NoAnswer when they choose none."""
    actions = [types.MessageActionItem(each.title) for each in able]
    question = f"codenook: to which language is {what} translated?"
    asking = asyncio.ensure_future(
        server.window_show_message_request_async(
            types.ShowMessageRequestParams(types.MessageType.Info, question, actions)
        )
    )
    try:
        # Shielded, because pygls fails on the answer to a request that it was told to forget.
        chosen = await asyncio.shield(asking)
    except JsonRpcException:
        message = "The editor can't ask for the language: the command needs it in `to`."
        raise NoAnswer(Reason.NOT_TRANSLATABLE, message) from None
    language = next((each.language for each in able if chosen and each.title == chosen.title), None)
    if language is None:
        raise NoAnswer(Reason.CANCELLED)
    return language
