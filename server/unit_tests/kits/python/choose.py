"""Which calls tell most: those that run lines, take ways, or come to outcomes that no other does."""

from collections.abc import Sequence

from codenook.server.unit_tests.case import Call
from codenook.server.unit_tests.kits.python.answers import Answer
from codenook.server.unit_tests.kits.python.observe import is_noise

_SIMPLER_BY_CHARS = 30


def chosen(calls: Sequence[Call], tried: Sequence[Answer], root: str, most: int) -> tuple[Call, ...]:
    """At most so many of the calls, each as different as possible from those before it."""
    left = [
        (call, answer)
        for call, answer in zip(calls, tried, strict=True)
        if not (answer.problem or is_noise(answer, root))
    ]
    ways: set[int] = set()
    outcomes: set[str] = set()
    found: list[Call] = []
    while left and len(found) < most:
        best = max(
            range(len(left)),
            key=lambda at: (_gain(left[at], ways, outcomes), -at),
        )
        call, answer = left.pop(best)
        ways.update(answer.lines)
        outcomes.add(_outcome(answer))
        found.append(call)
    return tuple(found)


def _gain(
    tried: tuple[Call, Answer], ways: set[int], outcomes: set[str]
) -> tuple[int, bool, bool, bool, int]:
    call, answer = tried
    n_new = len(set(answer.lines) - ways)
    is_new = _outcome(answer) not in outcomes
    return n_new, bool(call.expected), is_new, bool(answer.value), -len(call.arguments) // _SIMPLER_BY_CHARS


def _outcome(answer: Answer) -> str:
    if answer.error:
        return f"{answer.error}: {answer.message[:20]}"
    return answer.value.text if answer.value else ""
