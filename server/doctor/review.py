"""What the sources of a review can do with the models of this installation."""

from codenook.models.engine.messages import ModelInfo
from codenook.server.doctor.findings import Check, Finding, note, ok
from codenook.server.reasons import Reason
from codenook.server.tasks.jobs import Strategy, strategy_of

CHOOSE = "nothing, or set `chat_model` to a model for chat: codenook models list"


def review(model: ModelInfo | None, chat: ModelInfo | None) -> Finding:
    """Say which sources there are; ``model`` is of the role fim, ``chat`` of that role, None for none."""
    reads = chat is not None and strategy_of(chat) is Strategy.CHAT
    sources = ["facts", *(["surprise"] if model else []), *(["reading"] if reads else [])]
    said = ["facts are told without a model"]
    if model is not None:
        said.append(f"{model.name} says what surprises it in {', '.join(model.languages) or 'any language'}")
    if chat is None:
        reason: Reason | None = None
        said.append("there is no model to read changes")
        advice = "mend what is said of engine and model"
    elif not reads:
        reason = Reason.MODEL_WITHOUT_CHAT_TEMPLATE
        said.append(f"{chat.name} is a base model, which does not read changes or check rules of the team")
        advice = CHOOSE
    else:
        said.append(f"{chat.name} reads changes, and checks rules of the team")
        return ok(Check.REVIEW, "; ".join(said), sources=sources, reason=None)
    return note(Check.REVIEW, "; ".join(said), advice, sources=sources, reason=reason)
