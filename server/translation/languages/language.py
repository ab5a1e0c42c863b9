"""What a language must provide so that code can be translated from it, to it, and checked."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from attrs import frozen

from codenook.context.outline import Definition
from codenook.server.translation.outcome import Call, Outcome
from codenook.server.translation.signature import Signature


@frozen
class Program:
    """A whole source file that stands for itself, and the one definition in it that is called."""

    text: str
    signature: Signature


class Stage(StrEnum):
    """How far a program came."""

    TOOLCHAIN = "toolchain"
    """Its compiler or interpreter isn't on this machine."""
    COMPILE = "compile"
    LOAD = "load"
    """It failed before the first call: an import, a global."""


@frozen
class Refusal:
    """Why a program can't be run: the first message of the compiler, and its line in `Program.text` from 1.

    ``line`` is 0 where it isn't known. For TOOLCHAIN the message says what to install.
    """

    stage: Stage
    message: str
    line: int = 0


@frozen
class Ran:
    """An outcome for each call, in their order; or a refusal and none."""

    outcomes: tuple[Outcome, ...] = ()
    refusal: Refusal | None = None


class Reading(Protocol):
    """Reads definitions of a language."""

    def signature(self, text: str, definition: Definition) -> Signature | None:
        """What a function or method of a file takes and gives; None for any other definition."""


@frozen
class Note:
    """What does not carry over: a stable ``rule`` (``integer-width``), and one sentence about this code."""

    rule: str
    text: str


@frozen
class Skeleton:
    """A function of the target language without its body, which stands between ``before`` and ``after``.

    ``before`` ends with the line break before the body, whose rows begin with ``indent``; a method's rows are
    indented as in its class. ``imports`` are what its types need at the head of the file, a row each.
    ``signature`` is what the definition takes and gives now, with types as they are ``written`` there.
    """

    before: str
    after: str
    indent: str
    signature: Signature
    imports: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    def with_body(self, body: str) -> str:
        """The whole definition; the rows of ``body`` are indented as they are to stand."""
        rows = body.strip("\n").rstrip()
        return f"{self.before}{rows}\n{self.after}"


@frozen
class Around:
    """What the rest of the program says of a definition.

    ``classes`` are those that are translated along, by their names in the source. ``changed`` are the
    parameters that the function changes for its caller, and ``self`` where it changes its object.
    """

    classes: frozenset[str] = frozenset()
    changed: frozenset[str] = frozenset()


NOTHING_AROUND = Around()


class Unwritable(Exception):
    """A language has no form for a definition; the message is one line for a person."""


class Writing(Protocol):
    """Writes definitions in a language."""

    def function(self, signature: Signature, source: str, around: Around = NOTHING_AROUND) -> Skeleton:
        """A function or method as ``signature`` says it, which was read in the language ``source``.

        Names get the style of this language, types, defaults and documentation its form. Raises Unwritable.
        """

    def unwritten(self, name: str) -> str:
        """A statement that says that ``name`` was not translated; as a body it compiles for every result."""

    def file(self, imports: Sequence[str], definitions: Sequence[str]) -> str:
        """A source file that stands for itself: its head, and definitions as they were written here."""


class Running(Protocol):
    """Compiles and runs programs of a language, in the sandbox alone."""

    def toolchain(self) -> str:
        """What runs it here (``javac 17.0.15``); empty where there is nothing."""

    async def refusal(self, text: str) -> Refusal | None:
        """Why a source file that stands for itself doesn't compile, or fail a type checker; None if it does.

        Raises NoSandbox, SandboxFailed.
        """

    async def run(self, program: Program, calls: Sequence[Call]) -> Ran:
        """What comes of each call, each in a state that no other call has touched, as far as that can be.

        A call that crashes or hangs costs its own outcome only. Raises NoSandbox, SandboxFailed.
        """
