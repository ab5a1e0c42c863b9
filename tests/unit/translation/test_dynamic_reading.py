"""Signatures of Python, JavaScript and TypeScript."""

import pytest
from dynamic_programs import definition_in, signature_in
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.server.translation.languages.ecmascript.reading import EcmaScriptReading, TypeScriptReading
from codenook.server.translation.languages.ecmascript.types import EcmaScriptTypes
from codenook.server.translation.languages.python.reading import PythonReading
from codenook.server.translation.languages.python.types import PythonTypes
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

PYTHON, JAVASCRIPT, TYPESCRIPT = PythonReading(), EcmaScriptReading(), TypeScriptReading()

INT, FLOAT, TEXT, BOOL = Shape(Kind.INT), Shape(Kind.FLOAT, bits=64), Shape(Kind.TEXT), Shape(Kind.BOOL)
BYTES, NOTHING = Shape(Kind.BYTES), Shape(Kind.NOTHING)


def some(kind, *parts):
    return Shape(kind, parts)


def listed(part):
    return some(Kind.LIST, part)


def option(part):
    return some(Kind.OPTION, part)


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("int", INT),
        ("float", FLOAT),
        ("list[int]", listed(INT)),
        ("t.List[str]", listed(TEXT)),
        ("Sequence", listed(UNKNOWN)),
        ("Iterable[bool]", listed(BOOL)),
        ("tuple[int, ...]", listed(INT)),
        ("Tuple[int, str]", some(Kind.TUPLE, INT, TEXT)),
        ("dict[str, list[int]]", some(Kind.MAP, TEXT, listed(INT))),
        ("Mapping[str, Any]", some(Kind.MAP, TEXT, UNKNOWN)),
        ("Counter[str]", some(Kind.MAP, TEXT, INT)),
        ("frozenset[int]", some(Kind.SET, INT)),
        ("Optional[int]", option(INT)),
        ("int | None", option(INT)),
        ("None | 'list[int]'", option(listed(INT))),
        ("Union[int, float]", FLOAT),
        ("int | str", UNKNOWN),
        ("Union[int, str, None]", UNKNOWN),
        ("bytearray", BYTES),
        ("Any", UNKNOWN),
        ("None", NOTHING),
        ("'int'", INT),
        ("Literal['a', 'b']", TEXT),
        ("Annotated[int, 'm']", INT),
        ("Awaitable[int]", INT),
        ("Callable[[int], str]", UNKNOWN),
        ("T", UNKNOWN),
        ("shop.Cart", Shape(Kind.CLASS, name="Cart")),
        ("Vector", listed(FLOAT)),
        ("Loop", UNKNOWN),
        ("list[", UNKNOWN),
        ("[" * 400, UNKNOWN),
        ("'" + "\\'" * 100, UNKNOWN),
    ],
)
def test_annotations_of_python(written, shape):
    types = PythonTypes({"Vector": "List[float]", "Loop": "Loop | Loop"})
    assert types.declared(written) == shape


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("int, optional", INT),
        ("list of int", listed(INT)),
        ("list of strings", listed(TEXT)),
        ("dict of str to int", some(Kind.MAP, TEXT, INT)),
        ("str or None", option(TEXT)),
        ("string", TEXT),
        ("boolean, default True", BOOL),
        (":class:`Cart`", Shape(Kind.CLASS, name="Cart")),
        ("array_like", UNKNOWN),
        ("a few words", UNKNOWN),
    ],
)
def test_types_in_docstrings(written, shape):
    assert PythonTypes().documented(written) == shape


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("number", FLOAT),
        ("bigint", INT),
        ("readonly string[]", listed(TEXT)),
        ("Array<number | null>", listed(option(FLOAT))),
        ("[number, string]", some(Kind.TUPLE, FLOAT, TEXT)),
        ("[a: number, b?: string]", some(Kind.TUPLE, FLOAT, TEXT)),
        ("[number, ...string[]]", listed(UNKNOWN)),
        ("Map<string, number>", some(Kind.MAP, TEXT, FLOAT)),
        ("Record<string, boolean>", some(Kind.MAP, TEXT, BOOL)),
        ("{ [key: string]: number }", some(Kind.MAP, TEXT, FLOAT)),
        ("ReadonlySet<string>", some(Kind.SET, TEXT)),
        ("string | null | undefined", option(TEXT)),
        ("number | string", UNKNOWN),
        ("'a' | 'b'", TEXT),
        ("-1 | 1", FLOAT),
        ("Promise<void>", NOTHING),
        ("x is string", BOOL),
        ("Uint8Array", BYTES),
        ("(a: number) => string", UNKNOWN),
        ("T", UNKNOWN),
        ("Cart", Shape(Kind.CLASS, name="Cart")),
        ("Array<", UNKNOWN),
    ],
)
def test_types_of_typescript(written, shape):
    text = f"function f(): {written} {{}}\n"
    if "<" in written and ">" not in written:
        assert EcmaScriptTypes().declared(written) == shape
    else:
        assert signature_in(TYPESCRIPT, text, "f").result == shape


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("?number", option(FLOAT)),
        ("!Array.<string>", listed(TEXT)),
        ("number=", option(FLOAT)),
        ("...number", FLOAT),
        ("*", UNKNOWN),
        ("Object<string, number>", some(Kind.MAP, TEXT, FLOAT)),
        ("(string|number)", UNKNOWN),
        ("integer", Shape(Kind.INT, bits=32)),
    ],
)
def test_types_of_jsdoc(written, shape):
    assert EcmaScriptTypes().documented(written) == shape


