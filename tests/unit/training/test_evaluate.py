"""The evaluation: its questions, its figures, its sandbox, and all of it in small with the bundled model."""

import ast
import asyncio
import gzip
import json
import shutil
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

import cattrs
import numpy as np
import pytest
from attrs import frozen

pytest.importorskip("tokenizers", reason="the train extra is not installed")

from codenook.models import bundled
from codenook.models.engine.decode import Decoder
from codenook.models.engine.messages import GenerateRequest
from codenook.models.engine.options import EngineOptions
from codenook.models.engine.turns import Turn
from codenook.models.training import tokenizer as tokenizers
from codenook.models.training.__main__ import main
from codenook.models.training.corpus import files_of
from codenook.models.training.errors import TrainingError
from codenook.models.training.evaluate import infilling, sandbox
from codenook.models.training.evaluate.alone import MemoryAlone
from codenook.models.training.evaluate.asking import FULL, ask
from codenook.models.training.evaluate.figures import Difference, Reliability
from codenook.models.training.evaluate.measure import scratch
from codenook.models.training.evaluate.needs import Names, Need
from codenook.models.training.evaluate.progress import Progress
from codenook.models.training.evaluate.questions import Hole, Kind, holes, windows
from codenook.models.training.evaluate.report import as_text
from codenook.models.training.evaluate.summary import Summary, not_beaten
from codenook.models.training.evaluate.workspace import opened
from codenook.models.training.examples import Corpus

STANDARD_LIBRARY = Path(json.__file__).parents[1]

PROBLEM = {
    "prompt": "def twice(n):\n",
    "suffix": "",
    "canonical_solution": "    return 2 * n\n",
    "test": "def check(candidate):\n    assert candidate(4) == 8\n",
    "entry_point": "twice",
}


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    """A working folder with two packages to test on, and a vocabulary to cut holes with."""
    work = tmp_path_factory.mktemp("work")
    for package in ("json", "wsgiref"):
        target = work / "corpus" / "test" / package / package
        target.mkdir(parents=True)
        for path in (STANDARD_LIBRARY / package).glob("*.py"):
            shutil.copy(path, target)
    texts = [text for _, _, text in files_of(work, "test")]
    tokenizers.train(texts, size=800).save(str(work / "tokenizer.json"))
    return work


@pytest.fixture(scope="module")
def corpus(work):
    return Corpus(files_of(work, "test"), tokenizers.load(work / "tokenizer.json"))


# Questions


def test_holes_are_the_same_every_time_and_leave_the_rest_of_the_file(corpus):
    texts = {(package, path): text for package, path, text in corpus.files}
    cut = holes(corpus, 4)
    assert cut == holes(corpus, 4)
    assert [hole.kind for hole in cut] == [kind for kind in Kind for _ in range(4)]
    for hole in cut:
        assert hole.before + hole.answer + hole.after == texts[hole.package, hole.path]
        assert hole.compared(hole.answer) == hole.wanted != ""


def test_whole_lines_and_blocks_begin_where_an_editor_puts_the_cursor(corpus):
    for hole in holes(corpus, 6):
        if hole.kind is not Kind.REST_OF_LINE:
            assert not hole.before.rpartition("\n")[2].strip()
            assert not hole.answer[0].isspace()
            assert hole.after[:1] in {"", "\n"}


def test_blocks_are_whole_statements(corpus):
    for hole in holes(corpus, 6):
        if hole.kind is Kind.BLOCK:
            ast.parse(f"if 1:\n{hole.before.rpartition(chr(10))[2] or ' '}{hole.answer}\n")


def test_windows_are_whole_lines(corpus):
    texts = {(package, path): text for package, path, text in corpus.files}
    for window in windows(corpus, 3):
        whole = texts[window.package, window.path]
        assert whole.startswith(window.before + window.text)
        assert (window.before + window.text).endswith("\n")


@pytest.mark.parametrize(
    ("kind", "answer", "counts"),
    [
        (Kind.REST_OF_LINE, " value)  \nmore", "value)"),
        (Kind.WHOLE_LINE, "if a:\n    b", "if a:"),
        (Kind.BLOCK, "if a:\n    b\n", "if a:\n    b"),
    ],
)
def test_of_an_answer_for_a_line_the_line_counts(kind, answer, counts):
    assert Hole(kind, "p", "a.py", "", "", "x").compared(answer) == counts


