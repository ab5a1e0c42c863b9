"""Values of types that every Python has, the usual one first, then boundaries."""

from collections.abc import Mapping

from attrs import frozen


@frozen
class Value:
    """An expression, and the statements that it needs."""

    text: str
    imports: tuple[str, ...] = ()


def _values(*texts: str, needs: str = "") -> tuple[Value, ...]:
    return tuple(Value(text, (needs,) if needs else ()) for text in texts)


TEXTS = _values(
    '"Hello World"', '""', '"a"', '"one two  three"', '"42"', '" x "', '"a,b\\nc"', '"Straße-é_1"'
)
INTEGERS = _values("3", "0", "1", "-1", "2", "10", "100")
_MOMENTS = _values(
    "datetime.datetime(2024, 2, 29, 12, 30)", "datetime.datetime(1999, 12, 31)", needs="import datetime"
)
_DAYS = _values("datetime.date(2024, 2, 29)", "datetime.date(1999, 12, 31)", needs="import datetime")
_SPANS = _values(
    "datetime.timedelta(days=1, hours=2)", "datetime.timedelta(0)", "datetime.timedelta(seconds=-90)",
    needs="import datetime",
)  # fmt: skip
_TIMES = _values("datetime.time(12, 30)", "datetime.time(0)", needs="import datetime")
_PATHS = _values(
    'Path("folder/file.txt")', 'Path(".")', 'Path("/a/b.tar.gz")', needs="from pathlib import Path"
)
_PURE = _values('PurePosixPath("folder/file.txt")', needs="from pathlib import PurePosixPath")
_DECIMALS = _values('Decimal("1.5")', 'Decimal("0")', 'Decimal("-2")', needs="from decimal import Decimal")
_FRACTIONS = _values("Fraction(1, 3)", "Fraction(0)", needs="from fractions import Fraction")
_PATTERNS = _values('re.compile("[a-z]+")', 're.compile("(?P<n>\\\\d+)")', needs="import re")
_MATCHES = _values('re.match("(h)(?P<rest>.*)", "hello")', needs="import re")
_TEXT_FILES = _values('io.StringIO("one\\ntwo\\n")', 'io.StringIO("")', needs="import io")
_BINARY_FILES = _values('io.BytesIO(b"one\\ntwo\\n")', 'io.BytesIO(b"")', needs="import io")
_UUIDS = _values('UUID("12345678-1234-5678-1234-567812345678")', needs="from uuid import UUID")
_BYTES = _values('b"abc"', 'b""', 'b"\\x00\\xff"', 'b"one two"')
FUNCTIONS = (
    *_values("str", "lambda x: x == 3", "lambda *args: args", "bool", "max", "len"),
    Value("operator.add", ("import operator",)),
)
"""One of these takes what a function of unknown parameters is called with."""

_MODULES = _values("math", needs="import math")
ANYTHING = (
    *_values("3", '"a"', "None", "[1, 2, 3]", '"Hello World"', "0", '{"a": 1}', "1.5", "(1, 2)", "True"),
)

PLAIN: Mapping[str, tuple[Value, ...]] = {
    "str": TEXTS,
    "LiteralString": TEXTS,
    "Text": TEXTS,
    "AnyStr": TEXTS,
    "int": INTEGERS,
    "Integral": INTEGERS,
    "SupportsIndex": INTEGERS,
    "float": _values("1.5", "0.0", "-2.5", "100.0", "3", "1e-9"),
    "Real": _values("1.5", "0.0", "-2.5", "3"),
    "Number": _values("1.5", "3", "0", "-2"),
    "complex": _values("1 + 2j", "0j"),
    "bool": _values("True", "False"),
    "bytes": _BYTES,
    "bytearray": _values('bytearray(b"abc")', "bytearray()"),
    "memoryview": _values('memoryview(b"abc")'),
    "Buffer": _BYTES,
    "ByteString": _BYTES,
    "None": _values("None"),
    "NoneType": _values("None"),
    "object": ANYTHING,
    "Any": ANYTHING,
    "Hashable": _values("3", '"a"', "None", "(1, 2)"),
    "range": _values("range(3)", "range(0)"),
    "slice": _values("slice(1, 3)", "slice(None)", "slice(None, None, -1)"),
    "type": _values("int", "str", "ValueError"),
    "datetime": _MOMENTS,
    "date": _DAYS,
    "time": _TIMES,
    "timedelta": _SPANS,
    "tzinfo": _values("datetime.timezone.utc", needs="import datetime"),
    "timezone": _values("datetime.timezone.utc", needs="import datetime"),
    "Path": _PATHS,
    "PurePath": _PURE,
    "PurePosixPath": _PURE,
    "PathLike": _PATHS,
    "Decimal": _DECIMALS,
    "Fraction": _FRACTIONS,
    "UUID": _UUIDS,
    "Pattern": _PATTERNS,
    "Match": _MATCHES,
    "TextIO": _TEXT_FILES,
    "StringIO": _TEXT_FILES,
    "IO": _TEXT_FILES,
    "TextIOBase": _TEXT_FILES,
    "BinaryIO": _BINARY_FILES,
    "BytesIO": _BINARY_FILES,
    "ModuleType": _MODULES,
    "Exception": _values('ValueError("no")', "KeyError(1)"),
    "BaseException": _values('ValueError("no")', "KeyError(1)"),
    "Random": _values("random.Random(1)", needs="import random"),
}
"""By the last part of a type's name."""

LISTS = frozenset(
    {
        *("list", "List", "Sequence", "MutableSequence", "Iterable", "Collection", "Container", "Reversible"),
        *("Sized", "SupportsLenAndGetItem"),
    }
)
SETS = frozenset({"set", "Set", "AbstractSet", "MutableSet"})
DICTS = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict", "DefaultDict"})
ITERATORS = frozenset({"Iterator", "Generator"})
COLLECTIONS = LISTS | SETS | ITERATORS | {"frozenset", "FrozenSet", "deque", "Counter"}
UNIONS = frozenset({"Optional", "Union"})
WRAPPERS = frozenset({"Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"})
