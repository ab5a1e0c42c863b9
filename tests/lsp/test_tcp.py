"""``serve --tcp``: one editor, on this machine unless told otherwise."""

import asyncio
import contextlib
import json
import re
import socket
import sys

import pytest

SERVE = [sys.executable, "-P", "-E", "-m", "codenook", "serve", "--tcp"]
SAFETY_NET_S = 30.0


@pytest.fixture
async def serve(environment):
    """Return a function that starts ``codenook serve --tcp``; what is left of them is ended."""
    started = []

    async def start(*arguments: str) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *SERVE,
            *arguments,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def port_of(process, host="127.0.0.1"):
    async with asyncio.timeout(SAFETY_NET_S):
        line = (await process.stderr.readline()).decode()
    found = re.fullmatch(rf"codenook: listening on {re.escape(host)}:(\d+)\n", line)
    assert found, line
    return int(found[1])


async def ended(process):
    """Wait for the end; return the exit status, stdout and stderr."""
    async with asyncio.timeout(SAFETY_NET_S):
        out, err = await process.communicate()
    return process.returncode, out, err.decode()


def say(writer, method, number=None, **params):
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    body = json.dumps(message | ({} if number is None else {"id": number})).encode()
    writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))


async def hear(reader, number):
    """Return the result of request ``number``; what comes before it is passed over."""
    async with asyncio.timeout(SAFETY_NET_S):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(int(re.search(rb"Content-Length: (\d+)", head)[1]))
            message = json.loads(body)
            if message.get("id") == number and "method" not in message:
                return message["result"]


async def test_an_editor_is_served_from_initialize_to_exit(serve):
    process = await serve("127.0.0.1:0")
    reader, writer = await asyncio.open_connection("127.0.0.1", await port_of(process))
    say(writer, "initialize", 1, processId=None, rootUri=None, capabilities={})
    assert (await hear(reader, 1))["serverInfo"]["name"] == "codenook"
    say(writer, "initialized")
    say(writer, "codenook/status", 2)
    assert (await hear(reader, 2))["counters"]["requests"] == 0
    say(writer, "shutdown", 3)
    await hear(reader, 3)
    say(writer, "exit")
    status, out, err = await ended(process)
    assert (status, out, err) == (0, b"", "")
    writer.close()


async def test_a_second_editor_is_refused_and_the_first_served_on(serve):
    process = await serve("127.0.0.1:0")
    port = await port_of(process)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    say(writer, "initialize", 1, processId=None, rootUri=None, capabilities={})
    await hear(reader, 1)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)
    say(writer, "shutdown", 2)
    await hear(reader, 2)
    writer.close()
    assert (await ended(process))[0] == 0


@pytest.mark.parametrize("linger", [None, b"\1\0\0\0\0\0\0\0"])
async def test_an_editor_that_vanishes(serve, linger):
    """It closes the connection, or resets it."""
    process = await serve("127.0.0.1:0")
    reader, writer = await asyncio.open_connection("127.0.0.1", await port_of(process))
    say(writer, "initialize", 1, processId=None, rootUri=None, capabilities={})
    await hear(reader, 1)
    if linger:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()
    status, _, err = await ended(process)
    assert status == 1
    assert "Traceback" not in err


async def test_ipv6(serve):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("no IPv6 here")
    process = await serve("[::1]:0")
    _, writer = await asyncio.open_connection("::1", await port_of(process, "[::1]"))
    writer.close()
    await ended(process)


async def test_an_address_for_other_machines_needs_a_word(serve):
    status, _, err = await ended(await serve("0.0.0.0:0"))
    assert status == 2
    assert "--allow-remote" in err
    assert err.count("\n") == 1
    process = await serve("0.0.0.0:0", "--allow-remote")
    _, writer = await asyncio.open_connection("127.0.0.1", await port_of(process, "0.0.0.0"))  # noqa: S104 - asked for
    writer.close()
    await ended(process)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["localhost"], "is not HOST:PORT"),
        ([":0"], "is not HOST:PORT"),
        (["127.0.0.1:99999"], "is not HOST:PORT"),
        (["127.0.0.1:0", "--stdio"], "exclude"),
        (["999.0.0.1.:0"], "no host"),
    ],
)
async def test_wrong_usage_is_exit_code_2(serve, arguments, message):
    status, _, err = await ended(await serve(*arguments))
    assert status == 2
    assert message in err
    assert "Traceback" not in err


async def test_a_port_that_is_taken(serve):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, _, err = await ended(await serve(f"127.0.0.1:{taken.getsockname()[1]}"))
    assert status == 2
    assert "can't listen" in err
