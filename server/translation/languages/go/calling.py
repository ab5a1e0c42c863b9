"""The source text that calls one function of a program with what it is told, inside its own package."""

from collections.abc import Iterable

from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.translation.languages.language import Program
from codenook.server.translation.shapes import Kind, Shape

PACKAGE = "program"


def in_package(text: str) -> str:
    """A program whose package can be imported: ``main`` can't be."""
    language = language_named("go")
    if language is None:
        return text
    source = encode(text)
    for node in parse(language, source).root.named_children:
        if node.type == "package_clause" and node.named_children:
            name = node.named_children[-1]
            changed = source[: name.start_byte] + PACKAGE.encode() + source[name.end_byte :]
            return changed.decode("utf-8", "replace")
    return text


def calling(program: Program) -> str:
    """The file that calls the program's function."""
    signature = program.signature
    maker = f"New{signature.owner}"
    has_maker = bool(signature.owner) and maker in _functions(program.text)
    function = f"(*{signature.owner}).{signature.name}" if signature.owner else signature.name
    results = signature.result.parts if signature.result.kind is Kind.TUPLE else (signature.result,)
    return "\n".join(
        [
            f"package {PACKAGE}",
            "",
            "// CodenookMain calls the function.",
            "func CodenookMain() {",
            "\tcodenookRun(codenookFunction{",
            f"\t\tfunction: {function},",
            f"\t\tmake: {maker if has_maker else 'nil'},",
            f"\t\tisMethod: {'true' if signature.owner else 'false'},",
            f"\t\tparameters: {_shapes(each.shape for each in signature.parameters)},",
            f"\t\tresults: {_shapes(results)},",
            "\t})",
            "}",
            "",
        ]
    )


def _functions(text: str) -> set[str]:
    language = language_named("go")
    nodes = parse(language, encode(text)).root.named_children if language else []
    return {
        text_of(node.child_by_field_name("name")) for node in nodes if node.type == "function_declaration"
    }


def _shapes(shapes: Iterable[Shape]) -> str:
    return f"[]codenookShape{{{', '.join(map(_shape, shapes))}}}"


def _shape(shape: Shape) -> str:
    return f'codenookShape{{"{shape.kind}", {_shapes(shape.parts) if shape.parts else "nil"}}}'
