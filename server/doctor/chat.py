"""The model of the role chat: whether it loads, and what it says when it is asked."""

from attrs import evolve

from codenook.models.engine.client import Engine
from codenook.models.engine.errors import EngineError, ModelWaits
from codenook.models.engine.messages import ModelInfo
from codenook.models.prompts.chat import Author, Message
from codenook.server import reasons
from codenook.server.config import user_file
from codenook.server.doctor.findings import Check, Finding, note, ok, problem
from codenook.server.engines import fit_for
from codenook.server.tasks.instruct import instruct
from codenook.server.tasks.jobs import strategy_of

CHOOSE = "nothing, or set `chat_model` to a model for chat: codenook models list"

QUESTION = (
    Message(Author.SYSTEM, 'You answer in one short sentence, as JSON: {"answer": "..."}'),
    Message(Author.USER, "What does `width * height` compute?"),
)
SCHEMA = {
    "type": "object",
    "properties": {"answer": {"type": "string", "minLength": 1, "maxLength": 120}},
    "required": ["answer"],
}
MAX_TOKENS = 64


async def chat(connection: Engine) -> Finding:
    """Load the model of its own that the role chat has, and say what it is fit for."""
    try:
        model = await connection.ready()
    except ModelWaits as error:
        advice = "try again when it is done, or set `both_models` to always"
        return note(Check.CHAT_MODEL, str(error), advice, reason=reasons.of_error(error))
    except EngineError as error:
        return _failed(error)
    return await instructed(connection, model)


async def instructed(connection: Engine, model: ModelInfo) -> Finding:
    """Say how jobs besides completion ask ``model``; one with a chat template is asked something."""
    roles = fit_for(model)
    fit = f"fit for {' and '.join(roles) or 'neither role'}"
    facts = {
        "name": model.name,
        "path": model.path,
        "has_chat_template": model.has_chat_template,
        "fit_for": list(roles),
        "strategy": strategy_of(model),
    }
    if not model.has_chat_template:
        message = (
            f"{model.name} has no chat template, {fit}; a base model is not instructed, it continues what a "
            "job begins"
        )
        return note(Check.CHAT_MODEL, message, CHOOSE, **facts)
    try:
        replies = await instruct(
            connection, slot="codenook doctor", messages=QUESTION, schema=SCHEMA, n=1, max_tokens=MAX_TOKENS
        )
    except EngineError as error:
        found = _failed(error)
        return evolve(found, facts={**facts, **found.facts})
    (reply,) = replies.replies
    if reply.value is None:
        message = f"{model.name} has a chat template, but does not answer as it is told to: {reply.problem}"
        return note(Check.CHAT_MODEL, message, "choose a larger model", **facts)
    message = f"{model.name} has a chat template, {fit}, and says: {reply.value['answer']!r}; {model.path}"
    return ok(Check.CHAT_MODEL, message, **facts)


def _failed(error: EngineError) -> Finding:
    advice = f"set `chat_model` in {user_file()} to another model, or leave it out"
    return problem(Check.CHAT_MODEL, str(error), advice, reason=reasons.of_error(error))
