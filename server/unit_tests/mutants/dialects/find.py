"""The table of a language."""

from functools import cache

from codenook.server.unit_tests.mutants.dialect import Dialect
from codenook.server.unit_tests.mutants.dialects.c import CPP, C
from codenook.server.unit_tests.mutants.dialects.ecmascript import ECMASCRIPT
from codenook.server.unit_tests.mutants.dialects.go import GO
from codenook.server.unit_tests.mutants.dialects.java import JAVA
from codenook.server.unit_tests.mutants.dialects.python import PYTHON
from codenook.server.unit_tests.mutants.dialects.rust import RUST

_DIALECTS = (PYTHON, ECMASCRIPT, RUST, GO, JAVA, C, CPP)


@cache
def dialect_of(language: str) -> Dialect | None:
    """The table of a language by its id; None when it has none."""
    return next((dialect for dialect in _DIALECTS if language in dialect.languages), None)
