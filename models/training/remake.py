"""All steps in order, from the package registry to a model file; what is done is not done again."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from codenook.models.training import corpus, export, released, tokenizer, train
from codenook.models.training.errors import TrainingError
from codenook.models.training.schedule import Plan, continued

LOOKS_EVERY_S = 1.0


def remake(
    work: Path,
    plan: Plan,
    out: Path,
    *,
    shape: train.Shape | None = None,
    release: Path | None = None,
    data: Path | None = None,
    seed: int = 0,
) -> Path:
    """Make the model ``out``, from random weights of ``shape`` or going on from those of ``release``.

    ``data`` is the folder of a benchmark to keep out of the corpus, ``seed`` that of the draw of examples.
    """
    start = released.read(release) if release else None
    if not (work / "corpus.json").exists():
        corpus.build(work, data)
    if not (work / "tokenizer.json").exists():
        tokenizer.make(work, start.tokenizer if start else None)
    if start:
        released.check_vocabulary(start, work, release)
    with examples_beside(work, seed):
        if start:
            train.train(work, start.shape, continued(plan), start.weights)
        else:
            train.train(work, shape or train.Shape(), plan)
    return export.export(work, out)


@contextmanager
def examples_beside(work: Path, seed: int) -> Iterator[None]:
    """Have shards written while the block runs, which begins with the first one."""
    command = [sys.executable, "-P", "-m", "codenook.models.training", "examples"]
    with subprocess.Popen([*command, "--work", str(work), "--seed", str(seed)]) as process:
        try:
            while not any((work / "examples").glob("train-*.npz")):
                if process.poll() is not None:
                    raise TrainingError(f"no examples could be cut from the files in {work / 'corpus'}")
                time.sleep(LOOKS_EVERY_S)
            yield
        finally:
            process.terminate()
