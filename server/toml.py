"""Tables in TOML, which somebody else may have written."""

import tomllib
from typing import Any


def tables(text: str) -> dict[str, Any]:
    """What a text in TOML says; raises ValueError, whatever is wrong with it."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
