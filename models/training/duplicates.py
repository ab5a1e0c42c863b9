"""Files that are nearly the same, found by MinHash, and files that hold the text of a benchmark's problem.

Both compare runs of words: a text is the set of its runs, each a 64-bit hash.
"""

import ast
import gzip
import json
import re
from collections import defaultdict
from pathlib import Path
from zlib import crc32

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

WORD = re.compile(rb"[A-Za-z_]\w*")
N_SHINGLE = 5  # words of a run, to tell files apart
N_CONTAMINATED = 13  # words of a run that two texts share only when one was copied

N_BANDS = 32
N_ROWS = 4  # hashes of a band: files of similarity s share a band with probability 1 - (1 - s^4)^32
SIMILAR = 0.8  # estimated share of runs in common: a near-duplicate
SIMILAR_TO_HELD_OUT = 0.5

_random = np.random.default_rng(0)
_FACTORS = _random.integers(0, 2**32, (N_BANDS * N_ROWS, 1), np.uint32) | np.uint32(1)
_OFFSETS = _random.integers(0, 2**32, (N_BANDS * N_ROWS, 1), np.uint32)

Hashes = NDArray[np.uint64]
Signature = NDArray[np.uint32]
NO_RUNS: Hashes = np.array([], np.uint64)


def runs(text: str, n_words: int) -> Hashes:
    """Return the hashes of the runs of ``n_words`` words; a shorter text is one run."""
    words = np.array([crc32(word) for word in WORD.findall(text.encode())], np.uint64)
    hashes = np.zeros(max(len(words) - n_words + 1, 1), np.uint64)
    for at in range(min(n_words, len(words))):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + words[at : at + len(hashes)]
    return np.unique(hashes)


def signature(text: str) -> Signature:
    """Return the MinHash of a text: of each of some random orders, its first run."""
    hashes = (runs(text, N_SHINGLE) >> np.uint64(32)).astype(np.uint32)
    return np.array([(hashes * a + b).min() for a, b in zip(_FACTORS, _OFFSETS, strict=True)], np.uint32)


@define
class Index:
    """The signatures that were kept, found again by their bands."""

    kept: list[tuple[Signature, bool]] = field(factory=list)
    bands: defaultdict[tuple[int, bytes], list[int]] = field(factory=lambda: defaultdict(list))

    def add(self, new: Signature, *, held_out: bool) -> bool:
        """Keep a signature unless one like it was kept before; say whether it was kept."""
        keys = [(band, new[band * N_ROWS :][:N_ROWS].tobytes()) for band in range(N_BANDS)]
        for number in {number for key in keys for number in self.bands.get(key, [])}:
            old, old_is_held_out = self.kept[number]
            leaks = old_is_held_out and not held_out
            if np.mean(old == new) >= (SIMILAR_TO_HELD_OUT if leaks else SIMILAR):
                return False
        for key in keys:
            self.bands[key].append(len(self.kept))
        self.kept.append((new, held_out))
        return True


def problem_runs(folder: Path) -> Hashes:
    """Return the runs of words of a benchmark's Python problems.

    The folder holds files of JSON lines, packed or not. A problem is its prompt, solution and suffix.
    """
    texts = set()
    for path in sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")]):
        lines = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for line in lines.splitlines():
            problem = json.loads(line)
            texts.add(problem["prompt"] + problem["canonical_solution"] + problem.get("suffix", ""))
    found = [runs(text, N_CONTAMINATED) for text in texts if is_python(text)]
    return np.unique(np.concatenate(found)) if found else NO_RUNS


def is_python(text: str) -> bool:
    """Say whether a text parses as Python."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


def is_contaminated(text: str, problems: Hashes) -> bool:
    """Say whether a text shares a run of words with the problems."""
    return bool(len(problems) and np.isin(runs(text, N_CONTAMINATED), problems).any())
