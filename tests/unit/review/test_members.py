"""Members of objects whose classes are known, as alternatives to the one that is read."""

import pytest

from codenook.context.code import Code
from codenook.context.parse import encode, language_named, parse
from codenook.server.review.sources.surprise.instead import Kind
from codenook.server.review.sources.surprise.members import known_members
from codenook.server.review.sources.surprise.sites import sites

WHEELS = """\
class Round:
    def roll(self):
        pass


class Wheel(Round):
    def __init__(self, rim):
        self.rim = rim
        self.hub = 2

    def turn(self):
        return self.hub
"""
READS = """\
from wheels import Wheel


def frob(wheel: Wheel, other):
    wheel.turn()
    other.turn()
    return wheel.rim
"""


@pytest.fixture
def found(tmp_path):
    (tmp_path / "wheels.py").write_text(WHEELS)
    parsed = parse(language_named("python"), encode(READS))
    members = known_members(Code(str(tmp_path)), "frobs.py", parsed, frozenset({5, 6, 7}))
    return {(one.line, one.kind, one.text) for one in sites(parsed, frozenset({5, 6, 7}), members)}


def test_a_method_may_be_another_of_the_class_or_its_bases(found):
    assert {text for line, kind, text in found if line == 5 and kind is Kind.CALL} == {"roll"}


def test_a_field_may_be_another_field(found):
    assert {text for line, kind, text in found if line == 7 and kind is Kind.MEMBER} == {"hub"}


def test_of_an_object_of_unknown_class_nothing_is_known(found):
    assert not {text for line, kind, text in found if line == 6 and kind is Kind.CALL}
