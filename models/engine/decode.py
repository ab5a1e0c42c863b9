"""The decode loop: everything that happens around ``llama_decode``.

A prompt is evaluated once, in a slot of the KV cache that remembers it (prefill); the candidates fork from
it and are decoded together, one batch for each step. A cancel reaches inside a running ``llama_decode``.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property, partial
from pathlib import Path

import llama_cpp as llama
import numpy as np

from codenook.models.engine import errors, sampling
from codenook.models.engine.chat import ChatTemplate
from codenook.models.engine.chat_tokens import ChatTokens
from codenook.models.engine.grammar import Grammar
from codenook.models.engine.loading import AbortFlag, kv_cache, load
from codenook.models.engine.memories import Memories, bundled_weights
from codenook.models.engine.messages import (
    MAX_CANDIDATES,
    Candidate,
    Counters,
    GenerateRequest,
    Generation,
    ModelInfo,
    Recalled,
    SlotStatus,
    Timings,
)
from codenook.models.engine.options import EngineOptions
from codenook.models.engine.recall import Distribution, Recall
from codenook.models.engine.slots import Slot, Slots
from codenook.models.engine.turns import Cancelled, Job, Turn
from codenook.models.engine.variants import Tokens
from codenook.models.engine.vocabulary import Pieces, Vocabulary
from codenook.models.engine.writing import Words, Writing
from codenook.models.memory import OFF, Ends, Spelling, first_byte
from codenook.models.prompts.fim import Segment, Special, text_after, text_before
from codenook.models.prompts.recognise import recognise

N_BATCH = 256
"""Tokens evaluated in one call during prefill; a cancel keeps the batches that were done."""

N_READ = 32
"""Tokens evaluated in one call when the logits of each are wanted: 20 MB in a vocabulary of 150,000."""

N_READ_FLOATS = 1 << 23
"""Logits (32 MB) that one call may give of a text that is scored: small vocabularies are read faster."""

OK, CACHE_FULL, ABORTED = 0, 1, 2
"""What ``llama_decode`` returns."""


class Decoder:
    """A loaded model with its KV cache. `generate` belongs to the thread that made it."""

    def __init__(self, path: Path, options: EngineOptions) -> None:
        """Load the model; raises ModelMissing or ModelBroken with one line for the user."""
        self._model, n_gpu_layers = load(path, options)
        self._written_ns = path.stat().st_mtime_ns
        self._vocabulary = Vocabulary(self._model)
        self._n_vocab = self._vocabulary.n_tokens
        self._context = kv_cache(
            self._model,
            path,
            options,
            n_batch=N_BATCH,
            is_on_cpu=not n_gpu_layers,
        )
        self._abort = AbortFlag()
        llama.llama_set_abort_callback(self._context, self._abort.callback, self._abort.data)
        self._memory = llama.llama_get_memory(self._context)
        self._batch = llama.llama_batch_init(N_BATCH, 0, 1)

        self._recognised = recognise(self._vocabulary)
        tokens = range(self._n_vocab)
        self._end = {*filter(self._vocabulary.is_end, tokens), *self._recognised.ends}
        self._never = np.array(
            [token for token in filter(self._vocabulary.is_control, tokens) if token not in self._end],
            dtype=np.intp,
        )
        self._pieces = Pieces(self._vocabulary)
        self._words = Words(
            pieces=self._pieces,
            ends=self._end,
            code_ends=[token for token in self._end if not self._vocabulary.is_end(token)],
            closes=self._vocabulary.closes,
        )
        self.chat_template = ChatTemplate(
            self._vocabulary.chat_template,
            bos=self._vocabulary.text(self._vocabulary.bos),
            eos=self._vocabulary.text(self._vocabulary.eos),
        )
        self._slots = Slots(options.n_slots)
        self._first_candidate = options.n_slots
        self._text = Slot("", options.n_slots + MAX_CANDIDATES)
        self._n_kv_cells = llama.llama_n_ctx(self._context)
        self._asks = ThreadPoolExecutor(max_workers=1, thread_name_prefix="recall")
        self._running: Turn | None = None
        self._step_began = 0.0
        self._lock = threading.Lock()
        self._decode_calls = 0
        self.info = self._describe(path, n_gpu_layers)

    # What the engine asks for

    def generate(self, job: Job) -> Generation:
        """Answer one request.

        Raises Cancelled when ``job`` was cancelled, ModelWithoutFim when the model lacks a control token
        that the prompt needs, PromptTooLong when prompt and answer exceed the model's context.
        """
        with self._turn(job):
            started = time.perf_counter()
            request = job.request
            prompt = self._encode(request)
            limit = self.n_longest - request.max_tokens
            if len(prompt) > limit:
                raise errors.PromptTooLong(f"the prompt has {len(prompt)} tokens, {limit} fit")
            calls = self._decode_calls
            slot, gone = self._slots.take(request.slot)
            self._forget(gone)
            evaluated, logits = self._prefill(job, slot, prompt)
            prefilled = time.perf_counter()
            recall = self._recall(job, prompt)
            candidates = self._decode_candidates(job, slot, logits, recall)
            decoded = time.perf_counter()
            return Generation(
                candidates=tuple(candidates),
                timings=Timings(
                    queue_ms=1e3 * (started - job.queued_at),
                    prefill_ms=1e3 * (prefilled - started),
                    decode_ms=1e3 * (decoded - prefilled),
                ),
                counters=Counters(
                    prompt=len(prompt),
                    prompt_evaluated=evaluated,
                    generated=sum(candidate.n_tokens for candidate in candidates),
                    decode_calls=self._decode_calls - calls,
                ),
                recalled=recall.done if recall else Recalled(),
            )

    def read(self, job: Turn, tokens: Sequence[int]) -> Iterator[sampling.Floats]:
        """Yield the model's log-probabilities (nats) after each of ``tokens``, shape ``(n_vocab,)``.

        Nothing of it is kept. Raises Cancelled, also in between.
        """
        with self._turn(job):
            sequence = self._first_candidate
            try:
                for at in range(0, len(tokens), N_READ):
                    chunk = tokens[at : at + N_READ]
                    self._fill_batch((token, at + i, sequence, True) for i, token in enumerate(chunk))
                    self._decode(job)
                    for i in range(len(chunk)):
                        if job.cancelled:
                            raise Cancelled
                        yield self._logprobs(self._logits(i))
            finally:
                llama.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def hold(self, job: Turn, tokens: Sequence[int], known: int) -> tuple[int, list[sampling.Floats]]:
        """Evaluate one batch more of a text that is scored; what it shares with the last one is kept.

        Return how many tokens were evaluated, and log-probabilities (nats): those for the tokens from
        index ``known`` on that can be told, each of shape ``(n_vocab,)``. Raises Cancelled.
        """
        with self._turn(job):
            held = self._text
            kept = min(held.shared_with(list(tokens)), known - 1)
            self._shorten(held, kept)
            is_told = kept == known - 1
            chunk = (
                tokens[kept : kept + self.n_read]
                if is_told
                else tokens[kept : min(known - 1, kept + N_BATCH)]
            )
            self._fill_batch((token, kept + i, held.sequence, is_told) for i, token in enumerate(chunk))
            self._decode(job, keep=held)
            held.tokens += chunk
            told = [self._logprobs(self._logits(i)) for i in range(len(chunk))] if is_told else []
            return len(chunk), told

    def fork(self, job: Turn, branches: Sequence[tuple[int, Sequence[int]]]) -> list[list[sampling.Floats]]:
        """Evaluate what may follow parts of the text that is held: a part's length, and the tokens behind it.

        At most `MAX_CANDIDATES` of them, and `n_read` tokens in all, unless it is one alone. Return the
        log-probabilities (nats) after each token, each of shape ``(n_vocab,)``. Nothing of it is kept.
        Raises Cancelled.
        """
        sequences = range(self._first_candidate, self._first_candidate + len(branches))
        with self._turn(job):
            try:
                for sequence, (length, _) in zip(sequences, branches, strict=True):
                    self._copy(self._text.sequence, sequence)
                    llama.llama_memory_seq_rm(self._memory, sequence, length, -1)
                rows = [
                    (token, length + i, sequence, True)
                    for sequence, (length, tokens) in zip(sequences, branches, strict=True)
                    for i, token in enumerate(tokens)
                ]
                told: list[sampling.Floats] = []
                for at in range(0, len(rows), self.n_read):
                    chunk = rows[at : at + self.n_read]
                    self._fill_batch(iter(chunk))
                    self._decode(job, keep=self._text)
                    told += [self._logprobs(self._logits(i)) for i in range(len(chunk))]
                rest = iter(told)
                return [[next(rest) for _ in tokens] for _, tokens in branches]
            finally:
                for sequence in sequences:
                    llama.llama_memory_seq_rm(self._memory, sequence, -1, -1)

    def n_held(self, tokens: Sequence[int]) -> int:
        """How many leading ``tokens`` are those of the text that is held."""
        return self._text.shared_with(list(tokens))

    def let_go(self) -> None:
        """Forget the text that is held, which makes every other evaluation slower."""
        self._shorten(self._text, 0)

    @property
    def n_read(self) -> int:
        """How many tokens of a text that is scored are evaluated in one call."""
        return max(1, min(N_BATCH, N_READ_FLOATS // self._n_vocab))

    def interrupt(self, job: Turn) -> None:
        """End the step of ``job`` that runs, which raises Cancelled; callable from any thread."""
        with self._lock:
            if self._running is job:
                self._abort.set()

    def memories(self) -> Memories:
        """Return memories of workspaces in this model's tokens, none held yet."""
        controls = [*map(int, self._never), *self._end]
        made_here = bool(self.info.languages)  # by `codenook.models.training`, as the bundled one
        prior = bundled_weights() if made_here else OFF
        name = f"{self.info.path} {self.info.written_ns}"  # a model may be adapted again
        pieces = [self.piece(token) for token in range(self._n_vocab)]
        spelling = Spelling(pieces, self._vocabulary.tokenize_bytes)
        return Memories(name, self.tokenize, spelling, controls, prior)

    def cancel(self, job: Turn) -> None:
        """End ``job`` now if it runs, or when its turn comes; callable from any thread."""
        with self._lock:
            job.cancelled = True
            if self._running is job:
                self._abort.set()

    def encode(self, prompt: Sequence[Segment]) -> list[int]:
        """Return the tokens of a prompt; raises ModelWithoutFim when the model lacks one of its markers."""
        return self._vocabulary.encode(prompt, self._recognised)

    def tokenize(self, text: str) -> list[int]:
        """Return the tokens of plain text, without BOS; callable from any thread."""
        return self._vocabulary.tokenize(text)

    def read_together(self, prompt: Sequence[Segment], text: str) -> tuple[list[int], Tokens]:
        """Return the tokens of a prompt up to its last text, and those of this text and ``text`` read as one.

        Raises ModelWithoutFim, ScoringUnsupported.
        """
        head, before = list(prompt), ""
        if head and not isinstance(head[-1], Special):
            before = str(head.pop())
        tokenize = partial(self._vocabulary.tokenize, continued=head[-1:] == [Special.FIM_SUFFIX])
        return self.encode(head), Tokens(before, text, tokenize, self._pieces)

    @property
    def n_longest(self) -> int:
        """How many tokens one sequence can have."""
        return min(self.info.n_ctx, int(llama.llama_n_ctx_seq(self._context)))

    @property
    def n_decode_calls(self) -> int:
        """How many batches were evaluated since the model was loaded."""
        return self._decode_calls

    def piece(self, token: int) -> bytes:
        """Return the bytes of a token's text; none for a control token."""
        return self._pieces[token]

    def count_tokens(self, text: str) -> int:
        """Return the price of ``text`` in tokens; callable from any thread."""
        return len(self.tokenize(text))

    @property
    def busy(self) -> bool:
        """Whether a job runs right now."""
        return self._running is not None

    @property
    def step_s(self) -> float:
        """How long the running job has been at its present step, in seconds; 0 when none runs.

        A step goes from one return of ``llama_decode`` to the next: a GPU is waited for in between.
        """
        return time.perf_counter() - self._step_began if self.busy else 0.0

    def slots(self) -> list[SlotStatus]:
        """Return what the KV cache keeps, least recently used first."""
        return [SlotStatus(slot.name, len(slot.tokens)) for slot in self._slots]

    @property
    def evicted_slots(self) -> int:
        """How many slots were given up to make room."""
        return self._slots.evicted

    @property
    def n_kv_cells(self) -> int:
        """The KV cache's size in tokens."""
        return int(self._n_kv_cells)

    # Prefill and decode

    def _prefill(self, job: Job, slot: Slot, prompt: list[int]) -> tuple[int, sampling.Floats]:
        """Evaluate what ``slot`` lacks of ``prompt``; return how many tokens, and the last logits."""
        kept = min(slot.shared_with(prompt), len(prompt) - 1)
        self._shorten(slot, kept)
        while len(slot.tokens) < len(prompt):
            done = len(slot.tokens)
            chunk = prompt[done : done + N_BATCH]
            is_last = done + len(chunk) == len(prompt)
            self._fill_batch(
                (token, done + i, slot.sequence, is_last and i == len(chunk) - 1)
                for i, token in enumerate(chunk)
            )
            self._decode(job, keep=slot)
            slot.tokens += chunk
        return len(prompt) - kept, self._logits(len(chunk) - 1)

    def _decode_candidates(
        self, job: Job, slot: Slot, logits: sampling.Floats, recall: Recall | None
    ) -> list[Candidate]:
        """Fork the candidates from the slot's prompt, or from one another, and decode them together."""
        n_prompt = len(slot.tokens)
        with self._forked(job.request, slot, recall) as writing:
            writing.begin(logits)
            while True:
                for parted in writing.part():
                    self._copy(writing.first.sequence, parted.sequence)
                    n_kept = n_prompt + len(parted.tokens) - 1
                    llama.llama_memory_seq_rm(self._memory, parted.sequence, n_kept, -1)
                for finished in writing.finished():
                    job.finished(finished)
                live = writing.live
                if not live:
                    return [candidate.done() for candidate in writing.candidates]
                self._fill_batch((c.tokens[-1], n_prompt + len(c.tokens) - 1, c.sequence, True) for c in live)
                with self._asking(recall, [candidate.tokens for candidate in live]):
                    self._decode(job, keep=slot)
                for row, candidate in enumerate(live):
                    writing.go_on(candidate, self._logits(row))

    @contextmanager
    def _asking(self, recall: Recall | None, texts: Sequence[Sequence[int]]) -> Iterator[None]:
        """Have memory asked meanwhile: what follows a text can be looked up while the model computes it."""
        asked = self._asks.submit(recall.ask, texts) if recall else None
        try:
            yield
        finally:
            if asked:
                asked.result()  # also after a cancel: what is learned next must not change under its eyes

    @contextmanager
    def _forked(self, request: GenerateRequest, slot: Slot, recall: Recall | None) -> Iterator[Writing]:
        """Begin the candidates of ``request`` after the slot's prompt; with the block their sequences end."""
        with Grammar(self._vocabulary, self._pieces, request.grammar) as grammar:
            distribution = partial(self._distribution, recall)
            writing = Writing(request, self._words, grammar, self._first_candidate, distribution)
            for candidate in writing.candidates:
                self._copy(slot.sequence, candidate.sequence)
            try:
                yield writing
            finally:
                for candidate in writing.candidates:
                    llama.llama_memory_seq_rm(self._memory, candidate.sequence, -1, -1)

    def _decode(self, job: Turn, keep: Slot | None = None) -> None:
        """Run the filled batch, making room in the KV cache by giving up other slots where needed."""
        while True:
            if job.cancelled:
                raise Cancelled
            self._decode_calls += 1
            status = llama.llama_decode(self._context, self._batch)
            self._step_began = time.perf_counter()
            if status == OK:
                return
            if status == ABORTED:
                raise Cancelled
            gone = self._evict(keep) if status == CACHE_FULL else None
            if gone is None:
                raise errors.EngineError(f"llama.cpp could not evaluate a batch (status {status})")
            self._forget(gone)

    def _fill_batch(self, rows: Iterator[tuple[int, int, int, bool]]) -> None:
        """Write rows of (token, position, sequence, whether its logits are wanted) into the batch."""
        batch, n = self._batch, 0
        for n, (token, position, sequence, wants_logits) in enumerate(rows, start=1):
            i = n - 1
            batch.token[i] = token
            batch.pos[i] = position
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = sequence
            batch.logits[i] = wants_logits
        batch.n_tokens = n

    def _logits(self, row: int) -> sampling.Floats:
        """Return a copy of the logits of the batch's ``row``, shape ``(n_vocab,)``."""
        pointer = llama.llama_get_logits_ith(self._context, row)
        return np.ctypeslib.as_array(pointer, shape=(self._n_vocab,)).copy()

    def _logprobs(self, logits: sampling.Floats) -> sampling.Floats:
        logits[self._never] = -np.inf
        return sampling.log_softmax(logits)

    def _recall(self, job: Job, prompt: Sequence[int]) -> Recall | None:
        """Return what is remembered for a request, None where memory is not asked for or doesn't count."""
        held = job.memory
        if held is None or held.weights == OFF:
            return None
        return Recall(
            held.reader(job.request, prompt),
            held.weights,
            text_before(job.request.prompt).encode("utf-8", "replace"),
            Ends.before(
                first_byte(text_after(job.request.prompt).encode("utf-8", "replace")),
                held.spelling.first_bytes,
                np.array([*self._end], np.intp),
            ),
            held.spelling,
        )

    def _distribution(
        self, recall: Recall | None, logits: sampling.Floats, generated: Sequence[int]
    ) -> Distribution:
        model = self._logprobs(logits)
        return recall.distribution(model, generated) if recall else Distribution(model)

    def _evict(self, keep: Slot | None) -> Slot | None:
        """Give up a prompt, a text that is scored before any other; None when there is none but ``keep``."""
        if self._text.tokens and keep is not self._text:
            self._text.tokens.clear()
            return self._text
        return self._slots.evict(keep)

    def _forget(self, slot: Slot | None) -> None:
        if slot is not None:
            llama.llama_memory_seq_rm(self._memory, slot.sequence, -1, -1)

    def _copy(self, held: int, sequence: int) -> None:
        """Begin ``sequence`` with all that another one holds: a part would end the process."""
        llama.llama_memory_seq_cp(self._memory, held, sequence, -1, -1)

    def _shorten(self, slot: Slot, kept: int) -> None:
        """Keep of a slot's tokens as many as ``kept``."""
        llama.llama_memory_seq_rm(self._memory, slot.sequence, kept, -1)
        del slot.tokens[kept:]

    @contextmanager
    def _turn(self, job: Turn) -> Iterator[None]:
        """Make ``job`` the one that `cancel` reaches."""
        with self._lock:
            if job.cancelled:
                raise Cancelled
            self._step_began = time.perf_counter()
            self._running = job
            self._abort.clear()
        try:
            yield
        finally:
            with self._lock:
                self._running = None

    # Vocabulary

    def _encode(self, request: GenerateRequest) -> list[int]:
        if request.messages:
            return self._chat_tokens.encode(request.prompt)
        return self.encode(request.prompt)

    @cached_property
    def _chat_tokens(self) -> ChatTokens:
        return ChatTokens(self._vocabulary)

    def _describe(self, path: Path, n_gpu_layers: int) -> ModelInfo:
        metadata, known = self._vocabulary.metadata, self._recognised
        return ModelInfo(
            name=metadata("general.name") or path.stem,
            path=str(path),
            n_params=llama.llama_model_n_params(self._model),
            size_bytes=llama.llama_model_size(self._model),
            n_ctx=llama.llama_model_n_ctx_train(self._model),
            n_vocab=self._n_vocab,
            tokenizer=f"{metadata('tokenizer.ggml.model')}/{metadata('tokenizer.ggml.pre')}",
            fim_order=known.family.order if known.family else None,
            special=tuple(known.special),
            languages=tuple(filter(None, metadata("codenook.languages").split(","))),
            n_gpu_layers=n_gpu_layers,
            family=known.family.name if known.family else "",
            fim_problem=known.problem,
            has_chat_template=bool(self._vocabulary.chat_template),
            written_ns=self._written_ns,
        )
