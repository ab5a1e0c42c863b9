"""What a model is shown of a passage: its lines, those around, and code of other files, within its budget."""

from collections.abc import Sequence

from attrs import frozen

from codenook.context.git.hunks import Hunk
from codenook.context.manager import ContextManager
from codenook.context.snippets import Context
from codenook.models.engine.client import Engine
from codenook.models.engine.messages import ModelInfo
from codenook.server.config import Settings
from codenook.server.review.scope.change import Change
from codenook.server.review.sources.reading import questions
from codenook.server.review.sources.reading.passages import Passage, shown
from codenook.server.review.sources.reading.speaking import masked
from codenook.server.review.team import TeamRule
from codenook.server.tasks.budget import n_context, n_prompt

ANSWER_SHARE = 1 / 3
"""At most this part of what the model can hold goes to one answer."""

_N_LAYOUT_TOKENS = 64
"""Room for what the template puts around messages."""

_N_REMARK_TOKENS = 256
"""Room for a remark, the reason for or against it, and the question for the verdict."""


@frozen(eq=False)
class Material:
    """A passage as a model is shown it: ``text``; ``source`` is all that this was made from, as it is."""

    passage: Passage
    text: str
    source: str


@frozen(eq=False)
class Materials:
    """Lays out passages of ``change`` for one model; ``manager`` gives code of other files, None for none."""

    change: Change
    engine: Engine
    settings: Settings
    manager: ContextManager | None

    async def of(self, passage: Passage, model: ModelInfo, rules: Sequence[TeamRule]) -> Material | None:
        """What the model is shown of a passage that ``rules`` are asked about; None if it doesn't fit."""
        count = self.engine.count_tokens
        asked = [questions.about_change("", ()), *(questions.about_rule("", rule, ()) for rule in rules)]
        prices = [sum(await count([message.text for message in messages])) for messages in asked]
        n_fixed = max(prices) + _N_LAYOUT_TOKENS + _N_REMARK_TOKENS + n_answer(model, questions.MAX_TOKENS)
        room = min(n_prompt(self.settings, model), model.n_ctx - n_fixed)
        context = await self._context(passage, min(n_context(self.settings, model), room // 2))
        found = await shown(passage, room - context.tokens, count)
        if found is None and context.snippets:
            context = Context()
            found = await shown(passage, room, count)
        if found is None:
            return None
        blocks = "".join(f"{block}\n" for block in context.blocks)
        file = passage.file
        language = f"{file.language.id} code" if file.language else "text"
        path = " ".join(file.path.split())
        text = f"{masked(blocks)}This is a change to the following {language}.\n\n{masked(path)}\n{found}"
        return Material(passage, text, f"{blocks}\n{path}\n{passage.source}")

    async def _context(self, passage: Passage, budget: int) -> Context:
        """Code of other files that helps with a passage; none for an example, which is in no file."""
        file = passage.file
        if self.manager is None or file.new is None or file not in self.change.files or budget <= 0:
            return Context()
        path = self.change.root / file.path
        return await self.manager.for_changes(
            hunks=[Hunk(path, *passage.added)],
            texts={path: file.new.text},
            budget=budget,
            count_tokens=self.engine.count_tokens,
        )


def n_answer(model: ModelInfo, most: int) -> int:
    """How long an answer may be that needs ``most`` tokens."""
    return min(most, int(ANSWER_SHARE * model.n_ctx))
