"""When a model counts as better than another."""

# ruff: noqa: S311  # random numbers choose test data

from random import Random

import pytest

pytest.importorskip("tokenizers", reason="the train extra is not installed")

from codenook.models.engine.messages import GenerateRequest
from codenook.models.training import compare
from codenook.models.training.compare import Answers, Exam, Question, Reading, Window
from codenook.server.adapt_report import show, why

QUESTIONS = tuple(
    Question("", GenerateRequest("", document=f"file{number % 20}.py"), "x") for number in range(400)
)
READINGS = tuple(Reading(Window(f"file{number}.py", [], [1]), 100) for number in range(20))
EXAM = Exam(QUESTIONS, READINGS)
BEFORE = [number % 10 == 0 for number in range(400)]


def comparison(right, bits=90.0):
    """Compare a model with one that is right at every tenth question."""
    alone = tuple(BEFORE[:: compare.N_TO_ONE_ALONE])
    before = Answers(alone, tuple(BEFORE), (100.0,) * 20, (100.0,) * 20)
    return compare.compare(EXAM, before, Answers(alone, tuple(right), (100.0,) * 20, (bits,) * 20))


def test_more_right_answers_over_many_files_are_better():
    random = Random(1)
    found = comparison([right or random.random() < 0.1 for right in BEFORE])
    assert found.is_better
    assert 0 < found.exact_with_memory.low < found.exact_with_memory.difference < found.exact_with_memory.high
    assert found.exact.difference == 0
    assert found.bits_per_byte_with_memory.difference == pytest.approx(-0.1)
    assert (found.holes, found.files) == (400, 20)


def test_as_many_gained_as_lost_are_no_better():
    lost = [right and number % 20 != 0 for number, right in enumerate(BEFORE)]
    assert not comparison([right or number % 20 == 5 for number, right in enumerate(lost)]).is_better


def test_gains_in_one_file_may_be_chance():
    found = comparison([right or number % 20 == 3 for number, right in enumerate(BEFORE)])
    assert found.exact_with_memory.difference == pytest.approx(0.05)
    assert found.exact_with_memory.low <= 0
    assert not found.is_better


def test_a_model_that_expects_the_code_less_is_no_better():
    random = Random(1)
    assert not comparison([right or random.random() < 0.1 for right in BEFORE], bits=101.0).is_better


def test_people_see_a_table_and_why_a_model_is_refused(capsys):
    random = Random(1)
    better = [right or random.random() < 0.1 for right in BEFORE]
    show(comparison(better))
    shown = " ".join(capsys.readouterr().out.split())
    gained = sum(better) - sum(BEFORE)
    assert "400 holes in 20 held-out files" in shown
    assert f"filled exactly, with memory 10.0% {sum(better) / 4:.1f}% +{gained / 4:.1f}" in shown
    assert "bits per byte, with memory 1.000 0.900 -0.100 -0.100 to -0.100" in shown

    assert "no more holes" in why(comparison(BEFORE))
    assert "chance" in why(comparison([right or number % 20 == 3 for number, right in enumerate(BEFORE)]))
    assert "expects the held-out code less" in why(comparison(better, bits=101.0))
