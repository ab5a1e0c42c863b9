"""Facts about changes of small workspaces: what is told, and what is left alone."""

from threading import Event

import pytest

from codenook.context.code import Code, sources_of
from codenook.context.index.index import Index
from codenook.server.review.fixes import applied
from codenook.server.review.merge import merged
from codenook.server.review.scope.readable import Gathered, Sides
from codenook.server.review.sources.facts.find import Facts


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Write the new files, and give what is told about the change from the old ones.

    Each finding as ``(path, line, rule, quote)``; files in neither are unchanged.
    """
    monkeypatch.setenv("CODENOOK_CACHE_DIR", str(tmp_path / "cache"))

    def tell(old, new, same=None):
        root = tmp_path / "work"
        for path, text in ({**(same or {}), **new}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        gathered = Gathered(root)
        for path in sorted(old.keys() | new.keys()):
            was, is_now = (side[path].encode() if path in side else None for side in (old, new))
            gathered.add(Sides(path, path if was is not None else None, was, is_now))
        change = gathered.change("a change")
        index = Index(sources_of(root))
        try:
            index.scan()
            code = Code(str(root))
            code.use(index)
            facts = Facts(change, code, Event())
            done = merged(change, [f for file in change.files for f in facts.about(file)])
            tell.change, tell.found, tell.not_told = change, done.findings, done.not_told
        finally:
            index.close()
        return [(f.path, (f.removed or f.span).start_line, f.rule.id, f.quote) for f in tell.found]

    return tell


AREA = "def area(width, height):\n    return width * height\n"
WIDER = "def area(width, height, unit):\n    return width * height * unit\n"
CALL = "from shapes import area\n\n\ndef show(x):\n    return area(x, 2)\n"


def test_a_call_in_unchanged_code_that_lacks_a_new_argument(told):
    assert told({"shapes.py": AREA}, {"shapes.py": WIDER}, {"cli.py": CALL}) == [
        ("shapes.py", 1, "missing-argument", "unit")
    ]
    (found,) = told.found
    assert [(place.path, place.span.start_line) for place in found.related] == [("cli.py", 5)]
    assert found.message == "`area` needs `unit`, which a call does not give"


def test_a_call_in_the_change_is_told_where_it_is(told):
    old = {"shapes.py": AREA, "cli.py": CALL}
    new = {"shapes.py": WIDER, "cli.py": CALL.replace("(x, 2)", "(x, 3)")}
    assert told(old, new) == [("cli.py", 5, "missing-argument", "area")]


FITTING = {
    "a default": AREA.replace("height)", "height, unit=1)").replace("height\n", "height * unit\n"),
    "any more": AREA.replace("height)", "height, *more)"),
    "the same with types": AREA.replace("width, height", "width: int, height: int = 2"),
}


@pytest.mark.parametrize("new", FITTING.values(), ids=FITTING.keys())
def test_calls_that_still_fit_are_left_alone(told, new):
    assert told({"shapes.py": AREA}, {"shapes.py": new}, {"cli.py": CALL}) == []


UNCERTAIN = {
    "stars": CALL.replace("(x, 2)", "(*x)"),
    "names of a dictionary": CALL.replace("(x, 2)", "(**x)"),
    "a name of its own": CALL.replace("show(x)", "show(x, area)"),
    "bound in a loop": CALL.replace(
        "    return area", "    for area, y in x:\n        area(x, 1)\n    return area"
    ),
    "imported in two ways": "try:\n    from fast import area\nexcept ImportError:\n    "
    + CALL.replace("\n\n\n", "\n", 1),
    "expected to fail": CALL.replace(
        "    return area(x, 2)", "    try:\n        area(x, 2)\n    except TypeError:\n        pass"
    ),
    "a test of the error": "import pytest\n"
    + CALL.replace("    return area", "    with pytest.raises(TypeError):\n        area"),
    "another module's": CALL.replace("from shapes", "from circles"),
    "replaced later": CALL + "area = print\n",
    "a method of that name": CALL.replace("area(x, 2)", "x.area(x, 2)"),
}


@pytest.mark.parametrize("caller", UNCERTAIN.values(), ids=UNCERTAIN.keys())
def test_calls_that_may_be_meant_otherwise_are_left_alone(told, caller):
    assert told({"shapes.py": AREA}, {"shapes.py": WIDER}, {"cli.py": caller}) == []


@pytest.mark.parametrize(
    "decorator", ["@click.command()", "@wraps(print)", "@property", "@overload", "@a[0]"]
)
def test_a_decorator_may_change_what_callers_give(told, decorator):
    old, new = (f"{decorator}\n{text}" for text in (AREA, WIDER))
    assert told({"shapes.py": old}, {"shapes.py": new}, {"cli.py": CALL}) == []


def test_two_definitions_are_no_certain_one(told):
    twice = f"if True:\n    def area(width, height, unit):\n        return unit\nelse:\n    {AREA}"
    assert told({"shapes.py": AREA}, {"shapes.py": twice}, {"cli.py": CALL}) == []


def test_too_many_and_unknown_arguments(told):
    callers = {
        "a.py": "from shapes import area\narea(1, 2)\n",
        "b.py": "import shapes\nshapes.area(1, height=2)\n",
    }
    new = {"shapes.py": "def area(width):\n    return width\n"}
    assert told({"shapes.py": AREA}, new, callers) == [
        ("shapes.py", 1, "extra-argument", "area"),
        ("shapes.py", 1, "unknown-argument", "area"),
    ]


def test_a_renamed_parameter_has_a_fix_for_its_callers(told):
    caller = {"cli.py": "from shapes import area\nprint('é', area(1, height=2))\n"}
    new = {"shapes.py": "def area(width, depth):\n    return width * depth\n"}
    assert [row[2] for row in told({"shapes.py": AREA}, new, caller)] == ["unknown-argument"]
    (edit,) = told.found[0].fix.edits
    rows = caller["cli.py"].split("\n")
    row, span = rows[edit.span.start_line - 1], edit.span
    assert (
        row[: span.start_column - 1] + edit.text + row[span.end_column - 1 :]
        == "print('é', area(1, depth=2))"
    )


CLASS = """\
class Box:
    def __init__(self, width):
        self.width = width

    def grow(self, by):
        self.width += by
