"""The proof that only documentation changed: in eight languages, and what it must not let through."""

import re
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.context.parse import language_named
from codenook.server.verify.unchanged import difference

SAME = [
    ("python", "def f(a):\n    return a\n", 'def f(a):\n    """Go."""\n    return a\n'),
    ("python", 'def f(a):\n    """Go."""\n', "def f(a):\n    r'''Run.'''\n"),
    ("python", "x = 1\n", '"""All."""\n\nx = 1  # one\n'),
    ("python", "@dec\nclass A:\n    x = 1\n", '@dec\nclass A:\n    """One."""\n\n    x = 1\n'),
    ("javascript", "function f() {}\n", "/**\n * Go.\n */\nfunction f() {}\n"),
    (
        "typescript",
        "class A {\n  @x() f(): void {}\n}\n",
        "class A {\n  /** Go. */\n  @x() f(): void {}\n}\n",
    ),
    ("go", "package p\n\nfunc F() {}\n", "package p\n\n// F goes.\nfunc F() {}\n"),
    ("rust", "#[inline]\nfn f() {}\n", "/// Goes.\n#[inline]\nfn f() {}\n"),
    ("java", "class A {\n  void f() {}\n}\n", "class A {\n  /** Goes. */\n  void f() {}\n}\n"),
    ("c", "int f(void);\n", "/** Goes. */\nint f(void);\n"),
    ("cpp", "template <class T>\nT f();\n", "/// Goes.\ntemplate <class T>\nT f();\n"),
]


@pytest.mark.parametrize(("language", "before", "after"), SAME)
def test_documentation_may_come_change_and_go(language, before, after):
    assert difference(language_named(language), before, after) is None
    assert difference(language_named(language), after, before) is None


CHANGED = {
    "another name": ("python", "def f(a):\n    return a\n", "def f(b):\n    return b\n"),
    "another level": ("python", "if a:\n    b\nc\n", "if a:\n    b\n    c\n"),
    "a docstring for a body": ("python", "def f():\n    pass\n", 'def f():\n    """Go."""\n'),
    "no docstring at all": ("python", 'def f():\n    """Go."""\n', "def f():\n    # Go.\n"),
    "a string that is none": ("python", 'x = 1\n"""a"""\n', 'x = 1\n"""b"""\n'),
    "a string with values": ("python", "def f():\n    f'{a}'\n", "def f():\n    f'{b}'\n"),
    "bytes": ("python", "def f():\n    b'a'\n", "def f():\n    b'b'\n"),
    "an escape that warns": ("python", "def f():\n    pass\n", 'def f():\n    """\\d"""\n    pass\n'),
    "noqa": ("python", "import a\n", "import a  # noqa\n"),
    "a type comment": ("python", "a = []\n", "a = []  # type: list\n"),
    "the shebang": ("python", "#!/usr/bin/python\nx\n", '"""All."""\n#!/usr/bin/python\nx\n'),
    "the encoding": ("python", "# -*- coding: latin-1 -*-\nx\n", "# a\n# b\n# -*- coding: latin-1 -*-\nx\n"),
    "what the file reads": ("python", '"""a"""\nprint(__doc__)\n', '"""b"""\nprint(__doc__)\n'),
    "what is read of it": ("python", "def f():\n    'a'\nf.__doc__\n", "def f():\n    'b'\nf.__doc__\n"),
    "an example": ("python", "def f():\n    pass\n", 'def f():\n    """\n    >>> f()\n    """\n    pass\n'),
    "a code in a comment": ("javascript", "a\n// b\n", "a // b\n;b\n"),
    "return on its own": ("javascript", "function f() { return x }\n", "function f() { return // a\n x }\n"),
    "return and a block": ("javascript", "function f() { return x }\n", "function f() { return /*\n*/ x }\n"),
    "the end of a comment": ("javascript", "f();\n", "/** a */ g(); /* */\nf();\n"),
    "an eslint order": ("javascript", "f();\n", "/* eslint-disable */\nf();\n"),
    "what eslint's order is for": (
        "javascript",
        "// eslint-disable-next-line\nfunction f() {}\n",
        "// eslint-disable-next-line\n/** Go. */\nfunction f() {}\n",
    ),
    "a line separator": ("javascript", "f();\n", "// a\u2028b\nf();\n"),
    "an order to TypeScript": ("typescript", "f();\n", "// @ts-ignore\nf();\n"),
    "a build constraint": ("go", "package p\n", "//go:build linux\n\npackage p\n"),
    "a build constraint's place": (
        "go",
        "//go:build linux\n\npackage p\n",
        "//go:build linux\n// Package p.\npackage p\n",
    ),
    "a generator": ("go", "package p\n\nvar x = 1\n", "package p\n\n//go:generate rm -rf /\nvar x = 1\n"),
    "C for cgo": ("go", '// int f();\nimport "C"\n', '// int g();\nimport "C"\n'),
    "documentation of nothing": ("rust", "fn f() { }\n", "fn f() { /// a\n}\n"),
    "what a macro gets": ("rust", "m! { fn f() {} }\n", "m! { /// a\nfn f() {} }\n"),
    "documentation from within": ("rust", "fn f() {}\n", "fn f() {}\n//! a\n"),
    "an example for rustdoc": ("rust", "fn f() {}\n", "/// ```\n/// g()\n/// ```\nfn f() {}\n"),
    "an indented example": ("rust", "fn f() {}\n", "/// A:\n///\n///     g()\nfn f() {}\n"),
    "an attribute": ("rust", "fn f() {}\n", '#[doc = "a"]\nfn f() {}\n'),
    "an escape that ends a comment": ("java", "class A {}\n", "/** \\u002a\\u002f */\nclass A {}\n"),
    "a pragma": ("c", "int f;\n", "#pragma once\nint f;\n"),
    "an order to clang-tidy": ("c", "int f;\n", "int f; // NOLINT\n"),
    "a row that goes on": ("c", "int f;\nint g;\n", "// a \\\nint f;\nint g;\n"),
    "a number's end": ("cpp", "int f = 1;\n", "int f = 1L;\n"),
}


