"""What each language's trees say of a definition."""

from collections.abc import Mapping

from codenook.context.parse import Parsed
from codenook.server.documentation.languages.c import CDescriber
from codenook.server.documentation.languages.describer import Describer
from codenook.server.documentation.languages.ecmascript import EcmaScriptDescriber
from codenook.server.documentation.languages.go import GoDescriber
from codenook.server.documentation.languages.java import JavaDescriber
from codenook.server.documentation.languages.python import PythonDescriber
from codenook.server.documentation.languages.rust import RustDescriber
from codenook.server.documentation.subject import Subject

_ECMASCRIPT, _C = EcmaScriptDescriber(), CDescriber()

DESCRIBERS: Mapping[str, Describer] = {
    "python": PythonDescriber(),
    "javascript": _ECMASCRIPT,
    "javascriptreact": _ECMASCRIPT,
    "typescript": _ECMASCRIPT,
    "typescriptreact": _ECMASCRIPT,
    "java": JavaDescriber(),
    "go": GoDescriber(),
    "rust": RustDescriber(),
    "c": _C,
    "cpp": _C,
}
"""By the identifiers that editors send (LSP ``languageId``)."""


def subjects(parsed: Parsed) -> list[Subject]:
    """The definitions of a file that can be documented; none in a language that isn't known here."""
    describer = DESCRIBERS.get(parsed.language.id)
    return describer.subjects(parsed) if describer else []
