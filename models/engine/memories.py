"""The memories of an engine: of each workspace what its files say, in tokens of the model, kept on disk."""

import hashlib
import json
import logging
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import cattrs
import numpy as np
import platformdirs
from attrs import define, frozen

from codenook.models import bundled
from codenook.models.engine.documents import Document, Read
from codenook.models.engine.messages import GenerateRequest, MemoryFile, MemoryStatus
from codenook.models.memory import OFF, Memory, Observation, Reader, Spelling, Weights, calibrate

FOLDER_VARIABLE = "CODENOOK_CACHE_DIR"

N_HELD = 4
"""Workspaces whose memories are held at once; the least recently used is written and let go."""

UNUSED_S = 90 * 24 * 3600

_FOLDER_MODE = 0o700

N_DOCUMENTS = 16
"""Open documents that are held; the one that was told of least recently is let go."""

LEAST_TOKENS = 5_000
"""A smaller workspace doesn't say how much memory is worth."""

GROWTH = 2
"""A workspace that has grown by so much is measured again."""

_converter = cattrs.Converter(forbid_extra_keys=True)

_log = logging.getLogger(__name__)


def folder() -> Path:
    """Return where memories are kept; ``CODENOOK_CACHE_DIR`` in the environment overrides its parent."""
    override = os.environ.get(FOLDER_VARIABLE)
    return (Path(override) if override else platformdirs.user_cache_path("codenook")) / "memory"


@define
class Held:
    """A workspace's memory, and how much it counts beside the model."""

    memory: Memory
    spelling: Spelling
    documents: Mapping[tuple[str, str], Document]
    """Open documents of any workspace, by its name and their path."""
    weights: Weights = OFF
    calibrated_at: int = 0
    """How many tokens it had when the weights were fitted; 0 for never."""

    def reader(self, request: GenerateRequest, prompt: Sequence[int]) -> Reader:
        """Return what answers for ``request``; its ``prompt`` in tokens."""
        document = self.documents.get((request.memory or "", request.document))
        parts = document.beyond(request.n_lines_above, request.n_lines_below) if document else ()
        beyond = [self.memory.text(request.document, *part) for part in parts]
        return self.memory.reader(prompt, hidden=[request.document], before=(), beyond=beyond)

    @property
    def is_due(self) -> bool:
        """Whether the weights were fitted to much less than is known now."""
        return self.memory.n_tokens >= max(LEAST_TOKENS, GROWTH * self.calibrated_at)


@frozen
class Calibration:
    """Weights on disk, and how many tokens the workspace had that they were fitted to."""

    n_tokens: int
    weights: Weights


def bundled_weights() -> Weights:
    """The weights that were fitted for the bundled model, for workspaces that say too little."""
    return _converter.structure(json.loads(bundled.MEMORY_WEIGHTS.read_text("utf-8")), Weights)


