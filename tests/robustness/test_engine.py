"""Models that cannot be used, and engines that cannot start, hang, or find no room."""

import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

import gguf
import numpy as np
import psutil
import pytest
from lsp_wire import CODENOOK, CONFINED

from codenook.models import bundled
from codenook.models.engine import endpoint
from codenook.server.config import Settings

URI = "file:///engine.py"
TEXT = "def add(a, b):\n    return \n"
ANSWERS = {None, "not_verified", "no_candidate"}
"""What comes of a request that reached the model."""


def set_context_length(model: Path, n_tokens: int) -> None:
    """Have a model's file say that its context is so long."""
    reader = gguf.GGUFReader(model, "r+")
    reader.fields["llama.context_length"].parts[-1][0] = n_tokens
    reader.data.flush()


def write_model_without_fim(path: Path) -> None:
    """Write a llama model of one small layer whose byte vocabulary has no control token but the end."""
    width, context = 32, 64
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("no FIM")
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(width)
    writer.add_head_count(2)
    writer.add_head_count_kv(2)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(width // 2)
    tokens = [b"<unk>", b"<s>", b"</s>", *(b"<0x%02X>" % byte for byte in range(256))]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    kinds = gguf.TokenType
    writer.add_token_types([kinds.UNKNOWN, kinds.CONTROL, kinds.CONTROL] + [kinds.BYTE] * 256)
    random = np.random.default_rng(0)
    shapes = {"token_embd.weight": (len(tokens), width), "output_norm.weight": (width,)}
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"):
        shapes[f"blk.0.{name}.weight"] = (width, width)
    shapes |= {"blk.0.attn_norm.weight": (width,), "blk.0.ffn_norm.weight": (width,)}
    for name, shape in shapes.items():
        writer.add_tensor(name, random.standard_normal(shape, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


@pytest.fixture
def reason_of(start, private_environment):
    """Return a function that starts a server and says why its first two requests have no answer."""

    def reason_of(environment=private_environment, options=None, **how):
        wire = start(environment, **how)
        wire.initialize(options={"machine": options or {}})
        wire.open(URI, TEXT)
        first, second = (wire.complete(URI, 1, 11)[1] for _ in range(2))
        assert first == second
        return first

    return reason_of


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(None, "model_missing", id="missing"),
        pytest.param(b"", "model_broken", id="empty"),
        pytest.param(b"This is not a model." * 100, "model_broken", id="no GGUF"),
        pytest.param(b"GGUF\x03\x00\x00\x00" + b"\xff" * 64, "model_broken", id="absurd header"),
        pytest.param(slice(3_000), "model_broken", id="truncated metadata"),
        pytest.param(slice(-1_000_000), "model_broken", id="truncated weights"),
    ],
)
def test_a_model_file_that_is_none(reason_of, tmp_path, content, reason):
    path = tmp_path / "model.gguf"
    if content is not None:
        path.write_bytes(bundled.path().read_bytes()[content] if isinstance(content, slice) else content)
    assert reason_of(options={"model": str(path)}) == reason


@pytest.mark.parametrize(
    "path", [".", "/dev/null", "a\0b", "\ud800", "~nobody-of-that-name/m.gguf", "x" * 5000]
)
def test_a_path_that_no_model_can_have(reason_of, path):
    assert reason_of(options={"model": path}) in {"model_missing", "model_broken"}


def test_a_model_without_fim(reason_of, tmp_path):
    path = tmp_path / "no_fim.gguf"
    write_model_without_fim(path)
    assert reason_of(options={"model": str(path)}) == "model_without_fim"


def test_no_memory_for_the_cache(start, private_environment, tmp_path):
    model = tmp_path / "long.gguf"
    shutil.copy(bundled.path(), model)
    set_context_length(model, 1 << 20)  # too long for each prompt to have cells of its own
    wire = start(private_environment)
    psutil.Process(wire.process.pid).rlimit(psutil.RLIMIT_AS, (2 << 30, 2 << 30))
    wire.initialize(options={"machine": {"model": str(model), "n_kv_cells": 1 << 20}})
    wire.open(URI, TEXT)
    assert wire.complete(URI, 1, 11) == ([], "model_too_large")
    wire.notify("codenook/didChangeMachineSettings", {"n_kv_cells": 8192})
    assert wire.complete(URI, 1, 11)[1] in ANSWERS


def test_no_memory_for_the_process(start, private_environment):
    # One heap for all threads: each of them would reserve 64 MB that an engine could use.
    wire = start(private_environment | {"MALLOC_ARENA_MAX": "1"})
    wire.initialize()
    process = psutil.Process(wire.process.pid)
    limit = process.memory_info().vms + (64 << 20)  # for the server's threads, not for all of llama.cpp
    process.rlimit(psutil.RLIMIT_AS, (limit, limit))
    wire.open(URI, TEXT)
    assert wire.complete(URI, 1, 11) == ([], "engine_unavailable")


def test_a_runtime_folder_that_is_a_file(reason_of, private_environment, tmp_path):
    (tmp_path / "file").touch()
    environment = private_environment | {"CODENOOK_RUNTIME_DIR": str(tmp_path / "file")}
    assert reason_of(environment) == "engine_unavailable"


def test_a_runtime_folder_too_deep_for_a_socket(reason_of, private_environment, tmp_path):
    deep = tmp_path / ("long" * 30)
    assert reason_of(private_environment | {"CODENOOK_RUNTIME_DIR": str(deep)}) == "engine_unavailable"


def test_a_runtime_folder_that_cannot_be_written(reason_of, private_environment, tmp_path):
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o500)
    environment = private_environment | {"CODENOOK_RUNTIME_DIR": str(folder)}
    assert reason_of(environment, prefix=[*CONFINED, "modes", "--"]) == "engine_unavailable"
    assert list(folder.iterdir()) == []


