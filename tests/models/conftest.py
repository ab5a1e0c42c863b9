"""Vocabularies without a model, synthetic ones and real ones where they are at hand; and a hub of our own."""

import ctypes
import hashlib
import os
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import gguf
import llama_cpp as llama
import numpy as np
import pytest

from codenook.models.engine.decode import Vocabulary

REAL_VARIABLE = "CODENOOK_TEST_VOCABULARIES"
"""Names a folder with llama.cpp's ``ggml-vocab-*.gguf``: ``models/`` of its source."""

FIRST_MARKER = 300
"""The id of a synthetic vocabulary's first marker."""

TOKENIZER = "tokenizer.ggml."
CONTROL, NORMAL = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL


def write_synthetic(
    path: Path,
    *markers: str,
    model: str = "gpt2",
    architecture: str = "llama",
    name: str = "synthetic",
    bos: bool = False,
    kind: gguf.TokenType = CONTROL,
    weights: bool = False,
    **extra: object,
) -> Path:
    """Write a vocabulary of every byte, with ``markers`` from `FIRST_MARKER` on.

    ``model`` is ``gpt2`` (byte-level BPE) or ``llama`` (SentencePiece); ``extra`` are more keys of the
    tokenizer's metadata. With ``weights`` it is a whole model that writes nonsense.
    """
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name(name)
    writer.add_tokenizer_model(model)
    tokens = _byte_level() if model == "gpt2" else _sentencepiece()
    tokens += [(f"<spare{i}>", NORMAL) for i in range(len(tokens), FIRST_MARKER)]
    tokens += [(marker, kind) for marker in markers]
    texts, kinds = zip(*tokens, strict=True)
    writer.add_token_list(list(texts))
    writer.add_token_types(list(kinds))
    writer.add_token_scores([-float(i) for i in range(len(texts))])
    if model == "gpt2":
        writer.add_tokenizer_pre("qwen2")
        writer.add_token_merges(["e r"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(bos)
    for key, value in extra.items():
        add = {bool: writer.add_bool, int: writer.add_uint32, str: writer.add_string}[type(value)]
        add(key if "." in key else TOKENIZER + key, value)
    if weights:
        _add_weights(writer, len(texts))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    if weights:
        writer.write_tensors_to_file()
    writer.close()
    return path


def _add_weights(writer, n_tokens, width=32):
    """Add one random layer of the architecture ``llama``."""
    writer.add_context_length(512)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(width)
    writer.add_head_count(2)
    writer.add_rope_dimension_count(width // 2)
    writer.add_layer_norm_rms_eps(1e-5)
    rng = np.random.default_rng(0)
    norms = ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm")
    square = [f"blk.0.{name}" for name in ("attn_q", "attn_k", "attn_v", "attn_output")]
    square += [f"blk.0.ffn_{name}" for name in ("gate", "up", "down")]
    shapes = dict.fromkeys(norms, (width,)) | dict.fromkeys(square, (width, width))
    shapes |= dict.fromkeys(("token_embd", "output"), (n_tokens, width))
    for name, shape in shapes.items():
        writer.add_tensor(f"{name}.weight", rng.normal(size=shape).astype(np.float32))


def _byte_level():
    """Return byte-level BPE's alphabet: printable bytes as themselves, others moved up by 256."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    moved = iter(range(256, 512))
    alphabet = [chr(byte if byte in printable else next(moved)) for byte in range(256)]
    return [(text, CONTROL) for text in ("<unk>", "<s>", "</s>")] + [(text, NORMAL) for text in alphabet]


def _sentencepiece():
    head = [("<unk>", gguf.TokenType.UNKNOWN), ("<s>", CONTROL), ("</s>", CONTROL)]
    return [*head, *((f"<0x{i:02X}>", gguf.TokenType.BYTE) for i in range(256)), ("▁", NORMAL)]


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a synthetic vocabulary and loads it."""
    return lambda *markers, **options: load(write_synthetic(tmp_path / "synthetic.gguf", *markers, **options))


@pytest.fixture
def nonsense(tmp_path):
    """Return a function that writes a whole model with such a vocabulary."""
    return lambda *markers, **options: write_synthetic(
        tmp_path / "nonsense.gguf", *markers, weights=True, **options
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


def load(path: Path) -> Vocabulary:
    """Load a file's vocabulary alone; its memory is kept until the tests end."""
    parameters = llama.llama_model_default_params()
    parameters.vocab_only = True
    model = llama.llama_model_load_from_file(str(path).encode(), parameters)
    assert model, path
    return Vocabulary(model)


def changed(path: Path, to: Path, tokens: Mapping[int, str], **metadata: str) -> Path:
    """Copy a vocabulary with control tokens put at the given ids, and texts in its metadata replaced.

    ``metadata`` has keys with ``_`` for ``.``.
    """
    reader = gguf.GGUFReader(path)
    fields = {key: field for key, field in reader.fields.items() if not key.startswith("GGUF.")}
    texts, kinds, scores = (
        fields[TOKENIZER + key].contents() if TOKENIZER + key in fields else []
        for key in ("tokens", "token_type", "scores")
    )
    for token, text in tokens.items():
        missing = token + 1 - len(texts)
        texts += [f"[PAD{len(texts) + i}]" for i in range(missing)]
        kinds += [int(gguf.TokenType.UNUSED)] * missing
        scores += [0.0] * (missing if scores else 0)
        texts[token], kinds[token] = text, int(CONTROL)
    replaced = {TOKENIZER + "tokens": texts, TOKENIZER + "token_type": kinds, TOKENIZER + "scores": scores}
    replaced |= {key.replace("_", "."): value for key, value in metadata.items()}
    writer = gguf.GGUFWriter(
        to, replaced.get("general.architecture", fields["general.architecture"].contents())
    )
    for key, field in fields.items():
        value = replaced.get(key, field.contents())
        if key != "general.architecture":
            writer.add_key_value(
                key, value, field.types[0], field.types[-1] if len(field.types) > 1 else None
            )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return to


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
