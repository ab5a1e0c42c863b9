"""Which framework a project has, and where tests of a file go."""

import json

import pytest
from ecmascript_project import SLUG, target_in, workspace

from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.ecmascript import find
from codenook.server.unit_tests.frameworks.ecmascript.find import project_of
from codenook.server.unit_tests.frameworks.framework import NoProject

MODULE = json.dumps({"type": "module"})
VITEST = {"node_modules/vitest/vitest.mjs": "", "node_modules/jest/bin/jest.js": ""}


def project(tmp_path, files, path="src/slug.js", symbol="slugify"):
    root = workspace(tmp_path, {path: SLUG, **VITEST, **files})
    return project_of(target_in(root, path, symbol))


def test_a_project_without_anything_has_the_runner_of_node(tmp_path):
    found = project(tmp_path, {})
    assert (found.framework.name, found.file.path, found.file.text) == ("node", "src/slug.test.js", None)
    assert found.program is not None
    assert found.has == {"coverage"}


@pytest.mark.parametrize(
    ("package", "files", "name"),
    [
        ({"scripts": {"test": "vitest run"}}, {}, "vitest"),
        ({"scripts": {"test": "NODE_ENV=test jest --ci"}}, {}, "jest"),
        (
            {"scripts": {"test": "node --import tsx --test"}, "devDependencies": {"jest": "1"}},
            {},
            "node",
        ),
        ({"devDependencies": {"vitest": "1"}}, {}, "vitest"),
        ({"devDependencies": {"jest": "1"}}, {}, "jest"),
        ({"jest": {"verbose": True}}, {}, "jest"),
        ({}, {"vitest.config.ts": ""}, "vitest"),
        ({}, {"jest.config.js": ""}, "jest"),
        ({}, {"src/other.test.js": "import { test } from 'vitest';\ntest('a', () => {});"}, "vitest"),
        (
            {"devDependencies": {"jest": "1"}},
            {"src/other.test.js": "import test from 'node:test';\ntest('a', () => {});"},
            "node",
        ),
        ({"scripts": {"test": 5}, "devDependencies": []}, {}, "node"),
        ({"scripts": {"build": "vitest"}}, {}, "node"),
    ],
)
def test_frameworks_by_scripts_configuration_tests_and_needs(tmp_path, package, files, name):
    assert project(tmp_path, {"package.json": json.dumps(package), **files}).framework.name == name


def test_the_nearest_package_counts_and_those_around_it_after_it(tmp_path):
    files = {
        "package.json": json.dumps({"scripts": {"test": "jest"}}),
        "packages/a/package.json": json.dumps({"name": "a"}),
        "packages/b/package.json": json.dumps({"scripts": {"test": "vitest"}}),
        "packages/b/src/slug.js": SLUG,
    }
    own = project(tmp_path, files, "packages/a/src/slug.js")
    assert (own.framework.name, own.start) == ("jest", own.root / "packages/a")
    other = project_of(target_in(own.root, "packages/b/src/slug.js", "slugify"))
    assert (other.framework.name, other.start) == ("vitest", own.root / "packages/b")


@pytest.mark.parametrize("text", ["{", "[]", "null", '"x"', "\x00\xff", '{"scripts": [1]}'])
def test_a_broken_package_counts_as_none(tmp_path, text):
    assert project(tmp_path, {"package.json": text}).framework.name == "node"


def test_what_is_configured_and_not_installed(tmp_path):
    root = workspace(
        tmp_path, {"a.js": SLUG, "package.json": json.dumps({"devDependencies": {"vitest": "1"}})}
    )
    with pytest.raises(NoProject) as error:
        project_of(target_in(root, "a.js", "slugify"))
    assert error.value.reason is Reason.RUNNER_MISSING
    assert "npm install" in str(error.value)


def test_no_node(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoProject) as error:
        project(tmp_path, {})
    assert error.value.reason is Reason.RUNNER_MISSING


def test_an_old_node_reads_no_typescript_without_help(tmp_path, monkeypatch):
    monkeypatch.setattr(find, "version_of", lambda _: (20, 9, 0))
    typed = "export function slugify(text: string) { return text; }"
    with pytest.raises(NoProject) as error:
        project(tmp_path, {"src/slug.ts": typed}, "src/slug.ts")
    assert error.value.reason is Reason.RUNNER_MISSING
    assert "npm install -D tsx" in str(error.value)
    helped = project(tmp_path, {"node_modules/tsx/dist/loader.mjs": "", "src/slug.ts": typed}, "src/slug.ts")
    assert helped.framework.setup.flags[0].endswith("/node_modules/tsx/dist/loader.mjs")


