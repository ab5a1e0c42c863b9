"""The tokens of a loaded model: text to tokens and back. Imports llama_cpp, as `decode` does."""

import ctypes
from collections.abc import Sequence
from enum import IntFlag

import llama_cpp as llama

from codenook.models.engine import errors
from codenook.models.prompts.fim import Segment, Special
from codenook.models.prompts.recognise import Recognised

PLAIN = False
"""For llama.cpp's tokenizer: no control tokens, neither added nor read from the text."""

SENTENCEPIECE = 1
"""``LLAMA_VOCAB_TYPE_SPM``: a tokenizer that puts a space before a text."""

SPACE_TAKER = "☺"
"""A character that no token joins with its neighbours: put before a text, it gets the space instead."""


END_KEYS = tuple(f"tokenizer.ggml.{name}_token_id" for name in ("eos", "eot", "eom"))
"""Where a file names the tokens that end an answer."""


class Kind(IntFlag):
    """What llama.cpp knows of a token, as far as it matters for reading a chat template."""

    MARKER = (
        llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_USER_DEFINED | llama.LLAMA_TOKEN_ATTR_UNKNOWN
    )
    TEXT = llama.LLAMA_TOKEN_ATTR_NORMAL | llama.LLAMA_TOKEN_ATTR_BYTE
    TAKES_SPACE_BEFORE = llama.LLAMA_TOKEN_ATTR_LSTRIP
    TAKES_SPACE_AFTER = llama.LLAMA_TOKEN_ATTR_RSTRIP


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
        self.bos: int = llama.llama_vocab_bos(self.handle)
        self.eos: int = llama.llama_vocab_eos(self.handle)
        self.wants_bos = bool(llama.llama_vocab_get_add_bos(self.handle)) and self.bos >= 0
        self._adds_space = llama.llama_vocab_type(self.handle) == SENTENCEPIECE

    def metadata(self, key: str) -> str:
        """Return the value of a key of the file's metadata, empty when it has none."""
        buffer = ctypes.create_string_buffer(1024)
        n = llama.llama_model_meta_val_str(self._model, key.encode(), buffer, len(buffer))
        return buffer.value.decode("utf-8", errors="replace") if n >= 0 else ""

    @property
    def chat_template(self) -> str:
        """The chat template of the model's file, empty for a model without."""
        template = llama.llama_model_chat_template(self._model, None)
        return template.decode("utf-8", errors="replace") if template else ""

    def encode(self, prompt: Sequence[Segment], known: Recognised) -> list[int]:
        """Return the tokens of a prompt, BOS first where the family or else the file wants it.

        Raises ModelWithoutFim when the prompt needs a marker that the model lacks.
        """
        wants_bos = known.family.bos if known.family else None
        if wants_bos is None:
            wants_bos = self.wants_bos
        tokens = [self.bos] if wants_bos and self.bos >= 0 else []
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

    def kind(self, token: int) -> int:
        """Return llama.cpp's attributes of ``token``, among them those of `Kind`."""
        return int(llama.llama_vocab_get_attr(self.handle, token))

    def is_control(self, token: int) -> bool:
        """Whether ``token`` is a control token, so that no text becomes it."""
        return bool(llama.llama_vocab_is_control(self.handle, token))

    def closes(self, token: int) -> bool:
        """Whether llama.cpp takes ``token`` for the end of an answer, and its grammars do."""
        return bool(llama.llama_vocab_is_eog(self.handle, token))

    def is_end(self, token: int) -> bool:
        """Whether ``token`` is the end of an answer.

        Where a file names none, llama.cpp takes a token with a usual id for it: that may be a comma.
        """
        if not self.closes(token):
            return False
        is_named = any(self.metadata(key) == str(token) for key in END_KEYS)
        return is_named or not self.kind(token) & Kind.TEXT

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

    def _tokens(self, text: str, control: bool) -> list[int]:  # noqa: FBT001 - llama.cpp's own flag
        return self._tokens_of(text.encode("utf-8", errors="replace"), control)

    def _tokens_of(self, data: bytes, control: bool) -> list[int]:  # noqa: FBT001 - as above
        buffer = (llama.llama_token * (len(data) + 8))()
        n = llama.llama_tokenize(self.handle, data, len(data), buffer, len(buffer), PLAIN, control)
        return list(buffer[: max(0, n)])
