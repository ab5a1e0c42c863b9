# ruff: noqa: E501 - a case on a line of its own is easier to compare

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import workspace

from codenook.context.code import outline_of
from codenook.context.document import Documents
from codenook.context.outline import Import
from codenook.context.parse import encode, language_named, parse
from codenook.context.worth import Sign

RUST = language_named("rust")

SHAPES = """
// Cargo.toml
[package]
name = "draw-shapes"
[dependencies]
paint = { path = "paint" }
colour = { package = "paint-colours", path = "colours" }
[workspace]
members = ["paint", "colours", "plugins/*"]

// src/lib.rs
extern crate paint as brushes;
pub mod shapes;
mod store;
#[path = "odd/place.rs"]
mod placed;
pub mod prelude { pub use crate::shapes::{Circle as Round, Shape}; }
pub use shapes::circle::Circle;

// src/shapes/mod.rs
pub mod circle;
mod area;
/// Anything that can be drawn.
pub trait Shape: Named {
    fn area(&self) -> f64;
    /// Twice as large.
    fn doubled(&self) -> Circle;
}
pub trait Named { fn title(&self) -> Title; }
pub struct Title { pub words: String }
pub use circle::Circle;
pub enum Kind { Flat, Deep { depth: usize } }

// src/shapes/circle.rs
use super::{Kind, Shape, Named, Title};
/// A circle.
#[derive(Debug, Clone)]
pub struct Circle { pub radius: f64, pub kind: Option<Box<Kind>>, inner: Vec<Circle> }
impl Circle {
    pub const UNIT: Circle = Circle { radius: 1.0, kind: None, inner: Vec::new() };
    pub fn new(radius: f64) -> Self { todo!() }
    pub fn try_new(radius: f64) -> Result<Self, String> { todo!() }
    pub fn first(&self) -> Option<&Circle> { self.inner.first() }
}
impl Named for Circle { fn title(&self) -> Title { todo!() } }

// src/shapes/area.rs
use super::*;
impl Circle { pub fn circumference(&self) -> f64 { 6.28 * self.radius } }
impl crate::shapes::Shape for Circle {
    fn area(&self) -> f64 { 3.14 }
}

// src/odd/place.rs
pub fn odd() -> crate::Circle { todo!() }

// src/store.rs
pub struct Store { pub circles: std::collections::HashMap<String, crate::shapes::Circle> }
pub fn open(path: &str) -> std::io::Result<Store> { todo!() }
#[macro_export]
macro_rules! stored { ($a:expr) => { $a } }

// paint/Cargo.toml
[package]
name = "paint"
[lib]
path = "source/paint.rs"

// paint/source/paint.rs
mod brush;
pub use brush::Brush;

// paint/source/brush.rs
pub struct Brush;
impl Brush { pub fn stroke(&self) -> bool { true } }

// colours/Cargo.toml
[package]
name = "paint-colours"

// colours/src/lib.rs
pub fn red() {}

// plugins/one/Cargo.toml
[package]
name = "plugin-one"

// plugins/one/src/lib.rs
pub fn register() {}

"""


def near(root: Path, code: str, path: str = "src/main_module.rs") -> set[str]:
    return workspace(root, f"{SHAPES}// {path}\n{code}", "rust").near()


