"""The table of a language."""

from functools import cache

from codenook.server.unit_tests.mutants.dialect import Dialect
from codenook.server.unit_tests.mutants.dialects.ecmascript import ECMASCRIPT
from codenook.server.unit_tests.mutants.dialects.python import PYTHON

_DIALECTS = (PYTHON, ECMASCRIPT)


@cache
def dialect_of(language: str) -> Dialect | None:
    """The table of a language by its id; None when it has none."""
    return next((dialect for dialect in _DIALECTS if language in dialect.languages), None)
