"""What a method shows, what that costs, and how much of a ranking a budget holds."""

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import llama_cpp
from attrs import evolve, frozen

from codenook.models.engine.decode import Vocabulary

CountTokens = Callable[[str], int]


@frozen
class Excerpt:
    """Part of another file of the workspace; lines are 1-based and inclusive.

    ``text`` is those lines or a shorter form of what they define; ``tokens`` is the price of ``block``.
    """

    path: str
    start_line: int
    end_line: int
    text: str
    tokens: int = 0

    @property
    def block(self) -> str:
        """The text after its path, as the prompt carries it: what all methods pay for."""
        return f"{self.path}\n{self.text}\n"


Fit = Callable[[Iterable[Excerpt], int, CountTokens], list[Excerpt]]


def token_counter(model: Path) -> CountTokens:
    """Return a function that counts tokens as the engine does for a GGUF model, and remembers."""
    options = llama_cpp.llama_model_default_params()
    options.vocab_only = True
    vocabulary = Vocabulary(llama_cpp.llama_model_load_from_file(str(model).encode(), options))

    @cache
    def count(text: str) -> int:
        return len(vocabulary.tokenize(text))

    return count


def whole(ranked: Iterable[Excerpt], budget: int, count: CountTokens) -> list[Excerpt]:
    """Return the best excerpts that fit, each whole; one that does not fit is passed over."""
    kept = []
    for excerpt in ranked:
        tokens = count(excerpt.block)
        if tokens <= budget:
            kept.append(evolve(excerpt, tokens=tokens))
            budget -= tokens
    return kept


def cut_off(ranked: Iterable[Excerpt], budget: int, count: CountTokens) -> list[Excerpt]:
    """Return the best excerpts; the first that does not fit loses lines in its end until it does."""
    kept = []
    for excerpt in ranked:
        part = _longest_part(excerpt, budget, count)
        if part is not None:
            kept.append(part)
            budget -= part.tokens
        if part is None or part.end_line < excerpt.end_line:
            break
    return kept


def _longest_part(excerpt: Excerpt, budget: int, count: CountTokens) -> Excerpt | None:
    lines = excerpt.text.split("\n")
    for n_lines in range(len(lines), 0, -1):
        part = evolve(excerpt, text="\n".join(lines[:n_lines]), end_line=excerpt.start_line + n_lines - 1)
        tokens = count(part.block)
        if tokens <= budget:
            return evolve(part, tokens=tokens)
    return None
