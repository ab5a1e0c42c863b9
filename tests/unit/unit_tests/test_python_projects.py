"""Where tests of Python projects are, how they are written and run: on small trees of the usual layouts."""

import os
import sys
from pathlib import Path

import pytest
from python_projects import CART, environment, equal, put, target_in

from codenook.context.outline import Definition, Kind
from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.files import Files
from codenook.server.unit_tests.frameworks.framework import Fixture, NoProject
from codenook.server.unit_tests.frameworks.python_environment import environment_of
from codenook.server.unit_tests.frameworks.python_fixtures import fixtures_in
from codenook.server.unit_tests.frameworks.python_settings import settings_for
from codenook.server.unit_tests.frameworks.python_style import Form, Style
from codenook.server.unit_tests.parts import PARTS
from codenook.server.unit_tests.target import Target

IMPORTS_IT = "from shop.cart import total\n\n\ndef test_a(): assert total([]) == 0\n"
FLAT = {"shop/__init__.py": "", "shop/cart.py": CART}


async def found(root, files, path="shop/cart.py", symbol="total", packages=("pytest",)):
    put(root, files)
    if not (root / ".venv").exists():
        environment(root, packages)
    return PARTS.project_of(target_in(root, path, symbol), {}, "")


PLACES = {
    # Files besides the package, and where tests of it belong.
    "nothing": ({}, "tests/test_cart.py"),
    "tests": ({"tests/test_other.py": ""}, "tests/test_cart.py"),
    "its own": ({"tests/test_cart.py": IMPORTS_IT}, "tests/test_cart.py"),
    "its own, of the package": ({"tests/test_cart.py": "import shop\n"}, "tests/test_cart.py"),
    "of its package": ({"tests/test_shop_cart.py": IMPORTS_IT}, "tests/test_shop_cart.py"),
    "of its function": ({"tests/test_total.py": IMPORTS_IT, "tests/test_a.py": ""}, "tests/test_total.py"),
    "the only one": ({"test.py": IMPORTS_IT}, "test.py"),
    "unit": ({"tests/unit/test_a.py": "", "tests/integration/test_b.py": ""}, "tests/unit/test_cart.py"),
    "mirrored": ({"tests/shop/test_a.py": "", "tests/test_b.py": ""}, "tests/shop/test_cart.py"),
    "suffixed": ({"tests/a_test.py": "", "tests/b_test.py": ""}, "tests/cart_test.py"),
    "beside": ({"shop/a.py": "", "shop/a_test.py": ""}, "shop/cart_test.py"),
    "inside": ({"shop/tests/__init__.py": "", "shop/tests/test_a.py": ""}, "shop/tests/test_cart.py"),
    "inside, by its level": (
        {
            "shop/tests/__init__.py": "",
            "shop/tests/test_it.py": "from ..cart import total\n",
            "test_b.py": "",
        },
        "shop/tests/test_cart.py",
    ),
    "inside, one of its level": (
        {"shop/tests/__init__.py": "", "shop/tests/test_cart.py": "from .. import cart\n"},
        "shop/tests/test_cart.py",
    ),
    "as Django has them": ({"shop/tests.py": "from .cart import total\n"}, "shop/tests.py"),
    "beyond the package": ({"shop/tests.py": "from ..shop.cart import total\n"}, "shop/test_cart.py"),
    "of another module": ({"tests/test_cart.py": "from other.cart import x\n"}, "tests/test_shop_cart.py"),
    "a folder": ({"tests/test_cart/test_pay.py": "", "tests/test_b.py": ""}, "tests/test_cart/test_total.py"),
    "stated": ({"pytest.ini": "[pytest]\ntestpaths = checks\n"}, "checks/test_cart.py"),
    "stated, and others": (
        {
            "pytest.ini": "[pytest]\ntestpaths = b/checks\n",
            "b/checks/test_b.py": "",
            "shop/tests/test_a.py": "",
        },
        "b/checks/test_cart.py",
    ),
    "outside": ({"pytest.ini": "[pytest]\ntestpaths = ../../x\n"}, "tests/test_cart.py"),
    "outside, from a folder": (
        {"pytest.ini": "[pytest]\ntestpaths = x/../../../.ssh\n"},
        "tests/test_cart.py",
    ),
    "of the machine": ({"pytest.ini": "[pytest]\ntestpaths = /etc\n"}, "tests/test_cart.py"),
    "too long": (
        {"pytest.ini": f"[pytest]\ntestpaths = {'x' * 300}\n", "tests/a.txt": ""},
        "tests/test_cart.py",
    ),
    "no path": ({"pytest.toml": '[pytest]\ntestpaths = ["a\\u0000"]\n'}, "tests/test_cart.py"),
    "of a pattern": (
        {"pytest.ini": "[pytest]\npython_files = check_*.py *.py\n", "t/check_a.py": "def test_a(): ..."},
        "t/check_cart.py",
    ),
    "test folder": ({"test/data.txt": ""}, "test/test_cart.py"),
}


