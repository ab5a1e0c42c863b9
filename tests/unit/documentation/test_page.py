"""docs/documentation.md says what the code does."""

import re
from pathlib import Path

from codenook.server.documentation.dialects import DIALECTS, IN_LANGUAGE
from codenook.server.documentation.languages import DESCRIBERS
from codenook.server.documentation.rules import Rule

PAGE = (Path(__file__).parents[3] / "docs" / "documentation.md").read_text(encoding="utf-8")


def test_every_rule_is_documented_as_it_is_described():
    section = PAGE.partition("\n## Rules\n")[2].partition("\n## ")[0]
    documented = re.findall(r"^\| `([a-z-]+)` \| (.+?) \|", section, flags=re.MULTILINE)
    assert documented == [(rule.value, rule.description) for rule in Rule]


def test_every_language_has_dialects_and_every_dialect_a_language():
    assert IN_LANGUAGE.keys() == DESCRIBERS.keys()
    assert {name for names in IN_LANGUAGE.values() for name in names} == DIALECTS.keys()
