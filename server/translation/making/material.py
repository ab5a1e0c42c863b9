"""What a model is asked with, whatever kind it is."""

from attrs import field, frozen

from codenook.context.snippets import Context
from codenook.models.engine.client import Engine
from codenook.models.engine.errors import PromptTooLong
from codenook.models.engine.messages import ModelInfo
from codenook.server.config import Settings
from codenook.server.tasks.budget import n_context

MIN_ANSWER = 128
"""Room for a body, in tokens, at least."""

_PER_SOURCE = 2
"""A body may have so many times the tokens of the original."""


@frozen(eq=False)
class Material:
    """One file's: ``path`` and ``source`` (a language) of the original, ``target`` and its path.

    ``context`` has what the original reads of other files. ``slot`` names the prompt's place in the engine.
    """

    engine: Engine
    settings: Settings
    model: ModelInfo
    path: str
    source: str
    target: str
    target_path: str
    slot: str
    context: Context = field(factory=Context)

    async def n_answer(self, source: str) -> int:
        """How many tokens a body may have; raises PromptTooLong where there is no room for it."""
        (n_source,) = await self.engine.count_tokens([source])
        wanted = max(_PER_SOURCE * n_source, MIN_ANSWER)
        if n_source + wanted > self.model.n_ctx:
            raise PromptTooLong(
                f"the function has {n_source} tokens; {self.model.name} holds {self.model.n_ctx}, its "
                "translation included"
            )
        return wanted

    async def blocks(self, room: int) -> list[str]:
        """Code of other files, if there is room for it."""
        n_tokens = self.context.tokens + len(self.context.snippets)
        is_in = n_tokens <= min(room, n_context(self.settings, self.model))
        return list(self.context.blocks) if is_in else []
