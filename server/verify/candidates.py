"""From what the model wrote to what the user may see: checked, told apart, ranked."""

from collections.abc import Hashable, Iterable
from functools import cached_property

from attrs import frozen

from codenook.context.snippets import Context
from codenook.models.engine.messages import Candidate, Finish, Lines
from codenook.server.verify.brackets import missing_closers
from codenook.server.verify.duplicates import repeats_itself, repeats_suffix, trim_overlap
from codenook.server.verify.excerpt import Excerpt
from codenook.server.verify.names import unresolved
from codenook.server.verify.same import fingerprint
from codenook.server.verify.syntax import Baseline

UNRESOLVED_PENALTY = 0.5
"""What a name that resolves nowhere costs a candidate's score (nats per token)."""


@frozen
class Verified:
    """A candidate that may be shown: the text to insert, its score (higher is better), and what was checked.

    ``score`` is the mean log-probability per token (nats) less a penalty for each name in
    ``unresolved``; ``parses`` is None for a language without a parser here. ``leans_on`` are lines of the
    workspace that it repeats.
    """

    text: str
    score: float
    parses: bool | None
    unresolved: tuple[str, ...]
    leans_on: tuple[Lines, ...] = ()


class Verifier:
    """The checks at one cursor: ``offset`` counts code points, ``context`` is what the model was shown."""

    def __init__(self, language: str, text: str, offset: int, context: Context) -> None:
        """Nothing is parsed before the first question."""
        self._place = language, text, offset
        self._prefix, self._suffix = text[:offset], text[offset:]
        self._in_line = bool(self._suffix.partition("\n")[0].strip())
        self._known = {name for snippet in context.snippets for name in snippet.symbol.split(".")}
        self._best: dict[Hashable, Verified] = {}

    def prepare(self) -> None:
        """Parse the document as it is, while the model is still writing."""
        self._baseline.prepare()

    @cached_property
    def _excerpt(self) -> Excerpt:
        return Excerpt.around(*self._place)

    @cached_property
    def _baseline(self) -> Baseline:
        return Baseline(self._excerpt)

    def add(self, written: Iterable[Candidate]) -> tuple[Verified, ...]:
        """Check more candidates; return all that may be shown so far, best first.

        Each is trimmed to what is new and parses, or completed by the brackets that it left open; of
        several that are the same code the best stays.
        """
        for candidate in written:
            verified = self.check(candidate)
            if verified is None:
                continue
            same = fingerprint(self._excerpt, verified.text)
            if same not in self._best or self._best[same].score < verified.score:
                self._best[same] = verified
        return tuple(sorted(self._best.values(), key=lambda verified: -verified.score))

    def check(self, candidate: Candidate) -> Verified | None:
        """Return what may be shown of one candidate, whatever the others are; None for nothing."""
        shown = self._parsing_part(self._new_part(candidate.text), candidate.finish)
        if shown is None or repeats_suffix(shown, self._suffix, self._prefix) or repeats_itself(shown):
            return None
        names = unresolved(self._excerpt, shown, self._known)
        return Verified(
            text=shown,
            score=round(candidate.mean_logprob - UNRESOLVED_PENALTY * len(names), 4),
            parses=self._baseline.parses(shown),
            unresolved=names,
            leans_on=candidate.leans_on,
        )

    def _parsing_part(self, candidate: str, finish: Finish) -> str | None:
        """Return the first that parses: all of it, with its brackets closed, its longest run of lines."""
        closers = missing_closers(self._prefix.rpartition("\n")[2] + candidate)
        whole = not self._in_line and finish is not Finish.MAX_TOKENS
        for text in (candidate, candidate + closers) if whole else (candidate,):
            if text.strip() and self._baseline.parses(text) is not False:
                return text
        return self._baseline.longest_parsing(candidate)

    def _new_part(self, candidate: str) -> str:
        """Cut off what stands after the cursor already, and white space that nothing follows."""
        if self._in_line:
            candidate = candidate.partition("\n")[0]  # code follows on the line, so it can't be left
        return trim_overlap(candidate, self._suffix, self._prefix).rstrip()
