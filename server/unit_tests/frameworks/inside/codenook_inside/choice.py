"""Which of the project's tests are run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .named import functions_of, is_named_by, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .job import Job

_WORDS = re.compile(r"[^\W_]+")


def counts(
    job: Job,
    name: str,
    function: Any,
    *,
    values: Iterable[Any] = (),
    owner: Any = None,
    fixtures: Iterable[Any] = (),
) -> bool:
    """Whether a test is to be run: not one that fails as it is, and one that names what is tested.

    It does so in its code, in that of its class (``owner``), its ``fixtures`` or its module which it uses, in
    its own ``name``, or by one of the ``values`` that it is called with. What has no code of its own is run.
    """
    if name in job.without or whole(name) in job.without:
        return False
    if not job.about or not functions_of(function):
        return True
    own = name.rpartition("::")[2]
    if any(_is_in(about, own) for about in job.about) or any(name_of(each) in job.about for each in values):
        return True
    return is_named_by(frozenset(job.about), function, owner, fixtures)


def left_out(names: Iterable[str], chosen: Iterable[str]) -> list[str]:
    """The tests of ``names`` of which none was chosen, without the values that they are called with."""
    return sorted({whole(name) for name in names} - {whole(name) for name in chosen})


def whole(name: str) -> str:
    """A test's name without the values that it is called with."""
    return name.partition("[")[0]


def _is_in(about: str, name: str) -> bool:
    """Whether the words of one stand in the other, side by side and in this order."""
    wanted, words = _WORDS.findall(about), _WORDS.findall(name)
    starts = range(len(words) - len(wanted) + 1)
    return bool(wanted) and any(words[at : at + len(wanted)] == wanted for at in starts)
