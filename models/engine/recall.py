"""What one request remembers: the model's distribution mixed with memory's, and what a candidate repeats."""

from collections.abc import Iterable, Sequence

from attrs import define, field, frozen

from codenook.models.engine.messages import Lines, Recalled
from codenook.models.engine.sampling import Floats
from codenook.models.memory import (
    DEPTH,
    Ends,
    Mixture,
    Place,
    Reader,
    Recollection,
    Spelled,
    Spelling,
    Weights,
    heal,
    longest,
    mix,
)

LEANS_FROM = 0.5
"""A token leans on code when at least this part of its probability is memory's."""

N_TEXT = 160
"""Bytes before the cursor that are looked for with what was generated: as long as most matches."""

N_LEANS = 3
"""Runs of lines that are told of a candidate, those with the most tokens."""


@frozen(eq=False)
class Distribution:
    """Log-probabilities (nats) of the next token, shape ``(n_vocab,)``: the model's, mixed with memory."""

    mixed: Floats
    mixture: Mixture | None = None
    recollection: Recollection | None = None

    def leans_on(self, token: int) -> Sequence[Place]:
        """Return where the code has ``token`` after this text; nothing when it is rather the model's.

        What the prompt itself says is no place: the user has it before their eyes.
        """
        if self.mixture is None or self.recollection is None:
            return ()
        prompt, workspace = self.mixture.shares(token)
        if prompt + workspace < LEANS_FROM:
            return ()
        source = self.recollection.workspace if workspace > prompt else self.recollection.prompt
        told = ([place for place in seen.places(token) if place.path] for seen in source)
        return next(filter(None, told), [])


@define(eq=False)
class Recall:
    """A workspace's memory, asked for one request.

    ``before`` is the text before the cursor.
    """

    reader: Reader
    weights: Weights
    before: bytes
    ends: Ends
    spelling: Spelling
    _n_tokenized: int = field(init=False)
    _spelled: dict[tuple[int, ...], Spelled] = field(factory=dict, init=False)
    """The tokens that the text has, by what was generated."""
    _recollected: dict[tuple[int, ...], Recollection | None] = field(factory=dict, init=False)
    _asked: dict[Spelled, Recollection | None] = field(factory=dict, init=False)

    @_n_tokenized.default
    def _tokenized_before(self) -> int:
        return self.spelling.n_tokenized

    @property
    def done(self) -> Recalled:
        """What was done for the request so far."""
        n_tokenized = self.spelling.n_tokenized - self._n_tokenized
        return Recalled(n_tokenized, self.reader.n_beyond)

    def distribution(self, model: Floats, generated: Sequence[int]) -> Distribution:
        """Return what comes after the text before the cursor and the tokens ``generated`` so far."""
        self.ask([generated])
        recollection = self._recollected[tuple(generated)]
        if recollection is None:
            return Distribution(model)
        mixture = mix(model, recollection, self.weights, self.ends)
        return Distribution(mixture.logprobs, mixture, recollection)

    def ask(self, texts: Iterable[Sequence[int]]) -> None:
        """Look up what followed each of some texts, unless that was done before: by one thread at a time."""
        for generated in map(tuple, texts):
            if generated not in self._recollected:
                self._recollected[generated] = self._recollect(self._text(generated))

    def _text(self, generated: tuple[int, ...]) -> Spelled:
        """Return the tokens that the text so far would have in a file."""
        if generated not in self._spelled:
            self._spelled[generated] = (
                self.spelling.append(self._text(generated[:-1]), self.spelling.pieces[generated[-1]])
                if generated
                else self.spelling.tokens(_end_of(self.before))
            )
        return self._spelled[generated]

    def _recollect(self, tokens: Spelled) -> Recollection | None:
        """Ask with the tokens of the text, and without the last, which may go on.

        In a file the last character of several of white space mostly belongs to the word that follows, so
        behind an indentation it is left out, too.
        """
        if not tokens:
            return None
        before, last = tokens[:-1], self.spelling.pieces[tokens[-1]]
        found = [self._after(tokens), self._going_on(before, last)]
        if len(last) > 1 and last.isspace():
            found.append(self._going_on(self.spelling.append(before, last[:-1]), last[-1:]))
        return longest(*found)

    def _going_on(self, tokens: Spelled, part: bytes) -> Recollection | None:
        """Ask how the text goes on after ``tokens`` and ``part``, which one more token begins with."""
        return heal(self._after(tokens), part, self.spelling) if self.spelling.has_longer(part) else None

    def _after(self, tokens: Spelled) -> Recollection | None:
        """Ask the memory; what all tokens but the last lead to was asked for a step ago."""
        asked = tokens[-DEPTH:]
        if asked not in self._asked:
            self._asked[asked] = self.reader.after(asked)
        return self._asked[asked]


def _end_of(text: bytes) -> bytes:
    """Return the last ``N_TEXT`` bytes, from the first whole character on."""
    return text[-N_TEXT:].decode("utf-8", "ignore").encode()


@define
class Leaning:
    """The lines that a candidate's tokens were taken from, followed from token to token."""

    _steps: list[Sequence[Place]] = field(factory=list)

    def add(self, places: Sequence[Place]) -> None:
        """Take the places of one more token; none ends what was followed."""
        self._steps.append(places)

    def until(self, n: int) -> "Leaning":
        """Return what the first ``n`` tokens were taken from, to go on otherwise."""
        return Leaning(self._steps[:n])

    @property
    def lines(self) -> tuple[Lines, ...]:
        """The runs of lines, those with most tokens first; of several that say the same the first by path."""
        spans: dict[Lines, int] = {}
        for run in sorted(self._runs(), key=lambda run: (-len(run), run[0].path, run[0].offset)):
            span = Lines(run[0].path, run[0].line, run[-1].line)
            spans[span] = max(spans.get(span, 0), len(run))
        return tuple(spans)[:N_LEANS]

    def _runs(self) -> list[list[Place]]:
        """Follow each place to the one behind it."""
        runs: list[list[Place]] = []
        ends: list[list[Place]] = []
        for places in self._steps:
            going = {(run[-1].path, run[-1].offset + 1): run for run in ends}
            followed = [
                (going[key], place) for place in places if (key := (place.path, place.offset)) in going
            ]
            ends = []
            for run, place in followed or [([], place) for place in places]:
                if not run:
                    runs.append(run)
                run.append(place)
                ends.append(run)
        return runs