CHANGED |= {
    f"a string's end in {language}": (language, code.format("a "), code.format("a"))
    for language, code in {
        "javascript": "f('{}');\n",
        "typescript": "f(`{}`);\n",
        "javascriptreact": "f(<a>{}</a>);\n",
        "go": 'package p\n\nvar a = "{}"\n',
        "rust": 'const A: &str = r#"{}"#;\n',
        "java": 'class A {{ String a = "{}"; }}\n',
        "c": 'char *a = "{}";\n',
        "cpp": 'auto a = R"({})";\n',
        "python": "print '{}'\n",
    }.items()
}
CHANGED |= {
    "a text block": (
        "java",
        'class A { String a = """\n  a """; }\n',
        'class A { String a = """\n  a"""; }\n',
    ),
    "blanks between escapes": ("python", 'print "\\n \\n"\n', 'print "\\n  \\n"\n'),
    "a regular expression": ("javascript", "a = /b /;\n", "a = /b/;\n"),
    "an attribute's value": ("javascriptreact", "f(<a b='c ' />);\n", "f(<a b='c' />);\n"),
    "what a macro makes a string": ("c", "#define S(x) #x\nS(a+b);\n", "#define S(x) #x\nS(a + b);\n"),
    "a comment's end over two rows": ("c", "int f;\n", "/** a *\\\n/ int g; /* */\nint f;\n"),
    "a row that goes on behind a blank": ("c", "int f;\n", "/// C:\\dir\\ \nint f;\n"),
    "a row that goes on by trigraph": ("cpp", "int f;\n", "/// what??/\nint f;\n"),
    "what an example gives": (
        "python",
        *(f'def f():\n    """\n    >>> f()\n    {value}\n    """\n' for value in "12"),
    ),
    "text below an example": (
        "python",
        'def f():\n    """\n    >>> f()\n    1\n\n    So.\n    """\n',
        'def f():\n    """\n    >>> f()\n    1\n    So.\n    """\n',
    ),
    "an example on the first row": ("python", "def f():\n    ''\n", "def f():\n    '>>> f()'\n"),
    "an example in an escape": ("python", "def f():\n    'x'\n", 'def f():\n    "x\\n>>> f()\\n2"\n'),
    "an example that can't be read": ("python", "def f():\n    'x'\n", 'def f():\n    ">>>f()"\n'),
    "an example in old Python": ("python", *(f"def f():\n    '>>> f({name})'\nprint 1\n" for name in "gh")),
    "an example from within": ("rust", *(f"//! ```\n//! {name}()\n//! ```\nfn f() {{}}\n" for name in "gh")),
    "an example behind a tab": ("rust", "/// A:\n///\nfn f() {}\n", "/// A:\n///\n///\tg()\nfn f() {}\n"),
    "an example below an open one": (
        "rust",
        *(f"/// ```\nfn f() {{}}\n/// ```\n/// {name}()\n/// ```\nfn g() {{}}\n" for name in "gh"),
    ),
    "an example that begins a later item": (
        "rust",
        *(f"/// A\nfn f() {{}}\n///     {name}()\nfn g() {{}}\n" for name in "gh"),
    ),
    "an example around an attribute": (
        "rust",
        *(f"/// ```\n#[inline]\n/// {name}()\nfn g() {{}}\n" for name in "gh"),
    ),
    "C in a list of imports": ("go", *(f'package p\n\nimport (\n\t// int {n}();\n\t"C"\n)\n' for n in "gh")),
    "C that loses its import": (
        "go",
        'package p\n\n// int f();\nimport "C"\n',
        'package p\n\n// int f();\n\nimport "C"\n',
    ),
    "code behind a mark": ("python", "\ufeffa = 1\n", '\ufeff"""\\d"""\na = 1\n'),
    "what getattr reads": ("python", *(f"def f():\n    '{n}'\ngetattr(f, '__doc__')\n" for n in "ab")),
    "what inspect reads": ("python", *(f"def f():\n    '{n}'\ninspect.getdoc(f)\n" for n in "ab")),
    "what a class reads": ("python", *(f"class A:\n    '{n}'\n    x = __doc__\n" for n in "ab")),
    "what a loop reads": (
        "python",
        *(f"def g():\n    '{name}'\nfor f in [g]: f.__doc__\ndef f(): 0\n" for name in "ab"),
    ),
    "a mark of generated code": ("go", "package p\n", "// Code generated by a. DO NOT EDIT.\npackage p\n"),
    "an order to kubebuilder": ("go", "package p\n", "//+kubebuilder:object:root=true\npackage p\n"),
    "an order to kubebuilder behind a blank": ("go", "package p\n", "// +kubebuilder:a\npackage p\n"),
    "an order to genclient": ("go", "package p\n", "// +genclient\npackage p\n"),
    "what a script needs": ("python", "a\n", "# /// script\n# dependencies = []\n# ///\na\n"),
    "what a script needs besides": (
        "python",
        *(f"# /// script\n# dependencies = [{name}]\n# ///\na\n" for name in ("", "'b'")),
    ),
    "an order to pyre": ("python", "a\n", "# pyre-strict\na\n"),
    "an order to PyCharm": ("python", "a\n", "# noinspection A\na\n"),
    "what is out of date": ("java", "class A {}\n", "/** @deprecated So. */\nclass A {}\n"),
    "what isn't declared": ("typescript", "class A {}\n", "/** @internal */\nclass A {}\n"),
}

