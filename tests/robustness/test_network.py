"""No connection leaves the machine: the kernel would end the process that asks for so much as a socket."""

import platform
import signal
import subprocess
import sys

import pytest
from confined import SYSTEMS
from lsp_wire import CODENOOK, CONFINED

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in SYSTEMS, reason="needs Linux' seccomp"
)
WITHOUT_NETWORK = [*CONFINED, "no-network", "--"]


@pytest.mark.parametrize(
    ("family", "status"), [("AF_UNIX", 0), ("AF_INET", -signal.SIGSYS), ("AF_INET6", -signal.SIGSYS)]
)
def test_who_asks_for_a_network_socket_ends(family, status):
    """Also in a process of its own, as the engine is."""
    asks = f"import socket; socket.socket(socket.{family})"
    starts = f"import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', {asks!r}]).returncode)"
    for program in (asks, starts):
        ran = subprocess.run([*WITHOUT_NETWORK, sys.executable, "-c", program], check=False)
        assert ran.returncode in {status, status % 256}


def test_server_and_engine_ask_for_none(start, private_environment, tmp_path):
    (tmp_path / "shop.py").write_text("def total(prices):\n    return sum(prices)\n")
    wire = start(private_environment, prefix=WITHOUT_NETWORK)
    wire.initialize(tmp_path)
    uri = (tmp_path / "a.py").as_uri()
    wire.open(uri, "import shop\n\n\ndef pay(prices):\n    return shop.\n")
    assert wire.complete(uri, 4, 16)[1] in {None, "not_verified", "no_candidate"}
    wire.change(uri, 2, {"text": "import requests\nimport shop\n\nrequests.get(\n"})
    assert wire.complete(uri, 3, 13)[1] in {None, "not_verified", "no_candidate"}
    assert wire.engine()["requests"] > 0
    assert wire.complete(uri, 9, 0) == ([], "position_outside")
    assert "error" in wire.answer(wire.request("textDocument/nothing"))


def test_the_command_line_asks_for_none(private_environment, tmp_path):
    (tmp_path / "a.py").write_text("def add(a, b):\n    return \n")
    for arguments in (["complete", f"{tmp_path}/a.py:2:12"], ["models", "list"], ["engine", "status"]):
        ran = subprocess.run(
            [*WITHOUT_NETWORK, *CODENOOK, *arguments],
            env=private_environment,
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert ran.returncode in {0, 1}, ran.stderr
