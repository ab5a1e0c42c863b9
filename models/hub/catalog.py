"""The catalogue: models known by name, read from ``models/catalog.toml``."""

import difflib
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path

import cattrs
import psutil
from attrs import frozen

from codenook.models.hub.errors import UnknownModel

PATH = Path(__file__).parents[1] / "catalog.toml"

GB = 10**9


class Role(StrEnum):
    """What a model was trained for: filling in at a cursor, or following instructions."""

    FIM = "fim"
    CHAT = "chat"


class Fits(StrEnum):
    """Whether this machine has the memory that a model needs."""

    YES = "yes"
    WHEN_FREE = "when_free"
    """The memory is there, but in use right now."""
    NO = "no"


@frozen
class Entry:
    """One model of the catalogue; ``catalog.toml`` explains the fields."""

    name: str
    family: str
    roles: tuple[Role, ...]
    parameters: str
    quantization: str
    size_gb: float
    memory_gb: float
    licence: str
    repository: str
    file: str
    sha256: str

    @property
    def fits(self) -> Fits:
        """Compare the memory that the model needs with this machine's, GPUs not counted."""
        memory = psutil.virtual_memory()
        needed = self.memory_gb * GB
        if needed <= memory.available:
            return Fits.YES
        return Fits.WHEN_FREE if needed <= memory.total else Fits.NO


@cache
def catalog() -> Mapping[str, Entry]:
    """Return every model of the catalogue by its name, in the file's order."""
    tables = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return {name: cattrs.structure({"name": name, **table}, Entry) for name, table in tables.items()}


def find(name: str) -> Entry:
    """Return a model of the catalogue; raises UnknownModel, which names the nearest ones."""
    if found := catalog().get(name):
        return found
    near = difflib.get_close_matches(name, catalog(), n=1)
    hint = f", did you mean {near[0]}?" if near else "; codenook models list shows the names"
    raise UnknownModel(f"the catalogue has no model {name}{hint}")
