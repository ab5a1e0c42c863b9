"""What definitions say, read from the syntax trees of eight languages."""

import pytest

from codenook.context.parse import encode, language_named, parse
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.languages.describer import MAX_NESTING
from codenook.server.documentation.subject import Parameter, Returns


def read(language, code):
    """Return the subjects of ``code`` by their symbols."""
    found = subjects(parse(language_named(language), encode(code)))
    return {subject.symbol: subject for subject in found}


def named(subject):
    """The parameters' names, a dot for one that has none."""
    return [parameter.mark + (parameter.name or "·") for parameter in subject.parameters]


HEADERS = [
    (
        "python",
        "def far(a, /, b: int, c=1, *args, d='x', **kwargs):\n    pass\n",
        "far",
        "a b c *args d **kwargs",
    ),
    ("python", "class A:\n    def far(self, a):\n        pass\n", "A.far", "a"),
    ("python", "class A:\n    @staticmethod\n    def far(a):\n        pass\n", "A.far", "a"),
    ("python", "class A:\n    def __init__(self, a, b=1):\n        self.a = a\n", "A", "a b"),
    ("javascript", "function far(a, b = 1, ...rest) {}\n", "far", "a b *rest"),
    ("javascript", "const far = async (a, {b}) => a;\n", "far", "a ·"),
    ("javascript", "A.prototype.far = function (a) {};\n", "A.far", "a"),
    ("javascript", "class A {\n  constructor(a) {}\n  far(b) {}\n}\n", "A.far", "b"),
    ("typescript", "export function far(this: A, a?: string, b: number = 1): void {}\n", "far", "a b"),
    ("typescript", "interface A {\n  far(a: string): number;\n}\n", "A.far", "a"),
    ("java", "class A {\n  int far(final int a, String... b) { return 1; }\n}\n", "A.far", "a *b"),
    ("java", "record A(int a, int b) {}\n", "A", "a b"),
    ("go", "package p\n\nfunc (r *T) Far(a, b int, c ...string) error { return nil }\n", "T.Far", "a b *c"),
    ("rust", "impl A {\n    pub fn far(&self, mut a: u8, (b, c): T) {}\n}\n", "A.far", "a ·"),
    ("c", "GIT_EXTERN(int) far(int a, char *b, int (*c)(void), ...);\n", "far", "a b c *·"),
    ("c", "int far(void) { return 1; }\n", "far", ""),
    ("cpp", "struct A {\n  void far(const T& a, int b = 3, Args&&... c);\n};\n", "A.far", "a b *c"),
    ("cpp", "int *A::far(int a) { return 0; }\n", "A.far", "a"),
]


@pytest.mark.parametrize(("language", "code", "symbol", "parameters"), HEADERS)
def test_parameters_are_those_of_the_header(language, code, symbol, parameters):
    assert named(read(language, code)[symbol]) == parameters.split()


RESULTS = [
    ("python", "def f():\n    print(1)\n", "nothing"),
    ("python", "def f():\n    return\n    yield\n", "value"),
    ("python", "def f():\n    return 1\n", "value"),
    ("python", "def f():\n    def g():\n        return 1\n    g()\n", "nothing"),
    ("python", "def f():\n    raise NotImplementedError\n", "unknown"),
    ("python", "def f(): ...\n", "unknown"),
    ("javascript", "function f() { g(); }\n", "nothing"),
    ("javascript", "const f = () => g();\n", "value"),
    ("javascript", "function f() { g(() => { return 1; }); }\n", "nothing"),
    ("javascript", "function f() { console.warn('abstract'); }\n", "unknown"),
    ("javascript", "function f() { throw new Error(); }\n", "unknown"),
    ("typescript", "function f(): void { return g(); }\n", "nothing"),
    ("typescript", "declare function f(): string;\n", "value"),
    ("java", "class A { void f() {} }\n", "nothing"),
    ("java", "class A { int f() { return 1; } }\n", "value"),
    ("rust", "fn f() {}\n", "nothing"),
    ("rust", "fn f() -> u8 { 1 }\n", "value"),
    ("c", "void f(int a);\n", "nothing"),
    ("c", "void *f(int a);\n", "value"),
    ("c", "Thing f(int a);\n", "value"),
    ("cpp", "auto f(int a) -> int;\n", "value"),
]


@pytest.mark.parametrize(("language", "code", "returns"), RESULTS)
def test_whether_a_caller_gets_a_value(language, code, returns):
    (subject,) = [each for name, each in read(language, code).items() if name.endswith("f")]
    assert subject.returns is Returns(returns)