# What holes need


@pytest.mark.parametrize(
    ("answer", "need"),
    [
        ("grind(wheel)", Need(context=True, memory=True)),  # defined in another file
        ("turned(local)", Need(context=False, memory=True)),  # `turned` is only mentioned there
        ("far_away", Need(context=False, memory=True)),  # beyond the window of its own file
        ("print(wheel)", Need(context=False, memory=False)),  # Python's own, and in the window
        ("unheard_of", Need(context=False, memory=False)),
    ],
)
def test_a_hole_needs_what_only_other_places_name(answer, need):
    own = "far_away = 1\nwheel = "
    names = Names.of(
        {"a.py": f"{own}{answer}\n", "b.py": "def grind(w):\n    turned = w\n    return turned\n"}
    )
    hole = Hole(Kind.REST_OF_LINE, "p", "a.py", own, "", answer)
    assert names.need(hole, GenerateRequest(slot="", prompt=("wheel = ",))) == need


# Figures


def test_a_difference_has_an_interval_around_it():
    files = [str(n) for n in range(100)]
    found = Difference.of(files, [True] * 60 + [False] * 40, [True] * 30 + [False] * 70)
    assert (found.n, found.mean) == (100, 0.3)
    assert 0.2 < found.low < 0.3 < found.high < 0.4


