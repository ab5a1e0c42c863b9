"""The words that documentation is usually made of: nine Python packages or more have each in docstrings."""

from functools import cache
from pathlib import Path


@cache
def usual_words() -> frozenset[str]:
    """All of them, in lower case."""
    return frozenset(Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").split())
