"""What of earlier reviews is left when one ends."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace

import pytest

from codenook.server.config import Settings
from codenook.server.lsp import review_job
from codenook.server.lsp.review_job import ReviewJob
from codenook.server.lsp.reviewed import Reviewed, ReviewedFile
from codenook.server.review import rules
from codenook.server.review.finding import Evidence, Finding, SourceName, Span
from codenook.server.review.scope.change import Change, ChangedFile, Hunk, Text

FILES = ("a.py", "b.py", "c.py", "d.py")


def finding(path, message):
    evidence = (Evidence(SourceName.FACTS, "e"),)
    return Finding(rules.UNKNOWN_EXCEPTION, path, Span(1, 1, 1, 2), "x", message, 0.5, evidence)


class Waiting:
    """A source that finds something in b.py and c.py, and waits in c.py unless it is let go on."""

    name = SourceName.FACTS

    def __init__(self):
        self.there, self.go_on = asyncio.Event(), asyncio.Event()

    async def unready(self):
        return None

    def key(self, _file):
        return ""

    async def about(self, file):
        if file.path in {"b.py", "c.py"}:
            yield finding(file.path, "new")
        if file.path == "c.py":
            self.there.set()
            await self.go_on.wait()


@pytest.mark.parametrize("is_stopped", [True, False])
async def test_a_review_that_is_stopped_has_no_say_in_files_it_did_not_look_at(
    tmp_path, monkeypatch, is_stopped
):
    root, source, reviewed = tmp_path.resolve(), Waiting(), Reviewed()
    files = (ChangedFile(path, None, None, Text("x\n"), (Hunk(1, 0, 1, 1),)) for path in FILES)
    change = Change(root, "a change", tuple(files))
    for path in (*FILES, "e.py"):
        reviewed.take(ReviewedFile(path, change, (finding(path, "old"),)))
    server = SimpleNamespace(
        settings=Settings(index=False),
        workspaces=SimpleNamespace(of=lambda _folder: None),
        engines=None,
        documents={},
        folders=[],
        reviewed=reviewed,
        telling=None,
    )
    monkeypatch.setattr(review_job, "tell", lambda _server, _places: None)
    monkeypatch.setattr(review_job, "sources_of", lambda *_, **__: [source])
    job = ReviewJob(server, lambda: change, lambda _change, _place: True, with_model=False)
    running = asyncio.create_task(job.run())
    await source.there.wait()
    if is_stopped:
        running.cancel()
    source.go_on.set()
    with suppress(asyncio.CancelledError):
        await running
    await job.finish()
    left = {path: reviewed.of(root / path) for path in (*FILES, "e.py")}
    told = {path: file.findings[0].message for path, file in left.items() if file}
    new = {"b.py": "new", "c.py": "new"}
    assert told == (new | {"d.py": "old", "e.py": "old"} if is_stopped else new)
