"""The engine and its model, by using them as a request does: started, asked at a cursor, measured."""

import time
from pathlib import Path

import psutil
from attrs import asdict

from codenook.models.engine import endpoint
from codenook.models.engine.client import Engine, LocalEngine
from codenook.models.engine.errors import EngineError, EngineUnavailable
from codenook.models.engine.messages import GenerateRequest, LlamaBuild, ModelInfo
from codenook.server import reasons
from codenook.server.config import Settings, user_file
from codenook.server.doctor.findings import Check, Finding, note, ok, problem
from codenook.server.doctor.machine import processor_flags
from codenook.server.doctor.tools import find_program
from codenook.server.reasons import Reason
from codenook.server.tasks.completion import Completion, CompletionRequest
from codenook.server.tasks.document import Document
from codenook.server.tasks.workspaces import Workspaces

CPU_FLAGS = {"avx": "AVX", "avx2": "AVX2", "fma": "FMA", "f16c": "F16C", "avx512f": "AVX512"}
"""What Linux calls the features of a processor that speed a model up, and what llama.cpp calls them."""

AROUND_CURSOR = "def area(width, height):\n    return ", "\n"
"""Code around a cursor, at which every model that fills in code has something to say."""

CODE = Path(__file__).read_text(encoding="utf-8")
"""What is read to measure the speed: this module."""

N_PREFILL, N_DECODE = 256, 32
"""Tokens that are read, and at most written, to measure the speed."""

PATIENCE_S = 2.0
"""A whole prompt that takes longer than this to read is worth a note."""

REBUILD = "pip install --force-reinstall --no-cache-dir --no-binary llama-cpp-python llama-cpp-python"

MEMORY_SHARE = 0.7
"""A model that takes more of the machine's memory is worth a note."""

CHECKS = {
    Reason.MODEL_MISSING: Check.MODEL,
    Reason.MODEL_BROKEN: Check.MODEL,
    Reason.MODEL_TOO_LARGE: Check.MODEL,
    Reason.MODEL_WITHOUT_FIM: Check.FIM,
    Reason.PROMPT_TOO_LONG: Check.FIM,
}
"""What a failure is a failure of, other than of the engine."""

ADVICE = {
    Reason.MODEL_MISSING: "set `model` in {user_file} to a GGUF file, or leave it out for the bundled model",
    Reason.MODEL_BROKEN: "get the file again, or set `model` in {user_file} to another one",
    Reason.MODEL_TOO_LARGE: "set a smaller `model`, or a smaller `n_kv_cells`, in {user_file}",
    Reason.MODEL_WITHOUT_FIM: "set `model` in {user_file} to one that was trained to fill in the middle",
    Reason.MODEL_WITHOUT_CHAT_TEMPLATE: "set `chat_model` in {user_file} to another one, or leave it out",
    Reason.PROMPT_TOO_LONG: "set a larger `n_kv_cells` in {user_file}",
    Reason.MODEL_WAITS: "try again when it is done, or set `both_models` in {user_file} to always",
    Reason.ENGINE_UNAVAILABLE: f"read the engine's log; where llama.cpp can't be loaded: {REBUILD}",
}
RESTART = "run `codenook engine stop` and try again; the engine's log is beside its socket"


async def engine(connection: LocalEngine, settings: Settings) -> tuple[ModelInfo | None, list[Finding]]:
    """Use the engine that completes; what was found until something failed is kept."""
    model, found = None, []
    try:
        found += llama_cpp(await connection.build())
        model = await connection.ready()
        found.append(loaded(model))
        found.append(await fim(connection, model, settings))
        found.append(await speed(connection, model, settings))
    except EngineError as error:
        reason, message = reasons.of_error(error), str(error)
        if reason is Reason.ENGINE_UNAVAILABLE and (last_words := _last_words(settings)):
            message += f", which ends with: {last_words}"
        found.append(failure(reason, message))
    return model, found


def llama_cpp(build: LlamaBuild) -> list[Finding]:
    """Compare what llama.cpp was built for with this machine."""
    features = ", ".join(build.features)
    message = (
        f"llama-cpp-python {build.binding}, {'with' if build.gpu_offload else 'without'} GPU; {features}"
    )
    found = [ok(Check.LLAMA_CPP, message, **asdict(build))]
    if missing := [
        name for flag, name in CPU_FLAGS.items() if flag in processor_flags() and name not in build.features
    ]:
        message = f"llama.cpp leaves features of this processor unused: {', '.join(missing)}"
        found.append(note(Check.LLAMA_CPP, message, REBUILD, unused=missing))
    if find_program("nvidia-smi") and not build.gpu_offload:
        message = "there is an NVIDIA GPU, but llama.cpp was built without it"
        found.append(note(Check.LLAMA_CPP, message, f'CMAKE_ARGS="-DGGML_CUDA=ON" {REBUILD}'))
    return found


