"""Segments on disk: one file, replaced as a whole, whose digest is checked before anything in it is believed.

A line that names the format, the digest of the rest, the length of a header in JSON, the header, and the arrays
one after another as it lists them.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from codenook.models.memory.segment import Segment

FORMAT = b"codenook memory 1\n"
"""Raised when the format changes, or how places are ordered."""

ARRAYS = ("ends", "stream", "lines", "order")


def write(file: Path, vocabulary: str, segments: Sequence[Segment]) -> None:
    """Replace ``file`` at once; of segments with dead files everything is written. Raises OSError."""
    arrays = [getattr(segment, name) for segment in segments for name in ARRAYS]
    header = json.dumps(
        {
            "vocabulary": vocabulary,
            "segments": [{"paths": segment.paths, "versions": segment.versions} for segment in segments],
            "arrays": [(array.dtype.str, len(array)) for array in arrays],
        }
    ).encode()
    parts = [len(header).to_bytes(8), header, *(array.view(np.uint8).data for array in arrays)]
    digest = hashlib.blake2b()
    for part in parts:
        digest.update(part)
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with unfinished.open("wb") as out:
            out.writelines([FORMAT, digest.digest(), *parts])
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def read(file: Path, vocabulary: str) -> tuple[Segment, ...] | None:
    """Return what was written for ``vocabulary``; None, and the file set aside, when that isn't what it holds."""
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
    """Return the segments of a file's content, None when it is damaged, or of another format or vocabulary."""
    digest_end = len(FORMAT) + hashlib.blake2b().digest_size
    body = memoryview(content)[digest_end:]
    if content[:digest_end] != FORMAT + hashlib.blake2b(body).digest():
        return None
    header_end = 8 + int.from_bytes(body[:8])
    header = json.loads(bytes(body[8:header_end]))
    if header["vocabulary"] != vocabulary:
        return None
    arrays = _arrays(header["arrays"], body[header_end:])
    return tuple(
        Segment(
            paths=tuple(segment["paths"]),
            versions=tuple(segment["versions"]),
            alive=np.ones(len(segment["paths"]), dtype=np.bool_),
            **dict(zip(ARRAYS, arrays, strict=False)),
        )
        for segment in header["segments"]
    )


def _arrays(kinds: Sequence[tuple[str, int]], content: memoryview) -> Iterator[npt.NDArray[Any]]:
    sizes = [np.dtype(kind).itemsize * n for kind, n in kinds]
    for (kind, _), (start, end) in zip(kinds, pairwise([0, *np.cumsum(sizes).tolist()]), strict=True):
        yield np.frombuffer(content[start:end], dtype=kind).copy()
