"""What signatures of Java, C++ and C are read as."""

import pytest
from compiled_programs import definitions, signature

from codenook.server.translation.languages.c.reading import CReading
from codenook.server.translation.languages.cpp.reading import CppReading
from codenook.server.translation.languages.cpp.types import aliases
from codenook.server.translation.languages.cpp.types import shape_of as cpp_shape
from codenook.server.translation.languages.java.reading import JavaReading
from codenook.server.translation.languages.java.types import shape_of as java_shape
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

TEXT, BOOL, CHAR, NOTHING = (Shape(each) for each in (Kind.TEXT, Kind.BOOL, Kind.CHAR, Kind.NOTHING))
INT, LONG, BYTE = (Shape(Kind.INT, bits=bits) for bits in (32, 64, 8))
SIZE = Shape(Kind.INT, bits=64, is_signed=False)
DOUBLE, FLOAT = (Shape(Kind.FLOAT, bits=bits) for bits in (64, 32))


def list_of(shape: Shape) -> Shape:
    return Shape(Kind.LIST, (shape,))


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("int", INT),
        ("const long long &", LONG),
        ("unsigned long const", SIZE),
        ("long unsigned int", SIZE),
        ("std::uint16_t", Shape(Kind.INT, bits=16, is_signed=False)),
        ("size_t", SIZE),
        ("unsigned char", Shape(Kind.INT, bits=8, is_signed=False)),
        ("char", CHAR),
        ("const char *", TEXT),
        ("const char* const", TEXT),
        ("std::string_view", TEXT),
        ("const vector<int>&", list_of(INT)),
        ("::std::vector<std::vector<std::string>> &&", list_of(list_of(TEXT))),
        ("std::array<double, 3>", list_of(DOUBLE)),
        ("vector<uint8_t>", Shape(Kind.BYTES)),
        (
            "std::unordered_map<string, pair<int, bool>>",
            Shape(Kind.MAP, (TEXT, Shape(Kind.TUPLE, (INT, BOOL)))),
        ),
        ("set<char>", Shape(Kind.SET, (CHAR,))),
        ("std::optional<float>", Shape(Kind.OPTION, (FLOAT,))),
        ("void", NOTHING),
        ("auto", UNKNOWN),
        ("std::any", UNKNOWN),
        ("int *", UNKNOWN),
        ("int[10]", UNKNOWN),
        ("std::function<int(int)>", UNKNOWN),
        ("const shop::Cart &", Shape(Kind.CLASS, name="Cart")),
        ("ll", LONG),
        ("Grid", list_of(list_of(INT))),
        ("vector<" * 1000, UNKNOWN),
        ("loop", Shape(Kind.CLASS, name="loop")),
    ],
)
def test_types_of_cpp(written, shape):
    known = aliases(
        "typedef long long ll;\n#define Row vector<int>\nusing Grid = std::vector<Row>;\nusing loop = loop;\n"
    )
    assert cpp_shape(written, known) == shape


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("int", INT),
        ("Long", LONG),
        ("byte", BYTE),
        ("byte[]", Shape(Kind.BYTES)),
        ("java.math.BigInteger", Shape(Kind.INT)),
        ("float", FLOAT),
        ("char[]", list_of(CHAR)),
        ("int[][]", list_of(list_of(INT))),
        ("final List<? extends String>", list_of(TEXT)),
        ("java.util.Map<String, List<int[]>>", Shape(Kind.MAP, (TEXT, list_of(list_of(INT))))),
        ("Map.Entry<Integer, Boolean>", Shape(Kind.TUPLE, (INT, BOOL))),
        ("Set<Character>", Shape(Kind.SET, (CHAR,))),
        ("Optional<Double>", Shape(Kind.OPTION, (DOUBLE,))),
        ("List", list_of(UNKNOWN)),
        ("Object", UNKNOWN),
        ("T", UNKNOWN),
        ("void", NOTHING),
        ("Cart", Shape(Kind.CLASS, name="Cart")),
    ],
)
def test_types_of_java(written, shape):
    assert java_shape(written, {"T"}) == shape


