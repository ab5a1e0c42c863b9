"""How much better a model predicts code of packages that it never saw, when it may remember.

Each window of a file is read along token by token, with the rest of its package in memory and the file itself
hidden. Every few tokens a new reader is made, as for a request: what stands before is the prompt.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random

import numpy as np
import numpy.typing as npt
from attrs import define, frozen

from codenook.models.engine.decode import Decoder
from codenook.models.engine.messages import MemoryFile
from codenook.models.engine.turns import Turn
from codenook.models.memory import Memory, Observation, Recollection, Weights, calibrate, mix
from codenook.models.prompts.fim import Special

N_WINDOW = 900  # tokens, and the file's path before them: together less than the model was trained on
N_STEP = 16  # tokens after which a reader is made anew, about what a candidate has
MODEL, WINDOW, FILE, PACKAGE = "model", "window", "file", "package"


@frozen
class Row:
    """One way to predict: with the model or not, and what of the text is remembered."""

    name: str
    uses: tuple[str, ...]


ROWS = (
    Row("model alone", (MODEL,)),
    Row("and the model's window", (MODEL, WINDOW)),
    Row("and the file so far", (MODEL, FILE)),
    Row("and the window and the package", (MODEL, WINDOW, PACKAGE)),
    Row("and the file so far and the package", (MODEL, FILE, PACKAGE)),
    Row("memory alone: file so far and package", (FILE, PACKAGE)),
)
BEST = ROWS[4]
"""What the engine does: its weights are worth keeping."""


@frozen(eq=False)
class Step:
    """One token: what the model said (log-probabilities, nats), what memory said, and what came."""

    logprobs: npt.NDArray[np.float32]
    with_window: Recollection | None
    with_file: Recollection | None
    token: int

    def seen(self, row: Row) -> tuple[npt.NDArray[np.float32], Recollection]:
        """Return what a row may use."""
        logprobs = (
            self.logprobs if MODEL in row.uses else np.full_like(self.logprobs, -np.log(self.logprobs.size))
        )
        found = self.with_window if WINDOW in row.uses else self.with_file
        prompt = found.prompt if found and (WINDOW in row.uses or FILE in row.uses) else ()
        return logprobs, Recollection(prompt, found.workspace if found and PACKAGE in row.uses else ())


@frozen(eq=False)
class Window:
    """A part of a file, token by token."""

    path: str
    n_bytes: int
    steps: Sequence[Step]


@define
class Score:
    """What was counted of one row."""

    nats: float = 0.0
    n_bytes: int = 0
    n_right: int = 0
    n_tokens: int = 0

    @property
    def bits_per_byte(self) -> float:
        """Mean surprise."""
        return self.nats / np.log(2) / self.n_bytes

    @property
    def accuracy(self) -> float:
        """How often the likeliest token was the one that came."""
        return self.n_right / self.n_tokens


def windows(decoder: Decoder, package: str, files: dict[str, str], n: int) -> Iterator[Window]:
    """Yield ``n`` windows of a package, the same ones every time; fewer when it is small."""
    tokens = {path: decoder.tokenize(text) for path, text in files.items()}
    memory = remembered(decoder, package, files)
    starts = [(path, i) for path, ids in tokens.items() for i in range(0, max(1, len(ids) - 200), N_WINDOW)]
    Random(package).shuffle(starts)
    for path, start in starts[:n]:
        head = decoder.encode([Special.FILE_SEPARATOR, f"{path}\n"])
        ids = tokens[path][start : start + N_WINDOW]
        job, steps = Turn(), []
        for i, logprobs in enumerate(decoder.read(job, [*head, *ids[:-1]]), start=1 - len(head)):
            if i < 0:
                continue
            if i % N_STEP == 0:
                before = tokens[path][: start + i]
                in_window = memory.reader([*head, *ids[:i]], [path], before)
                in_file = memory.reader(before, [path])
            generated = ids[i - i % N_STEP : i]
            steps.append(Step(logprobs, in_window.after(generated), in_file.after(generated), ids[i]))
        yield Window(path, sum(len(decoder.piece(token)) for token in ids), steps)


def remembered(decoder: Decoder, package: str, files: dict[str, str]) -> Memory:
    """Return the memory of a package."""
    memories = decoder.memories()
    memories.offer(package, {})
    memories.learn(package, [MemoryFile(path, "", text) for path, text in files.items()], ())
    return memories.get(package).memory


def fit(windows: Iterable[Window]) -> dict[Row, Weights]:
    """Return the weights that suit each row best."""
    observed: dict[Row, list[Observation]] = {row: [] for row in ROWS}
    for window in windows:
        for step in window.steps:
            for row in ROWS:
                observed[row].append(Observation.of(*step.seen(row), step.token))
    return {row: calibrate(observed[row]) for row in ROWS}


def score(windows: Iterable[Window], weights: Mapping[Row, Weights]) -> dict[Row, Score]:
    """Return how well each row predicts."""
    scores = {row: Score() for row in ROWS}
    for window in windows:
        for row, one in scores.items():
            one.n_bytes += window.n_bytes
            one.n_tokens += len(window.steps)
            for step in window.steps:
                mixed = mix(*step.seen(row), weights[row]).logprobs
                one.nats -= float(mixed[step.token])
                one.n_right += int(mixed.argmax() == step.token)
    return scores
