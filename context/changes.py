"""Which files were edited lately, or have changed together with a document: what git tells, kept at hand."""

import logging
import time
from collections.abc import Mapping
from pathlib import Path

from attrs import define, field

from codenook.context.git.repository import Repository

_LOOK_AGAIN_S = 60.0
_N_TOGETHER = 32

_log = logging.getLogger(__name__)


@define(eq=False)
class Changes:
    """For each document, how strongly other files belong to it: 1 at most, as what is not committed.

    `of` and `is_due` answer at once, on any thread, with what `look` found; that asks git, and only one
    thread may call it.
    Paths are relative to ``root``, which is absolute and without symbolic links.
    """

    root: Path
    _repository: Repository | None = field(default=None, init=False)
    _is_open: bool = field(default=False, init=False)
    _found: Mapping[str, Mapping[str, float]] = field(factory=dict, init=False)
    _looked_s: dict[str, float] = field(factory=dict, init=False)

    def of(self, path: str) -> Mapping[str, float]:
        """What is known for the document at ``path``; empty before it was looked for."""
        return self._found.get(path, {})

    def is_due(self, path: str) -> bool:
        """Whether to look for ``path`` now: the first time, then once a minute, and after `expire`."""
        now = time.monotonic()
        if now - self._looked_s.get(path, -_LOOK_AGAIN_S) < _LOOK_AGAIN_S:
            return False
        self._looked_s[path] = now
        return True

    def expire(self) -> None:
        """Make every document due again: files have changed."""
        self._looked_s.clear()

    def look(self, path: str) -> None:
        """Ask git, for at most a few seconds. Nothing is raised: without a repository nothing is known."""
        try:
            found = self._weights(self.root / path)
        except (OSError, ValueError) as error:
            _log.warning("git could not be asked: %s", type(error).__name__)
            return
        found.pop(path, None)
        self._found = {**self._found, path: found}

    def forget(self, path: str) -> None:
        """Let go of a document that was closed."""
        self._found = {other: found for other, found in self._found.items() if other != path}
        self._looked_s.pop(path, None)

    def _weights(self, path: Path) -> dict[str, float]:
        if not self._is_open:
            self._is_open = True
            self._repository = Repository.open(self.root)
        if self._repository is None:
            return {}
        together = self._repository.co_changed(path, _N_TOGETHER)
        strongest = together[0][1] if together else 1.0
        weights = {other: weight / strongest for other, weight in together}
        weights |= {hunk.path: 1.0 for hunk in self._repository.uncommitted()}
        return {
            other.relative_to(self.root).as_posix(): weight
            for other, weight in weights.items()
            if other.is_relative_to(self.root)
        }
