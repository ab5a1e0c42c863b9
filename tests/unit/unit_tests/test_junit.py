"""Tests of Java: where they belong, how they are written, what a run says."""

import shutil
from pathlib import Path

import pytest
from attrs import evolve

from codenook.context.code import outline_of
from codenook.server.reasons import Reason
from codenook.server.sandbox.command import Ended, Outcome
from codenook.server.unit_tests.case import Check, Kind, Origin, Test
from codenook.server.unit_tests.frameworks.framework import NoProject, TestFile, Verdict
from codenook.server.unit_tests.frameworks.junit_project import project_of
from codenook.server.unit_tests.frameworks.junit_render import render
from codenook.server.unit_tests.run import LIMITS, run_tests
from codenook.server.unit_tests.target import Target

POM = "<dependency><artifactId>junit-jupiter</artifactId><version>5.10.2</version></dependency>"
CART = """package org.shop;

public class Cart {
    public static int add(int a, int b) {
        return Sum.of(a, b);
    }

    private static int hidden() {
        return 1;
    }
}
"""
SUM = "package org.shop;\n\nclass Sum {\n    static int of(int a, int b) {\n        return a + b;\n    }\n}\n"
PATH = "src/main/java/org/shop/Cart.java"
TESTS = "src/test/java/org/shop/CartTest.java"
PATIENT = evolve(LIMITS, wall_s=120, cpu_s=120)
API = Path.home() / ".m2" / "repository" / "org" / "junit" / "jupiter" / "junit-jupiter-api"


@pytest.fixture
def shop(tmp_path):
    (tmp_path / PATH).parent.mkdir(parents=True)
    (tmp_path / "pom.xml").write_text(POM)
    (tmp_path / PATH).write_text(CART)
    (tmp_path / PATH).with_name("Sum.java").write_text(SUM)
    return tmp_path


def target_in(root, symbol="Cart.add", path=PATH):
    text = (root / path).read_text()
    definition = next(each for each in outline_of(path, text.encode()).definitions if each.symbol == symbol)
    return Target(root, path, text, "java", definition)


def checked(name, actual, expected, kind=Kind.EQUAL):
    return Test(name, Origin.DOCTEST, checks=(Check(kind, actual, expected),), is_reasoned=True)


ADDS = checked("add of 1 2", "Cart.add(1, 2)", "3")


def test_a_new_class_is_in_the_package_of_the_target(shop):
    project = project_of(target_in(shop))
    assert project.file == TestFile(TESTS, None)
    tests = [ADDS, checked("nothing", "Cart.none()", "null"), checked("fails", "Cart.f()", "E", Kind.RAISES)]
    rendered = project.framework.render(project.file, target_in(shop), tests)
    assert rendered.names == (
        "org.shop.CartTest#addOf1_2",
        "org.shop.CartTest#nothing",
        "org.shop.CartTest#fails",
    )
    assert rendered.text == (
        "package org.shop;\n\n"
        "import static org.junit.jupiter.api.Assertions.assertEquals;\n"
        "import static org.junit.jupiter.api.Assertions.assertNull;\n"
        "import static org.junit.jupiter.api.Assertions.assertThrows;\n\n"
        "import org.junit.jupiter.api.Test;\n\n"
        "class CartTest {\n"
        "    @Test\n    void addOf1_2() throws Exception {\n"
        "        assertEquals(3, Cart.add(1, 2));\n    }\n\n"
        "    @Test\n    void nothing() throws Exception {\n        assertNull(Cart.none());\n    }\n\n"
        "    @Test\n    void fails() throws Exception {\n"
        "        assertThrows(E.class, () -> Cart.f());\n    }\n}\n"
    )


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_is_in_a_file_keeps_every_byte(newline, mark):
    before = (
        "package org.shop;\n\nimport static org.junit.jupiter.api.Assertions.*;\n\n"
        "import org.junit.jupiter.api.Test;\n\n"
        'class CartTest {\n    @Test\n    void addOf1_2() {\n        String a = "é😀}";\n    }\n}\n\n'
        "class Other {}\n"
    )
    added = (
        "\n    @Test\n    void addOf1_2_2() throws Exception {\n"
        "        assertEquals(3, Cart.add(1, 2));\n    }\n"
    )
    file = TestFile(TESTS, mark + before.replace("\n", newline))
    rendered = render(file, "org.shop", "CartTest", [ADDS])
    expected = before.replace("}\n\nclass Other", f"{added}}}\n\nclass Other")
    assert rendered.text == mark + expected.replace("\n", newline)
    assert rendered.names == ("org.shop.CartTest#addOf1_2_2",)


