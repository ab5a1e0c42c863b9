"""How a kind of model is asked for the body of a function; what it writes is checked like anything else."""

from collections.abc import Sequence
from typing import Protocol

from attrs import field, frozen

from codenook.models.engine.messages import Counters
from codenook.server.tasks.jobs import Strategy


@frozen
class Hole:
    """The place of a body in a file of the target language.

    ``symbol``, ``source`` and ``known`` are of the original: its qualified name, its text, and the names that
    the translation has for what it reads (rows of the target language). ``header`` and ``closer`` are what
    stands around the body in its function, ``before`` and ``after`` what stands around it in the whole file,
    these included. ``name`` is what the function is called in the target, ``indent`` that of the body's rows.
    """

    symbol: str
    source: str
    name: str
    header: str
    closer: str
    before: str
    after: str
    indent: str
    known: tuple[str, ...] = ()


@frozen
class Body:
    """Rows of code, indented as they are to stand, and rows that they need at the head of the file.

    ``score`` is the mean log-probability (nats per token); ``is_cut`` says that the model had more to say.
    """

    text: str
    imports: tuple[str, ...] = ()
    score: float = 0.0
    is_cut: bool = False


@frozen
class Complaint:
    """What was wrong with a body: what a compiler said, or what comes of calls, one line each.

    ``examples`` are calls with what the original gives, for a model that can't be told anything.
    """

    body: Body
    told: tuple[str, ...]
    examples: tuple[str, ...] = ()


@frozen
class Made:
    """The bodies of one asking, the likeliest first; ``unread`` are answers in which there is none."""

    bodies: tuple[Body, ...] = ()
    unread: int = 0
    counters: Counters = field(factory=Counters)


class Maker(Protocol):
    """A strategy, made for one pair of languages and one file."""

    @property
    def strategy(self) -> Strategy:
        """The name that results have for it."""

    async def made(self, hole: Hole, complaints: Sequence[Complaint] = ()) -> Made:
        """Ask for bodies; ``complaints`` are about those of earlier attempts, the last one last.

        Raises EngineError.
        """
