"""``codenook/status``: what an editor's status line or a person hunting a problem wants to know."""

import asyncio
from typing import Any

import attrs

import codenook
from codenook.models.engine.errors import EngineError
from codenook.models.engine.rpc import converter
from codenook.models.hub.catalog import Role
from codenook.server.lsp.language_server import CodenookServer

STATUS = "codenook/status"

TIMEOUT_S = 1.0
"""How long the engine may take to give its account of itself."""


async def status(server: CodenookServer, _params: object) -> dict[str, Any]:
    """Return the documented JSON; a sleeping engine is not woken for it."""
    await server.configured.wait()
    return {
        "version": codenook.__version__,
        "model": str(server.settings.model_path),
        "engine": await _engine(server),
        "indexes": server.indexes.to_json(),
        "roles": {role: _role(server, role) for role in Role},
        "counters": attrs.asdict(server.counters),
        "last_reason": server.last_reason,
    }


def _role(server: CodenookServer, role: Role) -> dict[str, Any]:
    model = server.settings.model_path_of(role)
    return {"model": str(model), "connected": server.engines.of(role).is_ready}


async def _engine(server: CodenookServer) -> dict[str, Any] | None:
    if not server.engine.is_ready:
        return None
    try:
        async with asyncio.timeout(TIMEOUT_S):
            account: dict[str, Any] = converter.unstructure(await server.engine.status())
    except (EngineError, TimeoutError):
        return None
    return account
