"""``codenook adapt``: a model goes on learning from a user's own code, and is judged on files held out of it.

All is kept in a working folder until the end, so that an interrupted run goes on where it was: the holes that
were made, the newest checkpoint, the answers of each model.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from hashlib import sha256
from itertools import count, islice
from pathlib import Path
from random import Random
from threading import Event

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
from codenook.models.training.train import Report, load_checkpoint, train

PLAN = Plan(
    n_rows=4,
    lr_matrices=0.01,
    lr_rest=0.002,
    warmup=0.05,
    hold=0.0,
    middle_weight=8.0,
    checkpoint_minutes=0.5,
    report_seconds=2.0,
)
"""Half the first training's rates, falling all the way; what is to fill in counts more than in that one."""

SHARE_LEARNED = 0.5
"""Of the new weights, in what is kept: mixed with the old ones, a model forgets less of other code and fills
in more of this one than either (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models")."""

N_SHARD = 250
"""Holes in one file of examples; with the plain text between them they are some 50 rows."""

SHARDS_PER_MINUTE = 1
"""A shard takes some five seconds; each of its holes is learned from several times."""

MAX_THREADS = 4

FORMAT = "2"
"""Raised when what is in a working folder changes."""

MAKING, LEARNING, MEASURING = STAGES = ("making examples", "learning", "measuring")

Tell = Callable[[str, float, str], None]
"""Told of a stage, the share of it that is done, and a word on it."""


class Stopped(Exception):
    """The user has interrupted the run."""


@frozen
class Adapted:
    """A model file that was made, and how it compares with the one it was made from."""

    path: Path
    comparison: Comparison


def key(own: OwnCode, start: Path, minutes: float) -> str:
    """Name a run: the same for the same code, model and time.

    Raises TrainingError for a model that the training did not make.
    """
    released.read(start)
    model = sha256(start.read_bytes()).hexdigest()
    return sha256(f"{FORMAT} {own.digest} {model} {minutes}".encode()).hexdigest()[:16]


def adapt(own: OwnCode, start: Path, *, name: str, work: Path, plan: Plan, tell: Tell) -> Adapted:
    """Go on from the model at ``start`` with a user's code; ``work`` is gone on with where there is one."""
    release = released.read(start)
    prepare(own, release, work)
    make_examples(work, max(1, round(plan.hours * 60 * SHARDS_PER_MINUTE)), tell)
    path = learn(release, name, work, plan, tell)
    tell(MEASURING, 0.0, "")
    asked = exam(work, release.tokenizer, N_HOLES)
    before, after = measure(asked, {"before": start, "after": path}, work, tell)
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
    learned = load_checkpoint(train(work, release.shape, plan, release.weights, report))["model"]
    tell(LEARNING, 1.0, "")
    kept = {key: torch.lerp(old, learned[key], SHARE_LEARNED) for key, old in release.weights.items()}
    export.write(path, release.shape, kept, release.tokenizer, form="q8_0", name=name)
    return path


def can_compile(work: Path) -> bool:
    """Whether torch.compile works here: it asks for a C++ compiler and Python's headers."""
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(work.parent / "compiled"))  # else it's in /tmp
    try:
        torch.compile(torch.sin)(torch.ones(8))
    except Exception:  # noqa: BLE001 - whatever it is, the same passes run without
        return False
    return True


def measure(asked: Exam, models: Mapping[str, Path], work: Path, tell: Tell) -> list[Answers]:
    """Have models answer, each on a thread of its own: nearly all of the time llama.cpp computes."""
    shares = dict.fromkeys(models, 0.0)
    stopped = Event()

    def told(name: str, share: float) -> None:
        if stopped.is_set():
            raise Stopped
        shares[name] = share
        tell(MEASURING, sum(shares.values()) / len(shares), "")

    with ThreadPoolExecutor(len(models)) as pool:
        found = [
            pool.submit(answers, asked, model, work, work / f"{name}.json", partial(told, name))
            for name, model in models.items()
        ]
        try:
            return [one.result() for one in found]
        finally:
            stopped.set()


def answers(asked: Exam, model: Path, work: Path, kept: Path, tell: Callable[[float], None]) -> Answers:
    """Return what a model answers, from an earlier run where there was one."""
    if not kept.exists():
        found = take(asked, model, work, tell)
        unfinished = kept.with_suffix(".tmp")
        unfinished.write_text(json.dumps(cattrs.unstructure(found)), "utf-8")
        unfinished.replace(kept)
    tell(1.0)
    return cattrs.structure(json.loads(kept.read_text("utf-8")), Answers)
