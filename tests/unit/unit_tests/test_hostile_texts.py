"""Texts that would keep a pattern busy for hours: each has to be read, the alarm only ends what hangs."""

import ast
import signal

import pytest
from ecmascript_project import target_in, workspace

from codenook.context.parse import language_named
from codenook.server.sandbox.command import Ended, Outcome
from codenook.server.unit_tests.aim import aim
from codenook.server.unit_tests.case import Check, Kind
from codenook.server.unit_tests.frameworks import (
    junit_project,
    python_names,
    python_project,
    python_run,
    rust_paths,
    rust_project,
)
from codenook.server.unit_tests.frameworks.ecmascript.checks import with_assert, with_expect
from codenook.server.unit_tests.frameworks.ecmascript.find import project_of
from codenook.server.unit_tests.frameworks.ecmascript.importing import needs_of
from codenook.server.unit_tests.frameworks.ecmascript.package import Package
from codenook.server.unit_tests.frameworks.ecmascript.style import Style
from codenook.server.unit_tests.frameworks.framework import Verdict
from codenook.server.unit_tests.kits.documented import claimed, examples
from codenook.server.unit_tests.kits.ecmascript import parameters
from codenook.server.unit_tests.kits.rust import observe

_HOURS_S = 60


@pytest.fixture(autouse=True)
def never_for_hours():
    """End what would go on for hours; patterns look for signals, so that this is heard."""

    def ended(*_signal):
        raise AssertionError("a pattern doesn't come to an end")

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(_HOURS_S)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def of(path, text, symbol, language):
    return aim(path.parent, path.name, text, language_named(language), symbol).target


POMS = {
    "nothing is closed": "<dependency><groupId>a</groupId><artifactId>b</artifactId><version>1</version>"
    * 300,
    "groups alone": "<dependency><groupId>a</groupId>" * 30_000,
    "all but the version": "<dependency><groupId>a</groupId><artifactId>b</artifactId>" * 15_000
    + "</dependency>",
    "open tags": "<groupId>" * 100_000,
}


@pytest.mark.parametrize("pom", POMS.values(), ids=POMS)
def test_a_pom_that_never_ends_names_nothing(pom, tmp_path):
    assert junit_project._named(tmp_path, pom) == ()


def test_the_dependencies_of_a_pom_are_still_named(tmp_path):
    jar = tmp_path / "com" / "acme" / "cart" / "1.2" / "cart-1.2.jar"
    jar.parent.mkdir(parents=True)
    jar.write_bytes(b"")
    pom = (
        "<properties><v>1.2</v></properties><dependency>\n<groupId>com.acme</groupId>"
        "<artifactId>cart</artifactId><version>${v}</version></dependency><dependency><groupId>../..</groupId><artifactId>a</artifactId>"
        "<version>1</version></dependency>"
    )
    assert junit_project._named(tmp_path, pom) == (jar,)


def test_a_java_file_of_blank_lines_has_no_package():
    assert junit_project._PACKAGE.search("\n" * 500_000) is None
    assert junit_project._PACKAGE.search("\n" * 9 + "  package a.b ;")[1] == "a.b"


