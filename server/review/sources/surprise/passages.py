"""A changed file in passages that are read at once, and the prompt that a passage is read behind."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import frozen

from codenook.context.snippets import Context, CountTokens
from codenook.models.engine.messages import ModelInfo
from codenook.models.prompts.families import FAMILIES
from codenook.models.prompts.fim import Segment, Special
from codenook.models.prompts.layouts import Infill, line_comment
from codenook.server.review.scope.change import Text
from codenook.server.tasks.window import around

N_LINES = 24
"""Changed lines in one passage."""

N_LINES_AFTER = 3
"""Lines behind the last changed one that are read, too: they may tell that something is amiss."""

GAP = 6
"""Changed lines with no more others between them are read together."""

N_BEFORE = 512
"""Tokens of the file before a passage that are read, at most: they are read anew for each passage."""

N_SPARE = 24
"""Tokens that are left free: control tokens, and lines that cost more when they are read together."""

_MARKERS = {Special.FIM_PREFIX, Special.FIM_SUFFIX, Special.FIM_MIDDLE}


@frozen
class Passage:
    """Lines of a text that are read together; ``lines`` (from 1) are those that are judged.

    ``start`` and ``end`` are where the text that is read begins and ends (bytes).
    """

    lines: frozenset[int]
    start: int
    end: int


def passages(text: Text, lines: Sequence[int], n_after: int = N_LINES_AFTER) -> Iterator[Passage]:
    """The passages that ``lines`` of a text are read in, in order; lines are in ascending order."""
    group: list[int] = []
    for line in lines:
        if group and (line - group[-1] > GAP or len(group) == N_LINES):
            yield _passage(text, group, n_after)
            group = []
        group.append(line)
    if group:
        yield _passage(text, group, n_after)


def _passage(text: Text, lines: Sequence[int], n_after: int) -> Passage:
    start = text.starts[lines[0] - 1]
    after = lines[-1] + n_after
    end = text.starts[after] if after < len(text.starts) else len(text.text)
    first, last = (len(text.text[:at].encode("utf-8", "replace")) for at in (start, end))
    return Passage(frozenset(lines), first, last)


@frozen
class Reader:
    """How passages of one file are laid out for a model, in at most ``n_tokens`` with what is before them."""

    model: ModelInfo
    count_tokens: CountTokens
    path: str
    language: str
    root: Path
    n_tokens: int

    async def prompt(self, text: Text, passage: Passage, context: Context) -> tuple[Segment, ...] | None:
        """What the model is shown before a passage; None where the passage alone is too long."""
        source = text.source
        passage_text = source[passage.start : passage.end].decode("utf-8", "replace")
        priced = sum(await self.count_tokens([passage_text, f"{self.path}\n"]))
        room = self.n_tokens - priced - context.tokens - 4 * len(context.snippets) - N_SPARE
        if room < 0:
            return None
        before = source[: passage.start].decode("utf-8", "replace")
        n_before = min(room, N_BEFORE)
        window = await around(
            before, len(before), n_prefix=n_before, n_suffix=0, count_tokens=self.count_tokens
        )
        what = Infill(
            path=self.path,
            prefix=window.prefix,
            suffix="",
            blocks=context.blocks,
            repository=self.root.name if Special.REPOSITORY in self.model.special else "",
            comment=line_comment(self.language),
        )
        if not self.model.family:
            return ("".join([*what.blocks, what.prefix]),)
        laid_out = FAMILIES[self.model.family].prompt(what)
        return tuple(segment for segment in laid_out if segment not in _MARKERS)
