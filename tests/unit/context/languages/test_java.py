"""Java: outlines, packages below source roots, imports, inherited and implicit members."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import workspace

from codenook.context.code import Code, outline_of, sources_of
from codenook.context.document import Documents
from codenook.context.index.index import Index
from codenook.context.outline import Outline
from codenook.context.parse import encode, language_named, parse
from codenook.context.resolve import Resolution, Scope

JAVA = language_named("java")

CIRCLE = """
package org.draw.shapes;

import java.util.List;

/**
 * A {@link Shape} that is round.
 * It has more to say.
 */
@Immutable(deep = {"a", "(b"})
public final class Circle<T extends Title> extends Base implements Shape, Comparable<Circle<T>> {
    public static final Circle UNIT = new Circle(1), OTHER = null; // two
    private final double radius;
    List<Part> parts;
    T title;

    /** Makes one. */
    public Circle(double radius) { this.radius = radius; }

    @Override
    public double radius() {
        return radius;
    }

    public Part firstPart(final String name, int... numbers) throws Missing { return null; }

    private void secret() {}

    public static class Builder {
        public Builder radius(double radius) { return this; }
        public Circle build() { return null; }
    }

    enum Part implements Named { FULL(1) { int weight() { return 2; } }, HALF; int weight() { return 1; } }
}
"""

SHAPES = f"""
// core/src/main/java/org/draw/shapes/Circle.java
{CIRCLE.lstrip()}
// core/src/main/java/org/draw/shapes/Shape.java
package org.draw.shapes;
public interface Shape extends Named {{
    int SIDES = 0;
    double area();
    default Shape doubled() {{ return this; }}
}}

// core/src/main/java/org/draw/shapes/Named.java
package org.draw.shapes;
interface Named {{ Title title(); }}

// core/src/main/java/org/draw/shapes/Title.java
package org.draw.shapes;
public record Title(String words, Circle owner) {{
    public int length() {{ return words.length(); }}
}}

// core/src/main/java/org/draw/shapes/Base.java
package org.draw.shapes;
public abstract class Base {{
    protected Title caption;
    public static class Corner {{ public int angle; }}
    protected Corner corner(int n) {{ return null; }}
    public static Shape of(String text) {{ return null; }}
}}

