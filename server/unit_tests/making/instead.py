"""Values that could have come of a call in the place of the one that did."""

import ast
import json
from collections.abc import Iterator, Sequence
from typing import Any

N_ALTERNATIVES = 24
"""Values that are compared with one, at most."""

MAX_CHARACTERS = 60
"""Longer values are not looked at: a model's line has room for little more."""

_N_CHANGED = 3
"""Items of a list that are changed, one at a time."""

_WORDS = {"None": None, "True": True, "False": False}
_SCRIPT_WORDS = {"null": None, "undefined": None, "true": True, "false": False}


def alternatives(value: str, others: Sequence[str], language: str) -> list[str]:
    """Values near ``value``, and ``others`` that came of other calls, as source text; none for long ones."""
    if len(value) > MAX_CHARACTERS:
        return []
    words = _WORDS if language == "python" else _SCRIPT_WORDS
    if value in words:
        near = [word for word in words if word != value]
    else:
        near = [_written(each, language) for each in _near(_read(value, language))]
    found = dict.fromkeys([*near, *others])
    return [each for each in found if each != value and 0 < len(each) <= MAX_CHARACTERS][:N_ALTERNATIVES]


def _read(value: str, language: str) -> Any:
    """The value of a literal; None for anything else."""
    try:
        return ast.literal_eval(value) if language == "python" else json.loads(value)
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        return None


def _written(value: Any, language: str) -> str:
    if language == "python":
        return repr(value)
    return json.dumps(value, ensure_ascii=False)


def _near(value: Any) -> Iterator[Any]:
    """Values like this one and as long: a model finds nearly any text likelier that ends sooner."""
    match value:
        case bool() | None:
            return
        case int():
            yield from (value + 1, value - 1, -value, 0, 1, 2 * value, value + 2, value - 2)
        case float():
            yield from (value + 1, value - 1, -value, 0.0, 1.0, 2 * value, value / 2)
        case str():
            yield from (value[::-1], value.swapcase(), value.lower(), value.upper(), value.title(), "")
        case list() | tuple():
            yield value[::-1]
            for at, each in enumerate(value[:_N_CHANGED]):
                for other in list(_near(each))[:2]:
                    changed = [*value[:at], other, *value[at + 1 :]]
                    yield type(value)(changed)
            yield value[:0]
