"""Inputs for JavaScript and TypeScript: by types, use and names, from examples and from calls elsewhere."""

import pytest
from ecmascript_project import SLUG, target_in, workspace

from codenook.context.manager import ContextManager
from codenook.server.unit_tests.case import Call, Check, Kind, Observed, Origin
from codenook.server.unit_tests.frameworks.ecmascript.find import project_of
from codenook.server.unit_tests.kits.ecmascript.kit import EcmaScriptKit

KIT = EcmaScriptKit()


async def calls_of(root, path, symbol):
    target = target_in(root, path, symbol)
    known = ContextManager(root)
    try:
        assert known.build()
        return await KIT.calls(target, project_of(target), known)
    finally:
        known.close()


async def arguments_of(tmp_path, text, symbol="f", path="a.js"):
    root = workspace(tmp_path, {path: text, "node_modules/tsx/dist/loader.mjs": ""})
    return [call.arguments for call in await calls_of(root, path, symbol)]


@pytest.mark.parametrize(
    ("text", "usual", "also"),
    [
        ("export function f(x) { return x.toLowerCase(); }", '"Hello World"', '""'),
        ("export function f(x) { return x * 2; }", "2", "-1"),
        ("export function f(x) { return x.map((y) => y); }", "[3, 1, 2]", "[]"),
        ("export function f(x) { return x(1); }", "(x) => x", "() => true"),
        ("export function f(x) { return x.getFullYear(); }", "new Date(2024, 1, 29)", "new Date(NaN)"),
        ("export function f(x) { return x.left + x.top; }", "{ left: 1, top: 2 }", "{}"),
        ("export function f({ left, top = 3 }) { return left; }", "{ left: 1, top: 2 }", "{}"),
        ("export function f(x) { return x > 17 ? 'a' : 'b'; }", "2", "18"),
        ("export function f(x) { switch (x) { case 'on': return 1; } }", '"Hello World"', "'on'"),
        ("export function f(separator) { return separator; }", '"-"', '""'),
        ("export function f(x) { if (typeof x !== 'string') throw Error(); }", '"Hello World"', "null"),
        ("export function f(x = 7) { return x; }", "2", ""),
        ("export const f = (x) => x ** 2;", "2", "0"),
        ("export const f = x => x.trim();", '"Hello World"', '"  two words "'),
        ("/** @param {number[]} x */\nexport function f(x) {}", "[2, 0, -1]", "[]"),
        ("/** @param {?string} [x] */\nexport function f(x) {}", '"Hello World"', "null"),
        ("/** @param {Array.<boolean>} x */\nexport function f(x) {}", "[true, false]", "[]"),
        ("export function f(...xs) { return xs; }", '"Hello World", 2', "2"),
        ("export function f() { return arguments.length; }", '"Hello World", 2', "null"),
        ("export function f() { return 1; }", "", ""),
    ],
)
async def test_inputs_by_use_names_and_documentation(tmp_path, text, usual, also):
    found = await arguments_of(tmp_path, text)
    assert found[0] == usual
    assert also in found
    assert len(found) == len(set(found)) <= 24


TYPED = """\
type Id = string | number;
interface Point { x: number; y: number; label?: string }
export enum Mode { Up, Down = 'down' }
"""


@pytest.mark.parametrize(
    ("type_", "usual", "also"),
    [
        ("string", '"Hello World"', '""'),
        ("number | null", "2", "null"),
        ("'a' | 'b'", "'a'", "'b'"),
        ("Id", '"Hello World"', "2"),
        ("Point", '{ x: 2, y: 2, label: "Hello World" }', "{ x: 2, y: 2 }"),
        ("readonly Point[]", None, "[]"),
        ("[number, string]", '[2, "Hello World"]', None),
        ("Record<string, boolean>", "{ a: true }", "{}"),
        ("Map<string, number>", 'new Map([["a", 2]])', "new Map()"),
        ("Set<number>", "new Set([2, 0, -1])", "new Set([])"),
        ("Mode", "Mode.Up", "Mode.Down"),
        ("(x: number) => boolean", "(x) => Boolean(x)", "() => false"),
        ("Partial<Point>", '{ x: 2, y: 2, label: "Hello World" }', None),
        ("{ on: boolean }", "{ on: true }", "{ on: false }"),
        ("bigint", "10n", "0n"),
    ],
)
async def test_inputs_by_types(tmp_path, type_, usual, also):
    found = await arguments_of(tmp_path, f"{TYPED}export function f(x: {type_}) {{ return 1; }}", path="a.ts")
    assert usual in {None, found[0]}
    assert also is None or also in found