def test_a_function_of_python_with_everything():
    text = '''
Vector = list[float]

async def f(a, b: "int" = 3, /, c=(), *rest: int, d: str = None, e, **more: float) -> Vector:
    """Do it.

    Args:
        a (list of int): Some.
        e (bool): Other.
    """
    if a:
        raise ValueError("no")
    raise errors.Mine
'''
    signature = signature_in(PYTHON, text, "f")
    assert [(each.name, each.shape) for each in signature.parameters] == [
        *(("a", listed(INT)), ("b", INT), ("c", listed(UNKNOWN)), ("rest", INT), ("d", option(TEXT))),
        *(("e", BOOL), ("more", FLOAT)),
    ]
    assert [each.name for each in signature.parameters if each.is_named] == ["d", "e", "more"]
    assert [each.name for each in signature.parameters if each.is_rest] == ["rest", "more"]
    assert [each.default for each in signature.parameters] == ["", "3", "()", "", "None", "", ""]
    assert (signature.result, signature.written) == (listed(FLOAT), "Vector")
    assert signature.raises == ("ValueError", "Mine")
    assert signature.doc.startswith("Do it.\n\nArgs:\n")
    assert (signature.is_async, signature.is_public, signature.is_static) == (True, True, False)


def test_methods_of_python():
    text = """
class A:
    class B:
        def __init__(self, x=0): self.x = x
        def _own(self, y): return y > 1
        @staticmethod
        def plain(z=""): print(z)
        @classmethod
        def made(cls, z): return len(z)
"""
    own = signature_in(PYTHON, text, "A.B._own")
    assert (own.owner, own.name, own.symbol, own.is_public) == ("A.B", "_own", "A.B._own", False)
    assert (own.result, [each.name for each in own.parameters]) == (BOOL, ["y"])
    plain = signature_in(PYTHON, text, "A.B.plain")
    assert (plain.is_static, plain.result, plain.parameters[0].shape) == (True, NOTHING, TEXT)
    made = signature_in(PYTHON, text, "A.B.made")
    assert (made.is_static, made.result, [each.name for each in made.parameters]) == (True, INT, ["z"])
    assert signature_in(PYTHON, text, "A.B.__init__").is_public
    assert PYTHON.signature(text, definition_in("python", text, "A.B")) is None