class Memories:
    """Memories by the name of their workspace, for one model. One thread changes them, others may `get`."""

    def __init__(
        self,
        model: str,
        tokenize: Callable[[str], Sequence[int]],
        spelling: Spelling,
        controls: Sequence[int],
        prior: Weights,
    ) -> None:
        """``tokenize`` reads files, ``spelling`` what an answer says; no text is made of ``controls``.

        ``model`` names what the weights are for; ``prior`` are those of a workspace that says too little.
        """
        self._model = model
        self._prior = prior
        self._tokenize = tokenize
        self._controls = controls
        self._spelling = spelling
        pieces = spelling.pieces
        self._n_vocab = len(pieces)
        self._breaks = np.array([piece.count(b"\n") for piece in pieces], np.uint32)
        self._vocabulary = hashlib.sha256(b"\0".join(pieces)).hexdigest()
        self._documents: OrderedDict[tuple[str, str], Document] = OrderedDict()
        self._nothing = Held(self._empty(), spelling, self._documents, prior)
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._unsaved: set[str] = set()
        self.trouble = ""

    def get(self, name: str) -> Held:
        """Return the memory of the workspace ``name``, an empty one if it isn't held. Any thread may ask."""
        return self._held.get(name, self._nothing)

    def offer(self, name: str, versions: Mapping[str, str]) -> list[str]:
        """Hold the memory of ``name``, and forget all but these files; return the paths whose text it lacks.

        ``versions`` are hashes of the files' contents by path.
        """
        memory = self._hold(name).memory
        known = memory.paths()
        self._forget(name, memory, known.keys() - versions.keys())
        return [path for path, version in versions.items() if known.get(path) != version]

    def learn(
        self, name: str, files: Iterable[MemoryFile], gone: Iterable[str], *, more: bool = False
    ) -> bool:
        """Replace files, and forget those that are ``gone``; False where the memory isn't held: offer it.

        With ``more`` to come soon, what the files say may be known only then.
        """
        held = self._held.get(name)
        if held is None:
            return False
        self._forget(name, held.memory, gone)
        for file in files:
            held.memory.update(file.path, *self._read(file.text), file.version)
            self._unsaved.add(name)
        held.memory.settle(more=more)
        return True

    def learn_document(self, name: str, path: str, text: str) -> int:
        """Take what an open document of the workspace ``name`` says now, for requests that are made in it.

        It is known to these alone, and not kept on disk. Return how many tokens were read for it.
        """
        key = name, path
        document = self._documents.setdefault(key, Document(self._read))
        self._documents.move_to_end(key)
        while len(self._documents) > N_DOCUMENTS:
            self._documents.popitem(last=False)
        return document.update(text)

    def due(self) -> Held | None:
        """Return a memory whose weights were fitted to much less than it knows now."""
        return next((held for held in [*self._held.values()] if held.is_due), None)

    def weigh(self, held: Held, observed: Sequence[Observation]) -> None:
        """Let a memory count as much as suits what was observed in its workspace."""
        held.weights, held.calibrated_at = calibrate(observed, self._prior), held.memory.n_tokens
        self._unsaved |= {name for name, other in self._held.items() if other is held}

    def save(self) -> None:
        """Write what has changed; a disk that is full or can't be written costs only the next start."""
        for name in [*self._unsaved]:
            self._save(name)

    def status(self) -> tuple[MemoryStatus, ...]:
        """Return what is held, the least recently used first."""
        return tuple(
            MemoryStatus(
                name, len(held.memory.paths()), held.memory.n_tokens, held.calibrated_at, held.weights != OFF
            )
            for name, held in [*self._held.items()]
        )

    def _read(self, text: str) -> Read:
        """Return the tokens of a text and the lines they begin on."""
        tokens = np.array(self._tokenize(text), np.intp)
        breaks = self._breaks[tokens]
        return tokens, 1 + np.cumsum(breaks, dtype=np.uint32) - breaks

    def _empty(self) -> Memory:
        return Memory(self._n_vocab, self._controls)

    def _hold(self, name: str) -> Held:
        if name not in self._held:
            _remove_unused()
            self._held[name] = self._load(name)
            while len(self._held) > N_HELD:
                oldest = next(iter(self._held))
                self._save(oldest)
                del self._held[oldest]
        self._held.move_to_end(name)
        return self._held[name]

    def _load(self, name: str) -> Held:
        tokens, weights = self._files(name)
        known = Memory.load(tokens, self._vocabulary, self._n_vocab, self._controls)
        held = Held(known or self._empty(), self._spelling, self._documents, self._prior)
        with suppress(OSError, ValueError, cattrs.BaseValidationError):
            saved = _converter.structure(json.loads(weights.read_text("utf-8")), Calibration)
            held.weights, held.calibrated_at = saved.weights, saved.n_tokens
        for file in (tokens, weights):
            with suppress(OSError):
                os.utime(file)
        return held

    def _forget(self, name: str, memory: Memory, paths: Iterable[str]) -> None:
        for path in paths:
            memory.forget(path)
            self._unsaved.add(name)

    def _save(self, name: str) -> None:
        if name not in self._unsaved:
            return
        self._unsaved.discard(name)
        held, (tokens, weights) = self._held[name], self._files(name)
        try:
            folder().mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
            held.memory.save(tokens, self._vocabulary)
            if held.calibrated_at:
                fitted = Calibration(held.calibrated_at, held.weights)
                weights.write_text(json.dumps(_converter.unstructure(fitted)), "utf-8")
            self.trouble = ""
        except OSError as error:
            self.trouble = f"what was learned can't be kept on disk: {error.strerror or error}"
            _log.warning("%s", self.trouble)

    def _files(self, name: str) -> tuple[Path, Path]:
        """Where the tokens of a workspace are, and their weights for this model."""
        of_name, of_model = (
            hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
            for text in (name, self._model)
        )
        vocabulary = self._vocabulary[:16]
        return folder() / f"{of_name}-{vocabulary}.memory", folder() / f"{of_name}-{of_model}.weights.json"


def _remove_unused() -> None:
    """Delete the memories that nobody held for a while."""
    with suppress(OSError):
        for file in folder().iterdir():
            if time.time() - file.stat().st_mtime > UNUSED_S:
                file.unlink()
