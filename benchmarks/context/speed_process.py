"""The process that is measured: it holds a context manager, as a server does, and says what took how long.

``python speed_process.py WORKSPACE STEP...`` does the steps in turn. On stdin is what to do them with
(`Task`, as JSON); each line on stdout is a message as JSON: a sample (``key``, ``values``), an ``event``, or
what is ``done`` of how many (``total``) in a ``step``.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import count as numbers
from pathlib import Path

import cattrs
import psutil
from attrs import field, frozen
from document import Document

from codenook.context.code import Code
from codenook.context.document import Documents
from codenook.context.index.index import Index
from codenook.context.manager import ContextManager
from codenook.context.parse import language_named

BUDGET = 1024
"""Tokens for the snippets of one question."""
LOOK_S = 0.001


@frozen
class Task:
    """The model whose vocabulary counts tokens, and what is typed in.

    Without a line of ``documents`` its file parses, without one of ``broken`` it does not. ``grown`` is by
    the number of lines that files were grown to.
    """

    model: str
    documents: Sequence[Document] = ()
    broken: Sequence[Document] = ()
    grown: Mapping[int, Sequence[Document]] = field(factory=dict)


def tell(**message: object) -> None:
    """Write one message."""
    print(json.dumps(message), flush=True)


def build(manager: ContextManager) -> None:
    """Build the index of a workspace that has none."""
    started = time.perf_counter()
    manager.build(lambda done, total: tell(step="index", done=done, total=total))
    tell(key="index", values=[time.perf_counter() - started])
    tell(key="memory_index", values=[_memory()])
    if manager.index and manager.index.path:
        files = manager.index.path.parent.glob(f"{manager.index.path.name}*")
        tell(key="disk", values=[sum(file.stat().st_size for file in files) / 1e6])
        totals = manager.index.totals()
        tell(key="indexed_files", values=[totals.files])


async def open_(manager: ContextManager, root: Path, document: Document) -> None:
    """Answer a first question while the workspace is looked through; tokens are estimated."""

    async def estimate(texts: Sequence[str]) -> list[int]:
        return [len(text) // 4 for text in texts]

    keeping = asyncio.ensure_future(manager.keep(watch=False))
    while manager.index is None:  # noqa: ASYNC110 - another thread opens it
        await asyncio.sleep(LOOK_S)
    text, offset = next(document.keys(document.read(root), document.lines[0]))
    await manager.for_completion(
        path=root / document.path,
        text=text,
        offset=offset,
        language=document.language,
        budget=BUDGET,
        count_tokens=estimate,
    )
    tell(event="answered")
    await keeping
    tell(event="scanned")
    tell(key="read_again", values=[manager.index.counters.read])


def typed(root: Path, index: Index | None, documents: Sequence[Document]) -> Iterator[list[float]]:
    """Type lines of open documents and read the document after each key; yield how long that took (ms)."""
    opened, code = Documents(), Code(str(root), index)
    for document in documents:
        language, whole = language_named(document.language), document.read(root)
        for line in document.lines:
            took = []
            for text, offset in document.keys(whole, line):
                started = time.perf_counter()
                code.show(opened.place(language, document.path, text, offset).view)
                took.append(_ms_since(started))
            yield took[1:]
        code.hide(document.path)
        opened.forget(document.path)


async def questions(manager: ContextManager, root: Path, task: Task) -> None:
    """Ask for the context of a line, and after each key of it."""
    from excerpts import token_counter  # noqa: PLC0415 - it loads llama.cpp, which a server does not have

    counter, done = token_counter(Path(task.model)), numbers(1)
    n_lines = sum(len(document.lines) for document in task.documents)

    async def price(texts: Sequence[str]) -> list[int]:
        return [counter(text) for text in texts]

    for document in task.documents:
        path, whole, order = root / document.path, document.read(root), "first"
        asked = {"path": path, "language": document.language}
        for line in document.lines:
            for text, offset in document.keys(whole, line):
                if order == "first":
                    await manager.warm(**asked, text=text)
                    await manager.prepare(**asked, text=text, budget=BUDGET, count_tokens=price)
                started = time.perf_counter()
                await manager.for_completion(
                    **asked, text=text, offset=offset, budget=BUDGET, count_tokens=price
                )
                tell(key=f"ask_{order}", values=[_ms_since(started)])
                order = "key"
            order = "line"
            tell(step="ask", done=next(done), total=n_lines)
        manager.forget(path)
    tell(key="memory_typed", values=[_memory()])


def keys(root: Path, index: Index | None, task: Task) -> None:
    """Type lines without which the file parses, then those without which it does not."""
    for key, documents in (("key", task.documents), ("key_broken", task.broken)):
        n_lines = sum(len(document.lines) for document in documents)
        for number, took in enumerate(typed(root, index, documents), 1):
            tell(key=key, values=took)
            tell(step=key, done=number, total=n_lines)


def keys_of_grown(root: Path, index: Index | None, task: Task) -> None:
    """Type in files of each size."""
    for number, (n_lines, documents) in enumerate(task.grown.items(), 1):
        for took in typed(root, index, documents):
            tell(key=f"key_{n_lines}", values=took)
        tell(step="grow", done=number, total=len(task.grown))


async def main(root: Path, steps: Sequence[str]) -> None:
    """Do ``steps``, in turn."""
    task = cattrs.structure(json.load(sys.stdin), Task)
    manager = ContextManager(root)
    for step in steps:
        if step == "index":
            build(manager)
        elif step == "open":
            await open_(manager, root, task.documents[0])
        elif step == "key":
            keys(root, manager.index, task)
        elif step == "ask":
            await questions(manager, root, task)
        elif step == "grow":
            keys_of_grown(root, manager.index, task)
    manager.close()


def _memory() -> float:
    return psutil.Process().memory_info().rss / 1e6


def _ms_since(started: float) -> float:
    return 1e3 * (time.perf_counter() - started)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