async def test_types_that_hold_themselves_come_to_an_end(tmp_path):
    text = "type A = B; type B = A; interface T { a: T; b: T; c: A }\nexport function f(x: T) {}"
    assert 0 < len(await arguments_of(tmp_path, text, path="a.ts")) <= 24


@pytest.mark.parametrize(
    "type_",
    [
        "(" * 2000 + "string" + ")" * 2000,
        " | ".join(f"'{i}'" for i in range(2000)),
        "{ a: " * 500 + "string" + " }" * 500,
        "string[]" + "[]" * 500,
    ],
)
async def test_endless_types(tmp_path, type_):
    assert 0 < len(await arguments_of(tmp_path, f"export function f(x: {type_}) {{}}", path="a.ts")) <= 24


async def test_a_file_of_many_calls_and_an_endless_comment(tmp_path):
    text = f"/** {'@example <caption>x ' * 20_000} */\nexport function f(x) {{}}\n"
    use = "".join(f"f(a{i});\n" for i in range(20_000))
    root = workspace(tmp_path, {"a.js": text, "use.js": use})
    assert [call.origin for call in await calls_of(root, "a.js", "f")].count(Origin.CALL_SITE) == 0


async def test_a_constant_of_a_function_type(tmp_path):
    text = "export const f: (x: boolean) => number = make();\ndeclare function make(): any;"
    root = workspace(tmp_path, {"a.ts": text, "node_modules/tsx/dist/loader.mjs": ""})
    found = target_in(root, "a.ts", "f")
    calls = await KIT.calls(found, project_of(found), ContextManager(None))
    assert [call.arguments for call in calls] == ["true", "false"]


SHOP = """\
/**
 * A slug.
 *
 * @param {string} text
 * @example
 * slugify('A b'); // => 'a-b'
 * const list = ['x'];
 * slugify(list[0])
 * //=> 'x'
 * @example
 * slugify(userInput) // => 'no'
 * slugify('now ' + new Date());
 */
export function slugify(text) { return String(text); }

export class Cart {
  constructor(items = []) { this.items = items; }
  add(item) { this.items.push(item); return this; }
  static of(...items) { return new Cart(items); }
}
"""
FILES = {
    "src/shop.js": SHOP,
    "src/use.js": (
        "import { slugify, Cart } from './shop.js';\n"
        "const a = 'In use';\n"
        "export const title = slugify(a);\n"
        "export const cart = new Cart([1]);\n"
        "cart.add('y');\n"
        "export function later(x) { return slugify(x) + slugify(globalThis.location); }\n"
    ),
    "test/shop.test.js": (
        "import { test } from 'node:test';\nimport { slugify, Cart } from '../src/shop.js';\n"
        "test('a', () => { assert.strictEqual(slugify('From a test'), 'from-a-test'); });\n"
        "test('b', () => { expect(new Cart().add(3)).toEqual(1); });\n"
    ),
    "README.md": "# Shop\n\n```js\nslugify('Read me'); // → 'read-me'\n```\n\n```sh\nslugify('sh')\n```\n",
    "package.json": '{"type": "module"}',
}


async def test_examples_and_call_sites_come_first_with_evidence(tmp_path):
    root = workspace(tmp_path, FILES)
    found = [
        call for call in await calls_of(root, "src/shop.js", "slugify") if call.origin is not Origin.TYPES
    ]
    told = {(call.arguments, call.setup, call.expected, call.evidence) for call in found}
    assert told == {
        ("'A b'", (), "'a-b'", "src/shop.js:6"),
        ("list[0]", ("const list = ['x']",), "'x'", "src/shop.js:8"),
        ("'Read me'", (), "'read-me'", "README.md:4"),
        ("a", ("const a = 'In use'",), "", "src/use.js:3"),
        ("'From a test'", (), "'from-a-test'", "test/shop.test.js:3"),
    }
    assert [call.origin for call in found].count(Origin.DOCTEST) == 3


async def test_methods_have_receivers(tmp_path):
    root = workspace(tmp_path, FILES)
    found = await calls_of(root, "src/shop.js", "Cart.add")
    sites = [(each.receiver, each.arguments, each.setup, each.evidence) for each in found[:2]]
    assert sorted(sites) == [
        ("new Cart()", "3", (), "test/shop.test.js:4"),
        ("new Cart([1])", "'y'", (), "src/use.js:5"),
    ]
    assert {each.receiver for each in found[2:]} >= {"new Cart([3, 1, 2])", "new Cart()", "new Cart([])"}


