"""Programs of Rust, compiled and run in the real sandbox."""

import asyncio
import math
import random

import pytest
from called_programs import needs, ran, read

from codenook.server.translation.languages.language import Stage
from codenook.server.translation.languages.rust.reading import RustReading
from codenook.server.translation.languages.rust.running import RustRunning
from codenook.server.translation.outcome import How
from codenook.server.translation.values import Elements, Opaque, Pairs

pytestmark = needs("rustc")

SAME = """
use std::borrow::Cow;
use std::collections::*;
type Grid = Vec<Vec<i32>>;
struct Odd;
fn same<'a>(a: i8, b: u128, c: f64, d: f32, e: bool, f: char, g: &'a str, h: String, i: &[i32],
            j: Vec<&'a str>, k: [u16; 2], l: (i32, &'a str), m: HashMap<String, Vec<u8>>,
            n: &BTreeMap<i64, Option<bool>>, o: HashSet<i32>, p: BTreeSet<&str>, q: Option<&'a str>,
            r: Box<isize>, s: &u64, t: &mut Vec<i32>, u: (), v: &[&str], w: Cow<'a, str>, x: Grid,
            y: VecDeque<char>, z: &mut [i32])
    -> ((i8, u128, f64, f32, bool, char, &'a str, String),
        (Vec<i32>, Vec<&'a str>, [u16; 2], (i32, &'a str), HashMap<String, Vec<u8>>),
        (BTreeMap<i64, Option<bool>>, HashSet<i32>, BTreeSet<String>, Option<&'a str>, Box<isize>, u64),
        (Vec<i32>, (), Vec<String>, Cow<'a, str>, Grid, VecDeque<char>, Vec<i32>)) {
    ((a, b, c, d, e, f, g, h), (i.to_vec(), j, k, l, m),
     (n.clone(), o, p.iter().map(|each| each.to_string()).collect(), q, r, *s),
     (t.clone(), u, v.iter().map(|each| each.to_string()).collect(), w, x, y, z.to_vec()))
}
"""
PLAIN = (
    *(-128, 2**128 - 1, -0.0, 0.1, True, "é", 'ä"\\\n\x00😀', "", (1, -(2**31)), ("a", ""), (0, 65535)),
    *((5, "x"), Pairs((("a", b"\x00\xff"),)), Pairs(((-1, None), (2**63 - 1, True)))),
    *(Elements((1,)), Elements(("a", "b")), None, -(2**63), 2**64 - 1, (), None, ("", "v"), "w"),
    *(((1, 2), ()), ("a", "😀"), (7,)),
)
NAMES = "abcdefghijklmnopqrstuvwxyz"
CHANCE = random.Random(0)  # noqa: S311 - the same each time
HELD = {
    "a": (127, 0),
    "b": (0, 2**64),
    "c": (1e308, 5e-324, math.inf, -math.inf, *(CHANCE.uniform(-1e9, 1e9) for _ in range(30))),
    "f": ("\x00", "\U0010ffff"),
    "g": (
        "\ud7ff",
        "\r\t\u2028",
        *("".join(map(chr, CHANCE.choices(range(1, 55000), k=9))) for _ in range(30)),
    ),
    "i": ((), tuple(CHANCE.randrange(-(2**31), 2**31) for _ in range(200))),
    "m": (Pairs(),),
    "o": (Elements(), Elements(tuple(map(int, "123456789")))),
    "q": ("", "null"),
    "t": ((1, 2),),
}
NOT_HELD = {
    "a": (128, 1.0, "1"),
    "b": (-1, 2**128),
    "d": (1e300,),
    "e": (1, None),
    "f": ("", "ab"),
    "g": (b"\xff", "\ud800", None),
    "i": ("12", (2**31,), ("1",)),
    "k": ((1,), (1, 2, 3)),
    "l": ((1,),),
    "m": ((), Elements()),
    "u": (0,),
    "z": (Opaque("Odd"),),
}


def with_one(name, value):
    at = NAMES.index(name)
    return (*PLAIN[:at], value, *PLAIN[at + 1 :])


