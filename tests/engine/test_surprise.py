"""A known bug found by the bundled model, from a change to a finding; and the same change set right."""

from pathlib import Path

import pytest
from attrs import evolve

from codenook.server.config import Settings
from codenook.server.review.merge import merged
from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.review.scope.compare import hunks
from codenook.server.review.sources.surprise.source import Surprise
from codenook.server.review.sources.surprise.weighing import weights

RIGHT = """\
class Wheel:
    def __init__(self, size, name, colour):
        self.size = size
        self.name = name
        self.colour = colour

    def spokes(self):
        for i in range(len(self.items)):
            yield self.items[i]
"""
LESS_SURE = 0.08
"""A lower threshold than the product's, above which the bundled model is hardly ever."""

BUGS = {
    "a name too many": ("self.name = name", "self.name = name + name", 4, "unlikely-expression"),
    "an index too many": ("self.items[i]", "self.items[i + i]", 9, "unlikely-expression"),
}


def change(old, new):
    file = ChangedFile("wheel.py", "wheel.py", Text(old), Text(new), hunks(Text(old), Text(new)))
    return Change(Path("/work"), "a test", (file,))


async def review(engine, change):
    source = Surprise(change, engine, Settings(), weights=evolve(weights(), threshold=LESS_SURE))
    assert await source.unready() is None
    found = [finding for file in change.files async for finding in source.about(file)]
    assert source.counters.prompt_evaluated > 0
    return merged(change, found).findings


@pytest.mark.parametrize("what", BUGS)
async def test_a_known_bug_is_found(engine, what):
    right, wrong, line, rule = BUGS[what]
    bug = RIGHT.replace(right, wrong)
    (found,) = await review(engine, change(RIGHT, bug))
    assert (found.rule.id, found.span.start_line) == (rule, line)
    facts = found.evidence[0].facts
    assert facts["model"] == "codenook-base"
    assert facts["instead_probability"] > facts["probability"]
    (edit,) = found.fix.edits
    text = Text(bug)
    start, end = (
        text.offset(edit.span.start_line, edit.span.start_column),
        text.offset(edit.span.end_line, edit.span.end_column),
    )
    assert bug[:start] + edit.text + bug[end:] == RIGHT


@pytest.mark.parametrize("what", BUGS)
async def test_nothing_is_said_when_it_is_mended(engine, what):
    right, wrong, _, _ = BUGS[what]
    assert await review(engine, change(RIGHT.replace(right, wrong), RIGHT)) == ()
