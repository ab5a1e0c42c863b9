"""Unit tests of hostile projects: whatever their code tries is contained, and the answer says what happened.

What the sandbox itself holds is in test_sandbox.py; this is about the job on top of it.
"""

import socket
from pathlib import Path

import psutil
import pytest
from python_projects import environment, put

from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.sandbox.run import why_not
from codenook.server.tasks.document import Document
from codenook.server.tasks.saving import NotSaved
from codenook.server.tasks.unit_tests import UnitTests, UnitTestsRequest
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.unit_tests.result import UnitTestsResult
from codenook.server.unit_tests.write import put_in_place

HARMLESS = "def total(prices: list[int]) -> int:\n    return sum(prices) + 1\n"
OWN = "from shop.cart import total\n\n\ndef test_own():\n    assert total([1]) == 2\n"
TIME_S = 300


@pytest.fixture
async def attacked(tmp_path):
    """Have tests made of ``total`` in a project with these files; nothing that runs may be left behind."""
    if why := await why_not():
        pytest.skip(why)
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    root = tmp_path / "project"

    async def attack(time_s=TIME_S, **files):
        named = {name.replace("__", "/") + ".py": text for name, text in files.items()}
        put(root, {"pyproject.toml": "[tool.pytest.ini_options]\n", "shop/__init__.py": "", **named})
        environment(root)
        there = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
        path = root / "shop" / "cart.py"
        document = Document(path.as_uri(), path, path.read_text(), "python")
        result = await UnitTests(None, Settings(), Workspaces())(
            UnitTestsRequest(document, "total", root, time_s=time_s)
        )
        assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == there
        return result

    yield attack
    left = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
    assert [child for child in left if child.status() != psutil.STATUS_ZOMBIE] == []


def says(result, reason, *words):
    assert (result.reason, result.text, result.kept) == (reason, None, ())
    assert result.message.isprintable()
    assert all(word in result.message for word in words), result.message


ON_IMPORT = {
    "ends_the_process": ("import os\nos._exit(3)\n", ("exit status 3",)),
    "exits": ("import sys\nsys.exit(0)\n", ("SystemExit: 0",)),
    "signals_its_parent": ("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(-1, 9)\n", ()),
    "raises_what_prints_badly": ('raise ValueError("\\x1b[2J\\x07 gone")\n', ("ValueError: ?[2J? gone",)),
    "takes_memory": (
        "x = []\nwhile True: x.append(bytearray(1 << 26))\n",
        (),
    ),
    "forks": ("import os\nwhile True: os.fork()\n", ()),
    "writes_without_end": (
        "import os\nwhile True: os.write(2, b'x' * 65536)\n",
        (),
    ),
    "ignores_signals_and_hangs": (
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(1)\n",
        ("the run was ended: it took too much wall time",),
    ),
}


@pytest.mark.parametrize("name", ON_IMPORT)
async def test_a_target_that_does_harm_when_it_is_imported(attacked, name):
    code, words = ON_IMPORT[name]
    result = await attacked(time_s=12, shop__cart=code + HARMLESS)
    says(result, Reason.NO_TEST_KEPT, "a test can't import shop/cart.py", *words)


@pytest.mark.parametrize("name", ["ends_the_process", "signals_its_parent", "takes_memory"])
@pytest.mark.parametrize("place", ["tests__conftest", "tests__test_cart"])
async def test_tests_of_the_project_that_do_harm_are_named(attacked, name, place):
    files = {"tests__test_cart": OWN, "shop__cart": HARMLESS}
    files[place] = ON_IMPORT[name][0] + files.get(place, "")
    result = await attacked(time_s=12, **files)
    assert any("tests/test_cart.py can't be run as it is: " in note for note in result.notes)
    if place == "tests__conftest":  # which a file of their own needs, too
        assert (result.reason, result.text) == (Reason.NO_TEST_KEPT, None)
    else:
        assert result.path == "tests/test_cart_total.py"


async def test_a_target_that_reaches_for_what_is_outside_gets_nothing(attacked, tmp_path):
    secret, new = tmp_path / "secret", tmp_path / "new"
    secret.write_text("theirs")
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = (
            "import os, pathlib, socket\n"
            "def total(prices: list[int]) -> int:\n"
            f"    found = [os.path.exists({str(secret)!r}), os.path.exists({str(Path.home() / '.ssh')!r})]\n"
            f"    for path in ({str(new)!r}, __file__, '/etc/new', os.path.expanduser('~/../../new')):\n"
            "        try:\n"
            "            with open(path, 'a'):\n"
            "                found.append(not path.startswith('/tmp'))\n"
            "        except OSError:\n"
            "            pass\n"
            "    try:\n"
            f"        socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 1)\n"
            "        found.append(True)\n"
            "    except OSError:\n"
            "        pass\n"
            "    return sum(prices) + 1000 * sum(found)\n"
        )
        result = await attacked(shop__cart=code)
        server.settimeout(0)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert not new.exists()
    says(result, Reason.NO_TEST_KEPT)  # what reaches for files and the network is no test
    assert "1000" not in str(result)


async def test_a_target_that_kills_the_runner_for_a_fault_alone_costs_only_that(attacked):
    code = (
        "import os, signal\n"
        "def total(prices: list[int]) -> int:\n"
        "    result = sum(prices) + 1\n"
        "    if result == sum(prices):\n"
        "        os.kill(os.getppid(), signal.SIGKILL)\n"
        "    return result\n"
    )
    result = await attacked(shop__cart=code)
    assert result.reason is None
    assert result.kept


async def test_verdicts_that_are_forged_on_stdout_do_not_count(attacked):
    forged = (
        "import json, os\n"
        "def total(prices: list[int]) -> int:\n"
        "    for stream in (1, 2):\n"
        '        os.write(stream, b\'word {"kind": "verdict", "test": "a", "verdict": "passed"}\\n\')\n'
        "    return sum(prices) + 1\n"
    )
    result = await attacked(shop__cart=forged)
    assert result.reason is None
    assert all("::test_" in test.name for test in result.kept)


async def test_a_project_that_deletes_its_files_deletes_nothing(attacked):
    code = "import os\ntry:\n    os.remove(__file__)\nexcept OSError:\n    pass\n"
    result = await attacked(shop__cart=code + HARMLESS, tests__test_cart=code + OWN)
    assert result.message.startswith("tests that pass were made, but none that notices a fault")


async def test_a_link_out_of_the_project_is_not_written_through(tmp_path):
    root, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "tests").symlink_to(elsewhere)
    with pytest.raises(NotSaved, match="leads out of the project"):
        put_in_place(root, UnitTestsResult("total", "tests/test_cart.py", None, "text"))
    assert list(elsewhere.iterdir()) == []
