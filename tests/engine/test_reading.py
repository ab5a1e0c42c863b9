"""A review by a chat model of random weights: it writes nonsense in the form asked for, and none is told."""

from pathlib import Path

from vocabularies import write_chat_model

from codenook.server.config import Settings
from codenook.server.review.kept import Kept
from codenook.server.review.scope.change import Change, ChangedFile, Hunk, Text
from codenook.server.review.sources.reading import questions
from codenook.server.review.sources.reading.asking import Asker
from codenook.server.review.sources.reading.source import Reading
from codenook.server.review.team import rules_of

CODE = "def area(width, height):\n    return width + height\n"
RULE = {"id": "no-sums", "says": "Sides are never added.", "bad": "a = side + side\n"}


async def test_nonsense_is_read_by_the_form_and_refused(start_engine, tmp_path):
    engine = start_engine(write_chat_model(tmp_path / "chat.gguf", n_ctx=8192))
    new = Text(CODE)
    file = ChangedFile("area.py", None, None, new, (Hunk(1, 0, 1, 2),))
    change = Change(Path("/work"), "a test", (file,))
    source = Reading(change, engine, Settings(review_rules=rules_of([RULE])), kept=Kept(tmp_path / "kept"))
    assert await source.unready() is None
    assert [finding async for finding in source.about(file)] == []
    account = source.account()
    assert [(each.rule, each.reason) for each in account.rules_left_out] == [
        ("team/no-sums", "rule_fails_its_examples")
    ]
    assert account.not_looked_at == {}
    assert source.counters.generated > 0


async def test_the_verdict_has_a_probability(start_engine, tmp_path):
    engine = start_engine(write_chat_model(tmp_path / "chat.gguf"))
    await engine.ready()
    asker = Asker(engine, "review")
    conversation = questions.about_remark("code", "line +1: it is wrong.")
    share = await asker.share(questions.verdict(conversation, {"why": "It is.", "verdict": "right"}))
    assert 0 < share < 1
