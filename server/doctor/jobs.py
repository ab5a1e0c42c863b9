"""What each of the five jobs can expect of this installation."""

from codenook.models.engine.messages import ModelInfo
from codenook.server.config import OnBattery, Settings
from codenook.server.doctor.findings import Check, Finding, note, ok
from codenook.server.lsp.switches import on_battery
from codenook.server.tasks.infill import N_SURE_PARAMETERS
from codenook.server.tasks.jobs import Strategy

NOT_YET = {
    Check.REVIEW: "reviewing a diff",
    Check.TRANSLATE: "translating between languages",
    Check.UNIT_TESTS: "writing unit tests",
}


def jobs(settings: Settings, model: ModelInfo | None) -> list[Finding]:
    """Say what works; ``model`` is None when it could not be loaded."""
    later = [
        note(check, f"{job} is not part of this version", "nothing: a later version brings it")
        for check, job in NOT_YET.items()
    ]
    return [_completion(settings, model), _comment(settings, model), *later]


def _completion(settings: Settings, model: ModelInfo | None) -> Finding:
    if not settings.enabled:
        return note(Check.COMPLETION, "switched off by `enabled = false`", "set `enabled` to true")
    if settings.on_battery is not OnBattery.FULL and on_battery():
        message = f"the machine runs on its battery, and `on_battery` is {settings.on_battery}"
        return note(Check.COMPLETION, message, "plug it in, or set `on_battery` to full")
    if model is None or model.fim_order is None:
        return note(Check.COMPLETION, "there are no candidates", "mend what is said of engine and model")
    languages = ", ".join(model.languages) or "any language; the model does not say which it knows best"
    return ok(Check.COMPLETION, f"{model.name} completes {languages}", languages=list(model.languages))


def _comment(settings: Settings, model: ModelInfo | None) -> Finding:
    if not settings.enabled:
        return note(Check.COMMENT, "switched off by `enabled = false`", "set `enabled` to true")
    if model is None:
        return note(Check.COMMENT, "there are no words", "mend what is said of engine and model")
    languages = ", ".join(model.languages) or "any language"
    facts = {"languages": list(model.languages), "strategy": Strategy.INFILL}
    message = f"{model.name} documents {languages}"
    if model.n_params < N_SURE_PARAMETERS:
        advice = "read what it writes, or set `model` to a larger one: codenook models list"
        message += ": names and types are right, a model this small often finds the wrong words"
        return note(Check.COMMENT, message, advice, **facts)
    return ok(Check.COMMENT, message, **facts)
