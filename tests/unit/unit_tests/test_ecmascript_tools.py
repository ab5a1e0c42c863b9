"""Vitest and jest: what they are asked, what they tell, and both as they are where they are installed.

Set ``CODENOOK_TEST_NODE_MODULES`` to a folder ``node_modules`` with vitest, @vitest/coverage-v8 and jest.
"""

import asyncio
import json
import os

import pytest
from ecmascript_project import SLUG, target_in, workspace

from codenook.server.unit_tests.case import Check, Kind, Origin, Test
from codenook.server.unit_tests.frameworks.ecmascript.find import project_of
from codenook.server.unit_tests.frameworks.framework import Coverage, Verdict
from codenook.server.unit_tests.run import run_tests

MODULES = os.environ.get("CODENOOK_TEST_NODE_MODULES", "")
installed = pytest.mark.skipif(
    not MODULES, reason="CODENOOK_TEST_NODE_MODULES names no folder with vitest and jest"
)
FILES = {"node_modules/vitest/vitest.mjs": "", "node_modules/jest/bin/jest.js": ""}


def project(root, tool, path="src/slug.js"):
    package = {"type": "module", "scripts": {"test": tool}}
    if tool == "jest":
        package["type"] = "commonjs"
    workspace(root, {"package.json": json.dumps(package)})
    return project_of(target_in(root, path, "slugify"))


def asked(command):
    return json.loads(command.stdin)


def test_what_vitest_is_asked(tmp_path):
    root = workspace(tmp_path, {"src/slug.js": SLUG, **FILES})
    found = project(root, "vitest")
    command = found.framework.command(
        found, ["src/slug.test.js"], {}, coverage_of="src/slug.js", stop_at_first=True
    )
    said = asked(command)
    assert said["tool"] == "vitest"
    assert said["files"] == [str(root / "src/slug.test.js")]
    assert said["arguments"][1:3] == [str(root / "node_modules/vitest/vitest.mjs"), "run"]
    assert {"--bail=1", "--coverage.enabled", "--coverage.include=src/slug.js"} <= set(said["arguments"])
    starts = [SLUG.index(word) for word in ("if (", "throw", "const", "return")]
    assert said["coverage"]["places"] == [
        [line, at, at - SLUG.rindex("\n", 0, at) - 1] for line, at in zip((3, 4, 6, 7), starts, strict=True)
    ]
    assert (command.folder, command.start) == (root, root)
    assert found.has == frozenset()


def test_what_jest_is_asked(tmp_path):
    common = SLUG.replace("export ", "") + "module.exports = { slugify };\n"
    root = workspace(tmp_path, {"src/slug.js": common, **FILES})
    found = project(root, "jest")
    before = b"test('a', () => {});\ntest('b', () => {});\ntest('c', () => {});\n"
    files = {"src/slug.test.js": before}
    command = found.framework.command(found, ["src/slug.test.js"], files, order=1)
    said = asked(command)
    assert said["tool"] == "jest"
    assert said["arguments"][0] == str(root / "node_modules/jest/bin/jest.js")
    assert {"--json", "--runInBand", "--watchman=false"} <= set(said["arguments"])
    assert said["coverage"] is None
    assert command.files["src/slug.test.js"] != before
    assert sorted(command.files["src/slug.test.js"]) == sorted(before)
    assert found.has == {"coverage"}


def test_test_files_that_lead_out_are_not_read(tmp_path):
    root = workspace(tmp_path / "work", {"src/slug.js": SLUG, **FILES})
    found = project(root, "jest")
    (tmp_path / "secret").write_text("test('secret', () => {});\n")
    (root / "src/out.test.js").symlink_to("../../secret")
    (root / "src/endless.test.js").symlink_to("/dev/zero")
    paths = ["src/out.test.js", "src/endless.test.js"]
    command = found.framework.command(found, paths, {}, order=1, coverage_of="src/endless.test.js")
    assert command.files == {}


def assertion(title, status, groups=(), messages=()):
    """A test as both report it; what they tell besides is left out."""
    return {
        "ancestorTitles": [*groups],
        "fullName": " ".join((*groups, title)),
        "status": status,
        "title": title,
        "failureMessages": [*messages],
    }


