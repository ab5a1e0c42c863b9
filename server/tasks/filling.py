"""A draft's blanks filled with a model's words: one after the other, each checked before it counts."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping

from attrs import evolve, field, frozen

from codenook.models.engine.messages import Counters
from codenook.server.documentation.subject import Subject
from codenook.server.reasons import Reason
from codenook.server.tasks.blanks import Blank, Draft, Hole, Part
from codenook.server.tasks.facts import fact
from codenook.server.tasks.infill import Writer
from codenook.server.tasks.jobs import N_ATTEMPTS, Outcome, Progress, Refused, Told, Written, best, total
from codenook.server.verify.prose import About, Flaw, Read, bare, closed, flaw, grounded, sentence, stems

MOST_BLANKS = 64
"""A definition with more is not documented: it would keep the model for minutes."""

MOST_REPAIRS = 16
"""How often a model is asked again for words of one definition, in all."""

_GROUNDED_WEIGHT = 1.0
"""What it is worth that all words of a sentence are in the code, too, in mean log-probability."""

_LEAST_SURE, _LEAST_GROUNDED = -1.2, 0.5
"""From here on a small model's summary counts: the mean log-probability of a token, and the share of the
words that the code has, too."""

_IS_CASE = re.compile(r"(?:If|When|Unless|On|For|In case)\b", re.IGNORECASE)

_BETTER_KNOWN = {Part.RETURNS, Part.RAISES}
"""The parts that a small model isn't asked for where the code says it."""

_MAY_BE_WORDLESS, _MOST_WORDLESS = 2, 0.5
"""So many parameters may be left without words, or this share of them; of larger models one."""

_GIVES = re.compile(
    r"(?:(?:return|get|compute|calculate|find|yield)s? )?(?=(?:the|an?|all|whether|true|list|tuple) )",
    re.IGNORECASE,
)
"""How a summary begins that says what is returned."""


@frozen
class Words:
    """What is said of one part: of a parameter or an error, ``name`` is which.

    ``from_code`` tells that no model wrote it, but a rule that reads the code; ``score`` is 0 then.
    """

    part: Part
    name: str
    text: str
    score: float
    from_code: bool = False


@frozen
class Filled:
    """A draft with words in its blanks.

    ``wordless`` are the parameters of which only the name is documented. ``lacking`` says what no words were
    found for that can't be left out; empty when the draft is whole.
    """

    draft: Draft
    words: tuple[Words, ...] = ()
    wordless: tuple[str, ...] = ()
    refused: Mapping[str, int] = field(factory=dict)
    counters: Counters = field(factory=Counters)
    lacking: str = ""


def not_to_fill(draft: Draft) -> Reason | None:
    """Why a draft's blanks are not to be filled, if so: there are none, or more than anyone waits for."""
    n_blanks = len(draft.blanks)
    if not n_blanks:
        return Reason.NOTHING_TO_DOCUMENT
    return Reason.TOO_MUCH_TO_SAY if n_blanks > MOST_BLANKS else None


async def fill(draft: Draft, writer: Writer, told: Told) -> Filled:
    """Fill the blanks of a draft, each with one ask and `MOST_REPAIRS` more; raises NoRoom, EngineError."""
    blanks, read = await asyncio.to_thread(_begun, draft)
    known = About(draft.subject, read, known_only=writer.makes_up_words)
    filled, n_repairs = Filled(draft), 0
    for done, blank in enumerate(blanks):
        told(Progress(done, len(blanks), filled.draft.parts.summary))
        about = evolve(
            known,
            said=frozenset(bare(words.text) for words in filled.words),
            told=stems([filled.draft.parts.summary]),
            name=blank.name,
            type=_type(draft.subject, blank),
            is_summary=blank.part is Part.SUMMARY,
        )
        said = _known(blank, about)
        outcome = said if blank.part in _BETTER_KNOWN and said else _derived(filled, blank, about)
        if outcome is None:
            hole = await asyncio.to_thread(filled.draft.hole, blank)
            n_attempts = N_ATTEMPTS if n_repairs < MOST_REPAIRS else 1
            outcome = await written_words(blank, hole, about, writer, said, n_attempts=n_attempts)
            n_repairs += outcome.attempts - 1
        filled = _with(filled, blank, outcome)
        if filled.lacking:
            return filled
    n_parameters = sum(blank.part is Part.PARAMETER for blank in blanks)
    may_be = _MAY_BE_WORDLESS if writer.makes_up_words else 1
    if len(filled.wordless) > max(may_be, _MOST_WORDLESS * n_parameters):
        return evolve(filled, lacking=", ".join(filled.wordless))
    told(Progress(len(blanks), len(blanks), filled.draft.parts.summary))
    return filled


