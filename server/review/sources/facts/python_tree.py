"""Python's trees: what is bound where, signatures, and the arguments of calls."""

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import first_named, text_of

FUNCTIONS = frozenset({"function_definition", "lambda"})
_SCOPES = FUNCTIONS | {"class_definition"}
_KEEPS_SIGNATURE = {
    *("staticmethod", "classmethod", "abstractmethod", "override", "final", "cache", "lru_cache"),
    *("contextmanager", "asynccontextmanager", "no_type_check"),
}


class By(Enum):
    """How a parameter can be given."""

    POSITION = "position"
    EITHER = "either"
    NAME = "name"


@frozen
class Parameter:
    """A parameter that is given one argument; ``node`` is where it stands."""

    name: str
    by: By
    is_needed: bool
    node: Node

    def same(self, other: "Parameter") -> bool:
        """Whether a caller sees no difference."""
        return (self.name, self.by, self.is_needed) == (other.name, other.by, other.is_needed)


@frozen
class Signature:
    """What a caller may give; ``takes_more`` and ``takes_names`` are ``*args`` and ``**kwargs``."""

    parameters: tuple[Parameter, ...]
    takes_more: bool = False
    takes_names: bool = False

    def without_receiver(self) -> "Signature":
        """The same without the first parameter."""
        return Signature(self.parameters[1:], self.takes_more, self.takes_names)

    def same(self, other: "Signature") -> bool:
        """Whether a caller sees no difference."""
        marks = (self.takes_more, self.takes_names) == (other.takes_more, other.takes_names)
        n = len(self.parameters)
        return (
            marks
            and n == len(other.parameters)
            and all(map(Parameter.same, self.parameters, other.parameters))
        )

    def named(self, name: str) -> Parameter | None:
        """The parameter of a name."""
        return next((parameter for parameter in self.parameters if parameter.name == name), None)


@frozen
class Arguments:
    """What a call gives: how many by position, which by name."""

    n: int
    names: tuple[str, ...]


@frozen
class Misfit:
    """What is wrong with arguments: needed ones that lack, more than there are, names that there aren't."""

    missing: tuple[str, ...] = ()
    n_extra: int = 0
    unknown: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.missing or self.n_extra or self.unknown)


def misfit(arguments: Arguments, signature: Signature) -> Misfit:
    """How arguments don't fit a signature."""
    by_position = [p for p in signature.parameters if p.by is not By.NAME]
    by_name = {p.name for p in signature.parameters if p.by is not By.POSITION}
    given = {p.name for p in by_position[: arguments.n]} | (by_name & set(arguments.names))
    return Misfit(
        tuple(p.name for p in signature.parameters if p.is_needed and p.name not in given),
        0 if signature.takes_more else max(arguments.n - len(by_position), 0),
        () if signature.takes_names else tuple(name for name in arguments.names if name not in by_name),
    )


def arguments_of(call: Node) -> Arguments | None:
    """The arguments of a call; None when ``*`` or ``**`` make that uncertain, or something can't be read."""
    given = call.child_by_field_name("arguments")
    if given is None or given.has_error:
        return None
    if given.type == "generator_expression":
        return Arguments(1, ())
    n, names = 0, []
    for argument in given.named_children:
        if argument.type in {"list_splat", "dictionary_splat"}:
            return None
        if argument.type == "keyword_argument":
            names.append(text_of(argument.child_by_field_name("name")))
        elif argument.type != "comment":
            n += 1
    return Arguments(n, tuple(names))


def signature_of(function: Node) -> Signature | None:
    """The signature of a function; None when it can't be read."""
    listed = function.child_by_field_name("parameters")
    if listed is None or listed.has_error:
        return None
    parameters: list[Parameter] = []
    takes_more = takes_names = False
    by = By.EITHER
    for node in listed.named_children:
        name, is_needed = _named(node)
        if node.type == "positional_separator":
            parameters = [Parameter(p.name, By.POSITION, p.is_needed, p.node) for p in parameters]
        elif node.type == "keyword_separator":
            by = By.NAME
        elif name.type == "list_splat_pattern":
            takes_more, by = True, By.NAME
        elif name.type == "dictionary_splat_pattern":
            takes_names = True
        elif name.type == "identifier":
            parameters.append(Parameter(text_of(name), by, is_needed, node))
        elif node.type != "comment":
            return None
    return Signature(tuple(parameters), takes_more, takes_names)


def decorators(function: Node) -> list[str]:
    """The names of a definition's decorators, their last parts; ``?`` for what is no plain name."""
    outer = function.parent
    if outer is None or outer.type != "decorated_definition":
        return []
    found = []
    for child in outer.named_children:
        if child.type == "decorator":
            named = first_named(child)
            if named is not None and named.type == "call":
                named = named.child_by_field_name("function")
            plain = named is not None and named.type in {"identifier", "attribute"}
            found.append(text_of(named).rpartition(".")[2] if plain else "?")
    return found


