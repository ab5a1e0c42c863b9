"""docs/models.md says of every family what the code does."""

import re
from pathlib import Path

from codenook.models.prompts.families import FAMILIES

PAGE = (Path(__file__).parents[3] / "docs" / "models.md").read_text(encoding="utf-8")


def test_every_family_is_documented_with_its_order():
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| .*? \| (SPM|PSM) \|", PAGE, flags=re.MULTILINE)
    assert {name: order.lower() for name, order in rows} == {
        name: family.order for name, family in FAMILIES.items()
    }
