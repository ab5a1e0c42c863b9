"""Whether what a model says of a line may be told: one plain sentence of its own that finds fault.

That it is true can't be told from the words; a second look asks for that.
"""

import re
from collections.abc import Iterator, Sequence

from codenook.server.review.sources.reading.refusals import Refusal
from codenook.server.tasks.jobs import Refused
from codenook.server.verify.prose import bare, stems

MAX_CHARACTERS, MAX_WORDS, LEAST_WORDS = 220, 36, 3
"""How long a message may be."""

N_ECHOED = 5
"""Words in a row from which on a message repeats what the model was told, or what the file says."""

_SAME = 0.7
"""Two messages about one line that share so many of their words' stems say the same."""

_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")
_NEXT = re.compile(r"(?<!\be\.g)(?<!\bi\.e)(?<!\betc)[.!?]\s+(?=[A-Z])")
_TALK = re.compile(
    r"(?i)^(?:sure|certainly|of course|okay|ok|here(?:'s| is| are)|as an|i|i'm|we|please|thanks?|hello)\b"
    r"|\b(?:ignore|disregard) (?:all|any|the|previous|prior)\b|\bas an ai\b"
)
_MARKUP = re.compile(r"```|^\s*[-*#>]|\*\*|<\||\|>|\[/?INST\]|^\s*[{[]|\b(?:TODO|FIXME|XXX):")
_NO_FAULT = re.compile(
    r"(?i)\blgtm\b|^approved?\b|\bapproved (?:by|for|as)\b|\bapproved?[.!]?$|\bwell[- ]written\b"
    r"|\blooks? (?:good|fine|correct|ok(?:ay)?|right)\b"
    r"|\b(?:is|are) (?:correct|fine|ok(?:ay)?|good|right)[.!]?$"
    r"|\bno (?:issues?|problems?|bugs?|faults?|errors?|findings?)"
    r"(?: (?:found|here|(?:in|with) (?:this|the) (?:line|code|change)))?[.!]?$"
    r"|\bgood (?:practice|change)\b|\bnothing (?:is )?wrong\b"
)


def refusal(message: str, told: str, code: str) -> Refused | None:
    """Why a message may not be told; None when it may.

    ``told`` is what the model was told besides the code, in the words of `prose.bare`; ``code`` what it was
    shown.
    """
    return next(_refusals(message, told, code), None)


def _refusals(message: str, told: str, code: str) -> Iterator[Refused]:
    words = message.split()
    if not LEAST_WORDS <= len(words) <= MAX_WORDS or len(message) > MAX_CHARACTERS:
        yield Refused(Refusal.NOT_A_SENTENCE, f"`message` needs from {LEAST_WORDS} to {MAX_WORDS} words.")
    elif not message.isprintable() or not re.match(r"[\w`\"']", message):
        yield Refused(Refusal.NOT_A_SENTENCE, "`message` is not a sentence of words.")
    if _NEXT.search(message):
        yield Refused(Refusal.NOT_A_SENTENCE, "`message` has more than one sentence.")
    if message.endswith("?"):
        yield Refused(Refusal.NOT_A_SENTENCE, "`message` asks instead of saying what is wrong.")
    if _MARKUP.search(message):
        yield Refused(Refusal.MARKUP, "There is markup in `message`.")
    if _TALK.search(message):
        yield Refused(Refusal.TALK, "`message` talks to someone instead of saying what is wrong.")
    if _NO_FAULT.search(message):
        yield Refused(Refusal.NO_FAULT, "`message` finds no fault: leave out what is right.")
    if _echoes(message, told, code):
        yield Refused(Refusal.ECHO, "`message` repeats what you were told, or what the file says.")


def closed(message: str) -> str:
    """A message as findings have it: without a full stop."""
    return message.rstrip(" .!;,")


def say_the_same(one: str, other: str) -> bool:
    """Whether two messages do, nearly word for word."""
    first, second = stems([one]), stems([other])
    return len(first & second) >= _SAME * max(1, min(len(first), len(second)))


def _echoes(message: str, told: str, code: str) -> bool:
    own = bare(_QUOTED.sub(" ", message))
    source = f" {bare(code)} "
    whole = bare(message)
    if len(whole.split()) >= LEAST_WORDS and f" {whole} " in source:
        return True
    return any(f" {run} " in f" {told} " or f" {run} " in source for run in _runs(own.split()))


def _runs(words: Sequence[str]) -> list[str]:
    return [" ".join(words[at : at + N_ECHOED]) for at in range(len(words) - N_ECHOED + 1)]
