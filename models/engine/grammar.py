"""Answers held to a grammar: which tokens may come next. Imports llama_cpp, as `decode` does."""

import codecs
import ctypes
from contextlib import suppress
from typing import Self

import llama_cpp as llama
import numpy as np
import numpy.typing as npt

from codenook.models.engine.errors import EngineError
from codenook.models.engine.sampling import Floats
from codenook.models.engine.vocabulary import Pieces, Vocabulary

N_FIRST = 64
"""So many likely tokens are looked at before all others are; of 150,000, most are out of question."""

ENDS = tuple(byte * n for n in (1, 2, 3) for byte in (b"\x80", b"\xbf"))
"""One of these ends whatever begins a character of UTF-8."""

_DATA = np.dtype([("id", np.int32), ("logit", np.float32), ("p", np.float32)])
"""llama.cpp's ``llama_token_data``."""


class Grammar:
    """What the candidates of one request may write, in llama.cpp's notation (GBNF) from the rule ``root``.

    Without any ``text`` they write what they like. The memory that it takes is freed with the block.

    llama.cpp ends the process when a token is accepted that the grammar forbids: `State` only accepts what it
    allowed before.
    """

    def __init__(self, vocabulary: Vocabulary, pieces: Pieces, text: str) -> None:
        """Raise EngineError when llama.cpp can't read the grammar."""
        self.closes = vocabulary.closes
        self.has_end = any(map(vocabulary.closes, range(vocabulary.n_tokens))) if text else True
        self.pieces = pieces
        self._samplers: list[ctypes.c_void_p] = []
        if text:
            self._keep(llama.llama_sampler_init_grammar(vocabulary.handle, text.encode(), b"root"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        while self._samplers:
            llama.llama_sampler_free(self._samplers.pop())

    def begin(self) -> "State | None":
        """Return the state before an answer, None where there is no grammar."""
        if not self._samplers:
            return None
        return State(self, self._keep(llama.llama_sampler_clone(self._samplers[0])))

    def _keep(self, sampler: ctypes.c_void_p | None) -> ctypes.c_void_p:
        if not sampler:
            raise EngineError("llama.cpp can't read the grammar that answers are held to")
        self._samplers.append(sampler)
        return sampler


class State:
    """How far one answer is in its grammar. Bytes that are no UTF-8 are never allowed, whatever it says."""

    def __init__(self, grammar: Grammar, sampler: ctypes.c_void_p) -> None:
        self._grammar = grammar
        self._sampler = sampler
        self._unfinished = b""

    def narrow(self, logprobs: Floats, min_p: float) -> Floats:
        """Return ``logprobs`` without what may not come next, -inf in its place.

        Of the others, all that are at least ``min_p`` times as likely as the best keep theirs. Where nothing
        may come next, a model without a token for the end has ended its answer: all are -inf then. Raises
        EngineError for other models.
        """
        floor = float(np.log(min_p))
        for n in (N_FIRST, logprobs.size):
            tokens = np.argpartition(-logprobs, min(n, logprobs.size) - 1)[:n]
            best = None
            narrowed = np.full_like(logprobs, -np.inf)
            for token in self._allowed(tokens[np.argsort(-logprobs[tokens], kind="stable")], logprobs):
                if best is not None and logprobs[token] < best + floor:
                    return narrowed
                if self._continues(token):
                    best = logprobs[token] if best is None else best
                    narrowed[token] = logprobs[token]
            if best is not None and n >= logprobs.size:
                return narrowed
        if self._grammar.has_end:
            raise EngineError("the grammar leaves the model no token to go on with")
        return narrowed

    def accept(self, token: int) -> None:
        """Go on with ``token``, which `narrow` allowed."""
        if self._grammar.closes(token):
            return
        llama.llama_sampler_accept(self._sampler, token)
        self._unfinished = _unfinished(self._unfinished + self._grammar.pieces[token]) or b""

    def _allowed(self, tokens: npt.NDArray[np.intp], logprobs: Floats) -> list[int]:
        """Return those of ``tokens`` that the grammar allows, in their order."""
        data = np.zeros(tokens.size, _DATA)
        data["id"], data["logit"] = tokens, logprobs[tokens]
        pointer = data.ctypes.data_as(llama.llama_token_data_p)
        array = llama.llama_token_data_array(pointer, tokens.size, -1, False)  # noqa: FBT003 - unsorted
        llama.llama_sampler_apply(self._sampler, ctypes.byref(array))
        allowed: list[int] = tokens[np.isfinite(data["logit"])].tolist()
        return allowed

    def _continues(self, token: int) -> bool:
        """Tell whether the text stays UTF-8 with ``token``."""
        if self._grammar.closes(token):
            return not self._unfinished
        piece = self._grammar.pieces[token]
        if not self._unfinished and piece.isascii():
            return bool(piece)
        return _unfinished(self._unfinished + piece) is not None


def _unfinished(text: bytes) -> bytes | None:
    """Return the beginning of a character at the end of ``text``; None when it can't become UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(text)
    except UnicodeDecodeError:
        return None
    rest, _ = decoder.getstate()
    for end in ENDS if rest else ():  # Python keeps the beginning of a surrogate, which has no end
        with suppress(UnicodeDecodeError):
            (rest + end).decode()
            return rest
    return None if rest else b""