DEEP = "x = " + "-" * 3_000 + "1\n"


@pytest.mark.parametrize(("language", "before", "after"), CHANGED.values(), ids=CHANGED)
def test_nothing_else_may_change(language, before, after):
    assert difference(language_named(language), before, after) is not None


def test_half_of_a_character_is_refused():
    assert "surrogate" in difference(language_named("javascript"), "f('\ud800');\n", "f('\ud801');\n")


def test_what_is_nested_too_deeply_is_refused():
    assert "nested" in difference(language_named("python"), DEEP, DEEP)


LONG = ["z = 'a'" + " + 'a'" * 3_000, "/*\n" + " *\n" * 50_000 + "*/", "#" * 150_000]


@pytest.mark.parametrize("text", LONG, ids=["a sum", "a comment of rows", "a row of marks"])
@pytest.mark.parametrize("language", ["javascript", "java", "python"])
def test_memory_grows_with_the_text_alone(language, text):
    tracemalloc.start()
    difference(language_named(language), text, text + "\n")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100 << 20


@pytest.mark.parametrize(("language", "before", "after"), CHANGED.values(), ids=CHANGED)
def test_what_stays_is_the_same(language, before, after):
    for text in (before, after):
        assert difference(language_named(language), text, text) is None


CODE = {
    "python": (
        'def f(a, b=2):\n    """Go.\n\n    >>> f(1)\n    2\n\n    So.\n    """\n',
        "    if a:  # b\n        return 'a b '\n    return a + 1\n",
        'x = f("  ")\n',
    ),
    "javascript": (
        "/** Go. */\nfunction f(a, b = 2) {\n",
        "  if (a) return 'a b '\n",
        "  return a\n}\n",
        "f(3)\n",
    ),
    "go": ("package p\n\n// F goes.\n", "func F(a int) string {\n", '\treturn "a b "\n}\n', "var x = F(3)\n"),
    "rust": (
        "/// Go.\n///\n/// ```\n/// f(1)\n/// ```\n///\n/// So.\n",
        'fn f(a: u8) -> u8 {\n    g("a b ");\n    a + 1 // b\n}\n',
    ),
    "java": ("class A {\n", '  /** Go. */\n  String f(int a) {\n    return "a b ";\n  }\n', "}\n"),
    "c": (
        "/** Go. */\nint f(int a) { // b\n",
        '  g("a b ");\n',
        "  return a + 1;\n}\n",
        "// x\nint x = 'a';\n",
    ),
    "cpp": ("/// Go.\nint f(int a) {\n", '  auto b = "a b ";\n', "  return a + 1; /* b */\n}\n", "int x;\n"),
}
VISIBLE = "abfrx0123+-=<>(){}[]:;,.\"'#/*\\? \n"
PIECES = ["\\\n", "\\ \n", "??/\n", "*/", "/*", "//", "/// ", ">>> f()\n", "```", '"""', "b", " "]


