"""A run over files: what fails for one of them ends nothing, and nothing is held of those that are done."""

import asyncio
import gc
import os
import re

import pytest
from scripted import ScriptedEngine

from codenook.context.parse import Parsed
from codenook.context.resolve import View
from codenook.models.engine.errors import EngineDied, EngineError, EngineUnavailable, PromptTooLong
from codenook.server.comment_report import Diff, Lines, Report, Results
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.tasks.comment import Comment
from codenook.server.tasks.comment_files import MAX_FAILURES, RunEnded, aim, comment_files
from codenook.server.tasks.document import Document
from codenook.server.tasks.place import PlaceError
from codenook.server.tasks.workspaces import Workspaces

MODULE = '"""Say what there is."""\n'
FUNCTION = """

def {name}(number):
    print(number)
"""


class Progress:
    """Notes what it is told."""

    def __init__(self):
        self.n_begun = 0
        self.described = []

    def begin(self):
        self.n_begun += 1

    def describe(self, what):
        self.described.append(what)


def words(prompt):
    """What a model that is right writes at the blank of a prompt."""
    last = prompt.rstrip().rpartition("\n")[2].strip().rstrip(":")
    return ["Which number to print."] if last == "number" else [f"Print a number as {asked_about(prompt)}."]


def write(folder, **files):
    """Files of functions: ``a="one two"``."""
    for name, functions in files.items():
        path = folder / f"{name}.py"
        path.write_text(MODULE + "".join(FUNCTION.format(name=each) for each in functions.split()), "utf-8")


def go(place, engine, *, write=True, report=None, replace=False):
    """Run; what came of each definition, by its symbol, and whether the engine ended the run."""
    workspaces, found = Workspaces(), {}

    async def work():
        job = Comment(engine, Settings(), workspaces)
        aimed = aim(str(place))
        try:
            async for done in comment_files(
                job, aimed, place, replace=replace, write=write, progress=Progress()
            ):
                found[done.result.symbol] = done.result
                if report is not None:
                    report.add(done)
                del done
        except RunEnded:
            return True
        finally:
            workspaces.close_all()
        return False

    return found, asyncio.run(work())


def asked_about(prompt):
    """The definition that the model is asked about: of it the prompt has the beginning once more, last."""
    return re.findall(r"def (\w+)\(", prompt)[-1]


def failing(error, *symbols):
    """A scripted model that fails for some definitions."""

    def texts(prompt):
        if asked_about(prompt) in symbols:
            raise error
        return words(prompt)

    return ScriptedEngine(texts)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PromptTooLong("it does not fit"), Reason.PROMPT_TOO_LONG),
        (EngineDied("it died"), Reason.ENGINE_DIED),
        (EngineError("it stumbled"), Reason.ENGINE_FAILED),
    ],
)
def test_a_definition_that_the_engine_refuses_is_passed_over(tmp_path, error, reason):
    write(tmp_path, a="one big two", b="three")
    found, is_ended = go(tmp_path, failing(error, "big"))
    assert {symbol: result.reason for symbol, result in found.items()} == {
        "one": None,
        "big": reason,
        "two": None,
        "three": None,
    }
    assert not is_ended
    assert (tmp_path / "a.py").read_text("utf-8").count("Print a number") == 2


def test_prompts_that_are_too_long_end_no_run(tmp_path):
    bigs = [f"big{number}" for number in range(MAX_FAILURES + 1)]
    write(tmp_path, a=" ".join([*bigs, "one"]))
    found, is_ended = go(tmp_path, failing(PromptTooLong("it does not fit"), *bigs))
    assert (found["one"].reason, is_ended) == (None, False)


def test_an_engine_that_dies_again_and_again_ends_the_run(tmp_path):
    write(tmp_path, a="one two three four five")
    found, is_ended = go(tmp_path, failing(EngineDied("it died"), "two", "three", "four"))
    assert is_ended
    assert list(found) == ["one", "two", "three", "four"]
    assert "Print a number" in (tmp_path / "a.py").read_text("utf-8")


def test_deaths_with_answers_between_them_end_no_run(tmp_path):
    write(tmp_path, a="a1 b1 a2 b2 a3 b3 a4 b4")
    _, is_ended = go(tmp_path, failing(EngineDied("it died"), "a1", "a2", "a3", "a4"))
    assert not is_ended


def test_an_engine_that_can_t_be_started_ends_the_run_at_once(tmp_path):
    write(tmp_path, a="one two", b="three")
    found, is_ended = go(tmp_path, failing(EngineUnavailable("no socket"), "two"))
    assert is_ended
    assert list(found) == ["one", "two"]


