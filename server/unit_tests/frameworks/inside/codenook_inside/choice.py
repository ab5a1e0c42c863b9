"""Which of the project's tests are run."""

from __future__ import annotations

import re
from types import CodeType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .job import Job

_WORDS = re.compile(r"[^\W_]+")


def counts(job: Job, name: str, function: Any, values: tuple[Any, ...] = ()) -> bool:
    """Whether a test is to be run: not one that fails as it is, and one that names what is tested.

    It does so in its code, in its own ``name``, or by one of the ``values`` that it is called with. What has
    no code of its own is run.
    """
    if name in job.without or whole(name) in job.without:
        return False
    code = getattr(function, "__code__", None)
    if not job.about or code is None:
        return True
    named = set(_names(code)) | {getattr(value, "__name__", "") for value in values}
    own = name.rpartition("::")[2]
    return any(about in named or _is_in(about, own) for about in job.about)


def left_out(names: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """The tests of ``names`` of which none was chosen, without the values that they are called with."""
    return sorted({whole(name) for name in names} - {whole(name) for name in chosen})


def whole(name: str) -> str:
    """A test's name without the values that it is called with."""
    return name.partition("[")[0]


def _names(code: CodeType) -> Iterator[str]:
    """What code reads by name, also in the functions inside of it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _is_in(about: str, name: str) -> bool:
    """Whether the words of one stand in the other, side by side and in this order."""
    wanted, words = _WORDS.findall(about), _WORDS.findall(name)
    starts = range(len(words) - len(wanted) + 1)
    return bool(wanted) and any(words[at : at + len(wanted)] == wanted for at in starts)
