"""How often a model is asked has bounds, and nothing that reads a long text keeps the event loop."""

import asyncio
import threading
from pathlib import Path

import pytest
from scripted import ScriptedEngine

from codenook.context import parse as parsing
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.tasks.comment import Comment, CommentRequest
from codenook.server.tasks.document import Document
from codenook.server.tasks.filling import MOST_BLANKS, MOST_REPAIRS
from codenook.server.tasks.line_comment import MOST_CHARACTERS, MOST_LINES, Lines
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.verify import apart, prose

LONG = 20_000
READ = """\
def read_{n}(path, encoding):
    with open(path, encoding=encoding) as file:
        return file.read()
"""
PYTHON = "\n\n".join(READ.format(n=n) for n in range(LONG // 90))
MINIFIED = "function first(path){return path}\n" + "".join(
    f"function f{n}(a,b){{return a.split(b)+{n}}}" for n in range(LONG // 38)
)
assert min(len(PYTHON), len(MINIFIED)) > LONG


def wide(n_parameters):
    return f"def configure({', '.join(f'option_{n}' for n in range(n_parameters))}):\n    print(option_0)\n"


def ask(engine, text, symbol="configure", language="python", **request):
    document = Document("file:///a/a.py", Path("/a/a.py"), text, language, 1)
    comment = Comment(engine, Settings(), Workspaces())
    return asyncio.run(comment(CommentRequest(document, symbol, **request)))


def test_repairs_are_bounded_for_a_definition_as_a_whole():
    n_parameters = 40
    engine = ScriptedEngine(lambda prompt: ["Print the option."] if prompt.endswith('"""') else ["no"])
    result = ask(engine, wide(n_parameters))
    assert result.reason is Reason.NOT_VERIFIED
    assert len(engine.requests) == 1 + n_parameters + MOST_REPAIRS


@pytest.mark.parametrize(
    ("text", "request_"),
    [
        (wide(MOST_BLANKS), {}),
        ("x = 1\n" * 999, {"lines": Lines(1, MOST_LINES + 1)}),
        (f"x = {'1' * MOST_CHARACTERS}\n", {"lines": Lines(1, 1)}),
    ],
)
def test_what_is_too_much_is_refused_without_a_question(text, request_):
    engine = ScriptedEngine(lambda _: ["Print the option."])
    result = ask(engine, text, **request_)
    assert (result.reason, engine.requests) == (Reason.TOO_MUCH_TO_SAY, [])


def test_as_much_as_there_may_be_is_asked_for():
    engine = ScriptedEngine(lambda _: ["Print the option."])
    assert ask(engine, "x = 1\n" * 999, lines=Lines(1, MOST_LINES)).reason is Reason.NOT_VERIFIED
    ask(engine, wide(MOST_BLANKS - 1))
    assert len(engine.requests) > 2


@pytest.fixture
def slow(monkeypatch):
    """What read a long text on the thread of the event loop."""
    found = []

    def noted(function, name):
        def call(*arguments):
            long = [each for each in arguments if isinstance(each, str | bytes) and len(each) > LONG]
            if long and threading.current_thread() is threading.main_thread():
                found.append(name)
            return function(*arguments)

        return call

    for module, name in ((parsing, "parse_difference"), (prose, "bare"), (prose, "words_in")):
        monkeypatch.setattr(module, name, noted(getattr(module, name), name))
    return found


@pytest.mark.parametrize(
    ("text", "language", "request_"),
    [
        (PYTHON, "python", {"symbol": ""}),
        (PYTHON, "python", {"symbol": "read_7"}),
        (PYTHON, "python", {"symbol": "", "lines": Lines(2, 3)}),
        (MINIFIED, "javascript", {"symbol": "first"}),
        (MINIFIED, "javascript", {"symbol": "", "lines": Lines(1, 1)}),
    ],
)
def test_nothing_that_reads_a_long_text_keeps_the_event_loop(slow, text, language, request_):
    engine = ScriptedEngine(lambda _: ["Open the path and read its file."])
    result = ask(engine, text, language=language, **request_)
    assert result.strategy is not None
    assert engine.requests
    assert slow == []


def test_the_proof_of_a_long_text_has_a_process_of_its_own(monkeypatch):
    monkeypatch.setattr(apart, "LONG", LONG)
    engine = ScriptedEngine(lambda _: ["Open the path and read its file."])
    result = ask(engine, PYTHON, "", lines=Lines(2, 3))
    assert result.reason is None
    assert result.edit.text == "    # Open the path and read its file.\n"
