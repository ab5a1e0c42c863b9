"""Java: methods, constructors, classes and records."""

from collections.abc import Iterator, Mapping
from typing import ClassVar

from tree_sitter import Node

from codenook.context.reading import first_named, text_of
from codenook.server.documentation.languages.describer import Describer
from codenook.server.documentation.subject import Kind, Parameter, Returns

CHECKED = frozenset(
    {
        *("Exception", "Throwable", "IOException", "FileNotFoundException", "InterruptedException"),
        *("ClassNotFoundException", "CloneNotSupportedException", "NoSuchMethodException", "SQLException"),
        *("NoSuchFieldException", "InstantiationException", "IllegalAccessException", "ExecutionException"),
        *("TimeoutException", "URISyntaxException", "MalformedURLException", "ParseException"),
        *(
            "GeneralSecurityException",
            "NoSuchAlgorithmException",
            "InvocationTargetException",
            "SocketException",
        ),
    }
)
"""Exceptions of the standard library that a method can't throw without declaring it."""


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
        return self.kinds[node.type] is Kind.FUNCTION and not any(declared(node))


def declared(node: Node) -> Iterator[str]:
    """The exceptions in the header of a method."""
    for child in node.children:
        if child.type == "throws":
            for thrown in child.named_children:
                yield text_of(thrown).rpartition(".")[2]
