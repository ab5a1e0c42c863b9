"""A simple n-gram model in an engine's place: the same places and alternatives, without a neural model."""

import math
import re
import sysconfig
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from attrs import evolve

from codenook.models.engine.messages import (
    Counters,
    ModelInfo,
    ScoredAlternative,
    ScoredToken,
    ScoreRequest,
    Scores,
    Timings,
)
from codenook.models.engine.variants import Tokens
from codenook.models.prompts.fim import Special

N_BYTES = 3_000_000
"""Of the running Python's standard library, which the n-grams are counted in."""

SHARES = (0.6, 0.25, 0.145, 0.005)
"""What the last two tokens count, the last one, none, and any token at all."""

_TOKEN = re.compile(r"\w+|\n[ \t]*|[ \t]+|[^\w\s]|\s")


class TrigramEngine:
    """Answers what the review asks of an engine; what it is not asked for is missing."""

    def __init__(self, info: ModelInfo) -> None:
        """``info`` is what the real engine says of its model: the same text is read."""
        self._info = evolve(info, name="trigrams")
        self._ids: dict[str, int] = {}
        self._pieces: dict[int, bytes] = {}
        self._after: list[defaultdict[tuple[int, ...], Counter[int]]] = [
            defaultdict(Counter) for _ in range(3)
        ]
        for text in _texts():
            tokens = self._tokenize(text)
            for i, token in enumerate(tokens):
                for n, counts in enumerate(self._after):
                    if i >= n:
                        counts[tuple(tokens[i - n : i])][token] += 1
        self._totals = [{key: sum(c.values()) for key, c in counts.items()} for counts in self._after]

    async def ready(self) -> ModelInfo:
        """The same model, by another name."""
        return self._info

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """About what the real model's tokens are."""
        return [len(text) // 3 + 1 for text in texts]

    async def score(self, request: ScoreRequest) -> Scores:
        """How likely the text is by trigrams, and its alternatives."""
        before = next((str(s) for s in request.prompt[::-1] if not isinstance(s, Special)), "")
        text = Tokens(before, request.text, self._tokenize, self._pieces)
        own = [self._logprob(text.tokens, i) for i in range(len(text.tokens))]
        found: list[ScoredAlternative | None] = []
        for alternative in request.alternatives:
            variant = text.variant(alternative, request.n_after)
            if variant is None:
                found.append(None)
                continue
            known = [*text.tokens[: variant.first], *variant.tokens]
            starts = (text.start(variant.first), *variant.ends)
            logprobs = [self._logprob(known, i) for i in range(variant.first, len(known))]
            is_followed = logprobs[0] - own[variant.first] >= request.min_gain
            found.append(
                ScoredAlternative(
                    start=starts[0],
                    first=logprobs[0],
                    text_first=own[variant.first],
                    end=text.ends[variant.until - 1],
                    tokens=tuple(map(ScoredToken, starts, logprobs)) if is_followed else (),
                )
            )
        tokens = [ScoredToken(text.start(i), own[i]) for i in range(text.first, len(own))]
        return Scores(tuple(tokens), tuple(found), Timings(), Counters())

    def _tokenize(self, text: str) -> list[int]:
        tokens = []
        for word in _TOKEN.findall(text):
            token = self._ids.setdefault(word, len(self._ids))
            self._pieces.setdefault(token, word.encode())
            tokens.append(token)
        return tokens

    def _logprob(self, tokens: Sequence[int], index: int) -> float:
        chance = SHARES[3] / max(1, len(self._ids))
        for n, share in zip((2, 1, 0), SHARES[:3], strict=True):
            context = tuple(tokens[max(0, index - n) : index])
            total = self._totals[n].get(context)
            if total:
                chance += share * self._after[n][context][tokens[index]] / total
        return math.log(chance)


def _texts() -> Iterable[str]:
    read = 0
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        text = path.read_text("utf-8", errors="replace")
        read += len(text)
        if read > N_BYTES:
            return
        yield text
