"""The benchmark of facts: what is planted, and the lists of findings that were read."""

import ast
import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from planting import planted

ROOT = Path(__file__).parents[2]
FACTS = ROOT / "benchmarks" / "quality" / "facts"
PAGE = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")

NEW = {
    "a.py": '''\
class Wide(Exception):
    pass


def grow(by, often=1):
    """Grow."""
    if by < often:
        raise ValueError("é")
    return by * often


def shrink(by):
    return grow(by, often=2)
''',
    "b.py": "from a import Wide, shrink\n\nshrink(3)\n",
}


def rows(name):
    with (FACTS / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def test_slips_are_planted_in_changed_files_and_the_code_still_parses():
    old = {"a.py": "", "b.py": NEW["b.py"]}
    texts, slips = planted(old, NEW, "example")
    assert texts["b.py"] == NEW["b.py"]
    ast.parse(texts["a.py"])
    assert sorted((slip.kind, slip.name) for slip in slips) == [
        ("removed definition", "Wide"),
        ("removed definition", "shrink"),
        ("renamed parameter", "grow"),
        ("unknown exception", "ValueErrorFailure"),
    ]
    assert "Failure(" in texts["a.py"]
    assert planted(old, NEW, "example") == (texts, slips)


@pytest.mark.parametrize("name", ["verdicts.tsv", "planted.tsv", "scripts.tsv"])
def test_every_finding_was_read_once_and_says_why(name):
    read = rows(name)
    keys = Counter(tuple(row[each] for each in list(row)[:6]) for row in read)
    assert max(keys.values()) == 1
    assert {row["verdict"] for row in read} <= {"right", "wrong"}
    assert all(row["why"] for row in read)


def test_the_page_counts_what_was_read():
    read = rows("planted.tsv")
    for change in ("planted", "one"):
        those = [row for row in read if row["change"] == change]
        n_right = sum(row["verdict"] == "right" for row in those)
        assert re.search(rf"\| {change} \| {len(those)} \| {n_right} \|", PAGE)
    assert len(read) >= 60
    assert sum(row["verdict"] == "right" for row in read) >= 0.9 * len(read)
    scripts = rows("scripts.tsv")
    assert f"{len(scripts)} findings, {sum(row['verdict'] == 'right' for row in scripts)} right" in PAGE
