"""Go: functions, methods, types; documentation is any comment right above them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.server.documentation.languages.describer import Describer
from codenook.server.documentation.subject import Doc, Kind, Parameter, Returns


class GoDescriber(Describer):
    """Reads Go."""

    kinds: ClassVar[Mapping[str, Kind]] = {
        "function_declaration": Kind.FUNCTION,
        "method_declaration": Kind.FUNCTION,
        "type_spec": Kind.CLASS,
        "package_clause": Kind.MODULE,
    }
    functions: ClassVar[frozenset[str]] = frozenset({"func_literal"})
    doc_openings: ClassVar[tuple[str, ...]] = ("//", "/*")

    def name(self, node: Node) -> str:
        """The name, of a method behind its receiver's type."""
        if node.type == "package_clause":
            return text_of(node.named_children[0]) if node.named_children else ""
        name, receiver = text_of(node.child_by_field_name("name")), node.child_by_field_name("receiver")
        if receiver is None or not receiver.named_children:
            return name
        kind = text_of(receiver.named_children[0].child_by_field_name("type"))
        return f"{kind.lstrip('*').partition('[')[0]}.{name}"

    def outer(self, node: Node) -> Node:
        """The declaration of a single type."""
        parent = node.parent
        is_single = (
            parent is not None
            and parent.type == "type_declaration"
            and "(" not in {child.type for child in parent.children}
        )
        return parent if parent is not None and is_single else node

    def parameters(self, node: Node) -> Iterator[Parameter]:
        """The parameters."""
        parameters = node.child_by_field_name("parameters")
        for child in parameters.named_children if parameters else ():
            if child.type in {"parameter_declaration", "variadic_parameter_declaration"}:
                mark = "*" if child.type.startswith("variadic") else ""
                kind = text_of(child.child_by_field_name("type"))
                names = [text_of(name) for name in child.children_by_field_name("name")]
                for name in names or [""]:
                    yield Parameter(name, kind, mark=mark)

    def returns(self, node: Node) -> Returns:
        """By the declared results."""
        return Returns.VALUE if node.child_by_field_name("result") else Returns.NOTHING

    def return_type(self, node: Node) -> str:
        """The declared results."""
        return text_of(node.child_by_field_name("result"))

    def raises(self, node: Node) -> Iterator[str]:  # noqa: ARG002 - errors are results
        """Nothing."""
        yield from ()

    def doc_in(self, parsed: Parsed, comments: Sequence[Node]) -> Doc | None:
        """All comments right above."""
        written = [comment for comment in comments if not text_of(comment).startswith("//go:")]
        return super().doc_in(parsed, written)

    def _opens_doc(self, text: str) -> bool:
        return text.startswith(self.doc_openings)
