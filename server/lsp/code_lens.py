"""``textDocument/codeLens``: offers to document each definition, and when the editor is to ask again."""

from lsprotocol import types

from codenook.server.config import Settings
from codenook.server.lsp.announced import refreshes_lenses, takes_edits
from codenook.server.lsp.comment import comment_command
from codenook.server.lsp.language_server import CodenookServer
from codenook.server.lsp.stale_docs import in_worker
from codenook.server.tasks.comment_offers import offers_in


async def code_lens(server: CodenookServer, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Offer to document each definition that has no documentation, if the settings want that."""
    opened = server.documents.get(params.text_document.uri)
    if opened is None:
        return []
    snapshot = opened.snapshot
    await server.configured.wait()
    if not server.settings.comment_lenses or not takes_edits(server.client_capabilities):
        return []
    if server.switched_off(snapshot, automatic=True) is not None:
        return []
    offers = await in_worker(offers_in, snapshot)
    if opened.snapshot is not snapshot:
        return []
    return [types.CodeLens(_row(offer.row), command=comment_command(snapshot, offer)) for offer in offers]


def refresh(server: CodenookServer, before: Settings) -> None:
    """Have the editor ask again when other lenses may be wanted than with the settings ``before``."""
    now = server.settings
    are_wanted = now.comment_lenses or before.comment_lenses
    if now != before and are_wanted and refreshes_lenses(server.client_capabilities):
        server.workspace_code_lens_refresh(None)


def _row(row: int) -> types.Range:
    return types.Range(types.Position(row, 0), types.Position(row, 0))
