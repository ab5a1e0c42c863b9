"""Loading a model with llama.cpp, and what it says when that fails.

It, `decode`, `vocabulary` and `grammar` are the modules that import llama_cpp.
"""

import ctypes
import logging
import os
import re
from pathlib import Path
from typing import Any, ClassVar

import llama_cpp as llama
import psutil

from codenook.models.engine import errors
from codenook.models.engine.memory import Cells
from codenook.models.engine.messages import LlamaBuild
from codenook.models.engine.options import EngineOptions

SMALL_MODEL_PARAMS = 30_000_000
"""Below this many parameters one thread decodes as fast as two (1.7 ms a step at 4M parameters), and it
doesn't wait for a second one that another program keeps from its core (then 400 ms a step were seen)."""

NO_FLASH_ATTENTION = 0
"""``LLAMA_FLASH_ATTN_TYPE_DISABLED``: with it, a decode call of three rows took 5 times as long on a CPU."""

AMX = "AMX_INT8"
"""A matrix unit that llama.cpp uses when it was compiled where there is one. Weights in the layout for it end
the process in the first ``llama_decode`` (ggml-org/llama.cpp issue 20824), so they keep the file's layout."""

Model = Any
"""What llama.cpp returns: the address of a model, or of a context."""

log = logging.getLogger(__name__)


def build() -> LlamaBuild:
    """Say how llama.cpp was built; no model is needed for that."""
    told = llama.llama_print_system_info().decode()  # "CPU : SSE3 = 1 | AVX2 = 1 | …"
    return LlamaBuild(
        binding=llama.__version__,
        features=tuple(re.findall(r"(\w+) = 1\b", told)),
        gpu_offload=bool(llama.llama_supports_gpu_offload()),
    )


class AbortFlag:
    """One byte that ends a running ``llama_decode`` when set, without the interpreter's help.

    llama.cpp asks a C callback between graph nodes. A Python one would make each node wait for the
    interpreter lock; libc's ``strlen`` over this byte is a callback that returns 0 until the flag is set.
    """

    def __init__(self) -> None:
        self._byte = ctypes.create_string_buffer(2)
        self.callback = ctypes.cast(ctypes.CDLL(None).strlen, llama.ggml_abort_callback)
        self.data = ctypes.cast(self._byte, ctypes.c_void_p)

    def set(self) -> None:
        """End the running call."""
        self._byte[0] = b"\x01"

    def clear(self) -> None:
        """Let the next call run."""
        self._byte[0] = b"\x00"


def load(path: Path, options: EngineOptions) -> tuple[Model, int]:
    """Load a model; return it and how many layers may go to the GPU.

    Raises ModelMissing, ModelBroken or ModelTooLarge with one line for the user.
    """
    if not os.path.isfile(path):  # noqa: PTH113 - a path that no file can have is no error here
        raise errors.ModelMissing(f"no model file at {path}")
    LLAMA_LOG.first_error = ""
    n_gpu_layers = options.n_gpu_layers if llama.llama_supports_gpu_offload() else 0
    params = llama.llama_model_default_params()
    params.n_gpu_layers = n_gpu_layers
    params.use_extra_bufts = AMX not in build().features
    model = llama.llama_model_load_from_file(str(path).encode(), params)
    if not model:
        raise _failure(f"llama.cpp can't load {path}")
    return model, n_gpu_layers


def kv_cache(model: Model, path: Path, options: EngineOptions, *, n_batch: int, is_on_cpu: bool) -> Model:
    """Make the context that holds a model's KV cache; raises ModelBroken or ModelTooLarge."""
    cells = Cells.of(path, options)
    params = llama.llama_context_default_params()
    params.n_ctx = cells.n
    params.n_batch = params.n_ubatch = n_batch
    params.n_seq_max = options.n_sequences
    params.n_threads = params.n_threads_batch = options.n_threads or _useful_threads(model)
    params.kv_unified = cells.are_shared
    if is_on_cpu:
        params.flash_attn_type = NO_FLASH_ATTENTION
    params.no_perf = True
    context = llama.llama_init_from_model(model, params)
    if not context:
        raise _failure(f"llama.cpp can't make a KV cache of {cells.n} tokens for {path}")
    return context


def _failure(message: str) -> errors.EngineError:
    """Explain ``message`` by what llama.cpp logged."""
    cause = LLAMA_LOG.first_error
    out_of_memory = "alloc" in cause or "memory" in cause
    return (errors.ModelTooLarge if out_of_memory else errors.ModelBroken)(f"{message}: {cause}")


def _useful_threads(model: Model) -> int:
    if llama.llama_model_n_params(model) < SMALL_MODEL_PARAMS:
        return 1
    return psutil.cpu_count(logical=False) or os.cpu_count() or 1


class _LlamaLog:
    """llama.cpp's warnings and errors go to our log; the first error explains a failed load.

    There is one for the life of the process, because llama.cpp keeps no more than its address.
    """

    LEVELS: ClassVar = {3: logging.WARNING, 4: logging.ERROR}  # enum ggml_log_level

    def __init__(self) -> None:
        self.first_error = ""
        self._callback = llama.llama_log_callback(self._listen)
        llama.llama_log_set(self._callback, ctypes.c_void_p(0))

    def _listen(self, level: int, text: bytes, _data: ctypes.c_void_p) -> None:
        line = text.decode("utf-8", errors="replace").strip()
        if not line or level not in self.LEVELS:
            return
        if self.LEVELS[level] == logging.ERROR:
            self.first_error = self.first_error or line
        log.log(self.LEVELS[level], "llama.cpp: %s", line)


LLAMA_LOG = _LlamaLog()
