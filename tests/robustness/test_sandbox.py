"""The sandbox against what a hostile command would try: it is contained, and the caller lives and is told."""

import asyncio
import os
import re
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from codenook.server.sandbox import bubblewrap
from codenook.server.sandbox.command import Command, Ended, Limits, NoSandbox, SandboxFailed
from codenook.server.sandbox.programs import needs
from codenook.server.sandbox.run import run, why_not

PYTHON = Path(sys.executable)
SEEN = needs(PYTHON)
MIB = 1 << 20
TIGHT = partial(Limits, wall_s=300, cpu_s=10, memory_bytes=512 * MIB, n_processes=30, output_bytes=MIB)


@pytest.fixture
async def inside(tmp_path):
    """Run a Python program in the sandbox, in ``tmp_path/work``; nothing of it may be left afterwards."""
    if why := await why_not():
        pytest.skip(why)
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    work = tmp_path / "work"
    work.mkdir()

    async def run_inside(code, *arguments, limits=None, files=None, **values):
        command = Command(
            (str(PYTHON), "-I", "-c", code, *map(str, arguments)), work, SEEN, files or {}, **values
        )
        return await run(command, limits or TIGHT())

    yield run_inside
    left = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
    assert [child for child in left if child.status() != psutil.STATUS_ZOMBIE] == []


def said(outcome):
    assert (outcome.ended, outcome.returncode) == (Ended.BY_ITSELF, 0), outcome.stderr.decode()
    return outcome.stdout.decode().splitlines()


READ = """\
import os, sys
for path in sys.argv[1:]:
    try:
        print(os.listdir(path) if os.path.isdir(path) else open(path).read())
    except OSError as error:
        print(type(error).__name__)
"""


async def test_it_reads_its_folder_and_nothing_of_the_user(inside, tmp_path):
    (tmp_path / "work" / "a.txt").write_text("mine")
    secret = tmp_path / "secret.txt"
    secret.write_text("theirs")
    passwords = "/etc/passwd"
    mine, theirs, theirs_too = said(await inside(READ, "a.txt", secret, passwords))
    assert (mine, theirs, theirs_too) == ("mine", "FileNotFoundError", "FileNotFoundError")


LIST = """\
import os, sys
print(*(os.listdir(sys.argv[1]) if os.path.isdir(sys.argv[1]) else []), sep="/")
"""


async def test_of_the_home_folder_it_sees_what_the_interpreter_needs(inside):
    home = Path.home()
    needed = {path.relative_to(home).parts[0] for path in (*SEEN, Path.cwd()) if path.is_relative_to(home)}
    (listed,) = said(await inside(LIST, home)) or [""]
    assert set(filter(None, listed.split("/"))) <= needed


WRITE = """\
import os, sys
for path in sys.argv[1:]:
    try:
        with open(path, "r+" if os.path.exists(path) else "w") as stream:
            print("wrote", path)
    except OSError:
        pass
"""


async def test_it_writes_to_its_own_scratch_folder_alone(inside, tmp_path):
    work = tmp_path / "work"
    (work / "a.txt").write_text("mine")
    elsewhere = [
        *(work / "a.txt", work / "new", work / "made" / "new", Path.home() / "new"),
        *("/new", "/dev/new", "/usr/new", "/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname"),
    ]
    files = {"made/by.txt": b"here"}
    own = [str(tmp_path / "new"), "/tmp/new", "/dev/shm/new"]  # noqa: S108
    assert said(await inside(WRITE, *elsewhere, *own, files=files)) == [f"wrote {path}" for path in own]
    assert not any(map(os.path.exists, own))
    assert [path.name for path in work.iterdir()] == ["a.txt"]


async def test_it_reaches_no_network(inside):
    name = f"\0codenook-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(name)
        abstract.listen()
        code = (
            "import socket, sys\n"
            "for address in (('127.0.0.1', int(sys.argv[1])), ('192.0.2.1', 80), '\\0' + sys.argv[2]):\n"
            "    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET\n"
            "    try: socket.socket(family).connect(address); print('connected')\n"
            "    except OSError as error: print('not')\n"
        )
        told = said(await inside(code, server.getsockname()[1], name[1:]))
        assert told == ["not"] * 3


