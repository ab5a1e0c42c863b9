"""What a class is made from: its own constructor, that of a base, or its fields."""

import ast
from collections.abc import Iterator

from codenook.server.unit_tests.kits.python.names import File, Found, Names, initializer
from codenook.server.unit_tests.kits.python.subject import Function, Parameter, decorators, parameters

_WITH_FIELDS = frozenset({"dataclass", "define", "frozen", "mutable", "attrs", "s", "attributes"})


def constructor(
    names: Names, found: Found, node: ast.ClassDef, hops: int = 4
) -> list[tuple[Parameter, Function | None, File]]:
    """What a class is made from, with the function that it goes to and the file of that."""
    own = initializer(node)
    if own is not None:
        return [(each, own, found.file) for each in parameters(own, has_receiver=True)]
    inherited: list[tuple[Parameter, Function | None, File]] = []
    for base in node.bases:
        if isinstance(base, ast.Name | ast.Attribute) and hops:
            above = names.find(found.file, ast.unparse(base))
            if isinstance(above, Found) and isinstance(above.node, ast.ClassDef):
                inherited += constructor(names, above, above.node, hops - 1)
    bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    kinds = decorators(node) & _WITH_FIELDS
    if not (kinds or bases & {"NamedTuple", "BaseModel", "Struct"}):
        return inherited
    is_attrs = bool(kinds - {"dataclass"})
    return [
        *inherited,
        *(
            (each, None, found.file)
            for each in fields(node, is_attrs=is_attrs, is_keyword="BaseModel" in bases)
        ),
    ]


def fields(node: ast.ClassDef, *, is_attrs: bool, is_keyword: bool) -> Iterator[Parameter]:
    """The fields of a class that its constructor takes."""
    for name, annotation, value in _assigned(node):
        default, given = value, _given(value)
        if "init" in given and ast.unparse(given["init"]) == "False":
            continue
        if _is_specifier(value) and not given.keys() & {"default", "factory", "default_factory"}:
            default = None
        shown = name.lstrip("_") if is_attrs else name
        yield Parameter(shown, annotation, default, is_keyword or "kw_only" in given)


def _assigned(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    """The fields with their annotations, or as the older form of attrs has them (``x = attr.ib()``)."""
    for each in node.body:
        match each:
            case ast.AnnAssign(target=ast.Name(id=name)) if "ClassVar" not in ast.unparse(each.annotation):
                yield name, each.annotation, each.value
            case ast.Assign(targets=[ast.Name(id=name)]) if _is_specifier(each.value):
                yield name, None, each.value


def _given(value: ast.expr | None) -> dict[str | None, ast.expr]:
    if not isinstance(value, ast.Call) or not _is_specifier(value):
        return {}
    return {each.arg: each.value for each in value.keywords}


def _is_specifier(value: ast.expr | None) -> bool:
    names = {"field", "Field", "ib", "attrib"}
    return isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in names
