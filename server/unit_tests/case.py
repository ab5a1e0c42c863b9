"""From an input to a test, as values: a call, what came of it, what is checked, and the test of that."""

from enum import StrEnum

from attrs import frozen


class Origin(StrEnum):
    """Where the input of a test is from."""

    TYPES = "types"
    """Made from the types of the parameters: boundary values first."""
    PROPERTIES = "properties"
    """Drawn by hypothesis from strategies for the types."""
    DOCTEST = "doctest"
    CALL_SITE = "call_site"
    """A call of the target in the workspace."""
    MODEL = "model"


@frozen
class Call:
    """One call of the target as source text, which stands in a file that imported the target.

    ``arguments`` are what is between the parentheses. ``receiver`` makes the object for a method
    (``Cart([1])``), and is empty for a function. ``setup`` are statements before it, ``imports`` import
    statements that these need besides the target. ``fixtures`` are names of fixtures that it uses.
    ``evidence`` tells a person where it is from (``shop/cart.py:31``). ``expected`` is the source text of the
    value that somebody, not this code, says comes of it (a doctest, a model); empty when nobody does.
    """

    arguments: str
    origin: Origin
    receiver: str = ""
    setup: tuple[str, ...] = ()
    imports: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()
    evidence: str = ""
    expected: str = ""


class Kind(StrEnum):
    """What a check compares."""

    EQUAL = "equal"
    SAME = "same"
    """Identity: None, True, False; in JavaScript ``undefined`` and ``null``."""
    CLOSE = "close"
    """Floats, within the framework's usual tolerance."""
    RAISES = "raises"
    """``expected`` is the name of the error's class, ``message`` what its message contains."""


@frozen
class Check:
    """One comparison; ``actual`` and ``expected`` are expressions (source text)."""

    kind: Kind
    actual: str
    expected: str
    message: str = ""


@frozen
class Observed:
    """What came of a call, the same in two processes with different hash seeds, random seeds and times.

    ``checks`` say it; there is none when what came of it can't be written down or isn't the same twice, which
    ``problem`` then explains in one line. ``imports`` are statements that the checks need. ``agrees`` says
    whether what the call's ``expected`` has came of it; None when it has none.
    """

    call: Call
    checks: tuple[Check, ...] = ()
    imports: tuple[str, ...] = ()
    problem: str = ""
    agrees: bool | None = None


@frozen
class Test:
    """A test, before it has the form of a framework.

    ``name`` is what it is about in words with underscores (``slugify_of_an_empty_text``), without any prefix.
    ``statements`` stand before the ``checks``; ``body`` is instead of both what a model wrote, in the
    framework's own form. ``is_reasoned`` says that what is expected wasn't only observed. ``doubt`` is why
    the value looks wrong to the model, one line; empty when it doesn't.
    """

    __test__ = False  # pytest would take it for one of its own

    name: str
    origin: Origin
    statements: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    body: str = ""
    imports: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()
    evidence: str = ""
    is_reasoned: bool = False
    doubt: str = ""