async def test_a_fork_bomb_is_ended(inside):
    outcome = await inside("import os\nwhile True: os.fork()")
    assert outcome.ended is Ended.PROCESSES or (outcome.returncode == 1 and b"Blocking" in outcome.stderr)


async def test_one_process_gets_no_more_memory_than_it_may(inside):
    outcome = await inside("bytearray(1 << 30)")
    assert (outcome.returncode, b"MemoryError" in outcome.stderr) == (1, True)


async def test_all_processes_together_get_no_more_memory(inside):
    code = "import os, time\nos.fork()\nos.fork()\nx = bytearray(200 << 20)\ntime.sleep(60)"
    assert (await inside(code)).ended is Ended.MEMORY


async def test_computing_without_end(inside):
    assert (await inside("while True: pass", limits=TIGHT(cpu_s=1))).ended is Ended.CPU_TIME


async def test_computing_in_many_processes(inside):
    code = "import os, time\nfor _ in range(9):\n  if not os.fork():\n    while True: pass\ntime.sleep(60)"
    assert (await inside(code, limits=TIGHT(cpu_s=1))).ended is Ended.CPU_TIME


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_output_without_end(inside, stream):
    outcome = await inside(f"import sys\nwhile True: sys.{stream}.write('x' * 1000)")
    assert outcome.ended is Ended.OUTPUT
    assert len(getattr(outcome, stream)) == MIB


async def test_waiting_without_end_for_any_signal(inside):
    code = (
        "import signal, time\n"
        "for each in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:\n"
        "    signal.signal(each, signal.SIG_IGN)\n"
        "print('ready', flush=True)\n"
        "time.sleep(1000)"
    )
    outcome = await inside(code, limits=TIGHT(wall_s=1))
    assert (outcome.ended, outcome.returncode, outcome.stdout) == (Ended.WALL_TIME, None, b"ready\n")


async def test_signals_reach_nobody_outside(inside):
    code = (
        "import os, signal, sys\n"
        "for pid in (int(sys.argv[1]), os.getppid(), 1):\n"
        "    try: os.kill(pid, signal.SIGKILL)\n"
        "    except OSError as error: print(type(error).__name__)\n"
        "print('alive')"
    )
    told = said(await inside(code, os.getpid()))
    assert told[0] == "ProcessLookupError"
    assert told[-1] == "alive"


async def test_what_it_leaves_behind_ends_with_it(inside):
    code = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0: time.sleep(1000)\n"
        "    os._exit(0)\n"
        "print('done')"
    )
    assert said(await inside(code)) == ["done"]


FILL = """\
import errno, sys
for number, size in enumerate(map(int, sys.argv[1:])):
    try:
        with open(f"/tmp/{number}", "wb") as stream:
            stream.write(bytes(size))
    except OSError as error:
        print(errno.errorcode[error.errno])
        break
"""