CPP = """
/// Adds up.
///
/// Slowly.
template <class T>
T add(const std::vector<T>& all, int n = 3, char names[10] = nullptr) {
    if (n < 0) throw std::invalid_argument("n");
    return all[n];
}
class Cart {
public:
    explicit Cart(int n);
    ~Cart();
    static const std::map<std::string, int> &prices(unsigned x);
    int total() const noexcept;
private:
    void hidden(int) {}
};
const std::map<std::string, int> &Cart::prices(unsigned x) { return all; }
// The first.
static auto first(std::vector<int> of) -> int { return of[0]; }
"""
JAVA = """
package shop;
class Cart<T> {
    /** Finds.
     * @return them */
    public static <U extends Comparable<U>> Map<String, List<U>> find(final int[] a, int b[],
            @Deprecated T c, String... rest) throws IOException {
        throw new IllegalStateException("x");
    }
    Cart(int n) {}
    private void clear() {}
}
"""


def test_a_function_of_cpp():
    found = signature(CppReading(), "cpp", CPP, "add")
    assert [(each.name, each.written, each.default) for each in found.parameters] == [
        ("all", "const std::vector<T>&", ""),
        ("n", "int", "3"),
        ("names", "char[10]", "nullptr"),
    ]
    assert (found.written, found.result, found.owner) == ("T", UNKNOWN, "")
    assert found.parameters[0].shape == list_of(UNKNOWN)
    assert found.raises == ("invalid_argument",)
    assert found.doc == "Adds up.\n\nSlowly."
    first = signature(CppReading(), "cpp", CPP, "first")
    assert (first.written, first.result, first.is_public, first.doc) == ("int", INT, False, "The first.")


def test_methods_of_cpp():
    found = {each.symbol: CppReading().signature(CPP, each) for each in definitions("cpp", CPP)}
    assert found["Cart"] is None
    assert (found["Cart.Cart"].written, found["Cart.Cart"].result) == ("", NOTHING)
    prices = found["Cart.prices"]
    assert (prices.owner, prices.is_static, prices.is_public) == ("Cart", True, True)
    assert prices.written == "const std::map<std::string, int> &"
    assert (found["Cart.total"].is_static, found["Cart.hidden"].is_public) == (False, False)
    assert found["Cart.hidden"].parameters[0].name == ""


def test_methods_of_java():
    found = {each.symbol: JavaReading().signature(JAVA, each) for each in definitions("java", JAVA)}
    assert found["Cart"] is None
    find = found["Cart.find"]
    assert [(each.name, each.written, each.is_rest) for each in find.parameters] == [
        ("a", "int[]", False),
        ("b", "int[]", False),
        ("c", "T", False),
        ("rest", "String...", True),
    ]
    assert [each.shape for each in find.parameters] == [list_of(INT), list_of(INT), UNKNOWN, TEXT]
    assert (find.written, find.result) == (
        "Map<String, List<U>>",
        Shape(Kind.MAP, (TEXT, list_of(UNKNOWN))),
    )
    assert (find.is_static, find.is_public, find.owner) == (True, True, "Cart")
    assert find.raises == ("IOException", "IllegalStateException")
    assert find.doc == "Finds.\n@return them"
    assert (found["Cart.clear"].is_public, found["Cart.clear"].is_static) == (False, False)
    assert found["Cart.Cart"].result == NOTHING


def test_arrays_of_c_come_with_their_length():
    text = """
#include <stddef.h>
/* Evens. */
int *evens(const int *all, size_t all_length, double weights[], int n, char *text, size_t *result_length);
void fill(int *to, int from);
int main(void) { return 0; }
"""
    found = signature(CReading(), "c", text, "evens")
    assert [(each.name, each.shape) for each in found.parameters] == [
        ("all", list_of(INT)),
        ("weights", list_of(DOUBLE)),
        ("text", TEXT),
    ]
    assert (found.result, found.written, found.doc) == (list_of(INT), "int *", "Evens.")
    fill = signature(CReading(), "c", text, "fill")
    assert [each.shape for each in fill.parameters] == [UNKNOWN, INT]
    assert fill.result == NOTHING
    assert signature(CReading(), "c", text, "main").parameters == ()


@pytest.mark.parametrize("text", ["", "\0\udcff\x7fELF", "int f(", "class A { void f(", "<" * 100_000])
def test_what_is_no_code_has_no_signature(text):
    other = definitions("cpp", "int f(int a) { return a; }\n")[0]
    for reading in (JavaReading(), CppReading(), CReading()):
        assert reading.signature(text, other) is None
