"""The families of models that codenook knows: their markers, their layout, and where that is written down.

A family's order is the one that its makers published a layout for. Where they trained both orders (CodeLlama,
CodeGemma, StarCoder, Granite Code), it is PSM: in their SPM layout the answer continues the prefix without a
marker, and a cursor in the middle of a token then costs quality (Code Llama, arXiv 2308.12950, on infilling).
"""

from collections.abc import Callable, Mapping

from attrs import field, frozen

from codenook.models.prompts import layouts
from codenook.models.prompts.fim import FimOrder, Segment, Special
from codenook.models.prompts.layouts import Infill

Layout = Callable[[FimOrder, Infill], tuple[Segment, ...]]
Spelling = Mapping[Special, str]
"""The text of each control token that a family's prompts need."""


@frozen
class Family:
    """How models of one family are asked to fill in code.

    ``spellings`` are the sets of markers that the family's vocabularies use, most telling first;
    ``order`` is the order of the sides that it was trained for; ``ends`` are the texts of control tokens,
    besides the ones that llama.cpp knows, at which an answer is over; ``bos`` says whether prompts begin with
    the vocabulary's BOS token, None that the file's own metadata decides; ``where`` tells families with the
    same markers apart: one of these keys of the file's metadata has a value with one of these words in it.
    """

    name: str
    order: FimOrder
    layout: Layout
    spellings: tuple[Spelling, ...]
    ends: tuple[str, ...] = ()
    bos: bool | None = None
    where: Mapping[str, tuple[str, ...]] = field(factory=dict)

    def prompt(self, what: Infill) -> tuple[Segment, ...]:
        """Lay out one infill prompt; Special values are markers, everything else is plain text."""
        parts = self.layout(self.order, what)
        return tuple(part for part in parts if not isinstance(part, Special) or part in self.spellings[0])


def _spell(
    pattern: str, words: tuple[str, str, str] = ("prefix", "suffix", "middle"), **more: str
) -> Spelling:
    """Spell the three markers after one pattern, and others in full."""
    around = (Special.FIM_PREFIX, Special.FIM_SUFFIX, Special.FIM_MIDDLE)
    markers = {role: pattern.format(word) for role, word in zip(around, words, strict=True)}
    return markers | {Special(role): text for role, text in more.items()}


CODENOOK = Family(
    name="codenook",
    order=FimOrder.SPM,
    layout=layouts.separated,
    spellings=(_spell("<|fim_{}|>", file_separator="<|file_sep|>"),),
    where={"codenook.fim.order": ("spm",)},
)
"""The bundled model, and others that models/training made. Source: models/training/examples.py."""

QWEN_CODER = Family(
    name="qwen-coder",
    order=FimOrder.PSM,
    layout=layouts.named_and_separated,
    spellings=(_spell("<|fim_{}|>", repository="<|repo_name|>", file_separator="<|file_sep|>"),),
    ends=("<|endoftext|>", "<|im_end|>", "<|repo_name|>", "<|file_sep|>", "<|fim_pad|>"),
    bos=False,
)
"""Qwen2.5-Coder, Qwen3-Coder, and what was trained from them.

Source: Qwen2.5-Coder technical report (arXiv 2409.12186), section 3.2, file-level and repo-level FIM.
"""

STARCODER2 = Family(
    name="starcoder2",
    order=FimOrder.PSM,
    layout=layouts.path_in_prefix,
    spellings=(_spell("<fim_{}>", repository="<repo_name>", file_separator="<file_sep>"),),
    ends=("<|endoftext|>", "<file_sep>", "<repo_name>"),
    bos=False,
)
"""StarCoder2. A file that was filled in is followed by the next separator, so that ends an answer too.

Source: StarCoder 2 and The Stack v2 (arXiv 2402.19173), section 5.1, repository context and FIM.
"""

STARCODER = Family(
    name="starcoder",
    order=FimOrder.PSM,
    layout=layouts.commented_paths,
    spellings=(_spell("<fim_{}>", file_separator="<filename>"), _spell("<fim-{}>")),
    ends=("<|endoftext|>", "<filename>", "<reponame>"),
    bos=False,
)
"""StarCoder, SantaCoder, Refact. ``<filename>`` was metadata of a single file, so it separates none.

Source: StarCoder: may the source be with you! (arXiv 2305.06161), sections 5.1 and 5.2.
"""

