"""The comment job, by doing it: an example is documented, the whole way that a request goes."""

from pathlib import Path

from codenook.models.engine.client import Engine
from codenook.models.engine.errors import EngineError
from codenook.models.engine.messages import ModelInfo
from codenook.server import reasons
from codenook.server.config import Settings
from codenook.server.doctor.findings import Check, Finding, note, ok
from codenook.server.reasons import Reason
from codenook.server.tasks.comment import Comment, CommentRequest, CommentResult
from codenook.server.tasks.document import Document
from codenook.server.tasks.infill import N_SURE_PARAMETERS
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
    """Have the example documented by the model that jobs ask."""
    if not settings.enabled:
        return note(Check.COMMENT, "switched off by `enabled = false`", "set `enabled` to true")
    workspaces = Workspaces()
    document = Document("untitled:doctor", Path("doctor.py"), EXAMPLE, "python")
    try:
        model = await connection.ready()
        result = await Comment(connection, settings, workspaces)(CommentRequest(document, SYMBOL))
    except EngineError as error:
        return _failed(reasons.of_error(error))
    finally:
        workspaces.close_all()
    return _found(result, model)


def _found(result: CommentResult, model: ModelInfo) -> Finding:
    if result.reason is not None and reasons.is_engine_failure(result.reason):
        return _failed(result.reason)
    words = [words.text for words in result.words]
    facts = {
        "strategy": result.strategy,
        "languages": list(model.languages),
        "words": words,
        "refused": dict(result.refused),
        "total_ms": round(result.total_ms, 1),
        "reason": result.reason,
    }
    if result.reason is not None or result.strategy is None:
        refused = ", ".join(f"{n} times {code}" for code, n in result.refused.items())
        message = f"{model.name} documented nothing of an example: {result.message}"
        advice = "choose a larger model, or one that was trained on your languages: codenook models list"
        return note(Check.COMMENT, f"{message} ({refused})" if refused else message, advice, **facts)
    languages = ", ".join(model.languages) or "any language"
    message = (
        f"{model.name} {HOW[result.strategy]} in {languages}; an example took {result.total_ms / 1e3:.1f} s: "
        f"{' '.join(words)}"
    )
    if model.n_params < N_SURE_PARAMETERS:
        advice = "read what it writes, or choose a larger model: codenook models list"
        message += " Names and types are right; a model this small often finds the wrong words"
        return note(Check.COMMENT, message, advice, **facts)
    return ok(Check.COMMENT, message, **facts)


def _failed(reason: Reason) -> Finding:
    return note(Check.COMMENT, "there are no words", "mend what is said of engine and model", reason=reason)
