"""Brackets that stand alone, in any language that closes what it opens."""

import re

_CLOSER_OF = {"(": ")", "[": "]", "{": "}"}

_STRING_COMMENT_OR_BRACKET = re.compile(
    r"""
      "(?:\\.|[^"\\\n])*"?
    | '(?:\\.|[^'\\\n])*'?
    | `(?:\\.|[^`\\\n])*`?
    | (?:(?<=\s)|^)\#.*
    | [()\[\]{}]
    """,
    re.VERBOSE | re.MULTILINE,
)


def n_unmatched(text: str) -> int:
    """How many brackets in ``text`` have no partner in it; those in strings and after ``#`` don't count.

    Strings are taken to end on their line.
    """
    n_alone, waiting = _alone(text)
    return n_alone + len(waiting)


def missing_closers(text: str) -> str:
    """The brackets that would close what ``text`` leaves open, innermost first."""
    return "".join(reversed(_alone(text)[1]))


def _alone(text: str) -> tuple[int, list[str]]:
    """How many closing brackets nothing opened, and the closers that are still waited for."""
    waiting: list[str] = []
    n_alone = 0
    for token in _STRING_COMMENT_OR_BRACKET.findall(text):
        if token in _CLOSER_OF:
            waiting.append(_CLOSER_OF[token])
        elif token in waiting:
            while waiting.pop() != token:
                n_alone += 1
        elif token in _CLOSER_OF.values():
            n_alone += 1
    return n_alone, waiting