@pytest.mark.parametrize(
    ("version", "flags"),
    [((22, 6, 0), "--experimental-strip-types"), ((22, 18, 0), None), ((24, 1, 0), None)],
)
def test_a_node_that_strips_types(tmp_path, monkeypatch, version, flags):
    monkeypatch.setattr(find, "version_of", lambda _: version)
    typed = {"src/slug.ts": "export function slugify(text: string) { return text; }"}
    assert next(iter(project(tmp_path, typed, "src/slug.ts").framework.setup.flags), None) == flags


TEST = "import { test } from 'node:test';\ntest('a', () => {});\n"


@pytest.mark.parametrize(
    ("others", "path"),
    [
        (["src/cart.spec.js"], "src/slug.spec.js"),
        (["src/__tests__/cart.js"], "src/__tests__/slug.js"),
        (["src/__tests__/cart.test.js"], "src/__tests__/slug.test.js"),
        (["test/cart.js", "test/money.js"], "test/slug.js"),
        (["test/cart.test.js"], "test/slug.test.js"),
        (["tests/test-cart.js"], "tests/test-slug.js"),
        (["src/cart-test.js"], "src/slug-test.js"),
        (["src/cart.test.js", "test/a.spec.js", "src/money.test.js"], "src/slug.test.js"),
        (["src/node_modules/x/a.spec.js"], "src/slug.test.js"),
    ],
)
def test_the_file_goes_where_others_are(tmp_path, others, path):
    found = project(tmp_path, dict.fromkeys(others, TEST))
    assert (found.file.path, found.file.text) == (path, None)


def test_an_existing_file_is_found_wherever_it_is(tmp_path):
    text = "import { test } from 'node:test';\nimport { slugify } from '../../src/slug.js';\n"
    found = project(tmp_path, {"test/unit/slug.spec.js": text, "test/slug.test.js": TEST})
    assert (found.file.path, found.file.text) == ("test/unit/slug.spec.js", text)


def test_a_file_of_another_framework_is_left_alone(tmp_path):
    found = project(tmp_path, {"test/slug.js": "var test = require('tape');\ntest('a', (t) => t.end());"})
    assert (found.framework.name, found.file.path, found.file.text) == ("node", "test/slug.test.js", None)


def test_other_tests_that_name_the_target(tmp_path):
    files = {
        "test/a.test.js": f"{TEST}import {{ slugify }} from '../src/slug.js';",
        "test/b.test.js": f"{TEST}import {{ slugifyAll }} from '../src/slug.js';",
        "test/c.test.js": "const test = require('tape');\nconst { slugify } = require('../src/slug.js');",
        "src/slug.test.js": TEST,
    }
    assert project(tmp_path, files).others == ("test/a.test.js",)


@pytest.mark.parametrize(
    "package",
    [
        {"type": "module", "scripts": {"test": "jest"}},
        {"scripts": {"test": "NODE_OPTIONS=--experimental-vm-modules jest"}},
    ],
)
def test_modules_in_jest_need_a_flag(tmp_path, package):
    found = project(tmp_path, {"package.json": json.dumps(package)})
    assert found.framework.setup.flags[0] == "--experimental-vm-modules"


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"// \xe9\n", b"a" * 3_000_000, b"\x00\x01"])
@pytest.mark.parametrize("tool", ["node", "jest"])
def test_nothing_is_added_to_a_file_that_is_no_text(tmp_path, content, tool):
    root = workspace(tmp_path, {"src/slug.js": SLUG, "src/cart.test.js": TEST, **VITEST})
    (root / "package.json").write_text(json.dumps({"scripts": {"test": f"{tool} --test"}}))
    (root / "src/slug.test.js").write_bytes(content)
    found = project_of(target_in(root, "src/slug.js", "slugify"))
    assert (found.framework.name, found.file.path, found.file.text) == (tool, "src/slug2.test.js", None)


def test_links_and_folders_in_the_way(tmp_path):
    root = workspace(tmp_path, {"src/slug.js": SLUG, "src/slug.test.js/x": "", "test/loop.test.js/y": ""})
    (root / "src/cart.test.js").symlink_to("cart.test.js")
    (root / "node_modules").symlink_to("node_modules")
    found = project_of(target_in(root, "src/slug.js", "slugify"))
    assert (found.framework.name, found.file.path) == ("node", "src/slug2.test.js")