@pytest.mark.parametrize("case", PLACES)
async def test_where_tests_belong(tmp_path, case):
    files, path = PLACES[case]
    project = await found(tmp_path, {**FLAT, **files})
    assert project.file.path == path
    assert project.file.text == files.get(path)


MODULES = {
    # Files, which of them has the target, its module, and the folder from which it is imported.
    "flat": ({"shop/__init__.py": ""}, "shop/cart.py", "shop.cart", ""),
    "src": ({"src/shop/__init__.py": ""}, "src/shop/cart.py", "shop.cart", "src"),
    "package": ({}, "shop/__init__.py", "shop", ""),
    "deep": ({"a/__init__.py": "", "a/b/__init__.py": ""}, "a/b/cart.py", "a.b.cart", ""),
    "script": ({}, "tools/cart.py", "cart", "tools"),
    "top": ({}, "cart.py", "cart", ""),
    "namespace": ({"src/ns/shop/__init__.py": ""}, "src/ns/shop/cart.py", "ns.shop.cart", "src"),
    "namespace by tests": ({"tests/test_a.py": "import ns.cart\n"}, "ns/cart.py", "ns.cart", ""),
    "pythonpath": ({"pytest.ini": "[pytest]\npythonpath = ./code\n"}, "code/ns/cart.py", "ns.cart", "code"),
    "where": (
        {"pyproject.toml": "[tool.setuptools.packages.find]\nwhere = ['python']\n"},
        "python/ns/cart.py",
        "ns.cart",
        "python",
    ),
    "many projects": (
        {"one/pyproject.toml": "", "one/shop/__init__.py": ""},
        "one/shop/cart.py",
        "shop.cart",
        "one",
    ),
}


@pytest.mark.parametrize("case", MODULES)
async def test_how_a_file_is_imported(tmp_path, case):
    files, path, module, root = MODULES[case]
    project = await found(tmp_path, {**files, path: CART}, path)
    assert project.framework.module == module
    assert project.framework.running.search[0] == str(tmp_path / root)
    assert project.framework.writing.modules == (module,)


EXPORTS = {
    "from .cart import total\n": {"shop.cart", "shop"},
    "from shop.cart import *\n": {"shop.cart", "shop"},
    "from .other import *\n": {"shop.cart"},
    "from .cart import total as add\n": {"shop.cart"},
    "": {"shop.cart"},
}


@pytest.mark.parametrize("text", EXPORTS)
async def test_packages_that_export_the_target(tmp_path, text):
    project = await found(tmp_path, {**FLAT, "shop/__init__.py": text})
    assert set(project.framework.writing.modules) == EXPORTS[text]


@pytest.mark.parametrize(
    ("listed", "modules"), [("'total'", {"shop.cart", "shop"}), ("'Cart'", {"shop.cart"})]
)
async def test_a_star_exports_what_is_listed(tmp_path, listed, modules):
    files = {"shop/__init__.py": "from .cart import *\n", "shop/cart.py": f"{CART}\n__all__ = [{listed}]\n"}
    assert set((await found(tmp_path, files)).framework.writing.modules) == modules


