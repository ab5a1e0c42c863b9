"""The ways to write documentation: each takes it apart and writes it."""

from collections.abc import Mapping

from codenook.server.documentation.dialects.dialect import Dialect
from codenook.server.documentation.dialects.google import Google
from codenook.server.documentation.dialects.markdown import GoDoc, RustDoc
from codenook.server.documentation.dialects.numpy import NumPy
from codenook.server.documentation.dialects.rest import Rest
from codenook.server.documentation.dialects.tags import Doxygen, DoxygenBackslash, Javadoc, JsDoc, TsDoc

DIALECTS: Mapping[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        *(Google(), NumPy(), Rest()),
        *(JsDoc(), TsDoc(), Javadoc(), Doxygen(), DoxygenBackslash()),
        *(RustDoc(), GoDoc()),
    )
}

IN_LANGUAGE: Mapping[str, tuple[str, ...]] = {
    "python": ("google", "numpy", "rest"),
    "javascript": ("jsdoc",),
    "javascriptreact": ("jsdoc",),
    "typescript": ("tsdoc", "jsdoc"),
    "typescriptreact": ("tsdoc", "jsdoc"),
    "java": ("javadoc",),
    "c": ("doxygen", "doxygen_backslash"),
    "cpp": ("doxygen", "doxygen_backslash"),
    "rust": ("rustdoc",),
    "go": ("godoc",),
}
"""The dialects of each language (LSP ``languageId``), the usual one first."""
