"""Values for an annotation, the usual one first."""

import ast
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

from attrs import define, frozen

from codenook.server.unit_tests.kits.python import containers, guess, plain
from codenook.server.unit_tests.kits.python.customs import UNKNOWN
from codenook.server.unit_tests.kits.python.fields import constructor, fields
from codenook.server.unit_tests.kits.python.names import File, Found, Names
from codenook.server.unit_tests.kits.python.plain import ANYTHING, Value
from codenook.server.unit_tests.kits.python.subject import Function, Parameter, definitions

_DEEPEST = 4
_LITERAL = (ast.Constant, ast.UnaryOp, ast.Attribute)
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
        try:
            return list(dict.fromkeys(self._of(annotation, depth)))[:_MOST]
        except RecursionError:  # a type of so many parts
            return []

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
            except (SyntaxError, ValueError, MemoryError):
                return []
        return []

    def _of_generic(self, node: ast.Subscript, file: File, depth: int) -> Sequence[Value]:
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        name = ast.unparse(node.value)
        last = name.rpartition(".")[2]
        if last == "Literal":
            return [Value(ast.unparse(each)) for each in inner if isinstance(each, _LITERAL)]
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
        return containers.collections(last, self._items(inner, 0, file, depth))

    def _tuples(self, inner: list[ast.expr], file: File, depth: int) -> list[Value]:
        if not inner or (len(inner) > 1 and ast.unparse(inner[-1]) == "..."):
            return containers.collections("tuple", self._items(inner, 0, file, depth))
        return containers.tuples([self._items(inner, number, file, depth) for number in range(len(inner))])

    def _dicts(self, inner: list[ast.expr], file: File, depth: int) -> list[Value]:
        keys = self._items(inner, 0, file, depth) if inner else list(plain.TEXTS[2:5])
        return containers.dicts(keys, self._items(inner, 1, file, depth) if inner else plain.INTEGERS)

    def _functions(self, inner: list[ast.expr], file: File, depth: int) -> list[Value]:
        if len(inner) < 2 or not isinstance(inner[0], ast.List):  # noqa: PLR2004 - what it takes and gives
            return list(plain.FUNCTIONS)
        is_condition = ast.unparse(inner[1]) == "bool"
        gives = self._items(inner, 1, file, depth)
        return containers.functions(len(inner[0].elts), gives, is_condition=is_condition)

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
        if depth > _DEEPEST:
            return []
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
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return []
        if not isinstance(listed, str | list | tuple):
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
        if bases & {"ABC", "Protocol"}:
            return [v for below in _below(found, node) for v in self.of_definition(below, depth + 1)]
        return self._constructed(found, node, depth)

    def _typed_dict(self, found: Found, node: ast.ClassDef, depth: int) -> list[Value]:
        listed = fields(node, is_attrs=False, is_keyword=True)
        columns = [(each.name, self.of_parameter(each, None, found.file, depth + 1)) for each in listed]
        known = [(name, values[0]) for name, values in columns if values]
        text = ", ".join(f'"{name}": {value.text}' for name, value in known)
        return [Value("{" + text + "}", containers.needs([value for _, value in known]))]

    def _constructed(self, found: Found, node: ast.ClassDef, depth: int) -> list[Value]:
        """Calls of the class: with what it must have, in a few variations."""
        columns: list[tuple[str, list[Value]]] = []
        for parameter, function, file in constructor(self.names, found, node):
            if parameter.is_variadic or parameter.default is not None:
                continue
            values = self.of_parameter(parameter, function, file, depth + 1) or list(ANYTHING[:2])
            columns.append((f"{parameter.name}=" if parameter.is_keyword else "", values))
        n_rows = min(3, max((len(values) for _, values in columns), default=1))
        objects = []
        for row in range(n_rows):
            picked = [(before, values[row % len(values)]) for before, values in columns]
            text = ", ".join(before + value.text for before, value in picked)
            needs = (*containers.needs([value for _, value in picked]), found.statement)
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
        options = [self.of(Annotation(ast.parse(kind, mode="eval").body, file), depth) for kind in guessed]
        return list(dict.fromkeys(_in_turn(options)))


def _below(found: Found, node: ast.ClassDef) -> Iterator[Found]:
    """The classes of the same file that derive from one."""
    for each in definitions(found.file.tree):
        if isinstance(each, ast.ClassDef) and node.name in map(ast.unparse, each.bases):
            yield Found(found.file, each, each.name)


def _in_turn(options: Sequence[Sequence[Value]]) -> list[Value]:
    return [value for row in zip_longest(*options) for value in row if value is not None]
