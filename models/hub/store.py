"""The models on this machine: one file for each name, in a folder of the user's."""

import os
from pathlib import Path

import platformdirs

from codenook.models import bundled
from codenook.models.hub import catalog
from codenook.models.hub.errors import HubError, NotInstalled

FOLDER_VARIABLE = "CODENOOK_MODELS_DIR"

BUNDLED = bundled.NAME.partition(".")[0]
"""The bundled model's name."""


def folder() -> Path:
    """Return where pulled models are; the environment variable ``CODENOOK_MODELS_DIR`` overrides it."""
    override = os.environ.get(FOLDER_VARIABLE)
    return Path(override) if override else platformdirs.user_data_path("codenook") / "models"


def path_of(name: str) -> Path:
    """Return where the model ``name`` is, or would be once pulled."""
    if name == BUNDLED:
        return Path(bundled.__file__).with_name(bundled.NAME)
    return folder() / f"{catalog.find(name).name}.gguf"


def locate(model: str) -> Path:
    """Return the file that the setting ``model`` means: a name of the catalogue, else a path."""
    if not model or model == BUNDLED or model in catalog.catalog():
        return path_of(model or BUNDLED)
    return Path(os.path.expanduser(model))  # noqa: PTH111 - a home that is not known is no error here


def installed(name: str) -> Path:
    """Return the file of the model ``name``; raises UnknownModel, or NotInstalled with what to do."""
    path = path_of(name)
    if not path.is_file():
        raise NotInstalled(f"{name} is not on this machine: codenook models pull {name}")
    return path


def remove(name: str) -> int:
    """Delete a pulled model and what is left of unfinished downloads; return how many bytes that freed.

    An engine that has the model open keeps it until it ends. Raises NotInstalled when there is nothing.
    """
    if name == BUNDLED:
        raise HubError(f"{name} comes with codenook and is removed with it")
    found = [path_of(name), *partial_files(name)]
    freed = sum(path.stat().st_size for path in found if path.is_file())
    if not any(path.is_file() for path in found):
        raise NotInstalled(f"{name} is not on this machine")
    for path in found:
        path.unlink(missing_ok=True)
    return freed


def partial_files(name: str) -> list[Path]:
    """Return what unfinished downloads of ``name`` left: they are gone on with by the next pull."""
    return sorted(folder().glob(f"{name}.*.partial"))


def partial_file(name: str, sha256: str) -> Path:
    """Return where the download of that very file is collected until it is complete and checked."""
    return folder() / f"{name}.{sha256[:16]}.partial"
