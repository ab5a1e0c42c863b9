"""The translation job: which pairs of languages the model can do, and what here runs them."""

from pathlib import Path

from codenook.models.engine.messages import ModelInfo
from codenook.server.doctor.findings import Check, Finding, note, ok
from codenook.server.sandbox.bubblewrap import found
from codenook.server.sandbox.command import NoSandbox
from codenook.server.tasks.jobs import knows
from codenook.server.translation.languages.titles import LANGUAGES, title
from codenook.server.translation.parts import PARTS, Parts

_CHOOSE = "set `chat_model` to a model that knows several languages: codenook models list"


def translate(model: ModelInfo | None, workspace: Path, parts: Parts = PARTS) -> Finding:
    """Say what can be translated with ``model``, and what would be proved of it; no model is asked."""
    toolchains = {language: runs.toolchain() for language, runs in sorted(parts.runnings.items(), key=_place)}
    ran = {language: name for language, name in toolchains.items() if name}
    facts = {"languages": [], "toolchains": toolchains}
    if model is None:
        return note(
            Check.TRANSLATE, "there is no translation", "mend what is said of engine and model", **facts
        )
    known = [language for language in LANGUAGES if knows(model, language)]
    facts |= {"languages": known}
    if len(known) < 2:  # noqa: PLR2004 - a pair
        names = ", ".join(model.languages)
        message = f"{model.name} knows {names}: no pair of languages, so each translation is refused at once"
        return note(Check.TRANSLATE, message, _CHOOSE, **facts)
    what = f"{model.name} translates between any two of {', '.join(map(title, known))}"
    if not model.languages:
        what += "; it does not say which it knows"
    try:
        found(workspace)
    except NoSandbox as error:
        message = f"{what}; all of it is a preview: {error}"
        return note(Check.TRANSLATE, message, "mend what is said of the sandbox", **facts)
    missing = [language for language in known if language not in ran]
    proof = f"compared by running are {', '.join(f'{title(each)} ({name})' for each, name in ran.items())}"
    if missing:
        names = ", ".join(map(title, missing))
        advice = f"install what runs {names}, if you translate from or to that"
        return note(Check.TRANSLATE, f"{what}; {proof}, a preview is {names}", advice, **facts)
    return ok(Check.TRANSLATE, f"{what}; {proof}", **facts)


def _place(item: tuple[str, object]) -> int:
    return LANGUAGES.index(item[0])
