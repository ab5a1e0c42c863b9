"""Segments on disk: one file, replaced as a whole, whose digest is checked before it is believed.

A line that names the format, the digest of the rest, the length of a header in JSON, the header, and the
arrays one after another as it lists them.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from codenook.models.memory.segment import Segment

FORMAT = b"codenook memory 1\n"
"""Raised when the format changes, or how places are ordered."""

ARRAYS = ("ends", "stream", "lines", "order")

N_LENGTH = 8
"""Bytes of the header's length."""


def write(file: Path, vocabulary: str, segments: Sequence[Segment]) -> None:
    """Replace ``file`` at once; all files in the segments must be alive. Raises OSError."""
    arrays = [getattr(segment, name) for segment in segments for name in ARRAYS]
    header = json.dumps(
        {"vocabulary": vocabulary, "segments": [_described(one) for one in segments]}
    ).encode()
    parts = [len(header).to_bytes(N_LENGTH, "big"), header, *(array.view(np.uint8).data for array in arrays)]
    digest = hashlib.blake2b()
    for part in parts:
        digest.update(part)
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    try:
        with unfinished.open("wb") as out:
            out.writelines([FORMAT, digest.digest(), *parts])
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def read(file: Path, vocabulary: str) -> tuple[Segment, ...] | None:
    """Return what was written for ``vocabulary``; anything else is set aside, and None."""
    try:
        content = file.read_bytes()
    except OSError:
        return None
    segments = parse(content, vocabulary)
    if segments is None:
        with suppress(OSError):
            file.replace(file.with_name(f"{file.name}.unread"))
    return segments


def parse(content: bytes, vocabulary: str) -> tuple[Segment, ...] | None:
    """Return a file's segments, None when it is damaged, or of another format or vocabulary."""
    digest_end = len(FORMAT) + hashlib.blake2b().digest_size
    body = memoryview(content)[digest_end:]
    if content[:digest_end] != FORMAT + hashlib.blake2b(body).digest():
        return None
    rest = BytesIO(body)
    header = json.loads(rest.read(int.from_bytes(rest.read(N_LENGTH), "big")))
    if header["vocabulary"] != vocabulary:
        return None
    return tuple(_segment(described, rest) for described in header["segments"])


def _described(segment: Segment) -> dict[str, Any]:
    arrays = {name: getattr(segment, name) for name in ARRAYS}
    return {
        "paths": segment.paths,
        "versions": segment.versions,
        "arrays": {name: (array.dtype.str, len(array)) for name, array in arrays.items()},
    }


def _segment(described: Mapping[str, Any], rest: BytesIO) -> Segment:
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, (kind, n) in described["arrays"].items():
        arrays[name] = np.frombuffer(rest.read(np.dtype(kind).itemsize * n), kind)
    stream = arrays.pop("stream")
    return Segment(
        paths=tuple(described["paths"]),
        versions=tuple(described["versions"]),
        content=stream.tobytes(),
        symbol=stream.dtype,
        alive=np.ones(len(described["paths"]), dtype=np.bool_),
        **arrays,
    )
