"""How go is started in the sandbox: without a network, and with the user's own build cache beneath its own.

Without that cache Go would compile its standard library for each run, which takes minutes.
"""

import os
from pathlib import Path

from codenook.server.sandbox.reading import is_folder

CACHE = "/tmp/codenook/go-build"  # noqa: S108 - the sandbox's own
START = """
to=$1; from=$2; shift 2
mkdir -p "$to"
if [ -d "$from" ]; then cp -rs "$from/." "$to/" 2>/dev/null; fi
exec "$@"
"""
"""What was compiled before is linked to, and what is compiled now is the sandbox's own."""


def build_cache() -> Path:
    """Where the user's go keeps what it compiled."""
    return _user_folder("GOCACHE", ".cache/go-build")


def modules() -> Path:
    """Where the user's go keeps the modules that it downloaded."""
    return _user_folder("GOMODCACHE", "go/pkg/mod")


def environment() -> dict[str, str]:
    """What go finds in its environment."""
    return {
        "CGO_ENABLED": "0",
        "GOCACHE": CACHE,
        "GOENV": "off",
        "GOFLAGS": "",
        "GOMODCACHE": str(modules() if is_folder(modules()) else "/tmp/codenook/modules"),  # noqa: S108
        "GOPATH": "/tmp/codenook/go",  # noqa: S108
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
    }


def _user_folder(variable: str, usual: str) -> Path:
    return Path(os.environ.get(variable) or Path.home() / usual)