def test_holes_of_one_file_are_drawn_together():
    exact, nothing = [True] * 30 + [False] * 70, [False] * 100
    alone = Difference.of([str(n) for n in range(100)], exact, nothing)
    together = Difference.of([str(n // 10) for n in range(100)], exact, nothing)
    assert together.mean == alone.mean
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_equal_answers_differ_by_nothing_and_no_holes_say_nothing():
    same = Difference.of(["a", "b"], [True, False], [True, False])
    assert (same.mean, same.low, same.high) == (0, 0, 0)
    assert Difference.of([], [], []) is None


def test_reliability_is_the_distance_between_sureness_and_truth():
    sure = np.array([0.05, 0.05, 0.95, 0.95])
    right = Reliability.of(sure, np.array([False, False, True, True]))
    assert (round(right.error, 3), right.ranking) == (0.05, 1.0)
    wrong = Reliability.of(sure, np.array([True, True, False, False]))
    assert (round(wrong.error, 3), wrong.ranking) == (0.95, 0.0)
    assert [one.n for one in wrong.bins] == [2, 2]
    assert Reliability.of(np.array([1.0]), np.array([True])).ranking is None


# The sandbox, and the problems that are run in it


@pytest.fixture
def sandboxed():
    if why := sandbox.why_not():
        pytest.skip(why)


@pytest.mark.usefixtures("sandboxed")
@pytest.mark.parametrize(
    ("program", "passes"),
    [
        ("print('x')", True),
        ("assert False", False),
        ("raise SystemExit(0)", False),
        ("import os; os._exit(0)", False),
        ("def f(:", False),
        ("x = bytearray(2 << 30)", False),
        ("import socket; socket.create_connection(('1.1.1.1', 53), 1)", False),
        ("open('/usr/mark', 'w')", False),
        ("open('/tmp/mark', 'w').write('x')", True),
        (f"open({str(Path(__file__).resolve())!r})", False),
        ("while True: print('x' * 9999)", False),
    ],
)
def test_only_what_runs_to_its_end_within_bounds_passes(program, passes):
    assert sandbox.passes(program) is passes


def test_without_bubblewrap_it_is_said_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    sandbox.why_not.cache_clear()
    assert sandbox.why_not() == "bubblewrap (bwrap) is not on PATH"
    sandbox.why_not.cache_clear()


def write_problems(folder):
    """Write the two files of a benchmark with a problem each, one packed."""
    single, spans = infilling.FILES.values()
    (folder / single).write_text(json.dumps(PROBLEM) + "\n")
    with gzip.open(folder / f"{spans}.gz", "wt") as packed:
        packed.write(json.dumps(PROBLEM) + "\n")


def test_problems_are_read_packed_or_not(tmp_path):
    write_problems(tmp_path)
    assert {name: len(problems) for name, problems in infilling.load(tmp_path).items()} == {
        infilling.SINGLE_LINE: 1,
        infilling.RANDOM_SPAN: 1,
    }


@pytest.mark.usefixtures("sandboxed")
def test_a_problem_is_solved_by_its_solution_alone(tmp_path):
    write_problems(tmp_path)
    problems = infilling.load(tmp_path)
    (line,), (span,) = problems[infilling.SINGLE_LINE], problems[infilling.RANDOM_SPAN]
    assert sandbox.passes(span.program(PROBLEM["canonical_solution"]))
    assert not sandbox.passes(span.program("    return n\n"))
    assert sandbox.passes(line.program(infilling.first_line("\n    return 2 * n\n    more(")))
    assert not sandbox.passes(line.program("\n    return n"))


def test_a_single_line_is_asked_for_from_the_end_of_the_line_before(tmp_path):
    write_problems(tmp_path)
    (problem,) = infilling.load(tmp_path)[infilling.SINGLE_LINE]
    assert (problem.prompt, problem.suffix) == ("def twice(n):", "\n")


@pytest.mark.parametrize(
    ("answer", "first"),
    [("\n    a = 1\n    b", "\n    a = 1"), (" a", " a"), ("", ""), ("\n\n  \n x\n", "\n\n  \n x")],
)
def test_the_first_line_that_is_not_blank_counts(answer, first):
    assert infilling.first_line(answer) == first


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff\xfe", b"[1]\n"])
def test_problems_that_are_not_there_or_are_none_are_named(tmp_path, content):
    write_problems(tmp_path)
    file = tmp_path / infilling.FILES[infilling.SINGLE_LINE]
    file.unlink() if content is None else file.write_bytes(content)
    with pytest.raises(TrainingError, match=file.name):
        infilling.load(tmp_path)


# One hole

ODD = "def turn(wheel):\n    return frobnicate(wheel, 417, by='hand')\n"


@pytest.fixture
def fill(tmp_path):
    """Fill the hole in ``a.py`` of a package with these other files; return what is shown, with memory."""
    before, number, after = ODD.partition("417")
    answer = number + after

    def fill(**others):
        for name, text in {"a": ODD, **others}.items():
            (tmp_path / f"{name}.py").write_text(text)
        hole = Hole(Kind.REST_OF_LINE, "p", "a.py", before, "\n", answer.rstrip())
        decoder = Decoder(bundled.path(), EngineOptions(n_slots=1))
        with scratch(), asyncio.Runner() as runner, opened(tmp_path, decoder, runner) as workspace:
            (found,) = ask(workspace, hole, [FULL])
        return found

    return fill


def test_what_stands_in_the_hole_is_not_remembered(fill):
    assert not any("417" in one.written for one in fill().filled)


def test_what_stands_in_another_file_is(fill):
    found = fill(b=ODD.replace("turn", "spin"))
    assert found.is_exact(1)
    assert found.filled[0].is_shown
    assert found.similarity(3) == 1.0


# All of it


@frozen
class Told:
    """What the command prints, the answers that it writes, and where its picture is."""

    result: dict
    said: str
    answers: list
    picture: Path


@pytest.fixture(scope="module")
def told(work, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    write_problems(out)
    answers, picture = out / "answers.jsonl", out / "curve.svg"
    options = ["--work", work, "--holes", "2", "--jobs", "2", "--json", "--answers", answers, "--data", out]
    if find_spec("matplotlib"):
        options += ["--picture", picture]
    printed, said = StringIO(), StringIO()
    with redirect_stdout(printed), redirect_stderr(said):
        assert main(["evaluate", *map(str, options)]) == 0
    lines = answers.read_text().splitlines()
    return Told(json.loads(printed.getvalue()), said.getvalue(), [*map(json.loads, lines)], picture)


def test_every_row_is_there(told):
    model, alone = told.result["models"]
    assert model["model"] == bundled.NAME
    assert [(row["condition"]["context"], row["condition"]["memory"]) for row in model["rows"]] == [
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    ]
    assert [row["condition"]["memory"] for row in alone["rows"]] == [True, True]
    for row in model["rows"] + alone["rows"]:
        for scores in row["scores"].values():
            one, three = scores
            assert (one["n_candidates"], three["n_candidates"], one["n"]) == (1, 3, 2)
            assert all(0 <= score["exact"] <= score["similarity"] <= 1 for score in scores)
        assert row["checked"]["resolved"] <= row["checked"]["shown"]


def test_memory_makes_the_text_less_surprising_and_alone_it_says_more_than_nothing(told):
    model, alone = told.result["models"]
    assert model["bits_per_byte_with_memory"] < model["bits_per_byte"] < 3
    assert alone["bits_per_byte"] is None
    assert model["bits_per_byte_with_memory"] < alone["bits_per_byte_with_memory"] < 8


def test_the_benchmark_is_run_or_it_is_said_why_not(told):
    rates, not_run = told.result["models"][0]["infilling"], told.result["infilling_not_run"]
    assert not_run == (sandbox.why_not() or None)
    assert {rate["n"] for rate in rates.values()} == (set() if not_run else {1})


def test_answers_are_told_with_their_holes(told):
    answers = told.answers
    assert len(answers) == 3 * 2 * (4 + 2)
    assert max(len(line["candidates"]) for line in answers) == 4
    for line in answers:
        ranks = {candidate["rank"] for candidate in line["candidates"]} - {None}
        assert ranks == set(range(len(ranks)))


def test_tables_are_even_and_say_what_is_missing(told):
    summaries = cattrs.structure(told.result["models"], list[Summary])
    text = as_text(summaries, "no reason")
    tables = [part.splitlines() for part in text.split("\n\n") if part.startswith("|")]
    assert [len(table) - 2 for table in tables[:2]] == [2 * (4 + 2), 2]
    assert all(len({row.count("|") for row in table}) == 1 for table in tables)
    assert "HumanEval infilling was not run: no reason" in text
    lost = {*told.result["not_beaten"][bundled.NAME]}
    verdict = f"with memory better than memory alone in every quality row: {'no' if lost else 'yes'}"
    assert f"{bundled.NAME}: {verdict}" in text
    assert all(f"not in {row}" in text for row in lost)


def test_a_model_beats_itself_nowhere(told):
    summaries = cattrs.structure(told.result["models"], list[Summary])
    _, alone = summaries
    n_rows = sum(len(row.scores) for row in alone.rows)
    assert len([*not_beaten(alone, alone)]) == 1 + n_rows * 2 * 2


def test_it_says_how_to_get_the_previous_model(told):
    assert "--previous GGUF" in told.said


def test_it_says_how_far_it_is(capsys):
    progress = Progress("a.gguf", 3)
    progress.begin("json")
    progress.step()
    progress.begin("wsgiref")
    first, second = capsys.readouterr().err.splitlines()
    assert first == "a.gguf: 0/3, json"
    assert second == "a.gguf: 1/3, wsgiref, about 0 min left"


def test_the_curve_is_drawn(told):
    pytest.importorskip("matplotlib", reason="the bench extra is not installed")
    assert bundled.NAME in told.picture.read_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--holes", "0"], "--holes must be at least 1"),
        (["--jobs", "0"], "--jobs must be at least 1"),
        (["--data", "/nowhere"], "/nowhere has no humaneval_infilling_single_line.jsonl"),
        (["--picture", "/nowhere/curve.svg"], "/nowhere is no folder"),
        (["/nowhere.gguf"], "no model file at /nowhere.gguf"),
        (["--split", "validation"], "holds no Python files"),
        ([__file__], "can't load"),
    ],
)
def test_what_can_not_be_measured_is_named_in_one_line(work, capsys, options, message):
    assert main(["evaluate", "--work", str(work), *options]) == 2
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("error: ")
    assert message in last


def test_nothing_is_evaluated_where_memory_is_alone():
    tokens = [1, 2, 3]
    job = Turn()
    alone, model = (kind(bundled.path(), EngineOptions(n_slots=1)) for kind in (MemoryAlone, Decoder))
    for told, expected in zip(alone.read(job, tokens), model.read(job, tokens), strict=True):
        assert np.ptp(told[np.isfinite(told)]) == 0
        assert np.ptp(expected[np.isfinite(expected)]) > 1
        assert np.isfinite(told).tolist() == np.isfinite(expected).tolist()
