"""Tests of Go: where they belong, how they are written, what a run says."""

import os
import shutil
from pathlib import Path

import pytest

from codenook.context.code import outline_of
from codenook.server.reasons import Reason
from codenook.server.sandbox.command import Ended, Outcome
from codenook.server.unit_tests.case import Check, Kind, Origin, Test
from codenook.server.unit_tests.frameworks.framework import NoProject, TestFile, Verdict
from codenook.server.unit_tests.frameworks.go_project import project_of
from codenook.server.unit_tests.frameworks.go_render import render
from codenook.server.unit_tests.run import run_tests
from codenook.server.unit_tests.target import Target

CACHE = Path(os.environ.get("GOCACHE") or Path.home() / ".cache" / "go-build")
needs_go = pytest.mark.skipif(
    not (shutil.which("go") and shutil.which("bwrap") and CACHE.is_dir()),
    reason="needs go with a build cache, and bubblewrap",
)

SHOP = "package shop\n\n// Add adds.\nfunc Add(a, b int) int {\n\treturn a + b\n}\n"

RAN = b"""\
{"Action":"start","Package":"example.org/shop"}
{"Action":"output","Package":"example.org/shop","Output":"-test.shuffle 3\\n"}
{"Action":"run","Package":"example.org/shop","Test":"TestAdd"}
{"Action":"output","Package":"example.org/shop","Test":"TestAdd","Output":"=== RUN   TestAdd\\n"}
{"Action":"pass","Package":"example.org/shop","Test":"TestAdd","Elapsed":0}
{"Action":"output","Package":"example.org/shop","Test":"TestBad","Output":"=== RUN   TestBad\\n"}
{"Action":"output","Package":"example.org/shop","Test":"TestBad","Output":"    a_test.go:1: got 4, want 5\\n"}
{"Action":"output","Package":"example.org/shop","Test":"TestBad","Output":"--- FAIL: TestBad (0.00s)\\n"}
{"Action":"fail","Package":"example.org/shop","Test":"TestBad","Elapsed":0}
{"Action":"skip","Package":"example.org/shop","Test":"TestSkipped","Elapsed":0}
{"not": json
[1]
{"Action":"fail","Package":"example.org/shop","Elapsed":0.006}
{"Action":"pass","Pack"""

REFUSED = b"""\
{"ImportPath":"example.org/shop","Action":"build-output","Output":"# example.org/shop\\n"}
{"ImportPath":"example.org/shop","Action":"build-output","Output":"./shop.go:10:9: syntax error: no\\n"}
{"ImportPath":"example.org/shop","Action":"build-fail"}
"""


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "go.mod").write_text("module example.org/shop\n\ngo 1.20\n")
    (tmp_path / "shop.go").write_text(SHOP)
    return tmp_path


def target_in(root, path="shop.go", symbol="Add"):
    text = (root / path).read_text()
    definition = next(each for each in outline_of(path, text.encode()).definitions if each.symbol == symbol)
    return Target(root, path, text, "go", definition)


def checked(name, actual, expected, kind=Kind.EQUAL):
    return Test(name, Origin.DOCTEST, checks=(Check(kind, actual, expected),), is_reasoned=True)


def test_a_new_file_is_beside_the_target_and_in_its_package(shop):
    project = project_of(target_in(shop))
    assert project.file == TestFile("shop_test.go", None)
    tests = [checked("add of 1 2", "Add(1, 2)", "3"), checked("words", "Words(1)", '[]string{"a"}')]
    assert project.framework.render(project.file, target_in(shop), tests).text == (
        'package shop\n\nimport (\n\t"reflect"\n\t"testing"\n)\n\n'
        "func TestAddOf1_2(t *testing.T) {\n\tif got := Add(1, 2); got != 3 {\n"
        '\t\tt.Errorf("got %#v, want %#v", got, 3)\n\t}\n}\n\n'
        'func TestWords(t *testing.T) {\n\tif got, want := Words(1), []string{"a"}; '
        "!reflect.DeepEqual(got, want) {\n"
        '\t\tt.Errorf("got %#v, want %#v", got, want)\n\t}\n}\n'
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("imports", "expected"),
    [
        ('import "testing"\n', 'import "testing"\nimport "reflect"\n'),
        ('import (\n\t"testing"\n)\n', 'import (\n\t"testing"\n\t"reflect"\n)\n'),
        ("", '\nimport (\n\t"reflect"\n\t"testing"\n)\n'),
    ],
)
def test_what_is_in_a_file_keeps_every_byte(imports, expected, newline):
    rest = "\n// é😀\nfunc TestA(t *testing.T) {}\n"
    before = f"package shop\n{imports}{rest}".replace("\n", newline)
    rendered = render(TestFile("a_test.go", before), "shop", [checked("a", "A()", "[]int{1}")])
    assert rendered.names == ("TestA_2",)
    assert rendered.text.startswith(f"package shop\n{expected}{rest}\nfunc TestA_2(".replace("\n", newline))
    assert rendered.text.count("\n") == rendered.text.count(newline)


