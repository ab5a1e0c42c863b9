"""The command ``codenook.commentDocument``: documentation for all definitions of a document, in one edit."""

from typing import Any

from attrs import frozen
from lsprotocol import types

from codenook.server import reasons
from codenook.server.lsp.announced import tags_of_model, takes_actions, takes_edits
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.comment import DOCUMENTING, say_why, snapshot_to_comment
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.model_job import Shown, written
from codenook.server.lsp.stale_docs import in_worker
from codenook.server.lsp.workspace_edit import put_in
from codenook.server.reasons import Reason
from codenook.server.tasks.comment_document import DocumentComments
from codenook.server.tasks.comment_offers import has_several
from codenook.server.tasks.document import Document

TITLE = "Document all of this file"
COMMENT_DOCUMENT = "codenook.commentDocument"
KIND = f"{types.CodeActionKind.Source.value}.codenook.document"


@frozen
class CommentDocumentParams:
    """The command's one argument: which version of a document, null for the newest."""

    uri: str
    version: int | None = None


async def comment_document(server: CodenookServer, params: CommentDocumentParams) -> dict[str, Any]:
    """Have the editor put in what was written, also when the user stopped it; return what came of it."""
    try:
        return await _comment_document(server, params)
    except NoAnswer as why:
        say_why(server, why)
        return {"applied": False, "results": [], "left": [], "reason": why.reason, "message": why.message}


async def _comment_document(server: CodenookServer, params: CommentDocumentParams) -> dict[str, Any]:
    opened, snapshot = await snapshot_to_comment(server, params.uri, params.version)
    job = DocumentComments(server.comment, snapshot, server.folder_of(snapshot.path))
    reason: Reason | None = None
    try:
        await written(server, opened, Shown(DOCUMENTING, snapshot.path.name), job.write)
    except NoAnswer as why:
        if why.reason is not Reason.CANCELLED:
            raise
        reason = why.reason  # what was proven so far is kept
    edits = await job.proven()
    if edits:
        await put_in(server, opened, snapshot, edits, "Document")
    else:
        reason = reason or job.reason or Reason.NOT_VERIFIED
    message = reasons.describe(reason) if reason else ""
    if reason is not None:
        say_why(server, NoAnswer(reason, message))
    return {
        "applied": bool(edits),
        "results": [result.to_json(snapshot) for result in job.results],
        "left": job.left,
        "reason": reason,
        "message": message,
    }


async def document_actions(
    server: CodenookServer, document: Document
) -> list[types.Command | types.CodeAction]:
    """The action that documents all of a document, where more than one definition waits for that."""
    announced = server.client_capabilities
    if not takes_edits(announced) or not await in_worker(has_several, document):
        return []
    argument = {"uri": document.uri, "version": document.version}
    command = types.Command(TITLE, COMMENT_DOCUMENT, arguments=[argument])
    if not takes_actions(announced):
        return [command]
    return [types.CodeAction(TITLE, kind=KIND, command=command, tags=tags_of_model(announced))]
