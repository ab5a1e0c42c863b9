"""The rows: each model, then the memory without one, on the same questions."""

import asyncio
import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import field, frozen

from codenook.context.index.store import FOLDER_VARIABLE
from codenook.context.snippets import Context
from codenook.models.engine.decode import Decoder
from codenook.models.engine.errors import EngineError
from codenook.models.engine.options import EngineOptions
from codenook.models.training.corpus import files_of
from codenook.models.training.errors import TrainingError
from codenook.models.training.evaluate.alone import MemoryAlone
from codenook.models.training.evaluate.asking import CONDITIONS, MEMORY_CONDITIONS, Answer, Condition, ask
from codenook.models.training.evaluate.infilling import PassRate, Problems, pass_rates
from codenook.models.training.evaluate.needs import Names, Need, names_by_package
from codenook.models.training.evaluate.progress import Progress
from codenook.models.training.evaluate.questions import Hole, Window, holes, packages, windows
from codenook.models.training.evaluate.reading import Surprise
from codenook.models.training.evaluate.workspace import Workspace, opened
from codenook.models.training.examples import Corpus
from codenook.models.training.tokenizer import load as load_tokenizer

ALONE = "memory alone"


@frozen
class Model:
    """A GGUF file, and what it is called in the table."""

    name: str
    path: Path
    is_alone: bool = False
    """Whether its tokens alone are used."""


@frozen
class Questions:
    """What every model is asked, and where the packages are."""

    root: Path
    holes: Sequence[Hole]
    windows: Sequence[Window]
    names: Mapping[str, Names]
    problems: Problems = field(factory=dict)

    @classmethod
    def of(cls, work: Path, split: str, n_holes: int, problems: Problems) -> "Questions":
        """Cut ``n_holes`` holes of each kind, and half as many windows."""
        tokenizer = work / "tokenizer.json"
        if not tokenizer.is_file():
            raise TrainingError(f"{tokenizer} is missing: run the tokenizer step first")
        files = files_of(work, split)
        corpus = Corpus(files, load_tokenizer(tokenizer))
        cut = holes(corpus, n_holes), windows(corpus, max(1, n_holes // 2))
        return cls(work / "corpus" / split, *cut, names_by_package(files), problems)

    @property
    def by_package(self) -> Iterator[tuple[str, Sequence[Window], Sequence[tuple[int, Hole]]]]:
        """Yield what is asked about each package, holes with their numbers."""
        for package in packages([*self.holes, *self.windows]):
            yield (
                package,
                [window for window in self.windows if window.package == package],
                [(i, hole) for i, hole in enumerate(self.holes) if hole.package == package],
            )


@frozen
class Measured:
    """What was measured of one model: answers in the order of the holes, under each condition."""

    name: str
    n_bytes: int
    has_model: bool
    surprise: Surprise
    answers: Mapping[Condition, Sequence[Answer]]
    needs: Sequence[Need]
    pass_rates: Mapping[str, PassRate]


def measure(models: Sequence[Model], questions: Questions, n_threads: int, n_jobs: int) -> list[Measured]:
    """Measure models, then memory alone with the tokens of the first one; ``n_jobs`` rows at the same time.

    Each has a process of its own, which gives back the model's memory. Raises TrainingError where a model
    can't be loaded or can't fill in code.
    """
    options = EngineOptions(n_threads=n_threads, n_slots=1)
    rows = [*models, Model(ALONE, models[0].path, is_alone=True)]
    spawned = get_context("spawn")  # llama.cpp's threads don't outlive a fork
    try:
        with ProcessPoolExecutor(n_jobs, mp_context=spawned, max_tasks_per_child=1) as pool:
            for problem in pool.map(_problem, models, repeat(options)):
                if problem:
                    raise TrainingError(problem)
            return [*pool.map(_row, rows, repeat(questions), repeat(options))]
    except EngineError as error:
        raise TrainingError(str(error)) from None
    except BrokenProcessPool:
        raise TrainingError("the process of a row died: llama.cpp crashed, or memory ran out") from None


def _problem(model: Model, options: EngineOptions) -> str:
    """Load a model; say what is wrong with it, before others are measured for long."""
    logging.basicConfig(level=logging.ERROR)
    info = Decoder(model.path, options).info
    return "" if info.family else f"{model.name} can't fill in code: {info.fim_problem}"


def _row(model: Model, questions: Questions, options: EngineOptions) -> Measured:
    logging.basicConfig(level=logging.ERROR)
    decoder = (MemoryAlone if model.is_alone else Decoder)(model.path, options)
    conditions = MEMORY_CONDITIONS if model.is_alone else CONDITIONS
    problems: Problems = {} if model.is_alone else questions.problems
    n_problems = sum(map(len, problems.values()))
    progress = Progress(model.name, len(questions.holes) + len(questions.windows) + n_problems)
    surprise = Surprise()
    found: dict[int, tuple[Need, Sequence[Answer]]] = {}
    with scratch(), asyncio.Runner() as runner:
        for package, its_windows, its_holes in questions.by_package:
            progress.begin(package)
            with opened(questions.root / package, decoder, runner) as workspace:
                for window in its_windows:
                    surprise.read(workspace, window)
                    progress.step()
                for number, hole in its_holes:
                    found[number] = _answered(workspace, hole, questions.names[package], conditions)
                    progress.step()
        rates = pass_rates(decoder, problems, runner, progress)
    in_order = [found[number] for number in sorted(found)]
    return Measured(
        name=model.name,
        n_bytes=model.path.stat().st_size,
        has_model=not model.is_alone,
        surprise=surprise,
        answers=dict(zip(conditions, _columns(answers for _, answers in in_order), strict=True)),
        needs=[need for need, _ in in_order],
        pass_rates=rates,
    )


@contextmanager
def scratch() -> Iterator[None]:
    """Keep indexes and memories out of the user's cache folder."""
    before = os.environ.get(FOLDER_VARIABLE)
    with TemporaryDirectory(prefix="codenook-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[FOLDER_VARIABLE]
            else:
                os.environ[FOLDER_VARIABLE] = before


def _answered(
    workspace: Workspace, hole: Hole, names: Names, conditions: Sequence[Condition]
) -> tuple[Need, Sequence[Answer]]:
    need = names.need(hole, workspace.request(hole, Context(), memory=False))
    return need, list(ask(workspace, hole, conditions))


def _columns(rows: Iterable[Sequence[Answer]]) -> Iterator[Sequence[Answer]]:
    return zip(*rows, strict=True)
