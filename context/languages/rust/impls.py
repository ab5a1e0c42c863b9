"""Which types a file has impl blocks for: a search of its text, many times as fast as reading it."""

import os
import re
from functools import lru_cache

_MAX_BYTES = 1_000_000
_HEADER = re.compile(rb"^[ \t]*(?:unsafe[ \t]+)?impl\b([^{;]*)\{", re.MULTILINE)
_NAME = re.compile(rb"[A-Za-z_]\w*")


def implementers(path: str) -> frozenset[str]:
    """The names in the headers of a file's impl blocks (absolute ``path``): types, traits, parameters."""
    try:
        status = os.stat(path)  # noqa: PTH116 - for every file of a crate, in every request
    except (OSError, ValueError):
        return frozenset()
    return _implementers(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8192)
def _implementers(path: str, time: int, size: int) -> frozenset[str]:
    del time
    if size > _MAX_BYTES:
        return frozenset()
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as above
            source = file.read(_MAX_BYTES)
    except OSError:
        return frozenset()
    found = {name for header in _HEADER.findall(source) for name in _NAME.findall(header)}
    return frozenset(name.decode() for name in found)
