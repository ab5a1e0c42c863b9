"""Vocabularies and whole models that tests write, and changed copies of real vocabularies."""

from collections.abc import Mapping
from pathlib import Path

import gguf
import llama_cpp as llama
import numpy as np

from codenook.models.engine.decode import Vocabulary

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""A chat template, in its simplest form that is in use."""

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
    eos: int | None = 2,
    names: tuple[str, str] = ("<s>", "</s>"),
    kind: gguf.TokenType = CONTROL,
    weights: int | None = None,
    n_ctx: int = 512,
    **extra: object,
) -> Path:
    """Write a vocabulary of every byte, with ``markers`` from `FIRST_MARKER` on.

    ``model`` is ``gpt2`` (byte-level BPE), ``llama`` (SentencePiece) or ``rwkv``, where llama.cpp knows no
    usual id for the end of a text; ``extra`` are more keys of the tokenizer's metadata. ``names`` are those
    of the first control tokens, by which llama.cpp knows an end, too; the key for it is left out when ``eos``
    is None. With ``weights``, which seed them, it is a whole model that writes nonsense.
    """
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_name(name)
    writer.add_tokenizer_model(model)
    tokens = {"gpt2": _byte_level, "llama": _sentencepiece, "rwkv": _bytes}[model]()
    tokens[1:3] = [(name, CONTROL) for name in names]
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
    if eos is not None:
        writer.add_eos_token_id(eos)
    writer.add_add_bos_token(bos)
    for key, value in extra.items():
        add = {bool: writer.add_bool, int: writer.add_uint32, str: writer.add_string}[type(value)]
        add(key if "." in key else TOKENIZER + key, value)
    if weights is not None:
        _add_weights(writer, len(texts), seed=weights, n_ctx=n_ctx)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    if weights is not None:
        writer.write_tensors_to_file()
    writer.close()
    return path


def _add_weights(writer, n_tokens, *, seed, n_ctx, width=32):
    """Add one random layer of the architecture ``llama``."""
    writer.add_context_length(n_ctx)
    writer.add_embedding_length(width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(width)
    writer.add_head_count(2)
    writer.add_rope_dimension_count(width // 2)
    writer.add_layer_norm_rms_eps(1e-5)
    rng = np.random.default_rng(seed)
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


def _bytes():
    head = [(text, CONTROL) for text in ("<unk>", "<s>", "</s>")]
    return [*head, *((f"\\x{i:02x}", NORMAL) for i in range(256))]


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


def write_chat_model(path: Path, *, weights: int = 0, template: str = CHATML, n_ctx: int = 2048) -> Path:
    """Write a chat model that answers with nonsense."""
    markers = ("<|im_start|>", "<|im_end|>")
    keys = {"tokenizer.chat_template": template}
    return write_synthetic(path, *markers, name="chatty", weights=weights, n_ctx=n_ctx, **keys)
