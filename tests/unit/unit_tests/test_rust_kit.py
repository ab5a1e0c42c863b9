"""Calls of Rust by type and from documentation, and what cargo shows of them."""

import pytest
from rust_project import crate_in, needs_cargo, target_in

from codenook.server.sandbox.command import Ended, Outcome
from codenook.server.unit_tests.case import Call, Kind, Origin
from codenook.server.unit_tests.frameworks.rust_project import project_of
from codenook.server.unit_tests.frameworks.rust_texts import text_literal
from codenook.server.unit_tests.kits.rust import observe
from codenook.server.unit_tests.kits.rust.kit import RustKit
from codenook.server.unit_tests.kits.rust.values import values
from codenook.server.unit_tests.kits.rust.written import literal, unescaped

KIT = RustKit()

RENDERED = """use shop_cart::price::share;

#[test]
fn share_of_9_2() {
    // Records current behaviour.
    assert_eq!(share(9, 2), 4);
}

#[test]
#[should_panic(expected = "attempt to divide by zero")]
fn share_of_1_0() {
    // Records current behaviour.
    let _ = share(1, 0);
}

#[test]
fn share_of_0_7() {
    // Records current behaviour.
    assert_eq!(share(0, 7), 0);
}
"""


@pytest.fixture(scope="module")
def crate(tmp_path_factory):
    return crate_in(tmp_path_factory.mktemp("crate"))


async def calls_of(crate, path, symbol):
    target = target_in(crate, path, symbol)
    return await KIT.calls(target, project_of(target), None)


async def seen(crate, path, symbol, *arguments, receiver="", imports=()):
    target = target_in(crate, path, symbol)
    calls = [Call(each, Origin.TYPES, receiver=receiver, imports=imports) for each in arguments]
    return await KIT.observed(target, project_of(target), calls)


@needs_cargo
async def test_documentation_comes_first_and_is_believed_where_it_is_right(crate):
    target = target_in(crate, "src/lib.rs", "add")
    calls = (await calls_of(crate, "src/lib.rs", "add"))[:2]
    assert [(call.origin, call.arguments, call.expected, call.evidence) for call in calls] == [
        (Origin.DOCTEST, "1, 2", "3", "src/lib.rs:9"),
        (Origin.DOCTEST, "2, 2", "5", "src/lib.rs:10"),
    ]
    right, wrong = await KIT.observed(target, project_of(target), calls)
    assert (right.agrees, right.checks[0].expected) == (True, "3")
    assert (wrong.agrees, wrong.checks[0].expected) == (False, "4")
    assert [test.is_reasoned for test in KIT.tests(target, [right, wrong])] == [True, False]


@needs_cargo
async def test_inputs_are_made_of_types_and_of_the_function_s_own_constants(crate):
    texts = [call.arguments for call in await calls_of(crate, "src/price.rs", "cents")]
    assert texts[:2] == ['"$12"', '"$"']
    assert '""' in texts
    methods = await calls_of(crate, "src/price.rs", "Purse.with")
    assert {call.arguments for call in methods} == {"Coin::Penny", "Coin::Dime"}
    assert methods[0].receiver == "Purse::default()"
    assert methods[0].imports == ("use shop_cart::price::Coin;",)
    numbers = [call.arguments for call in await calls_of(crate, "src/price.rs", "largest")]
    assert "&[2, 0, -1]" in numbers


@needs_cargo
async def test_values_become_literals_of_their_types(crate):
    (observed,) = await seen(crate, "src/price.rs", "cents", '"$12"')
    assert [(each.kind, each.actual, each.expected) for each in observed.checks] == [
        (Kind.EQUAL, 'cents("$12")', "Some(12)")
    ]
    both = await seen(crate, "src/price.rs", "words", '"a b"', '""')
    assert [each.checks[0].expected for each in both] == [
        'Ok(vec!["A".to_string(), "B".to_string()])',
        'Err("none".to_string())',
    ]
    (text,) = await seen(crate, "src/price.rs", "text", "")
    assert text.checks[0].expected == r'"a\"\n\u{7}é"'


@needs_cargo
async def test_what_has_no_literal_is_compared_as_it_is_shown(crate):
    imports = ("use shop_cart::price::Coin;",)
    (purse,) = await seen(
        crate, "src/price.rs", "Purse.with", "Coin::Dime", receiver="Purse::new(vec![3])", imports=imports
    )
    assert purse.checks[0].actual == 'format!("{:?}", Purse::new(vec![3]).with(Coin::Dime))'
    assert purse.checks[0].expected == '"Purse { coins: [3, 10] }"'
    (odd,) = await seen(crate, "src/price.rs", "odd", "")
    assert odd.checks[0].expected == '"NaN"'


@needs_cargo
async def test_panics_are_checked_and_what_can_not_be_called_is_said(crate):
    observed = await seen(crate, "src/price.rs", "share", "1, 0", '"a"', "9, 2")
    assert (observed[0].checks[0].kind, observed[0].checks[0].message) == (
        Kind.RAISES,
        "attempt to divide by zero",
    )
    assert (observed[1].checks, observed[1].problem) == ((), "it isn't compiled: the types don't fit")
    assert observed[2].checks[0].expected == "4"
    (now,) = await seen(crate, "src/price.rs", "now", "")
    assert (now.checks, now.problem) == ((), "what comes of it isn't the same twice")
    (empty,) = await seen(crate, "src/price.rs", "Purse.empty", "", receiver="Purse::default()")
    assert (empty.checks, empty.problem) == ((), "what comes of it is nothing that can be seen")


