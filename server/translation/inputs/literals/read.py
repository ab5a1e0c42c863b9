"""Values and arguments as a language writes them."""

from collections.abc import Mapping

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import language_named, parse
from codenook.context.reading import text_of
from codenook.server.translation.inputs.literals import c, ecmascript, go, java, python, rust
from codenook.server.translation.inputs.literals.literal import NotPlain, Readers, parts
from codenook.server.translation.values import Value

_MOST_DEPTH = 12
_LONGEST = 10_000


@frozen
class _Literals:
    """Readers by kind of node, and what makes an expression a text that parses."""

    readers: Readers
    wrapped: tuple[str, str]


_OF: Mapping[str, _Literals] = {
    "python": _Literals(python.READERS, python.WRAPPED),
    "javascript": _Literals(ecmascript.READERS, ecmascript.WRAPPED),
    "typescript": _Literals(ecmascript.READERS, ecmascript.WRAPPED),
    "java": _Literals(java.READERS, java.WRAPPED),
    "cpp": _Literals(c.READERS, c.WRAPPED),
    "c": _Literals(c.C_READERS, c.C_WRAPPED),
    "rust": _Literals(rust.READERS, rust.WRAPPED),
    "go": _Literals(go.READERS, go.WRAPPED),
}


def value_of(node: Node, language: str) -> Value:
    """The value that a literal stands for; raises NotPlain."""
    literals = _OF.get(language)
    if literals is None:
        raise NotPlain(language)

    def read(inner: Node, depth: int) -> Value:
        reader = literals.readers.get(inner.type)
        if reader is None or depth > _MOST_DEPTH or inner.has_error:
            raise NotPlain(text_of(inner)[:80])
        return reader(inner, lambda part: read(part, depth + 1))

    return read(node, 0)


def value_in(written: str, language: str) -> Value:
    """The value that a text is a literal of; raises NotPlain."""
    (value,) = _exactly(arguments_in(written, language), 1)
    return value


def arguments_in(written: str, language: str) -> tuple[Value, ...]:
    """The values of arguments, as they stand between the brackets of a call; raises NotPlain."""
    literals, grammar = _OF.get(language), language_named(language)
    if literals is None or grammar is None or len(written) > _LONGEST:
        raise NotPlain(written[:80])
    before, after = literals.wrapped
    root = parse(grammar, f"{before}f({written}){after}".encode("utf-8", "replace")).root
    if root.has_error:
        raise NotPlain(written[:80])
    start = len(before.encode()) + 1
    brackets = root.descendant_for_byte_range(start, start + len(f"({written})".encode("utf-8", "replace")))
    while brackets is not None and "argument" not in brackets.type:
        brackets = brackets.parent
    if brackets is None or text_of(brackets) != f"({written})":
        raise NotPlain(written[:80])
    return tuple(value_of(part, language) for part in parts(brackets))


def _exactly(values: tuple[Value, ...], count: int) -> tuple[Value, ...]:
    if len(values) != count:
        raise NotPlain("not one value")
    return values
