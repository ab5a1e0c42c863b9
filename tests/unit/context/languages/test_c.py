# ruff: noqa: E501 - a case on a line of its own is easier to compare

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marked import workspace

from codenook.context.code import outline_of
from codenook.context.document import Documents
from codenook.context.parse import encode, language_named, language_of, parse

C, CPP = language_named("c"), language_named("cpp")

LISTS = """
// include/list.h
#ifndef LIST_H
#define LIST_H
#include "node.h"
#define LIST_MAX 64
#define LIST_EACH(list, n) for (n = (list)->head; n; n = n->next)
enum order { ORDER_UP, ORDER_DOWN = 2 };
/* A list of nodes. */
typedef struct {
    struct node *head;
    size_t (*hash)(const char *key);
    enum order order;
} List;
/* Makes a list. */
List *list_new(enum order order);
extern int list_count;
#endif

// include/node.h
typedef struct node Node;
struct node { Node *next; union { int number; char *text; } value; };
Node *node_find(Node *from, const char *text);

// src/list.c
#include "list.h"
static int private_count;
List *list_new(enum order order) { return 0; }
int list_count = 0;

"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("List *l = list_new(ORDER_UP); l->head->next;", {"list.h:List", "list.h:list_new", "list.h:ORDER_UP", "list.h:List.head", "node.h:node.next"}),
        ("int n = LIST_MAX + list_count;", {"list.h:LIST_MAX", "list.h:list_count"}),
        ("Node *n; LIST_EACH(l, n) { n->value; }", {"node.h:Node", "list.h:LIST_EACH", "node.h:node", "node.h:node.value"}),
        ('struct node *n = node_find(0, "a"); n->number;', {"node.h:node", "node.h:node_find", "node.h:node.number"}),
        ("((List *)p)->order; node_find(0, 0)->next->text;", {"list.h:List", "list.h:List.order", "node.h:node_find", "node.h:node", "node.h:node.next", "node.h:node.text"}),
        ('List l = { .head = 0 }; l.hash("a"); private_count;', {"list.h:List", "list.h:List.hash"}),
    ],
)  # fmt: skip
def test_what_c_reads_is_found_in_headers(code, expected, tmp_path):
    found = workspace(
        tmp_path, f'{LISTS}// src/use.c\n#include "list.h"\nvoid f(void *p) {{ {code} $0 }}', "c"
    ).near()
    assert {name.removeprefix("include/") for name in found} == expected


def test_members_of_a_struct_are_found_at_the_cursor(tmp_path):
    code = '// src/use.c\n#include "list.h"\nvoid f(List *l) { l->$0 }'
    members = workspace(tmp_path, LISTS + code, "c").at_cursor()
    assert members == {f"include/list.h:List.{name}" for name in ("head", "hash", "order")}


@pytest.mark.parametrize(
    "code",
    [
        '#include "list.h"\r\nvoid f(List *l) {\r\n    l->head;\r\n    $0\r\n}\r\n',
        '#include "list.h"\nvoid f(List *gr\u00f6\u00dfe) { gr\u00f6\u00dfe->head; $0 }',
        '#include "list.h"\nint g( { \nvoid f(List *l) { l->head; $0 }',
    ],
    ids=["crlf", "utf-8", "broken"],
)
def test_odd_texts_are_read_as_well(code, tmp_path):
    assert "include/list.h:List.head" in workspace(tmp_path, f"{LISTS}// src/use.c\n{code}", "c").near()


def test_folders_named_by_compile_commands_are_searched(tmp_path):
    command = {"directory": str(tmp_path), "file": "a.c", "command": "cc -Iodd/place -I /usr/include -c a.c"}
    (tmp_path / "compile_commands.json").write_text(json.dumps([command]))
    text = "// odd/place/deep.h\nint deep(void);\n// a.c\n#include <deep.h>\nvoid f(void) { deep(); $0 }"
    assert workspace(tmp_path, text, "c").near() == {"odd/place/deep.h:deep"}


SHAPES = """
// include/shapes/shape.h
#pragma once
#include <memory>
#include <vector>
namespace shapes {
/// Anything that can be drawn.
class Shape {
 public:
  virtual ~Shape() = default;
  virtual double area() const = 0;
  const Shape *parent() const;
  enum class Kind { Round, Flat };
 protected:
  int id_ = 0;
};
template <typename T> T largest(const std::vector<T> &all);
using Shapes = std::vector<std::unique_ptr<Shape>>;
}

// include/shapes/circle.hpp
#include "shape.h"
namespace shapes::round {
struct Point { int x, y; };
class Circle : public Shape {
 public:
  explicit Circle(double radius) : radius_(radius) {}
  double area() const override;
  Circle &grow(double by);
  static Circle unit();
 private:
  double radius_;
  Point centre_;
};
inline Circle operator+(const Circle &a, const Circle &b);
}

// src/shape.cc
#include "shapes/shape.h"
namespace shapes { const Shape *Shape::parent() const { return nullptr; } }

