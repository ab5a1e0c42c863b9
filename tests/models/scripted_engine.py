"""An engine whose chat model says what a test has it say; a process of its own, as every engine is.

Run with a socket and a JSON file: what is said to a question, by a text that is in it; where that is a list,
one after the other. To anything else it says nothing, until it is cancelled.
"""

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter as Tally
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from unittest import mock

import codenook
from codenook.models.engine import endpoint
from codenook.models.engine.messages import Candidate, Counters, Finish, Generation, ModelInfo, Timings
from codenook.models.engine.rpc import Peer, converter
from codenook.server.config import Settings

N_CTX = 8192
SAFETY_NET_S = 30.0

MODEL = ModelInfo(
    name="scripted",
    path="",
    n_params=1_000_000_000,
    size_bytes=1,
    n_ctx=N_CTX,
    n_vocab=1,
    tokenizer="none",
    fim_order=None,
    special=(),
    languages=(),
    n_gpu_layers=0,
    has_chat_template=True,
)


@contextlib.contextmanager
def scripted_engine(runtime: str, model: Path, says: Mapping[str, str | Sequence[str]]) -> Iterator[Path]:
    """Run one for a model's path, found in the folder ``runtime`` as the real one would be."""
    model.write_bytes(b"")
    script = model.with_suffix(".json")
    script.write_text(json.dumps(says), encoding="utf-8")
    with mock.patch.dict(os.environ, {"CODENOOK_RUNTIME_DIR": runtime}):
        socket = endpoint.socket_path(model, Settings().engine_options)
    process = subprocess.Popen([sys.executable, "-P", __file__, socket, script], stdin=subprocess.DEVNULL)
    try:
        end = time.monotonic() + SAFETY_NET_S
        while not socket.exists():
            assert process.poll() is None, "the scripted engine has ended"
            assert time.monotonic() < end, "the scripted engine does not listen"
            time.sleep(0.02)
        yield model
    finally:
        process.terminate()
        process.wait()
        socket.unlink(missing_ok=True)


def _said(says, tally, question):
    known = next((each for each in says if each in question), None)
    if known is None:
        return None
    said = says[known]
    tally[known] += 1
    return said if isinstance(said, str) else said[min(tally[known], len(said)) - 1]


async def serve(socket, says):
    tally = Tally()

    async def hello(_params):
        return {"version": codenook.__version__, "pid": os.getpid(), "step_s": 0.0}

    async def ready(_params):
        return converter.unstructure(MODEL)

    async def count_tokens(params):
        return [len(text) // 4 + 1 for text in params["texts"]]

    async def generate(params):
        said = _said(says, tally, params["messages"][-1]["text"])
        if said is None:
            await asyncio.Event().wait()
        candidate = Candidate(said, -1.0, len(said) // 4 + 1, Finish.END_OF_TEXT)
        return converter.unstructure(Generation((candidate,), Timings(), Counters(generated=1)))

    async def connected(reader, writer):
        handlers = {"hello": hello, "ready": ready, "count_tokens": count_tokens, "generate": generate}
        await Peer(reader, writer, handlers).run()

    async with await asyncio.start_unix_server(connected, socket) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))))