def test_a_file_that_changes_meanwhile_is_left_and_the_next_one_written(tmp_path):
    write(tmp_path, a="one two three", b="four")
    asked = []

    def texts(prompt):
        asked.append(asked_about(prompt))
        if asked[-1] == "two":
            (tmp_path / "a.py").write_text("mine = 1\n", "utf-8")
        return words(prompt)

    found, _ = go(tmp_path, ScriptedEngine(texts))
    assert {symbol: result.reason for symbol, result in found.items()} == {
        "one": None,
        "two": Reason.DOCUMENT_CHANGED,
        "three": Reason.DOCUMENT_CHANGED,
        "four": None,
    }
    assert "three" not in asked
    assert (tmp_path / "a.py").read_text("utf-8") == "mine = 1\n"
    assert "Print a number" in (tmp_path / "b.py").read_text("utf-8")


def test_a_read_only_file_costs_no_question(tmp_path, monkeypatch):
    write(tmp_path, a="one", b="two")
    may = os.access  # root may write everything
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path / "a.py" and may(path, mode))
    asked = []

    def texts(prompt):
        asked.append(asked_about(prompt))
        return words(prompt)

    found, _ = go(tmp_path, ScriptedEngine(texts))
    assert {symbol: result.reason for symbol, result in found.items()} == {
        "one": Reason.FILE_NOT_WRITTEN,
        "two": None,
    }
    assert set(asked) == {"two"}


def test_files_that_vanish_while_others_are_read_are_counted(tmp_path):
    write(tmp_path, a="one", b="two", c="three")

    def texts(prompt):
        (tmp_path / "b.py").unlink(missing_ok=True)
        return words(prompt)

    aimed = aim(str(tmp_path))
    job = Comment(ScriptedEngine(texts), Settings(), Workspaces())

    async def work():
        progress = Progress()
        done = [
            each.result.symbol
            async for each in comment_files(
                job, aimed, tmp_path, replace=False, write=False, progress=progress
            )
        ]
        return done, progress.n_begun

    assert asyncio.run(work()) == (["one", "three"], 3)
    assert aimed.files.left_out.to_json() == {
        "unreadable": {"n": 1, "examples": [str(tmp_path / "b.py")]},
    }


def held(kind):
    """How many objects of a kind are alive."""
    return sum(type(each) is kind for each in gc.get_objects())


@pytest.mark.parametrize("form", ["json", "diff", "lines"])
def test_nothing_is_held_of_files_that_are_done(tmp_path, form, capsys):
    n_files = 8
    write(tmp_path, **{f"file_{number}": f"one_{number} two_{number}" for number in range(n_files)})
    alive = {}

    def texts(prompt):
        asked = asked_about(prompt)
        if asked.startswith("two") and asked not in alive:
            gc.collect()
            alive[asked] = [held(kind) for kind in (Document, Parsed, View)]
        return words(prompt)

    aimed = aim(str(tmp_path))
    printed = {
        "json": lambda: Results(aimed.files, written=True),
        "diff": lambda: Diff(tmp_path),
        "lines": lambda: Lines(tmp_path),
    }[form]()
    with Report(printed, aimed, tmp_path) as report:
        found, _ = go(tmp_path, ScriptedEngine(texts), report=report, write=form != "diff")
    assert len(found) == 2 * n_files
    assert report.n_documented == 2 * n_files
    first, *_, last = list(alive.values())[3:]  # caches of a fixed size are full by then
    assert last == first
    assert capsys.readouterr().out.count("one_3") > 0


def test_what_is_done_is_shown_before_the_next_is_begun(tmp_path, capsys):
    write(tmp_path, a="one", b="two", c="three")
    shown = []

    def texts(prompt):
        shown.append(capsys.readouterr().out)
        return words(prompt)

    aimed = aim(str(tmp_path))
    with Report(Results(aimed.files, written=True), aimed, tmp_path) as report:
        go(tmp_path, ScriptedEngine(texts), report=report)
    assert [name for text in shown for name in ("one", "two", "three") if f'"{name}"' in text] == [
        "one",
        "two",
    ]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("x" * 300, "File name too long"),
        (f"{'x' * 300}:{'y' * 300}", "File name too long"),
        ("a.py:" + "y" * 300, "defines no yyy"),
        ("a.py:" + "9" * 5000, "defines no 999"),
        ("a\0b.py", "no file has such a name"),
        ("a\0b.py:one", "no file has such a name"),
        ("a.py/b.py", "there is no file a.py/b.py"),
        ("loop.py", "Too many levels of symbolic links"),
        ("loop.py:one", "Too many levels of symbolic links"),
        ("pipe.py", "it is not a file"),
        ("pipe.py:one", "it is not a file"),
        (".:one", "it is not a file"),
        ("", "there is no file ''"),
        ("a.py:99", "so there is no line 99"),
        ("a.py:2-1", "so there are no lines 2 to 1"),
    ],
)
def test_places_that_can_t_be_used_are_told_in_a_line(tmp_path, monkeypatch, place, message):
    write(tmp_path, a="one")
    (tmp_path / "loop.py").symlink_to("loop.py")
    os.mkfifo(tmp_path / "pipe.py")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlaceError, match=message):
        aim(place)
