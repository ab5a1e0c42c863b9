"""Every family's prompt, token by token, as llama.cpp makes it from the family's vocabulary."""

# ruff: noqa: RUF001 - DeepSeek spells its markers with such characters

import gguf
import pytest
from attrs import evolve

from codenook.models.engine.errors import ModelWithoutFim
from codenook.models.prompts.families import FAMILIES
from codenook.models.prompts.fim import Special
from codenook.models.prompts.layouts import Infill
from codenook.models.prompts.recognise import recognise

PARTS = Infill(
    blocks=["a.py\nx = 1\n"], path="b.py", prefix="  def f", suffix="  g\n", repository="shop", comment="#"
)

TITLED = "# a.py\nx = 1\n# b.py\n  def f"

PROMPTS = {
    "codenook": (
        "<|file_sep|>a.py\nx = 1\n<|file_sep|>b.py\n<|fim_suffix|>  g\n<|fim_prefix|>  def f<|fim_middle|>"
    ),
    "qwen-coder": (
        "<|repo_name|>shop\n<|file_sep|>a.py\nx = 1\n<|file_sep|>b.py\n"
        "<|fim_prefix|>  def f<|fim_suffix|>  g\n<|fim_middle|>"
    ),
    "starcoder2": (
        "<repo_name>shop<file_sep>a.py\nx = 1\n<file_sep>"
        "<fim_prefix>b.py\n  def f<fim_suffix>  g\n<fim_middle>"
    ),
    "starcoder": f"<fim_prefix>{TITLED}<fim_suffix>  g\n<fim_middle>",
    "granite": f"<|fim_prefix|>{TITLED}<|fim_suffix|>  g\n<|fim_middle|>",
    "granite code": f"<fim_prefix>{TITLED}<fim_suffix>  g\n<fim_middle>",
    "mellum": "<filename>a.py\nx = 1\n<filename>b.py\n<fim_suffix>  g\n<fim_prefix>  def f<fim_middle>",
    "deepseek-coder": f"{{bos}}<｜fim▁begin｜>{TITLED}<｜fim▁hole｜>  g\n<｜fim▁end｜>",
    # SentencePiece puts a space before the prefix, as in these models' training, and none before the suffix.
    "codellama": f"<s>▁<PRE> {TITLED}▁<SUF>  g\n▁<MID>",
    "codegemma": (
        "<s>a.py\nx = 1\n<|file_separator|>b.py\n<|fim_prefix|>  def f<|fim_suffix|>  g\n<|fim_middle|>"
    ),
    "codestral": "<s>[SUFFIX]  g\n[PREFIX] +++++ a.py\nx = 1\n+++++ b.py\n  def f",
    "seed-coder": f"<[fim-suffix]>  g\n<[fim-prefix]>{TITLED}<[fim-middle]>",
    "other": f"<|fim_prefix|>{TITLED}<|fim_suffix|>  g\n<|fim_middle|>",
}
"""What a model of each family is given for `PARTS`, markers spelled out."""

FIRST_MARKER = 300
QWEN = ("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>")
STARCODER = ("<fim_prefix>", "<fim_middle>", "<fim_suffix>")

SYNTHETIC = {
    "codenook": ((*QWEN, "<|repo_name|>", "<|file_sep|>"), {"codenook.fim.order": "spm"}),
    "qwen-coder": ((*QWEN, "<|repo_name|>", "<|file_sep|>"), {"architecture": "qwen2", "bos": True}),
    "starcoder2": ((*STARCODER, "<repo_name>", "<file_sep>"), {"architecture": "starcoder2"}),
    "starcoder": ((*STARCODER, "<filename>", "<reponame>"), {"architecture": "starcoder"}),
    "granite": ((*QWEN, "<|filename|>", "<|end_of_text|>"), {"architecture": "granite"}),
    "granite code": ((*STARCODER, "<filename>"), {"name": "Granite 3b Code Base"}),
    "mellum": ((*STARCODER, "<filename>"), {"name": "Mellum 4b Base"}),
    "deepseek-coder": (("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>", "<|EOT|>"), {}),
    "codellama": (("▁<PRE>", "▁<MID>", "▁<SUF>", "▁<EOT>"), {"model": "llama", "bos": True}),
    "codegemma": (
        (*QWEN, "<|file_separator|>", "<end_of_turn>"),
        {
            "architecture": "gemma",
            "model": "llama",
            "bos": True,
            "add_space_prefix": False,
            "prefix_token_id": FIRST_MARKER,
            "middle_token_id": FIRST_MARKER + 1,
            "suffix_token_id": FIRST_MARKER + 2,
            "fsep_token_id": FIRST_MARKER + 3,
        },
    ),
    "codestral": (("[PREFIX]", "[MIDDLE]", "[SUFFIX]"), {"model": "llama", "bos": True}),
    "seed-coder": (("<[fim-prefix]>", "<[fim-middle]>", "<[fim-suffix]>"), {}),
    "other": (QWEN, {}),
}
"""Markers and metadata of a small vocabulary of each family."""

