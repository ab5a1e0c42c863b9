"""The comment job with a chat model of random weights: it writes nonsense in JSON, and none is shown."""

from pathlib import Path

import pytest
from vocabularies import write_chat_model

from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.tasks.comment import Comment, CommentRequest
from codenook.server.tasks.document import Document
from codenook.server.tasks.jobs import Strategy
from codenook.server.tasks.workspaces import Workspaces

CODE = "def area(width, height):\n    return width * height\n"


@pytest.fixture
def workspaces():
    made = Workspaces()
    yield made
    made.close_all()


async def test_nonsense_is_asked_for_and_refused(start_engine, tmp_path, workspaces):
    engine = start_engine(write_chat_model(tmp_path / "chat.gguf"))
    job = Comment(engine, Settings(), workspaces)
    result = await job(CommentRequest(Document("file:///a.py", Path("/a.py"), CODE, "python"), "area"))
    assert (result.strategy, result.model) == (Strategy.CHAT, "chatty")
    assert sum(result.refused.values()) >= 2
    assert all(words.from_code for words in result.words), "what is said is what the code says"
    assert (result.reason is Reason.NOT_VERIFIED) == (result.edit is None)
    assert result.counters.generated > 0