@pytest.mark.parametrize(("sizes", "refused"), [([2 * MIB], "EFBIG"), ([MIB // 2] * 5, "ENOSPC")])
async def test_files_have_a_largest_size_and_all_together_too(inside, sizes, refused):
    limits = TIGHT(file_bytes=MIB, scratch_bytes=2 * MIB)
    assert said(await inside(FILL, *sizes, limits=limits)) == [refused]


async def test_of_our_environment_nothing_is_there(inside, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_USER", "1")
    told = said(await inside("import os; print(*sorted(os.environ))", environment={"GIVEN": "1"}))
    assert told == ["GIVEN HOME LANG LC_ALL PATH PWD TMPDIR"]


async def test_a_signal_that_ends_it_and_stdin(inside):
    assert (await inside("import os; os.abort()")).returncode == 128 + signal.SIGABRT
    assert said(await inside("print(input())", stdin=b"asked")) == ["asked"]
    assert said(await inside("print(1)", stdin=bytes(MIB))) == ["1"]


@pytest.mark.parametrize("after_s", [0, 0.001, 0.003, 0.005, 0.01, 0.02, 0.05, 0.2])
async def test_cancelled_it_is_gone(inside, after_s):
    task = asyncio.ensure_future(inside("import time; time.sleep(1000)"))
    await asyncio.sleep(after_s)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


ONCE_AN_ORPHAN_WAS_BURIED = """\
(sleep 0 & echo $! > /tmp/orphan)
while kill -0 $(cat /tmp/orphan) 2> /dev/null; do sleep 0.05; done
sleep 1000 &
sleep 1000
"""
"""By then the first process of the sandbox is at work, and has bound its life to bubblewrap's."""

OF_ANOTHER_SERVER = """\
import asyncio, sys
from pathlib import Path
from codenook.server.sandbox.command import Command
from codenook.server.sandbox.run import run
asyncio.run(run(Command(("/bin/sh", "-c", sys.argv[2]), Path(sys.argv[1]))))
"""


@pytest.mark.usefixtures("inside")
async def test_it_dies_with_the_server(tmp_path):
    given = [str(tmp_path), ONCE_AN_ORPHAN_WAS_BURIED]
    server = psutil.Popen([PYTHON, "-P", "-c", OF_ANOTHER_SERVER, *given])

    def asleep_in(processes):
        with suppress(psutil.NoSuchProcess):
            return [each for each in processes if each.cmdline() == ["sleep", "1000"]]

    while not (asleep := asleep_in(server.children(recursive=True))):
        await asyncio.sleep(0.05)
    server.kill()
    server.wait()
    psutil.wait_procs(asleep, timeout=60)
    assert [each for each in asleep if each.is_running() and each.status() != psutil.STATUS_ZOMBIE] == []


async def test_two_at_once_know_nothing_of_each_other(inside):
    code = "import os, time; open('/tmp/x', 'x').close(); time.sleep(0.2); print(len(os.listdir('/proc')))"
    one, other = await asyncio.gather(inside(code), inside(code))
    assert said(one) == said(other)


LIST = """\
import os
for at, folders, files in sorted(os.walk(".")):
    for name in sorted([*files, *(f for f in folders if os.path.islink(os.path.join(at, f)))]):
        path = os.path.join(at, name)
        print(path[2:], os.readlink(path) if os.path.islink(path) else open(path).read())
"""


async def test_files_are_as_they_are_given(inside, tmp_path):
    work = tmp_path / "work"
    for name in ("same", "changed", "gone", "in/gone", "in/same", "in/deep/changed", "was_file"):
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text("old")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "there").write_text("theirs")
    (work / "link").symlink_to("same")
    (work / "away").symlink_to(outside)
    files = {
        "changed": b"new",
        "gone": None,
        "in/gone": None,
        "in/deep/changed": b"new",
        "in/new/deep/er": b"new",
        "was_file": None,
        "was_file/now_folder": b"new",
        "away/there": None,
        "link": b"new",
        "never/was": None,
    }
    assert said(await inside(LIST, files=files)) == [
        f"away {outside}",
        "changed new",
        "link new",
        "same old",
        "in/same old",
        "in/deep/changed new",
        "in/new/deep/er new",
        "was_file/now_folder new",
    ]
    assert (outside / "there").read_text() == "theirs"
    assert (work / "link").is_symlink()


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("wrong", ["no-such-folder", "no-such-program"])
async def test_what_cannot_be_set_up_is_told(tmp_path, wrong):
    folder = tmp_path / ("no-such-folder" if wrong == "no-such-folder" else "work")
    with pytest.raises(SandboxFailed, match=wrong):
        await run(Command((f"/usr/bin/{wrong}",), folder))


@pytest.mark.parametrize("name", ["../x", "a/../../x", "/etc/x", "", ".", "a\0b"])
@pytest.mark.parametrize("content", [b"new", None])
async def test_files_elsewhere_are_not_given(inside, tmp_path, name, content):
    (tmp_path / "x").write_text("theirs")
    with pytest.raises(SandboxFailed, match="is no file of the folder"):
        await inside("print(1)", files={name: content})
    assert (tmp_path / "x").read_text() == "theirs"


async def test_a_folder_that_has_too_many_entries_to_be_put_together_anew(inside, tmp_path):
    (tmp_path / "work" / "many").mkdir()
    for number in range(3200):
        (tmp_path / "work" / "many" / str(number)).touch()
    with pytest.raises(SandboxFailed, match=r"reads 9,000: a folder that gets or loses a file has too many"):
        await inside("print(1)", files={"many/new": b""})
    assert said(await inside("print(1)", files={"many/1": b""})) == ["1"]


async def test_as_many_arguments_as_bubblewrap_reads(inside, monkeypatch):
    with pytest.raises(SandboxFailed, match="reads 9,000") as failed:
        await inside("print(1)", *range(9000))
    n_arguments = int(re.search(r"need ([\d,]+)", str(failed.value))[1].replace(",", ""))
    most = 9000 - (n_arguments - bubblewrap.MOST_ARGUMENTS)
    assert said(await inside("print(1)", *range(most))) == ["1"]
    monkeypatch.setattr(bubblewrap, "MOST_ARGUMENTS", 9001)
    with pytest.raises(SandboxFailed, match="Exceeded maximum"):
        await inside("print(1)", *range(most + 1))


async def test_without_room_for_what_it_needs_that_is_told(inside, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "no-such-folder"))
    with pytest.raises(SandboxFailed, match="can't be prepared"):
        await inside("print(1)")


async def test_arguments_that_are_too_many_for_the_kernel(inside):
    with pytest.raises(SandboxFailed, match="can't be started"):
        await inside("", *["x" * 100_000] * 100)


# Where there is no sandbox


@pytest.fixture
def bwrap(tmp_path, monkeypatch):
    """Put a program in the place of bubblewrap."""
    monkeypatch.setattr("sys.platform", "linux")

    def make(script):
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "bwrap").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "bwrap").chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        return folder

    return make


async def test_without_bubblewrap_nothing_runs(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt install bubblewrap" in await why_not()
    with pytest.raises(NoSandbox, match="no bubblewrap"):
        await run(Command((str(PYTHON), "-c", "open('x', 'w')"), tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("script", "advice"),
    [
        ("echo 'bwrap: No permissions to create new namespace' >&2; exit 1", "user namespaces"),
        ("echo 'bwrap: Unknown option --size' >&2; exit 1", "0.7 or later"),
        ("exit 3", "exit status 3"),
    ],
)
async def test_a_bubblewrap_that_makes_no_sandbox(bwrap, tmp_path, script, advice):
    tried = tmp_path / "tried"
    bwrap(f"echo >> {tried}; {script}")
    assert advice in await why_not()
    assert tried.read_text() == "\n"
    with pytest.raises(NoSandbox, match=advice):
        await run(Command((str(PYTHON),), tmp_path / "bin" / ".." / "work"))


async def test_a_bubblewrap_is_tried_until_it_makes_a_sandbox(bwrap, tmp_path):
    tried = tmp_path / "tried"
    bwrap(f"echo >> {tried}; test $(wc -l < {tried}) = 2")
    assert "exit status 1" in await why_not()
    assert await why_not() == ""
    assert await why_not() == ""


async def test_other_systems_have_none(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert "darwin" in await why_not()


async def test_a_bubblewrap_of_the_workspace_is_not_taken(bwrap, tmp_path):
    tried = tmp_path / "tried"
    folder = bwrap(f"echo > {tried}")
    assert "no bubblewrap" in await why_not(tmp_path)
    assert not tried.exists()
    assert bubblewrap.found() == folder / "bwrap"
    with pytest.raises(NoSandbox):
        bubblewrap.found(outside=tmp_path)
