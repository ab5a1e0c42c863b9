"""What crosses the engine's socket, as values: requests, results and the engine's account of itself."""

from enum import StrEnum

from attrs import asdict, field, frozen

from codenook.models.prompts.chat import Message
from codenook.models.prompts.fim import FimOrder, Segment, Special

PROTOCOL = 11
"""Raised when these messages change; a server and an engine of different protocols don't talk."""

MAX_CANDIDATES = 8
"""Candidates that one request may ask for."""


@frozen
class ModelInfo:
    """What the engine knows of the loaded model from the file's own metadata.

    ``n_ctx`` is the longest prompt plus answer in tokens; ``special`` the control tokens it has;
    ``languages`` the language ids it was trained on, empty when the file doesn't say; ``family`` the key of
    `codenook.models.prompts.families.FAMILIES`, empty for a model that can't fill in code, and then
    ``fim_problem`` says why, in words; ``has_chat_template`` whether the file says how to instruct it;
    ``written_ns`` when the file was written (ns since 1970), as a model may be adapted again; 0 if unknown.
    """

    name: str
    path: str
    n_params: int
    size_bytes: int
    n_ctx: int
    n_vocab: int
    tokenizer: str
    fim_order: FimOrder | None
    special: tuple[Special, ...]
    languages: tuple[str, ...]
    n_gpu_layers: int
    family: str = ""
    fim_problem: str = ""
    has_chat_template: bool = False
    written_ns: int = 0


@frozen
class LlamaBuild:
    """How the engine's llama.cpp was built.

    ``binding`` is the version of llama-cpp-python; ``features`` what was compiled in, as llama.cpp names it
    (AVX2, NEON, OPENMP, …); ``gpu_offload`` says whether it can put layers on a GPU of this machine.
    """

    binding: str
    features: tuple[str, ...]
    gpu_offload: bool


@frozen
class StopRule:
    """When a candidate ends before the model says so.

    After ``max_lines`` lines with code, not counting those that end in one of ``openers``: the block
    that they open is due; before a line indented less than ``min_indent`` columns (not checked when
    None), or after it if it only closes a bracket and ``keep_closer`` is set; at a second blank line in
    a row; before a line that is the same as the one above it, or as ``following``: the first line with code
    below the cursor's own.
    """

    max_lines: int = 1
    openers: tuple[str, ...] = ()
    min_indent: int | None = None
    keep_closer: bool = False
    following: str = ""


@frozen
class GenerateRequest:
    """Ask for ``n`` different continuations of one prompt, and for ``n_parting`` more.

    These go on as the greedy one does, up to where something else is nearly as likely; there are fewer where
    it has no such places, and none beside a grammar.

    ``slot`` names the KV-cache slot that keeps the prompt (workspace, document and task); ``temperature``
    and ``min_p`` shape the sampling of all candidates but the first, which is greedy unless
    ``greedy_first`` is off; ``seed`` is where the random numbers start. Where ``progress`` is not empty, each
    candidate is told under that name as soon as it is finished. ``memory`` names the workspace whose
    memory the model's distribution is mixed with; None for the model alone. It is not asked for its file of
    the path ``document``: that is newer in the prompt and, on the first ``n_lines_above`` and the last
    ``n_lines_below`` that this doesn't show, as it was learned last as a document.

    A chat model is asked with ``messages`` in the place of a prompt, which its own template lays out, and
    without a rule to ``stop``. What it writes can be held to a ``grammar`` in llama.cpp's notation (GBNF),
    empty for none.
    """

    slot: str
    prompt: tuple[Segment, ...] = ()
    messages: tuple[Message, ...] = ()
    n: int = 3
    max_tokens: int = 48
    temperature: float = 0.7
    min_p: float = 0.05
    seed: int = 0
    greedy_first: bool = True
    n_parting: int = 0
    stop: StopRule | None = field(factory=StopRule)
    grammar: str = ""
    progress: str = ""
    memory: str | None = None
    document: str = ""
    n_lines_above: int = 0
    n_lines_below: int = 0


class Finish(StrEnum):
    """Why a candidate ended."""

    END_OF_TEXT = "end_of_text"
    STOP_RULE = "stop_rule"
    MAX_TOKENS = "max_tokens"


@frozen
class Lines:
    """Lines of a file, counted from 1, both inclusive."""

    path: str
    start_line: int
    end_line: int


@frozen
class Candidate:
    """One continuation: its text, its mean log-probability per token (nats), and why it ended.

    ``leans_on`` are the lines of the workspace that it repeats, where memory outweighed the model.
    """

    text: str
    mean_logprob: float
    n_tokens: int
    finish: Finish
    leans_on: tuple[Lines, ...] = ()


