"""The simplest surprise: how unlikely a line's tokens are, compared with nothing, and nothing fitted."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from statistics import fmean

from attrs import define, field

from codenook.context.snippets import Context
from codenook.models.engine.client import Engine
from codenook.models.engine.messages import Counters, ScoreRequest
from codenook.server.review.finding import Category, Evidence, Finding, Rule, Severity, SourceName
from codenook.server.review.scope.change import Change, ChangedFile
from codenook.server.review.sources.surprise.passages import Reader, passages
from codenook.server.tasks.jobs import total

RULE = Rule("unlikely-line", "", "", Category.BUG, Severity.INFO, SourceName.SURPRISE)

STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {"mean": fmean, "largest": max}
"""What becomes of the surprisals (nats) of a line's tokens."""


@define(eq=False)
class LineSurprisal:
    """Tells every changed line of ``change`` that an engine reads, the surer the more surprising it is."""

    change: Change
    engine: Engine
    statistic: Callable[[Sequence[float]], float]
    name: SourceName = SourceName.SURPRISE
    counters: Counters = field(factory=Counters, init=False)

    async def unready(self) -> None:
        """It is always ready."""

    def key(self, file: ChangedFile) -> str:  # noqa: ARG002 - as every source has it
        """Nothing is kept."""
        return ""

    async def about(self, file: ChangedFile) -> AsyncIterator[Finding]:
        """Yield a finding for each line; its confidence says no more than which is more surprising."""
        model, new = await self.engine.ready(), file.new
        if new is None or file.language is None:
            return
        count = self.engine.count_tokens
        reader = Reader(model, count, file.path, file.language.id, self.change.root, model.n_ctx)
        lines = sorted(line for line in file.changed if new.line(line).strip())
        for passage in await asyncio.to_thread(lambda: list(passages(new, lines))):
            prompt = await reader.prompt(new, passage, Context())
            if prompt is None:
                continue
            text = new.source[passage.start : passage.end].decode("utf-8", "replace")
            scores = await self.engine.score(ScoreRequest(prompt=prompt, text=text))
            self.counters = total(self.counters, scores.counters)
            first = min(passage.lines)
            by_line = defaultdict[int, list[float]](list)
            source = text.encode()
            for token in scores.tokens:
                start = max(0, token.start)
                written = source[start:]
                start += len(written) - len(written.lstrip())  # a line's end belongs to what follows it
                by_line[first + source.count(b"\n", 0, start)].append(-token.logprob)
            for line in passage.lines & by_line.keys():
                surprisal, span = self.statistic(by_line[line]), new.span_of_line(line)
                evidence = (Evidence(SourceName.SURPRISE, f"{surprisal:.2f} nats"),)
                chance = surprisal / (1 + surprisal)
                yield Finding(RULE, file.path, span, new.quote(span), "unlikely", chance, evidence)
