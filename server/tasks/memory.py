"""The workspace's memory: what the engine is handed of a workspace's files, and when."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from attrs import define, field

from codenook.context.manager import ContextManager
from codenook.models.engine.client import Engine
from codenook.models.engine.messages import MemoryFile
from codenook.server.tasks.document import Document
from codenook.server.tasks.workspaces import Workspaces

BATCH_CHARACTERS = 200_000
"""Texts are handed over in messages of about this size: the engine answers requests in between."""


def memory_name(document: Document, folder: Path | None) -> str:
    """The name by which an engine knows the memory of a workspace folder; a file on its own has its own."""
    return str(folder) if folder else document.uri


async def learn_document(engine: Engine, document: Document, folder: Path | None) -> None:
    """Have requests in an open document know what it says beyond their prompt; raises EngineError."""
    await engine.learn_document(memory_name(document, folder), document.path_in(folder), document.text)


@define(eq=False)
class Memory:
    """The memory of one folder in one engine: what was handed over so far, by path and version."""

    engine: Engine
    manager: ContextManager
    folder: Path
    _told: dict[str, str] | None = field(default=None, init=False)
    """None for an engine that was not offered the memory yet."""
    _updating: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    async def update(self, opened: Mapping[Path, str]) -> None:
        """Hand over what is new: files by the index, and the texts of ``opened`` documents in their place.

        A document that the index doesn't have, because it is ignored, secret or too large, is left out.

        An engine that has lost the memory, or never had it, is offered all of it. Raises EngineError.
        """
        async with self._updating:
            languages = (await self.engine.ready()).languages
            indexed = await self.manager.contents(languages)
            texts = {
                shown: text
                for path, text in opened.items()
                if path.is_relative_to(self.folder)
                and (shown := path.relative_to(self.folder).as_posix()) in indexed
            }
            versions = {**indexed, **{path: _version(text) for path, text in texts.items()}}
            if not await self._hand_over(versions, texts):
                self._told = None
                await self._hand_over(versions, texts)

    async def _hand_over(self, versions: Mapping[str, str], texts: Mapping[str, str]) -> bool:
        """Tell what was not told before; False when the engine has lost the memory."""
        name = str(self.folder)
        told = self._told
        if told is None:
            lacking = {*await self.engine.offer_memory(name, versions)}
            told = self._told = {path: version for path, version in versions.items() if path not in lacking}
        gone = [path for path in told if path not in versions]
        new = [path for path, version in versions.items() if told.get(path) != version]
        if gone and not await self.engine.learn(name, (), gone):
            return False
        for path in gone:
            del told[path]
        batches = _batches(self._files(_nearest_first(new, texts), versions, texts))
        while batch := await asyncio.to_thread(next, batches, None):
            files, is_last = batch
            if not await self.engine.learn(name, files, more=not is_last):
                return False
            told |= {file.path: file.version for file in files}
        return True

    def _files(
        self, paths: Iterable[str], versions: Mapping[str, str], texts: Mapping[str, str]
    ) -> Iterator[MemoryFile]:
        for path in paths:
            text = texts[path] if path in texts else self.manager.text(path)
            if text is not None:
                yield MemoryFile(path, versions[path], text)


@define(eq=False)
class Memories:
    """The memories of the folders of one server, in one engine."""

    engine: Engine
    workspaces: Workspaces
    _memories: dict[Path, Memory] = field(factory=dict, init=False)

    async def update(self, folder: Path, opened: Mapping[Path, str]) -> None:
        """See `Memory.update`."""
        manager = self.workspaces.of(folder)
        memory = self._memories.get(folder)
        if memory is None or memory.manager is not manager:
            memory = self._memories[folder] = Memory(self.engine, manager, folder)
        await memory.update(opened)


def _version(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _nearest_first(paths: Iterable[str], opened: Iterable[str]) -> list[str]:
    """Open documents, then files in their folders, then all others."""
    open_paths = {*opened}
    folders = {path.rpartition("/")[0] for path in open_paths}
    return sorted(paths, key=lambda path: (path not in open_paths, path.rpartition("/")[0] not in folders))


def _batches(files: Iterable[MemoryFile]) -> Iterator[tuple[list[MemoryFile], bool]]:
    """Yield the files in batches, with whether there are no more."""
    batch: list[MemoryFile] = []
    for file in files:
        if batch and sum(len(one.text) for one in batch) >= BATCH_CHARACTERS:
            yield batch, False
            batch = []
        batch.append(file)
    if batch:
        yield batch, True
