"""Findings: what a review says of a change, in one form for every source and every way of writing it down."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import field, frozen


class Severity(StrEnum):
    """How bad it is when the finding is right; compared by that, the mildest first."""

    HINT = "hint"
    """Worth a look."""
    INFO = "info"
    """Nothing breaks; a reader is misled or works for nothing."""
    WARNING = "warning"
    """Probably a mistake."""
    ERROR = "error"
    """Fails when it runs."""

    @property
    def rank(self) -> int:
        """A number that is larger the worse it is."""
        return list(type(self)).index(self)

    def __lt__(self, other: str) -> bool:  # text has an order of its own, so all four are needed
        return self.rank < Severity(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Severity(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Severity(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Severity(other).rank


class Category(StrEnum):
    """What kind of thing is wrong."""

    BUG = "bug"
    API = "api"
    """A definition and those that use it don't fit each other."""
    UNUSED = "unused"
    TYPES = "types"
    SECURITY = "security"
    PERFORMANCE = "performance"
    READABILITY = "readability"
    DOCUMENTATION = "documentation"
    TESTS = "tests"
    STYLE = "style"


class SourceName(StrEnum):
    """Who found it."""

    FACTS = "facts"
    SURPRISE = "surprise"
    READING = "reading"
    LINTERS = "linters"


@frozen(order=True)
class Span:
    r"""A stretch of a text: 1-based lines and columns, columns in characters (code points).

    The end is not part of it. Lines end at ``\n`` alone; a ``\r`` before it belongs to the line end.
    """

    start_line: int
    start_column: int
    end_line: int
    end_column: int

    @property
    def last_line(self) -> int:
        """The last line that has a part of it; the start line when it is empty."""
        is_before = self.end_column == 1 and self.end_line > self.start_line
        return self.end_line - 1 if is_before else self.end_line


@frozen
class Place:
    """Somewhere a finding points to; ``path`` is relative to the root, with forward slashes."""

    path: str
    span: Span
    message: str
    quote: str = ""


@frozen
class Evidence:
    """Why it is thought so, in one sentence that a person can check; ``facts`` are the figures in it.

    Facts are numbers, strings and booleans, for programs: ``{"probability": 0.001, "instead": "width"}``.
    """

    source: SourceName
    message: str
    facts: Mapping[str, str | float | bool] = field(factory=dict)


@frozen
class Edit:
    """``text`` in the place of a stretch of the new text of ``path``."""

    path: str
    span: Span
    text: str


@frozen
class Fix:
    """What mends it: all edits together. ``is_sure`` says that it can only be meant so."""

    title: str
    edits: tuple[Edit, ...]
    is_sure: bool = False


@frozen
class Rule:
    """What a finding is an instance of.

    ``id`` is stable and names its section in docs/review-rules.md; ``summary`` is one sentence,
    ``description`` says when it is told and when not. ``severity`` is what a finding has unless its source
    knows better. ``url`` is where a rule that isn't ours is documented.
    """

    id: str
    summary: str
    description: str
    category: Category
    severity: Severity
    source: SourceName
    url: str = ""

    @property
    def page(self) -> str:
        """Where it is documented."""
        is_teams = self.id.startswith("team/")
        own = "docs/review.md#rules-of-a-team" if is_teams else f"docs/review-rules.md#{self.id}"
        return self.url or own


@frozen
class Finding:
    """One thing that a review says.

    ``span`` is a place in the new text of ``path``, and ``quote`` what stands there. Of something about a
    line that the change removed, ``removed`` is its place in the old text, ``quote`` is what stood there,
    and ``span`` is empty, where the line was. ``message`` says what is wrong in one sentence without a full
    stop, and ``subject`` what it is about (a name), so that a rule can tell several things of one line.
    ``confidence`` is the chance that it is right, from 0 to 1. ``fingerprint`` is the same as long as the
    quoted code is, wherever it stands; `merge.merged` fills it in, sources leave it empty. ``refuted`` is
    what a second look of the source found against it, in a few words: such a finding is counted, not told.
    """

    rule: Rule
    path: str
    span: Span
    quote: str
    message: str
    confidence: float
    evidence: tuple[Evidence, ...]
    subject: str = ""
    removed: Span | None = None
    fix: Fix | None = None
    related: tuple[Place, ...] = ()
    severity: Severity = field()
    category: Category = field()
    fingerprint: str = ""
    refuted: str = ""

    @severity.default
    def _severity_of_the_rule(self) -> Severity:
        return self.rule.severity

    @category.default
    def _category_of_the_rule(self) -> Category:
        return self.rule.category

    @property
    def sources(self) -> tuple[SourceName, ...]:
        """Who found it."""
        return tuple(dict.fromkeys(evidence.source for evidence in self.evidence))
