"""The model of the role chat: whether it loads, and what it can be asked."""

from codenook.models.engine.client import Engine
from codenook.models.engine.errors import EngineError, ModelWaits
from codenook.models.engine.messages import ModelInfo
from codenook.server import reasons
from codenook.server.config import user_file
from codenook.server.doctor.findings import Check, Finding, note, ok, problem
from codenook.server.engines import fit_for

CHOOSE = "nothing, or set `chat_model` to a model for chat: codenook models list"


async def chat(connection: Engine) -> Finding:
    """Load the model of its own that the role chat has, and say what it is fit for."""
    try:
        model = await connection.ready()
    except ModelWaits as error:
        advice = "try again when it is done, or set `both_models` to always"
        return note(Check.CHAT_MODEL, str(error), advice, reason=reasons.of_error(error))
    except EngineError as error:
        advice = f"set `chat_model` in {user_file()} to another model, or leave it out"
        return problem(Check.CHAT_MODEL, str(error), advice, reason=reasons.of_error(error))
    return instructed(model)


def instructed(model: ModelInfo) -> Finding:
    """Say how jobs besides completion ask ``model``."""
    roles = fit_for(model)
    facts = {
        "name": model.name,
        "path": model.path,
        "has_chat_template": model.has_chat_template,
        "fit_for": list(roles),
    }
    if model.has_chat_template:
        message = f"{model.name} has a chat template, fit for {' and '.join(roles)}; {model.path}"
        return ok(Check.CHAT_MODEL, message, **facts)
    message = (
        f"{model.name} has no chat template, fit for {' and '.join(roles) or 'neither role'}; a base model "
        "is not instructed, it continues what a job begins"
    )
    return note(Check.CHAT_MODEL, message, CHOOSE, **facts)
