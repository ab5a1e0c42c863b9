"""What came of a translation: its text, and for each function what was proved of it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from attrs import asdict, field, frozen

from codenook.models.engine.messages import Counters
from codenook.server.reasons import Reason
from codenook.server.tasks.jobs import Strategy
from codenook.server.translation.languages.language import Note
from codenook.server.translation.outcome import Origin


class Level(StrEnum):
    """How far a function was proved, each level with those before it."""

    NOTHING = "nothing"
    """There is no body that may be shown: code that fails stands in its place."""
    PARSES = "parses"
    COMPILES = "compiles"
    AGREES = "agrees"
    """It did what the original did, on all calls that count."""


PREVIEWED = {Level.PARSES, Level.COMPILES}
"""What is shown as a preview."""


@frozen
class Row:
    """A call of which different things came, as text; ``excuse`` is why that doesn't count, if it doesn't."""

    input: str
    original: str
    translation: str
    origin: Origin
    evidence: str = ""
    excuse: str = ""


@frozen
class Translated:
    """A function: ``symbol`` in the original, ``name`` in the translation, and how far it was proved.

    ``agreed`` and ``asked`` count calls by where their arguments are from, ``not_compared`` those that say
    nothing, by reason. ``tolerance`` is that of floats. ``why`` says in a line why it was not proved, and
    ``reason`` is the code where there is no body. ``differences`` are of the last body that was compared.
    ``tried`` are bodies that were looked at, ``repairs`` how often the model was told what was wrong, and
    ``refused`` counts bodies by what they failed at.
    """

    symbol: str
    name: str = ""
    level: Level = Level.NOTHING
    asked: Mapping[Origin, int] = field(factory=dict)
    agreed: Mapping[Origin, int] = field(factory=dict)
    not_compared: Mapping[str, int] = field(factory=dict)
    tolerance: float = 0.0
    differences: tuple[Row, ...] = ()
    notes: tuple[Note, ...] = ()
    why: str = ""
    reason: Reason | None = None
    tried: int = 0
    repairs: int = 0
    refused: Mapping[str, int] = field(factory=dict)

    @property
    def n_agreed(self) -> int:
        """On how many calls it did the same."""
        return sum(self.agreed.values())


@frozen
class TranslationResult:
    """A translation with its evidence; ``reason`` is None exactly when all of it was proved.

    ``path`` is the original's, relative to the workspace, ``name`` what a file of the translation would be
    called. Without a ``text`` nothing may be shown; with one and a reason it is a preview. ``toolchains`` say
    what ran each language, empty where nothing is there.
    """

    symbol: str
    path: str = ""
    source: str = ""
    target: str = ""
    name: str = ""
    text: str | None = None
    functions: tuple[Translated, ...] = ()
    notes: tuple[Note, ...] = ()
    toolchains: Mapping[str, str] = field(factory=dict)
    strategy: Strategy | None = None
    model: str = ""
    seconds: Mapping[str, float] = field(factory=dict)
    counters: Counters = field(factory=Counters)
    reason: Reason | None = None
    message: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON that docs/translation.md describes."""
        return {
            "symbol": self.symbol,
            "path": self.path,
            "from": self.source,
            "to": self.target,
            "name": self.name,
            "text": self.text,
            "is_preview": self.text is not None and self.reason is not None,
            "functions": [_function(each) for each in self.functions],
            "notes": [asdict(note) for note in self.notes],
            "toolchains": dict(self.toolchains),
            "strategy": self.strategy,
            "model": self.model,
            "seconds": {part: round(seconds, 2) for part, seconds in self.seconds.items()},
            "tokens": asdict(self.counters),
            "reason": self.reason,
            "message": self.message,
        }


def _function(translated: Translated) -> dict[str, Any]:
    return {
        **asdict(translated, recurse=False),
        "asked": {origin.value: n for origin, n in translated.asked.items()},
        "agreed": {origin.value: n for origin, n in translated.agreed.items()},
        "not_compared": dict(translated.not_compared),
        "differences": [asdict(row) for row in translated.differences],
        "notes": [asdict(note) for note in translated.notes],
        "refused": dict(translated.refused),
    }