async def test_a_new_file_imports_the_target_as_other_tests_do(tmp_path):
    files = {
        **FLAT,
        "tests/test_a.py": "from shop import total\n",
        "shop/__init__.py": "from .cart import total\n",
    }
    project = await found(tmp_path, files)
    target = target_in(tmp_path, "shop/cart.py", "total")
    text = project.framework.render(project.file, target, [equal("a", "total([])", "0")]).text
    assert text.startswith("from shop import total\n")


TESTCASE = "import unittest\n\n\nclass TestA(unittest.TestCase):\n    def test_a(self): pass\n"
FRAMEWORKS = {
    # Files, whether pytest is installed, and what runs the tests in which form.
    "nothing, with pytest": ({}, True, ("pytest", Form.FUNCTIONS)),
    "nothing, without": ({}, False, ("unittest", Form.TEST_CASES)),
    "unittest": ({"tests/test_a.py": TESTCASE}, True, ("unittest", Form.TEST_CASES)),
    "unittest, without": ({"tests/test_a.py": TESTCASE}, False, ("unittest", Form.TEST_CASES)),
    "pytest.ini": (
        {"pytest.ini": "[pytest]\n", "tests/test_a.py": TESTCASE},
        True,
        ("pytest", Form.TEST_CASES),
    ),
    "pyproject": (
        {"pyproject.toml": "[tool.pytest.ini_options]\naddopts = ''\n"},
        True,
        ("pytest", Form.FUNCTIONS),
    ),
    "setup.cfg": ({"setup.cfg": "[tool:pytest]\n"}, True, ("pytest", Form.FUNCTIONS)),
    "tox.ini": ({"tox.ini": "[pytest]\n"}, True, ("pytest", Form.FUNCTIONS)),
    "conftest": ({"conftest.py": ""}, True, ("pytest", Form.FUNCTIONS)),
    "classes": (
        {"tests/test_a.py": "class TestA:\n    def test_a(self): pass\n"},
        True,
        ("pytest", Form.CLASSES),
    ),
    "pytest.ini, without": ({"pytest.ini": "[pytest]\n"}, False, None),
    "functions, without": ({"tests/test_a.py": "def test_a(): pass\n"}, False, None),
}


@pytest.mark.parametrize("case", FRAMEWORKS)
async def test_what_runs_the_tests(tmp_path, case):
    files, has_pytest, expected = FRAMEWORKS[case]
    packages = ("pytest",) if has_pytest else ()
    if expected is None:
        with pytest.raises(NoProject, match=r"\.venv/bin/python -m pip install pytest") as caught:
            await found(tmp_path, {**FLAT, **files}, packages=packages)
        assert caught.value.reason is Reason.RUNNER_MISSING
        return
    framework = (await found(tmp_path, {**FLAT, **files}, packages=packages)).framework
    assert (framework.name, framework.writing.style.form) == expected


STYLES = {
    'def test_a():\n  x = "a"\n': Style(quote='"', indent="  "),
    "def test_a() -> None:\n\tx = 'a'\n": Style(quote="'", indent="\t", is_annotated=True),
    "class A(TestCase):\n    def testAll(self): ...\n": Style(Form.TEST_CASES, is_camel=True),
}


@pytest.mark.parametrize("text", STYLES)
async def test_style(tmp_path, text):
    files = {**FLAT, "tests/test_a.py": text, "conftest.py": ""}
    assert (await found(tmp_path, files)).framework.writing.style == STYLES[text]


