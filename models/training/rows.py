"""Rows of tokens, and the shards that carry them from the examples to the training."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

KINDS = ("padding", "text", "middle")
"""What a token of a row is: nothing to learn from, code to read, or what the model must fill in."""
PADDING, TEXT, MIDDLE = range(3)

Row = tuple[list[int], list[int]]
"""Tokens and their kinds."""


def write_shard(path: Path, rows: Sequence[Row]) -> None:
    """Write a shard; a reader never sees half of it."""
    tokens, kinds = zip(*rows, strict=True)
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("wb") as file:
        np.savez_compressed(file, rows=np.array(tokens, np.uint16), kinds=np.array(kinds, np.uint8))
    unfinished.replace(path)


def read_shard(path: Path) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Return the tokens and the kinds of a shard's rows."""
    with np.load(path) as shard:
        return shard["rows"], shard["kinds"]
