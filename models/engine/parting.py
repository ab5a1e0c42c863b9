"""Where candidates leave the greedy one: at the places at which something else is nearly as likely.

They are read together with it up to there, which costs nothing, and say something likely, too: where memory
and the model disagree, one says what the other would have. A first token that is drawn at random rarely does.
"""

from collections.abc import Collection, Iterable, Iterator

import numpy as np
from attrs import define, field, frozen

from codenook.models.engine.growing import Growing
from codenook.models.engine.recall import Distribution
from codenook.models.engine.sampling import Floats

NEAR = 0.25
"""A token this likely beside the likeliest is followed at once; others when the greedy candidate is done."""

N_SPARE = 2
"""More places than are asked for are kept in mind: another candidate may have gone there by then."""


@frozen(eq=False)
class Place:
    """The greedy candidate as it was before its token ``n_tokens``, and another ``token`` to go on with.

    ``gap`` is how much less likely than its own that is (nats, at most 0), ``among`` where it was found.
    """

    gap: float
    n_tokens: int
    token: int
    text: bytes
    logprob: float
    among: Distribution

    def is_taken(self, greedy: Growing, others: Iterable[Growing]) -> bool:
        """Whether another candidate has gone on like that."""
        tokens = [*greedy.tokens[: self.n_tokens], self.token]
        return any(other.tokens[: self.n_tokens + 1] == tokens for other in others)

    def begin(self, greedy: Growing, sequence: int) -> Growing:
        """Return what the greedy candidate was here, to go on in another sequence of the KV cache."""
        return Growing(
            sequence=sequence,
            greedy=True,
            text=self.text,
            tokens=greedy.tokens[: self.n_tokens],
            logprob=self.logprob,
            leaning=greedy.leaning.until(self.n_tokens),
        )


@define
class Parting:
    """``n_waiting`` candidates that have yet to leave the greedy one, and the best places to do so."""

    n_waiting: int
    _places: list[Place] = field(factory=list)

    def look(self, greedy: Growing, allowed: Floats, among: Distribution, ends: Collection[int] = ()) -> None:
        """Consider what else the greedy candidate could go on with, before it does with the likeliest token.

        ``allowed`` are log-probabilities (nats), shape ``(n_vocab,)``. Tokens that are ``ends`` leave none
        that says nothing.
        """
        if not self.n_waiting:
            return
        n = min(self.n_waiting + N_SPARE, allowed.size)
        likely = np.argpartition(-allowed, n - 1)[:n]
        best, *others = likely[np.argsort(-allowed[likely])].tolist()
        for token in others:
            gap = float(allowed[token] - allowed[best])
            if np.isfinite(gap) and (token not in ends or greedy.text.strip()):
                at = len(greedy.tokens)
                self._places.append(Place(gap, at, token, greedy.text, greedy.logprob, among))
        self._places.sort(key=lambda place: -place.gap)
        del self._places[self.n_waiting + N_SPARE :]

    def due(self, greedy: Growing, others: list[Growing]) -> Iterator[Place]:
        """Yield the places to leave at now; what leaves at one joins the ``others`` before the next."""
        while self._places and self.n_waiting:
            if self._places[0].gap < np.log(NEAR) and greedy.finish is None:
                return
            place = self._places.pop(0)
            if not place.is_taken(greedy, others):
                self.n_waiting -= 1
                yield place
