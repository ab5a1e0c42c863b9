"""The command ``codenook.accepted``: the editor runs it after it inserted a candidate."""

from codenook.server.lsp.language_server import CodenookServer

ACCEPTED = "codenook.accepted"


async def accepted(server: CodenookServer, offer_id: str = "") -> None:
    """Count the acceptance of a candidate that was offered not long ago."""
    if server.was_offered(offer_id):
        server.counters.accepted += 1
