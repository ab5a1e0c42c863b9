"""What is written in a language is read there as what was meant."""

import pytest
from written_shapes import INT, SHAPES

from codenook.context.outline import Kind as Definable
from codenook.context.parse import encode, language_named, parse
from codenook.server.translation.languages.cpp.reading import CppReading
from codenook.server.translation.languages.go.reading import GoReading
from codenook.server.translation.languages.java.reading import JavaReading
from codenook.server.translation.languages.language import Unwritable
from codenook.server.translation.languages.python.reading import PythonReading
from codenook.server.translation.languages.rust.reading import RustReading
from codenook.server.translation.languages.writings import WRITERS
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter, Signature

READINGS = {
    "python": PythonReading(),
    "java": JavaReading(),
    "cpp": CppReading(),
    "rust": RustReading(),
    "go": GoReading(),
}
WITHOUT = {"python": {Kind.CHAR}, "java": {Kind.TUPLE, Kind.OPTION}, "go": {Kind.TUPLE}}
"""What a language writes as something else."""
BYTE = Shape(Kind.INT, bits=8, is_signed=False)


def kinds(shape):
    return {shape.kind}.union(*map(kinds, shape.parts))


@pytest.mark.parametrize("target", READINGS)
def test_types_that_were_written_are_read(target):
    language, writer = language_named(target), WRITERS[target]
    n_read = 0
    for shape in SHAPES:
        if kinds(shape) & WITHOUT.get(target, set()) or shape.parts == (BYTE,):
            continue
        parameters = (Parameter("n", INT), Parameter("it", shape))
        for errors in ((), ("ValueError",)):
            try:
                skeleton = writer.function(Signature("f", parameters, shape, raises=errors), "python")
            except Unwritable:
                continue
            body = skeleton.indent + writer.unwritten("f")
            text = writer.file(skeleton.imports, [skeleton.with_body(body)])
            known = language.reader.definitions(parse(language, encode(text)))
            functions = [each for each in known if each.kind in {Definable.FUNCTION, Definable.METHOD}]
            definition = next(each for each in functions if each.name.lower() == "f")
            read = READINGS[target].signature(text, definition)
            assert read.result == skeleton.signature.result, text
            shapes = [each.shape for each in skeleton.signature.parameters]
            assert [each.shape for each in read.parameters] == shapes, text
            n_read += 1
    assert n_read > 60