VITEST = {
    "success": False,
    "testResults": [
        {
            "assertionResults": [
                assertion("passes", "passed", ["slugify"]),
                assertion(
                    "fails",
                    "failed",
                    ["slugify"],
                    ["AssertionError: expected 'a-b' to be 'a_b' // Object.is equality\n    at /p/a.ts:2"],
                ),
                assertion("later", "todo"),
                assertion("not now", "skipped"),
            ],
            "status": "failed",
            "message": "",
            "name": "/p/src/a.test.ts",
        }
    ],
}
JEST = {
    "success": False,
    "testResults": [
        {
            "assertionResults": [
                assertion(
                    "a",
                    "failed",
                    [],
                    ['Error: expect(received).toBe(expected)\n\nExpected: "a_b"\nReceived: "a-b"\n    at x'],
                ),
                assertion("s", "pending"),
                assertion("p", "passed", ["g", "h"]),
            ],
            "message": "  \u25cf a\n\n    expect(received).toBe(expected)",
            "name": "/p/a.test.js",
            "status": "failed",
        },
        {
            "assertionResults": [],
            "message": "  \u25cf Test suite failed to run\n\n    Cannot find module './no' from 'b.js'",
            "name": "/p/b.test.js",
            "status": "failed",
        },
    ],
}
COVERED = {
    "statementMap": {
        "0": {"start": {"line": 3, "column": 2}, "end": {"line": 5, "column": 3}},
        "1": {"start": {"line": 4, "column": 4}, "end": {"line": 4, "column": 60}},
        "2": {"start": {"line": 6, "column": 2}, "end": {"line": 6, "column": 60}},
    },
    "s": {"0": 2, "1": 0, "2": 1},
}
TOOL = """
const fs = require('node:fs');
const option = (name) => process.argv.find((each) => each.startsWith(name + '='))?.slice(name.length + 1);
process.stdout.write('{"testResults": [{"assertionResults": [{"title": "forged", "status": "passed"}]}]}');
fs.writeFileSync(option('--outputFile'), fs.readFileSync('report.json'));
const folder = option('--coverage.reportsDirectory') ?? option('--coverageDirectory');
if (folder) {
  fs.mkdirSync(folder, { recursive: true });
  const path = process.cwd() + '/src/slug.js';
  const covered = JSON.parse(fs.readFileSync('covered.json'));
  fs.writeFileSync(folder + '/coverage-final.json', JSON.stringify({ [path]: { path, ...covered } }));
}
process.exit(1);
"""


def recorded(tmp_path, tool, report):
    """A project with a tool that tells what the real one told."""
    files = {
        "src/slug.js": SLUG,
        "node_modules/vitest/vitest.mjs": f"import {{ createRequire }} from 'node:module';\n"
        f"const require = createRequire(import.meta.url);{TOOL}",
        "node_modules/jest/bin/jest.js": TOOL,
        "report.json": report if isinstance(report, str) else json.dumps(report),
        "covered.json": json.dumps(COVERED),
    }
    if tool == "jest":
        files["src/slug.js"] = SLUG.replace("export ", "") + "module.exports = { slugify };\n"
    return project(workspace(tmp_path, files), tool)


async def test_what_vitest_told(tmp_path):
    found = await run_tests(
        recorded(tmp_path, "vitest", VITEST), ["src/a.test.js"], {}, coverage_of="src/slug.js"
    )
    assert found.verdicts == {
        "slugify > passes": Verdict.PASSED,
        "slugify > fails": Verdict.FAILED,
        "later": Verdict.SKIPPED,
        "not now": Verdict.SKIPPED,
    }
    assert found.messages == {
        "slugify > fails": "AssertionError: expected 'a-b' to be 'a_b' // Object.is equality"
    }
    assert found.problem == ""
    assert found.coverage == Coverage(frozenset({3, 4, 6, 7}), frozenset({3, 6}))


async def test_what_jest_told(tmp_path):
    found = await run_tests(
        recorded(tmp_path, "jest", JEST), ["src/a.test.js"], {}, coverage_of="src/slug.js"
    )
    assert found.verdicts == {"a": Verdict.FAILED, "s": Verdict.SKIPPED, "g > h > p": Verdict.PASSED}
    assert found.messages["a"] == ('Error: expect(received).toBe(expected) Expected: "a_b" Received: "a-b"')
    assert found.problem == "Cannot find module './no' from 'b.js'"
    assert found.coverage.ran == {3, 6}


@pytest.mark.parametrize("report", ["", "{", "[]", '{"testResults": [{"assertionResults": [5]}]}', "null"])
async def test_a_tool_that_told_nothing_that_can_be_read(tmp_path, report):
    found = await run_tests(recorded(tmp_path, "jest", report), ["src/a.test.js"], {})
    assert Verdict.PASSED not in found.verdicts.values()
    assert found.problem


TESTS = (
    Test("of_two_words", Origin.TYPES, checks=(Check(Kind.EQUAL, 'slugify("a b")', '"a-b"'),)),
    Test("of_a_number", Origin.TYPES, checks=(Check(Kind.RAISES, "slugify(1)", "TypeError", "text must"),)),
    Test("wrong", Origin.TYPES, checks=(Check(Kind.EQUAL, 'slugify("a b")', '"a_b"'),)),
)


@installed
@pytest.mark.parametrize("tool", ["vitest", "jest"])
async def test_the_real_tools(tmp_path, tool):
    text = SLUG if tool == "vitest" else SLUG.replace("export ", "") + "module.exports = { slugify };\n"
    root = workspace(tmp_path, {"src/slug.js": text})
    copying = await asyncio.create_subprocess_exec("cp", "-rl", MODULES, str(root / "node_modules"))
    assert await copying.wait() == 0
    found = project(root, tool)
    page = found.framework.render(found.file, target_in(root, "src/slug.js", "slugify"), TESTS)
    files = {found.file.path: page.text.encode()}
    for order in (0, 5):
        told = await run_tests(found, [found.file.path], files, order=order, coverage_of="src/slug.js")
        assert told.verdicts == {
            "of two words": Verdict.PASSED,
            "of a number": Verdict.PASSED,
            "wrong": Verdict.FAILED,
        }
        assert told.coverage.lines - {9} == told.coverage.ran - {9} == {3, 4, 6, 7}
    one = await run_tests(found, [found.file.path], {found.file.path: b"import {"})
    assert (one.verdicts, bool(one.problem)) == ({}, True)
