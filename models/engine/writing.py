"""The candidates of one request while they are written: what each says next, and where it ends."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen

from codenook.models.engine import sampling, stop
from codenook.models.engine.grammar import Grammar
from codenook.models.engine.growing import Growing
from codenook.models.engine.looping import loop
from codenook.models.engine.messages import MAX_CANDIDATES, Candidate, Finish, GenerateRequest
from codenook.models.engine.parting import Parting
from codenook.models.engine.recall import Distribution
from codenook.models.engine.sampling import Floats


@frozen
class Words:
    """What a model's tokens say: their ``pieces``, and which of them are ``ends`` of an answer.

    Those that end ``code`` say something else in an answer that a grammar holds; what ``closes`` ends such a
    one, too.
    """

    pieces: Mapping[int, bytes]
    ends: Collection[int]
    code_ends: Sequence[int]
    closes: Callable[[int], bool]


class Writing:
    """What is written for ``request``, in sequences of the KV cache from ``sequence`` on.

    ``distribution`` says what comes next, from the model's logits and what a candidate has written so far.
    """

    def __init__(
        self,
        request: GenerateRequest,
        words: Words,
        grammar: Grammar,
        sequence: int,
        distribution: Callable[[Floats, Sequence[int]], Distribution],
    ) -> None:
        self.candidates = [
            Growing(sequence=sequence + i, greedy=request.greedy_first and i == 0, grammar=grammar.begin())
            for i in range(request.n)
        ]
        self._request, self._words, self._distribution = request, words, distribution
        self._rng = np.random.default_rng(request.seed)
        self._live: list[Growing] = []
        n_parting = min(request.n_parting, MAX_CANDIDATES - request.n)
        self._parting = Parting(n_parting if self.first.greedy and self.first.grammar is None else 0)

    @property
    def first(self) -> Growing:
        """The greedy candidate, if there is one."""
        return self.candidates[0]

    @property
    def live(self) -> Sequence[Growing]:
        """Those that go on."""
        return self._live

    def begin(self, logits: Floats) -> None:
        """Choose first tokens by the logits after the prompt."""
        request, among = self._request, self._distribution(logits, [])
        allowed = self._allowed(self.first, among)
        self._parting.look(self.first, allowed, among, self._words.ends)
        firsts = sampling.first_tokens(
            allowed, request.n, request.min_p, self._rng, greedy_first=request.greedy_first
        )
        for candidate, token in zip(self.candidates, firsts, strict=True):
            self._append(candidate, token, among)
        self._live = [*self.candidates]

    def part(self) -> Iterator[Growing]:
        """Yield candidates that leave the greedy one now: their last token is new, the others are its own."""
        for place in self._parting.due(self.first, self.candidates):
            candidate = place.begin(self.first, self.first.sequence + len(self.candidates))
            self.candidates.append(candidate)
            self._live.append(candidate)
            self._append(candidate, place.token, place.among)
            yield candidate

    def finished(self) -> Iterator[Candidate]:
        """Yield what has ended since this was asked last."""
        ended = [candidate for candidate in self._live if candidate.finish is not None]
        self._live = [candidate for candidate in self._live if candidate.finish is None]
        for candidate in ended:
            yield candidate.done()

    def go_on(self, candidate: Growing, logits: Floats) -> None:
        """Choose the next token of one that is live by the logits after its last."""
        request, among = self._request, self._distribution(logits, candidate.tokens)
        allowed = self._allowed(candidate, among)
        if not np.isfinite(allowed).any():
            candidate.finish = Finish.END_OF_TEXT
            return
        if candidate is self.first:
            self._parting.look(candidate, allowed, among, self._words.ends)
        temperature = 0.0 if candidate.greedy else request.temperature
        taken = candidate.taken_by(self.candidates)
        token = sampling.next_token(allowed, temperature, request.min_p, self._rng, taken)
        self._append(candidate, token, among)

    def _allowed(self, candidate: Growing, among: Distribution) -> Floats:
        """Return what the next token of ``candidate`` may be drawn from: what its grammar leaves."""
        if candidate.grammar is None:
            return among.mixed
        logprobs = among.mixed.copy()
        logprobs[self._words.code_ends] = -np.inf
        return candidate.grammar.narrow(logprobs, self._request.min_p)

    def _append(self, candidate: Growing, token: int, among: Distribution) -> None:
        candidate.tokens.append(token)
        if candidate.grammar is not None:
            candidate.grammar.accept(token)
        candidate.logprob += float(among.mixed[token])
        candidate.leaning.add(among.leans_on(token))
        if token in self._words.ends or (candidate.grammar is not None and self._words.closes(token)):
            candidate.finish = Finish.END_OF_TEXT
            return
        candidate.text += self._words.pieces[token]
        if len(candidate.tokens) >= self._request.max_tokens:
            candidate.finish = Finish.MAX_TOKENS
        candidate.length = self._length(candidate)
        if candidate.length is not None:
            candidate.finish = Finish.STOP_RULE

    def _length(self, candidate: Growing) -> int | None:
        """Return where the text is cut by its rule, or before it repeats itself; None while it may go on."""
        if self._request.stop is None:
            return None
        length = stop.cut(candidate.text.decode("utf-8", errors="ignore"), self._request.stop)
        n_new = loop(candidate.tokens) if length is None else None
        if n_new is None:
            return length
        new = b"".join(self._words.pieces[token] for token in candidate.tokens[:n_new])
        return len(new.decode("utf-8", errors="ignore"))