GRANITE = Family(
    name="granite",
    order=FimOrder.PSM,
    layout=layouts.commented_paths,
    spellings=(_spell("<|fim_{}|>"), _spell("<fim_{}>")),
    ends=("<|endoftext|>", "<|end_of_text|>", "<filename>", "<|filename|>"),
    where={"general.architecture": ("granite",), "general.name": ("granite",)},
)
"""Granite Code (with StarCoder's tokens) and the Granite models since version 3.

Source: Granite Code Models (arXiv 2405.04324), section 4; the model cards of Granite 4.0.
"""

MELLUM = Family(
    name="mellum",
    order=FimOrder.SPM,
    layout=layouts.separated,
    spellings=(_spell("<fim_{}>", file_separator="<filename>"),),
    ends=("<|endoftext|>", "<filename>"),
    where={"general.name": ("mellum",)},
)
"""JetBrains' Mellum, trained on suffix, prefix, middle only.

Source: Mellum (arXiv 2510.05788), pre-training; the model card of Mellum-4b-base.
"""

DEEPSEEK_CODER = Family(
    name="deepseek-coder",
    order=FimOrder.PSM,
    layout=layouts.commented_paths,
    spellings=(
        {
            Special.FIM_PREFIX: "<｜fim▁begin｜>",  # noqa: RUF001 - spelled so
            Special.FIM_SUFFIX: "<｜fim▁hole｜>",  # noqa: RUF001
            Special.FIM_MIDDLE: "<｜fim▁end｜>",  # noqa: RUF001
        },
    ),
    ends=("<｜end▁of▁sentence｜>", "<|EOT|>"),  # noqa: RUF001
    bos=True,
)
"""DeepSeek-Coder and DeepSeek-Coder-V2. Files of a repository were joined, each after its path in a comment.

Source: DeepSeek-Coder (arXiv 2401.14196), sections 2.2 and 3.1; its README on repository-level completion.
"""

CODELLAMA = Family(
    name="codellama",
    order=FimOrder.PSM,
    layout=layouts.commented_paths,
    spellings=(_spell("▁<{}>", ("PRE", "SUF", "MID")), _spell("<{}>", ("PRE", "SUF", "MID"))),
    ends=("</s>", "▁<EOT>", "<EOT>"),
    bos=True,
)
"""CodeLlama 7B and 13B; the larger ones and the Python ones have no markers.

Source: Code Llama (arXiv 2308.12950), section 2.3; ``infilling_prompt_tokens`` of its published code.
"""

CODEGEMMA = Family(
    name="codegemma",
    order=FimOrder.PSM,
    layout=layouts.separated_between,
    spellings=(_spell("<|fim_{}|>", file_separator="<|file_separator|>"),),
    ends=("<eos>", "<|file_separator|>", "<end_of_turn>"),
    bos=True,
)
"""CodeGemma. The next file's separator ends an answer.

Source: CodeGemma (arXiv 2406.11409), table 1 and figure 2.
"""

CODESTRAL = Family(
    name="codestral",
    order=FimOrder.SPM,
    layout=layouts.plus_paths,
    spellings=({Special.FIM_PREFIX: "[PREFIX]", Special.FIM_SUFFIX: "[SUFFIX]"},),
    ends=("</s>",),
    bos=True,
    where={"tokenizer.ggml.model": ("llama",)},
)
"""Codestral. There is no middle marker: the answer continues the prefix.

Mistral's later vocabularies (``gpt2`` in a GGUF file) carry these markers also in models that never saw them.
Source: mistral-common, ``encode_fim`` of the SentencePiece tokenizers; Continue's layout of several files.
"""

SEED_CODER = Family(
    name="seed-coder",
    order=FimOrder.SPM,
    layout=layouts.commented_paths,
    spellings=(_spell("<[fim-{}]>"),),
    ends=("<[end▁of▁sentence]>",),
)
"""Seed-Coder, split at any character in training, so that a cursor inside a word is nothing new to it.

Source: Seed-Coder (arXiv 2506.03524), section on fill-in-the-middle.
"""

OTHER = Family(
    name="other",
    order=FimOrder.PSM,
    layout=layouts.commented_paths,
    spellings=(_spell("<|fim_{}|>"), _spell("<fim_{}>")),
)
"""Models of no family above that carry the usual markers: what most were trained on.

Source: Bavarian et al. 2022 (arXiv 2207.14255), section 3, the PSM format.
"""

FAMILIES = {
    family.name: family
    for family in (
        CODENOOK,
        MELLUM,
        GRANITE,
        CODEGEMMA,
        QWEN_CODER,
        STARCODER2,
        STARCODER,
        DEEPSEEK_CODER,
        CODELLAMA,
        CODESTRAL,
        SEED_CODER,
        OTHER,
    )
}
"""Every family by its name, in the order in which a model is compared with them: special ones first."""