def program(text, symbol, *calls, made_with=()):
    signature = read(RustReading(), "a.rs", text, symbol)
    return ran(RustRunning(), signature, text, *calls, made_with=made_with)


@pytest.fixture(scope="module")
def same():
    held = [PLAIN, *(with_one(name, each) for name, values in HELD.items() for each in values)]
    not_held = [with_one(name, each) for name, values in NOT_HELD.items() for each in values]
    found = program(SAME, "same", *held, *not_held, PLAIN[:-1])
    assert found.refusal is None
    return held, found.outcomes


def test_values_of_each_type_come_back_as_they_were(same):
    held, outcomes = same
    for given, outcome in zip(held, outcomes, strict=False):
        assert outcome.how is How.RETURNED, outcome
        flat = tuple(each for group in outcome.value for each in group)
        assert list(map(repr, flat)) == list(map(repr, given))
        assert list(map(repr, outcome.after)) == list(map(repr, given))


def test_values_that_a_type_cannot_hold_are_not_run(same):
    held, outcomes = same
    rest = outcomes[len(held) :]
    assert len(rest) == sum(map(len, NOT_HELD.values())) + 1
    assert {each.how for each in rest} == {How.NOT_RUN}
    whys = [each.why for each in rest]
    assert whys[0] == "128 does not fit i8"
    assert "it takes 26 arguments" in whys
    assert "1 elements where 2 are needed" in whys


ENDS = """#![allow(dead_code)]
#![deny(warnings)]
#![forbid(unsafe_code)]
use std::fmt;
static mut CALLS: i32 = 0;
fn main() { println!("it has a main of its own"); }
struct Hidden;
#[derive(Debug)]
enum Failure { Odd(i32) }
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { write!(f, "odd") }
}
fn deep(n: u64) -> u64 { if n == u64::MAX { 0 } else { 1 + deep(n + 1) } }
fn ends(how: &str, out: &mut Vec<i32>) -> Result<i32, Failure> {
    println!("{{\\"how\\":\\"returned\\",\\"value\\":true}}");
    eprintln!("noise");
    out.push(out.len() as i32);
    match how {
        "panic" => panic!("no {}", how),
        "overflow" => Ok(out[0] + i32::MAX),
        "index" => Ok(out[9]),
        "error" => Err(Failure::Odd(1)),
        "exit" => std::process::exit(0),
        "abort" => std::process::abort(),
        "stack" => Ok(deep(0) as i32),
        "hang" => loop {},
        "endless" => loop { println!("noise") },
        "sleep" => { std::thread::sleep(std::time::Duration::from_secs(999)); Ok(1) }
        "memory" => { let all = vec![1u8; 1 << 40]; Ok(all[5] as i32) }
        _ => Ok(7),
    }
}
#[cfg(test)]
mod tests { #[test] fn passes() { assert!(true) } }
"""


@pytest.fixture(scope="module")
def ends():
    names = ("fine", "panic", "overflow", "index", "error", "exit", "abort", "stack", "hang", "endless")
    names += ("memory", "sleep", "fine again")
    found = program(ENDS, "ends", *((name, (1,)) for name in names))
    assert found.refusal is None
    return dict(zip(names, found.outcomes, strict=True))


def test_what_is_printed_is_no_result_and_changed_arguments_are_told(ends):
    for name in ("fine", "fine again"):
        assert (ends[name].how, ends[name].value, ends[name].after) == (How.RETURNED, 7, (name, (1, 1)))


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("panic", "panic", "no panic"),
        ("overflow", "panic", "attempt to add with overflow"),
        ("index", "panic", "index out of bounds: the len is 2 but the index is 9"),
        ("error", "Failure", "odd"),
    ],
)
def test_panics_and_errors_are_raised(ends, name, error, message):
    assert (ends[name].how, ends[name].error, ends[name].message) == (How.RAISED, error, message)


@pytest.mark.parametrize("name", ["exit", "abort", "stack", "memory"])
def test_what_ends_the_process_costs_one_call(ends, name):
    assert ends[name].how is How.CRASHED


