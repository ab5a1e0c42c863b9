"""Candidates that repeat: what already stands after the cursor, or themselves."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from attrs import frozen

from codenook.server.verify.brackets import n_unmatched

_N_LINES_AROUND = 40
_WORD = re.compile(r"\w")
_INSIDE_TOKEN = re.compile(r"\w\w|\d\.|\.\d|([^\s()\[\]{}])\1")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_N_LOOPS = 3
_N_LOOP_TOKENS = 12


def trim_overlap(candidate: str, suffix: str, prefix: str | None = None) -> str:
    """``candidate`` without its end where that repeats the beginning of ``suffix`` (what follows the cursor).

    Cut off are the rest of the cursor's line and the lines below it, also when the candidate goes on behind
    a repeated rest of the line. Where closing brackets are concerned, balance decides: with ``prefix`` (what
    precedes the cursor) that of the code around the cursor; without it, the document is taken to be balanced
    and the candidate must be.
    """
    shorter = _trim_once(candidate, suffix, prefix)
    while shorter != candidate:
        candidate, shorter = shorter, _trim_once(shorter, suffix, prefix)
    return candidate


def repeats_suffix(candidate: str, suffix: str, prefix: str | None = None) -> bool:
    """Whether ``candidate`` would double brackets or lines that follow the cursor."""
    if trim_overlap(candidate, suffix, prefix) != candidate:
        return True
    following = [line.strip() for line in _following(suffix)[1][:2]]
    own = [line.text.strip() for line in _lines(candidate)]
    return (
        len(following) == 2  # noqa: PLR2004
        and all(_WORD.search(line) for line in following)
        and any(own[i : i + 2] == following for i in range(len(own) - 1))
    )


def repeats_itself(candidate: str) -> bool:
    """Whether ``candidate`` has the same line three times in a row, or ends in a loop of tokens."""
    lines = [line.text.strip() for line in _lines(candidate)]
    if any(_WORD.search(a) and a == b == c for a, b, c in zip(lines, lines[1:], lines[2:], strict=False)):
        return True
    tokens = _TOKEN.findall(candidate)
    return any(_loops(tokens, period) for period in range(1, len(tokens) // _N_LOOPS + 1))


@frozen
class _Line:
    """A line that is not blank, without the space at its end, and its place in the text."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            lines.append(_Line(line.rstrip(), start))
        start += len(line) + 1
    return lines


def _trim_once(candidate: str, suffix: str, prefix: str | None) -> str:
    rest, following = _following(suffix)
    own = _lines(candidate)
    cuts = sorted(_cuts_at_rest(own, following, rest) if rest else _cuts_at_lines(own, following))
    going_on = [own[0].end - len(rest)] if rest and own and own[0].text.endswith(rest) else []
    if not cuts and not going_on:
        return candidate

    def n_alone(cut: int) -> int:
        """Count the brackets without a partner when the candidate is cut off there."""
        if prefix is None:
            return n_unmatched(candidate[:cut])
        return n_unmatched(_last_lines(prefix) + candidate[:cut] + _first_lines(suffix))

    # Of equals the first: cut off a repetition; keep all; cut off also what goes on behind a repetition.
    return candidate[: min([*cuts, len(candidate), *going_on], key=n_alone)]


@lru_cache(maxsize=8)
def _following(suffix: str) -> tuple[str, Sequence[str]]:
    """The rest of the cursor's line, and the lines with text below it."""
    rest, _, below = _first_lines(suffix).partition("\n")
    return rest.rstrip(), [line.text for line in _lines(below)]


def _first_lines(text: str) -> str:
    return "\n".join(text.split("\n", _N_LINES_AROUND)[:_N_LINES_AROUND])


def _last_lines(text: str) -> str:
    return "\n".join(text.rsplit("\n", _N_LINES_AROUND)[-_N_LINES_AROUND:])


def _cuts_at_rest(own: Sequence[_Line], following: Sequence[str], rest: str) -> Iterator[int]:
    """Where the rest of the cursor's line begins again in the candidate."""
    for i, line in enumerate(own):
        if line.text.endswith(rest) and _begins(own[i + 1 :], following):
            yield line.end - len(rest)
    last = own[-1].text if own else ""
    for length in range(1, min(len(rest), len(last)) + 1):
        if last.endswith(rest[:length]) and not (_splits(last, -length) or _splits(rest, length)):
            yield own[-1].end - length


def _cuts_at_lines(own: Sequence[_Line], following: Sequence[str]) -> Iterator[int]:
    """Where the lines below the cursor begin again in the candidate, and nothing else comes after."""
    for i in range(1, len(own)):
        if _begins(own[i:], following):
            yield own[i - 1].end
    if own and following and own[0].text.strip() == following[0].strip() and _begins(own[1:], following[1:]):
        yield 0


def _begins(lines: Sequence[_Line], following: Sequence[str]) -> bool:
    """Whether ``following`` begins with these lines; the last of several may be cut short."""
    texts = [line.text for line in lines]
    if len(texts) > len(following):
        return False
    *whole, last = texts or [""]
    expected = following[len(whole)] if texts else ""
    return whole == list(following[: len(whole)]) and (
        last == expected or bool(whole and expected.startswith(last))
    )


def _splits(text: str, index: int) -> bool:
    """Whether a cut at ``index`` would go through a word, a number, an operator or a row of quotes."""
    return bool(_INSIDE_TOKEN.match(text[:index][-1:] + text[index:][:1]))


def _loops(tokens: Sequence[str], period: int) -> bool:
    """Whether the last ``period`` tokens, a word among them, are repeated often enough to call it a loop."""
    unit = tokens[-period:]
    n_loops = 1
    while tokens[-period * (n_loops + 1) : -period * n_loops] == unit:
        n_loops += 1
    return n_loops >= _N_LOOPS and n_loops * period >= _N_LOOP_TOKENS and any(map(_WORD.match, unit))
