"""A held-out package as the product has it open: its context manager and index, its memory in one model."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import chain
from pathlib import Path

from attrs import frozen

from codenook.context.manager import ContextManager
from codenook.context.snippets import Context, CountTokens
from codenook.models.engine.calibration import observe, windows
from codenook.models.engine.decode import Decoder
from codenook.models.engine.memories import Held, Memories
from codenook.models.engine.messages import GenerateRequest, MemoryFile
from codenook.models.engine.turns import Turn
from codenook.models.training.evaluate.questions import Hole
from codenook.server.config import Settings
from codenook.server.tasks.budget import n_context
from codenook.server.tasks.document import Document
from codenook.server.tasks.prompt import completion_prompt

LANGUAGE = "python"


@frozen(eq=False)
class Workspace:
    """One package, opened for one model."""

    root: Path
    decoder: Decoder
    count_tokens: CountTokens
    manager: ContextManager
    memories: Memories
    runner: asyncio.Runner

    @property
    def memory(self) -> Held:
        """What the model remembers of the package."""
        return self.memories.get(str(self.root))

    def context(self, hole: Hole) -> Context:
        """Choose the snippets for a hole."""
        return self.runner.run(
            self.manager.for_completion(
                path=self.root / hole.path,
                text=hole.text,
                offset=len(hole.before),
                language=LANGUAGE,
                budget=n_context(Settings(), self.decoder.info),
                count_tokens=self.count_tokens,
            )
        )

    def request(self, hole: Hole, context: Context, *, memory: bool) -> GenerateRequest:
        """Lay out what the model is asked; with ``memory`` it knows the file with the hole, as opened."""
        path = self.root / hole.path
        if memory:
            self.memories.learn_document(str(self.root), hole.path, hole.text)
        return self.runner.run(
            completion_prompt(
                Document(path.as_uri(), path, hole.text, LANGUAGE),
                len(hole.before),
                self.root,
                context=context,
                model=self.decoder.info,
                settings=Settings(memory=memory),
                count_tokens=self.count_tokens,
            )
        )


@contextmanager
def opened(root: Path, decoder: Decoder, runner: asyncio.Runner) -> Iterator[Workspace]:
    """Index a package, remember it, and weigh its memory as an idle engine does."""
    root = root.resolve()
    manager = ContextManager(root)
    try:
        manager.build()
        versions = runner.run(manager.contents([LANGUAGE]))
        texts = ((path, version, manager.text(path)) for path, version in versions.items())
        files = [MemoryFile(path, version, text) for path, version, text in texts if text is not None]
        memories = _remembered(decoder, str(root), files)
        yield Workspace(root, decoder, counter(decoder), manager, memories, runner)
    finally:
        manager.close()


def counter(decoder: Decoder) -> CountTokens:
    """Return what prices texts in the model's tokens, and remembers what it has priced."""
    price = lru_cache(1 << 16)(decoder.count_tokens)

    async def count_tokens(texts: Sequence[str]) -> Sequence[int]:
        return [price(text) for text in texts]

    return count_tokens


def _remembered(decoder: Decoder, name: str, files: Sequence[MemoryFile]) -> Memories:
    memories = decoder.memories()
    memories.offer(name, {file.path: file.version for file in files})
    memories.learn(name, files, ())
    held = memories.get(name)
    if held.is_due:
        job = Turn()
        read = (observe(decoder, job, held.memory, window) for window in windows(held.memory))
        memories.weigh(held, [*chain.from_iterable(read)])
    return memories