SCRIPTS = {
    "node " * 100_000: "node",
    "node " * 100_000 + "--test": "node",
    "jest node --test": "jest",
    "node --test jest": "node",
    "node a.js && vitest": "vitest",
    "node a.js | cat --test && jest": "jest",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_name_a_runner_however_long_they_are(script, tmp_path):
    from codenook.server.unit_tests.frameworks.ecmascript import find  # noqa: PLC0415

    package = Package(tmp_path, {"scripts": {"test": script}})
    runners = [find._runner(each) for each in find._COMMANDS.split(package.scripts)]
    assert next(filter(None, runners), "node") == SCRIPTS[script]


def test_a_project_with_such_a_script_is_found(tmp_path):
    root = workspace(
        tmp_path, {"a.js": "export const f = (x) => x;\n", "package.json": '{"scripts": {"test": "%s"}}'}
    )
    (root / "package.json").write_text('{"scripts": {"test": "' + "node " * 100_000 + '"}}')
    assert project_of(target_in(root, "a.js", "f")).framework.name == "node"


def test_an_import_with_a_gap_is_no_import():
    line = "import a" + " " * 50_000
    assert needs_of([line], "a.test.js", "a.js", "./a.js") == ([], [line])


def test_blank_lines_in_rust(tmp_path):
    (tmp_path / "Cargo.toml").write_text("\n" * 500_000)
    assert rust_project._workspace(tmp_path, tmp_path) == tmp_path
    path = tmp_path / "lib.rs"
    path.write_text("\n" * 500_000 + "pub use a::{f " * 50_000)
    (tmp_path / "a.rs").write_text("pub fn f(x: i32) -> i32 { x }\n")
    target = of(tmp_path / "a.rs", (tmp_path / "a.rs").read_text(), "f", "rust")
    assert rust_paths._public(path, ("a",), "f", target) is None
    path.write_text("mod a;\npub use a::{g, f};\n")
    assert rust_paths._public(path, ("a",), "f", target) == ()
    assert observe._in_one_line(" " * 200_000 + "f(\n  1,\n\n 2)") == "f( 1, 2)"


def test_documentation_in_one_endless_line_says_nothing(tmp_path):
    lines = ["/// f(1) => " + " " * 100_000 + "x {", "/// " + "{@code " * 100_000, "/// f(2) => 3."]
    text = "\n".join([*lines, "pub fn f(x: i32) -> i32 { x }", ""])
    target = of(tmp_path / "a.rs", text, "f", "rust")
    assert [(each.arguments, each.expected) for each in examples(target)] == [("2", "3")]
    assert claimed("a::" * 100_000 + "f(1) => 2", "f") is None
    assert claimed("f(1)" + " " * 400 + "; x != " + " " * 400 + "\n" + " " * 90, "f") is None


def test_types_that_are_never_closed_are_no_types():
    doc = "/** " + "@param {" * 1_000 + " " * 9_000 + "\n * @param {number} x the number\n */"
    assert parameters._documented(doc) == {"x": ("number", False)}


def told(*lines):
    text = "\n".join(["w {}", *(f"w {line}" for line in lines)])
    return Outcome(Ended.BY_ITSELF, 0, text.encode(), b"")


STRANGE = [
    *("5", "null", "[]", '"begin"', "{", "[" * 5_000, "1e999", '{"kind": 5}', '{"kind": null}'),
    *('{"kind": "verdict", "test": "a", "verdict": "unheard"}', '{"kind": "lines", "lines": [Infinity]}'),
    *('{"kind": "lines", "lines": [1e999], "ran": 5}', '{"kind": "left_out", "tests": 5}'),
    '{"kind": "lines", "lines": [' + "9" * 5_000 + "]}",
]


@pytest.mark.parametrize("line", STRANGE, ids=range(len(STRANGE)))
def test_lines_of_a_run_that_are_none_are_left_out(line):
    verdict = '{"kind": "verdict", "test": "b", "verdict": "passed"}'
    ran = python_run.read(told(line, verdict, '{"kind": "end"}'))
    assert ran.verdicts == {"b": Verdict.PASSED}


def test_an_end_of_a_variant_that_nobody_knows_is_its_own():
    end = '{"kind": "variant_end", "message": "%s"}'
    found = python_run.read_many(told(end % "unheard of", end % Ended.WALL_TIME.value))
    assert [each.ended for each in found] == [Ended.BY_ITSELF, Ended.WALL_TIME]


DEEP = f"""\
WHOLE = {" + ".join(["1"] * 1_500)}

try:
    def f(x):
        return x
except ValueError:
    class Late:
        def g(self): ...
match WHOLE:
    case 1:
        class Cart:
            if True:
                def total(self): ...
"""


def test_a_python_file_may_have_an_expression_deeper_than_the_stack(tmp_path):
    for symbol in ("f", "Cart.total", "Late.g"):
        python_project._must_be_callable(of(tmp_path / "a.py", DEEP, symbol, "python"))
    names = [each.name for each in python_project._definitions(ast.parse(DEEP))]
    assert names == ["f", "Late", "Cart"]
    bound = [name for each in ast.parse(DEEP).body for name in python_names._bound(each)]
    assert sorted(bound) == ["Cart", "Late", "WHOLE", "f"]


@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e999", "x", "0"])
def test_what_is_no_size_has_no_digits(number):
    check = Check(Kind.CLOSE, "f()", number)
    assert "f()" in with_assert(check, Style())
    assert "f()" in with_expect(check, Style())
