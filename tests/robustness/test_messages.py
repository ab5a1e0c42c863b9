"""Messages that are malformed, truncated, unknown, too early or too late."""

import json
import subprocess

import pytest
from lsp_wire import CODENOOK, NO_SUCH_METHOD, NOT_INITIALIZED, UNREADABLE, WRONG_PARAMS, WRONG_TIME

URI = "file:///messages.py"


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


REQUEST = framed(b'{"jsonrpc":"2.0","id":"after","method":"codenook/status"}')


@pytest.mark.parametrize(
    "noise",
    [
        pytest.param(b"noise\r\n\r\n", id="no header"),
        pytest.param(b"noise without an end", id="no line end"),
        pytest.param(b"\xff\xfe\x00\r\n\r\n", id="binary"),
        pytest.param(b"Content-Length: many\r\n\r\n{}", id="length is no number"),
        pytest.param(b"Content-Length: -7\r\n\r\n{}", id="length is negative"),
        pytest.param(b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n{}", id="length of 5000 digits"),
        pytest.param(b"Content-Type: text/plain\r\n\r\n{}", id="no length"),
        pytest.param(b"\r\n" * 100, id="empty lines"),
        pytest.param(b"x" * 1_000_000, id="a long line"),
    ],
)
def test_what_is_no_message_costs_no_other(wire, noise):
    wire.send_bytes(noise + REQUEST)
    assert wire.answer("after")["result"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(framed(b'{"jsonrpc": "2.0", "id": 1, "method": "codenook/sta'), id="cut off"),
        pytest.param(b"Content-Length: 5\r\n\r\n" + b'{"jsonrpc":"2.0","id":1}', id="length too short"),
        pytest.param(b"Content-Length: 0\r\n\r\n", id="empty"),
        pytest.param(framed(b"\xff\xfe\xfd"), id="not UTF-8"),
        pytest.param(framed(b"[" * 100_000), id="deeply nested"),
        pytest.param(b"Content-Length: 300000000000\r\n\r\n{}", id="a length beyond memory"),
    ],
)
def test_a_body_that_cannot_be_read_is_answered_without_an_id(wire, body):
    wire.send_bytes(body + REQUEST)
    assert wire.answer("after")["result"]
    (answer,) = wire.unaddressed
    assert (answer["id"], answer["error"]["code"]) == (None, UNREADABLE)


@pytest.mark.parametrize(
    "message",
    [
        [],
        "text",
        7,
        None,
        {},
        {"jsonrpc": "2.0"},
        {"jsonrpc": "2.0", "method": 5},
        {"jsonrpc": "2.0", "id": [], "method": "codenook/status"},
        {"jsonrpc": "2.0", "id": {"jsonrpc": "2.0"}, "method": "codenook/status"},
        [{"jsonrpc": "2.0", "id": 1, "method": "codenook/status"}],
    ],
    ids=json.dumps,
)
def test_json_that_is_no_message_is_answered_without_an_id(wire, message):
    wire.send(message)
    wire.status()
    (answer,) = wire.unaddressed
    assert (answer["id"], answer["error"]["code"]) == (None, WRONG_TIME)


@pytest.mark.parametrize(
    "message",
    [
        {"jsonrpc": "1.0", "method": "codenook/status"},
        {"method": "codenook/status"},
        {"jsonrpc": "2.0"},
        {"jsonrpc": "2.0", "method": 5},
    ],
)
def test_json_that_has_an_id_and_is_no_message(wire, message):
    wire.send(message | {"id": "odd"})
    assert wire.answer("odd")["error"]["code"] == WRONG_TIME


def test_a_header_in_other_letters(wire):
    wire.send_bytes(REQUEST.replace(b"Content-Length", b"content-length"))
    assert wire.answer("after")["result"]


def test_parameters_may_be_left_out(wire):
    wire.send({"jsonrpc": "2.0", "id": "bare", "method": "codenook/status"})
    assert wire.answer("bare")["result"]


@pytest.mark.parametrize("method", ["textDocument/hover", "codenook/nothing", "$/nothing", "", "exit/"])
def test_an_unknown_method(wire, method):
    assert wire.error(method, {}) == NO_SUCH_METHOD


def test_a_notification_with_an_id_is_answered_too(wire):
    item = {"uri": URI, "languageId": "python", "version": 1, "text": ""}
    assert wire.error("textDocument/didOpen", {"textDocument": item}) == WRONG_TIME


@pytest.mark.parametrize("method", ["$/nothing", "codenook/nothing", "textDocument/willSave"])
def test_an_unknown_notification_is_ignored(wire, method):
    wire.notify(method, {"anything": [1, 2]})
    wire.status()
    assert wire.unaddressed == []


PLACE = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}}


@pytest.mark.parametrize(
    "params",
    [
        None,
        [],
        "text",
        {},
        {"textDocument": 7, "position": 7},
        PLACE | {"textDocument": {"url": URI}},
        PLACE | {"position": {"line": -1, "character": 0}},
        PLACE | {"position": {"line": 0, "character": 1 << 40}},
        PLACE | {"position": {"line": "first", "character": 0}},
        PLACE | {"context": None},
        PLACE | {"context": {"triggerKind": 99}},
    ],
    ids=json.dumps,
)
def test_parameters_of_other_types(wire, params):
    context = {"context": {"triggerKind": 1}}
    asked = context | params if isinstance(params, dict) else params
    assert wire.error("textDocument/inlineCompletion", asked) == WRONG_PARAMS
    if not isinstance(params, dict) or "context" not in params:
        assert wire.error("codenook/context", params) == WRONG_PARAMS


