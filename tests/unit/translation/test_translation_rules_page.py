"""docs/translation-notes.md says what the code does."""

import re
from pathlib import Path

from codenook.server.translation.rules import Rule
from codenook.server.translation.semantics.differences import DIFFERENCES
from codenook.server.translation.semantics.signs import SIGNS

PAGE = (Path(__file__).parents[3] / "docs" / "translation-notes.md").read_text(encoding="utf-8")


def documented(title):
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([a-z-]+)` \| (.+?) \| .+ \|$", section, flags=re.MULTILINE)


def test_every_rule_is_documented_as_it_is_described_with_an_example():
    rows = [*documented("What a signature says"), *documented("What a body does")]
    assert rows == [(rule.value, rule.description) for rule in Rule]


def test_the_rules_of_bodies_are_those_that_trees_have_signs_of():
    assert {rule for rule, _ in documented("What a body does")} == {*SIGNS} == {*DIFFERENCES}
