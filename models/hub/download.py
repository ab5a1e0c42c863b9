"""The Hugging Face hub's protocol, as far as one file needs it: the only module that can reach the network.

Source: huggingface_hub's ``get_hf_file_metadata``, and its ``http_get``, which goes on with a file that was
interrupted; ``hf_hub_download`` of version 2 no longer does.
"""

import errno
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import frozen
from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.file_download import http_get
from huggingface_hub.utils import build_hf_headers, logging  # type: ignore[attr-defined]

from codenook.models.hub.errors import NoNetwork, NoSpace, NotOffered, Untrusted

_TransportError: type[Exception] = HfHubHTTPError.__mro__[1]
"""The error of the HTTP library, whichever one huggingface_hub uses."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


# Else it tells what else is installed and asks for more than the file, and warns of what is retried anyway.
constants.HF_HUB_DISABLE_TELEMETRY = True
logging.set_verbosity_error()  # type: ignore[no-untyped-call]


@frozen
class Offer:
    """One version of one file, as the hub offers it: where, how many bytes, and their SHA-256."""

    url: str
    size: int
    sha256: str


def ask(repository: str, file: str) -> Offer:
    """Ask the hub for a file's newest version.

    Raises NoNetwork, NotOffered, and Untrusted when the hub gives no checksum.
    """
    with _in_words(f"{repository}/{file}"):
        found = get_hf_file_metadata(hf_hub_url(repository, file))
    if found.size is None or not found.commit_hash or not _SHA256.fullmatch(found.etag or ""):
        raise Untrusted(f"the hub gives no size or no SHA-256 for {repository}/{file}")
    return Offer(hf_hub_url(repository, file, revision=found.commit_hash), found.size, str(found.etag))


def fetch(offer: Offer, to: Path, *, name: str) -> None:
    """Download ``offer`` into ``to``, going on after the bytes that are there; progress goes to a terminal.

    Raises NoNetwork when the connection ends, NotOffered, NoSpace, and Untrusted when more comes than was
    offered. What came stays in ``to``, except in the last case.
    """
    with _in_words(name), _Bounded(to, offer.size) as file:
        http_get(
            offer.url,
            file,
            resume_size=file.tell(),
            headers=build_hf_headers(),
            expected_size=offer.size,
            displayed_filename=name,
        )


class _Bounded(io.FileIO):
    """A file that is appended to and that refuses to grow beyond a size in bytes."""

    def __init__(self, path: Path, size: int) -> None:
        super().__init__(path, "ab")
        self._size = size

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._size:
            self.truncate(0)
            raise Untrusted("the hub sends more than it offered")
        written = 0
        while written < len(data):
            written += super().write(memoryview(data)[written:])
        return written


@contextmanager
def _in_words(what: str) -> Iterator[None]:
    """Turn what the library raises into an error with one line for a person."""
    try:
        yield
    except OfflineModeIsEnabled:
        raise NoNetwork("HF_HUB_OFFLINE forbids to ask the hub") from None
    except GatedRepoError:
        raise NotOffered(
            f"{what} wants its licence accepted on the hub first, and your token in HF_TOKEN"
        ) from None
    except (RepositoryNotFoundError, EntryNotFoundError):
        raise NotOffered(f"the hub has no {what}") from None
    except HfHubHTTPError as error:
        raise NotOffered(f"the hub refuses {what} (HTTP {error.response.status_code})") from None
    except _TransportError as error:
        raise NoNetwork(f"the hub can't be reached, or hung up ({type(error).__name__})") from None
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise NoSpace(f"the disk is full ({error.strerror})") from None
        if error.errno is not None:
            raise NoSpace(f"can't write: {error.strerror}") from None
        raise NoNetwork("the connection ended early") from None  # the library counts bytes and says so
