"""Two models on files that neither learned from: each alone, and with the workspace's memory beside it.

Both are asked through the engine's own `Decoder`, with the windows and snippets of the training: the same
holes, and a memory of the code that was learned from and of the rest of the file in question. Holes of one
file have much in common, so what is drawn anew for the intervals are files.
"""

import math
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random

import numpy as np
from attrs import field, frozen
from tokenizers import Tokenizer

from codenook.models.engine.calibration import N_LEAST, N_TOKENS, Window, observe, windows
from codenook.models.engine.decode import Decoder
from codenook.models.engine.memories import Held
from codenook.models.engine.messages import GenerateRequest, MemoryFile
from codenook.models.engine.options import EngineOptions
from codenook.models.engine.turns import Job, Turn
from codenook.models.memory import OFF, Observation
from codenook.models.prompts.fim import FimOrder, infill
from codenook.models.training.corpus import files_of
from codenook.models.training.examples import (
    N_CONTEXT,
    N_PREFIX,
    N_SUFFIX,
    Corpus,
    Document,
    Hole,
    Snippets,
    asker,
    rest_of_line,
)
from codenook.models.training.examples import windows as around
from codenook.models.training.own_code import HELD_OUT, LEARNED
from codenook.models.training.tokenizer import encode
from codenook.server.tasks.window import n_lines_beyond

N_HOLES = 1200  # some five minutes of two cores
N_TO_ONE_ALONE = 4  # holes to one in which a model is asked without memory, too: there it's no close question
N_ANSWER = 48  # tokens of a hole, at most
N_ENOUGH = 56  # tokens of an answer, at most: a longer one is wrong
N_WINDOWS = 40  # of held-out text, for bits per byte; one of a file
N_DRAWN = 10_000  # times that files are drawn for an interval
N_CELLS = 1024  # tokens of the KV cache: as many as the model was trained with
SEED = 11
TINY = 1e-12  # chance of what is held impossible
OPTIONS = EngineOptions(n_gpu_layers=0, n_kv_cells=N_CELLS, n_slots=1)
MEMORY = "own code"


@frozen
class Question:
    """A hole from somewhere in a line to its end; ``text`` is its file without the answer."""

    text: str = field(repr=False)
    request: GenerateRequest = field(repr=False)
    answer: str


@frozen
class Reading:
    """A part of a held-out file to read along, and its size in bytes."""

    window: Window
    n_bytes: int


@frozen
class Exam:
    """What both models are asked."""

    questions: tuple[Question, ...]
    readings: tuple[Reading, ...]


@frozen
class Answers:
    """How one model did, alone and with memory: right or not, for questions; bits, for each reading.

    Alone it was asked every ``N_TO_ONE_ALONE``-th question.
    """

    right: tuple[int, ...] = ()
    right_with_memory: tuple[int, ...] = ()
    bits: tuple[float, ...] = ()
    bits_with_memory: tuple[float, ...] = ()


@frozen
class Change:
    """One measure of both models, and the difference with the ends of its 95% interval."""

    before: float
    after: float
    difference: float
    low: float
    high: float


@frozen
class Comparison:
    """All measures: shares of holes that were filled exactly, and bits per byte."""

    holes: int
    files: int
    exact: Change
    exact_with_memory: Change
    bits_per_byte: Change
    bits_per_byte_with_memory: Change

    @property
    def is_better(self) -> bool:
        """Whether the second model fills more holes than the first, both with memory, beyond chance.

        What a person sees are filled holes, so they decide; a model that expects the code less than before
        would pay for them elsewhere.
        """
        return self.exact_with_memory.low > 0 and self.bits_per_byte_with_memory.difference <= 0


def exam(work: Path, tokenizer: Tokenizer, n_holes: int) -> Exam:
    """Make the questions from the held-out files below ``work``; the same ones every time."""
    corpus = Corpus(files_of(work, HELD_OUT), tokenizer)
    documents = [corpus.document(index) for index in range(len(corpus.files))]
    with ExitStack() as stack:
        ask = asker(work / "corpus" / LEARNED, tokenizer, stack)
        questions = [
            question(document, hole, tokenizer, ask)
            for document, hole in holes(documents, tokenizer, n_holes)
        ]
    fitting = (one for one in questions if len(encode(tokenizer, one.request.prompt)) <= N_CELLS - N_ENOUGH)
    return Exam(tuple(fitting), tuple(readings(documents, tokenizer)))


def question(document: Document, hole: Hole, tokenizer: Tokenizer, ask: Snippets) -> Question:
    """Lay out a hole as the product would."""
    start, end = hole
    prefix, suffix = around(document, hole, N_PREFIX, N_SUFFIX, tokenizer)
    blocks = ask(document, hole, N_CONTEXT)
    text = document.text[:start] + document.text[end:]
    n_above, n_below = n_lines_beyond(text, start - len(prefix), start + len(suffix))
    request = GenerateRequest(
        "exam",
        infill(FimOrder.SPM, blocks=blocks, path=document.path, prefix=prefix, suffix=suffix),
        n=1,
        max_tokens=N_ENOUGH,
        memory=MEMORY,
        document=path_of(document),
        n_lines_above=n_above,
        n_lines_below=n_below,
    )
    return Question(text, request, document.text[start:end])


