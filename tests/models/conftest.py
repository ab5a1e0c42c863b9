"""Vocabularies without a model, synthetic ones and real ones where they are at hand; and a hub of our own."""

import ctypes
import hashlib
import os
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import llama_cpp as llama
import pytest
from vocabularies import changed, load, write_synthetic

from codenook.models.engine.decode import Vocabulary

REAL_VARIABLE = "CODENOOK_TEST_VOCABULARIES"
"""Names a folder with llama.cpp's ``ggml-vocab-*.gguf``: ``models/`` of its source."""


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a synthetic vocabulary and loads it."""
    return lambda *markers, **options: load(write_synthetic(tmp_path / "synthetic.gguf", *markers, **options))


@pytest.fixture
def nonsense(tmp_path):
    """Return a function that writes a whole model with such a vocabulary."""
    return lambda *markers, **options: write_synthetic(
        tmp_path / "nonsense.gguf", *markers, weights=0, **options
    )


@pytest.fixture
def real(tmp_path):
    """Return a function that loads a real vocabulary by the middle of its file's name, or skips the test.

    It may put control tokens at given ids, and replace the model's name.
    """

    def find(name: str, tokens: Mapping[int, str] | None = None, **metadata: str) -> Vocabulary:
        folder = os.environ.get(REAL_VARIABLE)
        if not folder:
            pytest.skip(f"{REAL_VARIABLE} names no folder with llama.cpp's ggml-vocab-*.gguf")
        path = Path(folder) / f"ggml-vocab-{name}.gguf"
        if not path.is_file():
            pytest.skip(f"{REAL_VARIABLE} has no {path.name}")
        if tokens or metadata:
            path = changed(path, tmp_path / path.name, tokens or {}, **metadata)
        return load(path)

    return find


@pytest.fixture(scope="session", autouse=True)
def quiet():
    """Keep llama.cpp's log out of the tests' output."""
    callback = llama.llama_log_callback(lambda *_: None)
    llama.llama_log_set(callback, ctypes.c_void_p(0))
    yield
    llama.llama_log_set(llama.llama_log_callback(0), ctypes.c_void_p(0))


class Hub(ThreadingHTTPServer):
    """A hub with one file, and the faults that a test gives it."""

    daemon_threads = True

    COMMIT = "0123456789abcdef0123456789abcdef01234567"

    def handle_error(self, *_):
        """Say nothing: clients hang up on what they refuse."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server_port}"
        self.offer(b"")
        self.announced = None
        """Bytes that the hub says the file has; None means as many as it has."""
        self.hangs_up_after = None
        """Bytes of an answer after which the connection ends; None means never."""
        self.stalls_after = None
        """Bytes of an answer after which nothing more comes; None means never."""
        self.status, self.error_code = 200, ""
        self.ranges = []
        self.requests = []

    def offer(self, content):
        """Have ``content`` as the file, and its checksum."""
        self.content, self.sha256 = content, hashlib.sha256(content).hexdigest()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.server.requests.append(("HEAD", self.path))
        hub = self.server
        self.send_response(hub.status)
        if hub.status != 200:
            self.send_header("X-Error-Code", hub.error_code)
            self.send_header("Content-Length", "0")
        else:
            self.send_header("X-Repo-Commit", hub.COMMIT)
            self.send_header("ETag", '"not-the-file-s"')
            self.send_header("X-Linked-Etag", f'"{hub.sha256}"')
            self.send_header("X-Linked-Size", str(hub.announced or len(hub.content)))
            self.send_header("Content-Length", str(hub.announced or len(hub.content)))
        self.end_headers()

    def do_GET(self):
        hub = self.server
        hub.requests.append(("GET", self.path))
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0])
        hub.ranges.append(start)
        body = hub.content[start:]
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(hub.content) - 1}/{len(hub.content)}")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if hub.stalls_after is not None:
            self.wfile.write(body[: hub.stalls_after])
            self.rfile.read()  # until the client is gone
            return
        self.wfile.write(body[: hub.hangs_up_after])
        if hub.hangs_up_after is not None:
            self.wfile.flush()
            self.close_connection = True

    def log_message(self, *_):
        pass


@pytest.fixture
def hub_server():
    """Run a hub on this machine."""
    with Hub() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
