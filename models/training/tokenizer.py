"""The tokenizer: byte-level BPE that llama.cpp repeats token for token under its pre-tokenizer ``qwen2``."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from codenook.models.prompts.fim import Segment, Special
from codenook.models.training.corpus import files_of

VOCABULARY_SIZE = 8192  # special tokens included
SAMPLE_CHARS = 60_000_000  # of the corpus: more text changes few merges

# llama.cpp splits text with this expression when a GGUF file names the pre-tokenizer "qwen2".
QWEN2_SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


class Control(StrEnum):
    """The special tokens, spelled as llama.cpp knows them; their ids follow this order."""

    END = "<|endoftext|>"
    FIM_PREFIX = "<|fim_prefix|>"
    FIM_MIDDLE = "<|fim_middle|>"
    FIM_SUFFIX = "<|fim_suffix|>"
    FIM_PAD = "<|fim_pad|>"
    REPOSITORY = "<|repo_name|>"
    FILE_SEPARATOR = "<|file_sep|>"


ROLES = {
    Special.FIM_PREFIX: Control.FIM_PREFIX,
    Special.FIM_MIDDLE: Control.FIM_MIDDLE,
    Special.FIM_SUFFIX: Control.FIM_SUFFIX,
    Special.FILE_SEPARATOR: Control.FILE_SEPARATOR,
}


def control_id(control: Control) -> int:
    """Return a special token's id: they take the first ids of the vocabulary, in their order."""
    return list(Control).index(control)


END_ID = control_id(Control.END)
PAD_ID = control_id(Control.FIM_PAD)


def make(work: Path, released: Tokenizer | None = None) -> None:
    """Write the vocabulary: a released model's, or one that is learned from the corpus."""
    made = released or train(sample([text for _, _, text in files_of(work, "train")]))
    work.mkdir(parents=True, exist_ok=True)
    made.save(str(work / "tokenizer.json"))


def sample(texts: Sequence[str], n_chars: int = SAMPLE_CHARS) -> Sequence[str]:
    """Return every n-th text, about ``n_chars`` in all; sorted by package, they spread over all packages."""
    return texts[:: max(round(sum(map(len, texts)) / n_chars), 1)]


def train(texts: Iterable[str], size: int = VOCABULARY_SIZE) -> Tokenizer:
    """Learn the merges from ``texts``."""
    tokenizer = byte_level(models.BPE())
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(Control),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return plain(tokenizer)


def rebuild(tokens: Sequence[str], merges: Sequence[tuple[str, str]]) -> Tokenizer:
    """Make a tokenizer of its tokens, by their ids, and its merges, the first ones first."""
    vocabulary = {token: number for number, token in enumerate(tokens)}
    tokenizer = byte_level(models.BPE(vocabulary, list(merges)))
    tokenizer.add_special_tokens(list(Control))
    return plain(tokenizer)


def byte_level(model: models.BPE) -> Tokenizer:
    """Put ``model`` behind the split of llama.cpp's pre-tokenizer."""
    tokenizer = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(QWEN2_SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def plain(tokenizer: Tokenizer) -> Tokenizer:
    """Make ``tokenizer`` read text that spells a special token as text, as the engine does."""
    tokenizer.encode_special_tokens = True
    return tokenizer


def load(path: Path) -> Tokenizer:
    """Read a tokenizer that ``train`` made."""
    return plain(Tokenizer.from_file(str(path)))


def encode(tokenizer: Tokenizer, segments: Sequence[Segment]) -> list[int]:
    """Turn a prompt into token ids: special tokens by role, each text on its own."""
    ids: list[int] = []
    for segment in segments:
        if isinstance(segment, Special):
            ids.append(control_id(ROLES[segment]))
        else:
            ids += tokenizer.encode(segment).ids
    return ids
