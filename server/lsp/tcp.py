"""One editor over TCP: for editors and containers that can't start the server as a child."""

import ipaddress
import socket
import sys
from typing import BinaryIO

MAX_PORT = 0xFFFF


class AddressError(ValueError):
    """The server can't listen there; the message is one line for the user."""


def accept_one(address: str, *, allow_remote: bool = False) -> tuple[BinaryIO, BinaryIO]:
    """Listen on ``HOST:PORT`` until an editor connects; return its two streams.

    The door closes behind the first one, so a second is refused by the system. Port 0 takes any free one;
    the one taken is printed on stderr. Raises AddressError.
    """
    family, host, port = _resolve(address)
    if not (allow_remote or ipaddress.ip_address(host.partition("%")[0]).is_loopback):
        raise AddressError(
            f"{host} can be reached from other machines, and nothing here asks who connects or encrypts; "
            "--allow-remote listens there all the same"
        )
    try:
        door = socket.create_server((host, port), family=family, backlog=1)
    except OSError as error:
        raise AddressError(f"can't listen on {address}: {error.strerror}") from None
    with door:
        shown = f"[{host}]" if family is socket.AF_INET6 else host
        sys.stderr.write(f"codenook: listening on {shown}:{door.getsockname()[1]}\n")
        sys.stderr.flush()
        editor, _ = door.accept()
    with editor:  # the streams keep it open
        return editor.makefile("rb"), editor.makefile("wb")


def _resolve(address: str) -> tuple[socket.AddressFamily, str, int]:
    """Return the first address that ``HOST:PORT`` means: what is checked is what is listened on."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or int(port) > MAX_PORT:
        raise AddressError(f"{address!r} is not HOST:PORT")
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
    except OSError as error:
        raise AddressError(f"there is no host {host}: {error.strerror}") from None
    family, _, _, _, (resolved, *_) = found[0]
    return family, str(resolved), int(port)
