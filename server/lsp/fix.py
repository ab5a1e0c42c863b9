"""The command ``codenook.fix``: a quick fix for editors whose edits can't say which version they are for.

Such an editor would put an edit from an action into whatever the document has become. A command comes back
to us first.
"""

from attrs import frozen
from lsprotocol import types

from codenook.server.documentation.stale import Finding
from codenook.server.lsp.announced import keeps_versions, takes_actions, takes_edits
from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.finding_fix import apply_fix
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.stale_docs import findings_in, in_worker
from codenook.server.lsp.workspace_edit import put_in
from codenook.server.reasons import Reason
from codenook.server.review.finding import Finding as ReviewFinding
from codenook.server.tasks.document import Document
from codenook.server.tasks.stale_docs import proven_fixes

FIX = "codenook.fix"


@frozen
class FixParams:
    """The command's one argument: which finding in a ``version`` of a document.

    Stale documentation is counted from 0 (``finding``), what a review found has a ``fingerprint``.
    """

    uri: str
    version: int
    finding: int = -1
    fingerprint: str = ""


async def fix(server: CodenookServer, params: FixParams) -> dict[str, object]:
    """Have the editor put a fix in, unless the document changed; return whether it did, and why not."""
    try:
        await _fix(server, params)
    except NoAnswer as why:
        text = f"codenook: no fix ({why.reason}): {why.message}"
        server.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
        return {"applied": False, "reason": why.reason, "message": why.message}
    return {"applied": True, "reason": None, "message": ""}


async def _fix(server: CodenookServer, params: FixParams) -> None:
    opened = server.documents.get(params.uri)
    if opened is None:
        raise NoAnswer(Reason.DOCUMENT_NOT_OPEN)
    snapshot = opened.snapshot
    if snapshot.version != params.version:
        raise NoAnswer(Reason.DOCUMENT_CHANGED)
    if params.fingerprint:
        await apply_fix(server, opened, params.fingerprint)
        return
    findings = await findings_in(opened, snapshot)
    asked = [finding for number, finding in enumerate(findings) if number == params.finding]
    proven = await in_worker(proven_fixes, snapshot, asked)
    if not proven:
        raise NoAnswer(Reason.DOCUMENT_CHANGED)
    ((finding, edit),) = proven
    await put_in(server, opened, snapshot, [edit], finding.title)


def comes_back(server: CodenookServer) -> bool:
    """Whether fixes are to be commands: the editor puts edits in when asked, but takes none of a version."""
    announced = server.client_capabilities
    return takes_edits(announced) and not (keeps_versions(announced) and takes_actions(announced))


def fix_command(document: Document, findings: tuple[Finding, ...], finding: Finding) -> types.Command:
    """The command that fixes one of the ``findings`` in a document."""
    number = next(n for n, each in enumerate(findings) if each is finding)
    argument = {"uri": document.uri, "version": document.version, "finding": number}
    return types.Command(finding.title, FIX, arguments=[argument])


def finding_command(document: Document, finding: ReviewFinding, title: str) -> types.Command:
    """The command that applies what a finding of a review suggests."""
    argument = {"uri": document.uri, "version": document.version, "fingerprint": finding.fingerprint}
    return types.Command(title, FIX, arguments=[argument])
