"""Documentation put into files: it says all that is there and nothing else, or it isn't applied."""

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.context.parse import encode, language_named, parse
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.parts import Item, Parts
from codenook.server.documentation.style import Style, read, style_of
from codenook.server.documentation.write import NoRoom, documented
from codenook.server.verify.documented import check, problems
from codenook.server.verify.unchanged import difference


@frozen
class Case:
    """A definition, and what its documentation has to say."""

    code: str
    symbol: str
    names: tuple[str, ...] = ("a", "b")
    raised: tuple[str, ...] = ()


CASES = {
    "python": Case(
        "class A:\n    def f(self, a, b=1):  # one\n        raise Lost(a)\n        return b\n",
        "A.f",
        raised=("Lost",),
    ),
    "javascript": Case(
        "export const f = (a, b = 1) => {\n  throw new Lost();\n  return b;\n};\n", "f", raised=("Lost",)
    ),
    "typescript": Case("class A {\n  @x()\n  f(a: number, b = 1): number {\n    return b;\n  }\n}\n", "A.f"),
    "java": Case(
        "class A {\n  @Override\n  int f(int a, int b) throws Lost {\n    return b;\n  }\n}\n",
        "A.f",
        raised=("Lost",),
    ),
    "go": Case("package p\n\n//go:noinline\nfunc F(a, b int) int {\n\treturn b\n}\n", "F"),
    "rust": Case(
        "impl A {\n    #[inline]\n    pub fn f(a: u8, b: u8) -> Result<u8> {\n        g()\n    }\n}\n",
        "A.f",
        raised=("Errors",),
    ),
    "c": Case("static int\nf(int a, char *b)\n{\n    return a;\n}\n", "f"),
    "cpp": Case("template <class T>\nint f(T a, const T& b);\n", "f"),
}


def right(language):
    """What is right to say of a case."""
    case = CASES[language]
    return Parts(
        "Go there.",
        "It takes a while.",
        tuple(Item((name,), "", f"How {name} it is.") for name in case.names),
        Item(text="The way."),
        raises=tuple(Item((name,), "", "Not found.") for name in case.raised),
    )


def applied(language, parts, style=None):
    """The case's code before and after, with what speaks against it."""
    case, known = CASES[language], language_named(language)
    parsed = parse(known, encode(case.code))
    found = subjects(parsed)
    (subject,) = [each for each in found if each.symbol == case.symbol]
    edit = documented(parsed, subject, parts, style or style_of(language, found))
    after = edit.apply(case.code)
    return after, check(known, case.code, after, case.symbol)


@pytest.mark.parametrize("language", CASES)
def test_what_is_right_is_written_in_the_language_s_own_way(language):
    after, against = applied(language, right(language))
    assert against == ()
    assert "Go there." in after
    assert difference(language_named(language), after, CASES[language].code) is None


@pytest.mark.parametrize("dialect", ["google", "numpy", "rest"])
@pytest.mark.parametrize("begins_below", [False, True])
def test_each_of_python_s_styles_is_written(dialect, begins_below):
    from codenook.server.documentation.dialects import DIALECTS  # noqa: PLC0415 - only here

    style = Style(DIALECTS[dialect], "'''", begins_below=begins_below)
    after, against = applied("python", right("python"), style)
    assert against == ()
    (method,) = [
        each for each in subjects(parse(language_named("python"), encode(after))) if each.symbol == "A.f"
    ]
    assert read("python", method.doc)[1].unwrapped() == right("python")


def test_a_python_docstring_stands_below_the_header():
    after, _ = applied("python", right("python"))
    assert after.split("\n")[1:3] == ["    def f(self, a, b=1):  # one", '        """Go there.']


def test_go_s_documentation_stands_above_directives_and_names_what_it_is():
    after, _ = applied("go", evolve(right("go"), summary="F goes."))
    assert after.split("\n")[2:6] == ["// F goes.", "//", "// It takes a while.", "//go:noinline"]


def test_what_is_written_again_is_the_same():
    after, _ = applied("java", right("java"))
    known = language_named("java")
    parsed = parse(known, encode(after))
    (method,) = [each for each in subjects(parsed) if each.symbol == "A.f"]
    edit = documented(parsed, method, right("java"), style_of("java", [method]))
    assert edit.apply(after) == after


def test_line_ends_are_those_of_the_file():
    case = CASES["c"].code.replace("\n", "\r\n")
    parsed = parse(language_named("c"), encode(case))
    (subject,) = subjects(parsed)
    after = documented(parsed, subject, right("c"), style_of("c", [subject])).apply(case)
    assert "\n" not in after.replace("\r\n", "")
    assert check(language_named("c"), case, after, "f") == ()


