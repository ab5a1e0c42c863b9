"""Which calls tell most: those that run lines, take ways, or come to outcomes that no other does."""

from collections import Counter
from collections.abc import Sequence

from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.kits.python.answers import Answer
from codenook.server.unit_tests.kits.python.observe import is_noise

_SIMPLER_BY_CHARS = 30
_MOST_ERRORS = 2
_MOST_VALUES = 4
"""Calls that come to the same on ways that are known."""


def chosen(calls: Sequence[Call], tried: Sequence[Answer], root: str, most: int) -> tuple[Call, ...]:
    """At most so many of the calls, each as different as possible from those before it."""
    left = [
        (call, answer)
        for call, answer in zip(calls, tried, strict=True)
        if not (answer.problem or is_noise(answer, root))
    ]
    ways: set[int] = set()
    outcomes: Counter[str] = Counter()
    found: list[Call] = []
    while left and len(found) < most:
        shares = Counter(call.origin for call in found)
        best = max(range(len(left)), key=lambda at: (*_gain(left[at], ways, outcomes, shares), -at))
        call, answer = left.pop(best)
        outcome = _outcome(answer)
        is_new = not ways.issuperset(answer.lines)
        ways.update(answer.lines)
        if outcomes[outcome] < (_MOST_ERRORS if answer.error else _MOST_VALUES) or is_new or call.expected:
            outcomes[outcome] += 1
            found.append(call)
    return tuple(found)


def _gain(
    tried: tuple[Call, Answer], ways: set[int], outcomes: Counter[str], shares: Counter[Origin]
) -> tuple[int, ...]:
    """New ways count most, then what somebody expects, new outcomes, values, origins in turn, brevity."""
    call, answer = tried
    n_new = len(set(answer.lines) - ways)
    is_new = _outcome(answer) not in outcomes
    brevity = -len(call.arguments) // _SIMPLER_BY_CHARS
    return n_new, bool(call.expected), is_new, bool(answer.value), -shares[call.origin], brevity


def _outcome(answer: Answer) -> str:
    if answer.error:
        return f"{answer.error}: {answer.message[:20]}"
    return answer.value.text if answer.value else ""