def test_tests_go_where_the_project_has_some(shop):
    folder = (shop / TESTS).parent
    folder.mkdir(parents=True)
    text = "import org.junit.jupiter.api.Test;\n\nclass {} {{\n    Cart cart;\n}}\n"
    (folder / "CartTests.java").write_text(text.format("CartTests"))
    (folder / "AllTest.java").write_text(text.format("AllTest"))
    (folder / "OldTest.java").write_text("import org.junit.Test;\n\nclass OldTest {\n    Cart cart;\n}\n")
    project = project_of(target_in(shop))
    assert project.file.path == "src/test/java/org/shop/CartTests.java"
    assert project.others == ("src/test/java/org/shop/AllTest.java",)
    rendered = project.framework.render(project.file, target_in(shop), [ADDS])
    assert rendered.names == ("org.shop.CartTests#addOf1_2",)


def test_an_empty_class_gets_its_first_test():
    text = render(TestFile(TESTS, "class CartTest {}"), "", "CartTest", [ADDS]).text
    assert "class CartTest {\n    @Test\n" in text
    assert text.endswith("    }\n}")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda root: (root / "pom.xml").unlink(), Reason.NOT_TESTABLE),
        (
            lambda root: (root / "pom.xml").write_text("<artifactId>junit</artifactId>"),
            Reason.RUNNER_MISSING,
        ),
    ],
)
def test_without_a_build_or_with_junit_4_there_is_no_project(shop, change, reason):
    change(shop)
    with pytest.raises(NoProject) as caught:
        project_of(target_in(shop))
    assert caught.value.reason is reason


def test_what_is_private_or_no_source_of_a_module_can_not_be_tested(shop):
    with pytest.raises(NoProject, match="is private"):
        project_of(target_in(shop, "Cart.hidden"))
    (shop / "Cart.java").write_text(CART)
    with pytest.raises(NoProject, match="is not in src/main/java"):
        project_of(target_in(shop, path="Cart.java"))


def test_without_a_jdk_or_without_junit_it_is_a_preview(shop, monkeypatch, tmp_path):
    with monkeypatch.context() as patch:
        patch.setenv("PATH", "/nowhere")
        assert project_of(target_in(shop)).program is None
    monkeypatch.setenv("HOME", str(tmp_path))
    project = project_of(target_in(shop))
    assert project.program is None
    with pytest.raises(NoProject) as caught:
        project.framework.command(project, [TESTS], {})
    assert caught.value.reason is Reason.RUNNER_MISSING


def test_lines_of_a_run_have_its_word(shop):
    project = project_of(target_in(shop))
    said = (
        b"w0rd\n\nw0rd passed a.B#c \nother failed a.B#c x\nw0rd failed a.B#d no: 1\nw0rd skipped a.B#e why\n"
    )
    ran = project.framework.read(project, Outcome(Ended.BY_ITSELF, 0, said, b""))
    assert ran.verdicts == {
        "a.B#c": Verdict.PASSED,
        "a.B#d": Verdict.FAILED,
        "a.B#e": Verdict.SKIPPED,
    }
    assert ran.messages == {"a.B#d": "no: 1"}


@pytest.mark.skipif(
    not (shutil.which("javac") and shutil.which("bwrap") and API.is_dir()),
    reason="needs a JDK, JUnit 5 in ~/.m2, and bubblewrap",
)
async def test_tests_are_compiled_and_run_in_the_sandbox(shop):
    target = target_in(shop)
    project = project_of(target)
    text = project.framework.render(
        project.file, target, [ADDS, checked("wrong", "Cart.add(2, 2)", "5")]
    ).text
    files = {TESTS: text.encode()}
    ran = await run_tests(project, [TESTS], files, order=3, limits=PATIENT)
    assert ran.verdicts == {
        "org.shop.CartTest#addOf1_2": Verdict.PASSED,
        "org.shop.CartTest#wrong": Verdict.FAILED,
    }
    assert "expected: <5> but was: <4>" in ran.messages["org.shop.CartTest#wrong"]
    files[PATH] = CART.replace("return Sum", "return 1 + Some").encode()
    unbuilt = await run_tests(project, [TESTS], files, limits=PATIENT)
    assert (unbuilt.verdicts, unbuilt.is_built) == ({}, False)
    assert "Cart.java" in unbuilt.problem
    assert not (shop / "target").exists()


def test_test_files_that_are_links_are_not_read(shop):
    secret = shop.parent / "secret"
    secret.write_text("org.junit.jupiter Cart secret")
    (shop / TESTS).parent.mkdir(parents=True)
    (shop / TESTS).symlink_to(secret)
    (shop / TESTS).with_name("CartTests.java").symlink_to("/dev/zero")
    project = project_of(target_in(shop))
    assert (project.file.path, project.file.text, project.others) == (TESTS, None, ())
