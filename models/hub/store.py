"""The models on this machine: one file for each name, in a folder of the user's."""

import os
import re
import shutil
from pathlib import Path

import platformdirs

from codenook.models import bundled
from codenook.models.hub import catalog
from codenook.models.hub.errors import HubError, NoSpace, NotInstalled

FOLDER_VARIABLE = "CODENOOK_MODELS_DIR"

BUNDLED = bundled.NAME.partition(".")[0]
"""The bundled model's name."""

ADAPTED = "adapted-"
"""What the names of models that `codenook adapt` made begin with."""

_ADAPTED_NAME = re.compile(rf"{ADAPTED}[a-z0-9][a-z0-9_-]*")


def folder() -> Path:
    """Return where pulled models are; the environment variable ``CODENOOK_MODELS_DIR`` overrides it."""
    override = os.environ.get(FOLDER_VARIABLE)
    return Path(override) if override else platformdirs.user_data_path("codenook") / "models"


def path_of(name: str) -> Path:
    """Return where the model ``name`` is, or would be once pulled."""
    if name == BUNDLED:
        return Path(bundled.__file__).with_name(bundled.NAME)
    if is_adapted(name):
        return folder() / f"{name}.gguf"
    return folder() / f"{catalog.find(name).name}.gguf"


def locate(model: str) -> Path:
    """Return the file that the setting ``model`` means: a name of `codenook models list`, else a path."""
    if not model or model == BUNDLED or model in catalog.catalog() or is_adapted(model):
        return path_of(model or BUNDLED)
    return Path(os.path.expanduser(model))  # noqa: PTH111 - a home that is not known is no error here


def installed(name: str) -> Path:
    """Return the file of the model ``name``; raises UnknownModel, or NotInstalled with what to do."""
    path = path_of(name)
    if not path.is_file():
        how = "codenook adapt makes such models" if is_adapted(name) else f"codenook models pull {name}"
        raise NotInstalled(f"{name} is not on this machine: {how}")
    return path


def is_adapted(name: str) -> bool:
    """Whether ``name`` is one that `codenook adapt` gives to a model."""
    return _ADAPTED_NAME.fullmatch(name) is not None


def adapted() -> list[str]:
    """Return the names of the adapted models on this machine."""
    found = sorted(path.stem for path in folder().glob(f"{ADAPTED}*.gguf"))
    return [name for name in found if is_adapted(name)]


def adopt(file: Path, name: str) -> Path:
    """Put a model that was made here under a name of its own, in place of an older one; return its file.

    It is readable by the user alone, as the code was that it learned from. Raises NoSpace.
    """
    path = path_of(name)
    unfinished = path.with_name(f"{name}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            unfinished.touch(0o600)
            shutil.copyfile(file, unfinished)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise NoSpace(f"can't write to {path.parent}: {error.strerror}") from None
    return path


def remove(name: str) -> int:
    """Delete a model that is here and what is left of unfinished downloads; return how many bytes that freed.

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
