"""``codenook/answered``: precedes an empty inline completion list, which has no room for a reason itself."""

from lsprotocol import types

from codenook.server.lsp.language_server import CodenookServer
from codenook.server.reasons import Reason, describe

ANSWERED = "codenook/answered"

FOR_THE_USER_TO_MEND = frozenset(
    {Reason.MODEL_MISSING, Reason.MODEL_BROKEN, Reason.MODEL_WITHOUT_FIM, Reason.ENGINE_UNAVAILABLE}
)
"""Reasons that stay until the user does something, so they are also shown, once."""


class NoAnswer(Exception):
    """A request ends without candidates; ``message`` is one line for a person."""

    def __init__(self, reason: Reason, message: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.message = message or describe(reason)


def say_why(server: CodenookServer, uri: str, version: int | None, why: NoAnswer) -> None:
    """Tell the editor why the answer that follows is empty; one without inline completion gets a log line."""
    server.counters.empty += 1
    server.last_reason = why.reason
    if server.shows_inline:
        params = {"uri": uri, "version": version, "reason": why.reason, "message": why.message}
        server.protocol.notify(ANSWERED, params)
    else:
        message = f"codenook: no candidates ({why.reason}): {why.message}"
        server.window_log_message(types.LogMessageParams(types.MessageType.Info, message))
    if why.reason in FOR_THE_USER_TO_MEND:
        server.tell(why.message)
