"""What writes each language."""

from collections.abc import Mapping

from codenook.server.translation.languages.c.classes import CClasses
from codenook.server.translation.languages.c.writing import CWriter
from codenook.server.translation.languages.cpp.classes import CppClasses
from codenook.server.translation.languages.cpp.writing import CppWriter
from codenook.server.translation.languages.ecmascript.classes import EcmaScriptClasses, TypeScriptClasses
from codenook.server.translation.languages.ecmascript.writing import EcmaScriptWriter, TypeScriptWriter
from codenook.server.translation.languages.go.classes import GoClasses
from codenook.server.translation.languages.go.writing import GoWriter
from codenook.server.translation.languages.java.classes import JavaClasses
from codenook.server.translation.languages.java.writing import JavaWriter
from codenook.server.translation.languages.python.classes import PythonClasses
from codenook.server.translation.languages.python.writing import PythonWriter
from codenook.server.translation.languages.rust.classes import RustClasses
from codenook.server.translation.languages.rust.writing import RustWriter
from codenook.server.translation.writing.classes import Classes
from codenook.server.translation.writing.writer import Writer

WRITERS: Mapping[str, Writer] = {
    writer.language: writer
    for writer in (
        PythonWriter(),
        EcmaScriptWriter(),
        TypeScriptWriter(),
        GoWriter(),
        RustWriter(),
        JavaWriter(),
        CWriter(),
        CppWriter(),
    )
}
"""By the identifiers that editors send (LSP ``languageId``)."""

CLASSES: Mapping[str, Classes] = {
    classes.writer.language: classes
    for classes in (
        PythonClasses(),
        EcmaScriptClasses(),
        TypeScriptClasses(),
        GoClasses(),
        RustClasses(),
        JavaClasses(),
        CClasses(),
        CppClasses(),
    )
}
"""What writes classes and constants, by the same identifiers."""
