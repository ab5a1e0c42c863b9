"""Whether a file begins as a GGUF model does, before anything is asked to load it.

Source: the GGUF specification, "File Structure", versions 2 and 3: magic, version, number of tensors and of
keys, little-endian.
"""

import struct
from pathlib import Path

from codenook.models.hub.errors import Untrusted

_HEADER = struct.Struct("<4sIQQ")
_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_MOST = 1 << 20


def check(path: Path) -> None:
    """Raise Untrusted, with what is wrong, unless ``path`` begins with the header of a model."""
    with path.open("rb") as file:
        data = file.read(_HEADER.size)
    if len(data) < _HEADER.size or not data.startswith(_MAGIC):
        raise Untrusted("the file is not a GGUF model")
    _, version, n_tensors, n_keys = _HEADER.unpack(data)
    if version not in _VERSIONS:
        raise Untrusted(f"the file has GGUF version {version}, which codenook does not know")
    if not (0 < n_tensors < _MOST and 0 < n_keys < _MOST):
        raise Untrusted("the file has the header of a GGUF file, but no model in it")