@pytest.mark.parametrize("params", [None, {}, {"command": 1}, {"command": "rm", "arguments": ["-r", "/"]}])
def test_a_command_that_is_not_ours(wire, params):
    assert wire.error("workspace/executeCommand", params) == WRONG_PARAMS


@pytest.mark.parametrize("arguments", [[{"id": 1}, 2], [None, None]])
def test_a_command_with_other_arguments(wire, arguments):
    params = {"command": "codenook.accepted", "arguments": arguments}
    assert wire.error("workspace/executeCommand", params) == WRONG_PARAMS


@pytest.mark.parametrize("arguments", [{}, {"arguments": []}])
def test_a_command_without_arguments(wire, arguments):
    assert wire.call("workspace/executeCommand", {"command": "codenook.accepted"} | arguments) is None


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/didOpen", {"textDocument": {"uri": URI}}),
        ("textDocument/didOpen", None),
        ("textDocument/didChange", {"textDocument": {"uri": URI, "version": 2}, "contentChanges": 5}),
        ("textDocument/didChange", {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{}]}),
        ("textDocument/didClose", []),
        ("workspace/didChangeConfiguration", None),
        ("workspace/didChangeWorkspaceFolders", {"event": 1}),
        ("$/cancelRequest", {"id": "of nothing"}),
        ("$/cancelRequest", {"id": []}),
        ("$/cancelRequest", None),
        ("$/setTrace", {"value": "loud"}),
        ("initialized", 5),
        ("window/workDoneProgress/cancel", {"token": "of nothing"}),
    ],
)
def test_a_notification_that_makes_no_sense_changes_nothing(wire, method, params):
    wire.open(URI, "x = 1\n")
    wire.notify(method, params)
    wire.complete(URI, 0, 5)
    assert wire.complete(URI, 2, 0) == ([], "position_outside")
    assert wire.unaddressed == []


def test_a_cancel_that_crosses_its_answer_is_no_news(start, tmp_path):
    with (tmp_path / "log").open("wb") as log:
        wire = start(stderr=log)
    wire.initialize()
    wire.open(URI, "x = 1\n")
    request = wire.ask(URI, 0, 5)
    wire.answer(request)
    wire.cancel(request)
    assert wire.complete(URI, 2, 0) == ([], "position_outside")
    assert (tmp_path / "log").read_text() == ""


@pytest.mark.parametrize(
    "rest",
    [
        {"id": "unknown", "result": 1},
        {"id": None, "error": {"code": 1, "message": "what?"}},
        {"id": [], "result": 1},
        {"id": "unknown", "error": 5},
        {"result": None},
    ],
)
def test_an_answer_to_nothing_is_ignored(wire, rest):
    wire.send({"jsonrpc": "2.0"} | rest)
    wire.status()
    assert wire.unaddressed == []


def test_an_editor_whose_settings_make_no_sense(start):
    wire = start()
    wire.settings = "not settings"
    wire.initialize(workspace={"configuration": True})
    assert wire.status()["counters"]["requests"] == 0


def test_requests_before_initialize(start):
    wire = start()
    for method in ("codenook/status", "textDocument/inlineCompletion", "shutdown", "nothing"):
        assert wire.error(method, PLACE) == NOT_INITIALIZED
    wire.notify("textDocument/didOpen", {"textDocument": {"uri": URI}})
    wire.notify("initialized", {})
    assert wire.error("initialize", {"capabilities": 5}) == WRONG_PARAMS
    assert wire.initialize()["serverInfo"]["name"] == "codenook"
    assert wire.error("initialize", {"processId": None, "rootUri": None, "capabilities": {}}) == WRONG_TIME


def test_an_editor_that_never_says_initialized(start):
    wire = start()
    wire.call("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    assert wire.status()["counters"]["requests"] == 0


def test_requests_after_shutdown(start):
    wire = start()
    wire.initialize()
    wire.call("shutdown")
    for method in ("codenook/status", "textDocument/inlineCompletion", "shutdown", "initialize", "nothing"):
        assert wire.error(method, PLACE) == WRONG_TIME
    wire.open(URI, "")
    wire.notify("exit")
    assert wire.end() == 0


def test_exit_does_not_wait_for_stdin_to_close(start):
    wire = start()
    wire.initialize()
    wire.notify("exit")
    assert wire.process.wait(60) == 1
    wire.end()


def test_stdin_closed_in_the_middle_of_a_request(start):
    wire = start()
    wire.initialize()
    wire.open(URI, "def f():\n    \n")
    for _ in range(5):
        wire.ask(URI, 1, 4)
    assert wire.end() == 1


@pytest.mark.parametrize("part", [b"Content-Len", b"Content-Length: 100\r\n", REQUEST[:-5]])
def test_stdin_closed_in_the_middle_of_a_message(start, part):
    wire = start()
    wire.initialize()
    wire.send_bytes(part)
    assert wire.end() == 1


def test_stdin_closed_before_anything(environment):
    ended = subprocess.run(
        [*CODENOOK, "serve"],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, b"", b"")


def test_an_editor_that_stops_listening(environment):
    process = subprocess.Popen(
        [*CODENOOK, "serve"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.stdout.close()
    initialize = {"processId": None, "rootUri": None, "capabilities": {}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": initialize}
    process.stdin.write(framed(json.dumps(message).encode()) + 3 * REQUEST)
    process.stdin.close()
    assert process.wait(60) == 1