CIRCLE, MOD = "src/shapes/circle.rs", "src/shapes/mod.rs"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("use crate::shapes::Circle;\nfn f() { Circle::new(1.0).area()$0 }", {f"{CIRCLE}:Circle", f"{CIRCLE}:Circle.new", "src/shapes/area.rs:Circle.area"}),
        ("fn f() { crate::shapes::circle::Circle::UNIT; $0 }", {f"{CIRCLE}:Circle", f"{CIRCLE}:Circle.UNIT"}),
        ("use crate::prelude::*;\nfn f(r: &Round) { r.first().unwrap().circumference()$0 }", {f"{CIRCLE}:Circle", f"{CIRCLE}:Circle.first", "src/shapes/area.rs:Circle.circumference"}),
        ("use crate::Circle as C;\nfn f() -> Option<()> { let c = C::try_new(2.0)?; c.kind; $0 }", {f"{CIRCLE}:Circle", f"{CIRCLE}:Circle.try_new", f"{CIRCLE}:Circle.kind"}),
        ("use crate::shapes;\nfn f(k: shapes::Kind) { shapes::Kind::Flat; $0 }", {f"{MOD}:Kind", f"{MOD}:Kind.Flat"}),
        ("use crate::shapes::Kind::{self, Deep};\nfn f() { Deep { depth: 1 }; Kind::Flat; $0 }", {f"{MOD}:Kind", f"{MOD}:Kind.Deep", f"{MOD}:Kind.Flat"}),
        ("use crate::shapes::Kind::*;\nfn f() { Flat; $0 }", {f"{MOD}:Kind.Flat"}),
        ('use super::store::{open, Store};\nfn f() { if let Ok(s) = open("a") { s.circles; } $0 }', {"src/store.rs:open", "src/store.rs:Store", "src/store.rs:Store.circles"}),
        ("use crate::store::Store;\nfn f(s: Store) { for c in s.circles.iter() { c.title().words; } $0 }", {"src/store.rs:Store", "src/store.rs:Store.circles", f"{CIRCLE}:Circle", f"{CIRCLE}:Circle.title", f"{MOD}:Title", f"{MOD}:Title.words"}),
        ("fn f() { crate::placed::odd().doubled(); $0 }", {"src/odd/place.rs:odd", f"{MOD}:Shape.doubled", f"{CIRCLE}:Circle"}),
        ("use crate::shapes::Shape;\nfn f<T: Shape>(t: T, u: &dyn Shape, v: impl Shape) { t.area(); u.title(); v.doubled().radius; $0 }", {f"{MOD}:Shape", f"{MOD}:Shape.area", f"{MOD}:Named.title", f"{MOD}:Title", f"{MOD}:Shape.doubled", f"{CIRCLE}:Circle", f"{CIRCLE}:Circle.radius"}),
        ("use crate::shapes::Circle;\nfn f(r: f64) { let c = Circle { radius: r, ..Circle::UNIT }; $0 }", {f"{CIRCLE}:Circle", f"{CIRCLE}:Circle.radius", f"{CIRCLE}:Circle.UNIT"}),
        ("use brushes::Brush;\nfn f() { Brush.stroke(); $0 }", {"paint/source/brush.rs:Brush", "paint/source/brush.rs:Brush.stroke"}),
        ("use paint as p;\nuse p::Brush;\nfn f() -> Result<(), Brush> { $0 }", {"paint/source/brush.rs:Brush"}),
        ("fn f() { paint::Brush.stroke(); colour::red(); plugin_one::register(); $0 }", {"paint/source/brush.rs:Brush", "paint/source/brush.rs:Brush.stroke", "colours/src/lib.rs:red", "plugins/one/src/lib.rs:register"}),
        ('use crate::Circle;\nfn f(c: &Circle) { println!("{}", c.circumference() + Circle::new(1.0).radius); $0 }', {f"{CIRCLE}:Circle", "src/shapes/area.rs:Circle.circumference", f"{CIRCLE}:Circle.new", f"{CIRCLE}:Circle.radius"}),
        ("use crate::stored;\nfn f() { stored!(1); $0 }", set()),
        ("use std::io::*;\nuse unknown::*;\nfn f() { Read::x(); nowhere::y(); $0 }", set()),
    ],
)  # fmt: skip
def test_what_code_reads_is_found_in_other_files(code, expected, tmp_path):
    assert near(tmp_path, code) == expected


def test_a_macro_is_found_by_path(tmp_path):
    place = workspace(tmp_path, f"{SHAPES}// src/m.rs\nuse crate::store::stored;\nfn f() {{ $0 }}", "rust")
    assert place.of("stored") == "src/store.rs:stored"


def test_members_at_the_cursor_are_own_inherited_and_from_other_files(tmp_path):
    code = "use crate::Circle;\nfn f(c: &Circle) { c.$0 }"
    members = workspace(tmp_path, f"{SHAPES}// src/m.rs\n{code}", "rust").at_cursor()
    assert members >= {
        f"{CIRCLE}:Circle.radius",
        f"{CIRCLE}:Circle.new",
        f"{CIRCLE}:Circle.title",
        "src/shapes/area.rs:Circle.area",
        "src/shapes/area.rs:Circle.circumference",
        f"{MOD}:Shape.doubled",
    }


