"""What could be translated at a place of a document, and to what; nothing is run and no model is asked."""

from attrs import frozen

from codenook.context.outline import Definition, Kind
from codenook.models.engine.messages import ModelInfo
from codenook.server.tasks.definitions import around
from codenook.server.tasks.document import Document
from codenook.server.tasks.jobs import knows
from codenook.server.translation.languages.titles import LANGUAGES, base_of, title


@frozen
class Target:
    """A language to translate to, as people call it; ``why_not`` is one line for a person, else empty."""

    language: str
    title: str
    why_not: str = ""


def targets(language: str, model: ModelInfo | None) -> list[Target]:
    """What a document of a language could be translated to by a model, as far as it is known yet."""
    source = base_of(language)
    if source not in LANGUAGES:
        return []
    return [
        Target(each, title(each), not_known(model, source, each) if model else "")
        for each in LANGUAGES
        if each != source
    ]


def not_known(model: ModelInfo, *languages: str) -> str:
    """Which of these languages a model says that it doesn't know, in one line for a person; else empty."""
    unknown = [language for language in languages if not knows(model, language)]
    if not unknown:
        return ""
    known = ", ".join(model.languages)
    return (
        f"{model.name} was trained on {known} only, not on {' or '.join(unknown)}; "
        "a model that knows both languages can translate: codenook models list"
    )


def translatable_at(document: Document, start: int, end: int) -> Definition | None:
    """The innermost function, method or class around two offsets; what is inside of a function is its own."""
    found = around(document, start, end)
    functions = (n for n, each in enumerate(found) if each.kind is not Kind.CLASS)
    return found[next(functions, -1)] if found else None
