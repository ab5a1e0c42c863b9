"""The source text that calls one function of a program with what it is told, from a module inside of it."""

from collections.abc import Iterator, Sequence

from tree_sitter import Node

from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.translation.languages.language import Program
from codenook.server.translation.outcome import Call
from codenook.server.translation.shapes import Kind
from codenook.server.translation.signature import Parameter

MODULE = "codenook_run"
"""The module's name, and that of its file."""

_MODULES = ("json", "wire", "references", "containers", "telling", "apart")


def appended() -> str:
    """What stands behind a program's text: a module inside of it sees all that is private there."""
    return f'\n#[path = "{MODULE}.rs"]\npub mod {MODULE};\n'


def calling(program: Program, calls: Sequence[Call]) -> str:
    """The module that calls the program's function."""
    return "\n".join([*_lines(program, calls), ""])


def _lines(program: Program, calls: Sequence[Call]) -> Iterator[str]:
    signature = program.signature
    for name in _MODULES:
        yield f'#[path = "{name}.rs"]\nmod {name};'
    yield "#[allow(unused_imports)]\nuse super::*;"
    yield "#[allow(unused_imports)]\nuse telling::{Splits as _, Tells as _, TellsError as _};"
    yield "pub fn main() {\n    apart::run(call);\n}"
    yield (
        "fn call(made_with: &[json::Told], arguments: &[json::Told])"
        " -> ::std::result::Result<::std::string::String, ::std::string::String> {"
    )
    yield f"    if arguments.len() != {len(signature.parameters)} {{"
    yield "        return ::std::result::Result::Err(::std::string::String::from("
    yield f'            "it takes {len(signature.parameters)} arguments"));'
    yield "    }"
    names = [f"argument_{index}" for index in range(len(signature.parameters))]
    given = ", ".join(names)
    function = f"super::{signature.owner or ''}::{signature.name}".replace("::::", "::")
    if signature.owner and not signature.is_static:
        n_made_with = max((len(call.made_with) for call in calls), default=0)
        yield f"    let made = {_made(program, n_made_with)};"
        yield "    #[allow(unused_mut)]\n    let mut object = " + _split("made")
        called = f"object.{signature.name}({given})"
    else:
        called = f"{function}({given})"
    for index, name in enumerate(names):
        yield f"    let {name} = {_argument(signature.parameters[index], index)};"
    yield f"    let given = unsafe {{ {f'wire::awaited({called})' if signature.is_async else called} }};"
    yield f"    let value = {_split('given')}"
    yield "    let value = telling::Given::new(value);"
    yield "    let value = (&&&value).tell();"
    yield "    ::std::result::Result::Ok(telling::returned(&value, wire::after(arguments)))"
    yield "}"


def _argument(parameter: Parameter, index: int) -> str:
    """What makes an argument: of the type that is asked for, or one that has the trait which is."""
    given = f"(arguments, {index})?"
    if not parameter.written.startswith("impl "):
        return f"wire::argument{given}"
    if parameter.shape.kind is Kind.TEXT:
        return f"wire::argument::<::std::string::String>{given}"
    return f"::std::iter::IntoIterator::into_iter(wire::argument::<::std::vec::Vec<_>>{given})"


def _split(name: str) -> str:
    """What takes a value out of a result, or ends the call with its error."""
    return f"""match (&&telling::Given::new({name})).split() {{
        ::std::result::Result::Ok(value) => value,
        ::std::result::Result::Err(error) => {{
            let error = telling::Given::new(error);
            let name = telling::raised(&error);
            let message = (&&&error).message();
            return ::std::result::Result::Ok(telling::ended("raised", &name, &message));
        }}
    }};"""


def _made(program: Program, n_arguments: int) -> str:
    """What makes the object of a method: ``new`` if it takes as many arguments, its fields, or a default."""
    owner = program.signature.owner
    given = [f"wire::argument(made_with, {index})?" for index in range(n_arguments)]
    language = language_named("rust")
    root = parse(language, encode(program.text)).root if language else None
    if root is not None and _takes(root, owner) == n_arguments:
        return f"super::{owner}::new({', '.join(given)})"
    fields = _fields(root, owner) if root is not None else None
    if fields is not None and len(fields) == n_arguments:
        if all(name.isdigit() for name in fields) and fields:
            return f"super::{owner}({', '.join(given)})"
        each = ", ".join(f"{name}: {value}" for name, value in zip(fields, given, strict=True))
        return f"super::{owner} {{ {each} }}"
    return f"<super::{owner} as ::std::default::Default>::default()"


def _takes(root: Node, owner: str) -> int | None:
    """How many parameters a type's ``new`` takes; None where it has none."""
    for impl in root.named_children:
        body = impl.child_by_field_name("body")
        if impl.type != "impl_item" or body is None or impl.child_by_field_name("trait") is not None:
            continue
        if text_of(impl.child_by_field_name("type")).partition("<")[0] != owner:
            continue
        for item in body.named_children:
            if item.type == "function_item" and text_of(item.child_by_field_name("name")) == "new":
                parameters = item.child_by_field_name("parameters")
                found = parameters.named_children if parameters else []
                return sum(each.type == "parameter" for each in found)
    return None


def _fields(root: Node, owner: str) -> list[str] | None:
    """The fields of a struct, numbers where they have no names; None for what is no struct."""
    for item in root.named_children:
        if item.type == "struct_item" and text_of(item.child_by_field_name("name")) == owner:
            body = item.child_by_field_name("body")
            if body is None:
                return []
            if body.type == "ordered_field_declaration_list":
                return [str(index) for index, _ in enumerate(body.children_by_field_name("type"))]
            return [
                text_of(each.child_by_field_name("name"))
                for each in body.named_children
                if each.type == "field_declaration"
            ]
    return None
