"""Values for an annotation, the usual one first."""

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from attrs import define, frozen

from codenook.server.unit_tests.kits.python import guess, plain
from codenook.server.unit_tests.kits.python.customs import UNKNOWN
from codenook.server.unit_tests.kits.python.names import File, Found, Names, initializer
from codenook.server.unit_tests.kits.python.plain import ANYTHING, Value
from codenook.server.unit_tests.kits.python.subject import Function, Parameter, decorators, parameters

_DEEPEST = 4
_MOST = 10


@frozen
class Annotation:
    """A type as it is written in a file."""

    node: ast.expr
    file: File


@define(eq=False)
class Values:
    """Makes values of types."""

    names: Names

    def of(self, annotation: Annotation, depth: int = 0) -> list[Value]:
        """Values of a type; none when nobody knows it."""
        if depth > _DEEPEST:
            return []
        return list(dict.fromkeys(self._of(annotation, depth)))[:_MOST]

    def _of(self, annotation: Annotation, depth: int) -> Sequence[Value]:
        node, file = annotation.node, annotation.file
        if isinstance(node, ast.Constant):
            return self._of_constant(node, file, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            return _in_turn([self.of(Annotation(side, file), depth) for side in (node.left, node.right)])
        if isinstance(node, ast.Subscript):
            return self._of_generic(node, file, depth)
        if isinstance(node, ast.Name | ast.Attribute):
            return self._of_name(ast.unparse(node), file, depth, [])
        return []

    def _of_constant(self, node: ast.Constant, file: File, depth: int) -> Sequence[Value]:
        if node.value is None:
            return plain.PLAIN["None"]
        if isinstance(node.value, str):
            try:
                return self.of(Annotation(ast.parse(node.value.strip(), mode="eval").body, file), depth)
            except (SyntaxError, ValueError):
                return []
        return []

    def _of_generic(self, node: ast.Subscript, file: File, depth: int) -> Sequence[Value]:
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        name = ast.unparse(node.value)
        last = name.rpartition(".")[2]
        if last == "Literal":
            return [Value(ast.unparse(each)) for each in inner]
        if last in plain.WRAPPERS:
            return self.of(Annotation(inner[0], file), depth)
        if last in plain.UNIONS:
            options = [self.of(Annotation(each, file), depth) for each in inner]
            return _in_turn([*options, list(plain.PLAIN["None"])] if last == "Optional" else options)
        return self._of_name(name, file, depth, inner)

    def _of_name(self, name: str, file: File, depth: int, inner: list[ast.expr]) -> Sequence[Value]:
        found = self.names.find(file, name)
        if isinstance(found, Found):
            return self.of_definition(found, depth)
        last = found.rpartition(".")[2]
        if last in plain.PLAIN:
            return self._classes(inner, file) if last == "type" else plain.PLAIN[last]
        made: dict[str, Callable[[list[ast.expr], File, int], Sequence[Value]]] = {
            "Callable": self._functions,
            "Type": self._classes,
        }
        made |= dict.fromkeys(("tuple", "Tuple"), self._tuples) | dict.fromkeys(plain.DICTS, self._dicts)
        if last in made:
            return made[last](inner, file, depth)
        return self._collections(last, inner, file, depth) if last in plain.COLLECTIONS else []

    def _items(self, inner: list[ast.expr], number: int, file: File, depth: int) -> list[Value]:
        if number < len(inner):
            return self.of(Annotation(inner[number], file), depth + 1)
        return list(plain.INTEGERS if number == 0 else plain.TEXTS)

    def _collections(self, last: str, inner: list[ast.expr], file: File, depth: int) -> list[Value]:
        items = self._items(inner, 0, file, depth)
        if not items:
            return []
        rows = [items[:3], [], items[:1], [items[0], *items[:2]], items[1:6]]
        texts = [f"[{', '.join(item.text for item in row)}]" for row in rows]
        found = [Value(text, _needs(row)) for text, row in zip(texts, rows, strict=True)]
        if last in plain.SETS:
            return [Value(f"set({v.text})" if v.text == "[]" else _braced(v.text), v.imports) for v in found]
        if last in {"frozenset", "FrozenSet"}:
            return [Value(f"frozenset({value.text})", value.imports) for value in found]
        if last in plain.ITERATORS:
            return [Value(f"iter({value.text})", value.imports) for value in found]
        if last in {"deque", "Counter"}:
            needs = f"from collections import {last}"
            return [Value(f"{last}({value.text})", (*value.imports, needs)) for value in found]
        return found

    def _tuples(self, inner: list[ast.expr], file: File, depth: int) -> list[Value]:
        if not inner or (len(inner) > 1 and ast.unparse(inner[-1]) == "..."):
            lists = self._collections("list", inner[:1], file, depth)
            return [Value(_tupled(value.text), value.imports) for value in lists]
        columns = [self._items(inner, number, file, depth) for number in range(len(inner))]
        if not all(columns):
            return []
        rows = [[column[row % len(column)] for column in columns] for row in range(3)]
        return [Value(_tupled(f"[{', '.join(v.text for v in row)}]"), _needs(row)) for row in rows]

    def _dicts(self, inner: list[ast.expr], file: File, depth: int) -> list[Value]:
        keys = self._items(inner, 0, file, depth) if inner else list(plain.TEXTS[2:5])
        items = self._items(inner, 1, file, depth) if inner else list(plain.INTEGERS)
        if not keys or not items:
            return []
        pairs = list(zip(keys, (items * len(keys))[: len(keys)], strict=True))
        rows = [pairs[:2], [], pairs[:1], pairs[:4]]
        return [
            Value("{" + ", ".join(f"{k.text}: {v.text}" for k, v in row) + "}", _needs(sum(row, ())))
            for row in rows
        ]

    def _functions(self, inner: list[ast.expr], file: File, depth: int) -> list[Value]:
        takes = inner[0].elts if inner and isinstance(inner[0], ast.List) else None
        names = "abcdefgh"[: len(takes)] if takes is not None else None
        listed = ", ".join(names) if names is not None else "*args"
        gives = self._items(inner, 1, file, depth)[:2] if len(inner) > 1 else []
        head = f"lambda {listed}".strip()
        found = [Value(f"{head}: {names[0]}")] if names else []
        is_condition = len(inner) > 1 and ast.unparse(inner[1]) == "bool"
        found += [Value(f"{head}: bool({names[0]})")] if names and is_condition else []
        found = found if not is_condition else found[1:]
        found += [Value(f"{head}: {value.text}", value.imports) for value in gives]
        return found or list(plain.FUNCTIONS)

    def _classes(self, inner: list[ast.expr], file: File, _depth: int = 0) -> Sequence[Value]:
        if inner and isinstance(inner[0], ast.Name | ast.Attribute):
            found = self.names.find(file, ast.unparse(inner[0]))
            if isinstance(found, Found):
                return [Value(found.symbol, (found.statement,))]
            if found in plain.PLAIN and found not in {"Any", "object"}:
                return [Value(found)]
        return plain.PLAIN["type"]

    def of_definition(self, found: Found, depth: int = 0) -> list[Value]:
        """Objects of a class, or values of what is another name of a type."""
        node = found.node
        if isinstance(node, ast.ClassDef):
            return self._objects(found, node, depth)
        if isinstance(node, ast.Call):
            return self._of_variable(node, found, depth)
        if isinstance(node, ast.expr):
            return self.of(Annotation(node, found.file), depth + 1)
        return []

    def _of_variable(self, node: ast.Call, found: Found, depth: int) -> list[Value]:
        called = ast.unparse(node.func).rpartition(".")[2]
        if called == "NewType" and len(node.args) > 1:
            inner = self.of(Annotation(node.args[1], found.file), depth + 1)
            return [Value(f"{found.symbol}({v.text})", (*v.imports, found.statement)) for v in inner]
        if called in {"TypeVar", "ParamSpec"}:
            bounds = [each.value for each in node.keywords if each.arg == "bound"] or node.args[1:]
            return _in_turn([self.of(Annotation(b, found.file), depth + 1) for b in bounds]) or list(ANYTHING)
        if called == "namedtuple" and len(node.args) > 1:
            return self._namedtuple(node.args[1], found)
        return []

    @staticmethod
    def _namedtuple(fields: ast.expr, found: Found) -> list[Value]:
        try:
            listed = ast.literal_eval(fields)
        except (ValueError, TypeError, SyntaxError):
            return []
        names = listed.replace(",", " ").split() if isinstance(listed, str) else list(listed)
        numbers = ", ".join(str(number + 1) for number in range(len(names)))
        return [Value(f"{found.symbol}({numbers})", (found.statement,))]

    def _objects(self, found: Found, node: ast.ClassDef, depth: int) -> list[Value]:
        bases = {ast.unparse(base).rpartition(".")[2].partition("[")[0] for base in node.bases}
        if bases & {"Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}:
            return [
                Value(f"{found.symbol}.{target.id}", (found.statement,))
                for statement in node.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name) and not target.id.startswith("_")
            ]
        if "TypedDict" in bases:
            return self._typed_dict(found, node, depth)
        return self._constructed(found, node, depth)

    def _typed_dict(self, found: Found, node: ast.ClassDef, depth: int) -> list[Value]:
        fields = _fields(node, is_attrs=False, is_keyword=True)
        columns = [(each.name, self.of_parameter(each, None, found.file, depth + 1)) for each in fields]
        known = [(name, values[0]) for name, values in columns if values]
        text = ", ".join(f'"{name}": {value.text}' for name, value in known)
        return [Value("{" + text + "}", _needs([value for _, value in known]))]

    def _constructed(self, found: Found, node: ast.ClassDef, depth: int) -> list[Value]:
        """Calls of the class: with what it must have, in a few variations."""
        columns: list[tuple[str, list[Value]]] = []
        for parameter, function, file in self.constructor(found, node):
            if parameter.is_variadic or parameter.default is not None:
                continue
            values = self.of_parameter(parameter, function, file, depth + 1) or list(ANYTHING[:2])
            columns.append((f"{parameter.name}=" if parameter.is_keyword else "", values))
        n_rows = min(3, max((len(values) for _, values in columns), default=1))
        objects = []
        for row in range(n_rows):
            picked = [(before, values[row % len(values)]) for before, values in columns]
            text = ", ".join(before + value.text for before, value in picked)
            needs = (*_needs([value for _, value in picked]), found.statement)
            objects.append(Value(f"{found.symbol}({text})", tuple(dict.fromkeys(needs))))
        return objects

    def of_parameter(
        self, parameter: Parameter, function: Function | None, file: File, depth: int = 0
    ) -> list[Value]:
        """Values of what a function is called with: by annotation, else by what one can guess."""
        if parameter.annotation is not None:
            known = self.of(Annotation(parameter.annotation, file), depth)
            if known:
                return known
        guessed = guess.kinds(function, parameter) if function else list(UNKNOWN)
        options = [self.of(Annotation(_parsed(kind), file), depth) for kind in guessed]
        return list(dict.fromkeys(_in_turn(options)))

    def constructor(
        self, found: Found, node: ast.ClassDef, hops: int = 4
    ) -> list[tuple[Parameter, Function | None, File]]:
        """What a class is made from, with the function that it goes to and the file of that."""
        own = initializer(node)
        if own is not None:
            return [(each, own, found.file) for each in parameters(own, has_receiver=True)]
        inherited: list[tuple[Parameter, Function | None, File]] = []
        for base in node.bases:
            if isinstance(base, ast.Name | ast.Attribute) and hops:
                above = self.names.find(found.file, ast.unparse(base))
                if isinstance(above, Found) and isinstance(above.node, ast.ClassDef):
                    inherited += self.constructor(above, above.node, hops - 1)
        bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        names = decorators(node) & _WITH_FIELDS
        if not (names or bases & {"NamedTuple", "BaseModel", "Struct"}):
            return inherited
        is_attrs = bool(names - {"dataclass"})
        return [
            *inherited,
            *((each, None, found.file) for each in _fields(node, is_attrs, "BaseModel" in bases)),
        ]


_WITH_FIELDS = frozenset({"dataclass", "define", "frozen", "mutable", "attrs", "s", "attributes"})


def _parsed(kind: str) -> ast.expr:
    return ast.parse(kind, mode="eval").body


def _fields(node: ast.ClassDef, is_attrs: bool, is_keyword: bool) -> Iterator[Parameter]:  # noqa: FBT001
    for each in node.body:
        is_field = isinstance(each, ast.AnnAssign) and "ClassVar" not in ast.unparse(each.annotation)
        if not (is_field and isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)):
            continue
        default = each.value
        given = {k.arg: k.value for k in default.keywords} if _is_specifier(default) else {}  # type: ignore[union-attr]
        if "init" in given and ast.unparse(given["init"]) == "False":
            continue
        if _is_specifier(default) and not given.keys() & {"default", "factory", "default_factory"}:
            default = None
        name = each.target.id.lstrip("_") if is_attrs else each.target.id
        yield Parameter(name, each.annotation, default, is_keyword or "kw_only" in given)


def _is_specifier(value: ast.expr | None) -> bool:
    names = {"field", "Field", "ib", "attrib"}
    return isinstance(value, ast.Call) and ast.unparse(value.func).rpartition(".")[2] in names


def _in_turn(options: Sequence[Sequence[Value]]) -> list[Value]:
    return [value for row in zip_longest(*options) for value in row if value is not None]


def _needs(values: Sequence[Value]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(statement for value in values for statement in value.imports))


def _braced(text: str) -> str:
    return "{" + text[1:-1] + "}"


def _tupled(text: str) -> str:
    tree = ast.parse(text, mode="eval").body
    comma = "," if isinstance(tree, ast.List) and len(tree.elts) == 1 else ""
    return f"({text[1:-1]}{comma})"
