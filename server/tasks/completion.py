"""Completion: a snapshot and a cursor in, verified and ranked candidates out."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from attrs import asdict, evolve, field, frozen

from codenook.context.snippets import Context
from codenook.models.engine.client import Engine
from codenook.models.engine.errors import EngineError
from codenook.models.engine.messages import (
    MAX_CANDIDATES,
    Candidate,
    Counters,
    GenerateRequest,
    Generation,
    ModelInfo,
    Recalled,
    Timings,
)
from codenook.server import reasons
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.tasks.budget import n_context
from codenook.server.tasks.document import MAX_CHARACTERS, Document
from codenook.server.tasks.jobs import knows
from codenook.server.tasks.memory import learn_document
from codenook.server.tasks.prompt import completion_prompt
from codenook.server.tasks.window import price
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.verify.candidates import Verified, Verifier

N_ENOUGH = 2
"""With fewer candidates than this the model is asked a second time: for twice as many, and bolder."""

SECOND_TEMPERATURE = 1.1

CONTEXT_PATIENCE_S = 0.002
"""A choice of context that takes longer is shown from the next key on."""


@frozen
class CompletionRequest:
    """What is asked: ``offset`` counts code points; ``workspace`` None means a file on its own."""

    document: Document
    offset: int
    workspace: Path | None = None
    n_candidates: int | None = None


@frozen
class CompletionResult:
    """Candidates, best first, with the evidence of how they came about.

    ``reason`` is None exactly when there are candidates; ``message`` is one line for a person.
    """

    candidates: tuple[Verified, ...] = ()
    context: Context = field(factory=Context)
    context_ms: float = 0.0
    total_ms: float = 0.0
    timings: Timings = field(factory=Timings)
    counters: Counters = field(factory=Counters)
    recalled: Recalled = field(factory=Recalled)
    model: str = ""
    reason: Reason | None = None
    message: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the documented JSON of ``codenook complete --json``."""
        return {
            "candidates": [asdict(candidate) for candidate in self.candidates],
            "context": context_json(self.context),
            "timings_ms": {
                "context": round(self.context_ms, 2),
                "queue": round(self.timings.queue_ms, 2),
                "prefill": round(self.timings.prefill_ms, 2),
                "decode": round(self.timings.decode_ms, 2),
                "total": round(self.total_ms, 2),
            },
            "tokens": {
                "prompt": self.counters.prompt,
                "prompt_evaluated": self.counters.prompt_evaluated,
                "generated": self.counters.generated,
                "decode_calls": self.counters.decode_calls,
            },
            "memory": asdict(self.recalled),
            "model": self.model,
            "reason": self.reason,
        }