def test_self_is_the_type_of_the_block_around(tmp_path):
    code = "use super::circle::Circle;\nimpl Circle {\n    fn more(&self) {\n        self.radius; Self::new(1.0).kind; $0\n    }\n}\n"
    place = workspace(tmp_path, f"{SHAPES}// src/shapes/more.rs\n{code}", "rust")
    assert place.place.owner == "Circle"
    assert place.place.function == "Circle.more"
    assert place.near() == {
        f"{CIRCLE}:Circle.radius",
        f"{CIRCLE}:Circle.new",
        f"{CIRCLE}:Circle.kind",
        f"{CIRCLE}:Circle",
    }


@pytest.mark.parametrize(
    "code",
    [
        "use crate::Circle;\r\nfn f(c: &Circle) {\r\n    c.radius;\r\n    $0\r\n}\r\n",
        "use crate::Circle;\nfn größe(ä: &Circle) { ä.radius; $0 }",
        "use crate::Circle;\nfn f(c: &Circle) { c.radius; let x = ($0\n}\nfn g() { ) }",
        "use crate::Circle;\nmod inner { use super::Circle; fn f(c: Circle) { c.radius; $0 } }",
    ],
    ids=["crlf", "utf-8", "broken", "inline module"],
)
def test_odd_texts_are_read_as_well(code, tmp_path):
    assert near(tmp_path, code) >= {f"{CIRCLE}:Circle", f"{CIRCLE}:Circle.radius"}


def test_a_library_in_the_vendor_folder_is_read(tmp_path):
    text = (
        '// Cargo.toml\n[package]\nname = "a"\n// vendor/big-lib/Cargo.toml\n[package]\nname = "big-lib"\n'
        "// vendor/big-lib/src/lib.rs\npub fn go() {}\n// src/lib.rs\nfn f() { big_lib::go(); $0 }\n"
    )  # fmt: skip
    assert workspace(tmp_path, text, "rust").near() == {f"{tmp_path.resolve()}/vendor/big-lib/src/lib.rs:go"}


def test_a_workspace_does_not_point_out_of_itself(tmp_path):
    text = (
        '// outside/Cargo.toml\n[package]\nname = "outside"\n// outside/src/lib.rs\npub fn go() {}\n'
        '// w/Cargo.toml\n[package]\nname = "w"\n[lib]\npath = "../outside/src/lib.rs"\n'
        '[dependencies]\noutside = { path = "../outside" }\n[workspace]\nmembers = ["../*"]\n'
    )
    workspace(tmp_path, f"{text}// w/src/a.rs\n$0", "rust")
    code = "// src/a.rs\nfn f() { outside::go(); w::go(); crate::go(); $0 }"
    assert workspace(tmp_path / "w", code, "rust").near() == set()
    inside = "// w/src/a.rs\nfn f() { outside::go(); $0 }"
    assert workspace(tmp_path, inside, "rust").near() == {"outside/src/lib.rs:go"}


def test_a_manifest_that_is_nested_too_deeply_says_nothing(tmp_path):
    text = f"// Cargo.toml\na = {'[' * 5_000}\n// src/lib.rs\npub fn go() {{}}\n// src/a.rs\nfn f() {{ crate::go(); $0 }}\n"
    assert workspace(tmp_path, text, "rust").near() == {"src/lib.rs:go"}


def test_a_library_in_cargos_folder_is_read_in_the_locked_version(tmp_path, monkeypatch):
    for version in ("1.0.0", "2.0.0"):
        folder = tmp_path / "home" / "registry" / "src" / "index" / f"lib-x-{version}"
        (folder / "src").mkdir(parents=True)
        (folder / "Cargo.toml").write_text('[package]\nname = "lib-x"\n')
        (folder / "src" / "lib.rs").write_text("pub fn go() {}\n")
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / "home"))
    text = (
        '// Cargo.toml\n[package]\nname = "a"\n// Cargo.lock\n[[package]]\nname = "lib-x"\nversion = "1.0.0"\n'
        "// src/lib.rs\nfn f() { lib_x::go(); $0 }\n"
    )  # fmt: skip
    (found,) = workspace(tmp_path / "w", text, "rust").near()
    assert found.endswith("lib-x-1.0.0/src/lib.rs:go")


