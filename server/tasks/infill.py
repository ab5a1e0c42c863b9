"""The strategy for a base model: it goes on where the words are to stand.

First it reads the definition and then its beginning once more, up to the blank: it continues what it read,
without any marker, so that models without fill-in-the-middle tokens do as well. The second time it is
bolder, and larger models fill in the blank where it is, the code after it included.

A strategy for another kind of model is one more `Writer`: made for one definition, asked for one blank after
the other, and told with a further attempt what was wrong with its words. It may answer several blanks from
one answer of the model; what it returns is checked word for word all the same.
"""

from collections.abc import Sequence
from typing import Protocol

from attrs import frozen

from codenook.context.snippets import Context
from codenook.models.engine.client import Engine
from codenook.models.engine.messages import Finish, GenerateRequest, ModelInfo, StopRule
from codenook.models.prompts.families import FAMILIES
from codenook.models.prompts.fim import Segment, Special
from codenook.models.prompts.layouts import Infill, line_comment
from codenook.server.config import Settings
from codenook.server.tasks.blanks import Blank, Hole, Part
from codenook.server.tasks.budget import SUFFIX_SHARE, n_prompt
from codenook.server.tasks.jobs import Answer, Strategy, Written
from codenook.server.tasks.window import around, last_lines, whole_lines

N_WRITTEN, N_WRITTEN_OF_ITEMS = 8, 8
"""How many sentences to choose from: for a summary, and for anything else."""

MAX_TOKENS, MAX_TOKENS_OF_ITEMS = 24, 18
"""How long they may get, in tokens of the model."""

TEMPERATURES = (0.7, 1.0)
"""How freely the model chooses, for each attempt."""

N_SURE_PARAMETERS = 300_000_000
"""Models with fewer parameters make up words."""

_MOST_OPENED = 0.6
"""At most this share of the prompt goes to the beginning of the documentation, where that is long."""

_N_CONTROL_TOKENS = 16
_MARKERS = {Special.FIM_PREFIX, Special.FIM_SUFFIX, Special.FIM_MIDDLE}


class Writer(Protocol):
    """How one kind of model is asked for words."""

    @property
    def strategy(self) -> Strategy:
        """The name that results have for it."""

    @property
    def makes_up_words(self) -> bool:
        """Whether words are to be checked that are neither in the code nor usual."""

    async def write(self, blank: Blank, hole: Hole, attempt: int, complaints: Sequence[str]) -> Answer:
        """Words for a blank; ``complaints`` say what was wrong with those of the attempts before.

        Raises EngineError.
        """


@frozen
class InfillWriter:
    """Asks a base model; ``path`` and ``language`` are the document's, ``slot`` names the prompt's place."""

    engine: Engine
    settings: Settings
    model: ModelInfo
    context: Context
    path: str
    language: str
    slot: str
    strategy: Strategy = Strategy.INFILL

    @property
    def makes_up_words(self) -> bool:
        """Whether the model is so small that it does."""
        return self.model.n_params < N_SURE_PARAMETERS

    async def write(
        self,
        blank: Blank,
        hole: Hole,
        attempt: int,
        complaints: Sequence[str],  # noqa: ARG002 - not told
    ) -> Answer:
        """Words for a blank."""
        is_summary = blank.part is Part.SUMMARY
        in_place = bool(attempt and self.model.family and not self.makes_up_words)
        generation = await self.engine.generate(
            GenerateRequest(
                slot=self.slot,
                prompt=await (self._in_place(hole) if in_place else self._continued(hole)),
                n=N_WRITTEN if is_summary else N_WRITTEN_OF_ITEMS,
                max_tokens=MAX_TOKENS if is_summary else MAX_TOKENS_OF_ITEMS,
                temperature=TEMPERATURES[min(attempt, len(TEMPERATURES) - 1)],
                seed=attempt,
                greedy_first=attempt == 0,
                stop=StopRule(max_lines=1),
            )
        )
        written = tuple(
            Written(candidate.text, candidate.mean_logprob, candidate.finish is Finish.MAX_TOKENS)
            for candidate in generation.candidates
        )
        return Answer(written, generation.counters)

    async def _continued(self, hole: Hole) -> tuple[Segment, ...]:
        """The definition, and its beginning once more; white space before the blank is left to the model."""
        count = self.engine.count_tokens
        opened = await last_lines(hole.opened.rstrip(" "), int(_MOST_OPENED * self._room()), count)
        room = self._room() - sum(await count([opened]))
        definition = await whole_lines(hole.definition, max(room, 0), count)
        blocks, read = self.context.blocks, f"{definition.rstrip()}\n\n\n"
        if hole.is_file:  # its beginning is that of a file
            blocks, read = [*blocks, f"{self.path}\n{definition}"], ""
        what = Infill(
            blocks=blocks,
            path=self.path,
            prefix=f"{read}{opened}",
            suffix="",
            comment=line_comment(self.language),
        )
        if not self.model.family:
            return ("".join([*what.blocks, what.prefix]),)
        prompt = FAMILIES[self.model.family].prompt(what)
        return tuple(segment for segment in prompt if segment not in _MARKERS)

    async def _in_place(self, hole: Hole) -> tuple[Segment, ...]:
        before = hole.before.rstrip(" ")
        n_suffix = int(2 * SUFFIX_SHARE * self._room())
        window = await around(
            before + hole.after,
            len(before),
            n_prefix=self._room() - n_suffix,
            n_suffix=n_suffix,
            count_tokens=self.engine.count_tokens,
        )
        what = Infill(
            blocks=self.context.blocks,
            path=self.path,
            prefix=window.prefix,
            suffix=window.suffix,
            comment=line_comment(self.language),
        )
        return FAMILIES[self.model.family].prompt(what)

    def _room(self) -> int:
        """How many tokens of the prompt are left for the document."""
        n_tokens = min(n_prompt(self.settings, self.model), self.model.n_ctx - MAX_TOKENS)
        return (
            n_tokens - self.context.tokens - len(self.context.snippets) - _N_CONTROL_TOKENS - len(self.path)
        )
