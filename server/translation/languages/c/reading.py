"""Reads functions of C."""

from attrs import frozen

from codenook.server.translation.languages.cpp.reading import CppReading


@frozen
class CReading(CppReading):
    """See `Reading`."""

    language: str = "c"
