"""The bundled model proposes calls of a function in a project's test file, and is asked what it doubts."""

import ast
import sys
from pathlib import Path

import pytest
from attrs import evolve

from codenook.context.manager import ContextManager
from codenook.context.parse import encode, language_named, parse
from codenook.server.config import Settings
from codenook.server.tasks.jobs import Strategy
from codenook.server.unit_tests.case import Call, Check, Kind, Origin, Test
from codenook.server.unit_tests.kits.python.kit import PythonKit
from codenook.server.unit_tests.making.choose import maker_for
from codenook.server.unit_tests.making.refusals import Refusal
from codenook.server.unit_tests.parts import PARTS
from codenook.server.unit_tests.target import Target

TEXTS = '''\
def slugify(text: str, limit: int = 0) -> str:
    """Make a text fit for an address."""
    if not text:
        raise ValueError("empty")
    words = text.lower().split()
    return "-".join(words[:limit] if limit > 0 else words)
'''
TESTS = """\
from shop.texts import slugify


def test_spaces_become_hyphens():
    assert slugify("Hello World") == "hello-world"
"""
KNOWN = [Call('"Hello World"', Origin.TYPES), Call('"a b c", 2', Origin.TYPES)]


@pytest.fixture
def target(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent))  # which has pytest
    files = {
        "pyproject.toml": "[tool.pytest.ini_options]\n",
        "shop/__init__.py": "",
        "shop/texts.py": TEXTS,
        "tests/test_texts.py": TESTS,
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    parsed = parse(language_named("python"), encode(TEXTS))
    (definition,) = parsed.language.reader.outline(parsed).definitions
    return Target(tmp_path, "shop/texts.py", TEXTS, "python", definition)


@pytest.fixture
async def maker(engine, target):
    known = ContextManager(target.root)
    project = PARTS.project_of(target, {}, "")
    yield await maker_for(
        target, project, PythonKit(), known=known, engine=engine, settings=Settings(), calls=KNOWN
    )
    known.close()


async def test_it_proposes_calls_that_the_function_takes(maker):
    assert maker.strategy is Strategy.INFILL
    made = await maker.made(0, ())
    assert len(made.calls) > 5
    assert {(call.origin, call.expected) for call in made.calls} == {(Origin.MODEL, "")}
    for call in made.calls:
        node = ast.parse(f"f({call.arguments})", mode="eval").body
        assert 1 <= len(node.args) + len(node.keywords) <= 2
    assert len({call.arguments for call in made.calls}) == len(made.calls)
    assert {*made.refused} <= {Refusal.NOT_A_CALL, Refusal.MISFITS, Refusal.KNOWN}
    assert made.counters.prompt_evaluated < made.counters.prompt / 2  # what they share is read once


async def test_another_attempt_proposes_others(maker):
    first = await maker.made(0, ())
    second = await maker.made(1, ("AssertionError",))
    assert second.calls
    assert not {call.arguments for call in first.calls} & {call.arguments for call in second.calls}


async def test_doubt_changes_nothing_but_doubts(maker):
    values = ["'hello-world'", "'Hello World'", "None", "3"]
    kinds = [Kind.EQUAL, Kind.EQUAL, Kind.SAME, Kind.EQUAL]
    tests = [
        Test(f"it_{n}", Origin.TYPES, checks=(Check(kind, "slugify('Hello World')", value),))
        for n, (kind, value) in enumerate(zip(kinds, values, strict=True))
    ]
    doubted = await maker.doubted(tests)
    assert [evolve(test, doubt="") for test in doubted] == tests
    assert all(not test.doubt or test.doubt.startswith("the model expects ") for test in doubted)
    assert await maker.doubted([]) == []
