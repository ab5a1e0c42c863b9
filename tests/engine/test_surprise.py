"""A known bug found by the bundled model, from a change to a finding; and the same change set right."""

from pathlib import Path

import pytest

from codenook.server.config import Settings
from codenook.server.review.merge import merged
from codenook.server.review.scope.change import Change, ChangedFile, Text
from codenook.server.review.scope.compare import hunks
from codenook.server.review.sources.surprise.source import Surprise

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
BUGS = {
    "the one before is read": ("self.items[i]", "self.items[i - 1]", 9, "off-by-one"),
    "one too many is read": ("len(self.items))", "len(self.items) + 1)", 8, "off-by-one"),
}


def change(old, new):
    file = ChangedFile("wheel.py", "wheel.py", Text(old), Text(new), hunks(Text(old), Text(new)))
    return Change(Path("/work"), "a test", (file,))


async def review(engine, change):
    source = Surprise(change, engine, Settings())
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
