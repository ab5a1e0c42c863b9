"""Answers of sources, kept on disk: a review that was stopped goes on where it was."""

import hashlib
import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import platformdirs
from attrs import define, field

import codenook

FOLDER_VARIABLE = "CODENOOK_CACHE_DIR"

_UNUSED_S = 30 * 24 * 3600
_FILE_MODE, _FOLDER_MODE = 0o600, 0o700


def folder() -> Path:
    """Return where answers are; the environment variable ``CODENOOK_CACHE_DIR`` overrides its parent."""
    override = os.environ.get(FOLDER_VARIABLE)
    return (Path(override) if override else platformdirs.user_cache_path("codenook")) / "review"


@define(eq=False)
class Kept:
    """Answers by what they depend on. A folder that can't be written keeps nothing, and that is no error."""

    place: Path = field(factory=folder)

    def read(self, name: str) -> bytes | None:
        """What was kept by this name; None without it."""
        path = self.place / name
        try:
            found = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return found

    def write(self, name: str, content: bytes) -> None:
        """Keep something by a name, which says all that it depends on."""
        path = self.place / name
        with suppress(OSError):
            self.place.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            part = path.with_suffix(f".{os.getpid()}")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE), "wb") as stream:
                stream.write(content)
            part.replace(path)

    def tidy(self) -> None:
        """Delete what nobody asked for in 30 days."""
        with suppress(OSError):
            for path in self.place.iterdir():
                with suppress(OSError):
                    if path.stat().st_mtime < time.time() - _UNUSED_S:
                        path.unlink()


def named(parts: Iterable[str], suffix: str) -> str:
    """A name for what depends on these texts, and on this version of codenook."""
    digest = hashlib.sha256()
    for part in (codenook.__version__, *parts):
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:%b" % (len(encoded), encoded))
    return f"{digest.hexdigest()[:32]}{suffix}"
