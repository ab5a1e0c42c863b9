"""What one request remembers: the model's distribution mixed with memory's, and what a candidate repeats."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from attrs import define, field, frozen

from codenook.models.engine.messages import Lines
from codenook.models.engine.sampling import Floats
from codenook.models.memory import (
    DEPTH,
    OFF,
    Place,
    Reader,
    Recollection,
    Weights,
    heal,
    longest,
    mix,
    shares,
)

LEANS_FROM = 0.5
"""A token leans on code when at least this part of its probability is memory's."""

TINY = 1e-9

N_TEXT = 160
"""Bytes before the cursor that are looked for: as long as all but the longest matches."""

N_LEANS = 3
"""Runs of lines that are told of a candidate, those with the most tokens."""


@frozen(eq=False)
class Distribution:
    """Log-probabilities (nats) of the next token, shape ``(n_vocab,)``: the model's, and with memory."""

    model: Floats
    mixed: Floats
    recollection: Recollection | None = None
    weights: Weights = OFF

    def leans_on(self, token: int) -> Sequence[Place]:
        """Return where the code has ``token`` after this text; nothing when it is rather the model's.

        What the prompt itself says is no place: the user has it before their eyes.
        """
        if self.recollection is None:
            return ()
        prompt, workspace = shares(self.model, self.recollection, self.weights, token)
        if prompt + workspace < LEANS_FROM:
            return ()
        source = self.recollection.workspace if workspace > prompt else self.recollection.prompt
        told = ([place for place in seen.places(token) if place.path] for seen in source)
        return next(filter(None, told), [])


@define(eq=False)
class Recall:
    """A workspace's memory, asked for one request.

    ``before`` is the text before the cursor, ``ends`` are the tokens that end an answer, ``pieces`` the bytes
    of each token.
    """

    reader: Reader
    weights: Weights
    before: bytes
    ends: npt.NDArray[np.intp]
    pieces: Mapping[int, bytes]
    tokenize: Callable[[bytes], Sequence[int]]
    first_token: Callable[[bytes], int | None]
    """Tells with which token some bytes begin, if any."""
    _asked: dict[tuple[int, ...], Recollection | None] = field(factory=dict, init=False)

    def distribution(self, model: Floats, generated: Sequence[int]) -> Distribution:
        """Return what comes after the text before the cursor and the tokens ``generated`` so far.

        Whether the answer ends is for the model alone to say: in a file something always follows.
        """
        recollection = self._recollect(generated)
        if recollection is None:
            return Distribution(model, model)
        mixed = mix(model, recollection, self.weights)
        end, mixed_end = (float(np.exp(logprobs[self.ends]).sum()) for logprobs in (model, mixed))
        if mixed_end < 1.0:
            mixed += np.float32(np.log(max(1.0 - end, TINY)) - np.log(1.0 - mixed_end))
        mixed[self.ends] = model[self.ends]
        return Distribution(model, mixed, recollection, self.weights)

    def _recollect(self, generated: Sequence[int]) -> Recollection | None:
        """Ask with the tokens that the text would have in a file, and without the last, which may go on.

        In a file the last character of several of white space mostly belongs to the word that follows, so
        behind an indentation it is left out, too.
        """
        text = (self.before + b"".join(self.pieces[token] for token in generated))[-N_TEXT:]
        tokens = self.tokenize(text)
        if not tokens:
            return None
        last = self.pieces[tokens[-1]]
        found = [self._after(tokens), self._going_on(tokens[:-1], last)]
        if len(last) > 1 and last.isspace():
            found.append(self._going_on(self.tokenize(text[:-1]), last[-1:]))
        return longest(*found)

    def _going_on(self, tokens: Sequence[int], part: bytes) -> Recollection | None:
        """Ask how the text goes on after ``tokens`` and ``part``, which one more token begins with."""
        return heal(self._after(tokens), part, self.pieces, self.first_token)

    def _after(self, tokens: Sequence[int]) -> Recollection | None:
        """Ask the memory; what all tokens but the last lead to was asked for a step ago."""
        asked = tuple(tokens[-DEPTH:])
        if asked not in self._asked:
            self._asked[asked] = self.reader.after(asked)
        return self._asked[asked]


@define
class Leaning:
    """The lines that a candidate's tokens were taken from, followed from token to token."""

    _runs: list[list[Place]] = field(factory=list)
    _open: list[list[Place]] = field(factory=list)

    def add(self, places: Sequence[Place]) -> None:
        """Take the places of one more token; none ends what was followed."""
        going = {(run[-1].path, run[-1].offset + 1): run for run in self._open}
        followed = [(going[key], place) for place in places if (key := (place.path, place.offset)) in going]
        self._open = []
        for run, place in followed or [([], place) for place in places]:
            if not run:
                self._runs.append(run)
            run.append(place)
            self._open.append(run)

    @property
    def lines(self) -> tuple[Lines, ...]:
        """The runs of lines, those with most tokens first; of several that say the same the first by path."""
        spans: dict[Lines, int] = {}
        for run in sorted(self._runs, key=lambda run: (-len(run), run[0].path, run[0].offset)):
            span = Lines(run[0].path, run[0].line, run[-1].line)
            spans[span] = max(spans.get(span, 0), len(run))
        return tuple(spans)[:N_LEANS]
