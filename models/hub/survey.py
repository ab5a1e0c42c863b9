"""What `codenook models list` shows: every model that can be used here, or could be."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from codenook.models.hub import store
from codenook.models.hub.catalog import Entry, Fits, Role, catalog


@frozen
class Known:
    """One model, on this machine or only in the catalogue.

    ``size_bytes`` is the file's size, None when the model is not on this machine; ``active_for`` the roles
    for which it is used; ``entry`` what the catalogue says of it, None for the bundled model, adapted ones
    and files of the user's own.
    """

    name: str
    path: Path
    size_bytes: int | None
    active_for: tuple[Role, ...]
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
            "active": Role.FIM in self.active_for,
            "active_for": list(self.active_for),
            "family": self.family,
            "roles": list(self.roles),
            "licence": self.licence,
            "parameters": entry and entry.parameters,
            "quantization": entry and entry.quantization,
            "download_gb": entry and entry.size_gb,
            "memory_gb": entry and entry.memory_gb,
            "fits": self.fits,
        }


def survey(used: Mapping[Role, Path]) -> list[Known]:
    """Return the bundled model, adapted ones, those ``used`` for a role that have no name, the catalogue."""
    bundled = _known(
        store.BUNDLED,
        store.path_of(store.BUNDLED),
        used,
        family="codenook",
        roles=(Role.FIM,),
        licence="Apache-2.0",
    )
    adapted = [
        _known(name, store.path_of(name), used, family="codenook", roles=(Role.FIM,))
        for name in store.adapted()
    ]
    catalogued = [
        _known(
            entry.name,
            store.path_of(entry.name),
            used,
            family=entry.family,
            roles=entry.roles,
            licence=entry.licence,
            entry=entry,
        )
        for entry in catalog().values()
    ]
    named = {model.path for model in (bundled, *adapted, *catalogued)}
    own = [_known(path.stem, path, used) for path in dict.fromkeys(used.values()) if path not in named]
    return [bundled, *adapted, *own, *catalogued]


def _known(name: str, path: Path, used: Mapping[Role, Path], **about: Any) -> Known:
    size_bytes = path.stat().st_size if path.is_file() else None
    active_for = tuple(role for role in Role if used[role] == path)
    return Known(name=name, path=path, size_bytes=size_bytes, active_for=active_for, **about)