@pytest.mark.parametrize(
    "code", ["def f(a, b): return a\n", "class A: pass\n", "def f(a,\n      b): return (\n  a)\n"]
)
def test_what_has_no_row_for_it_is_left_alone(code):
    parsed = parse(language_named("python"), encode(code))
    subject = subjects(parsed)[-1]
    with pytest.raises(NoRoom):
        documented(parsed, subject, right("python"), style_of("python", [subject]))


@pytest.mark.parametrize(("text", "language"), [("It ends */ here.", "c"), ('It """ ends.', "python")])
def test_text_that_ends_the_comment_is_refused(text, language):
    with pytest.raises(NoRoom):
        applied(language, evolve(right(language), description=text))


WRONG = {
    "a parameter less": lambda parts: evolve(parts, parameters=parts.parameters[:1]),
    "a parameter more": lambda parts: evolve(parts, parameters=(*parts.parameters, Item(("c",), "", "C."))),
    "one twice": lambda parts: evolve(parts, parameters=(*parts.parameters, parts.parameters[0])),
    "no result": lambda parts: evolve(parts, returns=None),
    "another error": lambda parts: evolve(parts, raises=(Item(("Other",), "", "Why."),)),
    "no error": lambda parts: evolve(parts, raises=()),
    "no sentence": lambda parts: evolve(parts, summary="", description=""),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_told(wrong):
    _, against = applied("python", wrong(right("python")))
    assert len(against) >= 1


def test_a_value_of_a_function_without_one_is_told():
    (subject,) = subjects(parse(language_named("java"), b"class A {\n  void f() {}\n}\n"))[1:]
    parts = Parts("Go.", returns=Item(text="A thing."))
    assert list(problems(subject, parts, read("java", docless())[0])) == [
        "a value is documented, and none is returned"
    ]


PROPERTY = """\
class A:
    @property
    def f(self):
        \"\"\"Go.\"\"\"
        print(1)

    @f.setter
    def f(self, a):
        print(a)
"""


def test_another_definition_of_the_same_name_vouches_for_nothing():
    known, told = (
        language_named("python"),
        '        """Go.\n\n        Args:\n            c: C.\n        """\n',
    )
    at = PROPERTY.index("        print(a)")
    assert check(known, PROPERTY, PROPERTY[:at] + told + PROPERTY[at:], "A.f")
    right = told.replace("c: C", "a: A")
    assert check(known, PROPERTY, PROPERTY[:at] + right + PROPERTY[at:], "A.f") == ()


def docless():
    """Documentation of one row, to find the dialect by."""
    (subject,) = subjects(parse(language_named("java"), b"/** Go. */\nclass A {}\n"))
    return subject.doc


NASTY = st.sampled_from(
    [
        *(
            "*/",
            '"""',
            "'''",
            "\\",
            "\\u002a/",
            "# noqa",
            "// NOLINT",
            "//go:build x",
            ">>> f()",
            "```",
            "\n",
            "\r",
        ),
        *(
            "\u2028",
            "\u202e",
            "\0",
            "Args:",
            "Returns:",
            ":param c: x",
            "@param c x",
            "@return",
            "    code",
            "/*",
        ),
        *(
            "eslint-disable",
            "@ts-ignore",
            "# type: int",
            "{",
            "}",
            "return",
            "Raises:",
            "---",
            "# Errors",
            "é",
            "`",
        ),
    ]
)
ANY_TEXT = st.lists(NASTY | st.text("ab .", max_size=6), max_size=6).map("".join)
ANY_ITEM = st.builds(
    Item, st.sampled_from([("a",), ("b",), ("c",), ("a", "b"), ()]), ANY_TEXT | st.just(""), ANY_TEXT
)


@pytest.mark.parametrize("language", CASES)
@settings(deadline=None, max_examples=60)
@given(
    parts=st.builds(
        Parts,
        ANY_TEXT | st.just("Go."),
        ANY_TEXT,
        st.lists(ANY_ITEM, max_size=3).map(tuple),
        st.none() | ANY_ITEM,
        raises=st.lists(ANY_ITEM, max_size=2).map(tuple),
        rest=ANY_TEXT,
    )
)
def test_no_answer_gets_through_that_changes_code_or_says_what_is_not_there(language, parts):
    case = CASES[language]
    try:
        after, against = applied(language, parts)
    except NoRoom:
        return
    if against:
        return
    known = language_named(language)
    assert without_rows_of(after, case.code)
    for subject in subjects(parse(known, encode(after))):
        if subject.symbol == case.symbol:
            dialect, found = read(language, subject.doc)
            names = [name for item in found.parameters for name in item.names]
            assert set(names) <= set(case.names)
            assert {item.name for item in found.raises} <= {*case.raised}
            assert not dialect.says_parameters or sorted(names) == sorted(case.names)


def without_rows_of(after, before):
    """Whether all rows of ``before`` are in ``after`` in their order: nothing was taken out or broken up."""
    rows = iter(after.split("\n"))
    return all(row in rows for row in before.split("\n"))
