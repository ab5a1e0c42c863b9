"""Answers of sources, kept on disk: a review that was stopped goes on where it was."""

import hashlib
import json
import os
import time
from contextlib import suppress
from pathlib import Path

import cattrs
import platformdirs
from attrs import define, field

import codenook
from codenook.server.review.finding import Finding
from codenook.server.review.scope.change import ChangedFile

FOLDER_VARIABLE = "CODENOOK_CACHE_DIR"

_UNUSED_S = 30 * 24 * 3600
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700

_converter = cattrs.Converter()
_converter.register_structure_hook(str | float | bool, lambda value, _: value)


def folder() -> Path:
    """Return where answers are; the environment variable ``CODENOOK_CACHE_DIR`` overrides its parent."""
    override = os.environ.get(FOLDER_VARIABLE)
    return (Path(override) if override else platformdirs.user_cache_path("codenook")) / "review"


@define(eq=False)
class Kept:
    """Answers by what they depend on. A folder that can't be written keeps nothing, and that is no error."""

    place: Path = field(factory=folder)

    def find(self, key: str, file: ChangedFile) -> list[Finding] | None:
        """The answer that was kept; None without one."""
        path = self._path(key, file)
        try:
            found = json.loads(path.read_bytes())
            os.utime(path)
            return _converter.structure(found, list[Finding])
        except (OSError, ValueError, cattrs.BaseValidationError):
            return None

    def keep(self, key: str, file: ChangedFile, findings: list[Finding]) -> None:
        """Keep an answer."""
        path = self._path(key, file)
        text = json.dumps(_converter.unstructure(findings))
        with suppress(OSError):
            self.place.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE), "w") as stream:
                stream.write(text)
            part.replace(path)

    def tidy(self) -> None:
        """Delete what nobody asked for in 30 days."""
        with suppress(OSError):
            for path in self.place.iterdir():
                with suppress(OSError):
                    if path.stat().st_mtime < time.time() - _UNUSED_S:
                        path.unlink()

    def _path(self, key: str, file: ChangedFile) -> Path:
        parts = [codenook.__version__, key, file.path, file.old_path or ""]
        parts += ["" if text is None else text.text for text in (file.old, file.new)]
        parts += [f"{hunk}" for hunk in file.hunks]
        digest = hashlib.sha256("\0".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "replace"))
        return self.place / f"{digest.hexdigest()[:32]}.json"
