"""A changed text into its file: whole or not at all, and never over somebody else's change."""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from codenook.server.tasks.place import PlaceError, read_text


def save(path: Path, before: str, after: str) -> None:
    """Write ``after`` to ``path``, where ``before`` stands; raises PlaceError.

    The file is replaced in one step, so that neither a full disk nor an interruption leaves half of it. A
    link stays one, and the mode stays as it is.
    """
    if read_text(path) != before:
        raise PlaceError(f"{path} was changed meanwhile; it is left as it is")
    target = path.resolve()
    written = None
    try:
        descriptor, written = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(after.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, written)
        Path(written).replace(target)
    except OSError as error:
        raise PlaceError(f"can't write {path}: {error.strerror}") from None
    finally:
        if written is not None:
            with contextlib.suppress(FileNotFoundError):
                Path(written).unlink()