@pytest.mark.parametrize("language", CODE)
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_no_edit_of_code_is_taken_for_documentation(language, data):
    """Whatever is cut out and put in: if the texts without blanks and comments differ, that is seen."""
    text = "".join(CODE[language])
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 6)))
    put_in = st.text(VISIBLE, max_size=8) | st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
    after = text[:start] + data.draw(put_in) + text[end:]
    if difference(language_named(language), text, after) is None:
        assert bare(language, after) == bare(language, text)


@pytest.mark.parametrize("language", CODE)
def test_no_blank_in_a_string_can_be_lost(language):
    text = "".join(CODE[language])
    string = text.index("a b ")
    for at in (string + 1, string + 3):
        assert difference(language_named(language), text, text[:at] + text[at + 1 :]) is not None


def bare(language, text):
    """The text without comments, docstrings and blanks, with examples: by hand, with no parser's help."""
    if language in {"c", "cpp"}:
        text = re.sub(r"(?:\\|\?\?/)[ \t]*\n", "", text)
    line_comment = "#" if language == "python" else "//"
    kept, at, is_example = [], 0, False
    while at < len(text):
        rest = text[at:]
        if rest.startswith(line_comment):
            row = rest.partition("\n")[0]
            is_doc = language == "rust" and row.startswith(("///", "//!")) and not row.startswith("////")
            is_example = is_example or (is_doc and "```" in row)
            kept += row.split() if is_doc and is_example else []
            at += len(row)
        elif language != "python" and rest.startswith("/*") and "*/" in rest[2:]:
            at += rest.index("*/", 2) + 2
        elif rest[0] in "\"'":
            quotes = rest[:3] if rest[:3] in {'"""', "'''"} else rest[0]
            found = rest.find(quotes, len(quotes))
            end = found + len(quotes) if found >= 0 else len(rest)
            begins_row = not text[:at].rpartition("\n")[2].strip()
            kept += doctests(rest[len(quotes) : end]) if language == "python" and begins_row else rest[:end]
            at += end
        else:
            is_example = is_example and rest[0].isspace()
            kept += rest[0].split()
            at += 1
    return "".join(kept)


def doctests(docstring):
    """The rows from each prompt to the next blank row."""
    kept, is_example = [], False
    for row in docstring.replace("\\\n", "").replace("\\x0a", "\n").split("\n"):
        is_example = bool(row.strip()) and (is_example or row.lstrip().startswith(">>>"))
        kept += row.split() if is_example else []
    return kept