def _begun(draft: Draft) -> tuple[list[Blank], Read]:
    return draft.blanks, Read.of(draft.code, draft.text)


def _derived(filled: Filled, blank: Blank, about: About) -> Outcome[Words] | None:
    """What is returned, where the summary says that and nothing else."""
    summary = next((words for words in filled.words if words.part is Part.SUMMARY), None)
    match = _GIVES.match(summary.text) if summary else None
    if summary is None or match is None or blank.part not in {Part.RETURNS, Part.YIELDS}:
        return None
    text = closed(summary.text[match.end() :])
    if summary.from_code:
        is_given = summary.text.startswith("Return ")
        text = text[0].upper() + text[1:]
        return _by_rule(blank, text) if is_given else None
    if flaw(text, evolve(about, said=frozenset())) is not None:
        return None
    return Outcome(Words(blank.part, "", text, summary.score), {}, Counters(), 0)


def _known(blank: Blank, about: About) -> Outcome[Words] | None:
    """What the code says by itself, where the model is one that makes up words."""
    text = fact(about.subject, blank) if about.known_only else ""
    return _by_rule(blank, text) if text else None


def _by_rule(blank: Blank, text: str) -> Outcome[Words]:
    return Outcome(Words(blank.part, blank.name, text, 0.0, from_code=True), {}, Counters(), 0)


async def written_words(
    blank: Blank,
    hole: Hole,
    about: About,
    writer: Writer,
    known: Outcome[Words] | None = None,
    *,
    n_attempts: int = N_ATTEMPTS,
) -> Outcome[Words]:
    """The best words for one blank, or what is ``known`` where the model has none; raises EngineError."""

    def said(written: Written) -> str:
        return sentence(written.text, is_summary=about.is_summary)

    def judged(written: Written) -> Words | Refused:
        text = said(written)
        wrong = flaw(text, about)
        if wrong is None and written.is_cut and not text.endswith((".", "!", "?")):
            wrong = Flaw.UNFINISHED
        if wrong is None and _is_unsure(blank, written, about):
            wrong = Flaw.UNSURE
        if wrong is not None:
            return Refused(wrong.value, wrong.description)
        return Words(blank.part, blank.name, closed(text, blank.lead), written.score)

    outcome = await best(
        lambda attempt, complaints: writer.write(blank, hole, attempt, complaints),
        judged,
        lambda written: written.score + _GROUNDED_WEIGHT * grounded(said(written), about),
        n_attempts=1 if known else n_attempts,
    )
    return evolve(outcome, value=known.value) if known and outcome.value is None else outcome


def _is_unsure(blank: Blank, written: Written, about: About) -> bool:
    """Whether a small model's words count for less than what the code says, or than none.

    They count in a summary when it was sure of them, and in what is said of an error when they tell a case.
    """
    if not about.known_only:
        return False
    text = sentence(written.text, is_summary=about.is_summary)
    if blank.part is Part.RAISES:
        return not _IS_CASE.match(text)
    is_doubtful = written.score < _LEAST_SURE or grounded(text, about) < _LEAST_GROUNDED
    return is_doubtful and blank.part is Part.SUMMARY


def _with(filled: Filled, blank: Blank, outcome: Outcome[Words]) -> Filled:
    """What is filled after a model was asked for one more blank."""
    filled = evolve(
        filled,
        refused=Counter(filled.refused) + Counter(outcome.refused),
        counters=total(filled.counters, outcome.counters),
    )
    if outcome.value is not None:
        draft = filled.draft.filled(blank, outcome.value.text)
        return evolve(filled, draft=draft, words=(*filled.words, outcome.value))
    if blank.part is Part.PARAMETER:
        draft = filled.draft.filled(blank, "")
        return evolve(filled, draft=draft, wordless=(*filled.wordless, blank.name))
    return evolve(filled, lacking=blank.name or f"the {blank.part}")


def _type(subject: Subject, blank: Blank) -> str:
    """The type of what a blank is about, as far as the code says it."""
    if blank.part is Part.PARAMETER:
        return next(each.type for each in subject.parameters if each.name == blank.name)
    return subject.result_type if blank.part is Part.RETURNS else ""
