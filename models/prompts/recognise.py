"""Which family a model belongs to, told from its own file; and whether its markers can be trusted.

A marker counts only if it survives the round trip: its text is read as exactly one control token, and that
token is spelled as the text. A file that fails this gets no prompts with markers at all.
"""

from collections.abc import Mapping
from typing import Protocol

from attrs import field, frozen

from codenook.models.prompts.families import FAMILIES, Family, Spelling
from codenook.models.prompts.fim import Special

_ID_KEYS = {
    Special.FIM_PREFIX: ("tokenizer.ggml.fim_pre_token_id", "tokenizer.ggml.prefix_token_id"),
    Special.FIM_SUFFIX: ("tokenizer.ggml.fim_suf_token_id", "tokenizer.ggml.suffix_token_id"),
    Special.FIM_MIDDLE: ("tokenizer.ggml.fim_mid_token_id", "tokenizer.ggml.middle_token_id"),
    Special.REPOSITORY: ("tokenizer.ggml.fim_rep_token_id",),
    Special.FILE_SEPARATOR: ("tokenizer.ggml.fim_sep_token_id", "tokenizer.ggml.fsep_token_id"),
}
"""Where a GGUF file names its markers, today's key first. Source: llama.cpp, ``llama-arch.cpp`` and gguf."""


class Vocabulary(Protocol):
    """What recognising needs of a model's file."""

    def metadata(self, key: str) -> str:
        """Return the value of a key of the file's metadata, empty when it has none."""

    def token(self, text: str) -> int | None:
        """Return the id of the token that is spelled ``text``, read as a control token; None without one."""

    def text(self, token: int) -> str:
        """Return how ``token`` is spelled, empty for an id outside."""

    def is_control(self, token: int) -> bool:
        """Whether ``token`` is a control token, so that no text becomes it."""


@frozen
class Recognised:
    """A model's family and the ids of its markers; or ``problem``, why it can't fill in code, in words."""

    family: Family | None = None
    special: Mapping[Special, int] = field(factory=dict)
    ends: frozenset[int] = frozenset()
    problem: str = ""


class _Unusable(Exception):
    """The vocabulary has a family's markers, but they can't be trusted."""


def recognise(vocabulary: Vocabulary) -> Recognised:
    """Find the first family whose markers ``vocabulary`` has, every one of them usable."""
    for family in FAMILIES.values():
        if not _is_meant(family, vocabulary):
            continue
        for spelling in family.spellings:
            try:
                special = _markers(spelling, vocabulary)
            except _Unusable as error:
                return Recognised(problem=f"its tokens look like those of {family.name}, but {error}")
            if special:
                ends = (_spelled(text, vocabulary) for text in family.ends)
                return Recognised(family, special, frozenset(end for end in ends if end is not None))
    return Recognised(problem="its vocabulary has no fill-in-the-middle tokens")


def _is_meant(family: Family, vocabulary: Vocabulary) -> bool:
    return not family.where or any(
        word in vocabulary.metadata(key).lower() for key, words in family.where.items() for word in words
    )


def _markers(spelling: Spelling, vocabulary: Vocabulary) -> dict[Special, int]:
    """Return the ids of the markers, empty when one is missing; raises _Unusable with words for a person."""
    tokens = {special: _spelled(text, vocabulary) for special, text in spelling.items()}
    found = {special: token for special, token in tokens.items() if token is not None}
    if len(found) < len(tokens):
        return {}
    for special, token in found.items():
        text = spelling[special]
        if not vocabulary.is_control(token):
            raise _Unusable(f"{text} is not a control token of it")
        for key in _ID_KEYS[special]:
            named = vocabulary.metadata(key)
            if named and named != str(token):
                raise _Unusable(f"{key} names {vocabulary.text(int(named))!r} instead of {text!r}")
    return found


def _spelled(text: str, vocabulary: Vocabulary) -> int | None:
    """Return the one token that ``text`` is read as and that is spelled so."""
    token = vocabulary.token(text)
    return token if token is not None and vocabulary.text(token) == text else None
