"""A model of random weights in the shape of Qwen2.5-Coder-0.5B: its speed is real, its text is meaningless.

It shows what a model of that size costs on this machine without downloading one. Written once, 0.5 GB, into
the user's cache folder.
"""

from pathlib import Path
from typing import Any

import click
import gguf
import numpy as np
import numpy.typing as npt
import platformdirs
from rich.console import Console
from rich.progress import track

from codenook.models import bundled

N_LAYERS, N_EMBD, N_FF = 24, 896, 4864
N_HEADS, N_KV_HEADS, N_HEAD = 14, 2, 64
N_CONTEXT, N_VOCAB = 32_768, 151_936
ROPE_BASE, NORM_EPSILON = 1e6, 1e-6
FIM = ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>")

err = Console(stderr=True, highlight=False)
rng = np.random.default_rng(0)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--vocabulary",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A GGUF file whose tokenizer it gets, Qwen's own for example.  [default: the bundled model]",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it.  [default: codenook's cache folder]",
)
def main(vocabulary: Path | None, out: Path | None) -> None:
    """Make a model of random weights and print its path, for: python benchmarks/latency --model PATH.

    Its text is meaningless: it measures the engine with a model of half a billion parameters, no more.
    """
    path = out or platformdirs.user_cache_path("codenook") / "benchmarks" / "synthetic-0.5b.q8_0.gguf"
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, vocabulary or bundled.path())
    err.print("synthetic: random weights; what this model writes is meaningless")
    click.echo(path)


def write(path: Path, vocabulary: Path) -> None:
    """Write the model to ``path``, with the tokenizer of ``vocabulary``."""
    unfinished = path.with_suffix(".tmp")
    writer = gguf.GGUFWriter(unfinished, "qwen2")
    writer.add_name("synthetic 0.5B, meaningless")
    writer.add_context_length(N_CONTEXT)
    writer.add_embedding_length(N_EMBD)
    writer.add_feed_forward_length(N_FF)
    writer.add_block_count(N_LAYERS)
    writer.add_head_count(N_HEADS)
    writer.add_head_count_kv(N_KV_HEADS)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_layer_norm_rms_eps(NORM_EPSILON)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
    _add_tokenizer(writer, gguf.GGUFReader(vocabulary))
    _add_matrix(writer, "token_embd.weight", N_VOCAB, N_EMBD)
    _add_vector(writer, "output_norm.weight", N_EMBD, 1.0)
    for layer in track(range(N_LAYERS), "layers of random weights", console=err):
        _add_layer(writer, f"blk.{layer}")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    unfinished.rename(path)


def _add_layer(writer: gguf.GGUFWriter, name: str) -> None:
    n_kv = N_KV_HEADS * N_HEAD
    _add_vector(writer, f"{name}.attn_norm.weight", N_EMBD, 1.0)
    for part, n in (("q", N_EMBD), ("k", n_kv), ("v", n_kv)):
        _add_matrix(writer, f"{name}.attn_{part}.weight", n, N_EMBD)
        _add_vector(writer, f"{name}.attn_{part}.bias", n, 0.0)
    _add_matrix(writer, f"{name}.attn_output.weight", N_EMBD, N_EMBD)
    _add_vector(writer, f"{name}.ffn_norm.weight", N_EMBD, 1.0)
    _add_matrix(writer, f"{name}.ffn_gate.weight", N_FF, N_EMBD)
    _add_matrix(writer, f"{name}.ffn_up.weight", N_FF, N_EMBD)
    _add_matrix(writer, f"{name}.ffn_down.weight", N_EMBD, N_FF)


def _add_matrix(writer: gguf.GGUFWriter, name: str, n_rows: int, n_columns: int) -> None:
    weights = rng.standard_normal((n_rows, n_columns), dtype=np.float32) / np.float32(n_columns**0.5)
    kind = gguf.GGMLQuantizationType.Q8_0
    quantized: npt.NDArray[np.uint8] = gguf.quants.quantize(weights, kind)
    writer.add_tensor(name, quantized, raw_dtype=kind)


def _add_vector(writer: gguf.GGUFWriter, name: str, n: int, value: float) -> None:
    writer.add_tensor(name, np.full(n, value, dtype=np.float32))


def _add_tokenizer(writer: gguf.GGUFWriter, source: gguf.GGUFReader) -> None:
    """Copy the tokenizer, and fill the vocabulary up to its size with tokens that no text contains.

    FIM tokens are added if there are none yet, in the place of padding where the vocabulary is full.
    """
    fields: dict[str, Any] = {
        name: field.contents() for name, field in source.fields.items() if name.startswith("tokenizer.")
    }
    has_fim = "tokenizer.ggml.fim_pre_token_id" in fields or FIM[0] in fields["tokenizer.ggml.tokens"]
    new_fim = () if has_fim else FIM
    n_kept = N_VOCAB - len(new_fim)
    tokens = fields["tokenizer.ggml.tokens"][:n_kept]
    kinds = fields["tokenizer.ggml.token_type"][:n_kept]
    n_unused = n_kept - len(tokens)
    fields["tokenizer.ggml.tokens"] = [*tokens, *new_fim, *(f"[unused {i}]" for i in range(n_unused))]
    fields["tokenizer.ggml.token_type"] = [
        *kinds,
        *[int(gguf.TokenType.CONTROL)] * len(new_fim),
        *[int(gguf.TokenType.UNUSED)] * n_unused,
    ]
    for name, value in fields.items():
        if isinstance(value, list):
            writer.add_array(name, value)
        else:
            writer.add_key_value(name, value, source.fields[name].types[0])


if __name__ == "__main__":
    main(prog_name="synthetic")
