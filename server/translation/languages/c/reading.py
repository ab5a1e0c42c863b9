"""Reads functions of C."""

from attrs import evolve
from tree_sitter import Node

from codenook.context.outline import Definition
from codenook.context.parse import encode, language_named, parse
from codenook.server.documentation.languages.c import CDescriber
from codenook.server.translation.languages.c.taking import header_of
from codenook.server.translation.languages.cpp.reading import KINDS, CppReading
from codenook.server.translation.languages.cpp.types import aliases
from codenook.server.translation.languages.headers import functions
from codenook.server.translation.signature import Parameter, Signature

_DESCRIBER = CDescriber()


class CReading:
    """See `Reading`; the length of an array is none of the parameters."""

    def signature(self, text: str, definition: Definition) -> Signature | None:
        """See `Reading.signature`."""
        read = CppReading("c").signature(text, definition)
        node = function_named(text, definition.name) if read else None
        if read is None or node is None:
            return None
        header = header_of(node, aliases(text))
        return evolve(
            read,
            parameters=tuple(
                Parameter(each.name, each.shape, each.written) for each in header.taken if not each.is_out
            ),
            result=header.result,
        )


def function_named(text: str, name: str) -> Node | None:
    """The definition of a function, or else what declares it."""
    language = language_named("c")
    found = [
        node
        for node in (functions(parse(language, encode(text)), KINDS) if language else ())
        if _DESCRIBER.name(node) == name
    ]
    return min(found, key=lambda node: node.type != "function_definition", default=None)
