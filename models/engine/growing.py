"""A candidate while it is decoded."""

from collections.abc import Sequence

from attrs import Factory, define

from codenook.models.engine.grammar import State
from codenook.models.engine.messages import Candidate, Finish
from codenook.models.engine.recall import Leaning


@define
class Growing:
    """What was written so far, in ``sequence`` of the KV cache; ``length`` is where its rule cuts it."""

    sequence: int
    greedy: bool
    text: bytes = b""
    tokens: list[int] = Factory(list)
    logprob: float = 0.0
    finish: Finish | None = None
    length: int | None = None
    grammar: State | None = None
    leaning: Leaning = Factory(Leaning)

    def taken_by(self, others: Sequence["Growing"]) -> set[int]:
        """Return the tokens with which other candidates went on after the same tokens."""
        n = len(self.tokens)
        return {
            other.tokens[n] for other in others if len(other.tokens) > n and other.tokens[:n] == self.tokens
        }

    def done(self) -> Candidate:
        """Return it as it is told."""
        text = self.text.decode("utf-8", errors="ignore")
        return Candidate(
            text=text[: self.length],
            mean_logprob=self.logprob / max(1, len(self.tokens)),
            n_tokens=len(self.tokens),
            finish=self.finish or Finish.MAX_TOKENS,
            leans_on=self.leaning.lines,
        )