class Completion:
    """The completion task of one server."""

    def __init__(self, engine: Engine, settings: Settings, workspaces: Workspaces) -> None:
        self._engine = engine
        self._settings = settings
        self._workspaces = workspaces
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="verify")

    async def __call__(self, request: CompletionRequest) -> CompletionResult:
        """Answer ``request``; only cancellation leaves this as an exception, and it stops the model."""
        started = time.perf_counter()
        try:
            result = await self._answer(request)
        except EngineError as error:
            result = CompletionResult(reason=reasons.of_error(error), message=str(error))
        return evolve(result, total_ms=1e3 * (time.perf_counter() - started))

    async def warm(self, document: Document, workspace: Path | None) -> None:
        """Do for ``document`` what the first request would otherwise wait for; raises EngineError."""
        model = await self._engine.ready()
        if len(document.text) > MAX_CHARACTERS or not knows(model, document.language):
            return
        manager = self._workspaces.of(workspace)
        path, text, language = document.path, document.text, document.language
        await manager.warm(path=path, text=text, language=language)
        await price(text, self._engine.count_tokens)
        await self.remember(document, workspace)
        await manager.prepare(
            path=path,
            text=text,
            language=language,
            budget=n_context(self._settings, model),
            count_tokens=self._engine.count_tokens,
        )

    async def remember(self, document: Document, workspace: Path | None) -> None:
        """Have requests in ``document`` know what it says beyond their prompt; raises EngineError."""
        model = await self._engine.ready()
        is_wanted = self._settings.memory and len(document.text) <= MAX_CHARACTERS
        if is_wanted and knows(model, document.language):
            await learn_document(self._engine, document, workspace)

    async def look(self, request: CompletionRequest) -> None:
        """Choose the context of a request that may follow; raises EngineError."""
        model = await self._engine.ready()
        if len(request.document.text) <= MAX_CHARACTERS and knows(model, request.document.language):
            await self._gather(request, model, patience_s=None)

    def close(self) -> None:
        """End the worker thread; the engine and the workspaces are their owner's."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    async def _answer(self, request: CompletionRequest) -> CompletionResult:
        document = request.document
        if len(document.text) > MAX_CHARACTERS:
            reason = Reason.DOCUMENT_TOO_LARGE
            return CompletionResult(reason=reason, message=reasons.describe(reason))
        model = await self._engine.ready()
        if not knows(model, document.language):
            return CompletionResult(
                model=model.name,
                reason=Reason.LANGUAGE_NOT_IN_MODEL,
                message=f"{model.name} was trained on {', '.join(model.languages)} only",
            )
        n_wanted = request.n_candidates or self._settings.n_candidates
        started = time.perf_counter()
        context = await self._gather(request, model, patience_s=CONTEXT_PATIENCE_S)
        context_ms = 1e3 * (time.perf_counter() - started)
        generate = await completion_prompt(
            document,
            request.offset,
            request.workspace,
            context=context,
            model=model,
            settings=self._settings,
            count_tokens=self._engine.count_tokens,
            n_candidates=n_wanted,
        )

        found = CompletionResult(context=context, context_ms=context_ms, model=model.name)
        written = False
        verifier = Verifier(document.language, document.text, request.offset, context)
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.run_in_executor, self._worker, verifier.prepare)  # when the model has begun
        bolder = evolve(
            generate,
            n=min(2 * n_wanted, MAX_CANDIDATES),
            n_parting=0,
            seed=generate.seed + 1,
            temperature=SECOND_TEMPERATURE,
            greedy_first=False,
        )
        for ask in (generate, bolder):
            generation, verified = await self._generate(ask, verifier)
            written |= any(candidate.text.strip() for candidate in generation.candidates)
            found = evolve(
                found,
                candidates=verified[:n_wanted],
                timings=found.timings + generation.timings,
                counters=evolve(found.counters + generation.counters, prompt=generation.counters.prompt),
                recalled=found.recalled + generation.recalled,
            )
            if len(verified) >= min(N_ENOUGH, n_wanted):
                break
        if found.candidates:
            return found
        reason = Reason.NOT_VERIFIED if written else Reason.NO_CANDIDATE
        return evolve(found, reason=reason, message=reasons.describe(reason))

    async def _generate(
        self, ask: GenerateRequest, verifier: Verifier
    ) -> tuple[Generation, tuple[Verified, ...]]:
        """Verify each candidate while the model still writes the others."""
        loop, checks = asyncio.get_running_loop(), []

        def check(candidate: Candidate) -> None:
            checks.append(loop.run_in_executor(self._worker, verifier.add, [candidate]))

        generation = await self._engine.generate(ask, check)
        return generation, (await asyncio.gather(*checks))[-1]

    async def _gather(
        self, request: CompletionRequest, model: ModelInfo, *, patience_s: float | None
    ) -> Context:
        document = request.document
        return await self._workspaces.of(request.workspace).for_completion(
            path=document.path,
            text=document.text,
            offset=request.offset,
            language=document.language,
            budget=n_context(self._settings, model),
            count_tokens=self._engine.count_tokens,
            patience_s=patience_s,
        )


def context_json(context: Context) -> dict[str, Any]:
    """Return the documented JSON of a context: its price and its snippets, as the model is shown them."""
    return {
        "tokens": context.tokens,
        "path_tokens": context.path_tokens,
        "snippets": [asdict(snippet) for snippet in context.snippets],
    }


def dropped_json(context: Context) -> list[dict[str, Any]]:
    """Return the documented JSON of what was left out of a context, and why."""
    return [{**asdict(dropped.snippet), "why": dropped.why} for dropped in context.dropped]
