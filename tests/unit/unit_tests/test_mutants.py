"""Faults that are put into code: which, where, and which not."""

import pytest
from attrs import evolve

from codenook.context.code import outline_of
from codenook.context.outline import Definition, Kind
from codenook.context.parse import encode
from codenook.server.unit_tests.mutants.diff import diff_of
from codenook.server.unit_tests.mutants.make import mutants_of
from codenook.server.unit_tests.target import Target

EXTENSIONS = {
    "python": "py",
    "javascript": "js",
    "typescript": "ts",
    "rust": "rs",
    "go": "go",
    "java": "java",
    "c": "c",
    "cpp": "cpp",
}
OTHERS = {
    "rust": ("fn f(a: i32) -> i32 {\n", "\n}\n"),
    "go": ("package p\n\nfunc f(a int) int {\n", "\n}\n"),
    "java": ("class A { int f(int a) {\n", "\n} }\n"),
    "c": ("int f(int a) {\n", "\n}\n"),
    "cpp": ("int f(int a) {\n", "\n}\n"),
}
ALL = 1000


def target_in(root, text, symbol="f", language="python"):
    path = f"m.{EXTENSIONS[language]}"
    outline = outline_of(path, encode(text))
    definition = next(each for each in outline.definitions if each.symbol == symbol)
    return Target(root, path, text, language, definition)


def changed_lines(target, most=ALL):
    """Kind and the line (without its indent) as each mutant has it, of the line where it is."""
    return [
        (mutant.kind, mutant.apply(target.text).split("\n")[mutant.line - 1].strip())
        for mutant in mutants_of(target, most=most)
    ]


@pytest.fixture
def mutants(tmp_path):
    def of(body, language="python", symbol="f"):
        if language == "python":
            text = body if body.startswith(("def", "class", "@", "if")) else f"def f(a, b, c):\n    {body}\n"
        else:
            text = body if "function" in body else f"function f(a, b, c) {{\n  {body}\n}}\n"
        return changed_lines(target_in(tmp_path, text, symbol, language))

    return of


@pytest.mark.parametrize(
    ("line", "kind", "expected"),
    [
        ("a = b < c", "operator", ["a = b <= c", "a = b >= c"]),
        ("a = b > c", "operator", ["a = b >= c", "a = b <= c"]),
        ("a = b == c", "operator", ["a = b != c"]),
        ("a = b in c", "operator", ["a = b not in c"]),
        ("a = b not in c", "operator", ["a = b in c"]),
        ("a = b is not c", "operator", ["a = b is c"]),
        ("a = b + c", "operator", ["a = b - c"]),
        ("a = b // c", "operator", ["a = b / c"]),
        ("a = b & c", "operator", ["a = b | c"]),
        ("a = not b", "operator", ["a = b"]),
        ("a = -b", "operator", ["a = b"]),
        ("a += b", "operator", ["a -= b", "a = b"]),
        ("a = b and c", "operator", ["a = b or c"]),
        ("a = b and c", "condition", ["a = b", "a = c"]),
        ("a = b if c else 0", "condition", [
            "a = b if True else 0", "a = b if False else 0", "a = b if not c else 0"]),
        ("a = 0", "constant", ["a = 1"]),
        ("a = 1", "constant", ["a = 0", "a = 2"]),
        ("a = 7", "constant", ["a = 8", "a = 6"]),
        ("a = 0x1f", "constant", ["a = 0x20", "a = 0x1e"]),
        ("a = 1.5", "constant", ["a = 2.5"]),
        ("a = True", "constant", ["a = False"]),
        ("a = ''", "constant", ["a = 'XX'"]),
        ("a = b'x'", "constant", ["a = b''", "a = b'XXx'"]),
        ("a = f'{b}!'", "constant", ["a = f''", "a = f'XX{b}!'"]),
        ("a = [b]", "constant", ["a = []"]),
        ("a = {b: c}", "constant", ["a = {}"]),
        ("a = b[c]", "bound", ["a = b[c - 1]"]),
        ("a = a[b:c]", "bound", ["a = a[:c]", "a = a[b + 1:c]", "a = a[b:]", "a = a[b:c + 1]"]),
        ("a = range(len(b))", "bound", ["a = range(len(b) - 1)", "a = range(len(b) + 1)"]),
        ("return a", "return", ["return None"]),
        ("a.append(b)", "removed", ["pass"]),
        ("a = b", "removed", ["pass"]),
        ("a.x = b", "removed", ["pass"]),
        ("raise b", "removed", ["pass"]),
        ("del a[b]", "removed", ["pass"]),
        ("a = c(a, b)", "argument", ["a = c(b, a)"]),
        ("a = c(a, x=b)", "argument", ["a = c(a)"]),
        ("a = a.split(b)", "argument", ["a = a.split()"]),
        ("a = min(b, c)", "call", ["a = max(b, c)"]),
        ("a = b.strip()", "call", ["a = b"]),
        ("a = sorted(b)", "call", ["a = b"]),
    ],
)  # fmt: skip
def test_python(mutants, line, kind, expected):
    made = [text for its_kind, text in mutants(line) if its_kind == kind]
    assert sorted(made) == sorted(expected)


