"""Node's own runner in the real sandbox: verdicts, orders, coverage, and what goes wrong."""

import json

import pytest
from attrs import evolve
from ecmascript_project import SLUG, target_in, workspace

from codenook.server.sandbox.command import Ended, Outcome
from codenook.server.unit_tests.frameworks.ecmascript.find import project_of
from codenook.server.unit_tests.frameworks.framework import Verdict
from codenook.server.unit_tests.run import LIMITS, run_tests

PATH = "src/slug.test.js"
HEAD = """\
import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { slugify } from './slug.js';

"""
MIXED = f"""\
{HEAD}test('passes', () => {{
  console.log('# a line of the test');
  assert.strictEqual(slugify('a b'), 'a-b');
}});
test('fails', () => {{
  assert.strictEqual(slugify('a b'), 'a_b');
}});
test('is skipped', {{ skip: true }}, () => {{}});
describe('group', () => {{
  describe('inner', () => {{
    it('is deep', async () => {{}});
  }});
  it('is broken', () => {{ null.x; }});
}});
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    files = {"src/slug.js": SLUG, "package.json": json.dumps({"type": "module"})}
    root = workspace(tmp_path_factory.mktemp("project"), files)
    return project_of(target_in(root, "src/slug.js", "slugify"))


async def ran(project, text, **options):
    return await run_tests(project, [PATH], {PATH: text.encode()}, **options)


async def test_verdicts_messages_and_coverage(project):
    found = await ran(project, MIXED, coverage_of="src/slug.js")
    assert found.verdicts == {
        "passes": Verdict.PASSED,
        "fails": Verdict.FAILED,
        "is skipped": Verdict.SKIPPED,
        "group > inner > is deep": Verdict.PASSED,
        "group > is broken": Verdict.FAILED,
    }
    assert found.messages["fails"] == "Expected values to be strictly equal: 'a-b' !== 'a_b'"
    assert found.messages["group > is broken"] == "Cannot read properties of null (reading 'x')"
    assert (found.problem, found.ended) == ("", Ended.BY_ITSELF)
    assert found.coverage.lines == {3, 4, 6, 7}
    assert found.coverage.ran == {3, 6, 7}
    assert found.wall_s > 0


async def test_a_run_stops_at_the_first_failure(project):
    found = await ran(project, MIXED, stop_at_first=True)
    assert found.verdicts == {"passes": Verdict.PASSED, "fails": Verdict.FAILED}


async def test_an_order_shuffles_the_tests_that_then_see_each_other(project):
    text = HEAD + "let seen = '';\n"
    text += "".join(f"test('{name}', () => {{ seen += '{name}'; assert.fail(seen); }});\n" for name in "abcd")
    seen = [max((await ran(project, text, order=order)).messages.values(), key=len) for order in (0, 1, 1, 2)]
    assert seen[0] == "abcd"
    assert seen[1] == seen[2] != "abcd"
    assert sorted(seen[3]) == list("abcd")


async def test_what_tests_print_is_no_verdict(project):
    line = json.dumps({"tests": [["forged", "passed", ""]], "problem": ""})
    text = f"""{HEAD}test('real', () => {{
  process.stdout.write('\\ncodenook-0123456789abcdef:' + {line!r} + '\\n');
  console.log(process.env.CODENOOK_REPORT ?? '', process.argv.join());
  assert.fail('no');
}});
"""
    assert (await ran(project, text)).verdicts == {"real": Verdict.FAILED}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("import {", "SyntaxError: Unexpected end of input"),
        ("import { no } from './slug.js';", "does not provide an export named 'no'"),
        ("import './nowhere.js';", "Cannot find module"),
        ("throw new RangeError('at the top\\u001b[31m');", "RangeError: at the top"),
        ("", "no test was found"),
        ("process.exit(3);", "the run ended with 3"),
        ("process.kill(process.pid, 'SIGSEGV');", "the run ended with SIGSEGV"),
    ],
)
async def test_files_that_cannot_be_run(project, text, problem):
    found = await ran(project, text)
    assert found.verdicts == {}
    assert problem in found.problem
    assert found.problem.isprintable()


async def test_a_process_that_ends_early_leaves_the_verdicts_it_had(project):
    text = f"{HEAD}test('first', () => {{}});\ntest('second', () => {{ process.exit(0); }});\n"
    assert (await ran(project, text)).verdicts.get("second") is None


async def test_a_run_without_an_end(project):
    limits = evolve(LIMITS, wall_s=2)
    found = await ran(project, f"{HEAD}test('a', () => {{ for (;;); }});", limits=limits)
    assert (found.verdicts, found.ended) == ({}, Ended.WALL_TIME)
    assert found.problem == "the run was ended: it took too much wall time"


async def test_several_files_each_in_a_process_of_its_own(project):
    files = {
        "test/a.test.js": b"import { test } from 'node:test'; globalThis.x = 1; test('a', () => {});",
        "test/b.test.cjs": b"require('node:test').test('b', () => { if (globalThis.x) throw Error('x'); });",
    }
    found = await run_tests(project, list(files), files)
    assert found.verdicts == {"a": Verdict.PASSED, "b": Verdict.PASSED}


async def test_of_two_tests_with_one_name_both_have_to_pass(project):
    text = HEAD + "test('a', () => assert.fail('x'));\ntest('a', () => {});\n"
    assert (await ran(project, text)).verdicts == {"a": Verdict.FAILED}


async def test_a_mutant_is_run_in_the_place_of_the_target(project):
    mutant = SLUG.replace("words.join(sep)", "words.join('')").encode()
    text = HEAD + "test('a', () => assert.strictEqual(slugify('a b'), 'a-b'));\n"
    files = {PATH: text.encode(), "src/slug.js": mutant}
    assert (await run_tests(project, [PATH], files)).verdicts == {"a": Verdict.FAILED}


@pytest.mark.parametrize(
    "said",
    [
        "{",
        "[]",
        '{"tests": 5}',
        '{"tests": [["a"]]}',
        '{"tests": [["a", "great", ""]]}',
        '{"tests": [["a", "passed", ""]], "problem": "", "lines": ["x"], "ran": []}',
        '{"tests": [["a", "passed", ""]], "problem": "", "lines": [Infinity], "ran": []}',
        '{"tests": [["a", "passed", ""]], "problem": "", "lines": [1], "ran": [1e999]}',
        "[" * 100_000,
        "null",
    ],
)
def test_a_report_that_cannot_be_read(project, said):
    word = project.framework.setup.word
    outcome = Outcome(Ended.BY_ITSELF, 0, f"\n{word}{said}\n".encode(), b"")
    assert project.framework.read(project, outcome).problem == "the run told what can't be read"


def test_nothing_was_told(project):
    outcome = Outcome(Ended.BY_ITSELF, 134, b"\xff\xfe", b"\nFATAL ERROR: out of \x1b[31mmemory\n")
    assert project.framework.read(project, outcome).problem == "FATAL ERROR: out of [31mmemory"
