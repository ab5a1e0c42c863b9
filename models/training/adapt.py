"""``codenook adapt``: a model goes on learning from a user's own code, and is judged on files held out of it.

All is kept in a working folder until the end, so that an interrupted run goes on where it was: the holes that
were made, the newest checkpoint, the answers of each model.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from hashlib import sha256
from itertools import count, islice
from pathlib import Path
from random import Random

import cattrs
import psutil
import torch
from attrs import evolve, frozen

from codenook.models.training import export, own_code, released
from codenook.models.training import tokenizer as tokenizers
from codenook.models.training.compare import N_HOLES, Answers, Comparison, Exam, compare, exam, take
from codenook.models.training.corpus import files_of
from codenook.models.training.examples import MAX_EXAMPLES_PER_FILE, Corpus, asker, shard
from codenook.models.training.own_code import LEARNED, OwnCode
from codenook.models.training.released import Release
from codenook.models.training.rows import write_shard
from codenook.models.training.schedule import Plan
from codenook.models.training.train import Report, train

PLAN = Plan(
    n_rows=4,
    lr_matrices=0.005,
    lr_rest=0.001,
    warmup=0.05,
    hold=0.0,
    checkpoint_minutes=0.5,
    report_seconds=2.0,
)
"""A quarter of the first training's rates, falling all the way."""

N_SHARD = 250
"""Holes that are made before the next look at the time; with the plain text between them some 50 rows."""

SHARDS_PER_MINUTE = 1
"""Holes are used five times or more: to make twice as many takes longer and was no better."""

MAX_THREADS = 4

FORMAT = "1"
"""Raised when what is in a working folder changes."""

MAKING, MEASURING, LEARNING, JUDGING = (
    "making examples",
    "measuring the model as it is",
    "learning",
    "measuring the adapted model",
)
STAGES = (MAKING, MEASURING, LEARNING, JUDGING)

Tell = Callable[[str, float, str], None]
"""Told of a stage, the share of it that is done, and a word on it."""


@frozen
class Adapted:
    """A model file that was made, and how it compares with the one it was made from."""

    path: Path
    comparison: Comparison


def key(own: OwnCode, start: Path) -> str:
    """Name what is learned, and from where on: the same for the same code and model."""
    with start.open("rb") as file:
        model = sha256(file.read()).hexdigest()
    return sha256(f"{FORMAT} {own.digest} {model}".encode()).hexdigest()[:16]


def adapt(
    own: OwnCode, start: Path, name: str, work: Path, plan: Plan, tell: Tell, n_holes: int = N_HOLES
) -> Adapted:
    """Go on from the model at ``start`` with a user's code; ``work`` is gone on with where there is one.

    Raises TrainingError for a model that the training did not make.
    """
    release = released.read(start)
    prepare(own, release, work)
    make_examples(work, max(1, round(plan.hours * 60 * SHARDS_PER_MINUTE)), tell)
    asked = exam(work, release.tokenizer, n_holes)
    before = answers(asked, start, work, MEASURING, tell)
    path = learn(release, name, work, plan, tell)
    after = answers(asked, path, work, JUDGING, tell)
    return Adapted(path, compare(asked, before, after))


def prepare(own: OwnCode, release: Release, work: Path) -> None:
    """Store what the steps read."""
    work.mkdir(parents=True, exist_ok=True, mode=0o700)
    own_code.write(own, work)
    release.tokenizer.save(str(work / "tokenizer.json"))


def make_examples(work: Path, n_shards: int, tell: Tell) -> None:
    """Cut holes into the code that is learned from, pass after pass over its files."""
    corpus = Corpus(files_of(work, LEARNED), tokenizers.load(work / "tokenizer.json"))
    folder = work / "examples"
    folder.mkdir(exist_ok=True)
    visits = passes(corpus)
    with ExitStack() as stack:
        ask = asker(work / "corpus" / LEARNED, corpus.tokenizer, stack)
        for number in range(n_shards):
            tell(MAKING, number / n_shards, "")
            chosen = list(islice(visits, N_SHARD))
            target = folder / f"train-{number:03d}.npz"
            if not target.exists():
                write_shard(target, shard(corpus, chosen, Random(number), ask))
    tell(MAKING, 1.0, "")


def passes(corpus: Corpus) -> Iterator[tuple[int, float]]:
    """Yield places in files without end, other ones in each pass."""
    for number in count():
        yield from corpus.visits(Random(number), MAX_EXAMPLES_PER_FILE)


def learn(release: Release, name: str, work: Path, plan: Plan, tell: Tell) -> Path:
    """Train, and write the model; return its file."""
    path = work / f"{name}.gguf"
    if path.exists():
        return path

    def report(told: Report) -> None:
        tell(LEARNING, min(1.0, told.share), f"loss {told.loss:.2f}")

    tell(LEARNING, 0.0, "")
    n_threads = min(MAX_THREADS, psutil.cpu_count(logical=False) or 1)
    plan = evolve(plan, n_threads=n_threads, compiled=plan.compiled and can_compile(work))
    train(work, release.shape, plan, release.weights, report)
    tell(LEARNING, 1.0, "")
    return export.export(work, path, name=name)


def can_compile(work: Path) -> bool:
    """Whether torch.compile works here: it asks for a C++ compiler and Python's headers."""
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(work / "compiled"))  # else a folder in /tmp
    try:
        torch.compile(torch.sin)(torch.ones(8))
    except Exception:  # noqa: BLE001 - whatever it is, the same passes run without
        return False
    return True


def answers(asked: Exam, model: Path, work: Path, stage: str, tell: Tell) -> Answers:
    """Return what a model answers, from an earlier run where there was one."""
    kept = work / f"{stage.replace(' ', '-')}.json"
    if kept.exists():
        return cattrs.structure(json.loads(kept.read_text("utf-8")), Answers)
    tell(stage, 0.0, "")
    found = take(asked, model, work, lambda done, total: tell(stage, done / total, ""))
    unfinished = kept.with_suffix(".tmp")
    unfinished.write_text(json.dumps(cattrs.unstructure(found)), "utf-8")
    unfinished.replace(kept)
    return found
