"""Fetching a model by name: nothing is installed before every byte of it was checked."""

import hashlib
import shutil
from pathlib import Path

from filelock import FileLock, Timeout

from codenook.models.hub import download, header, store
from codenook.models.hub.catalog import GB, Entry, find
from codenook.models.hub.errors import AlreadyPulling, NoNetwork, NoSpace, Untrusted

MOST_OF_CATALOG = 1.05
"""How many times the catalogue's size a file may have: sizes there are rounded."""

SPARE_BYTES = 256 * 2**20
"""What a download leaves free on the disk."""


def pull(name: str) -> Path:
    """Fetch the model ``name`` from the hub and install it; return its file.

    An interrupted download is gone on with where it ended. A model that is there already is not asked for
    again. Raises a HubError, whose message says what to do.
    """
    entry = find(name)
    path = store.path_of(name)
    if path.is_file():
        return path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{name}.lock"), timeout=0):
            _install(entry, path)
    except Timeout:
        raise AlreadyPulling(f"another process is fetching {name}") from None
    except OSError as error:
        raise NoSpace(f"can't write to {path.parent}: {error.strerror}") from None
    return path


def _install(entry: Entry, path: Path) -> None:
    offer = download.ask(entry.repository, entry.file)
    if offer.size > entry.size_gb * MOST_OF_CATALOG * GB:
        raise Untrusted(
            f"not downloaded: the hub's file has {_gb(offer.size)}, the catalogue says {entry.size_gb} GB"
        )
    if entry.sha256 not in ("", offer.sha256):
        raise Untrusted("not downloaded: the hub's file is not the one of the catalogue (SHA-256 differs)")
    partial = store.partial_file(entry.name, offer.sha256)
    for outdated in set(store.partial_files(entry.name)) - {partial}:
        outdated.unlink()
    missing = offer.size - _size(partial)
    free = shutil.disk_usage(path.parent).free
    if missing + SPARE_BYTES > free:
        raise NoSpace(f"{entry.name} needs {_gb(missing)} more, {path.parent} has {_gb(free)} free")
    try:
        download.fetch(offer, partial, name=entry.name)
        _check(partial, offer.sha256)
    except (NoNetwork, NoSpace) as error:
        kept = f"{_gb(_size(partial))} of {_gb(offer.size)} are kept, the next pull goes on there"
        raise type(error)(f"{error}; {kept}") from None
    except Untrusted:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(path)


def _check(partial: Path, sha256: str) -> None:
    """Raise Untrusted for a file that is damaged or no model."""
    with partial.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise Untrusted("what came is damaged (SHA-256 differs) and was deleted: pull again")
    header.check(partial)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _gb(n_bytes: int) -> str:
    return f"{n_bytes / GB:.2f} GB"
