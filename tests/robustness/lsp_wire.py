"""A raw connection to a server, strict about what comes out of it and free in what goes in."""

import itertools
import json
import os
import queue
import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

CODENOOK = [sys.executable, "-P", "-E", "-m", "codenook"]
CONFINED = [sys.executable, "-P", "-E", str(Path(__file__).with_name("confined.py"))]
SAFETY_NET_S = 60.0

INLINE = {"textDocument": {"inlineCompletion": {}}}
WRONG_TIME, NOT_INITIALIZED, UNREADABLE = -32600, -32002, -32700
NO_SUCH_METHOD, WRONG_PARAMS, CANCELLED = -32601, -32602, -32800


class LostAnswerError(AssertionError):
    """A request was not answered while the net under the tests held."""


class Wire:
    """One server process; whatever its stdout says must be a message of the protocol."""

    def __init__(
        self, environment: dict[str, str], *arguments: str, prefix: list[str] | None = None, **options: Any
    ) -> None:
        self.process = subprocess.Popen(
            [*(prefix or []), *CODENOOK, "serve", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            **options,
        )
        self.settings: Any = {}
        self.told: list[dict[str, Any]] = []
        self.unaddressed: list[dict[str, Any]] = []
        self.garbage = b""
        self._ids = itertools.count(1)
        self._answers: dict[Any, dict[str, Any]] = {}
        self._incoming: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    # What goes in

    def send_bytes(self, data: bytes) -> None:
        stdin: Any = self.process.stdin
        stdin.write(data)
        stdin.flush()

    def send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: Any = None) -> int:
        request_id = next(self._ids)
        self.send({"jsonrpc": "2.0", "id": request_id, "method": method, "params": params})
        return request_id

    # What comes out

    def answer(self, request_id: Any) -> dict[str, Any]:
        """Wait for the answer to a request and return the whole message."""
        while request_id not in self._answers:
            try:
                message = self._incoming.get(timeout=SAFETY_NET_S)
            except queue.Empty:
                raise LostAnswerError(f"no answer to {request_id!r}") from None
            if message is None:
                raise LostAnswerError(f"the server ended ({self.process.poll()}); stray: {self.garbage!r}")
            self._take(message)
        return self._answers.pop(request_id)

    def call(self, method: str, params: Any = None) -> Any:
        """Return the result of a request."""
        message = self.answer(self.request(method, params))
        assert "error" not in message, message
        return message["result"]

    def error(self, method: str, params: Any = None) -> int:
        """Return the error code that a request is answered with."""
        code: int = self.answer(self.request(method, params))["error"]["code"]
        return code

    @property
    def reasons(self) -> list[str]:
        """Why answers were empty so far."""
        return [told["params"]["reason"] for told in self.told if told["method"] == "codenook/answered"]

    @property
    def messages(self) -> list[str]:
        return [told["params"]["message"] for told in self.told if told["method"] == "window/showMessage"]

    # What editors do

    def initialize(self, folder: Path | None = None, options: Any = None, **capabilities: Any) -> Any:
        result = self.call(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": None,
                "capabilities": INLINE | capabilities,
                "workspaceFolders": [{"uri": folder.as_uri(), "name": "folder"}] if folder else None,
                "initializationOptions": options,
            },
        )
        self.notify("initialized", {})
        return result

    def open(self, uri: str, text: str, language: str = "python", version: int = 1) -> None:
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, *changes: dict[str, Any]) -> None:
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}
        self.notify("textDocument/didChange", params)

    def close_document(self, uri: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def ask(self, uri: str, line: int, character: int, trigger: int = 1) -> int:
        """Send a request for inline completion; the return value is its id."""
        return self.request(
            "textDocument/inlineCompletion",
            {
                "textDocument": {"uri": uri},
                "position": {"line": line, "character": character},
                "context": {"triggerKind": trigger},
            },
        )

    def complete(self, uri: str, line: int, character: int) -> tuple[list[Any], str | None]:
        """Return the items, or none and the reason."""
        before = len(self.reasons)
        message = self.answer(self.ask(uri, line, character))
        assert "error" not in message, message
        items, reasons = message["result"]["items"], self.reasons[before:]
        assert bool(items) != bool(reasons)
        return items, reasons[0] if reasons else None

    def cancel(self, request_id: int) -> None:
        self.notify("$/cancelRequest", {"id": request_id})

    def status(self) -> Any:
        return self.call("codenook/status")

    def engine(self) -> Any:
        """Wait until an engine is connected and return its account of itself."""
        while (engine := self.status()["engine"]) is None:
            pass
        return engine

    def quit(self) -> int:
        """Say goodbye and return the exit status; stdout must have said nothing but messages."""
        if self.process.poll() is None:
            self.call("shutdown")
            self.notify("exit")
        return self.end()

    def end(self) -> int:
        """Hang up and return the exit status."""
        stdin: Any = self.process.stdin
        stdin.close()
        status = self.process.wait(SAFETY_NET_S)
        self._reader.join(SAFETY_NET_S)
        self.process.stdout.close()  # type: ignore[union-attr]
        assert self.garbage == b""
        return status

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            if message["id"] is None:
                self.unaddressed.append(message)
            else:
                assert message["id"] not in self._answers, f"two answers: {message}"
                self._answers[message["id"]] = message
        elif "id" in message:
            result = [self.settings] if message["method"] == "workspace/configuration" else None
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": result})
        else:
            self.told.append(message)

    def _read(self, stream: BinaryIO) -> None:
        header = re.compile(
            rb"Content-Length: (\d+)\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n"
        )
        while head := b"".join(stream.readline() for _ in range(3)):
            match = header.fullmatch(head)
            if match is None:
                self.garbage += head
                break
            message = json.loads(stream.read(int(match[1])))
            assert message["jsonrpc"] == "2.0"
            self._incoming.put(message)
        self._incoming.put(None)