async def test_broken_files_of_the_workspace_are_passed_over(tmp_path):
    root = workspace(tmp_path, FILES)
    (root / "src/broken.js").write_bytes(b"\xff\xfe slugify('x')")
    (root / "src/cut.js").write_text("slugify('cut off'")
    (root / "README.md").write_bytes(b"```js\nslugify('\xff')\n```\n")
    found = await calls_of(root, "src/shop.js", "slugify")
    assert "'A b'" in [call.arguments for call in found]


@pytest.mark.parametrize(
    ("written", "arguments", "expected", "setup"),
    [
        ('assert.strictEqual(slugify("a"), "a");', '"a"', '"a"', ()),
        ("expect(slugify('a')).toBe('a')", "'a'", "'a'", ()),
        ("expect(await slugify('a')).toEqual(['a'])", "'a'", "['a']", ()),
        ("expect(slugify('a')).to.deep.equal({ a: 1 })", "'a'", "{ a: 1 }", ()),
        ("expect(slugify('')).toBeNull()", "''", "null", ()),
        ("const x = [1]\nassert.deepEqual(slugify(x, 2), [2])", "x, 2", "[2]", ("const x = [1]",)),
        ("assert.equal(slugify('a'), 'b'); assert.equal(slugify('c'", "'a'", "'b'", ()),
        ("slugify('a'); // => 'b'", "'a'", "'b'", ()),
        ("assert.equal(slugify('a'), other)", "'a'", "", ()),
    ],
)
def test_what_a_model_wrote(tmp_path, written, arguments, expected, setup):
    root = workspace(tmp_path, {"a.js": SLUG})
    call = KIT.read_call(target_in(root, "a.js", "slugify"), written)
    assert call is not None
    assert (call.arguments, call.expected, call.setup) == (arguments, expected, setup)
    assert call.origin is Origin.MODEL


@pytest.mark.parametrize(
    "written",
    [
        "",
        "assert.ok(true)",
        "slugify(unknown)",
        "slugify('a'",
        "other('a')",
        "slugify(Math.random())",
        "slugify(new Date())",
        "(" * 3000,
        "\x00\ud800",
    ],
)
def test_what_is_no_call_that_stands_for_itself(tmp_path, written):
    root = workspace(tmp_path, {"a.js": SLUG})
    assert KIT.read_call(target_in(root, "a.js", "slugify"), written) is None


def test_a_model_calls_a_method_of_what_it_makes(tmp_path):
    root = workspace(tmp_path, FILES)
    target = target_in(root, "src/shop.js", "Cart.add")
    call = KIT.read_call(target, "const cart = new Cart([1]);\nexpect(cart.add(2).items).toEqual([1, 2])")
    assert call is not None
    assert (call.receiver, call.arguments) == ("new Cart([1])", "2")


def test_names_of_tests_are_plain_words(tmp_path):
    root = workspace(tmp_path, FILES)
    target = target_in(root, "src/shop.js", "slugify")
    given = [
        '""',
        '"Hello, World!"',
        "-1.5",
        "[]",
        "[1, 2]",
        "{ a: 1, b: 2 }",
        "null",
        "/a/",
        "(x) => x",
        '"-"',
        '"-"',
    ]
    seen = [
        Observed(Call(each, Origin.TYPES), (Check(Kind.EQUAL, f"slugify({each})", "1"),)) for each in given
    ]
    raised = Observed(Call("0", Origin.TYPES), (Check(Kind.RAISES, "slugify(0)", "TypeError"),))
    nothing = Observed(Call("1", Origin.TYPES), problem="no")
    assert [test.name for test in KIT.tests(target, [*seen, raised, nothing])] == [
        "slugify_of_an_empty_text",
        "slugify_of_Hello_World",
        "slugify_of_minus_1_point_5",
        "slugify_of_an_empty_list",
        "slugify_of_a_list_of_2_items",
        "slugify_of_an_object_with_a_and_b",
        "slugify_of_null",
        "slugify_of_a_pattern",
        "slugify_of_a_function",
        "slugify_of_a_hyphen",
        "slugify_of_a_hyphen_2",
        "slugify_throws_TypeError_for_0",
    ]
