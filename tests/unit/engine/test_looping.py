"""Where a candidate begins to repeat itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codenook.models.engine.looping import N_LOOP_TOKENS, loop


@pytest.mark.parametrize(
    ("tokens", "n_new"),
    [
        ([1] * 11, None),
        ([1] * 12, 1),
        ([9, 8, *[1] * 12], 3),
        ([9, *[1, 2] * 6], 3),
        ([9, *[1, 2] * 5], None),
        ([9, *[1, 2, 3, 4, 5] * 3], 6),
        ([9, *[1, 2, 3, 4, 5] * 2, 1, 2, 3, 4], None),
        ([*[1, 2, 3, 4] * 3, 9], None),
        ([], None),
    ],
)
def test_a_loop_is_cut_behind_its_first_turn(tokens, n_new):
    assert loop(tokens) == n_new


@given(st.lists(st.integers(0, 3), max_size=20), st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_what_goes_on_for_ever_is_found_out(before, turn):
    tokens = [*before, *turn * N_LOOP_TOKENS]
    n_new = loop(tokens)
    assert n_new is not None
    assert n_new < len(tokens)
