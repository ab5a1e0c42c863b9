"""How much memory a model will take, told from its file before anything loads it."""

import mmap
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
from attrs import frozen

from codenook.models.engine.options import EngineOptions

MARGIN_BYTES = 300_000_000
"""What an engine takes besides the model's file and the KV cache."""

KV_VALUE_BYTES = 2
"""The KV cache holds numbers of 16 bits."""

_FIRST_KEY = struct.calcsize("<4sIQQ")
"""Where a GGUF file's keys begin: after magic, version, number of tensors and number of keys."""

_N_KEYS = struct.calcsize("<4sIQ")

_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
"""Types of a key's value. Source: the GGUF specification, "File Structure"."""


def available_bytes(*, beside: Path) -> int:
    """Return how much memory is available right now while the model ``beside`` stays loaded.

    Its file is taken off: it is mapped into memory, and what is mapped counts as available.
    """
    return psutil.virtual_memory().available - beside.stat().st_size


def needed_bytes(model: Path, options: EngineOptions) -> int:
    """Estimate what an engine with ``model`` takes: the file, its KV cache, and a margin."""
    return model.stat().st_size + Cells.of(model, options).n_bytes + MARGIN_BYTES


@frozen
class Cells:
    """The KV cache of a model: ``n`` cells of a token each, shared by all sequences or cut into equal parts.

    Attention goes over every cell that is shared, whosever it is. With 4M parameters, 600 tokens took 144 ms
    beside no other prompt and 850 beside eight, a decode step of three 8 ms; apart, 107 and 3.5 in both
    cases. Parts are as long as the longest prompt, which a larger model has no memory for.
    """

    n: int
    are_shared: bool
    n_bytes: int

    @classmethod
    def of(cls, model: Path, options: EngineOptions) -> "Cells":
        """Plan the cache from the model's file: apart where that is small and each part a whole context."""
        cell_bytes, n_context = _shape(model)
        n_apart = options.n_sequences * n_context
        if 0 < n_apart * cell_bytes <= options.apart_bytes and n_context <= options.n_kv_cells:
            return cls(n_apart, are_shared=False, n_bytes=n_apart * cell_bytes)
        return cls(options.n_kv_cells, are_shared=True, n_bytes=options.n_kv_cells * cell_bytes)


def _shape(model: Path) -> tuple[int, int]:
    """Return how many bytes one token takes in the KV cache, and how many tokens the model's context has.

    Both are 0 for a file that doesn't say, or is damaged: llama.cpp reports that when it loads it.
    """
    try:
        keys = _metadata(model)
        of = f"{keys['general.architecture'].decode()}."
        n_heads = keys[f"{of}attention.head_count"]
        kv_heads = keys.get(f"{of}attention.head_count_kv", n_heads)  # one number, or one for each layer
        n_kv_heads = sum(kv_heads) if isinstance(kv_heads, list) else keys[f"{of}block_count"] * kv_heads
        width = keys[f"{of}embedding_length"] // (max(n_heads) if isinstance(n_heads, list) else n_heads)
        widths = (keys.get(f"{of}attention.{part}_length", width) for part in ("key", "value"))
        n_context = int(keys.get(f"{of}context_length", 0))
        return int(n_kv_heads * sum(widths) * KV_VALUE_BYTES), n_context
    except (KeyError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError, struct.error):
        return 0, 0


def _metadata(model: Path) -> Mapping[str, Any]:
    """Return the keys of a GGUF file's header with their values; texts among these are bytes."""
    with model.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        (n_keys,) = struct.unpack_from("<Q", data, _N_KEYS)
        values = _Values(data, _FIRST_KEY)
        return {values.text().decode(): values.value(values.number("I")) for _ in range(n_keys)}


class _Values:
    """Reads one value after another."""

    def __init__(self, data: mmap.mmap, at: int) -> None:
        self._data = data
        self._at = at

    def number(self, code: str) -> Any:
        """Read a number, by its code in `struct`."""
        (number,) = struct.unpack_from(f"<{code}", self._data, self._at)
        self._at += struct.calcsize(f"<{code}")
        return number

    def text(self) -> bytes:
        """Read a text: its length, then its bytes."""
        end = self.number("Q") + self._at
        text, self._at = self._data[self._at : end], end
        return text

    def value(self, kind: int) -> Any:
        """Read a value of a type of `_NUMBERS`, a text or an array."""
        if kind == _STRING:
            return self.text()
        if kind == _ARRAY:
            kind, n = self.number("I"), self.number("Q")
            return [self.value(kind) for _ in range(n)]
        return self.number(_NUMBERS[kind])