def keeps_signature(function: Node) -> bool:
    """Whether a caller meets the signature that is written."""
    return _KEEPS_SIGNATURE.issuperset(decorators(function))


def definitions(parsed: Parsed) -> dict[str, list[Node]]:
    """The functions and classes of a file by qualified name, those inside of functions left out."""
    found: dict[str, list[Node]] = {}
    pending: list[tuple[Node, str]] = [(parsed.root, "")]
    while pending:
        node, around = pending.pop()
        for child in node.named_children:
            if child.type in {"function_definition", "class_definition"}:
                name = text_of(child.child_by_field_name("name"))
                symbol = f"{around}.{name}" if around else name
                found.setdefault(symbol, []).append(child)
                body = child.child_by_field_name("body")
                if child.type == "class_definition" and body:
                    pending.append((body, symbol))
            elif child.type not in {"expression_statement", "import_from_statement"}:
                pending.append((child, around))
    return found


def enclosing(node: Node, kinds: frozenset[str]) -> Iterator[Node]:
    """The nodes of these kinds around a node, the innermost first."""
    at = node.parent
    while at is not None:
        if at.type in kinds:
            yield at
        at = at.parent


def outermost_function(node: Node) -> Node | None:
    """The function around a node that is in no other one."""
    return next(reversed(list(enclosing(node, FUNCTIONS))), None)


def class_around(function: Node) -> str | None:
    """The qualified name of the classes around a function; empty for none, None when one is in a function."""
    around = list(enclosing(function, _SCOPES))
    if any(node.type in FUNCTIONS for node in around):
        return None
    return ".".join(text_of(node.child_by_field_name("name")) for node in reversed(around))


@frozen(eq=False)
class Bindings:
    """Which names a file binds at its own level (``nodes``), how often, and which in a function."""

    parsed: Parsed
    nodes: tuple[Node, ...]
    of_file: Counter[str]
    is_open: bool
    """Whether there may be names that nobody can see: star imports, ``exec``, ``globals()``."""

    @classmethod
    def of(cls, parsed: Parsed) -> "Bindings":
        """Look at all of a file once."""
        own: list[Node] = []
        for node in parsed.captures("bindings").get("bound", ()):
            is_declared = node.parent is not None and node.parent.type == "global_statement"
            if is_declared or next(enclosing(_binder(node), _SCOPES), None) is None:
                own.append(node)
        counted = Counter(text_of(node) for node in own)
        is_open = bool(parsed.captures("imports").get("star")) or any(map(_is_dynamic, _calls(parsed)))
        return cls(parsed, tuple(own), counted, is_open)

    def in_function(self, name: str, function: Node) -> list[Node]:
        """Where a function, or one in it, binds a name."""
        nodes = self.parsed.captures("bindings", function.byte_range).get("bound", ())
        own = function.child_by_field_name("name")
        return [
            node
            for node in nodes
            if text_of(node) == name
            and function.start_byte <= node.start_byte < function.end_byte
            and node != own
        ]


def _binder(node: Node) -> Node:
    """The node whose scope a name is bound in: of a definition's name, that of the definition."""
    parent = node.parent
    is_own_name = parent is not None and parent.child_by_field_name("name") == node
    return parent if parent is not None and parent.type in _SCOPES and is_own_name else node


def _calls(parsed: Parsed) -> Iterator[Node]:
    for node in parsed.nodes_of(("exec", "globals", "setattr", "vars")):
        if node.parent is not None and node.parent.type == "call":
            yield node


def _is_dynamic(node: Node) -> bool:
    call = node.parent
    name = text_of(node)
    if call is None or call.child_by_field_name("function") != node:
        return False
    first = first_named(call.child_by_field_name("arguments") or call)
    return name != "setattr" or text_of(first).startswith(("sys.modules", "module"))


def _named(node: Node) -> tuple[Node, bool]:
    """The name of a parameter's node, and whether it needs an argument."""
    if node.type == "typed_parameter":
        return first_named(node) or node, True
    if node.type in {"default_parameter", "typed_default_parameter"}:
        return node.child_by_field_name("name") or node, False
    return node, True


def pure_chain(node: Node) -> tuple[Node, Sequence[str]] | None:
    """What an expression of names and attributes begins with (a name or a call), and the attributes."""
    names: list[str] = []
    while node.type == "attribute":
        names.append(text_of(node.child_by_field_name("attribute")))
        inner = node.child_by_field_name("object")
        if inner is None:
            return None
        node = inner
    return (node, names[::-1]) if node.type in {"identifier", "call"} else None
