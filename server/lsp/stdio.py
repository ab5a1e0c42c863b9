"""Keep stdin and stdout for the protocol: nothing else in this process or its children may use them."""

import os
import re
import sys
from typing import BinaryIO

MAX_MESSAGE_BYTES = 256 << 20
"""No editor sends more at once; a length beyond it is a mistake, and waiting for so much would be the end."""

_MAX_HEADER_BYTES = 1 << 16
_LENGTH = re.compile(rb"Content-Length: *(\d{1,18})\r?\n", re.IGNORECASE)


def claim_stdio() -> tuple[BinaryIO, BinaryIO]:
    """Return the two streams for the protocol; from now on, whatever is printed goes to stderr."""
    protocol_in = os.fdopen(os.dup(0), "rb")
    protocol_out = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return protocol_in, protocol_out


def next_body(stream: BinaryIO) -> bytes | None:
    """Wait for the next message and return its body; None at the end of the stream.

    What is not a header is skipped until one comes, so that a broken message costs no other. Raises
    ValueError for a message that is too long; what there is of it will be skipped the same way.
    """
    length = None
    while header := stream.readline(_MAX_HEADER_BYTES):
        if found := _LENGTH.search(header):
            length = int(found[1])
            if length > MAX_MESSAGE_BYTES:
                raise ValueError(f"a message of {length} bytes")
        elif length is not None and not header.strip():
            return stream.read(length)
    return None
