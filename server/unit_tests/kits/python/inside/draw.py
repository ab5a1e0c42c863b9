"""Arguments that hypothesis draws for the target, the same ones each time, as source text."""

import contextlib
import inspect
import typing
from typing import Any, Dict, List

from codenook.server.unit_tests.kits.python.inside.outcome import written

# ruff: noqa: UP006, UP035 - it runs in Python 3.8, too

_SHORT_CHARS = 120
_ALPHABET = "abcxyzABCXYZ0123456789 _-.,:;/\\'\"()[]{}<>@#%&*+=?!\t\nßéİ中"
"""Of all characters hypothesis would first make a table, which takes seconds."""


def drawn(job: Dict[str, Any], names: Dict[str, Any]) -> List[Dict[str, Any]]:
    """Arguments by name, each drawn from what the parameter's type allows."""
    import hypothesis  # noqa: PLC0415 - of the project, which may not have it
    from hypothesis import strategies as st  # noqa: PLC0415

    function: Any = names[job["draw"].partition(".")[0]]
    for part in job["draw"].split(".")[1:]:
        function = getattr(function, part)
    hints: Dict[str, Any] = {}
    with contextlib.suppress(Exception):
        hints = typing.get_type_hints(function)
    takes = inspect.signature(function).parameters
    st.register_type_strategy(str, st.text(_ALPHABET, max_size=20))
    strategies = {}
    for name, guessed in job["kinds"]:
        if name not in takes:
            continue
        kind = hints.get(name)
        strategies[name] = st.from_type(kind) if kind is not None else st.one_of(*map(_strategy, guessed))
    found: List[Dict[str, Any]] = []

    @hypothesis.settings(
        max_examples=job["n_drawn"],
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(st.fixed_dictionaries(strategies))
    def draw(values: Dict[str, Any]) -> None:
        row = {}
        for name, value in values.items():
            with contextlib.suppress(Exception):
                row[name] = written(value, {})
        if len(row) == len(values) and all(len(each["text"]) <= _SHORT_CHARS for each in row.values()):
            found.append(row)

    draw()
    return found


def _strategy(kind: str) -> Any:
    from hypothesis import strategies as st  # noqa: PLC0415 - as above

    names: Dict[str, Any] = dict(vars(typing))
    return st.from_type(eval(kind, names))  # noqa: S307 - a name of ours, in the sandbox