@pytest.fixture
def beside_the_socket(private_environment, monkeypatch):
    """Return a function that names the file with another suffix beside the engine's socket."""
    monkeypatch.setenv("CODENOOK_RUNTIME_DIR", private_environment["CODENOOK_RUNTIME_DIR"])
    settings = Settings()
    return endpoint.socket_path(settings.model_path, settings.engine_options).with_suffix


def test_no_room_on_the_disk(start, private_environment, beside_the_socket):
    """The engine's log is the one file that grows: it stands on a full device here."""
    log = beside_the_socket(".log")
    log.symlink_to("/dev/full")
    wire = start(private_environment)
    wire.initialize()
    wire.open(URI, TEXT)
    assert wire.complete(URI, 1, 11)[1] in ANSWERS
    assert Path(f"/proc/{wire.engine()['pid']}/fd/2").readlink() == Path("/dev/full")


def test_an_engine_that_cannot_have_its_lock(reason_of, beside_the_socket):
    beside_the_socket(".lock").mkdir()
    assert reason_of() == "engine_unavailable"


def test_two_servers_start_the_engine_at_the_same_instant(start, private_environment):
    wires = [start(private_environment) for _ in range(3)]
    for wire in wires:
        wire.initialize()
    for wire in wires:
        wire.open(URI, TEXT)
    asked = [(wire, wire.ask(URI, 1, 11)) for wire in wires]
    for wire, request in asked:
        assert "items" in wire.answer(request)["result"]
        assert set(wire.reasons) <= {"not_verified", "no_candidate"}
    assert len({wire.engine()["pid"] for wire in wires}) == 1


@pytest.fixture
def frozen():
    """Return a function that stops a process in its tracks; it goes on at the end if it still can."""
    stopped = []

    def freeze(pid):
        os.kill(pid, signal.SIGSTOP)
        stopped.append(pid)

    yield freeze
    for pid in stopped:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def test_an_engine_that_hangs(start, private_environment, frozen):
    wire = start(private_environment)
    wire.initialize()
    uris = [f"file:///{number}.py" for number in range(3)]
    for uri in uris:
        wire.open(uri, TEXT)
    wire.complete(uris[0], 1, 11)
    pid = wire.engine()["pid"]
    wire.change(uris[0], 2, {"text": TEXT * 2})
    frozen(pid)
    asked = [wire.ask(uri, 1, 11) for uri in uris]
    before = len(wire.reasons)
    assert [wire.answer(request)["result"]["items"] for request in asked] == [[]] * 3
    assert wire.reasons[before:] == ["engine_hung"] * 3
    assert wire.complete(uris[0], 1, 11)[1] in ANSWERS
    assert wire.engine()["pid"] != pid
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_another_server_meets_an_engine_that_hangs(start, private_environment, frozen):
    """It starts a new one; whose requests the old one had, starts over."""
    wire, newcomer = start(private_environment), start(private_environment)
    wire.initialize()
    wire.open(URI, TEXT)
    wire.complete(URI, 1, 11)
    pid = wire.engine()["pid"]
    frozen(pid)
    wire.change(URI, 2, {"text": TEXT * 2})
    asked = wire.ask(URI, 1, 11)
    newcomer.initialize()
    newcomer.open(URI, TEXT)
    assert newcomer.complete(URI, 1, 11)[1] in ANSWERS
    assert wire.answer(asked)["result"]["items"] == []
    assert wire.reasons[-1] in {"engine_hung", "engine_died"}
    assert wire.complete(URI, 1, 11)[1] in ANSWERS
    assert wire.engine()["pid"] == newcomer.engine()["pid"] != pid


def test_the_command_line_meets_an_engine_that_hangs(start, private_environment, frozen, tmp_path):
    wire = start(private_environment)
    wire.initialize()
    wire.open(URI, TEXT)
    wire.complete(URI, 1, 11)
    frozen(wire.engine()["pid"])
    (tmp_path / "a.py").write_text(TEXT)
    ran = subprocess.run(
        [*CODENOOK, "complete", str(tmp_path / "a.py") + ":2:12", "--json"],
        env=private_environment,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode in {0, 1}, ran.stderr