@pytest.mark.parametrize(
    ("line", "kind", "expected"),
    [
        ("a = b < c;", "operator", ["a = b <= c;", "a = b >= c;"]),
        ("a = b < c.length;", "operator", ["a = b >= c.length;"]),
        ("a = b === c;", "operator", ["a = b !== c;"]),
        ("a = b ?? c;", "operator", ["a = b && c;"]),
        ("a = b && c;", "operator", ["a = b || c;"]),
        ("a = !b;", "operator", ["a = b;"]),
        ("a++;", "operator", ["a--;"]),
        ("a += b;", "operator", ["a -= b;", "a = b;"]),
        ("a = b ? c : 0;", "condition", ["a = true ? c : 0;", "a = false ? c : 0;", "a = !b ? c : 0;"]),
        ("a = 10n;", "constant", ["a = 11n;", "a = 9n;"]),
        ("a = 'x';", "constant", ["a = '';", "a = 'XXx';"]),
        ("a = `${b}!`;", "constant", ["a = ``;", "a = `XX${b}!`;"]),
        ("a = [b];", "constant", ["a = [];"]),
        ("a = {b};", "constant", ["a = {};"]),
        ("return a;", "return", ["return undefined;"]),
        ("return () => a;", "return", ["return () => undefined;"]),
        ("a.push(b);", "removed", [";"]),
        ("a = b;", "removed", [";"]),
        ("throw b;", "removed", [";"]),
        ("try { a() } catch (e) { b() }", "removed", [
            "try { ; } catch (e) { b() }", "try { a() } catch (e) { ; }", "try { a() } catch (e) {}"]),
        ("for (const x of a) b = x;", "condition", ["for (const x of []) b = x;"]),
        ("a = c(a, b);", "argument", ["a = c(b, a);", "a = c(a);"]),
        ("a = b.some(c);", "call", ["a = b.every(c);"]),
        ("a = b.trim();", "call", ["a = b;"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["javascript", "typescript"])
def test_javascript_and_typescript(mutants, line, kind, expected, language):
    made = [text for its_kind, text in mutants(line, language) if its_kind == kind]
    assert sorted(made) == sorted(expected)


@pytest.mark.parametrize(
    ("language", "line", "kind", "expected"),
    [
        ("rust", "return a;", "return", ["return 0;"]),
        ("rust", "a.g()", "return", ["0"]),
        ("rust", "if a < b { g(); }", "operator", ["if a <= b { g(); }", "if a >= b { g(); }"]),
        ("rust", "if let Some(b) = a { }", "condition", []),
        ("rust", "for i in 0..n { }", "operator", ["for i in 0..=n { }"]),
        ("rust", "a.b = c;", "removed", [";"]),
        ("rust", "loop { break; }", "removed", []),
        ("rust", 'println!("{}", 1 + 2);', "constant", []),
        ("rust", 'let b = "x".trim();', "call", ['let b = "x";']),
        ("rust", 'let b = r#"x"#;', "constant", ['let b = r#""#;', 'let b = r#"XXx"#;']),
        ("rust", "let b = 1_000u64;", "constant", ["let b = 1001u64;", "let b = 999u64;"]),
        ("go", "return a", "return", ["return 0"]),
        ("go", "for i := 0; i < n; i++ { }", "operator", [
            "for i := 0; i <= n; i++ { }", "for i := 0; i >= n; i++ { }"]),
        ("go", "for i := 0; i < n; i++ { }", "condition", ["for i := 0; false; i++ { }"]),
        ("go", "for { break }", "removed", []),
        ("go", "for _, b := range c { continue }", "removed", ["for _, b := range c { break }"]),
        ("go", "b := c[1:n]", "bound", ["b := c[:n]", "b := c[1:]", "b := c[1:n + 1]"]),
        ("go", "b := strings.TrimSpace(c)", "call", ["b := c"]),
        ("go", "a = b", "removed", [""]),
        ("java", "return a;", "return", ["return 0;"]),
        ("java", "LOG.info(a + 1);", "operator", []),
        ("java", "while (a < b) { }", "condition", []),
        ("java", "switch (a) { case 1: break; }", "removed", ["switch (a) { case 1: ; }"]),
        ("java", 'String b = "x";', "constant", ['String b = "";', 'String b = "XXx";']),
        ("java", 'throw new E("x");', "message", ['throw new E("");', 'throw new E("XXx");']),
        ("java", "boolean b = !c.isPresent();", "operator", ["boolean b = c.isPresent();"]),
        ("c", "return a;", "return", ["return 0;"]),
        ("c", "if (a) b();", "condition", ["if (1) b();", "if (0) b();", "if (!a) b();"]),
        ("c", "a = b ? 'x' : 'y';", "constant", ["a = b ? 'y' : 'y';", "a = b ? 'x' : 'z';"]),
        ("c", "a <<= 2;", "operator", ["a >>= 2;"]),
        ("cpp", "return a;", "return", ["return {};"]),
        ("cpp", "if (a) b();", "condition", ["if (true) b();", "if (false) b();", "if (!a) b();"]),
        ("cpp", "a << 1;", "operator", []),
        ("cpp", "throw b;", "removed", [";"]),
    ],
)  # fmt: skip
def test_other_languages(tmp_path, language, line, kind, expected):
    before, after = OTHERS[language]
    symbol = "A.f" if language == "java" else "f"
    target = target_in(tmp_path, f"{before}  {line}{after}", symbol, language)
    assert sorted(text for its_kind, text in changed_lines(target) if its_kind == kind) == sorted(expected)


def test_a_function_of_go_that_gives_several_values_gives_one_of_them_as_zero(tmp_path):
    text = "package p\n\nfunc f(a int) (string, error) {\n\treturn g(a), nil\n}\n"
    returned = [
        line for kind, line in changed_lines(target_in(tmp_path, text, language="go")) if kind == "return"
    ]
    assert returned == ['return "", nil']


def test_a_jump_out_of_a_switch_is_not_made_one_of_a_loop(mutants):
    code = "function f(a) { switch (a) { case b: break; } }\n"
    assert mutants(code, "javascript") == [("removed", "function f(a) { switch (a) { case b: ; } }")]


@pytest.mark.parametrize(
    "code",
    [
        'def f():\n    """1 + 2"""\n',
        "def f(a: Literal[1] | None, *, b: 'int') -> Literal[2]: ...\n",
        "@cached(1, on=True)\ndef f(): ...\n",
        "def f():\n    # a + 1\n    pass\n",
        "def f():\n    logger.warning('no %s', 1)\n",
        "def f():\n    self._log.debug(1 + 2)\n",
        "def f():\n    if TYPE_CHECKING:\n        a(1)\n",
        "def f():\n    import a\n    global b\n",
    ],
)
def test_nothing_is_done_to_what_no_test_can_see(mutants, code):
    assert mutants(code) == []


def test_types_and_decorators_of_typescript_are_left_alone(mutants):
    assert mutants("function f<T extends 'a'>(a: 1 | 2, b?: { c: 3 }): a is 1 { }", "typescript") == []


def test_texts_of_errors_and_checks_are_of_kinds_of_their_own(mutants):
    assert mutants("def f(a):\n    raise ValueError('no')\n") == [
        ("removed", "pass"),
        ("message", "raise ValueError('')"),
        ("message", "raise ValueError('XXno')"),
    ]
    assert {kind for kind, _ in mutants("def f(a):\n    assert a > 1, 'no'\n")} == {"removed", "assertion"}
    shown = mutants("class A:\n    def __repr__(self):\n        return 'A'\n", symbol="A")
    assert {kind for kind, _ in shown} == {"message", "return"}


def test_values_of_parameters_are_of_a_kind_of_their_own(mutants):
    assert mutants("def f(a=1, b='x', *, c: bool = True): ...\n") == [
        ("default", "def f(a=0, b='x', *, c: bool = True): ..."),
        ("default", "def f(a=2, b='x', *, c: bool = True): ..."),
        ("default", "def f(a=1, b='', *, c: bool = True): ..."),
        ("default", "def f(a=1, b='XXx', *, c: bool = True): ..."),
        ("default", "def f(a=1, b='x', *, c: bool = False): ..."),
    ]


def test_what_a_function_returns_is_like_its_type(mutants):
    def returned(type_):
        code = f"def f(a) -> {type_}:\n    return a()\n"
        return [text for kind, text in mutants(code) if kind == "return"]

    assert returned("str") == ['return ""']
    assert returned("list[int]") == ["return []"]
    assert returned("bool") == ["return not a()"]
    assert returned("Cart") == ["return None"]


def test_a_first_assignment_stays_because_the_name_would_be_unknown(mutants):
    code = "def f(a):\n    b = a\n    if a:\n        c = 3.0e5\n    else:\n        c = b\n    b = c\n"
    assert [text for kind, text in mutants(code) if kind == "removed"] == ["pass"]


def test_no_loop_is_made_that_surely_never_ends(mutants):
    code = "def f(a):\n    while a:\n        a -= b\n    while True:\n        break\n"
    assert mutants(code) == [("condition", "while False:"), ("constant", "while False:")]
    assert mutants("for (let i = a; i < b; i++) { }", "javascript") == [
        ("condition", "for (let i = a; false; i++) { }"),
        ("operator", "for (let i = a; i <= b; i++) { }"),
        ("operator", "for (let i = a; i >= b; i++) { }"),
    ]


def test_what_moves_a_loop_is_moved_further_only(mutants):
    code = "def f(a, b):\n    while a < b:\n        a = a + 1\n"
    assert [text for kind, text in mutants(code) if text.startswith("a =")] == []
    code = "def f(a, b):\n    while a < b:\n        a = a + 4\n"
    assert [text for kind, text in mutants(code) if text.startswith("a =")] == ["a = a + 5"]


def test_an_error_is_not_handled(mutants):
    code = "def f(a):\n    try:\n        a.b\n    except E:\n        return 'x' + a\n"
    assert ("removed", "raise") in mutants(code)


def test_what_compiles_to_the_same_bytecode_is_not_a_mutant(mutants):
    assert [text for _, text in mutants("def f(a):\n    if 0:\n        return a + 1\n")] == [
        "if 1:",
        "if True:",
        "if not (0):",
    ]
    assert [text for _, text in mutants("def f(a):\n    return 3 * 0\n")] == [
        "return None",
        "return 3 / 0",
        "return 3 * 1",
    ]


def test_methods_are_changed_within_their_class(mutants):
    code = "class A:\n    x = 1\n\n    def f(self):\n        return super().g(2)\n"
    assert [text for _, text in mutants(code, symbol="A.f")] == [
        "return None",
        "return super().g(1)",
        "return super().g(3)",
    ]


def test_a_broken_file_has_mutants_where_it_is_not_broken(tmp_path):
    target = target_in(tmp_path, "def f(a):\n    return a + 1\n\ndef g(:\n    x = = 2\n")
    assert len(changed_lines(target)) == 4


def test_a_language_without_a_table_and_a_number_of_none_have_no_mutants(tmp_path):
    target = target_in(tmp_path, "def f(a):\n    return a + 1\n")
    assert mutants_of(target, most=0) == ()
    assert mutants_of(evolve(target, language="cobol"), most=9) == ()


@pytest.mark.parametrize("most", [1, 2, 5, 9])
def test_of_many_those_are_chosen_that_are_spread_over_lines_and_kinds(tmp_path, most):
    body = "".join(f"    x{i} = a[{i + 2}] + b.strip('{i}')\n" for i in range(9))
    target = target_in(tmp_path, f"def f(a, b):\n{body}")
    chosen = mutants_of(target, most=most)
    assert len({mutant.line for mutant in chosen}) == most
    assert len({mutant.kind for mutant in chosen}) == min(most, 2)
    assert chosen == mutants_of(target, most=most)


def test_what_few_tests_see_comes_last(tmp_path):
    target = target_in(
        tmp_path, "def f(a):\n    raise ValueError('no' + str(a))\n\n    print(1)\n    a.b(c)\n"
    )
    assert [mutant.kind for mutant in mutants_of(target, most=3)] == ["removed", "removed", "removed"]


def test_a_mutant_is_shown_as_one_hunk_with_two_lines_around_it(tmp_path):
    target = target_in(tmp_path, "import a\r\n\r\n\r\ndef f(b):\r\n    # so\r\n    return b + 1\r\n\r\n")
    shown = [diff_of(target, mutant) for mutant in mutants_of(target, most=ALL)]
    assert shown[1] == "@@ -4,4 +4,4 @@\n def f(b):\n     # so\n-    return b + 1\n+    return b - 1\n "


def test_a_statement_of_many_lines_is_shown_whole(tmp_path):
    target = target_in(tmp_path, "def f(b):\n    b(\n        c,\n    )")
    shown = [diff_of(target, mutant) for mutant in mutants_of(target, most=ALL)]
    assert "@@ -1,4 +1,2 @@\n def f(b):\n-    b(\n-        c,\n-    )\n+    pass" in shown


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (f"def f():\n    return {'(' * 3000}1{')' * 3000}\n", "python"),
        (f"def f():\n    return {'not ' * 3000}1\n", "python"),
        (f"function f() {{ return {'(' * 5000}1{')' * 5000} }}\n", "javascript"),
        ("def f(:\n\0 = 1 + \udfff\n\0\x01\ud800", "python"),
        (f"def f():\n    return {'9' * 9000} + 1\n", "python"),
        ("def f():\n    return 9**9**9**9 << 99999999\n", "python"),
        ("\ufeffdef f():\r    return '\ud800' + 1\r", "python"),
    ],
)
def test_odd_code_has_mutants_that_differ_and_costs_little(tmp_path, text, language):
    last = text.count("\n") + 1
    definition = Definition("f", "f", Kind.FUNCTION, 1, last, "")
    target = Target(tmp_path, "m", text, language, definition)
    mutants = mutants_of(target, most=40)
    assert len({mutant.apply(text) for mutant in mutants} - {text}) == len(mutants)
    assert all(diff_of(target, mutant).startswith("@@ ") for mutant in mutants)


def test_a_definition_that_is_not_in_the_file_has_none(tmp_path):
    definition = Definition("f", "f", Kind.FUNCTION, 50, 60, "")
    assert mutants_of(Target(tmp_path, "m.py", "x = 1\n", "python", definition), most=9) == ()
