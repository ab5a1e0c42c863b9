"""Notes name what a body really has, and nothing where both languages mean the same."""

import pytest
from written_shapes import FLOAT, INT, TARGETS, TEXT, of

from codenook.context.outline import Kind
from codenook.context.parse import encode, language_named, parse
from codenook.server.translation.notes import notes
from codenook.server.translation.signature import Parameter, Signature

SHAPES = {
    "items": of("list", INT),
    "other": of("list", INT),
    "text": TEXT,
    "ages": of("map", TEXT, INT),
    "seen": of("set", INT),
    "n": INT,
    "x": FLOAT,
}
LAYOUT = {
    "python": "def f({names}):\n    {code}\n",
    "javascript": "function f({names}) {{\n    {code}\n}}\n",
    "typescript": "function f({names}) {{\n    {code}\n}}\n",
    "java": "class A {{\n    void f(int {names}) {{ {code} }}\n}}\n",
    "go": "package p\nfunc f({names} int) {{ {code} }}\n",
    "rust": "\nfn f({names}: i64) {{ {code} }}\n",
    "cpp": "\nint f(int {names}) {{ {code} }}\n",
    "c": "\nint f(int {names}) {{ {code} }}\n",
}


def told(source, code, target, names="n"):
    text = code if names is None else LAYOUT[source].format(names=names, code=code)
    language = language_named(source)
    found = language.reader.definitions(parse(language, encode(text)))
    definition = next(each for each in found if each.kind in {Kind.FUNCTION, Kind.METHOD})
    signature = Signature("f", tuple(Parameter(name, shape) for name, shape in SHAPES.items()))
    return {note.rule: note.text for note in notes(text, language, definition, signature, target)}


@pytest.mark.parametrize(
    ("source", "code", "target", "rule"),
    [
        ("python", "return n * 31", "java", "integer-overflow"),
        ("java", "return n * 31;", "python", "integer-overflow"),
        ("cpp", "return n << 3;", "rust", "integer-overflow"),
        ("python", "return n // 2", "go", "integer-division"),
        ("java", "return n / 2;", "python", "integer-division"),
        ("go", "return n / 2", "javascript", "integer-division"),
        ("python", "return n % 3", "cpp", "remainder"),
        ("rust", "n % 3", "python", "remainder"),
        ("python", "return text[n]", "javascript", "string-index"),
        ("python", "return len(text)", "go", "string-index"),
        ("java", "return text.charAt(n);", "rust", "string-index"),
        ("javascript", "return text.length;", "python", "string-index"),
        ("rust", "text.len()", "java", "string-index"),
        ("python", "return items[-1]", "rust", "negative-index"),
        ("python", "return items[n]", "javascript", "index-range"),
        ("java", "return items[n];", "c", "index-range"),
        ("python", "return ages[text]", "java", "missing-key"),
        ("java", "return ages.get(text);", "python", "missing-key"),
        ("python", "for key in ages: pass", "go", "iteration-order"),
        ("python", "return list(ages.items())", "cpp", "iteration-order"),
        ("javascript", "for (const one of seen) {}", "java", "iteration-order"),
        ("python", "return items == other", "javascript", "equality"),
        ("java", 'return text == "a";', "python", "equality"),
        ("python", "return round(x)", "rust", "rounding"),
        ("javascript", "return Math.round(x);", "python", "rounding"),
        ("python", "return f'{x}'", "typescript", "float-text"),
        ("javascript", "return String(x);", "java", "float-text"),
        ("python", "return 1 if not items else 2", "rust", "truth"),
        ("javascript", "if (text) { return 1; }", "go", "truth"),
        ("typescript", "return undefined;", "python", "nothing"),
        ("javascript", "items.sort();", "java", "sorting"),
        ("java", "Collections.sort(items);", "go", "sorting"),
    ],
)
def test_what_a_body_has_is_told_with_its_line(source, code, target, rule):
    found = told(source, code, target)
    assert rule in found
    assert found[rule].startswith("Line 2: ")
    assert found[rule].endswith(".")
    assert "\n" not in found[rule]


@pytest.mark.parametrize(
    ("source", "code", "target"),
    [
        ("python", "return n * x", "java"),
        ("python", "return n + 1", "java"),
        ("java", "return n * 31;", "go"),
        ("java", "return x / 2;", "python"),
        ("go", "return n / 2", "java"),
        ("java", "return n % 3;", "cpp"),
        ("python", "return '%d' % n", "java"),
        ("java", "return text.charAt(n);", "javascript"),
        ("rust", "text.len()", "cpp"),
        ("python", "return items[n]", "rust"),
        ("python", "for one in items: pass", "go"),
        ("python", "return n == 3", "javascript"),
        ("java", "return text == null;", "python"),
        ("python", "return f'{n}'", "javascript"),
        ("python", "return 1 if unknown else 2", "java"),
        ("javascript", "if (text) { return 1; }", "typescript"),
        ("javascript", "return undefined;", "typescript"),
    ],
)
def test_what_means_the_same_is_not_told(source, code, target):
    assert told(source, code, target) == {}


@pytest.mark.parametrize("language", TARGETS)
def test_nothing_is_told_of_a_language_and_itself(language):
    assert told(language, "return n * 3 / 2 % 7" + ";" * (language != "python"), language) == {}


def test_lines_of_one_rule_are_one_note():
    code = "\n    ".join(["a = n * 2", "b = 1", "c = n * 3", *["d = n * 4"] * 4])
    assert told("python", code, "java")["integer-overflow"].startswith("Lines 2, 4, 5, 6 and 2 more: ")


def test_what_stands_outside_of_the_function_is_not_told():
    text = "a = 7 * 3\ndef f(n):\n    return n\nb = 7 * 3\n"
    assert told("python", text, "java", names=None) == {}


@pytest.mark.parametrize(
    "text",
    [
        "def f(n):\n    return n * (\n",
        "def f(n):\n    return " + "(" * 3000 + "n" + ")" * 3000 + "\n",
        "def f(n):\n    x = '\x00\ufffd\u202e'\n    return n\n",
        "def f(n):\n" + "    n = n + 1\n" * 5000,
    ],
)
def test_broken_and_huge_texts_are_read(text):
    language = language_named("python")
    definitions = language.reader.definitions(parse(language, encode(text)))
    for definition in definitions:
        assert isinstance(notes(text, language, definition, Signature("f"), "java"), tuple)