@pytest.mark.parametrize("name", ["hang", "endless", "sleep"])
def test_what_does_not_end_costs_one_call(ends, name):
    assert ends[name].how is How.TIMED_OUT


def test_methods_have_an_object_and_each_call_one_of_its_own():
    text = (
        "use std::sync::atomic::*;\nstatic N: AtomicI32 = AtomicI32::new(0);\n"
        "struct Stack { all: Vec<i32> }\n"
        "impl Stack {\n    fn new(all: Vec<i32>) -> Result<Self, String> {\n"
        '        if all.is_empty() { return Err("empty".into()) }\n        Ok(Stack { all })\n    }\n'
        "    async fn push(&mut self, more: impl Iterator<Item = i32>, name: impl AsRef<str>) -> i32 {\n"
        "        self.all.extend(more);\n        N.fetch_add(1, Ordering::SeqCst);\n"
        "        self.all.len() as i32 * 100 + name.as_ref().len() as i32 * 10 + N.load(Ordering::SeqCst)\n"
        "    }\n}\n"
    )
    given = ((1, 2), "abc")
    found = program(text, "Stack.push", given, given, made_with=((5,),))
    assert [each.value for each in found.outcomes] == [331, 331]
    (raised,) = program(text, "Stack.push", given, made_with=((),)).outcomes
    assert (raised.how, raised.error, raised.message) == (How.RAISED, "String", "empty")


def test_iterators_are_lists_and_other_objects_are_told_by_their_name():
    text = (
        "struct Odd;\nfn odds() -> Vec<Odd> { vec![] }\n"
        "fn count(n: u32) -> impl Iterator<Item = u32> { (0..n).filter(|each| each % 2 == 1) }\n"
    )
    assert program(text, "count", (6,)).outcomes[0].value == (1, 3, 5)
    assert program(text, "odds", ()).outcomes[0].value == Opaque("Vec<Odd>")


def test_what_is_not_made_of_plain_data_is_not_run():
    text = "struct Point;\nfn f(a: Point) -> i32 { 1 }\n"
    (outcome,) = program(text, "f", (1,)).outcomes
    assert outcome.how is How.NOT_RUN
    assert outcome.why.startswith("it can't be called with plain data: ")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (
            'fn f() -> i32 {\n    1\n}\nfn g() -> i32 {\n    1 + "a"\n}\n',
            5,
            "cannot add `&str` to `{integer}`: no implementation for `{integer} + &str`",
        ),
        ("fn f() -> i32 {\n    x\n}\n", 2, "cannot find value `x` in this scope: not found in this scope"),
        ("use serde::Serialize;\nfn f() {}\n", 1, None),
        ('fn f() {\n    vec![1, "a"];\n}\n', 2, None),
        ("fn f() {\n", 1, None),
        ("\x00\x01\x02", 1, None),
    ],
)
def test_what_does_not_compile_is_refused_with_its_line(text, line, message):
    refusal = asyncio.run(RustRunning().refusal(text))
    assert (refusal.stage, refusal.line) == (Stage.COMPILE, line)
    assert message in {None, refusal.message}
    assert refusal.message.isprintable()


def test_a_run_refuses_what_does_not_compile():
    text = "fn f() -> i32 {\n    x\n}\n"
    found = program(text, "f", ())
    assert (found.outcomes, found.refusal.stage, found.refusal.line) == ((), Stage.COMPILE, 2)


def test_what_compiles_is_not_refused():
    assert asyncio.run(RustRunning().refusal(ENDS)) is None


def test_without_a_compiler_it_says_what_to_install(monkeypatch):
    assert RustRunning().toolchain().startswith("rustc 1.")
    monkeypatch.setenv("PATH", "/nonexistent")
    assert RustRunning().toolchain() == ""
    for refusal in (asyncio.run(RustRunning().refusal("")), program("fn f() {}", "f", ()).refusal):
        assert refusal.stage is Stage.TOOLCHAIN
        assert "rustup.rs" in refusal.message
