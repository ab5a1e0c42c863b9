"""docs/review-rules.md says what the rules say."""

import json
import re
from pathlib import Path

from codenook.context.files.skip import Skip
from codenook.server.review.rules import RULES
from codenook.server.review.scope.change import Unread
from codenook.server.review.sources.reading.refusals import Refusal

DOCS = Path(__file__).parents[3] / "docs"


def sections():
    parts = re.split(r"^## `([\w/-]+)`$", (DOCS / "review-rules.md").read_text("utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], (" ".join(part.split()) for part in parts[2::2]), strict=True))


def test_every_rule_has_its_section_and_the_page_no_other():
    expected = {
        rule.id: f"{rule.category.value}, {rule.severity.value}, from {rule.source.value}. "
        f"{rule.summary} {rule.description}"
        for rule in RULES.values()
    }
    assert sections() == expected


def test_every_reason_for_not_telling_what_a_model_says_is_explained():
    text = (DOCS / "review.md").read_text("utf-8").partition("**Reading.**")[2].partition("\n## ")[0]
    assert [refusal for refusal in Refusal if f"`{refusal}`" not in text] == []


def test_every_reason_for_leaving_out_is_explained():
    reasons = {reason.value for reason in (*Skip, *Unread)}
    text = (DOCS / "review.md").read_text("utf-8")
    assert [reason for reason in reasons if f"`{reason}`" not in text] == []
    schema = json.loads((DOCS / "review.schema.json").read_text("utf-8"))
    assert {*schema["properties"]["left_out"]["items"]["properties"]["reason"]["enum"]} == reasons
