"""Whole files around functions that are not there yet: they compile, and have all that isn't in a body."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from written_shapes import TARGETS

from codenook.context.outline import Kind
from codenook.context.parse import encode, language_named, parse
from codenook.server.translation.languages.java.reading import JavaReading
from codenook.server.translation.languages.language import Unwritable
from codenook.server.translation.languages.python.reading import PythonReading
from codenook.server.translation.languages.writings import WRITERS
from codenook.server.translation.skeletons.changes import changed
from codenook.server.translation.skeletons.framing import frame

PYTHON = '''\
"""A shop."""
from dataclasses import dataclass
from enum import Enum

LIMIT = 30
NAMES = ["a", "b"]
RATE: float = 0.5
DB = connect()

class Color(Enum):
    RED = 1

class ShopError(ValueError):
    """No."""

@dataclass
class Point:
    x: int
    y: float = 0.0

class Cart:
    """A cart."""
    SIZE = 3

    def __init__(self, owner: str, items: list[int] | None = None) -> None:
        """Make it."""
        self.owner = owner
        self._items = items or []
        self.total: int = 0
        self.point = Point(1)

    def add(self, item: int) -> None:
        if item < 0:
            raise ShopError("x")
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    @staticmethod
    def make(n: int) -> "Cart":
        return Cart("", [n])

    def __len__(self):
        return 3

    def __eq__(self, other):
        return True

def fill(items: list[int], cart: Cart) -> Point | None:
    items.append(total(cart))

def total(cart: Cart) -> int:
    return cart.total
'''
JAVA = """\
import java.util.*;
/** A cart. */
public class Cart {
    private final List<Integer> items = new ArrayList<>();
    private int total;
    public String name = "x";
    static final int MAX = 3;
    public Cart(int total) { this.total = total; }
    public void add(int item) { items.add(item); total++; }
    public int total() { return total; }
    private static int twice(int x) { return 2 * x; }
    @Override public String toString() { return name; }
    @Override public boolean equals(Object o) { return true; }
    @Override public int hashCode() { return 1; }
}
class CartError extends RuntimeException { }
"""
READINGS = {"python": (PYTHON, PythonReading()), "java": (JAVA, JavaReading())}
RUSTC = shutil.which("rustc") or str(Path.home() / ".cargo/bin/rustc")
COMPILERS = {
    "python": ("a.py", [sys.executable, "-W", "error", "-P", "a.py"]),
    "javascript": ("a.mjs", ["node", "a.mjs"]),
    "java": ("Translated.java", ["javac", "-proc:none", "-d", "out", "Translated.java"]),
    "rust": ("a.rs", [RUSTC, "--edition", "2021", "--crate-type", "lib", "--emit", "metadata", "a.rs"]),
    "c": ("a.c", ["gcc", "-std=c11", "-fsyntax-only", "-Wall", "-Werror", "-Wno-unused", "a.c"]),
    "cpp": ("a.cpp", ["g++", "-std=c++17", "-fsyntax-only", "-Wall", "-Werror", "-Wno-unused", "a.cpp"]),
}


def framed(source, target, without=()):
    """The frame, its text with no body, and what can't be written."""
    text, reading = READINGS[source]
    language = language_named(source)
    known = language.reader.definitions(parse(language, encode(text)))
    signatures = {each.symbol: found for each in known if (found := reading.signature(text, each))}
    made, writer = in_frame(text, source, target, signatures), WRITERS[target]
    written, imports, refused = {}, [], []
    for symbol, signature in signatures.items():
        if symbol in without:
            continue
        try:
            skeleton = writer.function(signature, source, made.around(symbol))
        except Unwritable as reason:
            refused.append(str(reason))
            continue
        imports += skeleton.imports
        written[symbol] = skeleton.with_body(skeleton.indent + writer.unwritten(symbol))
    return made, made.text(written, imports, writer), refused


def in_frame(text, source, target, signatures=()):
    """The frame around all of a file."""
    return frame(text, language_named(source), READINGS[source][1], target, dict(signatures))


@pytest.mark.parametrize(
    ("source", "target"),
    [(source, target) for source in READINGS for target in TARGETS if source != target],
)
def test_a_file_without_bodies_parses_and_compiles(source, target, tmp_path):
    _, text, refused = framed(source, target)
    assert refused == []
    assert not parse(language_named(target), encode(text)).root.has_error, text
    name, command = COMPILERS.get(target, ("", [""]))
    if not name or shutil.which(command[0]) is None:
        pytest.skip(f"there is no compiler of {target}: it was parsed only")
    (tmp_path / name).write_text(text, encoding="utf-8")
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, f"{ran.stderr[:2000]}\n{text}"


@pytest.mark.parametrize("target", TARGETS)
def test_constants_keep_their_values_and_what_is_not_plain_is_told(target):
    made, text, _ = framed("python", target)
    assert "30" in text
    assert '"b"' in text
    assert "0.5" in text
    left_out = " ".join(note.text for note in made.notes if note.rule == "not-carried")
    assert "`DB`" in left_out
    assert "`Color`" in left_out


