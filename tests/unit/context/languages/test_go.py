"""Go: outlines, packages that are folders, go.mod, receivers, and what stands at the cursor."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import workspace

from codenook.context.code import outline_of
from codenook.context.document import Documents
from codenook.context.outline import Import, Outline
from codenook.context.parse import encode, language_named, parse
from codenook.context.resolve import Scope
from codenook.context.worth import Sign

GO = language_named("go")

SHAPES = """
// go.mod
module example.org/draw/v2

go 1.21

require (
	example.org/paint v1.2.0
	github.com/Masterminds/colour v0.1.0 // indirect
	example.org/vendored v1.0.0
)
replace example.org/paint => ./paint

// paint/go.mod
module example.org/paint

// paint/brush.go
package paint
// Brush paints.
type Brush struct{ Width int }
func (b *Brush) Stroke() error { return nil }

// vendor/example.org/vendored/go-bits.go
package vendored
func Bits() int { return 0 }

// shapes/shape.go
package shapes

import "example.org/paint"

// Shape is anything that has an area.
type Shape interface {
	Named
	Area() float64
}
type Named interface { Title() *Title }
type Title struct{ Words string }
func (t Title) Len() int { return len(t.Words) }

type base struct {
	*paint.Brush
	title Title
	Kind
}
type Kind int

const (
	Flat Kind = iota
	Deep
)
var Unit, other = NewCircle(1), 2

// shapes/circle.go
package shapes

// Circle is a round Shape.
// It has more to say.
type Circle struct {
	base
	Radius float64 `json:"radius"`
	parts  map[string]*Circle // by name
	near, far []Circle
}
func NewCircle(radius float64) *Circle { return nil }
func Parse(text string) (circle *Circle, err error) { return nil, nil }
func (c *Circle) Area() float64 { return 0 }
func (c Circle) Parts() map[string]*Circle {
	return c.parts
}

// shapes/list.go
package shapes
type List[T Shape] struct { items []T }
func (l *List[T]) First() T { return l.items[0] }
type Many []Circle
func (m Many) Widest() *Circle { return nil }
type Round = Circle
func helper(c *Circle) {}

// shapes/circle_test.go
package shapes
func testCircle() *Circle { return nil }

// shapes/outside_test.go
package shapes_test
func outside() {}
"""

MAIN = """
// main.go
package main

