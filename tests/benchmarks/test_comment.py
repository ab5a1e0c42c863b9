"""The benchmark of comments: what it counts as unchanged, and its stand-in for a model."""

import asyncio
import gzip
import json
import random
from types import SimpleNamespace

import pytest
from applied import Counts, is_unchanged, scripted_definitions
from humaneval import problems, similarity
from stand_in import StandIn

from codenook.context.parse import encode, language_named, parse
from codenook.models.engine.messages import GenerateRequest
from codenook.server.config import Settings

JAVA = "class Cart {\n    int sum(int first) { return first; }\n}\n"


def source(language, text):
    return SimpleNamespace(text=text, parsed=parse(language_named(language), encode(text)))


@pytest.mark.parametrize(
    ("language", "before", "after", "is_same"),
    [
        ("python", "def f():\n    return 1\n", 'def f():\n    """Say."""\n    return 1\n', True),
        ("python", "def f():\n    return 1\n", 'def f():\n    """Say."""\n    return 2\n', False),
        ("java", JAVA, JAVA.replace("    int", "    /** Say. */\n    int"), True),
        ("java", JAVA, JAVA.replace("    int", "    /** Say. */ static int"), False),
    ],
)
def test_code_is_compared_without_comments(language, before, after, is_same):
    assert is_unchanged(source(language, before), after) is is_same


def test_the_stand_in_is_wrong_half_of_the_time():
    stand_in = StandIn(random.Random(0))  # noqa: S311 - the same words each time
    generation = asyncio.run(stand_in.generate(GenerateRequest("", ("the orders of a table",), n=8)))
    texts = [candidate.text for candidate in generation.candidates]
    assert any(text.endswith(".") and text[1].isupper() for text in texts)
    assert len(set(texts)) > 4


def test_definitions_of_a_package_are_counted(tmp_path):
    (tmp_path / "Cart.java").write_text(JAVA, encoding="utf-8")
    package = SimpleNamespace(language="java", holes_in=".", name="shop")
    told = []
    counts = asyncio.run(
        scripted_definitions(
            Settings(), [(package, tmp_path)], "java", 2, lambda _, counts: told.append(counts)
        )
    )
    assert isinstance(counts, Counts)
    assert (counts.asked, len(told)) == (2, 2)
    assert counts.applied == counts.unchanged == counts.asked - sum(counts.refused.values())


def test_similarity_is_that_of_words():
    assert similarity("Sum the list.", "sum a list") == pytest.approx(2 / 3)
    assert similarity("Sum", "") == 0


def test_the_data_is_lines_of_json(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps({"task_id": "Python/0"}) + "\n")
    assert list(problems(path)) == [{"task_id": "Python/0"}]