def test_a_class_of_python_in_rust():
    made, text, _ = framed("python", "rust")
    assert "RED" not in text
    assert (
        "/// A cart.\n#[derive(Debug, Clone, PartialEq)]\npub struct Cart {\n    pub owner: String,\n"
        "    items: Vec<i64>,\n    pub total: i64,\n    pub point: Point,\n}\n"
        "\nimpl Cart {\n    /// Make it.\n"
        "    pub fn new(owner: &str, items: Option<&[i64]>) -> Self {\n"
    ) in text
    assert "    pub fn add(&mut self, item: i64) -> Result<(), String> {\n" in text
    assert "    pub fn count(&self) -> i64 {\n" in text
    assert "pub fn fill(items: &mut Vec<i64>, cart: &Cart) -> Option<Point> {\n" in text
    assert {note.rule for note in made.notes} == {"not-carried", "inheritance", "integer-width"}


def test_a_class_of_java_in_python_and_cpp():
    _, text, _ = framed("java", "python")
    assert text.startswith(
        'from typing import Any\n\n\nMAX = 3\n\n\nclass Cart:\n    """A cart."""\n\n    def __init__('
    )
    assert "    def __str__(self) -> str:\n" in text
    assert "class CartError(Exception):\n    pass\n" in text
    _, text, _ = framed("java", "cpp")
    assert "    void add(int item) {\n" in text
    assert "    int total() const {\n" in text
    assert text.rstrip().endswith("using std::runtime_error::runtime_error;\n};")
    assert "private:\n    std::vector<int> items;\n    int total_;\n};\n" in text


def test_functions_may_be_missing_and_c_has_them_in_the_order_that_they_are_given():
    _, text, _ = framed("python", "c", without={"Cart.add", "total"})
    assert "cart_add" not in text
    assert " total(" not in text
    made = in_frame(PYTHON, "python", "c")
    functions = {"total": "void total(void) {\n}\n", "fill": "void fill(void) {\n}\n"}
    text = made.text(functions)
    assert text.index("total(void)") < text.index("fill(void)")
    made = in_frame(PYTHON, "python", "go")
    text = made.text({"total": "func Total() {\n}\n", "fill": "func Fill() {\n}\n"})
    assert text.index("Fill()") < text.index("Total()")


@pytest.mark.parametrize(
    ("language", "code", "found"),
    [
        ("python", "def f(xs, n):\n    xs.append(n)\n", {"xs"}),
        ("python", "def f(xs, n):\n    xs[0] += 1\n    n = 3\n", {"xs"}),
        ("python", "def f(xs, n):\n    ys = sorted(xs)\n    ys.sort()\n    return ys\n", set()),
        ("python", "def f(self, xs, n):\n    self.n = xs\n", {"self"}),
        ("python", "def f(self, xs, n):\n    self._items.append(n)\n", {"self"}),
        ("javascript", "function f(xs, n) { xs.push(n); n++; }", {"xs"}),
        ("javascript", "function f(xs, n) { this.count += xs.length; }", {"self"}),
        ("typescript", "function f(xs: number[], n: number) { xs[0] = n; }", {"xs"}),
        ("java", "class A { void f(int[] xs, int n) { xs[0] = n; } }", {"xs"}),
        ("java", "class A { void f(int[] xs, int n) { items.add(n); } }", {"self"}),
        ("java", "class A { void f(int[] xs, int n) { n = 3; int y = xs[0]; } }", set()),
        ("go", "package p\nfunc f(xs []int, n int) { xs[0] = n }", {"xs"}),
        ("rust", "fn f(xs: &mut Vec<i64>, n: i64) { xs.push(n); }", {"xs"}),
        ("cpp", "int f(std::vector<int>& xs, int n) { xs.push_back(n); return total++; }", {"xs", "self"}),
        ("c", "void f(int *xs, int n) { xs[0] = n; }", {"xs"}),
    ],
)
def test_what_a_function_changes_for_its_caller(language, code, found):
    parsed = parse(language_named(language), encode(code))
    known = parsed.language.reader.definitions(parsed)
    definition = next(each for each in known if each.kind in {Kind.FUNCTION, Kind.METHOD})
    assert changed(parsed, definition, {"xs", "n"}, {"items", "total"}) == found


@pytest.mark.parametrize(
    "text", ["", "class A(", "x = (" * 200, "\x00\ufffd", "class A:\n    x: int = 3\n" * 50]
)
def test_broken_and_huge_files_have_a_frame(text):
    for target in TARGETS:
        assert isinstance(in_frame(text, "python", target).text({}), str)


def test_a_huge_file_has_a_frame():
    text = "".join(f"class A{number}:\n    x: int = 3\n" for number in range(500))
    made = in_frame(text, "python", "rust")
    assert len(made.classes) == 500