"""

H, HPP = "include/shapes/shape.h", "include/shapes/circle.hpp"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("shapes::round::Circle c(1); c.grow(2).area();", {f"{HPP}:Circle", f"{HPP}:Circle.grow", f"{HPP}:Circle.area"}),
        ("auto c = std::make_unique<Circle>(1.0); c->parent()->area();", {f"{HPP}:Circle", f"{H}:Shape.parent", f"{H}:Shape", f"{H}:Shape.area"}),
        ("auto c = Circle::unit(); c.id_;", {f"{HPP}:Circle", f"{HPP}:Circle.unit", f"{H}:Shape.id_"}),
        ("for (const auto &s : all) { s->area(); } Shape::Kind::Round;", {f"{H}:Shapes", f"{H}:Shape", f"{H}:Shape.area"}),
        ("auto *c = new shapes::Shape(); shapes::largest<int>(v); static_cast<Circle *>(c)->grow(1);", {f"{H}:Shape", f"{H}:largest", f"{HPP}:Circle", f"{HPP}:Circle.grow"}),
    ],
)  # fmt: skip
def test_what_cpp_reads_is_found_in_headers(code, expected, tmp_path):
    text = f'{SHAPES}// src/use.cc\n#include "shapes/circle.hpp"\nusing namespace shapes;\nvoid f(Shapes all) {{ {code} $0 }}'
    assert workspace(tmp_path, text, "cpp").near() - {f"{H}:Shapes"} == expected - {f"{H}:Shapes"}


def test_a_member_outside_of_its_class_reads_the_others_by_name(tmp_path):
    text = f'{SHAPES}// src/circle.cc\n#include "shapes/circle.hpp"\nnamespace shapes::round {{\nCircle &Circle::grow(double by) {{\n  radius_ += by; centre_.x; parent(); this->id_; $0\n}}\n}}'
    marked = workspace(tmp_path, text, "cpp")
    assert (marked.place.owner, marked.place.function) == ("Circle", "Circle.grow")
    assert marked.near() >= {
        f"{HPP}:Circle.radius_",
        f"{HPP}:Circle.centre_",
        f"{HPP}:Point.x",
        f"{H}:Shape.parent",
        f"{H}:Shape.id_",
    }


def test_members_at_the_cursor_are_own_and_inherited(tmp_path):
    text = (
        f'{SHAPES}// src/use.cc\n#include "shapes/circle.hpp"\nvoid f(shapes::round::Circle *c) {{ c->$0 }}'
    )
    members = workspace(tmp_path, text, "cpp").at_cursor()
    assert members >= {f"{HPP}:Circle.grow", f"{HPP}:Circle.area", f"{H}:Shape.parent", f"{H}:Shape.id_"}
    assert f"{H}:Shape.area" not in members


def test_a_header_is_cpp_when_it_says_so():
    assert language_of(Path("a.h")) is C
    assert language_of(Path("a.h"), b"int f(void);\n") is C
    assert language_of(Path("a.h"), b"struct A {\n public:\n  int b;\n};\n") is CPP
    assert language_of(Path("a.c"), b"// class A\nint class;\nnamespace a {}\n") is C
    assert language_of(Path("a.hpp"), b"int f();") is CPP


@pytest.mark.parametrize(("language", "text"), [(C, LISTS), (CPP, SHAPES)], ids=["c", "cpp"])
def test_stubs_parse(language, text, tmp_path):
    workspace(tmp_path, f"{text}// x.{language.id}\n$0", language.id)
    n_stubs = 0
    for path in tmp_path.rglob("*.*"):
        outline = outline_of(str(path), path.read_bytes())
        for definition in outline.definitions:
            members = [member for member in outline.definitions if member.parent == definition.symbol]
            if not definition.parent:
                stub = language.reader.stub(definition, members)
                assert not parse(language, encode(f"{stub}\n")).root.has_error, stub
                n_stubs += 1
    assert n_stubs >= 5


def test_the_outline_says_what_a_reader_needs():
    text = SHAPES[SHAPES.index("#pragma") : SHAPES.index("// include/shapes/circle")]
    by_symbol = {definition.symbol: definition for definition in outline_of("a.h", text.encode()).definitions}
    assert by_symbol["Shape"].doc == "Anything that can be drawn."
    assert by_symbol["Shape.parent"].type == "Shape()"
    assert by_symbol["Shape.id_"].is_public is False
    assert by_symbol["Shape.Kind.Round"].type == "Shape.Kind"
    assert by_symbol["largest"].signature == "template <typename T> T largest(const std::vector<T> &all)"
    assert by_symbol["Shapes"].type == "Shape()"


def test_a_real_header_is_read_whole():
    header = Path(np.get_include(), "numpy", "ndarraytypes.h")
    outline = outline_of(str(header), header.read_bytes())
    by_symbol = {definition.symbol: definition for definition in outline.definitions}
    assert outline.language == "c"
    assert by_symbol["PyArray_Dims.ptr"].signature == "npy_intp *ptr"
    assert by_symbol["NPY_BOOL"].type == "NPY_TYPES()"
    macro = by_symbol["NPY_MAXDIMS"]
    assert (macro.start_line, macro.signature) == (macro.end_line, "#define NPY_MAXDIMS 64")
    assert len(by_symbol) > 400


AT, LENGTH = st.integers(0, 900), st.integers(0, 30)
TYPED = st.sampled_from(["x", "{", "}", "\n", "// a\n", "int q() {}", "c.a(", "\u00e9", '"', "#if 1\n"])


@settings(deadline=None, max_examples=50)
@given(st.sampled_from([C, CPP]), st.lists(st.tuples(AT, LENGTH, TYPED), min_size=1, max_size=4))
def test_the_way_to_a_text_has_no_influence_on_its_outline(language, edits):
    text, documents = LISTS if language is C else SHAPES, Documents()
    for start, n_deleted, typed in edits:
        text = text[:start] + typed + text[start + n_deleted :]
        view = documents.read(language, "a.h", text)
    assert view.outline == Documents().read(language, "a.h", text).outline
