"""The trained model as a GGUF file, the way llama.cpp reads a llama model with a qwen2-style vocabulary."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from attrs import frozen
from gguf.quants import quantize
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from codenook.models.prompts.fim import FimOrder
from codenook.models.training import tokenizer as tokenizers
from codenook.models.training.tokenizer import Control, control_id
from codenook.models.training.train import Shape, load_checkpoint

NAME = "codenook-base"
LICENCE = "Apache-2.0"
LANGUAGES = ["python"]
ORDER = FimOrder.SPM

TENSOR_NAMES = {
    "embedding": "token_embd",
    "norm": "output_norm",
    "attention_norm": "attn_norm",
    "attention.q": "attn_q",
    "attention.k": "attn_k",
    "attention.v": "attn_v",
    "attention.out": "attn_output",
    "ff_norm": "ffn_norm",
    "ff.gate": "ffn_gate",
    "ff.up": "ffn_up",
    "ff.down": "ffn_down",
}
Quantization = gguf.GGMLQuantizationType


@frozen
class Format:
    """How weights are kept: the matrices of the layers, and the embedding, which is the output matrix too."""

    layers: Quantization
    embedding: Quantization
    file_type: gguf.LlamaFileType

    def of(self, weight: Tensor, name: str) -> Quantization:
        """Return the form of one weight. llama.cpp wants norms, a few hundred numbers, in full precision."""
        if weight.ndim == 1:
            return Quantization.F32
        return self.embedding if name.startswith("embedding") else self.layers


FORMATS = {
    "f16": Format(Quantization.F16, Quantization.F16, gguf.LlamaFileType.MOSTLY_F16),
    "q8_0": Format(Quantization.Q8_0, Quantization.Q8_0, gguf.LlamaFileType.MOSTLY_Q8_0),
    "q4_0": Format(Quantization.Q4_0, Quantization.Q8_0, gguf.LlamaFileType.MOSTLY_Q4_0),
}


def export(work: Path, path: Path, form: str = "q8_0", name: str = NAME) -> Path:
    """Write the newest checkpoint of ``work`` to ``path``; ``form`` is one of ``FORMATS``."""
    state = load_checkpoint(work / "checkpoint.pt")
    tokenizer = tokenizers.load(work / "tokenizer.json")
    write(path, Shape(**state["shape"]), state["model"], tokenizer, form=form, name=name)
    return path


def write(
    path: Path,
    shape: Shape,
    weights: dict[str, Tensor],
    tokenizer: Tokenizer,
    *,
    form: str,
    name: str = NAME,
) -> None:
    """Write one GGUF file; a reader sees the old file or the new one, never half of it."""
    kept = FORMATS[form]
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    writer = gguf.GGUFWriter(unfinished, "llama")
    writer.add_file_type(kept.file_type)
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    describe(writer, shape, name)
    add_vocabulary(writer, tokenizer)
    for tensor, weight in weights.items():
        to = kept.of(weight, tensor)
        writer.add_tensor(tensor_name(tensor), quantized(weight.float().numpy(), to), raw_dtype=to)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    unfinished.replace(path)


def describe(writer: gguf.GGUFWriter, shape: Shape, name: str) -> None:
    """Add what the file is and the model's shape."""
    writer.add_name(name)
    if name == NAME:  # one that went on with a user's own code is under its licence
        writer.add_license(LICENCE)
    writer.add_vocab_size(shape.n_vocabulary)
    writer.add_context_length(shape.n_context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.n_layers)
    writer.add_feed_forward_length(shape.width_ff)
    writer.add_head_count(shape.n_heads)
    writer.add_head_count_kv(shape.n_kv_heads)
    writer.add_rope_dimension_count(shape.width_head)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(shape.norm_epsilon)
    writer.add_string("codenook.fim.order", ORDER.value)
    writer.add_string("codenook.languages", ",".join(LANGUAGES))


def add_vocabulary(writer: gguf.GGUFWriter, tokenizer: Tokenizer) -> None:
    """Add tokens, merges and the roles of the special tokens."""
    model: dict[str, Any] = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    controls = set(Control)
    types = [gguf.TokenType.CONTROL if token in controls else gguf.TokenType.NORMAL for token in tokens]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges([" ".join(pair) for pair in model["merges"]])
    writer.add_add_bos_token(value=False)
    writer.add_bos_token_id(control_id(Control.END))
    writer.add_eos_token_id(control_id(Control.END))
    writer.add_eot_token_id(control_id(Control.END))
    writer.add_pad_token_id(control_id(Control.FIM_PAD))
    keys = gguf.Keys.Tokenizer
    writer.add_uint32(keys.FIM_PRE_ID, control_id(Control.FIM_PREFIX))
    writer.add_uint32(keys.FIM_SUF_ID, control_id(Control.FIM_SUFFIX))
    writer.add_uint32(keys.FIM_MID_ID, control_id(Control.FIM_MIDDLE))
    writer.add_uint32(keys.FIM_PAD_ID, control_id(Control.FIM_PAD))
    writer.add_uint32(keys.FIM_REP_ID, control_id(Control.REPOSITORY))
    writer.add_uint32(keys.FIM_SEP_ID, control_id(Control.FILE_SEPARATOR))


def tensor_name(name: str) -> str:
    """Translate ``blocks.3.attention.q.weight`` to ``blk.3.attn_q.weight``."""
    parts = name.removesuffix(".weight").split(".")
    if parts[0] == "blocks":
        return f"blk.{parts[1]}.{TENSOR_NAMES['.'.join(parts[2:])]}.weight"
    return f"{TENSOR_NAMES[parts[0]]}.weight"


def quantized(data: NDArray[np.float32], to: Quantization) -> NDArray[Any]:
    """Return ``data`` in the format ``to``."""
    if to is Quantization.F32:
        return data
    result: NDArray[Any] = quantize(data, to)
    return result
