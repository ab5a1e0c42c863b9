import pytest
from hypothesis import given
from hypothesis import strategies as st

from codenook.server.lsp.debounce import delay_s


def delay(edits_s: list[float], now_s: float, request_s: float) -> float:
    return delay_s(edits_s, now_s, request_s=request_s, least_s=0.02, most_s=0.25)


def test_without_typing_the_shortest_wait() -> None:
    assert delay([], 5.0, 9.0) == 0.02
    assert delay([5.0], 5.0, 9.0) == 0.02


def test_a_model_faster_than_the_keys_is_asked_at_once() -> None:
    assert delay([1.0, 1.2, 1.4], 1.4, request_s=0.1) == 0.02


def test_a_slow_model_waits_for_one_and_a_half_usual_intervals() -> None:
    assert delay([1.0, 1.1, 1.2], 1.2, request_s=3.0) == pytest.approx(0.15)


def test_never_longer_than_the_request_that_may_be_saved() -> None:
    assert delay([1.0, 1.2, 1.4], 1.4, request_s=0.22) == pytest.approx(0.22)


def test_time_since_the_last_key_counts() -> None:
    assert delay([1.0, 1.1, 1.2], 1.3, request_s=3.0) == pytest.approx(0.05)
    assert delay([1.0, 1.1, 1.2], 9.0, request_s=3.0) == 0.02


def test_pauses_to_think_are_no_typing() -> None:
    assert delay([1.0, 30.0, 30.1], 30.1, request_s=3.0) == pytest.approx(0.15)


@given(
    st.lists(st.floats(0, 2), max_size=8), st.floats(0, 5), st.floats(0, 60), st.floats(0, 1), st.floats(0, 1)
)
def test_stays_between_the_bounds(
    steps_s: list[float], since_s: float, request_s: float, least_s: float, more_s: float
) -> None:
    edits_s = [sum(steps_s[: n + 1]) for n in range(len(steps_s))]
    now_s = (edits_s[-1] if edits_s else 0) + since_s
    most_s = least_s + more_s
    assert least_s <= delay_s(edits_s, now_s, request_s=request_s, least_s=least_s, most_s=most_s) <= most_s
