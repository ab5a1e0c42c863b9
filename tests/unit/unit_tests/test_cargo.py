"""Tests of Rust as cargo runs them: where they belong, how they are written, what a run says."""

import pytest
from rust_project import HIDDEN, crate_in, needs_cargo, target_in

from codenook.server.reasons import Reason
from codenook.server.unit_tests.case import Check, Kind, Origin, Test
from codenook.server.unit_tests.frameworks.framework import NoProject, TestFile, Verdict
from codenook.server.unit_tests.frameworks.rust_project import project_of
from codenook.server.unit_tests.frameworks.rust_render import render
from codenook.server.unit_tests.run import run_tests

pytestmark = needs_cargo


@pytest.fixture(scope="module")
def crate(tmp_path_factory):
    return crate_in(tmp_path_factory.mktemp("crate"))


def checked(name, actual, expected, kind=Kind.EQUAL, **more):
    return Test(name, Origin.TYPES, checks=(Check(kind, actual, expected, **more),))


ADDS = checked("add of 1 and 2", "add(1, 2)", "3")
FAILS = checked("add of 1 and 1", "add(1, 1)", "3")


async def run(project, text, files=None, **how):
    path = project.file.path
    return await run_tests(project, [path], {path: text.encode(), **(files or {})}, **how)


async def test_each_test_has_a_verdict_and_what_failed_a_message(crate):
    project = project_of(target_in(crate, "src/lib.rs", "add"))
    tests = [ADDS, FAILS, checked("raises", "add(i32::MAX, 1)", "", Kind.RAISES, message="overflow")]
    rendered = project.framework.render(project.file, target_in(crate, "src/lib.rs", "add"), tests)
    ran = await run(project, rendered.text)
    assert ran.verdicts == {
        "add_of_1_and_2": Verdict.PASSED,
        "add_of_1_and_1": Verdict.FAILED,
        "raises": Verdict.PASSED,
    }
    assert "left: 2; right: 3" in ran.messages["add_of_1_and_1"]
    assert (ran.problem, ran.is_built) == ("", True)
    assert sorted(path.name for path in crate.rglob("*")) == sorted(
        ["src", "lib.rs", "price.rs", "hidden.rs", "Cargo.toml"]
    )


async def test_a_file_that_is_not_compiled_says_why(crate):
    project = project_of(target_in(crate, "src/lib.rs", "add"))
    broken = await run(project, '#[test]\nfn a() { let b: u8 = ""; }\n')
    assert (broken.verdicts, broken.is_built) == ({}, True)
    assert broken.problem == "error[E0308]: mismatched types"
    fault = {"src/lib.rs": target_in(crate, "src/lib.rs", "add").text.replace("a + b", '"a"').encode()}
    unbuilt = await run(project, "#[test]\nfn a() {}\n", fault)
    assert (unbuilt.verdicts, unbuilt.is_built) == ({}, False)


async def test_the_project_s_own_tests_are_run_too(crate):
    project = project_of(target_in(crate, "src/lib.rs", "add"))
    assert project.others == ("src/lib.rs",)
    assert (await run_tests(project, project.others, {})).verdicts == {"tests::adds": Verdict.PASSED}
    fault = {"src/lib.rs": target_in(crate, "src/lib.rs", "add").text.replace("a + b", "a - b").encode()}
    assert (await run_tests(project, project.others, fault)).verdicts == {"tests::adds": Verdict.FAILED}


async def test_a_member_of_a_workspace_is_run_in_it(tmp_path):
    (tmp_path / "Cargo.toml").write_text('[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n')
    crate_in(tmp_path / "crates" / "cart")
    other = tmp_path / "crates" / "other"
    crate_in(other, "other-one")
    with (other / "Cargo.toml").open("a") as file:
        file.write('[dependencies]\nshop-cart = { path = "../cart" }\n')
    project = project_of(target_in(tmp_path, "crates/other/src/lib.rs", "add"))
    assert project.file.path == "crates/other/tests/other_one.rs"
    rendered = project.framework.render(project.file, target_in(tmp_path, project.others[0], "add"), [ADDS])
    assert rendered.text.startswith("use other_one::add;\n")
    assert (await run(project, rendered.text)).verdicts == {"add_of_1_and_2": Verdict.PASSED}


async def test_vendored_crates_are_found_without_a_network(tmp_path):
    crate_in(tmp_path)
    crate_in(tmp_path / "vendor" / "tiny", "tiny")
    (tmp_path / "vendor" / "tiny" / ".cargo-checksum.json").write_text('{"files": {}}')
    with (tmp_path / "Cargo.toml").open("a") as file:
        file.write('[dependencies]\ntiny = "0.1"\n')
    (tmp_path / ".cargo").mkdir()
    (tmp_path / ".cargo" / "config.toml").write_text(
        '[source.crates-io]\nreplace-with = "v"\n[source.v]\ndirectory = "vendor"\n'
    )
    (tmp_path / "src" / "lib.rs").write_text("pub fn add(a: i32, b: i32) -> i32 {\n    tiny::add(a, b)\n}\n")
    target = target_in(tmp_path, "src/lib.rs", "add")
    project = project_of(target)
    ran = await run(project, project.framework.render(project.file, target, [ADDS]).text)
    assert ran.verdicts == {"add_of_1_and_2": Verdict.PASSED}


