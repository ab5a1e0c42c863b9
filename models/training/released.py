"""A released model, read back: shape, weights and tokenizer of a GGUF file that the export step wrote.

With them a run goes on from released weights, on examples in the released vocabulary.
"""

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from attrs import frozen
from gguf.quants import dequantize
from tokenizers import Tokenizer
from torch import Tensor

from codenook.models.training import tokenizer as tokenizers
from codenook.models.training.errors import TrainingError
from codenook.models.training.export import tensor_name
from codenook.models.training.tokenizer import Control
from codenook.models.training.train import Model, Shape

FORMAT = {
    "general.architecture": "llama",
    "tokenizer.ggml.model": "gpt2",
    "tokenizer.ggml.pre": "qwen2",
}
SHAPE = {
    "n_vocabulary": "llama.vocab_size",
    "n_layers": "llama.block_count",
    "width": "llama.embedding_length",
    "n_heads": "llama.attention.head_count",
    "n_kv_heads": "llama.attention.head_count_kv",
    "width_ff": "llama.feed_forward_length",
    "n_context": "llama.context_length",
    "rope_base": "llama.rope.freq_base",
    "norm_epsilon": "llama.attention.layer_norm_rms_epsilon",
}


@frozen
class Release:
    """What a GGUF file holds; the weights are in float32, under the names of the model's state."""

    shape: Shape
    weights: dict[str, Tensor]
    tokenizer: Tokenizer


def read(path: Path) -> Release:
    """Read a GGUF file; one that the export step did not write raises ``TrainingError``."""
    try:
        reader = gguf.GGUFReader(path)
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path}: {error}") from error
    found = {key: field.contents() for key, field in reader.fields.items()}
    tokens = found.get("tokenizer.ggml.tokens", [])
    if {key: found.get(key) for key in FORMAT} != FORMAT or tokens[: len(Control)] != list(Control):
        raise TrainingError(
            f"{path} was not written by the export step: only such models can be gone on with"
        )
    shape = Shape(**{name: plain(found[key]) for name, key in SHAPE.items()})
    data = {tensor.name: dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}
    return Release(
        shape,
        {name: torch.tensor(data[tensor_name(name)]) for name in Model(shape).state_dict()},
        tokenizers.rebuild(tokens, [tuple(merge.split(" ")) for merge in found["tokenizer.ggml.merges"]]),
    )


def check_vocabulary(release: Release, work: Path, path: Path) -> None:
    """Raise TrainingError unless the examples in ``work`` are in the vocabulary of the one at ``path``."""
    if release.tokenizer.to_str() != tokenizers.load(work / "tokenizer.json").to_str():
        raise TrainingError(f"the examples are not in the vocabulary of {path}: tokenizer --from")


def plain(value: Any) -> Any:
    """Return a number as it was written: GGUF keeps 1e-5 in single precision."""
    return float(str(np.float32(value))) if isinstance(value, float) else value
