"""A text is read instead of written: how likely its tokens are, and those of alternatives.

Reading goes on in steps of one batch, so that others have their turn between two of them. The text is
read once and tells of each alternative the first token that differs; the most promising ones fork from it
and are read on with what follows them, several in one batch.
"""

import time
from collections import defaultdict, deque
from collections.abc import Sequence

from attrs import define, field

from codenook.models.engine.decode import Decoder
from codenook.models.engine.errors import PromptTooLong
from codenook.models.engine.messages import (
    MAX_CANDIDATES,
    Alternative,
    Counters,
    ScoredAlternative,
    ScoredToken,
    ScoreRequest,
    Scores,
    Timings,
)
from codenook.models.engine.sampling import Floats
from codenook.models.engine.turns import Turn
from codenook.models.engine.variants import Variant


@define
class _Compared:
    """An alternative, and the log-probabilities that are known of its tokens: of the first, or of all."""

    variant: Variant
    logprobs: list[float] = field(factory=list)

    @property
    def followed(self) -> tuple[int, ...]:
        """What is evaluated to follow it: all tokens but the last, behind which nothing is asked."""
        return self.variant.tokens[:-1]

    def told_first(self, logprobs: Floats) -> None:
        """Take what the model expects in the place of the first token."""
        self.logprobs = [float(logprobs[self.variant.tokens[0]])]

    def told(self, following: list[Floats]) -> None:
        """Take what the model expects behind each token that was evaluated."""
        for logprobs, token in zip(following, self.variant.tokens[1:], strict=True):
            self.logprobs.append(float(logprobs[token]))


class Scoring:
    """One request's way through the decoder; all of it belongs to the decoder's thread."""

    def __init__(self, decoder: Decoder, request: ScoreRequest, turn: Turn) -> None:
        """Lay out what is to be read. Raises PromptTooLong, ModelWithoutFim and ScoringUnsupported."""
        self._decoder, self._request, self._turn = decoder, request, turn
        head, self._text = decoder.read_together(request.prompt, request.text)
        self._n_head, self._tokens = len(head), [*head, *self._text.tokens]
        if len(self._tokens) > decoder.n_longest:
            raise PromptTooLong(
                f"the prompt and the text have {len(self._tokens)} tokens, {decoder.n_longest} fit"
            )
        self._compared = [self._to_compare(alternative) for alternative in request.alternatives]
        self._by_first = defaultdict[int, list[_Compared]](list)
        for one in filter(None, self._compared):
            self._by_first[self._n_head + one.variant.first].append(one)
        self._first = max(1, min([self._n_head + self._text.first, *self._by_first]))
        self._logprobs: list[float] = []
        self._queue: deque[_Compared] | None = None
        self._began: float | None = None
        self._read_ms = self._follow_ms = 0.0
        self._n_read = self._n_followed = self._n_calls = 0

    def step(self) -> Scores | None:
        """Evaluate one batch more; return the scores after the last one.

        Raises Cancelled, and may be called again after that: nothing but the batch was lost.
        """
        started, calls = time.perf_counter(), self._decoder.n_decode_calls
        self._began = self._began or started
        try:
            if self._known < len(self._tokens):
                self._read()
                self._read_ms += 1e3 * (time.perf_counter() - started)
            elif self._queue:
                self._follow(self._queue)
                self._follow_ms += 1e3 * (time.perf_counter() - started)
        finally:
            self._n_calls += self._decoder.n_decode_calls - calls
        if self._known < len(self._tokens):
            return None
        if self._queue is None:
            self._queue = self._promising()
        return None if self._queue else self._scores()

    @property
    def _known(self) -> int:
        """How many of the tokens have a log-probability, or need none."""
        return self._first + len(self._logprobs)

    def _to_compare(self, alternative: Alternative) -> _Compared | None:
        variant = self._text.variant(alternative, self._request.n_after)
        return _Compared(variant) if variant and self._n_head + variant.first > 0 else None

    def _read(self) -> None:
        """Read one batch more of the text."""
        told = self._hold(self._tokens[:-1], self._known)
        for logprobs in told:
            for one in self._by_first.get(self._known, ()):
                one.told_first(logprobs)
            self._logprobs.append(float(logprobs[self._tokens[self._known]]))

    def _promising(self) -> deque[_Compared]:
        """The alternatives to follow, those that begin earlier first."""
        found = [(self._gain(one), one) for one in filter(None, self._compared)]
        likely = sorted(
            (pair for pair in found if pair[0] >= self._request.min_gain), key=lambda pair: -pair[0]
        )
        followed = [one for _, one in likely[: self._request.n_followed]]
        return deque(sorted(followed, key=lambda one: one.variant.first))

    def _gain(self, one: _Compared) -> float:
        return one.logprobs[0] - self._own(one.variant.first)

    def _own(self, index: int) -> float:
        """The log-probability of one of the text's own tokens."""
        return self._logprobs[self._n_head + index - self._first]

    def _follow(self, queue: deque[_Compared]) -> None:
        """Read on with as many alternatives as fit into one batch."""
        batch: list[_Compared] = []
        room = self._decoder.n_read
        for one in queue:
            room -= len(one.followed)
            if len(batch) == MAX_CANDIDATES or (batch and room < 0):
                break
            batch.append(one)
        length = self._n_head + batch[-1].variant.first
        if self._decoder.n_held(self._tokens) < length:  # others needed its place meanwhile
            self._hold(self._tokens[:length], length + 1)
            return
        forks = [(self._n_head + one.variant.first, one.followed) for one in batch]
        for one, following in zip(batch, self._decoder.fork(self._turn, forks), strict=True):
            one.told(following)
            self._n_followed += len(one.followed)
            queue.popleft()

    def _hold(self, tokens: Sequence[int], known: int) -> list[Floats]:
        n_evaluated, told = self._decoder.hold(self._turn, tokens, known)
        self._n_read += n_evaluated
        return told

    def _scores(self) -> Scores:
        first = self._text.first
        return Scores(
            tokens=tuple(
                ScoredToken(self._text.start(i), self._own(i))
                for i in range(max(first, self._first - self._n_head), len(self._text.tokens))
            ),
            alternatives=tuple(self._scored(one) if one else None for one in self._compared),
            timings=Timings(
                queue_ms=1e3 * ((self._began or 0.0) - self._turn.queued_at),
                prefill_ms=self._read_ms,
                decode_ms=self._follow_ms,
            ),
            counters=Counters(
                prompt=len(self._tokens),
                prompt_evaluated=self._n_read,
                generated=self._n_followed,
                decode_calls=self._n_calls,
            ),
        )

    def _scored(self, one: _Compared) -> ScoredAlternative:
        variant, is_followed = one.variant, len(one.logprobs) == len(one.variant.tokens)
        starts = (self._text.start(variant.first), *variant.ends)
        return ScoredAlternative(
            start=starts[0],
            first=one.logprobs[0],
            text_first=self._own(variant.first),
            end=self._text.ends[variant.until - 1],
            tokens=tuple(map(ScoredToken, starts, one.logprobs)) if is_followed else (),
        )