def holes(documents: Sequence[Document], tokenizer: Tokenizer, n_holes: int) -> list[tuple[Document, Hole]]:
    """Choose lines of code and a place in each, by the order of the files."""
    random = Random(SEED)
    lines = [
        (number, line)
        for number, document in enumerate(documents)
        for line in range(len(document.prices))
        if not (document.line(line).strip() or "#").startswith("#")
    ]
    found: list[tuple[int, Hole]] = []
    for number, line in random.sample(lines, len(lines)):
        start, end = rest_of_line(documents[number], line, random)
        answer = documents[number].text[start:end]
        if answer.strip() and len(tokenizer.encode(answer).ids) <= N_ANSWER:
            found.append((number, (start, end)))
        if len(found) == n_holes:
            break
    return [(documents[number], hole) for number, hole in sorted(found)]


def readings(documents: Sequence[Document], tokenizer: Tokenizer) -> list[Reading]:
    """Take the middle of files, evenly spread over them."""
    found = []
    for document in documents:
        tokens = tokenizer.encode(document.text).ids
        if len(tokens) >= N_LEAST:
            start = max(0, (len(tokens) - N_TOKENS) // 2)
            before, part = tokens[:start], tokens[start : start + N_TOKENS]
            # A byte-level vocabulary spells each byte with one character.
            n_bytes = sum(len(tokenizer.id_to_token(token)) for token in part[1:])
            found.append(Reading(Window(path_of(document), before, part), n_bytes))
    return found[:: math.ceil(len(found) / N_WINDOWS)] if found else []


def path_of(document: Document) -> str:
    """Return a file's path, its repository's name first."""
    return f"{document.package}/{document.path}"


class Candidate:
    """A model with a memory of the code that was learned from, weighed as an idle engine weighs it."""

    def __init__(self, path: Path, work: Path) -> None:
        self.decoder = Decoder(path, OPTIONS)
        self.memories = self.decoder.memories()
        self.memories.offer(MEMORY, {})
        files = [MemoryFile(f"{name}/{path}", "", text) for name, path, text in files_of(work, LEARNED)]
        self.memories.learn(MEMORY, files, ())
        memory = self.held.memory
        observed = [one for window in windows(memory) for one in self.read(window)]
        self.memories.weigh(self.held, observed)

    @property
    def held(self) -> Held:
        """The memory and its weights."""
        return self.memories.get(MEMORY)

    def read(self, window: Window) -> list[Observation]:
        """Observe what model and memory expect of each token."""
        return observe(self.decoder, Turn(), self.held.memory, window)

    def bits(self, reading: Reading) -> tuple[float, float]:
        """Return how surprising a text is, alone and with memory."""
        observed = self.read(reading.window)
        alone, mixed = (
            -sum(math.log2(max(one.mixed(weights), TINY)) for one in observed)
            for weights in (OFF, self.held.weights)
        )
        return alone, mixed

    def is_right(self, asked: Question, held: Held | None) -> bool:
        """Ask for the rest of a line, greedily."""
        self.memories.learn_document(MEMORY, asked.request.document, asked.text)
        (found,) = self.decoder.generate(Job(asked.request, memory=held)).candidates
        return found.text.partition("\n")[0].strip() == asked.answer.strip()


def take(asked: Exam, path: Path, work: Path, tell: Callable[[float], None]) -> Answers:
    """Have the model at ``path`` answer everything; ``tell`` is told the share that is done."""
    candidate = Candidate(path, work)
    total = len(asked.readings) + len(asked.questions)
    bits, right, right_with_memory = [], [], []
    for reading in asked.readings:
        bits.append(candidate.bits(reading))
        tell(len(bits) / total)
    for number, one in enumerate(asked.questions):
        if number % N_TO_ONE_ALONE == 0:
            right.append(int(candidate.is_right(one, None)))
        right_with_memory.append(int(candidate.is_right(one, candidate.held)))
        tell((len(bits) + len(right_with_memory)) / total)
    alone, mixed = zip(*bits, strict=True)
    return Answers(tuple(right), tuple(right_with_memory), alone, mixed)


def compare(asked: Exam, before: Answers, after: Answers) -> Comparison:
    """Set two models' answers side by side."""
    of_questions = [(one.request.document, 1) for one in asked.questions]
    of_readings = [(one.window.path, one.n_bytes) for one in asked.readings]
    return Comparison(
        len(asked.questions),
        len({one.request.document for one in asked.questions}),
        change(of_questions[::N_TO_ONE_ALONE], before.right, after.right),
        change(of_questions, before.right_with_memory, after.right_with_memory),
        change(of_readings, before.bits, after.bits),
        change(of_readings, before.bits_with_memory, after.bits_with_memory),
    )


def change(asked: Sequence[tuple[str, int]], before: Sequence[float], after: Sequence[float]) -> Change:
    """Compare sums over all sizes; ``asked`` has a file and a size for each value."""
    paths = sorted({path for path, _ in asked})
    row = {path: number for number, path in enumerate(paths)}
    sums = np.zeros((len(paths), 3))
    for (path, size), old, new in zip(asked, before, after, strict=True):
        sums[row[path]] += (size, old, new)
    drawn = np.random.default_rng(SEED).integers(len(paths), size=(N_DRAWN, len(paths)))
    sizes, old_sums, new_sums = (sums[:, column][drawn].sum(axis=1) for column in range(3))
    low, high = np.percentile((new_sums - old_sums) / sizes, [2.5, 97.5])
    size, old, new = sums.sum(axis=0)
    return Change(*(float(value) for value in (old / size, new / size, (new - old) / size, low, high)))
