"""What comes of calls, observed in the real sandbox by the real node."""

import json

import pytest
from ecmascript_project import target_in, workspace

from codenook.server.reasons import Reason
from codenook.server.sandbox import bubblewrap
from codenook.server.sandbox.command import NoSandbox
from codenook.server.unit_tests.case import Call, Check, Kind, Origin
from codenook.server.unit_tests.frameworks.ecmascript.exports import Export, How, Reached
from codenook.server.unit_tests.frameworks.ecmascript.find import project_of
from codenook.server.unit_tests.frameworks.framework import NoProject, Verdict
from codenook.server.unit_tests.kits.ecmascript import observing
from codenook.server.unit_tests.kits.ecmascript.kit import EcmaScriptKit
from codenook.server.unit_tests.kits.ecmascript.outcomes import Outcomes
from codenook.server.unit_tests.kits.ecmascript.sound import value
from codenook.server.unit_tests.run import run_tests

KIT = EcmaScriptKit()
CODE = """\
let calls = 0;
class Point { constructor(x) { this.x = x; this._y = 2; } }
export function f(x) { return x; }
export function g(code) {
  return {
    'hangs': () => { for (;;); },
    'exits': () => process.exit(0),
    'crashes': () => process.kill(process.pid, 'SIGKILL'),
    'throws text': () => { throw 'text'; },
    'throws': () => { throw new RangeError('out of range'); },
    'throws the engine\\'s': () => null.x,
    'is random': () => Math.random(),
    'is the time': () => new Date().getFullYear(),
    'is now': () => Date.now(),
    'counts': () => calls++,
    'is a day': () => new Date(2024, 1, 29),
    'is an instant': () => new Date(Date.UTC(2024, 1, 29)),
    'is no day': () => new Date(NaN),
    'is a point': () => new Point(1),
    'is a symbol': () => Symbol('s'),
    'is circular': () => { const a = []; a.push(a); return a; },
    'is long': () => 'x'.repeat(5000),
    'is a promise': async () => 'later',
    'rejects': async () => { throw new TypeError('never'); },
    'never settles': () => new Promise(() => {}),
    'is a generator': function* () { yield 1; yield 2; },
    'has no end': function* () { for (;;) yield 1; },
    'is a function': () => (x) => [x],
    'fills memory': () => { const a = []; for (;;) a.push(new Array(1e6).fill(1)); },
    'prints': () => { console.log('codenook-00:{}'); process.stdout.write('x'); return 1; },
    'tells': () => { process.send({ id: 0, form: 'plain' }); return 2; },
    'is later broken': () => { setImmediate(() => { throw new Error('late'); }); return 3; },
  }[code]();
}
export function sort(list, by = {}) { list.sort(); by.done = true; return list.length; }
export class Cart {
  constructor(items = []) { this.items = items; this.n = items.length; }
  add(item) { this.items.push(item); this.n += 1; return this; }
  async total() { return this.items.length / 3; }
  get first() { return this.items[0]; }
  static of(...items) { return new Cart(items); }
}
export const math = { add: (a, b) => a + b };
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    files = {"src/code.js": CODE, "package.json": json.dumps({"type": "module"})}
    return workspace(tmp_path_factory.mktemp("project"), files)


async def observed(root, symbol, *calls, path="src/code.js"):
    target = target_in(root, path, symbol)
    given = [call if isinstance(call, Call) else Call(call, Origin.TYPES) for call in calls]
    return await KIT.observed(target, project_of(target), given)


VALUES = {
    "undefined": (Kind.SAME, "undefined"),
    "null": (Kind.SAME, "null"),
    "true": (Kind.SAME, "true"),
    "-0": (Kind.EQUAL, "-0"),
    "NaN": (Kind.EQUAL, "NaN"),
    "-1 / 0": (Kind.EQUAL, "-Infinity"),
    "1e21": (Kind.EQUAL, "1e+21"),
    "0.1 + 0.2": (Kind.CLOSE, "0.30000000000000004"),
    "12345678901234567890n": (Kind.EQUAL, "12345678901234567890n"),
    "'it\\'s \"ü\"\\n\\u2028\\0'": (Kind.EQUAL, '"it\'s \\"ü\\"\\n\\u2028\\u0000"'),
    "'\\ud800'": (Kind.EQUAL, '"\\ud800"'),
    "[1, [undefined]]": (Kind.EQUAL, "[1, [undefined]]"),
    "{ a: 1, 'b-c': 0.5, ['__proto__']: 3 }": (Kind.EQUAL, '{ a: 1, "b-c": 0.5, ["__proto__"]: 3 }'),
    "Object.create(null)": (Kind.EQUAL, "{ __proto__: null }"),
    "new Map([[{ a: 1 }, new Set([1])]])": (Kind.EQUAL, "new Map([[{ a: 1 }, new Set([1])]])"),
    "/a\\/b/gi": (Kind.EQUAL, "/a\\/b/gi"),
    "new Uint8Array([1, 2])": (Kind.EQUAL, "new Uint8Array([1, 2])"),
    "Buffer.from('a')": (Kind.EQUAL, "Buffer.from([97])"),
    "new Date(0)": (Kind.EQUAL, 'new Date("1970-01-01T00:00:00.000Z")'),
    "new URL('http://a.b/')": (Kind.EQUAL, 'new URL("http://a.b/")'),
    "Symbol.for('a')": (Kind.EQUAL, 'Symbol.for("a")'),
    "new TypeError('no')": (Kind.EQUAL, 'new TypeError("no")'),
}


async def test_values_are_expressions_that_make_them_again(root):
    found = await observed(root, "f", *VALUES)
    assert {each.call.arguments: (c.kind, c.expected) for each in found for c in each.checks} == VALUES
    target = target_in(root, "src/code.js", "f")
    project = project_of(target)
    page = project.framework.render(project.file, target, KIT.tests(target, found))
    ran = await run_tests(project, [project.file.path], {project.file.path: page.text.encode()})
    assert {name: ran.verdicts.get(name) for name in page.names} == dict.fromkeys(page.names, Verdict.PASSED)


UNWRITTEN = {
    "Object.assign([1], { a: 1 })": "an array with holes or with properties",
    "[, 1]": "an array with holes or with properties",
    "{ get a() { return 1; } }": "an object with getters",
    "{ [Symbol('s')]: 1 }": "an object with symbols",
    "[new (class A {})()]": "an object of the class A",
    "[() => 1]": "a function",
    "[Promise.resolve(1)]": "a promise inside of a value",
    "[new Date(NaN)]": "an invalid date inside of a value",
}


async def test_what_cannot_be_written_down_says_so(root):
    found = await observed(root, "f", *UNWRITTEN)
    told = {each.call.arguments: each.problem for each in found}
    assert told == {code: f"it returns {what}" for code, what in UNWRITTEN.items()}


OUTCOMES = {
    "hangs": "it took more than 1000 ms",
    "exits": "it ended the process",
    "crashes": "it ended the process",
    "throws text": "it throws what is no error",
    "is random": "what comes of it isn't the same twice",
    "is the time": "what comes of it isn't the same twice",
    "is now": "what comes of it isn't the same twice",
    "is a symbol": "it returns a symbol",
    "is circular": "it returns a value that holds itself",
    "is long": "it returns more than can be read",
    "never settles": "it took more than 1000 ms",
    "has no end": "it returns it goes on without an end",
    "throws": [Check(Kind.RAISES, "g('throws')", "RangeError", "out of range")],
    "throws the engine\\'s": [Check(Kind.RAISES, "g('throws the engine\\'s')", "TypeError")],
    "is a day": [Check(Kind.EQUAL, "g('is a day')", "new Date(2024, 1, 29)")],
    "is an instant": [Check(Kind.EQUAL, "g('is an instant')", 'new Date("2024-02-29T00:00:00.000Z")')],
    "is no day": [Check(Kind.EQUAL, "String(g('is no day'))", '"Invalid Date"')],
    "is a point": [Check(Kind.EQUAL, "result.x", "1")],
    "is a promise": [Check(Kind.EQUAL, "await g('is a promise')", '"later"')],
    "rejects": [Check(Kind.RAISES, "await g('rejects')", "TypeError", "never")],
    "is a generator": [Check(Kind.EQUAL, "[...g('is a generator')]", "[1, 2]")],
    "is a function": [
        Check(Kind.EQUAL, "g('is a function')(\"Hello World\")", '["Hello World"]'),
        Check(Kind.EQUAL, "g('is a function')(2)", "[2]"),
    ],
    "prints": [Check(Kind.EQUAL, "g('prints')", "1")],
}


async def test_each_call_costs_itself_alone(root):
    found = await observed(root, "g", *(f"'{code}'" for code in OUTCOMES))
    told = {each.call.arguments[1:-1]: each.problem or list(each.checks) for each in found}
    assert told == OUTCOMES


async def test_what_depends_on_the_calls_before_is_not_steady(root):
    found = await observed(root, "g", "'counts'", "'counts'", "'counts'")
    assert [bool(each.checks) for each in found] == [False, True, False]


async def test_calls_that_take_too_much_end_alone(root):
    memory, late, tells, after = await observed(
        root, "g", "'fills memory'", "'is later broken'", "'tells'", "'prints'"
    )
    assert memory.problem in {"it ended the process", "it took more than 1000 ms"}
    assert late.checks or late.problem == "it ended the process"
    assert [check.expected for check in tells.checks] == ["2"]
    assert [check.expected for check in after.checks] in ([], ["1"])


async def test_too_many_that_hang(root, monkeypatch):
    monkeypatch.setattr(observing, "_CALL_MS", 300)
    monkeypatch.setattr(observing, "_MOST_LOST", 1)
    found = await observed(root, "g", *["'hangs'"] * 5)
    too_many = "too many of its calls hang or end the process"
    assert [each.problem for each in found] == ["it took more than 300 ms"] * 2 + [too_many] * 3


async def test_changed_arguments_are_checked(root):
    (found,) = await observed(root, "sort", "[2, 1], { a: 1 }")
    assert found.call.setup == ("const list = [2, 1]", "const object = { a: 1 }")
    assert found.checks == (
        Check(Kind.EQUAL, "sort(list, object)", "2"),
        Check(Kind.EQUAL, "list", "[1, 2]"),
        Check(Kind.EQUAL, "object", "{ a: 1, done: true }"),
    )


async def test_methods_getters_and_classes(root):
    made = "new Cart([1])"
    (added,) = await observed(root, "Cart.add", Call("'x'", Origin.TYPES, receiver=made))
    assert added.call.setup == ("const subject = new Cart([1])", "subject.add('x')")
    assert added.checks == (
        Check(Kind.EQUAL, "subject.items", '[1, "x"]'),
        Check(Kind.EQUAL, "subject.n", "2"),
    )
    (total,) = await observed(root, "Cart.total", Call("", Origin.TYPES, receiver=made))
    assert total.checks == (Check(Kind.CLOSE, "await new Cart([1]).total()", "0.3333333333333333"),)
    (first,) = await observed(root, "Cart.first", Call("", Origin.TYPES, receiver=made))
    assert first.checks == (Check(Kind.EQUAL, "new Cart([1]).first", "1"),)
    (of,) = await observed(root, "Cart.of", "1, 2")
    assert of.checks[0] == Check(Kind.EQUAL, "result.items", "[1, 2]")
    (cart,) = await observed(root, "Cart", "[3]")
    assert cart.call.setup == ("const result = new Cart([3])",)
    (add,) = await observed(root, "math.add", "1, 2")
    assert add.checks == (Check(Kind.EQUAL, "math.add(1, 2)", "3"),)


async def test_what_somebody_says_comes_of_it(root):
    said = [("1", "1"), ("1", "2"), ("0.1 + 0.2", "0.3"), ("[1]", "[1]"), ("1", "not code("), ("1", "")]
    calls = [Call(given, Origin.DOCTEST, expected=expected) for given, expected in said]
    assert [each.agrees for each in await observed(root, "f", *calls)] == [
        True,
        False,
        True,
        True,
        None,
        None,
    ]
    (raised,) = await observed(root, "g", Call("'throws'", Origin.DOCTEST, expected="1"))
    assert raised.agrees is False
    tests = KIT.tests(target_in(root, "src/code.js", "f"), await observed(root, "f", *calls[:2]))
    assert [test.is_reasoned for test in tests] == [True, False]


async def test_inputs_that_cannot_be_made(root):
    syntax, name = await observed(root, "f", "1 +", "nowhere")
    assert syntax.problem.startswith("the input can't be made: ")
    assert name.problem == "the input can't be made: nowhere is not defined"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "export function f(x) {}\nthrow new Error('at \\u001b[31m import');",
            "it can't be imported: at [31m import",
        ),
        ("import './no.js';\nexport function f(x) {}", "it can't be imported: Cannot find module"),
        ("export function f(x) {}\nprocess.exit(1);", "it can't be imported"),
        ("export function f(x) {}\nfor (;;);", "it takes too long to import"),
    ],
)
async def test_files_that_cannot_be_imported(tmp_path, monkeypatch, text, problem):
    if "for (;;)" in text:
        monkeypatch.setattr(observing, "_IMPORT_MS", 1000)
    root = workspace(tmp_path, {"a.mjs": text})
    (found,) = await observed(root, "f", "1", path="a.mjs")
    assert found.problem.startswith(problem)
    assert found.problem.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "function f(x) { return x; }\nmodule.exports = f;",
        "module.exports = { f: (x) => x };",
        "exports.f = function (x) { return x; };",
        "export default function f(x) { return x; }",
        "import { g } from './other';\nexport const f = (x) => g(x);",
    ],
)
async def test_all_kinds_of_modules(tmp_path, text):
    root = workspace(tmp_path, {"a.js": text, "other.js": "export const g = (x) => x;"})
    (found,) = await observed(root, "f", "1", path="a.js")
    assert [check.expected for check in found.checks] == ["1"], found.problem


TYPESCRIPT = """\
exports.ModuleKind = { ESNext: 1, CommonJS: 2 };
exports.ScriptTarget = exports.JsxEmit = {};
exports.transpileModule = (text) => ({ outputText: text.replaceAll(': number', '') });
"""


async def test_typescript_by_what_the_project_has(tmp_path):
    files = {
        "src/a.ts": "import { g } from './b.js';\nexport function f(x: number) { return g(x); }",
        "src/b.ts": "export const g = (x: number) => x + 1;",
        "node_modules/typescript/index.js": TYPESCRIPT,
        "node_modules/tsx/dist/loader.mjs": "",
    }
    (found,) = await observed(workspace(tmp_path, files), "f", "1", path="src/a.ts")
    assert [check.expected for check in found.checks] == ["2"], found.problem


async def test_a_document_counts_as_it_is_open(root):
    target = target_in(root, "src/code.js", "f")
    changed = type(target)(
        root, target.path, target.text.replace("return x;", "return [x];", 1), "javascript", target.definition
    )
    (found,) = await KIT.observed(changed, project_of(changed), [Call("1", Origin.TYPES)])
    assert [check.expected for check in found.checks] == ["[1]"]


async def test_no_sandbox(root, monkeypatch):
    def none(_=None):
        raise NoSandbox("there is no bubblewrap (bwrap) on PATH: install it")

    monkeypatch.setattr(bubblewrap, "found", none)
    with pytest.raises(NoProject) as error:
        await observed(root, "f", "1")
    assert error.value.reason is Reason.NO_SANDBOX


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"form": "plain"},
        {"form": "plain", "value": {"utc": 1, "local": 1, "kind": "odd"}},
        {"form": "fields", "fields": [["a"]]},
        {"form": "plain", "value": 3},
        {"error": {}},
        {"error": 5},
        {"problem": "\x1b[2Jx\ny"},
        {"form": "applied", "applied": 3},
    ],
)
def test_what_was_told_and_makes_no_sense(told):
    reached = Reached(Export("f", How.NAMED, "f"), "f")
    found = Outcomes(reached).observed(Call("1", Origin.TYPES), [told, told])
    assert found.checks == ()
    assert found.problem
    assert found.problem.isprintable()


MORE_THAN_VALUES = [
    "1); globalThis.pwned = (1",
    "process.exit(0)",
    "x",
    "globalThis",
    "() => 1",
    "[...process.argv]",
    "`${process.exit(0)}`",
    "new Function('a')",
    "new (class { constructor() { process.exit(0) } })()",
    "new Map(process)",
    "Symbol.for(process.exit(0))",
    "Symbol.for`a`",
    "Symbol.for('a').constructor",
    "Buffer.from",
    "BigInt.asIntN",
    "Map",
    "{ a }",
    "{ a() { } }",
    "{ get a() { return 1 } }",
    "{ [process]: 1 }",
    "{ ...process }",
    "1, 2",
    "a = 1",
    "void 0",
    "delete 1",
    "typeof 1",
    "1 // a",
    "/* a */ 1",
    "1\n2",
    "import('fs')",
    "'a' + 'b'",
    "",
    "(1",
    "1" * 3_000,
    None,
    1,
]


@pytest.mark.parametrize("told", MORE_THAN_VALUES)
def test_what_does_more_than_make_a_value_is_none(told):
    with pytest.raises(ValueError, match="value"):
        value(told)


@pytest.mark.parametrize("told", [expected for _, expected in VALUES.values()])
def test_values_are_read(told):
    assert value(told) == told


def test_values_command_no_terminal_and_fit_into_a_file():
    assert value('["\x9b\u202e\ud800"]') == r'["\x9b\u202e\ud800"]'


ONE = {"utc": "1", "local": "1", "kind": "equal"}
FORGED = {
    "the name of a field": ({"form": "fields", "fields": [["x); globalThis.pwned = (1", ONE]]}, []),
    "a value": ({"form": "plain", "value": {**ONE, "utc": "process.exit()"}}, []),
    "a probe": ({"form": "applied", "applied": [["process.exit()", ONE]]}, []),
    "a kind": ({"form": "plain", "value": {**ONE, "kind": "raises"}}, []),
    "what is close": (
        {"form": "plain", "value": {"utc": "Infinity", "local": "Infinity", "kind": "close"}},
        [],
    ),
    "an argument": (
        {"form": "plain", "value": ONE, "mutated": [[float("inf"), ONE], [-1, ONE], [7, ONE]]},
        ["1"],
    ),
    "a receiver": ({"form": "plain", "value": ONE, "receiver": [["x = 1; y", ONE]]}, ["1"]),
}


@pytest.mark.parametrize(("told", "expected"), FORGED.values(), ids=FORGED)
def test_what_the_project_forges_becomes_no_code(told, expected):
    reached = Reached(Export("f", How.NAMED, "f"), "f")
    call = Call("1", Origin.TYPES, receiver="a")
    found = Outcomes(reached).observed(call, [told, told])
    assert [check.expected for check in found.checks] == expected
    assert bool(found.problem) is not bool(expected)
    assert not any("pwned" in text or "exit" in text or ";" in text for text in found.call.setup)


HOSTILE_MODULE = """\
const send = process.send.bind(process);
process.send = (told, ...more) => {
  if (told.id !== undefined && told.form) {
    const one = { utc: '1', local: '1', kind: 'equal' };
    told.form = 'fields';
    told.fields = [['x); globalThis.pwned = (1', one], ['y', { ...one, utc: 'process.exit(1)' }]];
  }
  return send(told, ...more);
};
export function f(x) { return x; }
"""


async def test_a_module_that_talks_for_us_writes_no_code(tmp_path):
    files = {"src/code.js": HOSTILE_MODULE, "package.json": json.dumps({"type": "module"})}
    (found,) = await observed(workspace(tmp_path, files), "f", "1")
    assert (found.checks, found.call.setup) == ((), ())
    assert found.problem
