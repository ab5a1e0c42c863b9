"""Random sessions: the text stays what the editor shows, and every request is answered once.

2,000 sessions with the server in this process and a model that answers when told to, and a few with real
processes. ``CODENOOK_FUZZ=50000`` asks for more of both.
"""

import asyncio
import json
import logging
import os
import re
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from lsp_wire import CANCELLED, INLINE, LostAnswerError, Wire

from codenook.server.lsp.server import create_server
from codenook.server.reasons import Reason
from codenook.server.tasks.completion import CompletionResult
from codenook.server.verify.candidates import Verified

N_SESSIONS = int(os.environ.get("CODENOOK_FUZZ", "2000"))
N_STEPS = 20

ENCODINGS = ("utf-8", "utf-16", "utf-32")
NAMES = ["file:///a.py", "file:///b.py"]
URIS = st.sampled_from(NAMES)
PIECES = [
    *("a", "x = ", "(", ")", "'", " ", "\t", "\n", "\r\n", "\r", "def f(a):\n    return "),
    *("é", "e\u0301", "🙂", "👩🏽\u200d🚀", "\ufeff", "\ud800", "\udc00", "\U0010ffff"),
    *("\u2028", "\x0b", "\f", "\x85", "\0"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map(
    lambda pieces: json.loads(json.dumps("".join(pieces)))
)
"""As JSON transports them: of two halves of a character it makes one."""

LINES = st.sampled_from([*range(5), 0, 1, 9, 2**31 - 1])
CHARACTERS = st.sampled_from([*range(12), 20, 40, 2**31 - 1])
POSITIONS = st.builds(lambda line, character: {"line": line, "character": character}, LINES, CHARACTERS)
EDITS = st.builds(
    lambda start, end, text: {"range": {"start": start, "end": end}, "text": text},
    POSITIONS,
    POSITIONS,
    TEXTS,
)


def width(character: str, encoding: str) -> int:
    """Return how many code units a character takes."""
    code = ord(character)
    if encoding == "utf-8":
        return 1 + (code > 0x7F) + (code > 0x7FF) + (code > 0xFFFF)
    return 1 + (encoding == "utf-16" and code > 0xFFFF)


def offset_of(text: str, position: dict[str, int], encoding: str) -> int | None:
    """Return the offset of a position, as the specification words it; None past the last line."""
    parts = re.split(r"(\r\n|\r|\n)", text)
    lines, ends = parts[::2], parts[1::2]
    if position["line"] >= len(lines):
        return None
    offset = sum(map(len, lines[: position["line"]])) + sum(map(len, ends[: position["line"]]))
    units = position["character"]
    for character in lines[position["line"]]:
        units -= width(character, encoding)
        if units < 0:
            break
        offset += 1
    return offset


def edited(text: str, change: dict[str, Any], encoding: str) -> str:
    """Return what the editor shows after a change."""
    if "range" not in change:
        return str(change["text"])
    places = [offset_of(text, change["range"][end], encoding) for end in ("start", "end")]
    start, end = sorted(len(text) if place is None else place for place in places)
    return text[:start] + change["text"] + text[end:]


class Session(RuleBasedStateMachine):
    """What an editor does; how the server is reached is told by `connected`."""

    requests = Bundle("requests")

    @initialize(encoding=st.sampled_from(ENCODINGS), texts=st.tuples(TEXTS, TEXTS))
    def connect(self, encoding, texts):
        self.encoding = encoding
        self.texts: dict[str, str] = {}
        self.version = 0
        self.unanswered: set[int] = set()
        self.cancelled: set[int] = set()
        self.editor = self.connected(encoding)
        for uri, text in zip(NAMES, texts, strict=True):
            self.open(uri, text)

    def connected(self, encoding):
        raise NotImplementedError

    @rule(uri=URIS, text=TEXTS)
    def open(self, uri, text):
        self.version += 1
        self.texts[uri] = text
        self.editor.open(uri, text, version=self.version)

    @rule(uri=URIS, edits=st.lists(EDITS, min_size=1, max_size=6))
    def edit(self, uri, edits):
        self.change(uri, *edits)

    @rule(uri=URIS, before=EDITS, text=TEXTS, after=EDITS)
    def replace(self, uri, before, text, after):
        self.change(uri, before, {"text": text}, after)

    def change(self, uri, *changes):
        self.version += 1
        self.editor.change(uri, self.version, *changes)
        if uri in self.texts:
            for change in changes:
                self.texts[uri] = edited(self.texts[uri], change, self.encoding)

    @rule(uri=URIS)
    def close(self, uri):
        self.texts.pop(uri, None)
        self.editor.close_document(uri)

    @rule(target=requests, uri=URIS, position=POSITIONS, trigger=st.sampled_from([1, 2]))
    def complete(self, uri, position, trigger):
        self.asked(uri, position)
        request = self.editor.ask(uri, position["line"], position["character"], trigger)
        self.unanswered.add(request)
        return request

    def asked(self, uri, position):
        """Look at a request before it is sent."""

    @rule(request=consumes(requests))
    def cancel(self, request):
        self.editor.cancel(request)
        self.cancelled.add(request)

    @rule(uri=URIS, position=POSITIONS)
    def complete_and_cancel(self, uri, position):
        self.cancel(self.complete(uri, position, 1))

    def teardown(self):
        if not hasattr(self, "editor"):
            return
        for request in self.unanswered:
            answer = self.editor.answer(request)
            if "error" in answer:
                assert answer["error"]["code"] == CANCELLED
                assert request in self.cancelled
            else:
                assert isinstance(answer["result"]["items"], list)
        self.compare_at_the_end()
        for uri in list(self.texts):
            self.close(uri)

    def compare_at_the_end(self):
        """Look at the texts when every request is answered."""


class ToldModel:
    """Stands in for engine and completion: it answers when told to, with what it is told."""

    is_ready = True

    def of(self, _role):
        return self

    async def warm(self, document, workspace):
        assert workspace is None

    def __init__(self):
        self.may_answer = asyncio.Event()
        self.texts: list[str] = []
        self.asked: dict[tuple[str, int], str] = {}

    async def __call__(self, request):
        self.asked[request.document.uri, request.document.version] = request.document.text
        assert 0 <= request.offset <= len(request.document.text)
        await self.may_answer.wait()
        candidates = tuple(Verified(text, 0.0, parses=True, unresolved=()) for text in self.texts)
        return CompletionResult(candidates, reason=None if candidates else Reason.NO_CANDIDATE)


class InProcess:
    """The server in this process, on a loop that runs only when something is said to it."""

    def __init__(self, encoding: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.answers: dict[int, Any] = {}
        self.n_requests = 0
        self.model = ToldModel()
        self.server = create_server({"debounce_min_ms": 0, "debounce_max_ms": 0})
        self.server.protocol.set_writer(self)
        capabilities = INLINE | {"general": {"positionEncodings": [encoding]}}
        self.answer(
            self.request("initialize", {"capabilities": capabilities, "processId": 1, "rootUri": None})
        )
        self.notify("initialized", {})
        while not self.server.configured.is_set():
            self.step()
        self.server._engines = self.server._completion = self.model

    def write(self, data: bytes) -> None:
        message = json.loads(data.partition(b"\r\n\r\n")[2])
        if "method" not in message:
            assert message["id"] not in self.answers, "two answers"
            self.answers[message["id"]] = message

    def send(self, message: Any) -> None:
        async def deliver() -> None:
            self.server.protocol.handle_message(json.loads(json.dumps({"jsonrpc": "2.0"} | message)))

        self.loop.run_until_complete(deliver())

    def step(self) -> None:
        self.loop.run_until_complete(asyncio.sleep(0))

    def notify(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def request(self, method: str, params: Any) -> int:
        self.n_requests += 1
        self.send({"id": self.n_requests, "method": method, "params": params})
        return self.n_requests

    def answer(self, request: int) -> Any:
        self.model.may_answer.set()
        for _ in range(100):
            if request in self.answers:
                break
            self.step()
        else:
            raise LostAnswerError(request)
        return self.answers.pop(request)

    open, change, close_document = Wire.open, Wire.change, Wire.close_document
    ask, cancel = Wire.ask, Wire.cancel


in_process = cache(InProcess)


class InProcessSession(Session):
    """Compares the text after every step; the model answers whenever this pleases."""

    def connected(self, encoding):
        editor = in_process(encoding)
        editor.model.may_answer.clear()
        editor.model.texts = []
        editor.model.asked.clear()
        for uri in NAMES:
            editor.close_document(uri)
        return editor

    @rule(texts=st.lists(TEXTS, max_size=2, unique=True))
    def the_model_answers(self, texts):
        self.editor.model.texts = [text for text in texts if text]
        self.editor.model.may_answer.set()
        for _ in range(5):
            self.editor.step()
        self.editor.model.may_answer.clear()

    @rule()
    def time_passes(self):
        self.editor.step()

    @invariant()
    def texts_are_equal(self):
        if hasattr(self, "editor"):
            documents = self.editor.server.documents
            assert {uri: opened.snapshot.text for uri, opened in documents.items()} == self.texts

    def asked(self, uri, position):
        self.editor.model.asked.clear()

    @invariant()
    def the_model_is_asked_about_what_is_shown(self):
        if hasattr(self, "editor"):
            for (uri, version), text in self.editor.model.asked.items():
                opened = self.editor.server.documents.get(uri)
                if opened and opened.snapshot.version == version:
                    assert text == self.texts[uri]


class RealSession(Session):
    """Compares the number of lines at the end: that is all that a real server tells of its text."""

    wires: dict[str, Wire]

    def connected(self, encoding):
        return self.wires[encoding]

    def compare_at_the_end(self):
        for uri, text in self.texts.items():
            n_lines = len(re.split(r"\r\n|\r|\n", text))
            assert self.editor.complete(uri, n_lines, 0) == ([], "position_outside")
            assert self.editor.complete(uri, n_lines - 1, 0)[1] != "position_outside"


def sessions(n: int) -> settings:
    return settings(
        max_examples=n,
        stateful_step_count=N_STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def without_files(monkeypatch, tmp_path):
    """Neither read the user's settings nor keep the warnings of so many sessions."""
    monkeypatch.setenv("CODENOOK_CONFIG_FILE", str(tmp_path / "none.toml"))
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def test_sessions_in_this_process(without_files):
    run_state_machine_as_test(InProcessSession, settings=sessions(N_SESSIONS))
    for encoding in ENCODINGS:
        in_process(encoding).loop.close()
    in_process.cache_clear()


def test_sessions_with_real_processes(start):
    wires = {}
    for encoding in ENCODINGS:
        wires[encoding] = start()
        options = {"debounce_min_ms": 0, "debounce_max_ms": 0}
        wires[encoding].initialize(options=options, general={"positionEncodings": [encoding]})
    session = type("RealSessions", (RealSession,), {"wires": wires})
    run_state_machine_as_test(partial(session), settings=sessions(max(20, N_SESSIONS // 100)))
