"""A review: sources are asked file by file, and stopped."""

import asyncio

import pytest
from attrs import define, field

from codenook.models.engine.errors import ModelMissing
from codenook.server.reasons import Reason
from codenook.server.review import fixes, rules
from codenook.server.review.finding import Edit, Evidence, Finding, Fix, SourceName, Span
from codenook.server.review.fixes import applies
from codenook.server.review.scope.change import Change, ChangedFile, Hunk, Text
from codenook.server.review.sources import Unready
from codenook.server.tasks import review as tasks_review
from codenook.server.tasks.review import Review
from codenook.server.verify.syntax import is_python

N_FILES = 4


@define(eq=False)
class Scripted:
    """A source that finds the first line of each file, and one on a line that didn't change."""

    name: SourceName = SourceName.SURPRISE
    waits_at: str = ""
    fails_at: str = ""
    why_not: Unready | None = None
    asked: list[str] = field(factory=list)
    waiting: asyncio.Event = field(factory=asyncio.Event)

    async def unready(self):
        return self.why_not

    async def about(self, file):
        self.asked.append(file.path)
        if file.path == self.fails_at:
            raise ModelMissing("the model is gone")
        evidence = (Evidence(self.name, "unlikely", {"probability": 0.01, "instead": "y", "sure": True}),)
        for line in (1, 2):
            yield Finding(rules.UNKNOWN_EXCEPTION, file.path, Span(line, 1, line, 2), "x", "m", 0.5, evidence)
        if file.path == self.waits_at:
            self.waiting.set()
            await asyncio.Event().wait()


@pytest.fixture
def change(tmp_path):
    files = [
        ChangedFile(f"f{n}.py", f"f{n}.py", Text(f"{n}\nx\n"), Text(f"x{n}\nx\n"), (Hunk(1, 1, 1, 1),))
        for n in range(N_FILES)
    ]
    return Change(tmp_path, "a change", tuple(files))


def paths(report):
    return [finding.path for finding in report.findings]


ALL = [f"f{n}.py" for n in range(N_FILES)]


async def test_every_file_is_asked_about_and_told_of_as_it_goes(change):
    told, source = [], Scripted()
    report = await Review(change, [source]).run(lambda *progress: told.append(progress))
    assert (source.asked, paths(report), report.is_whole) == (ALL, ALL, True)
    assert [done for done, total, _ in told if total == N_FILES] == [0, 1, 2, 3, 4]
    assert report.ran[0].findings == 2 * N_FILES
    assert report.not_told == {"unchanged_line": N_FILES}


async def test_progress_counts_changed_lines_also_inside_of_a_file(tmp_path):
    text = Text("x\n" * 10)
    files = tuple(ChangedFile(f"{n}.py", None, None, text, (Hunk(1, 0, 1, 10),)) for n in range(2))

    @define(eq=False)
    class Telling(Scripted):
        looked: object = None

        async def about(self, file):
            for n in (4, 4, 400):
                self.looked(file.path, n)
            async for finding in super().about(file):
                yield finding

    why_not = Unready("model_missing", "there is no model")
    sources = [Scripted(), Scripted(SourceName.READING, why_not=why_not), Telling(SourceName.LINTERS)]
    told = []
    await Review(Change(tmp_path, "a change", files), sources).run(lambda *each: told.append(each))
    assert {total for _, total, _ in told} == {60}
    assert [done for done, *_ in told] == [0, 10, 40, 44, 48, 50, 50, 54, 58, 60, 60]
    assert told[3][2] == "linters: 0.py"


def test_what_was_stopped_before_it_began_is_not_whole(change):
    report = Review(change, [Scripted()]).report()
    assert (report.is_whole, [ran.reason for ran in report.ran]) == (False, ["stopped"])


async def test_a_file_was_looked_at_when_all_sources_did(change):
    why_not = Unready("model_missing", "there is no model")
    first, last = Scripted(), Scripted(SourceName.FACTS, waits_at="f1.py")
    review = Review(change, [first, Scripted(SourceName.READING, why_not=why_not), last])
    running = asyncio.create_task(review.run())
    await last.waiting.wait()
    assert (first.asked, review.looked_at) == (ALL, {"f0.py"})
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_what_was_stopped_tells_what_it_has(change):
    stopped = Scripted(waits_at="f2.py")
    review = Review(change, [stopped])
    running = asyncio.create_task(review.run())
    await stopped.waiting.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    report = review.report()
    assert (paths(report), report.is_whole) == (ALL[:3], False)
    assert review.looked_at == {"f0.py", "f1.py"}
    assert report.ran[0].reason == Reason.STOPPED


async def test_a_fix_is_tried_once_however_often_it_is_told(change, monkeypatch):
    tried, parsed = [], []
    monkeypatch.setattr(tasks_review, "applies", lambda *fix: (tried.append(fix), applies(*fix))[1])
    monkeypatch.setattr(fixes, "is_python", lambda text: (parsed.append(text), is_python(text))[1])

    @define(eq=False)
    class Mending(Scripted):
        async def about(self, file):
            for n in range(3):
                evidence = (Evidence(self.name, "e"),)
                span = Span(1, 1, 1, 2)
                fix = Fix("Mend it", (Edit(file.path, span, f"y{n}"),))
                yield Finding(
                    rules.UNKNOWN_EXCEPTION,
                    file.path,
                    span,
                    "x",
                    f"{n}",
                    0.5,
                    evidence,
                    fix=fix,
                    subject=f"{n}",
                )

    review = Review(change, [Mending()], found=lambda path: told.append(review.found_in(path)))
    told = []
    report = await review.run()
    assert [len(each) for each in told] == [1, 2, 3] * N_FILES
    assert (len(report.findings), review.report().findings) == (3 * N_FILES, report.findings)
    assert all(finding.fix for finding in report.findings)
    assert len(tried) == 3 * N_FILES
    assert 3 * N_FILES < len(parsed) <= 4 * N_FILES, "each new text, and an old one once"


async def test_a_model_that_fails_leaves_the_other_sources(change):
    failing, other = Scripted(fails_at="f1.py"), Scripted(SourceName.READING)
    review = Review(change, [failing, other])
    report = await review.run()
    assert (failing.asked, other.asked) == (ALL[:2], ALL)
    assert (review.has_failed, report.is_whole) == (True, False)
    assert [(ran.reason, ran.message) for ran in report.ran] == [
        ("model_missing", "the model is gone"),
        ("", ""),
    ]


async def test_a_source_that_can_not_be_asked_says_why_and_that_is_no_failure(change):
    source = Scripted(why_not=Unready("model_missing", "there is no model"))
    review = Review(change, [source])
    report = await review.run()
    assert (source.asked, review.has_failed, report.is_whole) == ([], False, True)
    assert [(ran.is_done, ran.reason) for ran in report.ran] == [(False, "model_missing")]


async def test_two_sources_that_agree_are_one_finding(change):
    sources = [Scripted(), Scripted(SourceName.READING)]
    report = await Review(change, sources).run()
    assert [finding.sources for finding in report.findings] == [
        (SourceName.SURPRISE, SourceName.READING)
    ] * N_FILES
