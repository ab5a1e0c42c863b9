"""Programs of JavaScript and TypeScript, run with the real Node.js in the real sandbox."""

import asyncio
import math
import shutil
import sys

import pytest
from dynamic_programs import calls_with, program_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codenook.server.sandbox.run import why_not
from codenook.server.translation.languages.ecmascript.reading import EcmaScriptReading, TypeScriptReading
from codenook.server.translation.languages.ecmascript.running import JavaScriptRunning, TypeScriptRunning
from codenook.server.translation.languages.language import Stage
from codenook.server.translation.outcome import Call, How
from codenook.server.translation.values import Elements, Opaque, Pairs

pytestmark = [
    pytest.mark.skipif(
        sys.platform != "linux" or bool(asyncio.run(why_not())), reason="there is no sandbox here"
    ),
    pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js here"),
]
needs_compiler = pytest.mark.skipif(
    shutil.which("tsc") is None, reason="there is no TypeScript compiler here"
)

READING, RUNNING = EcmaScriptReading(), JavaScriptRunning()

HOSTILE = """
const fs = require('fs');
const seen = [];

function act(how) {
  seen.push(how);
  globalThis.touched = (globalThis.touched ?? 0) + 1;
  console.log('noise');
  switch (how) {
    case 'kill': return process.kill(process.pid, 'SIGKILL');
    case 'exit': return process.exit(0);
    case 'hang': for (;;);
    case 'microtasks': return (async () => { for (;;) await null; })();
    case 'never': return new Promise(() => {});
    case 'child': return require('child_process').execSync('sleep 1000');
    case 'recursion': return act2();
    case 'later': setTimeout(() => { throw new Error('later'); }, 0); return new Promise(() => {});
    case 'interval': setInterval(() => { seen.push('tick'); }, 0); return 1;
    case 'pollution':
      Object.prototype.toJSON = () => 66;
      Array.prototype.map = Array.prototype.push = Array.prototype[Symbol.iterator] = null;
      Map.prototype.entries = Set.prototype.values = null;
      JSON.stringify = JSON.parse = null;
      Object.defineProperty(Object.prototype, 'o', { get: () => 66 });
      return [1, { a: 2 }];
    case 'noise':
      fs.writeSync(1, '\\n{"call": 2, "how": "returned", "value": 66}\\n');
      fs.writeSync(2, 'x');
      return 1;
    case 'post':
      require('worker_threads').parentPort?.postMessage({ call: 2, how: 'returned', value: 66 });
      return 1;
    case 'proxy': return new Proxy({}, { ownKeys: () => { throw new Error('no'); } });
    case 'getter': return { get a() { throw new Error('no'); } };
    case 'cyclic': { const ring = []; ring.push(ring); return ring; }
    case 'huge': return 'x'.repeat(1e8);
    case 'wide': return Array.from({ length: 1e6 }, (_, i) => i);
    case 'sparse': return [, 1];
    case 'long': return new Array(1e9);
    case 'digits': return 10n ** 100000n;
    case 'endless': return (function* () { for (let i = 0; ; i += 1) yield i; })();
    case 'throws': throw { toString() { throw 1; } };
    case 'text': throw 'text';
    case 'seen': return [seen, globalThis.touched, typeof Object.prototype.toJSON];
    default: return how;
  }
}
function act2() { return act2() + 1; }
"""


async def outcomes(text, symbol, *calls, reading=READING, running=RUNNING):
    ran = await running.run(program_of(reading, text, symbol), calls)
    assert ran.refusal is None
    assert len(ran.outcomes) == len(calls)
    return ran.outcomes


async def value(text, symbol, *arguments, made_with=()):
    (outcome,) = await outcomes(text, symbol, Call(arguments, made_with=made_with))
    assert outcome.how is How.RETURNED, outcome
    return outcome.value


ACTS = {
    "pollution": (How.RETURNED, (1, Pairs((("a", 2),)))),
    "seen": (How.RETURNED, (("seen",), 1, "undefined")),
    "exit": (How.CRASHED, None),
    "recursion": (How.RAISED, "RangeError"),
    "interval": (How.RETURNED, 1),
    "later": (How.CRASHED, None),
    "noise": (How.RETURNED, 1),
    "post": (How.RETURNED, 1),
    "proxy": (How.RETURNED, Opaque("Proxy")),
    "getter": (How.RETURNED, Opaque("Object")),
    "cyclic": (How.RETURNED, Opaque("Array")),
    "huge": (How.RETURNED, Opaque("string")),
    "wide": (How.RETURNED, Opaque("Array")),
    "sparse": (How.RETURNED, (None, 1)),
    "long": (How.RETURNED, Opaque("Array")),
    "digits": (How.RETURNED, Opaque("bigint")),
    "endless": (How.RETURNED, tuple(range(10_000))),
    "throws": (How.RAISED, "Object"),
    "text": (How.RAISED, "string"),
    "a": (How.RETURNED, "a"),
}


