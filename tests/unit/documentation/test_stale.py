"""Stale documentation: what is told of it, what is left alone, and edits that mend it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.context.parse import encode, language_named, parse
from codenook.server.documentation.stale import stale
from codenook.server.verify.unchanged import difference


def found(language, code):
    return stale(parse(language_named(language), encode(code)))


def python(doc, header="def f(a, b=1):", body="print(a)"):
    """A function with this documentation."""
    rows = "\n".join(f"    {row}".rstrip() for row in doc.split("\n"))
    return f'{header}\n    """Go.\n\n{rows}\n    """\n    {body}\n'


def block(tag, code, indent=""):
    """Code below a block comment with a tag."""
    return "".join(f"{indent}{row}\n" for row in ("/**", " * Go.", f" * {tag}", " */", code))


def in_class(tag, code):
    """The same, as a member of a class."""
    return "class A {\n" + block(tag, code, "  ") + "}\n"


TOLD = {
    "a parameter that is gone": (
        "python",
        python("Args:\n    a: A.\n    b: B.\n    c: C."),
        "unknown-parameter",
        "c",
        python("Args:\n    a: A.\n    b: B."),
    ),
    "another name": (
        "python",
        python("Args:\n    a: A.\n    c: C."),
        "unknown-parameter",
        "c",
        python("Args:\n    a: A.\n    b: C."),
    ),
    "the only one": (
        "python",
        python("Args:\n    c: C.\n\nNote:\n    So.", header="def f():"),
        "unknown-parameter",
        "c",
        python("Note:\n    So.", header="def f():"),
    ),
    "one of two": (
        "python",
        python("Parameters\n----------\na, c : int\n    A."),
        "unknown-parameter",
        "c",
        python("Parameters\n----------\na, b : int\n    A."),
    ),
    "one that is missing": (
        "python",
        python("Args:\n    b: B.", header="def f(a: str, b=1):"),
        "missing-parameter",
        "b",
        python("Args:\n    a:\n    b: B.", header="def f(a: str, b=1):"),
    ),
    "one that is missing, with its type": (
        "python",
        python("Parameters\n----------\na : int\n    A.", header="def f(a, b: str = ''):"),
        "missing-parameter",
        "a",
        python("Parameters\n----------\na : int\n    A.\nb : str", header="def f(a, b: str = ''):"),
    ),
    "a default": (
        "python",
        python("Args:\n    a: A.\n    b: B. Defaults to ``2``."),
        "wrong-default",
        "``2``",
        python("Args:\n    a: A.\n    b: B. Defaults to ``1``."),
    ),
    "a result": (
        "python",
        python("Args:\n    a: A.\n    b: B.\n\nReturns:\n    int: The way."),
        "returns-nothing",
        "int: The way.",
        python("Args:\n    a: A.\n    b: B."),
    ),
    "a result in a field": (
        "python",
        python(":param a: A.\n:param b: B.\n:return: The way\n    there."),
        "returns-nothing",
        ":return: The way",
        python(":param a: A.\n:param b: B."),
    ),
    "a parameter that is gone, with the row of its type": (
        "python",
        python(":param a: A.\n:type a: int\n:param c: C.\n:type c: int\n:param b: B."),
        "unknown-parameter",
        "c",
        python(":param a: A.\n:type a: int\n:param b: B."),
    ),
    "another name, in the row of its type, too": (
        "python",
        python(":param a: A.\n:param c: C.\n:type c: int"),
        "unknown-parameter",
        "c",
        python(":param a: A.\n:param b: C.\n:type b: int"),
    ),
    "one that is missing, with the row of its type": (
        "python",
        python(":param a: A.\n:type a: int", header="def f(a, b: str = ''):"),
        "missing-parameter",
        "a",
        python(":param a: A.\n:type a: int\n:param b:\n:type b: str", header="def f(a, b: str = ''):"),
    ),
    "a parameter that is gone, with its members": (
        "javascript",
        block("@param a - A.\n * @param {C} c - C.\n * @param {int} c.d - D.", "function f(a) { return a; }"),
        "unknown-parameter",
        "c",
        block("@param a - A.", "function f(a) { return a; }"),
    ),
    "an error": (
        "python",
        python("Raises:\n    ValueError: For a.", body="return a"),
        "impossible-raise",
        "ValueError",
        python("", body="return a").replace("Go.\n\n\n", "Go.\n"),
    ),
    "a tag": (
        "javascript",
        block("@param {number} a - A.\n * @param {number} c - C.", "function f(a) { return a; }"),
        "unknown-parameter",
        "c",
        block("@param {number} a - A.", "function f(a) { return a; }"),
    ),
    "a default in brackets": (
        "javascript",
        block("@param {number} [a=2] - A.", "function f(a = 1) { return a; }"),
        "wrong-default",
        "2",
        block("@param {number} [a=1] - A.", "function f(a = 1) { return a; }"),
    ),
    "a result that is void": (
        "typescript",
        block("@returns the way", "function f(): void {}"),
        "returns-nothing",
        "@returns the way",
        "/**\n * Go.\n */\nfunction f(): void {}\n",
    ),
    "one that is missing in a tag": (
        "java",
        in_class("@param a A.", "void f(int a, int b) {}"),
        "missing-parameter",
        "a",
        in_class("@param a A.\n   * @param b", "void f(int a, int b) {}"),
    ),
    "what isn't declared": (
        "java",
        "import java.io.IOException;\n" + in_class("@throws IOException never", "void f() {}"),
        "impossible-raise",
        "IOException",
        "import java.io.IOException;\nclass A {\n  /**\n   * Go.\n   */\n  void f() {}\n}\n",
    ),
    "what isn't declared of the language's own": (
        "java",
        in_class("@throws InterruptedException never", "void f() {}"),
        "impossible-raise",
        "InterruptedException",
        "class A {\n  /**\n   * Go.\n   */\n  void f() {}\n}\n",
    ),
    "two of three names": (
        "python",
        python("Parameters\n----------\nx, a, c : int\n    A.", header="def f(a):"),
        "unknown-parameter",
        "x",
        python("Parameters\n----------\na : int\n    A.", header="def f(a):"),
    ),
    "one above a note": (
        "python",
        python("Args:\n    c: C.\n    Note: So.", header="def f():"),
        "unknown-parameter",
        "c",
        python("Args:\n    Note: So.", header="def f():"),
    ),
    "a prototype's": (
        "c",
        "/**\n * Go.\n * \\param[in] a A.\n * \\param c C.\n */\nint f(int a, int b);\n",
        "unknown-parameter",
        "c",
        "/**\n * Go.\n * \\param[in] a A.\n * \\param b C.\n */\nint f(int a, int b);\n",
    ),
    "what noexcept excludes": (
        "cpp",
        "/// Go.\n/// @throws Lost never\nvoid f() noexcept;\n",
        "impossible-raise",
        "Lost",
        "/// Go.\nvoid f() noexcept;\n",
    ),
    "errors that are none": (
        "rust",
        "/// Go.\n///\n/// # Errors\n///\n/// When lost.\nfn f() -> u8 {\n    1\n}\n",
        "impossible-raise",
        "When lost.",
        "/// Go.\nfn f() -> u8 {\n    1\n}\n",
    ),
}


@pytest.mark.parametrize(("language", "code", "rule", "word", "mended"), TOLD.values(), ids=TOLD)
def test_what_is_stale_is_told_and_mended(language, code, rule, word, mended):
    (finding,) = found(language, code)
    assert (finding.rule, code[finding.start : finding.end]) == (rule, word)
    assert code[: finding.start].count("\n") == finding.row
    assert finding.fix.apply(code) == mended
    assert finding.title
    assert difference(language_named(language), code, mended) is None
    assert found(language, mended) == []


LEFT_ALONE = {
    "no documentation": ("python", "def f(a, b):\n    return a\n"),
    "prose": ("python", python("Takes c and returns d.")),
    "the rest of the arguments": ("python", python("Args:\n    c: C.", header="def f(a, **kwargs):")),
    "an unknown decorator": ("python", "@inject\n" + python("Args:\n    c: C.")),
    "a base class": ("python", python("Args:\n    c: C.", header="class A(B):", body="x = 1")),
    "a property": (
        "python",
        "class A:\n    @property\n    def f(self):\n        '''Go.\n\n        :param c: C.\n        '''\n",
    ),
    "one of many": ("python", python("Args:\n    a: A.", header="def f(a, b, c, d):")),
    "what is said in prose": ("python", python("With b, faster.\n\nArgs:\n    a: A.")),
    "a private parameter": ("python", python("Args:\n    a: A.", header="def f(a, _b):")),
    "None for a value": (
        "python",
        python("Args:\n    a: A.\n    b: B. Defaults to 2.", header="def f(a, b=None):"),
    ),
    "a default that depends": ("python", python("Args:\n    a: A.\n    b: B. Defaults to 2 if a.")),
    "another spelling of a default": (
        "python",
        python("Args:\n    a: A.\n    b: B. Defaults to 'x'.", header='def f(a, b="x"):'),
    ),
    "another spelling of a number": (
        "python",
        python("Args:\n    a: A.\n    b: B. Defaults to 0.001.", header="def f(a, b=1e-3):"),
    ),
    "returning None": ("python", python("Returns:\n    None", header="def f():")),
    "a method for subclasses": (
        "python",
        python("Returns:\n    int: It.", header="def f():", body="raise Lost"),
    ),
    "a generator": ("python", python("Returns:\n    It.", header="def f():", body="yield 1")),
    "what a method is called on": (
        "python",
        "class A:\n    if b:\n"
        + "".join(
            f"        {row}\n" for row in python("Args:\n    a: A.", header="def f(self, a):").split("\n")
        ),
    ),
    "notes among parameters": (
        "python",
        python(
            "Args:\n    a: A.\n    b: B.\n    Note: So.\n    Example:\n        f()\n    Returns:\n        A."
        ),
    ),
    "a word among parameters": ("python", python("Args:\n    a: A.\n    b: B.\n    Hint: So.")),
    "a result that a decorator may make": (
        "python",
        "@app.task\n" + python("Returns:\n    int: It.", header="def f(a):"),
    ),
    "a default that a decorator may give": (
        "python",
        "@inject(b=3)\n" + python("Args:\n    a: A.\n    b: B. Defaults to 3."),
    ),
    "an error that is imported from elsewhere": (
        "java",
        "import org.openqa.selenium.TimeoutException;\n"
        + in_class("@throws TimeoutException so", "void f() {}"),
    ),
    "an error of unknown origin": ("java", in_class("@throws IOException so", "void f() {}")),
    "an error that is thrown sneakily": (
        "java",
        in_class("@throws InterruptedException so", "@SneakyThrows\n  void f() {}"),
    ),
    "errors of called functions": ("python", python("Raises:\n    Lost: So.", body="return g(a)")),
    "inherited words": ("java", in_class("{@inheritDoc}\n   * @param c C.", "void f(int a) {}")),
    "arguments": ("javascript", block("@param c C.", "function f() { return arguments[0]; }")),
    "what a getter gives": ("javascript", in_class("@param c C.", "get f() { return g; }")),
    "an abstract method": (
        "javascript",
        block("@abstract\n * @return {A} It.", "function f() { abstract(); }"),
    ),
    "a pattern": ("javascript", block("@param c C.", "function f({ a }) { return a; }")),
    "a promise": ("typescript", block("@returns a promise of it", "async function f(): Promise<void> {}")),
    "a type parameter": ("java", in_class("@param <T> T.", "<T> void f() {}")),
    "a value that is declared": (
        "python",
        python("Returns:\n    int: It.", header="def f(a) -> int | None:", body="check(a)"),
    ),
    "words from elsewhere": ("c", block("\\copydoc g\n * @param c C.", "void f(int a);")),
    "a type parameter in a template": ("cpp", "/// Go.\n/// @tparam T T.\ntemplate <class T> void f();\n"),
    "what isn't checked": (
        "java",
        in_class("@throws IllegalStateException so", "void f() {}"),
    ),
    "a result type": (
        "rust",
        "/// Go.\n///\n/// # Errors\n///\n/// Lost.\nfn f() -> io::Result<u8> {\n    g()\n}\n",
    ),
    "code that is being typed": ("python", python("Args:\n    c: C.", header="def f(a, b=:")),
}


ALL_WRONG = python(
    "Args:\n    c: C.\n    d: D.\n\nRaises:\n    Lost: So.\n    Found: So.", header="def f():", body="1"
)


def test_all_fixes_together_leave_no_bare_heading():
    code = ALL_WRONG
    for finding in reversed(found("python", ALL_WRONG)):
        code = finding.fix.apply(code) if finding.fix else code
    assert code == python("", header="def f():", body="1").replace("Go.\n\n\n", "Go.\n")


@pytest.mark.parametrize(
    ("told", "header", "is_sure"),
    [
        ("a: A.\n    c: C.", "def f(a, b):", True),
        ("angle_deg: A.\n    a: A.", "def f(a, angle):", True),
        ("c: C.\n    a: A.", "def f(a, b):", False),
        ("a: A.\n    c (int): C.", "def f(a, b: str):", False),
    ],
)
def test_a_parameter_that_may_not_be_meant_is_offered_and_not_preferred(told, header, is_sure):
    (finding,) = found("python", python(f"Args:\n    {told}", header=header))
    assert (finding.title.startswith("Document "), finding.is_sure) == (True, is_sure)


@pytest.mark.parametrize(("language", "code"), LEFT_ALONE.values(), ids=LEFT_ALONE)
def test_what_is_not_certain_is_left_alone(language, code):
    assert found(language, code) == []


def test_what_several_functions_leave_out_is_left_out_by_custom():
    one = python("Args:\n    a: A.", header="def f(a, timeout):")
    two = python("Args:\n    b: B.", header="def g(b, timeout):")
    assert [finding.rule for finding in found("python", one)] == ["missing-parameter"]
    assert found("python", one + "\n\n" + two) == []


@pytest.mark.parametrize(("language", "code", "rule", "word", "mended"), TOLD.values(), ids=TOLD)
def test_line_ends_are_kept(language, code, rule, word, mended):
    windows = code.replace("\n", "\r\n")
    (finding,) = found(language, windows)
    assert finding.fix.apply(windows) == mended.replace("\n", "\r\n")


@pytest.mark.parametrize("language", ["python", "javascript", "java", "cpp", "rust", "go"])
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_any_text_can_be_looked_at_and_no_fix_changes_code(language, data):
    cases = [case for case in TOLD.values() if case[0] == language] or [("go", "package p\n", "", "", "")]
    code = data.draw(st.sampled_from(cases))[1]
    start = data.draw(st.integers(0, len(code)))
    end = data.draw(st.integers(start, len(code)))
    code = code[:start] + data.draw(st.text("ab(){}:=\"'/*@\\ \né", max_size=6)) + code[end:]
    for finding in found(language, code):
        assert 0 <= finding.start <= finding.end <= len(code)
        if finding.fix:
            assert difference(language_named(language), code, finding.fix.apply(code)) is None
