"""What each of the five jobs can expect of this installation."""

from codenook.models.engine.messages import ModelInfo
from codenook.server.config import OnBattery, Settings
from codenook.server.doctor.findings import Check, Finding, note, ok
from codenook.server.doctor.review import review
from codenook.server.lsp.switches import on_battery


def jobs(
    settings: Settings,
    model: ModelInfo | None,
    *others: Finding,
    chat: ModelInfo | None = None,
) -> list[Finding]:
    """Say what works; ``others`` are of jobs that were looked at.

    ``model`` completes and ``chat`` is that of the role chat, None when it could not be loaded.
    """
    found = [_completion(settings, model), review(model, chat), *others]
    return sorted(found, key=lambda finding: [*Check].index(finding.check))


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
