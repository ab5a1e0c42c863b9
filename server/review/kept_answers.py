"""A model's answers, kept on disk: what was asked once is known, also of a file in which a review stopped."""

import asyncio
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

import cattrs
from attrs import define, evolve, field

from codenook.models.engine.client import Engine
from codenook.models.engine.messages import (
    Candidate,
    Counters,
    EngineStatus,
    GenerateRequest,
    Generation,
    MemoryFile,
    ModelInfo,
    ScoreRequest,
    Scores,
    Timings,
)
from codenook.models.engine.rpc import converter
from codenook.server.review.kept import Kept, named

Answer = TypeVar("Answer", Scores, Generation)


@define(eq=False)
class KeptAnswers:
    """Asks ``engine`` what ``kept`` doesn't know. What is known costs nothing, by its counters.

    Kept are scores and what a model writes without memory. Of a question only its hash is kept.
    """

    engine: Engine
    kept: Kept = field(factory=Kept)
    n_asked: int = field(default=0, init=False)
    n_known: int = field(default=0, init=False)
    """Questions that the engine answered, and those that it wasn't asked."""

    async def score(self, request: ScoreRequest) -> Scores:
        """As the engine, or as it answered before."""
        name = await self._name(request)
        if (known := await self._known(name, Scores)) is not None:
            return known
        return await self._keep(name, await self.engine.score(request))

    async def generate(
        self, request: GenerateRequest, finished: Callable[[Candidate], None] | None = None
    ) -> Generation:
        """As the engine, or as it answered before."""
        if request.memory is not None:  # which may know more by now
            return await self.engine.generate(request, finished)
        name = await self._name(evolve(request, slot="", progress=""))
        if (known := await self._known(name, Generation)) is None:
            return await self._keep(name, await self.engine.generate(request, finished))
        if finished is not None:
            for candidate in known.candidates:
                finished(candidate)
        return known

    async def _name(self, request: ScoreRequest | GenerateRequest) -> str:
        model = await self.engine.ready()
        of_model = (model.name, model.path, str(model.size_bytes), str(model.written_ns))
        return named((*of_model, repr(request)), ".answer")

    async def _known(self, name: str, kind: type[Answer]) -> Answer | None:
        content = await asyncio.to_thread(self.kept.read, name)
        if content is not None:
            with suppress(ValueError, zlib.error, cattrs.BaseValidationError):
                known = converter.structure(json.loads(zlib.decompress(content)), kind)
                self.n_known += 1
                return known
        return None

    async def _keep(self, name: str, answer: Answer) -> Answer:
        self.n_asked += 1
        free = evolve(answer, timings=Timings(), counters=Counters())
        content = zlib.compress(json.dumps(converter.unstructure(free)).encode())
        await asyncio.to_thread(self.kept.write, name, content)
        return answer

    async def ready(self) -> ModelInfo:
        """As the engine."""
        return await self.engine.ready()

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the engine."""
        return await self.engine.count_tokens(texts)

    async def offer_memory(self, name: str, versions: Mapping[str, str]) -> list[str]:
        """As the engine."""
        return await self.engine.offer_memory(name, versions)

    async def learn(
        self, name: str, files: Sequence[MemoryFile], gone: Sequence[str] = (), *, more: bool = False
    ) -> bool:
        """As the engine."""
        return await self.engine.learn(name, files, gone, more=more)

    async def learn_document(self, name: str, path: str, text: str) -> int:
        """As the engine."""
        return await self.engine.learn_document(name, path, text)

    async def status(self) -> EngineStatus:
        """As the engine."""
        return await self.engine.status()

    async def close(self) -> None:
        """As the engine."""
        await self.engine.close()
