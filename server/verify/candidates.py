"""From what the model wrote to what the user may see: checked, told apart, ranked."""

from collections.abc import Sequence

from attrs import frozen

from codenook.context.snippets import Context
from codenook.models.engine.messages import Candidate
from codenook.server.verify.duplicates import repeats_itself, repeats_suffix, trim_overlap
from codenook.server.verify.names import unresolved
from codenook.server.verify.same import fingerprint
from codenook.server.verify.syntax import Baseline

UNRESOLVED_PENALTY = 0.5
"""What a name that resolves nowhere costs a candidate's score (nats per token)."""


@frozen
class Verified:
    """A candidate that may be shown: the text to insert, its score (higher is better), and what was checked.

    ``score`` is the mean log-probability per token (nats) less a penalty for each name in
    ``unresolved``; ``parses`` is None for a language without a parser here.
    """

    text: str
    score: float
    parses: bool | None
    unresolved: tuple[str, ...]


def verify(
    language: str, text: str, offset: int, written: Sequence[Candidate], context: Context
) -> tuple[Verified, ...]:
    """Return what may be shown of ``written`` at ``offset`` (code points) of ``text``, best first.

    Each candidate is trimmed to what is new and parses; of several that are the same code the best stays.
    """
    baseline = Baseline(language, text, offset)
    prefix, suffix = text[:offset], text[offset:]
    known = {name for snippet in context.snippets for name in snippet.symbol.split(".")}
    best: dict[object, Verified] = {}
    for candidate in written:
        shown = baseline.longest_parsing(_new_part(candidate.text, prefix, suffix))
        if shown is None or repeats_suffix(shown, suffix, prefix) or repeats_itself(shown):
            continue
        names = unresolved(language, text, offset, shown, known)
        verified = Verified(
            text=shown,
            score=round(candidate.mean_logprob - UNRESOLVED_PENALTY * len(names), 4),
            parses=baseline.parses(shown),
            unresolved=names,
        )
        same = fingerprint(language, text, offset, shown)
        if same not in best or best[same].score < verified.score:
            best[same] = verified
    return tuple(sorted(best.values(), key=lambda verified: -verified.score))


def _new_part(candidate: str, prefix: str, suffix: str) -> str:
    """Cut off what stands after the cursor already, and white space that nothing follows."""
    if suffix.partition("\n")[0].strip():
        candidate = candidate.partition("\n")[0]  # code follows on the line, so it can't be left
    return trim_overlap(candidate, suffix, prefix).rstrip()
