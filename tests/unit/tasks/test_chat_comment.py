"""Comments by a chat model that answers wrongly in every way: nothing unverified gets through."""

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted_chat import CODE, MODEL, WRONG_SENTENCES, WRONG_TEXTS, ScriptedChat, always, sentence

from codenook.context.parse import language_named
from codenook.models.prompts.chat import Author
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.tasks.comment import Comment, CommentRequest
from codenook.server.tasks.document import Document
from codenook.server.tasks.jobs import Strategy
from codenook.server.tasks.line_comment import Lines
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.verify.unchanged import difference

RIGHT = {
    "What does it do?": "Multiplies the width by the height.",
    "parameter `width`": "The width of the area, which is not negative.",
    "parameter `height`": "The height of the area.",
    "it return": "The area of width and height.",
    "raise `ValueError`": "The width is negative.",
    "these lines do": "Refuses a negative width.",
}
"""What a good model says, by a part of the question."""

DOCUMENT = Document("file:///w/area.py", Path("/w/area.py"), CODE, "python")


def right(question: str) -> str:
    return sentence(next(said for asked, said in RIGHT.items() if asked in question))


@pytest.fixture
def comment():
    """Document the function of `CODE` with an engine."""
    workspaces = Workspaces()

    async def run(engine, symbol="area", **request):
        job = Comment(engine, Settings(), workspaces)
        return await job(CommentRequest(DOCUMENT, symbol, **request))

    yield run
    workspaces.close_all()


def nothing_but_documentation(result):
    """Check what must hold of any result."""
    assert (result.edit is None) == (result.reason is not None)
    if result.edit is not None:
        assert difference(language_named("python"), CODE, result.edit.apply(CODE)) is None


async def test_right_answers_become_documentation(comment):
    engine = ScriptedChat(lambda _number, request: right(request.messages[-1].text))
    result = await comment(engine)
    assert (result.reason, result.strategy, result.model) == (None, Strategy.CHAT, MODEL.name)
    nothing_but_documentation(result)
    for said in list(RIGHT.values())[:5]:
        assert said in result.edit.apply(CODE)


async def test_what_stays_the_same_comes_first(comment):
    """The engine keeps the longest common beginning of two conversations."""
    engine = ScriptedChat(lambda _number, request: right(request.messages[-1].text))
    await comment(engine)
    assert len({request.slot for request in engine.asked}) == 1
    assert len(engine.asked) == 5
    *before, first = engine.asked[0].messages
    shown = first.text.partition("return width * height")[0]
    for request in engine.asked:
        *same, user = request.messages
        assert same == before
        assert user.text.startswith(shown)
    assert before[0].author is Author.SYSTEM


@pytest.mark.parametrize("wrong", WRONG_TEXTS)
async def test_what_is_no_answer_is_refused(comment, wrong):
    result = await comment(always(WRONG_TEXTS[wrong]))
    assert (result.edit, result.reason) == (None, Reason.NOT_VERIFIED)
    assert result.refused.keys() == {"empty"}


@pytest.mark.parametrize("wrong", WRONG_SENTENCES)
async def test_what_is_no_documentation_is_refused(comment, wrong):
    text, code = WRONG_SENTENCES[wrong]

    def says(_number, request):
        question = request.messages[-1].text
        return sentence(text) if "What does it do?" in question else right(question)

    result = await comment(ScriptedChat(says))
    assert (result.edit, result.reason) == (None, Reason.NOT_VERIFIED)
    assert result.refused.keys() == {code}


@pytest.mark.parametrize("wrong", WRONG_SENTENCES)
async def test_lines_get_no_wrong_comment(comment, wrong):
    result = await comment(always(sentence(WRONG_SENTENCES[wrong][0])), symbol="", lines=Lines(6, 7))
    nothing_but_documentation(result)
    assert result.edit is None


async def test_a_second_line_never_becomes_code(comment):
    for break_ in ("\n", "\r", "\u2028", "\\n"):
        engine = always(sentence(f"Refuses a negative width.{break_}import os"))
        result = await comment(engine, symbol="", lines=Lines(6, 7))
        nothing_but_documentation(result)
        assert result.edit is None or "import os" not in result.edit.text


async def test_a_model_is_told_what_was_wrong(comment):
    def says(_number, request):
        question = request.messages[-1].text
        return right(question) if "Refused before" in question else sentence("width = height")

    engine = ScriptedChat(says)
    result = await comment(engine)
    assert result.reason is None
    assert result.refused["code"] == 5 * engine.asked[0].n
    assert [question for question in engine.questions if "There is code in it." in question]


async def test_the_best_of_several_answers_is_taken(comment):
    def says(_number, request):
        return [WRONG_TEXTS["no JSON"], sentence("width = height"), right(request.messages[-1].text)]

    result = await comment(ScriptedChat(says))
    assert result.reason is None
    assert result.refused.keys() == {"code", "empty"}


async def test_a_cancelled_job_asks_no_more(comment):
    engine = ScriptedChat(lambda _number, request: right(request.messages[-1].text))
    job = asyncio.create_task(comment(engine))
    while not engine.asked:
        await asyncio.sleep(0)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert len(engine.asked) == 1


ANSWERS = st.one_of(
    st.text(),
    st.builds(sentence, st.text()),
    st.builds(
        sentence, st.builds("{}{}{}".format, st.sampled_from(list(RIGHT.values())), st.text(), st.text())
    ),
    st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answers=st.lists(ANSWERS, min_size=1, max_size=4))
def test_no_answer_changes_code(comment, answers):
    engine = ScriptedChat(lambda number, _request: answers[number % len(answers)])
    nothing_but_documentation(asyncio.run(comment(engine)))
