"""Which calls only make a value: in what the sandbox says of one, no other may stand."""

import ast
import builtins
import sys
from collections.abc import Mapping, Sequence

_PLAIN_NAMES = "bool bytearray bytes complex dict float frozenset int list object range set slice str tuple"
_PLAIN = frozenset(_PLAIN_NAMES.split())
_STANDARD_NAMES = """
array.array collections.ChainMap collections.Counter collections.OrderedDict collections.UserDict
collections.UserList collections.UserString collections.defaultdict collections.deque datetime.date
datetime.datetime datetime.time datetime.timedelta datetime.timezone decimal.Decimal fractions.Fraction
io.BytesIO io.StringIO ipaddress.IPv4Address ipaddress.IPv4Interface ipaddress.IPv4Network
ipaddress.IPv6Address ipaddress.IPv6Interface ipaddress.IPv6Network pathlib.Path pathlib.PosixPath
pathlib.PurePath pathlib.PurePosixPath pathlib.PureWindowsPath pathlib.WindowsPath re.compile
time.struct_time types.SimpleNamespace urllib.parse.DefragResult urllib.parse.ParseResult
urllib.parse.SplitResult uuid.UUID zoneinfo.ZoneInfo
"""
_STANDARD = frozenset(_STANDARD_NAMES.split())
_LAST = frozenset(name.rpartition(".")[2] for name in _STANDARD) - {"compile"}
_ACTING = frozenset({"antigravity", "this", "idlelib", "turtledemo", "__main__", "site", "sitecustomize"})
"""Modules that do something when they are imported."""


def makes_values(called: ast.expr, imports: Sequence[str]) -> bool:
    """Whether what is called, with these statements before it, is a class or a maker of values.

    Of the standard library that is what is known here; else it is called as classes are, or was imported by
    its own name.
    """
    name = _dotted(called)
    if name is None:
        return False
    first, _, rest = name.partition(".")
    whole = _bound(imports).get(first)
    if whole is None:
        is_known = name in _LAST or name in _STANDARD
        return _is_built_in(name) if hasattr(builtins, first) else _is_class(name) or is_known
    full = f"{whole}.{rest}" if rest else whole
    if full.partition(".")[0] in sys.stdlib_module_names:
        return full in _STANDARD
    return _is_class(full) or not rest or full.rpartition(".")[0] in _modules(imports)


def may_be_imported(statement: str) -> bool:
    """Whether an import does nothing but bind a name, or runs the project's own code as its tests do."""
    return statement.split()[1].partition(".")[0] not in _ACTING


def _bound(imports: Sequence[str]) -> Mapping[str, str]:
    """What statements bind: a name, and what it stands for."""
    found = {}
    for statement in imports:
        words = statement.split()
        if words[0] == "from":
            found[words[3]] = f"{words[1]}.{words[3]}"
        else:
            found[words[1].partition(".")[0]] = words[1].partition(".")[0]
    return found


def _modules(imports: Sequence[str]) -> frozenset[str]:
    return frozenset(words[1] for each in imports if (words := each.split())[0] == "import")


def _dotted(node: ast.expr) -> str | None:
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else None


def _is_built_in(name: str) -> bool:
    value = getattr(builtins, name, None)
    is_error = isinstance(value, type) and issubclass(value, BaseException)
    return name in _PLAIN or is_error


def _is_class(name: str) -> bool:
    """Whether a name is as names of classes are; one of them starts programs."""
    last = name.rpartition(".")[2].lstrip("_")
    return last[:1].isupper() and last != "Popen"
