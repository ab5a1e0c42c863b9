"""Java: methods, constructors, classes and records."""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import first_named, text_of
from codenook.server.documentation.languages.describer import Describer
from codenook.server.documentation.subject import Kind, Parameter, Returns

_CHECKED_BY_NAME = frozenset(
    {
        *("Exception", "Throwable", "InterruptedException", "ClassNotFoundException"),
        *("CloneNotSupportedException", "NoSuchMethodException", "NoSuchFieldException"),
        *("InstantiationException", "IllegalAccessException"),
    }
)
"""Those of ``java.lang``, which nobody imports."""

_CHECKED = frozenset(
    {
        *("java.io.IOException", "java.io.FileNotFoundException", "java.sql.SQLException"),
        *("java.util.concurrent.ExecutionException", "java.util.concurrent.TimeoutException"),
        *("java.net.URISyntaxException", "java.net.MalformedURLException", "java.net.SocketException"),
        *("java.text.ParseException", "java.security.GeneralSecurityException"),
        *("java.security.NoSuchAlgorithmException", "java.lang.reflect.InvocationTargetException"),
    }
    | {f"java.lang.{name}" for name in _CHECKED_BY_NAME}
)
"""Exceptions of the standard library that a method can't throw without declaring it."""

_IMPORT = re.compile(rb"^[ \t]*import[ \t]+([\w.]+)[ \t]*;", re.MULTILINE)
_UNDECLARED = "SneakyThrows"


class JavaDescriber(Describer):
    """Reads Java."""

    kinds: ClassVar[Mapping[str, Kind]] = {
        "method_declaration": Kind.FUNCTION,
        "constructor_declaration": Kind.FUNCTION,
        **dict.fromkeys(
            (
                *("class_declaration", "interface_declaration", "enum_declaration"),
                *("record_declaration", "annotation_type_declaration"),
            ),
            Kind.CLASS,
        ),
    }
    functions: ClassVar[frozenset[str]] = frozenset(
        {"method_declaration", "constructor_declaration", "lambda_expression", "class_body"}
    )

    def parameters(self, node: Node) -> Iterator[Parameter]:
        """The parameters; of a record its components."""
        parameters = node.child_by_field_name("parameters")
        for child in parameters.named_children if parameters else ():
            if child.type == "formal_parameter":
                kind = text_of(child.child_by_field_name("type"))
                yield Parameter(text_of(child.child_by_field_name("name")), kind)
            elif child.type == "spread_parameter":
                yield Parameter(text_of(child.named_children[-1]), mark="*")

    def type_parameters(self, node: Node) -> Iterator[str]:
        """``<T extends X>``: the name."""
        parameters = node.child_by_field_name("type_parameters")
        for parameter in parameters.named_children if parameters else ():
            named = [child for child in parameter.named_children if "annotation" not in child.type]
            yield text_of(named[0]) if named else ""

    def is_sure(self, node: Node) -> bool:
        """Of records and functions."""
        return node.type in {"method_declaration", "constructor_declaration", "record_declaration"}

    def returns(self, node: Node) -> Returns:
        """By the declared type."""
        if node.type == "constructor_declaration":
            return Returns.NOTHING
        kind = node.child_by_field_name("type")
        return Returns.NOTHING if kind is not None and kind.type == "void_type" else Returns.VALUE

    def return_type(self, node: Node) -> str:
        """The declared type."""
        return text_of(node.child_by_field_name("type")) if node.type == "method_declaration" else ""

    def raises(self, node: Node) -> Iterator[str]:
        """What is declared, and what is thrown where it is made."""
        if self.kinds[node.type] is not Kind.FUNCTION:
            return
        yield from declared(node)
        for statement in self.own(node, "throw_statement"):
            made = first_named(statement)
            if made and made.type == "object_creation_expression" and not self.is_caught(statement, node):
                yield text_of(made.child_by_field_name("type")).partition("<")[0].rpartition(".")[2]

    def raises_nothing(self, node: Node) -> bool:
        """Whether nothing is declared: then nothing checked is thrown."""
        modifiers = next((child for child in node.children if child.type == "modifiers"), None)
        is_free = _UNDECLARED in text_of(modifiers)
        return self.kinds[node.type] is Kind.FUNCTION and not is_free and not any(declared(node))


def is_checked(parsed: Parsed, name: str) -> bool:
    """Whether ``name`` certainly is a checked exception of the standard library, by the file's imports."""
    imports = {
        match[1].decode().rpartition(".")[2]: match[1].decode() for match in _IMPORT.finditer(parsed.source)
    }
    return (imports.get(name) or (f"java.lang.{name}" if name in _CHECKED_BY_NAME else name)) in _CHECKED


def declared(node: Node) -> Iterator[str]:
    """The exceptions in the header of a method."""
    for child in node.children:
        if child.type == "throws":
            for thrown in child.named_children:
                yield text_of(thrown).rpartition(".")[2]
