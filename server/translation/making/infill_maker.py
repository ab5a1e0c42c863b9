"""The strategy for a base model: it fills in the body where it is to stand, below the original in a comment.

It can't be told what was wrong. But calls with what comes of them stand in the same comment, and each attempt
is bolder than the one before.
"""

from collections.abc import Sequence

from attrs import define, field

from codenook.context.parse import Language
from codenook.models.engine.errors import PromptTooLong
from codenook.models.engine.messages import Candidate, Finish, GenerateRequest, StopRule
from codenook.models.prompts.families import FAMILIES
from codenook.models.prompts.fim import Segment
from codenook.models.prompts.layouts import Infill, line_comment
from codenook.server.tasks.infill import N_SURE_PARAMETERS
from codenook.server.tasks.jobs import Strategy
from codenook.server.tasks.window import last_lines, whole_lines
from codenook.server.translation.languages.titles import title
from codenook.server.translation.making.bodies import body_in, placed
from codenook.server.translation.making.imports import needed
from codenook.server.translation.making.maker import Body, Complaint, Hole, Made
from codenook.server.translation.making.material import Material
from codenook.server.translation.making.questions import plain

N_BODIES, N_BODIES_OF_LARGE = 8, 4
"""How many bodies to choose from."""

N_EXAMPLES = 4
"""Calls that stand in the comment, at most."""

TEMPERATURES = (0.5, 0.8, 1.0)
"""How freely the model chooses, for each attempt."""

MAX_LINES = 400
AFTER_SHARE = 0.15
"""At most this part of the room goes to what stands below the body."""

_N_CONTROL_TOKENS = 16


@define(eq=False)
class InfillMaker:
    """Asks a base model."""

    material: Material
    language: Language
    """That of the translation."""
    strategy: Strategy = field(default=Strategy.INFILL, init=False)

    async def made(self, hole: Hole, complaints: Sequence[Complaint] = ()) -> Made:
        """Bodies as the model fills them in. Raises EngineError."""
        material, attempt = self.material, len(complaints)
        n_answer = await material.n_answer(hole.source)
        generation = await material.engine.generate(
            GenerateRequest(
                slot=material.slot,
                prompt=await self._prompt(hole, complaints, n_answer),
                n=N_BODIES_OF_LARGE if material.model.n_params >= N_SURE_PARAMETERS else N_BODIES,
                max_tokens=n_answer,
                temperature=TEMPERATURES[min(attempt, len(TEMPERATURES) - 1)],
                seed=attempt,
                greedy_first=attempt == 0,
                stop=StopRule(max_lines=MAX_LINES, min_indent=len(hole.indent)),
            )
        )
        bodies = [self._body(each, hole) for each in generation.candidates]
        found = sorted((body for body in bodies if body.text), key=lambda body: -body.score)
        return Made(tuple(found), len(bodies) - len(found), generation.counters)

    async def _prompt(
        self, hole: Hole, complaints: Sequence[Complaint], n_answer: int
    ) -> tuple[Segment, ...]:
        """The file up to the body, with the original above the function, and what stands below."""
        material, count = self.material, self.material.engine.count_tokens
        head = hole.before.removesuffix(hole.header)
        original = self._original(hole, complaints)
        room = material.model.n_ctx - n_answer - _N_CONTROL_TOKENS
        room -= sum(await count([original, hole.header, hole.closer, material.target_path]))
        if room < 0:
            raise PromptTooLong(f"{hole.symbol} and its translation do not fit the model's context")
        blocks = await material.blocks(room // 2)
        room -= material.context.tokens + len(blocks) if blocks else 0
        below = await whole_lines(hole.after.removeprefix(hole.closer), int(AFTER_SHARE * room), count)
        room -= sum(await count([below]))
        what = Infill(
            blocks=blocks,
            path=material.target_path,
            prefix=f"{await last_lines(head, room, count)}{original}{hole.header}",
            suffix=f"{hole.closer}{below}",
            comment=line_comment(material.target),
        )
        if not material.model.family:
            return ("".join([*what.blocks, what.prefix]),)
        return FAMILIES[material.model.family].prompt(what)

    def _original(self, hole: Hole, complaints: Sequence[Complaint]) -> str:
        """The original as a comment, indented as the function is."""
        indent = hole.header[: len(hole.header) - len(hole.header.lstrip())]
        mark = f"{indent}{line_comment(self.material.target)} "
        examples = [each for complaint in complaints for each in complaint.examples]
        rows = [
            f"The same in {title(self.material.source)}:",
            *hole.source.rstrip().split("\n"),
            *(plain(each) for each in dict.fromkeys(examples[:N_EXAMPLES])),
        ]
        return "".join(f"{mark}{row}".rstrip() + "\n" for row in rows)

    def _body(self, candidate: Candidate, hole: Hole) -> Body:
        is_cut = candidate.finish is Finish.MAX_TOKENS
        text = candidate.text.rpartition("\n")[0] if is_cut else candidate.text
        body = placed(body_in(text, hole.name, self.language), hole.indent)
        return Body(body, needed(body, self.material.target), candidate.mean_logprob, is_cut)