RAISED = [
    ("python", "def f():\n    raise errors.Lost('x')\n", ["Lost"]),
    ("python", "def f():\n    try:\n        raise Lost\n    except Lost:\n        pass\n", []),
    ("python", "def f(error):\n    raise error\n", []),
    ("javascript", "function f() { throw new Lost(); }\n", ["Lost"]),
    ("javascript", "function f() { try { throw new Lost(); } catch (e) {} }\n", []),
    ("java", "class A { void f() throws IOException { throw new Lost(); } }\n", ["IOException", "Lost"]),
    ("rust", "unsafe fn f() -> io::Result<u8> { g() }\n", ["Errors", "Safety"]),
    ("cpp", 'void f() { throw std::runtime_error("x"); }\n', ["runtime_error"]),
]


@pytest.mark.parametrize(("language", "code", "raised"), RAISED)
def test_what_is_raised_by_the_body_itself(language, code, raised):
    (subject,) = [each for name, each in read(language, code).items() if name.endswith("f")]
    assert list(subject.raises) == raised


UNSURE = [
    ("python", "@app.command()\ndef f(a):\n    pass\n"),
    ("python", "class f(Base):\n    pass\n"),
    ("python", "class A:\n    @property\n    def f(self):\n        return 1\n"),
    ("javascript", "function f(a) { return arguments.length; }\n"),
    ("javascript", "function f(/* frame */) {}\n"),
    ("c", "int f(int a, ///< A.\n      int b);\n"),
    ("typescript", "function f(a: string): void;\nfunction f(a: number): void {}\n"),
]


@pytest.mark.parametrize(("language", "code"), UNSURE)
def test_what_may_change_the_parameters_is_noticed(language, code):
    assert not any(each.is_sure for name, each in read(language, code).items() if name.endswith("f"))


@pytest.mark.parametrize("decorator", ["functools.lru_cache(maxsize=1)", "contextmanager", "typing.final"])
def test_decorators_that_are_known_change_nothing(decorator):
    assert read("python", f"@{decorator}\ndef f(a):\n    return a\n")["f"].is_sure


DOCS = [
    ("python", 'def f():\n    """Go far.\n\n    On.\n    """\n', ["Go far.", "", "On.", ""]),
    ("javascript", "/**\n * Go far.\n *   On.\n */\nfunction f() {}\n", ["", "Go far.", "  On.", ""]),
    ("javascript", "// no documentation\nfunction f() {}\n", None),
    ("javascript", "/** @typedef {Object} A */\nfunction f() {}\n", None),
    ("typescript", "/** Go far. */\n@dec()\nexport class f {}\n", ["Go far."]),
    ("java", "class A {\n  /** Go far. */\n  @Override\n  void f() {}\n}\n", ["Go far."]),
    ("go", "package p\n\n// f goes far.\n//\n//go:noinline\nfunc f() {}\n", ["f goes far.", ""]),
    ("go", "package p\n\n// Something else.\n\nfunc f() {}\n", None),
    ("rust", "/// Go far.\n#[inline]\nfn f() {}\n", ["Go far."]),
    ("c", "/*! Go far. */\nvoid f(void);\n", ["Go far."]),
    ("cpp", "/// Go far.\n/// On.\ntemplate <class T> void f(T a);\n", ["Go far.", "On."]),
]


@pytest.mark.parametrize(("language", "code", "texts"), DOCS)
def test_documentation_is_what_belongs_to_a_definition(language, code, texts):
    (subject,) = [each for name, each in read(language, code).items() if name.endswith("f")]
    assert (subject.doc and subject.doc.texts) == texts


@pytest.mark.parametrize(("language", "code", "texts"), DOCS)
def test_each_line_knows_where_it_stands(language, code, texts):
    for subject in read(language, code).values():
        for line in subject.doc.lines if subject.doc else ():
            assert encode(code)[line.start :].startswith(line.text.encode())


def test_a_file_is_documented_in_python():
    assert read("python", "#!/usr/bin/env python\n'''All.'''\n")[""].doc.texts == ["All."]


def test_types_and_defaults_are_as_written():
    subject = read("python", "def f(a: list[int] = [], b=None): ...\n")["f"]
    assert subject.parameters == (Parameter("a", "list[int]", "[]"), Parameter("b", "", "None"))


def test_definitions_in_too_many_others_are_left_out():
    nested = "mod a{" * 2_000 + "}" * 2_000
    assert len(subjects(parse(language_named("rust"), nested.encode()))) == MAX_NESTING


@pytest.mark.parametrize(
    ("language", "code", "symbol"),
    [
        ("python", "import os\n", ""),
        ("javascript", "function far(a) {}\n", "far"),
        ("rust", "fn far(a: u8) {}\n", "far"),
    ],
)
def test_documentation_goes_behind_a_byte_order_mark(language, code, symbol):
    assert read(language, f"\ufeff{code}")[symbol].room.start == 3
    assert read(language, code)[symbol].room.start == 0
