"""The command ``codenook.dismiss``: a finding that nobody wants to hear of again."""

from attrs import frozen
from lsprotocol import types

from codenook.server.lsp.answered import NoAnswer
from codenook.server.lsp.diagnostics import all_told, tell
from codenook.server.lsp.editor_files import place_of
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.reviewed import ReviewedFile, in_worker
from codenook.server.reasons import Reason
from codenook.server.review.dismissed import FILE, Dismissed
from codenook.server.review.finding import Finding
from codenook.server.tasks.saving import NotSaved

DISMISS = "codenook.dismiss"


@frozen
class DismissParams:
    """The command's one argument: which finding of a file, by its fingerprint, and why."""

    uri: str
    fingerprint: str
    why: str = ""


async def dismiss(server: CodenookServer, params: DismissParams) -> dict[str, object]:
    """Write a finding to the file of the team, and tell it no more; return how many entries are new."""
    try:
        return {"dismissed": await _dismiss(server, params), "reason": None, "message": ""}
    except NoAnswer as why:
        text = f"codenook: not dismissed ({why.reason}): {why.message}"
        server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, text))
        return {"dismissed": 0, "reason": why.reason, "message": why.message}


async def _dismiss(server: CodenookServer, params: DismissParams) -> int:
    place = place_of(server, params.uri)
    file = server.reviewed.of(place)
    finding = file.with_fingerprint(params.fingerprint) if file else None
    if file is None or finding is None:
        raise NoAnswer(Reason.FINDING_GONE)
    try:
        n, left = await in_worker(_write, file, finding, params.why)
    except NotSaved as error:
        raise NoAnswer(error.reason, str(error)) from None
    server.reviewed.drop(file, left)
    tell(server, [place])
    await all_told(server)
    return n


def _write(file: ReviewedFile, finding: Finding, why: str) -> tuple[int, tuple[Finding, ...]]:
    """Return how many entries are new, and the findings of the file that are told still."""
    n = Dismissed.read(file.change.root).add(file.change, [finding], why)
    return n, Dismissed.read(file.change.root).without(file.change, file.findings)


def dismiss_command(uri: str, finding: Finding) -> types.Command:
    """The command that dismisses a finding."""
    title = f"Dismiss: {finding.message} (write to {FILE})"
    return types.Command(title, DISMISS, arguments=[{"uri": uri, "fingerprint": finding.fingerprint}])
