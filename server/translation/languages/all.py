"""The languages that are read and run, by the identifiers that editors send."""

from codenook.server.translation.languages.c.reading import CReading
from codenook.server.translation.languages.c.running import CRunning
from codenook.server.translation.languages.cpp.reading import CppReading
from codenook.server.translation.languages.cpp.running import CppRunning
from codenook.server.translation.languages.ecmascript.reading import EcmaScriptReading, TypeScriptReading
from codenook.server.translation.languages.ecmascript.running import JavaScriptRunning, TypeScriptRunning
from codenook.server.translation.languages.go.reading import GoReading
from codenook.server.translation.languages.go.running import GoRunning
from codenook.server.translation.languages.java.reading import JavaReading
from codenook.server.translation.languages.java.running import JavaRunning
from codenook.server.translation.languages.language import Reading, Running
from codenook.server.translation.languages.python.reading import PythonReading
from codenook.server.translation.languages.python.running import PythonRunning
from codenook.server.translation.languages.rust.reading import RustReading
from codenook.server.translation.languages.rust.running import RustRunning
from codenook.server.translation.languages.titles import base_of

READING: dict[str, Reading] = {
    "python": PythonReading(),
    "javascript": EcmaScriptReading(),
    "typescript": TypeScriptReading(),
    "go": GoReading(),
    "rust": RustReading(),
    "java": JavaReading(),
    "c": CReading(),
    "cpp": CppReading(),
}
RUNNING: dict[str, Running] = {
    "python": PythonRunning(),
    "javascript": JavaScriptRunning(),
    "typescript": TypeScriptRunning(),
    "go": GoRunning(),
    "rust": RustRunning(),
    "java": JavaRunning(),
    "c": CRunning(),
    "cpp": CppRunning(),
}


def reading_of(language: str) -> Reading | None:
    """What reads a language's definitions; None for one that isn't translated."""
    return READING.get(base_of(language))


def running_of(language: str) -> Running | None:
    """What runs a language's programs; None for one that isn't translated."""
    return RUNNING.get(base_of(language))
