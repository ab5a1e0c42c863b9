"""The fewest tests that kill what all do."""

from hypothesis import given
from hypothesis import strategies as st

from codenook.server.unit_tests.cover import cover

KILLS = st.dictionaries(st.integers(0, 9), st.frozensets(st.integers(0, 7)), max_size=8)


@given(KILLS)
def test_all_that_any_kills_is_killed_and_none_could_be_left_out(kills):
    chosen = cover(kills, lambda test: -test)
    killed = [kills[test] for test in chosen]
    assert frozenset().union(*killed) == frozenset().union(*kills.values())
    for n in range(len(chosen)):
        others = frozenset().union(*killed[:n], *killed[n + 1 :])
        assert not killed[n] <= others


def test_of_equals_the_worthier_one_is_taken():
    assert cover({"a": {1}, "b": {1}, "c": {1}}, {"a": 0, "b": 2, "c": 1}.__getitem__) == ["b"]


def test_of_equals_in_all_the_first_is_taken():
    assert cover({"a": {1, 2}, "b": {1, 2}}, lambda _test: 0) == ["a"]


def test_one_that_the_later_ones_make_needless_goes():
    kills = {"wide": {1, 2, 3, 4}, "left": {1, 2, 5}, "right": {3, 4, 6}}
    assert sorted(cover(kills, lambda test: test != "wide")) == ["left", "right"]


def test_nothing_is_killed_by_nothing():
    assert cover({"a": frozenset()}, lambda _test: 0) == []
