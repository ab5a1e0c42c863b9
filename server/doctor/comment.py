"""The comment job, by doing it: an example is documented, the whole way that a request goes."""

from pathlib import Path

from codenook.models.engine.client import Engine
from codenook.server import reasons
from codenook.server.config import Settings
from codenook.server.doctor.findings import Check, Finding, note, ok
from codenook.server.tasks.comment import Comment, CommentRequest, CommentResult
from codenook.server.tasks.document import Document
from codenook.server.tasks.jobs import Strategy
from codenook.server.tasks.workspaces import Workspaces

SYMBOL = "read_lines"
EXAMPLE = f"""\
def {SYMBOL}(path):
    with open(path) as file:
        return file.readlines()
"""

HOW = {
    Strategy.CHAT: "is told to document code",
    Strategy.INFILL: "fills in documentation",
}


async def comment(connection: Engine, settings: Settings) -> Finding:
    """Have the example documented."""
    workspaces = Workspaces()
    document = Document("untitled:doctor", Path("doctor.py"), EXAMPLE, "python")
    try:
        result = await Comment(connection, settings, workspaces)(CommentRequest(document, SYMBOL))
    finally:
        workspaces.close_all()
    return _found(result)


def _found(result: CommentResult) -> Finding:
    words = [words.text for words in result.words]
    facts = {
        "strategy": result.strategy,
        "words": words,
        "refused": dict(result.refused),
        "total_ms": round(result.total_ms, 1),
        "reason": result.reason,
    }
    if result.reason is None and result.strategy is not None:
        how = f"{result.model} {HOW[result.strategy]}; an example took {result.total_ms / 1e3:.1f} s"
        return ok(Check.COMMENT, f"{how}: {' '.join(words)}", **facts)
    if result.reason is not None and reasons.is_engine_failure(result.reason):
        return note(Check.COMMENT, "nothing is documented", "mend what is said of `chat_model`", **facts)
    refused = ", ".join(f"{n} times {code}" for code, n in result.refused.items())
    message = f"{result.model} documented nothing of an example: {result.message}"
    advice = "choose a larger model, or one that was trained on your languages: codenook models list"
    return note(Check.COMMENT, f"{message} ({refused})" if refused else message, advice, **facts)