def test_the_outline_says_what_a_reader_needs(tmp_path):
    near(tmp_path, "fn f() { $0 }")
    outline = outline_of("circle.rs", (tmp_path / CIRCLE).read_bytes())
    by_symbol = {definition.symbol: definition for definition in outline.definitions}
    assert by_symbol["Circle"].doc == "A circle."
    assert by_symbol["Circle.kind"].type == "Kind()"
    assert by_symbol["Circle.inner"].is_public is False
    assert by_symbol["Circle.try_new"].type == "Self()"
    assert by_symbol["Circle.impl Named"].bases == ("Named",)
    assert by_symbol["Circle"].start_line == 4
    assert outline.occurrences["Circle"] == 7
    assert Import("super", "Kind", "Kind") in outline.imports


def test_stubs_parse(tmp_path):
    near(tmp_path, "fn f() { $0 }")
    for path in tmp_path.rglob("*.rs"):
        outline = outline_of(str(path), path.read_bytes())
        for definition in outline.definitions:
            members = [member for member in outline.definitions if member.parent == definition.symbol]
            stub = RUST.reader.stub(definition, members)
            if not definition.parent:
                assert not parse(RUST, encode(stub)).root.has_error, stub


AT, LENGTH = st.integers(0, 1400), st.integers(0, 30)
TYPED = st.sampled_from(["x", "{", "}", "\n", "// a\n", "fn q() {}", "c.a(", "é", '"', '#[path = "b.rs"]'])
CODE = SHAPES[SHAPES.index("pub mod circle;") : SHAPES.index("// src/odd")]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(AT, LENGTH, TYPED), min_size=1, max_size=4))
def test_the_way_to_a_text_has_no_influence_on_its_outline(edits):
    text, documents = CODE, Documents()
    for start, n_deleted, typed in edits:
        text = text[:start] + typed + text[start + n_deleted :]
        view = documents.read(RUST, "a.rs", text)
    assert view.outline == Documents().read(RUST, "a.rs", text).outline


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.sampled_from(
            ["x; ", " ", "self.kind; ", "Circle::UNIT; ", "if a { b() } ", "let c = 1; ", "é; ", "\n"]
        ),
        max_size=8,
    )
)
def test_typing_in_a_function_is_read_as_a_fresh_document_is(typed):
    one_line, body = "{ todo!() }\n    pub fn try_new", "{\n        todo!()\n    }\n    pub fn try_new"
    text, documents = CODE.replace(one_line, body), Documents()
    start = text.index(body) + body.index("todo")
    for piece in ["", *typed]:
        text = text[:start] + piece + text[start:]
        start += len(piece)
        place = documents.place(RUST, "a.rs", text, start)
    fresh = Documents().place(RUST, "a.rs", text, start)
    assert (place.near, place.locals) == (fresh.near, fresh.locals)
    assert (place.owner, place.function) == (fresh.owner, fresh.function) == ("Circle", "Circle.new")


def test_members_are_offered_of_imported_types_that_are_not_used_yet(tmp_path):
    main = "// src/main.rs\nuse draw_shapes::shapes::{Kind, Title};\n"
    text = f"{SHAPES}{main}fn main() {{\n    $0\n}}\nfn other() {{ Kind::Flat; }}\n"
    offered = workspace(tmp_path, text, "rust").offered()
    assert Sign.MEMBER_OF_TYPE in offered["src/shapes/mod.rs:Title.words"]
    assert Sign.MEMBER_OF_TYPE not in offered["src/shapes/mod.rs:Kind.Deep"]


def test_members_are_offered_of_what_methods_return(tmp_path):
    main = "// src/main.rs\nuse draw_shapes::shapes::Named;\n"
    text = f"{SHAPES}{main}fn main(named: &dyn Named) {{\n    $0\n}}\n"
    assert (
        Sign.MEMBER_OF_FIELD in workspace(tmp_path, text, "rust").offered()["src/shapes/mod.rs:Title.words"]
    )