async def test_a_dependency_that_is_not_there_is_said(tmp_path):
    crate_in(tmp_path)
    with (tmp_path / "Cargo.toml").open("a") as file:
        file.write('[dependencies]\nno-such-crate-here = "0.1"\n')
    target = target_in(tmp_path, "src/lib.rs", "add")
    ran = await run(project_of(target), "#[test]\nfn a() {}\n")
    assert "no-such-crate-here" in ran.problem


@pytest.mark.parametrize(
    ("path", "symbol", "imported"),
    [
        ("src/lib.rs", "add", "use shop_cart::add;"),
        ("src/price.rs", "cents", "use shop_cart::price::cents;"),
        ("src/price.rs", "Purse.with", "use shop_cart::price::Purse;"),
        ("src/hidden.rs", "shown", "use shop_cart::shown;"),
    ],
)
def test_what_a_crate_offers_is_imported_as_it_is_offered(crate, path, symbol, imported):
    assert project_of(target_in(crate, path, symbol)).framework.imports == (imported,)


@pytest.mark.parametrize(("path", "symbol"), [("src/lib.rs", "inner"), ("src/hidden.rs", "unseen")])
def test_what_it_keeps_to_itself_can_not_be_tested(crate, path, symbol):
    with pytest.raises(NoProject) as caught:
        project_of(target_in(crate, path, symbol))
    assert caught.value.reason is Reason.NOT_TESTABLE


def test_a_program_and_a_file_without_a_crate_can_not_be_tested(tmp_path):
    (tmp_path / "a.rs").write_text(HIDDEN)
    with pytest.raises(NoProject, match=r"no Cargo\.toml"):
        project_of(target_in(tmp_path, "a.rs", "shown"))
    crate_in(tmp_path)
    (tmp_path / "src" / "lib.rs").rename(tmp_path / "src" / "main.rs")
    with pytest.raises(NoProject, match="is no library"):
        project_of(target_in(tmp_path, "src/main.rs", "add"))


def test_tests_go_where_the_project_has_some(tmp_path):
    crate_in(tmp_path)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "prices.rs").write_text("use shop_cart::price::cents;\n")
    assert project_of(target_in(tmp_path, "src/price.rs", "cents")).file.path == "tests/prices.rs"
    assert project_of(target_in(tmp_path, "src/price.rs", "words")).file == TestFile("tests/price.rs", None)


def test_a_toolchain_that_the_project_names_and_is_not_installed(tmp_path, monkeypatch):
    crate_in(tmp_path)
    (tmp_path / "rust-toolchain.toml").write_text('[toolchain]\nchannel = "1.2.3"\n')
    monkeypatch.setenv("RUSTUP_HOME", str(tmp_path / "none"))
    with pytest.raises(NoProject, match=r"Rust 1\.2\.3 is not installed"):
        project_of(target_in(tmp_path, "src/lib.rs", "add"))


def test_without_cargo_there_is_a_project_and_no_program(crate, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    project = project_of(target_in(crate, "src/lib.rs", "add"))
    assert project.program is None
    with pytest.raises(NoProject) as caught:
        project.framework.command(project, [project.file.path], {})
    assert caught.value.reason is Reason.RUNNER_MISSING


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_is_in_a_file_keeps_every_byte(newline, mark):
    before = "//! Tests.\nuse a::{b, c};\n\n#[test]\nfn d() {}\n\n#[test]\nfn e() {} // é😀"
    before = mark + before.replace("\n", newline)
    tests = [checked("d", "b()", "true"), checked("f", "x(1.5)", "2.5", Kind.CLOSE)]
    rendered = render(TestFile("tests/a.rs", before), ("use a::b;", "use a::g;"), tests)
    expected = (
        "//! Tests.\nuse a::{b, c};\nuse a::g;\n\n#[test]\nfn d() {}\n\n#[test]\nfn e() {} // é😀\n\n"
        "#[test]\nfn d_2() {\n    // Records current behaviour.\n    assert!(b());\n}\n\n"
        "#[test]\nfn f() {\n    // Records current behaviour.\n"
        "    assert!((x(1.5) - (2.5)).abs() < 1e-9);\n}\n"
    )
    assert rendered.text == mark + expected.replace("\n", newline)
    assert rendered.names == ("d_2", "f")


def test_an_import_that_is_there_is_not_added_again():
    text = "use a::{b, c};\n"
    assert render(TestFile("t.rs", text), ("use a::b;",), []).text == text


@pytest.mark.parametrize("name", ["../../x", "a/b", "/etc/x", 'a"; fn b() {} //', "", "x" * 300])
def test_a_library_whose_name_is_no_name(tmp_path, name):
    root = crate_in(tmp_path / "crate")
    with (root / "Cargo.toml").open("a") as manifest:
        manifest.write(f"[lib]\nname = {name!r}\n")
    if name == "":
        assert project_of(target_in(root, "src/lib.rs", "add")).file.path == "tests/shop_cart.rs"
        return
    with pytest.raises(NoProject) as caught:
        project_of(target_in(root, "src/lib.rs", "add"))
    assert caught.value.reason is Reason.NOT_TESTABLE


def test_test_files_that_are_links_are_not_read(tmp_path):
    (tmp_path / "credentials").write_text("add: secret")
    root = crate_in(tmp_path / "work" / "crate")
    (root / "tests").mkdir()
    (root / "tests" / "shop_cart.rs").symlink_to("../../../credentials")
    (root / "tests" / "lib.rs").symlink_to("/dev/zero")
    project = project_of(target_in(root, "src/lib.rs", "add"))
    assert (project.file.path, project.file.text, project.others) == (
        "tests/shop_cart.rs",
        None,
        ("src/lib.rs",),
    )