"""
USER = "from box import Box\n\n\ndef use(known: Box):\n    box = Box(1)\n    box.grow(2)\n    known.grow(3)\n"


def test_methods_of_objects_whose_class_is_certain(told):
    new = CLASS.replace("by):", "by, often):").replace("+= by", "+= by * often")
    assert told({"box.py": CLASS}, {"box.py": new}, {"use.py": USER}) == [
        ("box.py", 5, "missing-argument", "often")
    ]
    assert [place.span.start_line for place in told.found[0].related] == [6, 7]


def test_objects_are_made_with_what_the_initializer_takes(told):
    new = CLASS.replace("width):", "width, height):").replace("= width", "= width * height")
    assert told({"box.py": CLASS}, {"box.py": new}, {"use.py": USER}) == [
        ("box.py", 2, "missing-argument", "height")
    ]


OTHERS = {
    "a subclass with its own": """\
from box import Box


class Big(Box):
    def grow(self, by):
        print(by)


Big(1).grow(2)
""",
    "bound twice": "from box import Box\n\n\ndef f(x):\n    box = Box(1)\n    box = x()\n    box.grow(2)\n",
    "one of two types": "from box import Box\n\n\ndef f(box: Box | None):\n    box.grow(2)\n",
    "any object": "def f(box):\n    box.grow(2)\n",
}


@pytest.mark.parametrize("user", OTHERS.values(), ids=OTHERS.keys())
def test_objects_that_may_be_others_are_left_alone(told, user):
    new = CLASS.replace("by):", "by, often):").replace("+= by", "+= by * often")
    assert told({"box.py": CLASS}, {"box.py": new}, {"use.py": user}) == []


def test_a_removed_name_that_is_still_imported_read_and_used(told):
    old = "LIMIT = 3\n\n\ndef gone():\n    return LIMIT\n\n\ndef here():\n    return gone()\n"
    new = "def here():\n    return gone()\n"
    users = {"a.py": "from m import gone as g\ng()\n", "b.py": "import m\n\n\ndef f():\n    return m.LIMIT\n"}
    assert told({"m.py": old}, {"m.py": new}, users) == [
        ("m.py", 1, "removed-name", "LIMIT"),
        ("m.py", 4, "removed-name", "gone"),
    ]
    places = [[(p.path, p.span.start_line) for p in f.related] for f in told.found]
    assert places == [[("b.py", 5)], [("m.py", 2), ("a.py", 1)]]


def test_a_deleted_module_that_is_still_imported(told):
    users = {"pkg/__init__.py": "", "pkg/b.py": "from .a import f\nf()\n"}
    assert told({"pkg/a.py": "def f():\n    pass\n"}, {}, users) == [("pkg/a.py", 1, "removed-name", "f")]


MOVED = {
    "imported from elsewhere": "from n import gone\n",
    "bound otherwise": "gone = print\n",
    "all of another module": "from n import *\n",
    "on demand": "def __getattr__(name):\n    return name\n",
    "by exec": "exec('gone = 1')\n",
}


@pytest.mark.parametrize("new", MOVED.values(), ids=MOVED.keys())
def test_a_name_that_may_still_be_there_is_left_alone(told, new):
    users = {"a.py": "from m import gone\n", "n.py": "def gone():\n    pass\n"}
    assert told({"m.py": "def gone():\n    return 1\n"}, {"m.py": new}, users) == []


ASKED = {
    "expected to fail": "try:\n    from m import gone\nexcept ImportError:\n    gone = None\n",
    "asked for first": "import m\nif hasattr(m, 'gone'):\n    m.gone()\n",
    "another module of the name": "import queue\nqueue.gone()\n",
    "set and not read": "import m\nm.gone = 3\n",
    "of an object": "class A:\n    gone = 1\n\n\nA().gone\n",
}


@pytest.mark.parametrize("user", ASKED.values(), ids=ASKED.keys())
def test_uses_that_ask_first_or_mean_another_are_left_alone(told, user):
    old = {"m.py": "def gone():\n    return 1\n", "pkg/queue.py": "def gone():\n    return 1\n"}
    assert told(old, {"m.py": "\n", "pkg/queue.py": "\n"}, {"a.py": user}) == []


def test_a_new_parameter_that_nobody_reads(told):
    new = {"shapes.py": AREA.replace("height)", "height, unit=1)")}
    assert told({"shapes.py": AREA}, new) == [("shapes.py", 1, "unread-parameter", "unit=1")]


def unread(text):
    return {"shapes.py": text.replace("height)", "height, unit=1)")}


ON_PURPOSE = {
    "a stub": "def area(width, height):\n    ...\n",
    "a hook": "def area(width, height):\n    return None\n",
    "abstract": "class A:\n    @abstractmethod\n    def area(self, width, height):\n        return self.x\n",
    "an override": "class A(B):\n    def area(self, width, height):\n        return width\n",
    "a class that others derive from": "class A:\n    def area(self, width, height):\n        return width\n"
    "class B(A):\n    pass\n",
    "an interface": "class A(Protocol):\n    def area(self, width, height):\n        return width\n",
    "registered": "@app.route('/')\n" + AREA,
    "handed on": AREA + "\n\ncall(area)\n",
    "handed on by name": AREA + "\n\nparser.add(callback=area)\n",
    "said so": AREA.replace("    return", '    """Give it; unit is ignored."""\n    return'),
    "all locals": AREA.replace("width *", "len(locals()) *"),
    "in a function": "def f():\n    def area(width, height):\n        return width\n    return area(1, 2)\n",
}


@pytest.mark.parametrize("old", ON_PURPOSE.values(), ids=ON_PURPOSE.keys())
def test_parameters_that_others_ask_for_are_left_alone(told, old):
    assert told({"shapes.py": old}, unread(old)) == []


TAGS = """class Parser:
    def start_name(self, attributes{more}):
        self.name = attributes

    def start_size(self, attributes{more}):
        self.size = attributes

    def start_rim(self, attributes{more}):
        self.rim = attributes
