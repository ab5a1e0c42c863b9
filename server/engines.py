"""The engines of one server or command, by the role of their models."""

from functools import partial
from pathlib import Path

from codenook.models.engine.client import LocalEngine
from codenook.models.engine.messages import ModelInfo
from codenook.models.engine.room import make_room
from codenook.models.hub.catalog import Role
from codenook.server.config import Settings


class Engines:
    """One engine for each role, or one for both where they name the same model.

    An engine that is started while the other role's runs makes room first, as ``both_models`` says.
    """

    def __init__(self, settings: Settings) -> None:
        fim, chat = (settings.model_path_of(role) for role in (Role.FIM, Role.CHAT))
        self._fim = self._chat = LocalEngine(fim, settings.engine_options)
        if chat != fim:
            self._fim = _engine(settings, fim, other=chat)
            self._chat = _engine(settings, chat, other=fim)

    def of(self, role: Role) -> LocalEngine:
        """Return the engine of ``role``; nothing is started by looking at it."""
        return self._fim if role is Role.FIM else self._chat

    async def close(self) -> None:
        """Hang up on all of them; they live on for others."""
        for engine in {self._fim, self._chat}:
            await engine.close()


def fit_for(model: ModelInfo) -> tuple[Role, ...]:
    """Return the roles that a loaded model can take: fim needs markers, chat a chat template."""
    can = {Role.FIM: bool(model.family), Role.CHAT: model.has_chat_template}
    return tuple(role for role in Role if can[role])


def roles_of(path: Path, settings: Settings) -> tuple[Role, ...]:
    """Return the roles for which ``settings`` name the model at ``path``."""
    return tuple(role for role in Role if settings.model_path_of(role).absolute() == path)


def _engine(settings: Settings, path: Path, *, other: Path) -> LocalEngine:
    options = settings.engine_options
    return LocalEngine(path, options, partial(make_room, settings.both_models, path, options, other=other))
