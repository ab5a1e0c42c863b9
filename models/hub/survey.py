"""What `codenook models list` shows: every model that can be used here, or could be."""

from pathlib import Path

from attrs import frozen

from codenook.models.hub import store
from codenook.models.hub.catalog import Entry, Fits, Role, catalog


@frozen
class Known:
    """One model, on this machine or only in the catalogue.

    ``size_bytes`` is the file's size, None when the model is not on this machine; ``entry`` what the
    catalogue says of it, None for the bundled model and for files of the user's own.
    """

    name: str
    path: Path
    size_bytes: int | None
    active: bool
    family: str | None = None
    roles: tuple[Role, ...] = ()
    licence: str | None = None
    entry: Entry | None = None

    @property
    def fits(self) -> Fits | None:
        """Whether this machine has the memory for it; None when the catalogue doesn't know it."""
        return self.entry.fits if self.entry else None

    def to_json(self) -> dict[str, object]:
        """Return the documented JSON of one line of the list."""
        entry = self.entry
        return {
            "name": self.name,
            "path": str(self.path),
            "size_bytes": self.size_bytes,
            "active": self.active,
            "family": self.family,
            "roles": list(self.roles),
            "licence": self.licence,
            "parameters": entry and entry.parameters,
            "quantization": entry and entry.quantization,
            "download_gb": entry and entry.size_gb,
            "memory_gb": entry and entry.memory_gb,
            "fits": self.fits,
        }


def survey(active: Path) -> list[Known]:
    """Return the bundled model, the one at ``active`` if it is neither, and the whole catalogue."""
    bundled = store.path_of(store.BUNDLED)
    paths = {entry.name: store.path_of(entry.name) for entry in catalog().values()}
    known = [
        Known(
            store.BUNDLED, bundled, _size(bundled), bundled == active, "codenook", (Role.FIM,), "Apache-2.0"
        )
    ]
    if active not in (bundled, *paths.values()):
        known.append(Known(active.stem, active, _size(active), active=True))
    for entry in catalog().values():
        path = paths[entry.name]
        known.append(
            Known(
                entry.name, path, _size(path), path == active, entry.family, entry.roles, entry.licence, entry
            )
        )
    return known


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None