"""


def test_methods_that_take_the_same_are_called_by_built_names(told):
    assert told({"tags.py": TAGS.format(more="")}, {"tags.py": TAGS.format(more=", unit=1")}) == []
    alone = TAGS.format(more="").replace(
        "attributes):\n        self.rim", "attributes, unit=1):\n        self.rim"
    )
    assert [rule for _, _, rule, _ in told({"tags.py": TAGS.format(more="")}, {"tags.py": alone})] == [
        "unread-parameter"
    ]


def test_a_namesake_may_share_an_interface(told):
    assert told({"shapes.py": AREA}, unread(AREA), {"other.py": AREA}) == []


def test_tests_take_fixtures_for_what_they_do(told):
    old, new = ({"test_shapes.py": text} for text in (AREA, unread(AREA)["shapes.py"]))
    assert told(old, new) == []


RAISES = (
    "import shapes\n\n\ndef f(_x):\n    try:\n        g()\n    except {caught}:\n        raise {raised}\n"
)


def test_exception_types_that_nothing_defines(told):
    new = RAISES.format(caught="(Missing, ValueError) as e", raised="shapes.NoSuch(_x)")
    assert told({}, {"a.py": new}, {"shapes.py": "class Known(Exception):\n    pass\n"}) == [
        ("a.py", 7, "unknown-exception", "Missing"),
        ("a.py", 8, "unknown-exception", "shapes.NoSuch"),
    ]


@pytest.mark.parametrize(
    ("caught", "raised"),
    [
        ("ValueError", "shapes.Known"),
        ("OSError as e", "e"),
        ("_x.Error", "_x"),
        ("(KeyError, IndexError)", "type(_x)(1)"),
        ("errors()", "_x.error from None"),
    ],
)
def test_exceptions_that_may_exist_are_left_alone(told, caught, raised):
    new = RAISES.format(caught=caught, raised=raised)
    assert told({}, {"a.py": new}, {"shapes.py": "class Known(Exception):\n    pass\n"}) == []


def test_star_imports_may_bring_any_name(told):
    new = "from x import *\n" + RAISES.format(caught="Missing", raised="Other")
    assert told({}, {"a.py": new}, {"shapes.py": ""}) == []


REFUTED = {
    "set from outside": {"plugin.py": "import m\n\n\ndef load():\n    m.gone = print\n"},
    "set by a string": {"plugin.py": "import m\nsetattr(m, 'gone', print)\n"},
}


@pytest.mark.parametrize("other", REFUTED.values(), ids=REFUTED.keys())
def test_a_second_look_finds_who_gives_a_module_its_name(told, other):
    old, user = {"m.py": "def gone():\n    return 1\n"}, {"a.py": "import m\nm.gone()\n"}
    assert told(old, {"m.py": "\n"}, user) == [("m.py", 1, "removed-name", "gone")]
    assert told(old, {"m.py": "\n"}, {**user, **other}) == []
    assert told.not_told == {"refuted": 1}


def test_a_second_look_reads_calls_with_another_parser(told):
    callers = {"cli.py": "from shapes import area as a\nprint('é', a(\n    1,\n    2,\n))\n"}
    assert told({"shapes.py": AREA}, {"shapes.py": WIDER}, callers) == [
        ("shapes.py", 1, "missing-argument", "unit")
    ]


def test_files_that_python_cannot_read_are_left_alone(told):
    new = "def area(width, height, unit):\n    return width * height * unit\n\n\nprint 'x'\n"
    assert told({"shapes.py": AREA}, {"shapes.py": new}, {"cli.py": CALL}) == []
    assert told.not_told == {"refuted": 1}


def fixed(told):
    """The texts with the fix of the only finding."""
    (found,) = told.found
    assert found.fix.is_sure
    return {path: after for path, (_, after) in applied(told.change, found.fix).items()}


RENAMED_USERS = {
    "from m import old_area\nold_area(1, 2)\n": "from m import area as old_area\nold_area(1, 2)\n",
    "from m import old_area as a\n": "from m import area as a\n",
    "import m\nprint('é', m.old_area(1, 2))\n": "import m\nprint('é', m.area(1, 2))\n",
}


@pytest.mark.parametrize(("user", "mended"), RENAMED_USERS.items())
def test_a_definition_that_was_renamed_has_a_sure_fix_for_its_users(told, user, mended):
    old = {"m.py": AREA.replace("area", "old_area")}
    assert len(told(old, {"m.py": AREA}, {"test_m.py": user})) == 1
    assert fixed(told) == {"test_m.py": mended}


def test_a_definition_with_another_body_may_be_another(told):
    old = {"m.py": AREA.replace("area", "old_area")}
    new = {"m.py": AREA.replace("width * height", "width + height")}
    told(old, new, {"a.py": "from m import old_area\n"})
    assert [found.fix for found in told.found] == [None]


def test_a_parameter_that_was_renamed_throughout_has_a_sure_fix(told):
    callers = {"cli.py": "from shapes import area\nprint('é', area(1, height=2))\n"}
    told({"shapes.py": AREA}, {"shapes.py": AREA.replace("height", "depth")}, callers)
    assert fixed(told) == {"cli.py": "from shapes import area\nprint('é', area(1, depth=2))\n"}


def test_a_name_that_is_still_in_the_list_of_names_is_gone(told):
    old = {"m.py": "__all__ = ['gone']\n\n\ndef gone():\n    return 1\n"}
    assert told(old, {"m.py": "__all__ = ['gone']\n"}, {"a.py": "from m import gone\n"}) == [
        ("m.py", 4, "removed-name", "gone")
    ]


SHAPES = """\
export const { a, b: c } = x;
export function area(w) {
  return w;
}
export class Box {}
export const unit = 1;
"""
GONE = {
    "a function": ("import { area } from './shapes';\n", "area", 2),
    "by another name": ("import { area as f } from './shapes.js';\n", "area", 2),
    "handed on": ("export { Box } from './shapes';\n", "Box", 5),
    "one of several": ("import d, { unit } from './shapes';\n", "unit", 6),
    "of a pattern": ("import { c } from './shapes';\n", "c", 1),
}


@pytest.mark.parametrize(("user", "name", "line"), GONE.values(), ids=GONE.keys())
def test_what_a_module_exports_no_more_and_is_still_imported(told, user, name, line):
    new = {"src/shapes.js": "export const other = 1;\n"}
    assert told({"src/shapes.js": SHAPES}, new, {"src/a.js": user}) == [
        ("src/shapes.js", line, "removed-name", name)
    ]


def test_typescript_and_the_line_of_the_change_that_imports(told):
    old = {"shapes.ts": "export interface Box<T> {}\nexport type Area = number;\n", "a.tsx": "let x = 1;\n"}
    new = {
        "shapes.ts": "export type Area = number;\n",
        "a.tsx": "import type { Area, Box } from './shapes';\n",
    }
    assert told(old, new) == [("a.tsx", 1, "removed-name", "Box")]


def test_a_deleted_script_that_is_still_imported(told):
    users = {"src/a.js": "import { area } from './lib';\n"}
    assert told({"src/lib/index.js": "export function area() {}\n"}, {}, users) == [
        ("src/lib/index.js", 1, "removed-name", "area")
    ]


STILL = {
    "under another name": "function area() {}\nexport { area };\n",
    "of another module": "export { area } from './other';\n",
    "all of another": "export * from './other';\n",
    "a module of the other kind": "exports.area = 1;\n",
    "with an error": "export const other = ;\n",
    "as a name space": "export * as area from './other';\n",
}


@pytest.mark.parametrize("new", STILL.values(), ids=STILL.keys())
def test_exports_that_may_still_be_there_are_left_alone(told, new):
    user = {"src/a.js": "import { area } from './shapes';\n"}
    assert told({"src/shapes.js": SHAPES}, {"src/shapes.js": new}, user) == []


ELSEWHERE = {
    "a package": "import { area } from 'shapes';\n",
    "another file": "import { area } from '../shapes';\n",
    "a name of its own": "import { b as area } from './shapes';\n",
    "only a word": "const area = 1;\narea;\n",
}


@pytest.mark.parametrize("user", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_imports_of_something_else_are_left_alone(told, user):
    new = {"src/shapes.js": "export const b = 1;\n"}
    assert told({"src/shapes.js": SHAPES}, new, {"src/a.js": user}) == []