import (
	"fmt"
	. "example.org/vendored"
	p "example.org/paint"
	"example.org/draw/v2/shapes"
)
"""


def symbols(outline: Outline) -> list[str]:
    return [f"{definition.kind} {definition.symbol}" for definition in outline.definitions]


def outline(code: str) -> Outline:
    found = outline_of("a.go", code.encode())
    assert found
    return found


def in_function(tmp_path: Path, body: str):
    return workspace(tmp_path, f"{SHAPES}{MAIN}func main() {{\n{body}\n}}\n", "go")


def test_an_outline_has_signatures_docs_types_and_bases():
    circle = outline(SHAPES.partition("// shapes/circle.go\n")[2].partition("// shapes/list.go")[0])
    found = {definition.symbol: definition for definition in circle.definitions}
    assert circle.package == "shapes"
    assert list(found) == [
        *("Circle", "Circle.base", "Circle.Radius", "Circle.parts", "Circle.near", "Circle.far"),
        *("NewCircle", "Parse", "Circle.Area", "Circle.Parts"),
    ]
    assert (found["Circle"].signature, found["Circle"].doc) == (
        "type Circle struct",
        "Circle is a round Shape.",
    )
    assert found["Circle"].bases == ("base",)
    assert (found["Circle"].start_line, found["Circle"].end_line) == (5, 10)
    assert found["Circle.Radius"].signature == "Radius float64"
    assert (found["Circle.parts"].type, found["Circle.far"].type) == ("Circle()", "Circle()")
    assert found["Circle.near"].doc == ""
    assert found["Parse"].signature == "func Parse(text string) (circle *Circle, err error)"
    assert (found["Parse"].type, found["Circle.Parts"].type) == ("Circle()", "Circle()")
    assert found["Circle.Area"].parent == "Circle"
    assert [d.name for d in circle.definitions if not d.is_public] == ["base", "parts", "near", "far"]


def test_interfaces_constants_variables_aliases_and_generic_types():
    code = outline(
        "package p\ntype (\n\tA interface { B; m.C; Do(x int) (*T, error) }\n\tD = m.E\n"
        "\tF[T any] struct{ *G[T] }\n"
        "\tH func(int) error\n)\nconst a, b m.T = 1, 2\nvar c = New()\nvar (\n\td *T\n)\n"
        "func f() { type inner struct{ x int } }\n"
    )
    assert symbols(code) == [
        *("interface A", "method A.Do", "type D", "class F", "field F.G", "class H"),
        *("constant a", "constant b", "constant c", "constant d", "function f"),
    ]
    found = {definition.symbol: definition for definition in code.definitions}
    assert (found["A"].signature, found["A"].bases) == ("type A interface", ("B", "m.C"))
    assert (found["A.Do"].signature, found["A.Do"].type) == ("Do(x int) (*T, error)", "T()")
    assert (found["D"].signature, found["D"].type) == ("type D = m.E", "m.E()")
    assert (found["F"].signature, found["F"].bases) == ("type F[T any] struct", ("G",))
    assert (found["b"].signature, found["b"].type) == ("const a, b m.T = 1, 2", "m.T()")
    assert (found["c"].signature, found["c"].type) == ("var c = New()", "New()")
    assert found["d"].signature == "var d *T"
    assert found["H"].type == "int()"


def test_a_constant_without_a_value_has_the_type_of_the_one_above():
    code = outline(
        "package p\nconst (\n\tA Kind = iota\n\tB\n\n\t// C is last.\n\tC\n\tD = Other(1)\n\tE\n"
        "\tF = 2\n\tG\n)\nconst (\n\tH\n)\n"
    )
    assert {constant.name: constant.type for constant in code.definitions} == {
        **dict.fromkeys("ABC", "Kind()"),
        **dict.fromkeys("DE", "Other()"),
        **dict.fromkeys("FGH", ""),
    }


def test_members_are_words_of_a_file_too():
    code = outline("package p\ntype T struct{ x int }\nfunc (t T) Do() { t.Do(); t.x.Do() }\n")
    assert (code.occurrences["Do"], code.occurrences["x"], code.occurrences["t"]) == (3, 2, 3)


def test_imports_have_aliases_dots_and_names_guessed_from_paths():
    code = outline(
        'package p\nimport "fmt"\nimport (\n\tx "a/b"\n\t. "c/d"\n\t_ "e/f"\n'
        '\t"g.org/h/v3"\n\t`gopkg.in/yaml.v2`\n\t"i/go-j"\n)\n'
    )
    assert [(found.module, found.name, found.binds) for found in code.imports] == [
        (".", "*", "*"),
        ("fmt", None, "fmt"),
        ("a/b", None, "x"),
        ("c/d", "*", "*"),
        ("e/f", None, ""),
        ("g.org/h/v3", None, "h"),
        ("gopkg.in/yaml.v2", None, "yaml"),
        ("i/go-j", None, "j"),
    ]
    assert Import("a/b", None, "x") in code.imports


@pytest.mark.parametrize(
    ("chain", "symbol"),
    [
        (("shapes", "NewCircle"), "shapes/circle.go:NewCircle"),
        (("shapes", "NewCircle", "()"), "shapes/circle.go:Circle"),
        (("shapes", "Parse", "()", "Radius"), "shapes/circle.go:Circle.Radius"),
        (("shapes", "Unit", "Area"), "shapes/circle.go:Circle.Area"),
        (("shapes", "Circle", "()", "Stroke"), "paint/brush.go:Brush.Stroke"),
        (("shapes", "Circle", "()", "title", "Len"), "shapes/shape.go:Title.Len"),
        (("shapes", "Circle", "()", "Kind"), "shapes/shape.go:base.Kind"),
        (("shapes", "Shape", "()", "Title", "()", "Words"), "shapes/shape.go:Title.Words"),
        (("shapes", "Many", "()", "Widest", "()", "Radius"), "shapes/circle.go:Circle.Radius"),
        (("shapes", "List", "()", "First"), "shapes/list.go:List.First"),
        (("shapes", "Round", "()", "Parts"), "shapes/circle.go:Circle.Parts"),
        (("shapes", "Flat"), "shapes/shape.go:Flat"),
        (("p", "Brush"), "paint/brush.go:Brush"),
        (("Bits",), "vendor/example.org/vendored/go-bits.go:Bits"),
        (("shapes", "testCircle"), "None"),
        (("shapes", "outside"), "None"),
        (("fmt", "Println"), "None"),
    ],
)
def test_chains_lead_through_packages_embedded_types_and_results(tmp_path: Path, chain, symbol):
    assert in_function(tmp_path, "\t$0").of(*chain) == symbol


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("x, err := shapes.Parse(text)", "shapes/circle.go:Circle"),
        ("x := &shapes.Circle{Radius: 1}", "shapes/circle.go:Circle"),
        ("var x shapes.Circle", "shapes/circle.go:Circle"),
        ("var x, y = 1, 2", "None"),
        ("y, x := 1, shapes.NewCircle(1)", "shapes/circle.go:Circle"),
        ("err, x := shapes.Parse(text)", "None"),
        ("for _, x := range shapes.Unit.Parts() {", "shapes/circle.go:Circle"),
        ("for x := range shapes.Unit.Parts() {", "None"),
        ("x := y.(*shapes.Circle)", "shapes/circle.go:Circle"),
        ("switch x := y.(type) { case *shapes.Circle: f() }", "shapes/circle.go:Circle"),
        ("x := make([]shapes.Circle, 3)", "shapes/circle.go:Circle"),
        ("x := append(circles, one)\n\tvar circles []*shapes.Circle", "shapes/circle.go:Circle"),
        ("x := new(shapes.Title)", "shapes/shape.go:Title"),
        ("x := []shapes.Title{{}}[0]", "shapes/shape.go:Title"),
        ("x := shapes.Many(nil)", "shapes/list.go:Many"),
        ("x := <-circles\n\tvar circles chan *shapes.Circle", "shapes/circle.go:Circle"),
        ("func(x *shapes.Circle) {}(nil)", "shapes/circle.go:Circle"),
    ],
)
def test_locals_stand_for_what_they_are_given(tmp_path: Path, code, symbol):
    assert in_function(tmp_path, f"\t{code}\n\t$0").of("x") == symbol


def test_keys_of_literals_are_fields_and_keys_of_maps_are_not(tmp_path: Path):
    body = (
        "\ta := shapes.Circle{Radius: 1}\n\tb := []*shapes.Title{{Words: w}}\n"
        "\tc := map[string]int{p.Key: 1}\n\t$0"
    )
    assert in_function(tmp_path, body).near() == {
        *("shapes/circle.go:Circle", "shapes/circle.go:Circle.Radius"),
        *("shapes/shape.go:Title", "shapes/shape.go:Title.Words"),
    }


def test_a_file_sees_its_package_and_only_tests_see_tests(tmp_path: Path):
    inside = "// shapes/new.go\npackage shapes\nfunc f() { $0 }\n"
    found = workspace(tmp_path, SHAPES + inside, "go")
    assert found.of("helper") == "shapes/list.go:helper"
    assert found.of("Deep") == "shapes/shape.go:Deep"
    assert (found.of("testCircle"), found.of("outside")) == ("None", "None")
    package = found.resolution.resolver.module("shapes/new.go", ".")
    exported = set(found.resolution.export_names(package))
    assert {"helper", "base", "Circle", "f"} <= exported
    test = workspace(
        tmp_path / "t", SHAPES + "// shapes/new_test.go\npackage shapes\nfunc g() { $0 }\n", "go"
    )
    assert test.of("testCircle", "()") == "shapes/circle.go:Circle"


def test_other_packages_show_what_begins_with_a_capital(tmp_path: Path):
    found = in_function(tmp_path, "\t$0")
    module = found.resolution.value(Scope(found.place.view), ("shapes",))
    exported = set(found.resolution.export_names(module))
    assert {"NewCircle", "Many", "Flat", "Unit"} <= exported
    assert not {"helper", "base", "other"} & exported


def test_the_receiver_has_the_members_of_its_type_in_any_file(tmp_path: Path):
    code = "// shapes/more.go\npackage shapes\nfunc (c *Circle) More(other Shape) {\n\tc.$0\n}\n"
    found = workspace(tmp_path, SHAPES + code, "go")
    assert (found.place.owner, found.place.function) == ("Circle", "Circle.More")
    assert found.at_cursor() >= {
        *("shapes/circle.go:Circle.Radius", "shapes/circle.go:Circle.Area", "shapes/more.go:Circle.More"),
        *("shapes/shape.go:base.title", "paint/brush.go:Brush.Stroke"),
    }


def test_members_at_the_cursor_in_broken_code_with_crlf_and_accents(tmp_path: Path):
    body = "\tif naïve {\n\t\tgröße := shapes.Shape(nil)\n\t\tgröße.$0\n\tfor {\n"
    code = f"{SHAPES}{MAIN}func main() {{\n{body}\n}}\n".replace("\n\tfor", "\r\n\tfor").replace(
        "{\n", "{\r\n"
    )
    found = workspace(tmp_path, code, "go")
    assert found.at_cursor() == {"shapes/shape.go:Shape.Area", "shapes/shape.go:Named.Title"}


def test_packages_come_from_the_module_cache(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("GOMODCACHE", str(tmp_path / "cache"))
    folder = tmp_path / "cache" / "github.com" / "!masterminds" / "colour@v0.1.0" / "deep"
    folder.mkdir(parents=True)
    (folder / "red.go").write_text("package deep\n// Red is red.\ntype Red struct{}\n", "utf-8")
    code = 'package main\nimport "github.com/Masterminds/colour/deep"\nfunc f() { $0 }\n'
    found = workspace(tmp_path / "w", f"{SHAPES}\n// main.go\n{code}", "go")
    assert found.of("deep", "Red") == f"{folder}/red.go:Red"


def test_modules_of_a_go_work_see_each_other(tmp_path: Path):
    found = workspace(
        tmp_path,
        "// go.work\ngo 1.21\nuse (\n\t./a\n\t./b // too\n)\n"
        "// a/go.mod\nmodule x.org/a\n\n// b/go.mod\nmodule x.org/b\n\n"
        "// b/sub/b.go\npackage sub\nfunc B() {}\n\n"
        '// a/a.go\npackage a\nimport "x.org/b/sub"\nfunc f() { $0 }\n',
        "go",
    )
    assert found.of("sub", "B") == "b/sub/b.go:B"


def test_stubs_are_declarations_that_parse(tmp_path: Path):
    assert GO
    code = "".join(part.partition("\n")[2] for part in SHAPES.split("// shapes/")[1:4])
    found = outline(code.replace("package shapes", "") or code)
    whole = "package p\n" + "\n".join(
        GO.reader.stub(
            definition, [m for m in found.definitions if m.parent == definition.symbol and m.kind == "field"]
        )
        for definition in found.definitions
        if not definition.parent or (definition.kind == "method" and definition.signature.startswith("func"))
    )
    assert "type Circle struct {\n\tbase\n\tRadius float64\n" in whole
    assert "func (c *Circle) Area() float64" in whole
    assert not parse(GO, encode(whole)).root.has_error


def test_a_comment_changed_above_a_function_is_seen():
    assert GO
    documents = Documents()
    for doc in ("First.", "Second."):
        view = documents.read(GO, "a.go", f"package p\n\n// {doc}\nfunc f() {{}}\n")
        assert view.top["f"].doc == doc


CODE = SHAPES.partition("// shapes/shape.go\n")[2].replace("// shapes/", "//go:build ")
BODY = CODE.index("return c.parts")
PIECES = st.sampled_from(["", "x", "}", "{", "func g() {\n}\n", "// é\n", "\n\n", "c.", '"', "`"])
EDIT = st.tuples(st.integers(0, len(CODE)), st.integers(0, 60), PIECES)


@settings(max_examples=60, deadline=None)
@given(st.lists(EDIT, min_size=1, max_size=4))
def test_the_outline_does_not_depend_on_how_the_text_was_reached(edits):
    assert GO
    documents, text = Documents(), CODE
    for start, length, typed in edits:
        documents.place(GO, "a.go", text, min(start, len(text)))
        text = text[:start] + typed + text[start + length :]
    assert documents.read(GO, "a.go", text).outline == Documents().read(GO, "a.go", text).outline


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(["x", " ", "c.", "p := c.parts\n", "if a { b() }\n", "é", "q(Circle{})\n"]),
        max_size=6,
    )
)
def test_typing_in_a_method_is_read_as_a_fresh_document_is(typed):
    assert GO
    documents, text, at = Documents(), CODE, BODY
    for piece in ["", *typed]:
        text = text[:at] + piece + text[at:]
        at += len(piece)
        place = documents.place(GO, "a.go", text, at)
    fresh = Documents().place(GO, "a.go", text, at)
    assert (place.near, place.locals) == (fresh.near, fresh.locals)
    assert (place.owner, place.function) == (fresh.owner, fresh.function) == ("Circle", "Circle.Parts")


def test_constants_of_a_type_are_offered_with_its_members(tmp_path):
    offered = workspace(tmp_path, f"{SHAPES}{MAIN}func main(kind shapes.Kind) {{\n$0\n}}\n", "go").offered()
    assert {"shapes/shape.go:Flat", "shapes/shape.go:Deep"} == {
        symbol for symbol, signs in offered.items() if Sign.MEMBER_OF_TYPE in signs and "shape.go" in symbol
    }


def test_members_are_offered_of_what_methods_return(tmp_path):
    marked = workspace(tmp_path, f"{SHAPES}{MAIN}func main(n shapes.Named) {{\n$0\n}}\n", "go")
    assert Sign.MEMBER_OF_FIELD in marked.offered()["shapes/shape.go:Title.Len"]


def test_members_are_offered_of_types_in_the_header_that_no_name_has(tmp_path):
    options = "// shapes/option.go\npackage shapes\ntype Option func(c *Circle)\n"
    header = "func with(radius float64) (shapes.Option, *shapes.Title)"
    offered = workspace(tmp_path, f"{SHAPES}{options}{MAIN}{header} {{\n$0\n}}\n", "go").offered()
    for member in ("shapes/circle.go:Circle.Radius", "shapes/shape.go:Title.Words"):
        assert Sign.MEMBER_OF_TYPE in offered[member]
    assert Sign.TYPE_IN_SCOPE not in offered["shapes/shape.go:Title"]


def test_exports_of_a_package_that_is_not_used_yet_come_before_others(tmp_path):
    used = "func other() { shapes.Parse(p.Brush{}) }\n"
    for others, is_new in (("", True), (used, False)):
        marked = workspace(tmp_path, f"{SHAPES}{MAIN}func main() {{\n$0\n}}\n{others}", "go")
        signs = marked.offered()["shapes/circle.go:NewCircle"]
        assert Sign.EXPORT in signs
        assert (Sign.MEMBER_OF_TYPE in signs) is is_new