def loaded(model: ModelInfo) -> Finding:
    """Say which model answers, and note one that leaves the machine little memory."""
    facts = {
        "name": model.name,
        "path": model.path,
        "size_bytes": model.size_bytes,
        "n_params": model.n_params,
    }
    size = f"{model.n_params / 1e6:.0f} million parameters, {model.size_bytes / 1e6:.0f} MB"
    message = f"{model.name}, {size}, {model.path}"
    memory = psutil.virtual_memory().total
    if model.size_bytes > MEMORY_SHARE * memory:
        message += f", in a machine with {memory / 1e6:.0f} MB of memory"
        return note(Check.MODEL, message, "choose a smaller model, or one quantized to fewer bits", **facts)
    return ok(Check.MODEL, message, **facts)


async def fim(connection: Engine, model: ModelInfo, settings: Settings) -> Finding:
    """Ask for candidates between code and code, the whole way that a request goes."""
    language = "python" if not model.languages or "python" in model.languages else model.languages[0]
    before, after = AROUND_CURSOR
    document = Document("untitled:doctor", Path("doctor"), before + after, language)
    workspaces = Workspaces()
    completion = Completion(connection, settings, workspaces)
    try:
        result = await completion(CompletionRequest(document, len(before)))
    finally:
        completion.close()
        workspaces.close_all()
    candidates = [candidate.text for candidate in result.candidates]
    facts = {"family": model.family, "order": model.fim_order, "candidates": candidates}
    if result.reason is None:
        shown = " ".join(f"{before.splitlines()[-1]}{candidates[0]}".split())
        return ok(Check.FIM, f"fills in code, {model.fim_order} order: {shown}", **facts)
    if reasons.is_engine_failure(result.reason):
        return failure(result.reason, result.message)
    message = f"the model has nothing of use to put between code and code: {result.message}"
    return note(
        Check.FIM, message, "choose a larger model, or one that was trained on your languages", **facts
    )


async def speed(connection: Engine, model: ModelInfo, settings: Settings) -> Finding:
    """Measure how fast the model reads what it has not seen, and how fast it writes."""
    (n_tokens,) = await connection.count_tokens([CODE])
    unseen = f"# {time.time_ns()}\n{CODE[: len(CODE) * N_PREFILL // n_tokens]}"
    generation = await connection.generate(
        GenerateRequest(
            slot="codenook doctor",
            prompt=(unseen,),
            n=1,
            max_tokens=N_DECODE,
            stop=None,
        )
    )
    counters, timings = generation.counters, generation.timings
    prefill = 1e3 * counters.prompt_evaluated / timings.prefill_ms
    decode = 1e3 * (counters.generated - 1) / timings.decode_ms  # prefill gave the first one
    facts = {"prefill_tokens_per_s": round(prefill, 1), "decode_tokens_per_s": round(decode, 1)}
    n_prompt = min(settings.n_prompt_tokens, model.n_ctx)
    whole_s = n_prompt / prefill
    message = (
        f"reads {prefill:.0f} and writes {decode:.0f} tokens per second; "
        f"a whole new prompt of {n_prompt} tokens takes {whole_s:.1f} s, a keystroke much less"
    )
    if whole_s <= PATIENCE_S:
        return ok(Check.SPEED, message, **facts)
    fitting = max(64, int(prefill * PATIENCE_S) // 64 * 64)
    advice = f"set `n_prompt_tokens` to {fitting}, choose a smaller model, or build llama.cpp for a GPU"
    return note(Check.SPEED, message, advice, **facts)


def failure(reason: Reason, message: str) -> Finding:
    """Say what keeps the engine or its model from answering."""
    check = CHECKS.get(reason, Check.ENGINE)
    advice = ADVICE.get(reason, RESTART).format(user_file=user_file())
    return problem(check, message, advice, reason=reason)


def _last_words(settings: Settings) -> str:
    """Return the last line of the engine's log, if there is one."""
    try:
        log = endpoint.socket_path(settings.model_path, settings.engine_options).with_suffix(".log")
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, EngineUnavailable):
        return ""
    return lines[-1] if lines else ""