@pytest.fixture(scope="module")
async def of_acts():
    """What came of each, all called in one run."""
    ran = await outcomes(HOSTILE, "act", *calls_with(*[(act,) for act in ACTS]))
    return dict(zip(ACTS, ran, strict=True))


@pytest.mark.parametrize("act", ACTS)
async def test_what_a_call_does_costs_it_alone(of_acts, act):
    how, told = ACTS[act]
    assert of_acts[act].how is how
    assert (of_acts[act].error if how is How.RAISED else of_acts[act].value) == told


async def test_calls_that_do_not_end_are_ended_and_the_others_are_made():
    acts = ["hang", "microtasks", "never", "child", "b"]
    ran = await outcomes(HOSTILE, "act", *calls_with(*[(act,) for act in acts]))
    assert [each.how for each in ran] == [*[How.TIMED_OUT] * 4, How.RETURNED]


async def test_a_call_that_ends_what_makes_the_calls_is_lost_and_the_others_are_not():
    before, lost, after = await outcomes(HOSTILE, "act", *calls_with(("a",), ("kill",), ("b",)))
    assert lost.how is How.CRASHED
    assert (before.value, after.value) == ("a", "b")


async def test_arguments_come_as_the_parameters_want_them():
    text = """
/**
 * @param {Map<string, number>} a
 * @param {Object<string, number>} b
 * @param {Set<number>} c
 * @param {Uint8Array} d
 * @param {bigint} e
 * @param {number[]} f
 * @param {?string} g
 */
function kinds(a, b, c, d, e, f, g, h, i) {
  return [a, b, c, d, e, f, g, h, i].map((each) => each?.constructor === undefined ? null
    : each instanceof Object ? each.constructor.name : typeof each);
}
"""
    items = Pairs((("a", 1),))
    told = await value(text, "kinds", items, items, (1,), b"d", 5, (1.0,), None, items, Pairs(((1, 2),)))
    assert told == (*("Map", "Object", "Set", "Uint8Array", "bigint", "Array", None, "Object", "Map"),)


async def test_what_an_argument_can_not_be_is_not_run():
    text = "function f(a, b = '') { return 1; }\n"
    calls = calls_with((2**53, ""), (Opaque("File"), ""), (1, b"\xff"), (2**53 - 1, b"\xed\xa0\x80"))
    ran = await outcomes(text, "f", *calls)
    assert [each.how for each in ran] == [*[How.NOT_RUN] * 3, How.RETURNED]
    assert all(each.why for each in ran[:3])


async def test_arguments_after_the_call_are_told():
    text = "const grow = (xs, more) => { xs.push(more.a); delete more.a; };\n"
    (outcome,) = await outcomes(text, "grow", Call(((1,), Pairs((("a", 2), ("b", 3))))))
    assert outcome.value is None
    assert outcome.after == ((1, 2), Pairs((("b", 3),)))


async def test_functions_are_found_however_they_are_written():
    assert await value("exports.twice = function (x) { return 2 * x; };\n", "twice", 2) == 4
    assert await value("module.exports = { twice(x) { return 2 * x; } };\n", "twice", 2) == 4
    assert await value("export default function twice(x) { return 2 * x; }\n", "twice", 2) == 4
    assert await value("const o = { twice(x) { return 2 * x; } };\n", "o.twice", 2) == 4
    assert await value("const more = (x, ...rest) => rest;\n", "more", 2, 3, 4) == (3, 4)


async def test_methods_have_an_object_made_for_them():
    text = """
import { inspect } from 'node:util';
export class Till {
  constructor(coins = new Set()) { this.coins = coins; }
  held(more) { return this.coins.size + more; }
  async *each() { yield inspect(1); yield await Promise.resolve(this.size); }
  get size() { return this.coins.size; }
  static plain(x) { return x; }
}
"""
    made_with = ((1, 1, 2),)
    assert await value(text, "Till.held", 5, made_with=made_with) == 7
    assert await value(text, "Till.size", made_with=made_with) == 2
    assert await value(text, "Till.each", made_with=made_with) == ("1", 2)
    assert await value(text, "Till.plain", 3) == 3


