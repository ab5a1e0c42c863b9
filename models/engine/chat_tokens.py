"""The tokens of a conversation: the control tokens of its template, and no others."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from codenook.models.engine.vocabulary import Kind, Vocabulary
from codenook.models.prompts.fim import Markup, Segment


class ChatTokens:
    """Tokenizes conversations in one vocabulary, whose markers it looks through first.

    A marker is a token that llama.cpp finds in a text before it tokenizes what is between: control tokens,
    and those that a file's maker added.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        kinds = {token: vocabulary.kind(token) for token in range(vocabulary.n_tokens)}
        self._markers = {
            text: token
            for token, kind in kinds.items()
            if kind & Kind.MARKER and (text := vocabulary.text(token)).strip()
        }
        self._any = _any_of(self._markers)
        self._read_in_text = _any_of(
            text for text, token in self._markers.items() if not vocabulary.is_control(token)
        )

    def encode(self, prompt: Sequence[Segment]) -> list[int]:
        """Return the tokens of a conversation, BOS first where the file wants it; one that is there serves.

        Plain text of the template is tokenized together with the message beside it, as in training.
        """
        tokens: list[int] = []
        plain = [""]  # the text since the last marker, in pieces that must not join
        marker = 0  # what kind of marker stands right before
        for segment in prompt:
            if not isinstance(segment, Markup):
                first, *others = self._apart(segment)
                plain[-1] += first
                plain += others
                marker = 0
                continue
            text, *marked = self._any.split(segment)  # text, marker, text, …, marker, text
            plain[-1] += text.lstrip() if marker & Kind.TAKES_SPACE_AFTER else text
            for spelled, text in zip(marked[::2], marked[1::2], strict=True):
                token = self._markers[spelled]
                marker = self._vocabulary.kind(token)
                if marker & Kind.TAKES_SPACE_BEFORE:
                    plain[-1] = plain[-1].rstrip()
                tokens += [*self._tokenize(plain), token]
                plain = [text.lstrip() if marker & Kind.TAKES_SPACE_AFTER else text]
        tokens += self._tokenize(plain)
        bos = self._vocabulary.bos
        return [bos, *tokens] if self._vocabulary.wants_bos and tokens[:1] != [bos] else tokens

    def _tokenize(self, pieces: Sequence[str]) -> list[int]:
        return [
            token
            for i, piece in enumerate(pieces)
            for token in self._vocabulary.tokenize(piece, continued=i > 0)
        ]

    def _apart(self, text: str) -> list[str]:
        """Cut a message inside of what would be read as a marker even in plain text."""
        cuts = [0, *(found.start() + 1 for found in self._read_in_text.finditer(text)), len(text)]
        return [text[start:end] for start, end in pairwise(cuts)]


def _any_of(texts: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern that finds and captures the longest of ``texts``."""
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first)) or '(?!)'})")