SETTINGS = {
    "pyproject.toml": "[tool.black]\nline-length = 79\n",
    "ruff.toml": "line-length = 79\n",
    ".flake8": "[flake8]\nmax-line-length = 79\n",
    "setup.cfg": "[flake8]\nmax_line_length = 79\n",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_line_length(tmp_path, name):
    put(tmp_path, {name: SETTINGS[name]})
    assert settings_for(Files(tmp_path), "a.py").line_length == 79
    put(tmp_path, {name: SETTINGS[name].replace("79", "-1")})
    assert settings_for(Files(tmp_path), "a.py").line_length == 88


async def test_names_that_pytest_is_told_to_collect(tmp_path):
    ini = "[pytest]\npython_functions = should_* check_*\npython_classes = *Spec Check\n"
    style = (await found(tmp_path, {**FLAT, "pytest.ini": ini})).framework.writing.style
    assert (style.prefix, style.class_prefix) == ("should_", "Check")


ADDOPTS = {
    "-ra -q --cov=shop --cov-report term -n auto --strict-markers": [],
    "--import-mode=importlib -W error": ["--import-mode=importlib", "-W", "error"],
    "--import-mode importlib": ["--import-mode=importlib"],
    "-p no:doctest -p missing -pshop.plugin": ["-p", "no:doctest"],
    "--asyncio-mode=auto --ds=settings": [],
    "'unclosed": [],
    f"-p {'x' * 300}": [],
}


@pytest.mark.parametrize("addopts", ADDOPTS)
async def test_of_the_options_of_a_project_those_stay_that_change_what_tests_mean(tmp_path, addopts):
    framework = (await found(tmp_path, {**FLAT, "pytest.ini": f"[pytest]\naddopts = {addopts}\n"})).framework
    arguments = framework.running.arguments
    assert list(arguments[arguments.index("no:hypothesispytest") + 1 :]) == ADDOPTS[addopts]


BROKEN = {
    "pyproject.toml": [
        b"[",
        b"\xff\xfe",
        b"tool = 1",
        b"[tool.black]\nline-length = 0x" + b"f" * 5000,
        b"a = " + b"9" * 5000,
        b"[tool.black]\nline-length = '" + b"9" * 5000 + b"'\n",
        b"[tool]\npytest = 1\nruff = 2\n",
        b"a = " + b"[" * 3000,
    ],
    "setup.cfg": [
        b"x",
        b"[a]\nb\n[a]\n",
        b"[tool:pytest]\nbare\n  indented\n",
        b"[flake8]\nmax-line-length = " + b"9" * 5000,
        b"\0",
        b"[tool:pytest]\naddopts = %(x)s\n",
        b"[flake8]\nmax-line-length = 9" * 2,
    ],
    "conftest.py": [b"def", b"\0", b"\xff"],
    "tests/test_a.py": [b"def", b"\0", b"\xff\xfe", b"(" * 5000, b"x = 1\n" * 400_000],
}


@pytest.mark.parametrize(("name", "content"), [(name, each) for name in BROKEN for each in BROKEN[name]])
async def test_files_that_can_not_be_read_do_not_matter(tmp_path, name, content):
    project = await found(tmp_path, {**FLAT, name: content})
    assert project.file.path == "tests/test_cart.py"


async def test_a_test_file_that_can_not_be_read_is_not_touched(tmp_path):
    put(tmp_path, {**FLAT, "tests/test_cart.py": b"# caf\xe9\nfrom shop.cart import total\n"})
    assert (await found(tmp_path, {})).file.path != "tests/test_cart.py"


async def test_links_lead_nowhere(tmp_path):
    outside = put(tmp_path / "outside", {"test_cart.py": IMPORTS_IT})
    root = put(tmp_path / "root", FLAT)
    (root / "tests").symlink_to(outside)
    project = await found(root, {})
    assert project.file.text is None
    (root / "conftest.py").symlink_to(root / "conftest.py")
    (root / "pytest.ini").symlink_to("/dev/zero")
    assert (await found(root, {})).framework.writing.style == project.framework.writing.style


@pytest.mark.parametrize("stated", ["testpaths = checks", "pythonpath = checks"])
async def test_folders_that_lead_out_by_a_link_do_not_count(tmp_path, stated):
    outside = put(tmp_path / "outside", {"test_a.py": ""})
    root = put(tmp_path / "root", {**FLAT, "pytest.ini": f"[pytest]\n{stated}\n"})
    (root / "checks").symlink_to(outside)
    settings = settings_for(Files(root), "shop/cart.py")
    assert (settings.pytest.testpaths, settings.pytest.pythonpath) == ((), ())
    assert (await found(root, {})).file.path == "tests/test_cart.py"


async def test_a_module_that_is_called_like_tests(tmp_path):
    project = await found(tmp_path, {"stats/__init__.py": "", "stats/t_test.py": CART}, "stats/t_test.py")
    assert (project.framework.module, project.file.path) == ("stats.t_test", "tests/test_t_test.py")


REFUSED = {
    "def f(): pass\ndef test_f(): pass\n": ("f", "holds tests itself"),
    "def f():\n    def g(): pass\n": ("f.g", "inside of a function"),
    "class A:\n    def __secret(self): pass\n": ("A.__secret", "private"),
    "LIMIT = 1\n": ("LIMIT", "nothing that can be called"),
    "def f(): pass\nx = (\n": ("f", "syntax error"),
}


@pytest.mark.parametrize("text", REFUSED)
async def test_what_no_test_can_call(tmp_path, text):
    symbol, why = REFUSED[text]
    put(tmp_path, {"a_test.py": text})
    with pytest.raises(NoProject, match=why) as caught:
        PARTS.project_of(_target(tmp_path, "a_test.py", text, symbol), {}, "")
    assert caught.value.reason is Reason.NOT_TESTABLE


def _target(root, path, text, symbol):
    """A target, also of a definition that the outline leaves out."""
    name = symbol.rpartition(".")[2]
    kind = Kind.CONSTANT if name.isupper() else Kind.FUNCTION
    return Target(root, path, text, "python", Definition(name, symbol, kind, 1, 1, ""))


@pytest.mark.parametrize("path", ["a-b.py", "class.py", "__main__.py", "setup.py", "1/a.py", "conftest.py"])
async def test_files_that_no_test_can_import(tmp_path, path):
    put(tmp_path, {path: CART, "1/__init__.py": ""})
    with pytest.raises(NoProject) as caught:
        await found(tmp_path, {}, path)
    assert caught.value.reason is Reason.NOT_TESTABLE


async def test_other_languages_are_refused(tmp_path):
    put(tmp_path, FLAT)
    target = target_in(tmp_path, "shop/cart.py", "total")
    with pytest.raises(NoProject, match="cobol"):
        PARTS.project_of(Target(tmp_path, target.path, target.text, "cobol", target.definition), {}, "")


async def test_other_tests_that_name_the_target(tmp_path):
    files = {
        "tests/test_cart.py": IMPORTS_IT,
        "tests/test_a.py": "from shop.cart import total\ntotal\n",
        "tests/test_b.py": "from shop.cart import Cart\n",
        "tests/test_c.py": "def total(): pass\n",
        "tests/test_d.py": "import shop\nshop.cart.total\nshop.cart.total\nshop.cart.total\n",
    }
    assert (await found(tmp_path, {**FLAT, **files})).others == ("tests/test_d.py", "tests/test_a.py")


async def test_open_documents_count_as_they_are(tmp_path):
    put(tmp_path, {**FLAT, "tests/test_cart.py": "x = 1\n"})
    environment(tmp_path)
    target = target_in(tmp_path, "shop/cart.py", "total")
    project = PARTS.project_of(target, {"tests/test_cart.py": IMPORTS_IT}, "")
    assert project.file.text == IMPORTS_IT


async def test_the_environment_nearest_to_the_file(tmp_path):
    inner = environment(tmp_path / "one", ("pytest", "coverage"), "venv")
    environment(tmp_path, ())
    project = await found(tmp_path, {"one/pyproject.toml": "", "one/cart.py": CART}, "one/cart.py")
    assert project.program == inner
    assert {"pytest", "coverage"} == project.has


NAMED = {
    "too long": ("/" + "x" * 300 + "\n" + "/x" * 5000, ()),
    "no path": ("/a\0b\n", ()),
    "huge": ("/\n" * 100_000, ()),
    "a folder": ("import x\nrelative\n{folder}\n", ("{folder}",)),
}


@pytest.mark.parametrize("case", NAMED)
def test_folders_that_path_files_name(tmp_path, case):
    text, expected = NAMED[case]
    environment(tmp_path, ())
    site = next((tmp_path / ".venv" / "lib").glob("*/site-packages"))
    (site / "a.pth").write_text(text.format(folder=tmp_path))
    folders = environment_of(tmp_path, tmp_path).folders
    assert [str(each) for each in folders[1:]] == [each.format(folder=tmp_path) for each in expected]


def test_path_files_and_settings_without_end(tmp_path):
    python = environment(tmp_path, ())
    site = next((tmp_path / ".venv" / "lib").glob("*/site-packages"))
    (site / "a.pth").symlink_to("/dev/zero")
    os.mkfifo(site / "b.pth")
    (site / "c.pth").symlink_to(site / "c.pth")
    (tmp_path / ".venv" / "lib64").symlink_to("/dev")
    assert environment_of(tmp_path, tmp_path).folders == (site,)
    (tmp_path / ".venv" / "pyvenv.cfg").unlink()
    os.mkfifo(tmp_path / ".venv" / "pyvenv.cfg")
    assert environment_of(tmp_path, tmp_path).python != python


def test_without_an_environment_the_python_on_path_outside_of_the_workspace(tmp_path, monkeypatch):
    fake = put(tmp_path, {"bin/python3": "#!/bin/sh\n"}) / "bin" / "python3"
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{Path(sys.executable).parent}")
    assert environment_of(tmp_path, tmp_path).python.parent == Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{tmp_path}/bin")
    with pytest.raises(NoProject) as caught:
        environment_of(tmp_path, tmp_path)
    assert caught.value.reason is Reason.RUNNER_MISSING


FIXTURES = {
    "@pytest.fixture\ndef cart() -> Cart: ...\n": Fixture("cart", "shop.cart.Cart"),
    "@pytest.fixture(name='c')\ndef cart() -> Iterator[Cart]: ...\n": Fixture("c", "shop.cart.Cart"),
    "@fixture\ndef cart() -> 'Generator[Cart, None, None]': ...\n": Fixture("cart", "shop.cart.Cart"),
    "@pytest.fixture\ndef cart():\n    yield Cart([])\n": Fixture("cart", "shop.cart.Cart"),
    "@pytest.fixture\ndef cart():\n    return make()\n": Fixture("cart"),
    "@pytest.fixture()\nasync def cart() -> list[int]: ...\n": Fixture("cart", "list"),
}


@pytest.mark.parametrize("text", FIXTURES)
def test_fixtures(text):
    assert list(fixtures_in(f"from shop.cart import Cart\n{text}def test(): pass\n")) == [FIXTURES[text]]


async def test_fixtures_of_the_file_and_around_it(tmp_path):
    fixture = "@pytest.fixture\ndef {}() -> {}: ...\n"
    files = {
        "conftest.py": fixture.format("a", "int") + fixture.format("b", "int"),
        "tests/conftest.py": fixture.format("b", "str") + "raise SystemExit\n",
        "tests/test_cart.py": IMPORTS_IT + fixture.format("c", "bytes"),
        "other/conftest.py": fixture.format("d", "int"),
    }
    names = {each.name: each.type for each in (await found(tmp_path, {**FLAT, **files})).file.fixtures}
    assert [names[name] for name in "abc"] == ["int", "str", "bytes"]
    assert "d" not in names
    assert names["tmp_path"] == "pathlib.Path"


LISTED = "def listed(): pass\n\n\ndef hidden(): pass\n"


@pytest.mark.parametrize(
    "all_of_it",
    [
        '__all__ = ("listed",)',
        '__all__: list[str] = ["listed"]',
        '__all__ = []\n__all__ += ["listed"]',
        '__all__ = []\n__all__.append("listed")',
        '__all__: list[str] = []\n__all__.extend(["listed"])',
    ],
)
async def test_a_star_exports_what_the_module_lists(tmp_path, all_of_it):
    files = {"shop/__init__.py": "from .cart import *\n", "shop/cart.py": f"{all_of_it}\n{LISTED}"}
    for symbol, exported in [("listed", ("shop.cart", "shop")), ("hidden", ("shop.cart",))]:
        project = await found(tmp_path, files, symbol=symbol)
        assert project.framework.writing.modules == exported


@pytest.mark.parametrize("line", ["from .other.cart import *", "from functools import listed"])
async def test_a_package_exports_nothing_of_the_module_by_another(tmp_path, line):
    project = await found(
        tmp_path, {"shop/__init__.py": f"{line}\n", "shop/cart.py": LISTED}, symbol="listed"
    )
    assert project.framework.writing.modules == ("shop.cart",)