// tools/src/main/java/org/draw/tools/Tools.java
package org.draw.tools;
import org.draw.shapes.*;
public class Tools {{
    public static final int LIMIT = 3;
    public static Circle widest(java.util.List<Circle> circles) {{ return null; }}
    public Title title() {{ return null; }}
}}
"""

SHAPES_PATH = "core/src/main/java/org/draw/shapes"
MAIN = "core/src/test/java/org/draw/app/Main.java"


def in_method(tmp_path: Path, body: str, imports: str = "import org.draw.shapes.*;"):
    code = f"package org.draw.app;\n{imports}\nclass Main {{\n    void main() {{\n{body}\n    }}\n}}\n"
    return workspace(tmp_path, f"{SHAPES}\n// {MAIN}\n{code}", "java")


def outline(code: str) -> Outline:
    found = outline_of("A.java", code.encode())
    assert found
    return found


def test_an_outline_has_signatures_docs_types_and_bases():
    circle = outline(CIRCLE)
    found = {definition.symbol: definition for definition in circle.definitions}
    assert circle.package == "org.draw.shapes"
    assert set(found) == {
        *("Circle", "Circle.UNIT", "Circle.OTHER", "Circle.parts", "Circle.title", "Circle.Circle"),
        *("Circle.radius", "Circle.firstPart", "Circle.secret", "Circle.Builder", "Circle.Builder.radius"),
        *(
            "Circle.Builder.build",
            "Circle.Part",
            "Circle.Part.FULL",
            "Circle.Part.HALF",
            "Circle.Part.weight",
        ),
    }
    assert (found["Circle.Part"].kind, found["Circle.radius"].kind) == ("class", "method")
    assert found["Circle"].signature == (
        "public final class Circle<T extends Title> extends Base implements Shape, Comparable<Circle<T>>"
    )
    assert found["Circle"].doc == "A Shape that is round."
    assert found["Circle"].bases == ("Base", "Shape", "Comparable")
    assert (found["Circle"].start_line, found["Circle"].end_line) == (10, 35)
    assert (found["Circle.parts"].type, found["Circle.parts"].doc) == ("Part()", "")
    assert found["Circle.title"].type == "Title()"
    assert (found["Circle.Circle"].type, found["Circle.Circle"].doc) == ("Circle()", "Makes one.")
    assert found["Circle.radius"].signature == "public double radius()"
    assert found["Circle.firstPart"].signature == (
        "public Part firstPart(final String name, int... numbers) throws Missing"
    )
    assert (found["Circle.Part.FULL"].signature, found["Circle.Part.FULL"].type) == ("FULL(1)", "Part()")
    assert [definition.name for definition in circle.definitions if not definition.is_public] == ["secret"]


def test_imports_name_the_file_of_a_class_and_what_is_in_it():
    code = outline(
        "package a.b;\nimport c.D;\nimport c.D.E;\nimport c.*;\nimport static c.D.f;\nimport static c.D.*;\n"
    )
    assert [(found.module, found.name, found.binds) for found in code.imports] == [
        ("a.b", "*", "*"),
        ("c.D", "D", "D"),
        ("c.D", "D.E", "E"),
        ("c", "*", "*"),
        ("c.D", "D.f", "f"),
        ("c.D", "D.*", "*"),
    ]


@pytest.mark.parametrize(
    ("chain", "symbol"),
    [
        (("Circle", "UNIT", "firstPart", "()"), "Circle.java:Circle.Part"),
        (("Circle", "UNIT", "parts", "weight"), "Circle.java:Circle.Part.weight"),
        (("Circle", "Builder", "()", "radius", "()", "build", "()", "area"), "Shape.java:Shape.area"),
        (("Circle", "()", "corner", "()", "angle"), "Base.java:Base.Corner.angle"),
        (("Circle", "()", "doubled", "()", "title", "()", "length"), "Title.java:Title.length"),
        (("Circle", "()", "title", "owner", "()", "caption"), "Base.java:Base.caption"),
        (("Circle", "Part", "HALF"), "Circle.java:Circle.Part.HALF"),
        (("Circle", "Part", "HALF", "title"), "Named.java:Named.title"),
        (("Shape", "SIDES"), "Shape.java:Shape.SIDES"),
    ],
)
def test_chains_lead_over_types_bases_and_inner_classes(tmp_path: Path, chain, symbol):
    assert in_method(tmp_path, "$0").of(*chain) == f"{SHAPES_PATH}/{symbol}"


@pytest.mark.parametrize(
    ("imports", "chain", "symbol"),
    [
        ("import org.draw.shapes.Circle;", ("Circle",), f"{SHAPES_PATH}/Circle.java:Circle"),
        ("import org.draw.shapes.Circle.Builder;", ("Builder",), f"{SHAPES_PATH}/Circle.java:Circle.Builder"),
        ("import static org.draw.shapes.Base.of;", ("of", "()"), f"{SHAPES_PATH}/Shape.java:Shape"),
        ("import static org.draw.shapes.Circle.*;", ("corner", "()"), f"{SHAPES_PATH}/Base.java:Base.Corner"),
        (
            "import org.draw.tools.Tools;",
            ("Tools", "widest", "()"),
            f"{SHAPES_PATH}/Circle.java:Circle",
        ),
        ("import org.draw.tools.*;", ("Circle",), "None"),
        ("import java.util.*;", ("List",), "None"),
        ("", ("Circle",), "None"),
    ],
)
def test_imports_find_files_in_every_module(tmp_path: Path, imports, chain, symbol):
    assert in_method(tmp_path, "$0", imports).of(*chain) == symbol


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("Circle x = make();", "Circle.java:Circle"),
        ("var x = new Circle<>(2);", "Circle.java:Circle"),
        ("var x = Circle.UNIT.firstPart(null);", "Circle.java:Circle.Part"),
        ("var x = (Shape) y;", "Shape.java:Shape"),
        ("for (Shape x : shapes) { x.area(); }", "Shape.java:Shape"),
        ("for (var x : circles) {}\nList<? extends Circle> circles;", "Circle.java:Circle"),
        ("Map<String, Title> x;", "Title.java:Title"),
        ("try (Circle x = open()) {}", "Circle.java:Circle"),
        ("if (y instanceof Circle x) {}", "Circle.java:Circle"),
        ("Circle[] x = null;", "Circle.java:Circle"),
        ("Circle.Builder x = null;", "Circle.java:Circle.Builder"),
        ("var x = y ? Circle.UNIT : null;", "Circle.java:Circle"),
    ],
)
def test_locals_stand_for_what_they_are_declared_or_given(tmp_path: Path, code, symbol):
    assert in_method(tmp_path, f"{code}\n$0").of("x", "()") == f"{SHAPES_PATH}/{symbol}"


def test_what_a_method_reads_of_other_files(tmp_path: Path):
    body = "Circle.UNIT.corner(1).angle++; run(Base::of); new Circle.Builder(); Object o = Shape.class; $0"
    assert in_method(tmp_path, body).near() == {
        *(f"{SHAPES_PATH}/Circle.java:Circle{name}" for name in ("", ".UNIT", ".Builder")),
        *(
            f"{SHAPES_PATH}/Base.java:Base{name}"
            for name in ("", ".corner", ".Corner", ".Corner.angle", ".of")
        ),
        f"{SHAPES_PATH}/Shape.java:Shape",
    }


def test_members_are_read_without_a_receiver_from_all_classes_around_and_their_bases(tmp_path: Path):
    code = (
        "package org.draw.app;\nimport org.draw.shapes.*;\nclass Main extends Base {\n"
        "    class Inner extends Circle {\n        void main() {\n$0\n}\n    }\n    class Beside {}\n}\n"
    )
    found = workspace(tmp_path, f"{SHAPES}\n// {MAIN}\n{code}", "java")
    assert (found.place.owner, found.place.function) == ("Main.Inner", "Main.Inner.main")
    assert found.of("firstPart", "()") == f"{SHAPES_PATH}/Circle.java:Circle.Part"
    assert found.of("caption") == f"{SHAPES_PATH}/Base.java:Base.caption"
    assert found.of("this", "area") == f"{SHAPES_PATH}/Shape.java:Shape.area"
    assert found.of("super") == f"{SHAPES_PATH}/Circle.java:Circle"
    assert found.of("Beside") == f"{MAIN}:Main.Beside"
    assert found.of("Main", "()") == f"{MAIN}:Main"
    assert found.of("Corner", "()", "angle") == f"{SHAPES_PATH}/Base.java:Base.Corner.angle"


def test_members_at_the_cursor_in_broken_code_with_crlf_and_accents(tmp_path: Path):
    body = "        if (größe {\r\n        Title naïve = null;\r\n        naïve.$0\r\n        int x = (;\r\n"
    assert in_method(tmp_path, body).at_cursor() == {
        f"{SHAPES_PATH}/Title.java:Title.{name}" for name in ("words", "owner", "length")
    }


def test_classes_without_a_package_see_those_of_their_folder(tmp_path: Path):
    text = "// a/One.java\nclass One { int x; }\n\n// a/Two.java\nclass Two { void f(One one) { one.$0 } }\n"
    assert workspace(tmp_path, text, "java").at_cursor() == {"a/One.java:One.x"}


def test_the_index_finds_packages_in_folders_of_other_names(tmp_path: Path):
    text = (
        "// odd/Far.java\npackage x.y;\npublic class Far { int z; }\n\n"
        "// main/Main.java\npackage m;\nimport x.y.Far;\nimport x.y.*;\n"
        "class Main { void f(Far far) { $0 } }\n"
    )
    found = workspace(tmp_path, text, "java")
    assert found.of("far", "z") == "None"
    index = Index(sources_of(tmp_path))
    try:
        assert index.scan(lambda *_: None)
        code = Code(str(tmp_path), index)
        resolution = Resolution(code, JAVA.resolver(code), JAVA.reader.implicit_receiver)
        scope = Scope(found.place.view, locals=found.place.locals)
        assert resolution.value(scope, ("far", "z")).path == "odd/Far.java"
    finally:
        index.stop()
        index.close()


def test_stubs_are_declarations_that_parse():
    assert JAVA
    found = outline(CIRCLE)
    by_parent = {d.symbol: [m for m in found.definitions if m.parent == d.symbol] for d in found.definitions}
    stubs = {d.symbol: JAVA.reader.stub(d, by_parent[d.symbol]) for d in found.definitions}
    assert stubs["Circle.Part"] == ("enum Part implements Named {\n    FULL(1), HALF;\n    int weight();\n}")
    assert stubs["Circle"].count("UNIT") == 1
    assert stubs["Circle.Circle"] == "// Makes one.\npublic Circle(double radius) {}"
    assert stubs["Circle.radius"] == "public double radius();"
    assert stubs["Circle.UNIT"] == "public static final Circle UNIT = new Circle(1), OTHER = null;"
    for symbol in ("Circle", "Circle.Builder", "Circle.Part"):
        assert not parse(JAVA, encode(stubs[symbol])).root.has_error, stubs[symbol]


BODY = CIRCLE.index("return radius;")
PIECES = st.sampled_from(["", "x", "}", "{", "void g() {\n}\n", "// é\n", "\n\n", "this.", '"', "/*"])
EDIT = st.tuples(st.integers(0, len(CIRCLE)), st.integers(0, 60), PIECES)


@settings(max_examples=60, deadline=None)
@given(st.lists(EDIT, min_size=1, max_size=4))
def test_the_outline_does_not_depend_on_how_the_text_was_reached(edits):
    assert JAVA
    documents, text = Documents(), CIRCLE
    for start, length, typed in edits:
        documents.place(JAVA, "A.java", text, min(start, len(text)))
        text = text[:start] + typed + text[start + length :]
    assert documents.read(JAVA, "A.java", text).outline == Documents().read(JAVA, "A.java", text).outline


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["x", ".y", "()", ";\n", "é", "this."]), max_size=6))
def test_typing_in_a_method_is_read_as_a_fresh_document_is(typed):
    assert JAVA
    documents, text, at = Documents(), CIRCLE, BODY
    for piece in ["", *typed]:
        text = text[:at] + piece + text[at:]
        at += len(piece)
        place = documents.place(JAVA, "A.java", text, at)
    fresh = Documents().place(JAVA, "A.java", text, at)
    assert (place.near, place.locals) == (fresh.near, fresh.locals)
    assert (place.owner, place.function) == (fresh.owner, fresh.function) == ("Circle", "Circle.radius")