def test_a_test_file_of_another_package_sees_too_little(shop):
    (shop / "shop_test.go").write_text(
        'package shop_test\n\nimport "testing"\n\nfunc TestAdd(t *testing.T) {}\n'
    )
    project = project_of(target_in(shop))
    assert project.file == TestFile("shop_internal_test.go", None)
    assert project.others == ("shop_test.go",)


@pytest.mark.parametrize(("path", "why"), [("go.mod", "no go.mod"), ("shop.go", "names no package")])
def test_without_a_module_or_a_package_there_is_no_project(shop, path, why):
    target = target_in(shop)
    if path == "go.mod":
        (shop / path).unlink()
    else:
        target = Target(shop, path, "func Add() {}\n", "go", target.definition)
    with pytest.raises(NoProject, match=why) as caught:
        project_of(target)
    assert caught.value.reason is Reason.NOT_TESTABLE


def test_without_go_it_is_a_preview(shop, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    project = project_of(target_in(shop))
    assert project.program is None
    with pytest.raises(NoProject) as caught:
        project.framework.command(project, ["shop_test.go"], {})
    assert caught.value.reason is Reason.RUNNER_MISSING


def test_what_a_run_says_is_read(shop):
    project = project_of(target_in(shop))
    ran = project.framework.read(project, Outcome(Ended.BY_ITSELF, 1, RAN, b""))
    assert ran.verdicts == {
        "TestAdd": Verdict.PASSED,
        "TestBad": Verdict.FAILED,
        "TestSkipped": Verdict.SKIPPED,
    }
    assert ran.messages == {"TestBad": "got 4, want 5"}
    assert (ran.problem, ran.is_built) == ("", True)


def test_what_a_compiler_refuses_is_told_apart(shop):
    project = project_of(target_in(shop))
    ran = project.framework.read(project, Outcome(Ended.BY_ITSELF, 1, REFUSED, b""))
    assert (ran.problem, ran.is_built) == ("./shop.go:10:9: syntax error: no", False)
    of_test = REFUSED.replace(b"shop.go", b"shop_test.go")
    ran = project.framework.read(project, Outcome(Ended.BY_ITSELF, 1, of_test, b""))
    assert (ran.problem, ran.is_built) == ("./shop_test.go:10:9: syntax error: no", True)
    ran = project.framework.read(project, Outcome(Ended.WALL_TIME, None, b"", b""))
    assert ran.problem == "the run was ended: it took too much wall time"


@needs_go
async def test_tests_are_run_in_the_sandbox(shop):
    target = target_in(shop)
    project = project_of(target)
    tests = [checked("right", "Add(1, 2)", "3"), checked("wrong", "Add(2, 2)", "5")]
    text = project.framework.render(project.file, target, tests).text
    files = {project.file.path: text.encode()}
    for order in (0, 3):
        ran = await run_tests(project, [project.file.path], files, order=order)
        assert ran.verdicts == {"TestRight": Verdict.PASSED, "TestWrong": Verdict.FAILED}
        assert ran.messages == {"TestWrong": "got 4, want 5"}
    files[target.path] = target.text.replace("a + b", '""').encode()
    assert not (await run_tests(project, [project.file.path], files)).is_built
    assert sorted(path.name for path in shop.iterdir()) == ["go.mod", "shop.go"]


def test_test_files_that_are_links_are_not_read(tmp_path):
    (tmp_path / "secret").write_text("package shop\nAdd secret")
    shop = tmp_path / "work"
    shop.mkdir()
    (shop / "go.mod").write_text("module example.org/shop\n")
    (shop / "shop.go").write_text(SHOP)
    (shop / "shop_test.go").symlink_to("../secret")
    (shop / "a_test.go").symlink_to("/dev/zero")
    project = project_of(target_in(shop))
    assert (project.file, project.others) == (TestFile("shop_test.go", None), ())
