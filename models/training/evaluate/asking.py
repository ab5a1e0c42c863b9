"""Holes filled as the product fills them: chosen context, memory, candidates that are checked and ranked."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from attrs import frozen

from codenook.context.snippets import Context
from codenook.models.engine.messages import Candidate, Counters, Timings
from codenook.models.engine.turns import Job
from codenook.models.training.evaluate.questions import Hole
from codenook.models.training.evaluate.workspace import LANGUAGE, Workspace
from codenook.server.verify.candidates import Verifier


@frozen
class Condition:
    """What the model has beside the file's window."""

    context: bool
    memory: bool


FULL = Condition(context=True, memory=True)
CONDITIONS = (
    FULL,
    Condition(context=True, memory=False),
    Condition(context=False, memory=True),
    Condition(context=False, memory=False),
)
"""The prompt depends on the context alone: it is evaluated where it comes first, and then kept."""

MEMORY_CONDITIONS = tuple(condition for condition in CONDITIONS if condition.memory)


@frozen
class Filled:
    """One candidate: what is shown of it, how sure the model was, how similar it is to what stood there."""

    written: str
    text: str
    is_shown: bool
    resolves: bool
    logprob: float  # mean of its tokens, nats
    n_tokens: int
    similarity: float  # 1 is equal
    rank: int | None  # among the different ones that may be shown, best first

    @property
    def is_exact(self) -> bool:
        """Whether it is equal to what stood there, up to outer white space."""
        return self.is_shown and self.similarity == 1.0


@frozen
class Answer:
    """The candidates of one hole under one condition, the greedy one first, and what they cost."""

    filled: tuple[Filled, ...]
    timings: Timings
    counters: Counters

    def is_exact(self, n: int) -> bool:
        """Whether one of ``n`` candidates is."""
        return any(one.is_exact for one in self._best(n))

    def similarity(self, n: int) -> float:
        """Return that of the most similar of ``n``; 0 where none may be shown."""
        return max((one.similarity for one in self._best(n)), default=0.0)

    def _best(self, n: int) -> Sequence[Filled]:
        """What a user sees who asks for so many: the greedy one, or the best ``n`` of all."""
        if n == 1:
            return self.filled[:1]
        return [one for one in self.filled if one.rank is not None and one.rank < n]


def ask(workspace: Workspace, hole: Hole, conditions: Sequence[Condition]) -> Iterator[Answer]:
    """Fill a hole under each condition."""
    chosen = workspace.context(hole)
    for condition in conditions:
        context = chosen if condition.context else Context()
        request = workspace.request(hole, context, memory=condition.memory)
        memory = workspace.memory if condition.memory else None
        generation = workspace.decoder.generate(Job(request, memory=memory))
        verifier = Verifier(LANGUAGE, hole.text, len(hole.before), context)
        ranked = [shown.text for shown in verifier.add(generation.candidates)]
        filled = tuple(_filled(candidate, verifier, hole, ranked) for candidate in generation.candidates)
        yield Answer(filled, generation.timings, generation.counters)


def _filled(candidate: Candidate, verifier: Verifier, hole: Hole, ranked: Sequence[str]) -> Filled:
    """Check a candidate, and compare what would be shown of it; nothing is shown of one that fails."""
    shown = verifier.check(candidate)
    text = hole.compared(shown.text) if shown else ""
    return Filled(
        written=candidate.text,
        text=text,
        is_shown=shown is not None,
        resolves=shown is not None and not shown.unresolved,
        logprob=candidate.mean_logprob,
        n_tokens=candidate.n_tokens,
        similarity=SequenceMatcher(None, hole.wanted, text, autojunk=False).ratio(),
        rank=ranked.index(shown.text) if shown and shown.text in ranked else None,
    )
