"""The tokens of a loaded model: text to tokens and back. Imports llama_cpp, as `decode` does."""

import ctypes
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import pairwise

import llama_cpp as llama

from codenook.models.engine import errors
from codenook.models.prompts.fim import Markup, Segment, Special
from codenook.models.prompts.recognise import Recognised

PLAIN = False
"""For llama.cpp's tokenizer: no control tokens, neither added nor read from the text."""

SENTENCEPIECE = 1
"""``LLAMA_VOCAB_TYPE_SPM``: a tokenizer that puts a space before a text."""

MARKER = llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_USER_DEFINED | llama.LLAMA_TOKEN_ATTR_UNKNOWN
"""Kinds of tokens that llama.cpp finds in a text before it tokenizes what is between them."""

SPACE_TAKER = "☺"
"""A character that no token joins with its neighbours: put before a text, it gets the space instead."""


class Pieces(dict[int, bytes]):
    """The bytes of each token, asked of the vocabulary when they are first needed."""

    def __init__(self, vocabulary: "Vocabulary") -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, token: int) -> bytes:
        """Remember what the vocabulary says."""
        piece = self[token] = self._vocabulary.piece(token)
        return piece


class Vocabulary:
    """A loaded model's tokens and metadata, as `codenook.models.prompts.recognise` asks for them."""

    def __init__(self, model: ctypes.c_void_p) -> None:
        self._model = model
        self.handle = llama.llama_model_get_vocab(model)
        self.n_tokens: int = llama.llama_vocab_n_tokens(self.handle)
        self._adds_space = llama.llama_vocab_type(self.handle) == SENTENCEPIECE

    def metadata(self, key: str) -> str:
        """Return the value of a key of the file's metadata, empty when it has none."""
        buffer = ctypes.create_string_buffer(1024)
        n = llama.llama_model_meta_val_str(self._model, key.encode(), buffer, len(buffer))
        return buffer.value.decode("utf-8", errors="replace") if n >= 0 else ""

    def encode(self, prompt: Sequence[Segment], known: Recognised) -> list[int]:
        """Return the tokens of a prompt, BOS first where the family or else the file wants it.

        Raises ModelWithoutFim when the prompt needs a marker that the model lacks.
        """
        wants_bos = known.family.bos if known.family else None
        if wants_bos is None:
            wants_bos = llama.llama_vocab_get_add_bos(self.handle)
        tokens = [self._bos] if wants_bos and self._bos >= 0 else []
        previous: Segment = ""
        for segment in prompt:
            if not isinstance(segment, Special):
                tokens += self.tokenize(segment, continued=previous is Special.FIM_SUFFIX)
            elif segment in known.special:
                tokens.append(known.special[segment])
            else:
                raise errors.ModelWithoutFim(f"the model has no token for {segment}")
            previous = segment
        return tokens

    def encode_chat(self, prompt: Sequence[Segment]) -> list[int]:
        """Return the tokens of a conversation: control tokens are read in `Markup` alone.

        Plain text of the template is tokenized together with the messages beside it, as in training.
        """
        tokens: list[int] = []
        plain = [""]  # what stands between two markers, in pieces that are not to join

        def end_plain() -> None:
            for i, piece in enumerate(plain):
                tokens.extend(self.tokenize(piece, continued=i > 0))
            plain[:] = [""]

        for segment in prompt:
            if isinstance(segment, Markup):
                for i, part in enumerate(self._markers.split(segment)):
                    if i % 2:
                        end_plain()
                        tokens.append(self._marker_ids[part])
                    else:
                        plain[-1] += part
            else:
                first, *others = self._apart(segment)
                plain[-1] += first
                plain += others
        end_plain()
        if llama.llama_vocab_get_add_bos(self.handle) and self._bos >= 0 and tokens[:1] != [self._bos]:
            tokens.insert(0, self._bos)
        return tokens

    def tokenize(self, text: str, *, continued: bool = False) -> list[int]:
        """Tokenize plain text; what looks like a control token stays text.

        SentencePiece puts a space before a text. Models were trained with it before a prefix, and without it
        where the text is ``continued``: in suffixes.
        """
        if continued and self._adds_space:
            return self._tokens(SPACE_TAKER + text, PLAIN)[len(self._tokens(SPACE_TAKER, PLAIN)) :]
        return self._tokens(text, PLAIN)

    def token(self, text: str) -> int | None:
        """Return the id of the token that is spelled ``text``, read as a control token; None without one."""
        tokens = self._tokens(text, not PLAIN)
        return tokens[0] if len(tokens) == 1 else None

    def text(self, token: int) -> str:
        """Return how ``token`` is spelled, empty for an id outside."""
        if not 0 <= token < self.n_tokens:
            return ""
        spelled: bytes = llama.llama_vocab_get_text(self.handle, token)
        return spelled.decode("utf-8", errors="replace")

    def is_control(self, token: int) -> bool:
        """Whether ``token`` is a control token, so that no text becomes it."""
        return bool(llama.llama_vocab_is_control(self.handle, token))

    def is_end(self, token: int) -> bool:
        """Whether llama.cpp takes ``token`` for the end of an answer."""
        return bool(llama.llama_vocab_is_eog(self.handle, token))

    def piece(self, token: int) -> bytes:
        """Return the bytes that ``token`` adds to an answer; none for a control token."""
        buffer = ctypes.create_string_buffer(256)
        n = llama.llama_token_to_piece(self.handle, token, buffer, len(buffer), 0, PLAIN)
        return buffer.raw[: max(0, n)]

    def tokenize_bytes(self, data: bytes) -> list[int]:
        """Tokenize a piece of a text, which may begin or end inside of a character."""
        if self._adds_space:
            return self.tokenize(data.decode("utf-8", errors="replace"), continued=True)
        return self._tokens_of(data, PLAIN)

    @property
    def chat_template(self) -> str:
        """The chat template of the model's file, empty for a model without."""
        template = llama.llama_model_chat_template(self._model, None)
        return template.decode("utf-8", errors="replace") if template else ""

    @property
    def bos(self) -> str:
        """How the token that begins a text is spelled, empty without one."""
        return self.text(self._bos)

    @property
    def eos(self) -> str:
        """How the token that ends a text is spelled, empty without one."""
        return self.text(llama.llama_vocab_eos(self.handle))

    @cached_property
    def _bos(self) -> int:
        return int(llama.llama_vocab_bos(self.handle))

    @cached_property
    def _marker_ids(self) -> dict[str, int]:
        """Tokens that stand for themselves in a template: all that are no part of text, and no mere space."""
        return {
            text: token
            for token in range(self.n_tokens)
            if llama.llama_vocab_get_attr(self.handle, token) & MARKER and (text := self.text(token)).strip()
        }

    @cached_property
    def _markers(self) -> re.Pattern[str]:
        return _any_of(self._marker_ids)

    @cached_property
    def _readable(self) -> re.Pattern[str]:
        """The markers that llama.cpp reads in plain text, too."""
        return _any_of(text for text, token in self._marker_ids.items() if not self.is_control(token))

    def _apart(self, text: str) -> list[str]:
        """Cut ``text`` inside of whatever would be read as a marker."""
        cuts = [0, *(found.start() + 1 for found in self._readable.finditer(text)), len(text)]
        return [text[start:end] for start, end in pairwise(cuts)]

    def _tokens(self, text: str, control: bool) -> list[int]:  # noqa: FBT001 - llama.cpp's own flag
        return self._tokens_of(text.encode("utf-8", errors="replace"), control)

    def _tokens_of(self, data: bytes, control: bool) -> list[int]:  # noqa: FBT001 - as above
        buffer = (llama.llama_token * (len(data) + 8))()
        n = llama.llama_tokenize(self.handle, data, len(data), buffer, len(buffer), PLAIN, control)
        return list(buffer[: max(0, n)])


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds and captures the longest of ``texts``."""
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first)) or '(?!)'})")
