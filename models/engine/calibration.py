"""How much memory is worth in a workspace: the model reads some of its files, and memory beside it."""

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from codenook.models.engine.decode import Decoder
from codenook.models.engine.turns import Turn
from codenook.models.memory import Memory, Observation

N_FILES = 24
"""Files that are read, evenly spread over the workspace."""

N_TOKENS = 384
"""Of each file, from its middle."""

N_BEFORE = 12_000
"""Tokens that are known of the file before these: about as far as a request reaches."""

N_LEAST = 64
"""A shorter file says too little."""

N_KNOWN = 32
"""What the prompt said is indexed again after so many tokens."""


@frozen
class Window:
    """Tokens of one file that are read as if it was being written, and those before them in the file."""

    path: str
    before: Sequence[int]
    tokens: Sequence[int]


def windows(memory: Memory) -> list[Window]:
    """Return what is to be read: the same for the same files."""
    files = [file for file in memory.files() if len(file.tokens) >= N_LEAST]
    files.sort(key=lambda file: file.path)
    picked = np.unique(np.linspace(0, len(files) - 1, min(N_FILES, len(files)), dtype=int))
    chosen = [files[i] for i in picked]
    starts = [max(0, (len(file.tokens) - N_TOKENS) // 2) for file in chosen]
    return [
        Window(
            file.path,
            *(part.tolist() for part in np.split(file.tokens[: start + N_TOKENS].astype(int), [start])),
        )
        for file, start in zip(chosen, starts, strict=True)
    ]


def observe(decoder: Decoder, job: Turn, memory: Memory, window: Window) -> list[Observation]:
    """Read a window; its file is hidden from the memory. Raises Cancelled when ``job`` was cancelled."""
    tokens, observed = window.tokens, []
    for i, logprobs in enumerate(decoder.read(job, tokens[:-1])):
        at = i - i % N_KNOWN
        if i == at:
            known = [*window.before[-N_BEFORE:], *tokens[:at]]
            reader = memory.reader(known, hidden=[window.path], before=[*known, tokens[at]])
        observed.append(Observation.of(logprobs, reader.after(tokens[at + 1 : i + 1]), tokens[i + 1]))
    return observed