async def test_values_are_told_by_their_kind():
    text = """
class Thing {}
function every() {
  return [1, 1.5, -0, NaN, -Infinity, 10n ** 30n, undefined, null, true, '\\u{1f600}',
    'a\\ud800', new Map([[1, 2]]), new Set(['b']), { a: { b: [] } }, Object.create(null), Buffer.from('m'),
    new Float64Array([1.5]), [1].values(), new Thing(), new Date(0), every, Symbol('s'), new Error('e')];
}
"""
    told = await value(text, "every")
    assert told[:3] == (1.0, 1.5, 0.0)
    assert isinstance(told[0], float)
    assert math.copysign(1, told[2]) == -1
    assert math.isnan(told[3])
    assert told[4:11] == (-math.inf, 10**30, None, None, True, "\U0001f600", b"a\xed\xa0\x80")
    assert told[11:15] == (Pairs(((1, 2),)), Elements(("b",)), Pairs((("a", Pairs((("b", ()),))),)), Pairs())
    assert told[15:17] == (b"m", (1.5,))
    assert told[18:] == tuple(map(Opaque, ("Thing", "Date", "function", "symbol", "Error")))


async def test_programs_that_can_not_be_loaded_are_refused_with_the_line():
    async def refused(text):
        ran = await RUNNING.run(program_of(READING, text + "function f() {}\n", "f"), calls_with(()))
        assert ran.outcomes == ()
        return ran.refusal

    missing = await refused("\nrequire('no-such-module');\n")
    assert (missing.stage, missing.line) == (Stage.LOAD, 2)
    assert "no-such-module" in missing.message
    assert "no-such-module" in (await refused("import x from 'no-such-module';\n")).message
    assert (await refused("\nthrow new Error('at once');\n")).line == 2
    assert (await refused("process.exit(0);\n")).stage is Stage.LOAD


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("const a = 1;\nfunction f( {\n", 2),
        ("import fs from 'fs';\nexport const f = (;\n", 2),
        ("})(); (() => {", 1),
        ("throw new Error();\n", None),
        ("import x from 'nope';\nawait x;\n", None),
    ],
)
async def test_what_does_not_compile_is_refused_and_nothing_is_run(text, line):
    refusal = await RUNNING.refusal(text)
    if line is None:
        assert refusal is None
    else:
        assert (refusal.stage, refusal.line) == (Stage.COMPILE, line)


async def test_without_node_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    for running in (RUNNING, TypeScriptRunning()):
        assert running.toolchain() == ""
        assert (await running.refusal("x = 1")).stage is Stage.TOOLCHAIN
        ran = await running.run(program_of(READING, "function f() {}\n", "f"), calls_with(()))
        assert ran.refusal.stage is Stage.TOOLCHAIN
        assert "Node.js" in ran.refusal.message


def test_the_toolchain_says_its_version():
    assert RUNNING.toolchain().startswith("Node.js ")


TYPED = """
enum Size { Small = 2 }
export class Box<T> {
  constructor(private readonly held: Map<string, number>) {}
  sum(more?: number): number { return [...this.held.values()].reduce((a, b) => a + b, more ?? Size.Small); }
}
"""


@needs_compiler
async def test_typescript_runs_without_its_types():
    (outcome,) = await outcomes(
        TYPED,
        "Box.sum",
        Call((), made_with=(Pairs((("a", 3),)),)),
        reading=TypeScriptReading(),
        running=TypeScriptRunning(),
    )
    assert outcome.value == 5


@needs_compiler
async def test_typescript_is_checked_where_there_is_a_compiler():
    running = TypeScriptRunning()
    assert running.toolchain().startswith("TypeScript ")
    assert await running.refusal(TYPED + "import fs from 'node:fs';\n") is None
    wrong = await running.refusal("const a = 1;\nexport const b: string = a;\n")
    assert (wrong.stage, wrong.line) == (Stage.COMPILE, 2)
    assert "TS2322" in wrong.message
    assert (await running.refusal("const a: = 1;\n")).line == 1


scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.binary(max_size=8)
)
keys = st.integers(0, 2**53 - 1)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, min_size=1, max_size=4).map(lambda d: Pairs(tuple(d.items())))
        | st.dictionaries(st.text(max_size=8).filter(lambda t: not t.isdecimal()), inner, max_size=4).map(
            lambda d: Pairs(tuple(d.items()))
        )
        | st.frozensets(keys, max_size=4).map(lambda s: Elements(tuple(s)))
    ),
    max_leaves=12,
)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(values, min_size=1, max_size=30))
def test_values_come_back_as_they_were_given(given_values):
    text = "const same = (x) => x;\n"
    told = asyncio.run(outcomes(text, "same", *calls_with(*[(each,) for each in given_values])))
    for outcome, expected in zip(told, given_values, strict=True):
        assert outcome.how is How.RETURNED
        assert unordered(outcome.value) == unordered(expected)


def unordered(value):
    """A value to compare: every number is a float, and of a set the order says nothing."""
    if isinstance(value, Elements):
        return ("set", frozenset(map(unordered, value.items)))
    if isinstance(value, Pairs):
        return ("map", tuple((unordered(key), unordered(each)) for key, each in value.items))
    if isinstance(value, tuple):
        return tuple(map(unordered, value))
    if isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    return (type(value).__name__, repr(value))