def test_numpy_and_rest_docstrings_say_types():
    numpy = '''
def f(x, y):
    """Sum.

    Parameters
    ----------
    x : int
        One.
    y : list of float, optional
        Other.

    Returns
    -------
    dict[str, int]
        Sums.
    """
'''
    signature = signature_in(PYTHON, numpy, "f")
    assert [each.shape for each in signature.parameters] == [INT, listed(FLOAT)]
    assert signature.result == some(Kind.MAP, TEXT, INT)
    rest = '''
def f(x):
    """Sum.

    :param x: One.
    :type x: int
    :param int y: Two.
    :rtype: str
    """
'''
    signature = signature_in(PYTHON, rest, "f")
    assert signature.result == TEXT


def test_functions_of_javascript():
    text = """
/**
 * Adds.
 * @param {number[]} xs - Some.
 * @param {string} [label] - What.
 * @returns {?string} It.
 * @throws {RangeError} Never.
 */
export const add = async (xs, label = 'a', n = 0, { a, b }, [c] = [], ...rest) => {
  throw new RangeError('no');
};
exports.one = function (x = new Map()) { return x > 1; };
class Till { #own() {} static plain(a) {} _kept() {} }
const o = { m(a) { return a; }, k: (b) => b };
"""
    add = signature_in(JAVASCRIPT, text, "add")
    maps = some(Kind.MAP, TEXT, UNKNOWN)
    assert [(each.name, each.shape) for each in add.parameters] == [
        *(("xs", listed(FLOAT)), ("label", TEXT), ("n", FLOAT), ("argument4", maps)),
        *(("argument5", listed(UNKNOWN)), ("rest", UNKNOWN)),
    ]
    assert (add.result, add.is_async, add.raises) == (option(TEXT), True, ("RangeError",))
    assert add.doc.startswith("Adds.\n@param")
    assert signature_in(JAVASCRIPT, text, "one").result == BOOL
    assert signature_in(JAVASCRIPT, text, "one").parameters[0].shape == some(Kind.MAP, UNKNOWN, UNKNOWN)
    own, plain = signature_in(JAVASCRIPT, text, "Till.#own"), signature_in(JAVASCRIPT, text, "Till.plain")
    assert (own.is_public, own.is_static, plain.is_static) == (False, False, True)
    assert not signature_in(JAVASCRIPT, text, "Till._kept").is_public
    assert signature_in(JAVASCRIPT, text, "o.m").is_static
    assert signature_in(JAVASCRIPT, text, "o.k").is_static


def test_functions_of_typescript():
    text = """
type Pair = [number, string];
export class Till {
  private kept(this: Till, pairs: readonly Pair[], label?: string, ...rest: number[]): void {}
  static async made(a: number = 1): Promise<Set<string>> { return new Set(); }
}
"""
    kept = signature_in(TYPESCRIPT, text, "Till.kept")
    pair = some(Kind.TUPLE, FLOAT, TEXT)
    assert [(each.name, each.shape, each.is_rest) for each in kept.parameters] == [
        *(("pairs", listed(pair), False), ("label", option(TEXT), False), ("rest", FLOAT, True)),
    ]
    assert (kept.result, kept.is_public, kept.written) == (NOTHING, False, "void")
    made = signature_in(TYPESCRIPT, text, "Till.made")
    assert (made.result, made.is_static, made.is_async) == (some(Kind.SET, TEXT), True, True)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abT[]<>()|,.:'\"{}?=&*! \n", max_size=40))
def test_no_text_of_a_type_breaks_the_reading(written):
    for types in (PythonTypes(), EcmaScriptTypes()):
        assert isinstance(types.declared(written), Shape)
        assert isinstance(types.documented(written), Shape)


@pytest.mark.parametrize("reading", [PYTHON, JAVASCRIPT, TYPESCRIPT])
def test_a_definition_that_is_no_longer_there_has_no_signature(reading):
    text = "def f(a): pass\n" if reading is PYTHON else "function f(a) {}\n"
    definition = definition_in(reading.language, text, "f")
    for broken in ("", "\0" * 100, "(" * 5000, "\ud800", "def g(a): pass\n", "function g(a) {}\n"):
        assert reading.signature(broken, definition) is None
