"""The strategy for a chat model: it is shown the function and how its translation begins.

What was wrong with its answer goes back into the same conversation.
"""

from collections.abc import Sequence

from attrs import define, field

from codenook.context.parse import Language
from codenook.models.engine.errors import PromptTooLong
from codenook.models.prompts.chat import Message
from codenook.server.tasks.instruct import Reply, instruct
from codenook.server.tasks.jobs import Strategy
from codenook.server.translation.making import questions
from codenook.server.translation.making.bodies import body_in, placed
from codenook.server.translation.making.imports import allowed, needed
from codenook.server.translation.making.maker import Body, Complaint, Hole, Made
from codenook.server.translation.making.material import Material

N_BODIES, N_REPAIRED = 3, 2
"""How many bodies to choose from, the first time and after a complaint."""

_N_LAYOUT_TOKENS, _N_PER_MESSAGE = 64, 8
"""Room for what the template puts around messages."""


@define(eq=False)
class ChatMaker:
    """Asks a chat model."""

    material: Material
    language: Language
    """That of the translation."""
    strategy: Strategy = field(default=Strategy.CHAT, init=False)

    async def made(self, hole: Hole, complaints: Sequence[Complaint] = ()) -> Made:
        """Bodies as the model writes them. Raises EngineError."""
        material = self.material
        n_answer = await material.n_answer(hole.source)
        replies = await instruct(
            material.engine,
            slot=material.slot,
            messages=await self._messages(hole, complaints, n_answer),
            schema=questions.SCHEMA,
            n=N_REPAIRED if complaints else N_BODIES,
            max_tokens=n_answer,
            attempt=len(complaints),
        )
        bodies = [self._body(reply, hole) for reply in replies.replies if reply.value is not None]
        found = sorted((body for body in bodies if body.text), key=lambda body: -body.score)
        return Made(tuple(found), len(replies.replies) - len(found), replies.counters)

    async def _messages(
        self, hole: Hole, complaints: Sequence[Complaint], n_answer: int
    ) -> tuple[Message, ...]:
        """What is said: of other files and of earlier complaints as much as there is room for."""
        material = self.material
        for kept in range(len(complaints) + 1):
            for has_others, is_whole in ((True, True), (False, True), (False, False)):
                others = "".join(f"{block}\n" for block in material.context.blocks) if has_others else ""
                code = questions.shown(
                    hole, material.path, material.source, material.target, others, is_whole=is_whole
                )
                messages = questions.asked(code, complaints[kept:])
                n_tokens = sum(await material.engine.count_tokens([each.text for each in messages]))
                n_tokens += _N_PER_MESSAGE * len(messages) + _N_LAYOUT_TOKENS
                if n_tokens + n_answer <= material.model.n_ctx:
                    return messages
        raise PromptTooLong(f"{hole.symbol} and its translation do not fit the model's context")

    def _body(self, reply: Reply, hole: Hole) -> Body:
        text = placed(body_in(reply.value["body"], hole.name, self.language), hole.indent)
        imports = allowed(reply.value["imports"], text, self.material.target)
        imports += tuple(row for row in needed(text, self.material.target) if row not in imports)
        return Body(text, imports, reply.score, reply.is_cut)
