"""Signatures of Rust, read from the syntax tree."""

import pytest
from called_programs import read

from codenook.context.outline import Definition
from codenook.context.outline import Kind as Defined
from codenook.server.translation.languages.rust.reading import RustReading
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape

TEXT = Shape(Kind.TEXT)
I32 = Shape(Kind.INT, bits=32)


def listed(shape):
    return Shape(Kind.LIST, (shape,))


def signature(text, symbol="f"):
    return read(RustReading(), "a.rs", text, symbol)


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("i8", Shape(Kind.INT, bits=8)),
        ("u128", Shape(Kind.INT, bits=128, is_signed=False)),
        ("usize", Shape(Kind.INT, bits=64, is_signed=False)),
        ("f32", Shape(Kind.FLOAT, bits=32)),
        ("bool", Shape(Kind.BOOL)),
        ("char", Shape(Kind.CHAR)),
        ("&'a str", TEXT),
        ("&mut String", TEXT),
        ("Cow<'a, str>", TEXT),
        ("&[i32]", listed(I32)),
        ("&mut Vec<i32>", listed(I32)),
        ("Vec<&str>", listed(TEXT)),
        ("[i32; 4]", listed(I32)),
        ("&[u8]", Shape(Kind.BYTES)),
        ("(i32, &str)", Shape(Kind.TUPLE, (I32, TEXT))),
        ("std::collections::HashMap<String, i32>", Shape(Kind.MAP, (TEXT, I32))),
        ("BTreeSet<i32>", Shape(Kind.SET, (I32,))),
        ("Option<Box<i32>>", Shape(Kind.OPTION, (I32,))),
        ("()", Shape(Kind.NOTHING)),
        ("impl AsRef<str>", TEXT),
        ("impl Iterator<Item = i32>", listed(I32)),
        ("Point", Shape(Kind.CLASS, name="Point")),
        ("T", UNKNOWN),
        ("fn(i32) -> i32", UNKNOWN),
        ("&" * 5000 + "str", UNKNOWN),
    ],
)
def test_a_type_has_a_shape_and_stays_as_it_is_written(written, shape):
    found = signature(f"fn f<'a, T>(a: {written}) {{}}").parameters[0]
    assert (found.name, found.written, found.shape) == ("a", written, shape)


def test_what_it_gives_and_what_goes_wrong():
    found = signature("fn f() -> Result<Option<i32>, ParseError> { if x { panic!() } assert!(y); Ok(None) }")
    assert (found.result, found.written) == (
        Shape(Kind.OPTION, (I32,)),
        "Result<Option<i32>, ParseError>",
    )
    assert found.raises == ("ParseError", "panic")
    assert signature("fn f() -> io::Result<i32> { g() }").raises == ("Error",)
    nothing = signature("fn f() {}")
    assert (nothing.result, nothing.written, nothing.raises) == (Shape(Kind.NOTHING), "", ())


def test_methods_belong_to_their_type():
    text = (
        "/// A stack.\npub struct Stack { all: Vec<i32> }\n"
        "impl<T> Stack<T> {\n    /// Makes one.\n    ///\n    /// Empty.\n    #[inline]\n"
        "    pub fn new() -> Self { Stack { all: vec![] } }\n"
        "    async fn push(&mut self, value: i32, (a, b): (i32, i32)) {}\n}\n"
    )
    made, pushed = signature(text, "Stack.new"), signature(text, "Stack.push")
    assert (made.symbol, made.is_static, made.is_public, made.doc) == (
        "Stack.new",
        True,
        True,
        "Makes one.\n\nEmpty.",
    )
    assert made.result == Shape(Kind.CLASS, name="Stack")
    assert (pushed.is_static, pushed.is_public, pushed.is_async) == (False, False, True)
    assert [each.name for each in pushed.parameters] == ["value", "argument2"]
    assert signature(text, "Stack") is None


def test_what_is_not_there_has_no_signature():
    gone = Definition("g", "g", Defined.FUNCTION, 1, 1, "fn g()")
    for text in ("", "fn f() {}", "\x00\x01", "fn g(", "é" * 9):
        assert RustReading().signature(text, gone) is None
