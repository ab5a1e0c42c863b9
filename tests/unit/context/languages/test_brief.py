"""Definitions that are told by their names alone, in every language."""

import inspect
import typing

import pytest

from codenook.context.outline import Kind
from codenook.context.parse import encode, language_named, parse

PYTHON = """
LIMIT: int = 3

@functools.cache
def load(path: str, *, strict: bool = False) -> bytes:
    "Loads."

class A(Base):
    size: int = 3

    @property
    @functools.cache
    def area(self) -> float: ...

    async def grow(self, by: int) -> None: ...
"""
TYPESCRIPT = """
/** Loads. */
export function load(path: string, strict = false): Uint8Array { return x; }
export const limit: number = 3;
class A extends Base {
  private size: number = 3;
  async grow(by: number): Promise<void> {}
}
"""
GO = """
package a

// Load loads.
func Load(path string, strict bool) ([]byte, error) { return nil, nil }

type Load2 struct { Size int }

func (l *Load2) Grow(by int) error { return nil }
"""
RUST = """
/// Loads.
pub fn load<T: AsRef<Path>>(path: T) -> Vec<u8> { todo!() }
pub struct A { pub size: usize }
impl A { pub async fn grow(&mut self, by: usize) -> Result<(), E> { todo!() } }
"""
JAVA = """
class A extends Base {
  private int size = 3;
  /** Grows. */
  public static <T> List<T> grow(T by) throws E { return null; }
}
"""
C = """
int limit = 3;
static int load(const char *path, int strict) { return 0; }
"""


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        (
            "python",
            PYTHON,
            {
                "LIMIT": "LIMIT = ...",
                "load": "def load(*_): ...",
                "A": "class A(Base):\n    ...",
                "A.size": "size = ...",
                "A.area": "@property\ndef area(*_): ...",
                "A.grow": "async def grow(*_): ...",
            },
        ),
        (
            "typescript",
            TYPESCRIPT,
            {
                "load": "export function load(...);",
                "limit": "export const limit;",
                "A.size": "private size;",
                "A.grow": "grow(...);",
            },
        ),
        ("go", GO, {"Load": "func Load(...)", "Load2.Grow": "func (l *Load2) Grow(...)"}),
        (
            "rust",
            RUST,
            {"load": "pub fn load(...);", "A.size": "pub size,", "A.grow": "pub async fn grow(...);"},
        ),
        ("java", JAVA, {"A.size": "private int size;", "A.grow": "public static <T> List<T> grow(...);"}),
        ("c", C, {"load": "static int load(...);"}),
    ],
)
def test_a_name_is_what_is_left(language, source, expected):
    known = language_named(language)
    outline = known.reader.outline(parse(known, encode(source)))
    told = {d.symbol: known.reader.stub(known.reader.brief(d)) for d in outline.definitions}
    assert {symbol: told[symbol] for symbol in expected} == expected


def test_what_is_left_of_python_is_python():
    known = language_named("python")
    outline = known.reader.outline(parse(known, encode(inspect.getsource(typing))))
    brief = [known.reader.brief(d) for d in outline.definitions if d.kind is not Kind.CLASS]
    assert len(brief) > 200
    for definition in brief:
        stub = known.reader.stub(definition)
        compile(stub, "stub", "exec")
        assert definition.name in stub