@frozen
class Timings:
    """Milliseconds a request spent waiting for its turn, in prefill and in decode."""

    queue_ms: float = 0.0
    prefill_ms: float = 0.0
    decode_ms: float = 0.0

    def __add__(self, other: "Timings") -> "Timings":
        """Return both together."""
        return Timings(**{name: value + getattr(other, name) for name, value in asdict(self).items()})


@frozen
class Counters:
    """What a request cost: prompt tokens, how many of them were evaluated, tokens generated, decode calls."""

    prompt: int = 0
    prompt_evaluated: int = 0
    generated: int = 0
    decode_calls: int = 0

    def __add__(self, other: "Counters") -> "Counters":
        """Return both costs together."""
        return Counters(**{name: value + getattr(other, name) for name, value in asdict(self).items()})


@frozen
class Recalled:
    """What memory did for a request, in tokens: all 0 without it.

    It ``tokenized`` text to ask with, and knew so many of the ``document`` beyond the prompt: none before
    that was learned.
    """

    tokenized: int = 0
    document: int = 0

    def __add__(self, other: "Recalled") -> "Recalled":
        """Return what was done for this one and another one after it in the same document."""
        return Recalled(self.tokenized + other.tokenized, other.document)


@frozen
class Generation:
    """The answer to a `GenerateRequest`."""

    candidates: tuple[Candidate, ...]
    timings: Timings
    counters: Counters
    recalled: Recalled = field(factory=Recalled)


@frozen
class Alternative:
    """Text that may stand in the place of the bytes from ``start`` to ``end`` of a text."""

    start: int
    end: int
    text: str


@frozen
class ScoreRequest:
    """Ask how likely ``text`` is behind a prompt, and what ``alternatives`` in it are; nothing is written.

    Where the prompt ends in text, that and ``text`` are read as one: no token has to end between them.
    An alternative whose first token that differs is at least ``min_gain`` nats likelier than the text's own
    is followed: it is read with the rest of its line and ``n_after`` more tokens. At most ``n_followed``
    are, those that gain most.
    """

    prompt: tuple[Segment, ...]
    text: str
    alternatives: tuple[Alternative, ...] = ()
    min_gain: float = 0.0
    n_followed: int = 32
    n_after: int = 16


@frozen
class ScoredToken:
    """A token: the byte of the text that it begins at, and its log-probability (nats).

    The byte is negative where the token begins in the prompt.
    """

    start: int
    logprob: float


@frozen
class ScoredAlternative:
    """How an alternative compares with the text, from the first token on that differs.

    That token begins at the byte ``start`` of the text: before the alternative, where this begins inside
    of a token. ``first`` and ``text_first`` are log-probabilities (nats) of that token, the alternative's
    and the text's own. Of a followed one, ``tokens`` are all from there to a place behind its line where
    the tokens of both end together, in bytes of the text with the alternative in it; in the text itself
    that place is the byte ``end``. Of one that wasn't followed there are none.
    """

    start: int
    first: float
    text_first: float
    end: int = 0
    tokens: tuple[ScoredToken, ...] = ()


@frozen
class Scores:
    """The answer to a `ScoreRequest`: the text's tokens, and each alternative in the order asked.

    None stands for an alternative that has the text's own tokens, or nothing before it to be read. Of the
    counters, ``generated`` counts the tokens of alternatives that were evaluated.
    """

    tokens: tuple[ScoredToken, ...]
    alternatives: tuple[ScoredAlternative | None, ...]
    timings: Timings
    counters: Counters


@frozen
class SlotStatus:
    """One slot of the KV cache: whose prompt it keeps, and how many tokens."""

    name: str
    tokens: int


@frozen
class MemoryFile:
    """A file of a workspace to remember; ``version`` is a hash of its content."""

    path: str
    version: str
    text: str


@frozen
class MemoryStatus:
    """What is remembered of the workspace called ``name``: how many files and tokens.

    ``calibrated_at`` is how many tokens it had when its weights were fitted, 0 for never; ``counts`` says
    whether it has any weight beside this model.
    """

    name: str
    files: int
    tokens: int
    calibrated_at: int
    counts: bool


@frozen
class EngineStatus:
    """What `codenook engine status` shows of one engine."""

    version: str
    pid: int
    model: ModelInfo
    busy: bool
    uptime_s: float
    idle_exit_s: float
    connections: int
    resident_bytes: int
    slots: tuple[SlotStatus, ...]
    kv_cells: int
    kv_cells_used: int
    requests: int
    cancelled: int
    evicted_slots: int
    totals: Counters
    memories: tuple[MemoryStatus, ...]
    memory_trouble: str
    """Why what is remembered can't be kept on disk, in one line; empty when it is."""
    last_cancel_ms: float | None
    """Milliseconds from the arrival of the last cancel to the engine being idle; None if there was none."""
