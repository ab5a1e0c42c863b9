"""The step ``evaluate`` of ``python -m codenook.models.training``, from its options to what it prints."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import cattrs

from codenook.models import bundled
from codenook.models.training.errors import TrainingError
from codenook.models.training.evaluate import infilling, picture, report, sandbox
from codenook.models.training.evaluate.measure import Measured, Model, Questions, measure
from codenook.models.training.evaluate.summary import Summary

HOW_PREVIOUS = f"git show REV:models/bundled/{bundled.NAME} > GGUF, then --previous GGUF"


def run(options: argparse.Namespace) -> None:
    """Measure, print, and draw."""
    if options.holes < 1:
        raise TrainingError("--holes must be at least 1")
    if options.jobs < 1:
        raise TrainingError("--jobs must be at least 1")
    for path in (options.picture, options.answers):
        if path and not path.absolute().parent.is_dir():
            raise TrainingError(f"{path.parent} is no folder")
    if options.picture:
        picture.check()
    models = [Model(path.name, path) for path in options.models or [bundled.path()]]
    if options.previous:
        models.append(Model(f"previous: {options.previous.name}", options.previous))
    else:
        print(f"the previous bundled model is not measured; to have it: {HOW_PREVIOUS}", file=sys.stderr)
    problems, not_run = _problems(options.data)
    questions = Questions.of(options.work, options.split, options.holes, problems)
    measured = measure(models, questions, options.threads, options.jobs)
    summaries = [Summary.of(one, questions.holes) for one in measured]
    print(report.as_json(summaries, not_run) if options.json else report.as_text(summaries, not_run))
    try:
        if options.picture:
            picture.draw(summaries, options.picture)
        if options.answers:
            options.answers.write_text("".join(_lines(questions, measured)), encoding="utf-8")
    except (OSError, ValueError) as error:
        raise TrainingError(f"what was measured can't be written: {error}") from None


def _problems(data: Path | None) -> tuple[infilling.Problems, str]:
    """Return the benchmark's problems, or none and why they are not run."""
    if data is None:
        return {}, "--data FOLDER says where its problems are"
    problems = infilling.load(data)
    not_run = sandbox.why_not()
    return ({}, not_run) if not_run else (problems, "")


def _lines(questions: Questions, measured: Sequence[Measured]) -> list[str]:
    """Return one line of JSON for each model, hole and condition."""
    return [
        json.dumps(
            {
                "model": one.name,
                "condition": cattrs.unstructure(condition),
                "need": cattrs.unstructure(need),
                "hole": cattrs.unstructure(hole),
                "candidates": cattrs.unstructure(answer.filled),
            }
        )
        + "\n"
        for one in measured
        for condition, answers in one.answers.items()
        for hole, need, answer in zip(questions.holes, one.needs, answers, strict=True)
    ]