@needs_cargo
async def test_a_call_that_ends_the_process_costs_no_other_its_answer(crate):
    observed = await seen(crate, "src/price.rs", "ends", "1", "2", "3")
    assert [each.problem for each in observed] == ["", "it ends the process", ""]


@needs_cargo
async def test_the_tests_that_are_made_pass_as_a_file(crate):
    target = target_in(crate, "src/price.rs", "share")
    project = project_of(target)
    observed = await seen(crate, "src/price.rs", "share", "9, 2", "1, 0", "0, 7")
    rendered = project.framework.render(project.file, target, KIT.tests(target, observed))
    assert rendered.names == ("share_of_9_2", "share_of_1_0", "share_of_0_7")
    assert rendered.text == RENDERED


@needs_cargo
@pytest.mark.parametrize(
    ("written", "arguments", "expected"),
    [
        ("assert_eq!(add(1, 2), 3);", "1, 2", "3"),
        ("let x = 1; assert_eq!(shop_cart::add((1), 2), 3); more", "(1), 2", "3"),
        ("assert!(add(1, 2))", "1, 2", "true"),
        ("assert_eq!(add(1, 2) + 1, 3);", None, None),
        ("assert_eq!(add(1, 2", None, None),
        ("assert_eq!(other(1), 3);", None, None),
    ],
)
def test_a_call_that_a_model_wrote(crate, written, arguments, expected):
    call = KIT.read_call(target_in(crate, "src/lib.rs", "add"), written)
    assert (call and call.arguments, call and call.expected) == (arguments, expected)


@pytest.mark.parametrize(
    ("type_", "shown", "expected"),
    [
        ("u8", "3", "3"),
        ("f64", "1e-7", "1e-7"),
        ("f64", "NaN", None),
        ("&'static str", '"a, b"', '"a, b"'),
        ("Option<String>", 'Some("x")', 'Some("x".to_string())'),
        ("Option<&u8>", "Some(1)", "Some(&1)"),
        ("Vec<(u8, String)>", '[(1, "a)"), (2, "]")]', 'vec![(1, "a)".to_string()), (2, "]".to_string())]'),
        ("Vec<u8>", "[]", "Vec::<u8>::new()"),
        ("[u8; 2]", "[1, 2]", "[1, 2]"),
        ("std::io::Result<()>", "Ok(())", "Ok(())"),
        ("io::Result<u8>", "Err(Custom)", None),
        ("HashMap<u8, u8>", "{1: 2}", None),
        ("Thing", "Thing", None),
    ],
)
def test_literals(type_, shown, expected):
    assert literal(type_, shown) == expected


def test_a_text_and_what_is_shown_of_it_are_the_same():
    assert unescaped(text_literal('a"\\\n\t\u200bé😀')) == 'a"\\\n\t\u200bé😀'


@pytest.mark.parametrize(
    "type_", ["HashMap<u8, u8>", "&mut u8", "Thing", "impl Fn(u8) -> u8", "dyn A", "&[Thing]"]
)
def test_types_without_values(type_):
    assert values(type_, lambda _type: []) == []


def test_a_type_that_holds_itself_ends():
    def named(type_):
        return [f"{type_}({each})" for each in values("Box<A>", lambda _type: ["x"])]

    assert values("Option<Vec<Box<A>>>", named)[-1] == "None"


INJECTED = {
    "String": '"a".to_string(); std::process::exit(1)',
    "&str": '"a"; std::process::exit(1); "b"',
    "&'static str": '"a" ; panic!()',
    "char": "'a'; 'b'",
    "Vec<String>": '["a".to_string(); std::process::exit(1)]',
    "Option<String>": "Some({ std::process::exit(1) })",
    "Result<char, ()>": "Ok('a' as u8 as char)",
    "i32": "1; loop {}",
    "u8": "\u0661",
    "f64": "1.0 + { loop {} }",
    "&" * 5_000 + "str": '"a"',
}


@pytest.mark.parametrize(("type_", "shown"), INJECTED.items())
def test_what_is_more_than_a_literal_is_none(type_, shown):
    assert literal(type_, shown) is None


def test_nothing_in_a_literal_commands_a_terminal():
    raw = "\x1b[2J\x9b\u202e\x07"
    for type_ in ("String", "&str", "Vec<String>", "Option<&str>"):
        shown = {"Vec<String>": f'["{raw}"]', "Option<&str>": f'Some("{raw}")'}.get(type_, f'"{raw}"')
        assert (literal(type_, shown) or "\n").isprintable()
    assert literal("char", "'\u202e'") == "'\\u{202e}'"
    assert literal("char", "'\\''") == "'\\''"


def test_an_index_that_is_no_number_is_left_out():
    outcome = Outcome(
        Ended.BY_ITSELF, 0, ("\nw " + "9" * 5_000 + ' value "a"\nw 1 value "b"\n').encode(), b""
    )
    assert observe._told(outcome, "w") == {1: observe.Answer("b")}
