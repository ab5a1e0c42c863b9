"""HumanEval infilling (Bavarian et al. 2022): the model fills a hole in a function, and its tests are run."""

import asyncio
import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import evolve, frozen

from codenook.context.snippets import Context
from codenook.models.engine.decode import Decoder
from codenook.models.engine.messages import StopRule
from codenook.models.engine.turns import Job
from codenook.models.training.errors import TrainingError
from codenook.models.training.evaluate import sandbox
from codenook.models.training.evaluate.progress import Progress
from codenook.models.training.evaluate.workspace import LANGUAGE, counter
from codenook.server.config import Settings
from codenook.server.tasks.document import Document
from codenook.server.tasks.prompt import completion_prompt

SINGLE_LINE, RANDOM_SPAN = "single line", "random span"
FILES = {
    SINGLE_LINE: "humaneval_infilling_single_line.jsonl",
    RANDOM_SPAN: "humaneval_infilling_random_span_light.jsonl",
}
N_ANSWER = 128  # tokens, at most
NO_STOP = StopRule(max_lines=1000)  # spans begin and end anywhere, where no cursor would stand


@frozen
class Problem:
    """A function with a hole, and the test of the whole."""

    prompt: str
    suffix: str
    test: str
    entry_point: str

    def program(self, answer: str) -> str:
        """Return the function with ``answer`` in its hole, and what tests it."""
        return f"{self.prompt}{answer}{self.suffix}\n{self.test}\ncheck({self.entry_point})\n"


Problems = Mapping[str, Sequence[Problem]]


@frozen
class PassRate:
    """The share of problems that the greedy answer solves."""

    n: int
    passed: float


def load(folder: Path) -> Problems:
    """Read the problems; raises TrainingError where a file is missing or isn't what it should be.

    A missing line is asked for from the end of the line before it to its own end, where a person would ask.
    """
    problems = {name: _read(folder, file) for name, file in FILES.items()}
    return problems | {SINGLE_LINE: [_from_line_end(problem) for problem in problems[SINGLE_LINE]]}


def first_line(answer: str) -> str:
    """Return an answer up to the end of its first line that isn't blank."""
    blank = answer[: len(answer) - len(answer.lstrip())]
    return blank + answer[len(blank) :].partition("\n")[0]


def pass_rates(
    decoder: Decoder, problems: Problems, runner: asyncio.Runner, progress: Progress
) -> dict[str, PassRate]:
    """Answer each problem once, greedily and without memory; run what comes out in the sandbox."""
    rates = {}
    for name, asked in problems.items():
        progress.begin(f"HumanEval infilling, {name}")
        passed = 0
        for problem in asked:
            answer = _answer(decoder, problem, runner)
            if name == SINGLE_LINE:
                answer = first_line(answer)
            passed += sandbox.passes(problem.program(answer))
            progress.step()
        rates[name] = PassRate(len(asked), passed / len(asked))
    return rates


def _answer(decoder: Decoder, problem: Problem, runner: asyncio.Runner) -> str:
    path = Path("solution.py").absolute()
    request = runner.run(
        completion_prompt(
            Document(path.as_uri(), path, problem.prompt + problem.suffix, LANGUAGE),
            len(problem.prompt),
            None,
            context=Context(),
            model=decoder.info,
            settings=Settings(),
            count_tokens=counter(decoder),
            n_candidates=1,
        )
    )
    request = evolve(request, max_tokens=min(N_ANSWER, decoder.info.n_ctx // 8), stop=NO_STOP)
    return decoder.generate(Job(request)).candidates[0].text


def _from_line_end(problem: Problem) -> Problem:
    if not problem.prompt.endswith("\n"):
        return problem
    return evolve(problem, prompt=problem.prompt[:-1], suffix=f"\n{problem.suffix}")


def _read(folder: Path, file: str) -> Sequence[Problem]:
    for path, opened in ((folder / file, open), (folder / f"{file}.gz", gzip.open)):
        if path.is_file():
            try:
                with opened(path, "rt", encoding="utf-8") as lines:
                    problems = [_problem(json.loads(line)) for line in lines]
            except (OSError, EOFError, ValueError, KeyError, TypeError) as error:
                raise TrainingError(f"{path} holds no infilling problems: {error!r}") from None
            if not problems:
                raise TrainingError(f"{path} is empty")
            return problems
    raise TrainingError(
        f"{folder} has no {file} or {file}.gz: github.com/openai/human-eval-infilling has them"
    )


def _problem(read: Mapping[str, str]) -> Problem:
    return Problem(read["prompt"], read["suffix"], read["test"], read["entry_point"])