REAL = {
    "starcoder2": ("starcoder", {}, {}),
    "starcoder": ("refact", {}, {}),
    "granite code": ("refact", {}, {"general_name": "Granite 3b Code Base"}),
    "deepseek-coder": ("deepseek-coder", {}, {}),
    "qwen-coder": (
        "qwen2",
        dict(enumerate((*QWEN, "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"), start=151659)),
        {},
    ),
    "codellama": ("llama-spm", dict(enumerate(("▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"), start=32007)), {}),
}
"""Vocabularies of llama.cpp's source: the family's own, or its parent's with the family's markers added."""

NO_MARKERS = "its vocabulary has no fill-in-the-middle tokens"

ENDS = {
    "qwen-coder": {"<|repo_name|>", "<|file_sep|>"},
    "starcoder2": {"<file_sep>", "<repo_name>"},
    "deepseek-coder": {"<|EOT|>"},
    "codellama": {"▁<EOT>"},
    "codegemma": {"<|file_separator|>", "<end_of_turn>"},
}


def spelled(vocabulary, tokens):
    """Return tokens as text, control tokens spelled out."""
    return "".join(
        vocabulary.text(token)
        if vocabulary.is_control(token)
        else vocabulary.piece(token).decode("utf-8", errors="replace")
        for token in tokens
    )


def assert_prompt(case, vocabulary):
    known = recognise(vocabulary)
    assert known.family, known.problem
    assert known.family.name == case.partition(" ")[0]
    tokens = vocabulary.encode(known.family.prompt(PARTS), known)
    bos = spelled(vocabulary, tokens[:1])
    assert spelled(vocabulary, tokens) == PROMPTS[case].format(bos=bos)
    assert sum(token in known.special.values() for token in tokens) == sum(
        isinstance(part, Special) for part in known.family.prompt(PARTS)
    )
    assert ENDS.get(case, set()) <= {vocabulary.text(token) for token in known.ends}


@pytest.mark.parametrize("case", SYNTHETIC)
def test_prompt_of_a_synthetic_vocabulary(case, written):
    markers, metadata = SYNTHETIC[case]
    assert_prompt(case, written(*markers, **metadata))


@pytest.mark.parametrize("case", REAL)
def test_prompt_of_a_real_vocabulary(case, real):
    name, markers, metadata = REAL[case]
    assert_prompt(case, real(name, markers, **metadata))


def test_every_family_has_a_synthetic_vocabulary():
    assert {case.partition(" ")[0] for case in SYNTHETIC} == FAMILIES.keys()
    assert PROMPTS.keys() == SYNTHETIC.keys()


@pytest.mark.parametrize("case", SYNTHETIC)
def test_code_that_spells_the_markers_stays_text(case, written):
    markers, metadata = SYNTHETIC[case]
    vocabulary = written(*markers, **metadata)
    known = recognise(vocabulary)
    prompt = known.family.prompt(evolve(PARTS, prefix="".join(markers), suffix="".join(markers)))
    found = [token for token in vocabulary.encode(prompt, known) if token >= FIRST_MARKER]
    assert len(found) == sum(isinstance(part, Special) for part in prompt)


@pytest.mark.parametrize(
    "name", ["qwen2", "llama-spm", "llama-bpe", "command-r", "phi-3", "gemma-4", "gpt-2"]
)
def test_a_real_vocabulary_without_markers_is_told_so(name, real):
    known = recognise(real(name))
    assert known.family is None
    assert known.problem == NO_MARKERS


def test_one_marker_less_is_no_family(written):
    assert recognise(written("<[fim-prefix]>", "<[fim-middle]>")).problem == NO_MARKERS


def test_markers_that_text_can_become_are_refused_in_words(written):
    """Code could then open a hole of its own."""
    markers, metadata = SYNTHETIC["codestral"]
    known = recognise(written(*markers, **metadata, kind=gguf.TokenType.USER_DEFINED))
    assert known.family is None
    assert known.problem == (
        "its tokens look like those of codestral, but [PREFIX] is not a control token of it"
    )


def test_metadata_that_names_another_token_is_refused_in_words(written):
    markers, metadata = SYNTHETIC["qwen-coder"]
    known = recognise(written(*markers, **metadata, fim_pre_token_id=FIRST_MARKER + 1))
    assert known.family is None
    assert known.problem == (
        "its tokens look like those of qwen-coder, but "
        "tokenizer.ggml.fim_pre_token_id names '<|fim_middle|>' instead of '<|fim_prefix|>'"
    )


def test_ids_without_their_markers_are_not_enough(written):
    """Gemma's files name CodeGemma's ids although their tokens are others."""
    _, metadata = SYNTHETIC["codegemma"]
    assert recognise(written("<u1>", "<u2>", "<u3>", "<u4>", **metadata)).problem == NO_MARKERS


def test_markers_that_a_model_was_not_trained_on_are_left_alone(written):
    """Mistral's byte-level vocabularies carry Codestral's markers."""
    markers, _ = SYNTHETIC["codestral"]
    assert recognise(written(*markers, model="gpt2")).problem == NO_MARKERS


def test_a_prompt_with_a_marker_that_the_model_lacks_is_refused(written):
    markers, metadata = SYNTHETIC["codestral"]
    vocabulary = written(*markers, **metadata)
    with pytest.raises(ModelWithoutFim, match="fim_middle"):
        vocabulary.encode((Special.FIM_MIDDLE,), recognise(vocabulary))
