"""Documentation that people have written, completed: what was missing is put in its place, all else stays."""

import importlib.util
from functools import cache
from pathlib import Path

import pytest
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from codenook.context.parse import encode, language_named, parse
from codenook.server.documentation.edits import Edit
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.style import read, style_of
from codenook.server.documentation.subject import Kind
from codenook.server.tasks.blanks import begun
from codenook.server.verify.documented import problems
from codenook.server.verify.kept import lost_rows
from codenook.server.verify.unchanged import difference

REAL = (
    *("numpy.lib._polynomial_impl", "numpy.lib._twodim_base_impl", "numpy.linalg._linalg"),
    *("jinja2.environment", "jinja2.loaders", "click.core", "git.index.base", "git.repo.base"),
    *(
        "huggingface_hub.utils._http",
        "huggingface_hub.file_download",
        "pytest.__init__",
        "_pytest.python_api",
    ),
    *(
        "networkx.algorithms.dag",
        "hypothesis.strategies._internal.numbers",
        "rich.console",
        "gguf.gguf_writer",
    ),
)
"""Modules of packages that the tests need anyway, documented in the styles of Google, NumPy and Sphinx."""


@frozen
class Case:
    """A function whose documentation names ``known`` parameters in the order of the code."""

    language: str
    code: str
    symbol: str


@cache
def real_cases():
    """Functions of real packages, each as a file of its own."""
    found, known = [], language_named("python")
    for module in REAL:
        spec = (
            importlib.util.find_spec(module) if importlib.util.find_spec(module.partition(".")[0]) else None
        )
        if spec is None or not spec.origin:
            continue
        text = Path(spec.origin).read_text(encoding="utf-8")
        for subject in subjects(parse(known, encode(text))):
            code = definition(text, subject)
            if subject.kind is Kind.FUNCTION and subject.doc is not None and code.startswith(("def ", "@")):
                case = Case("python", code, subject.symbol.rpartition(".")[2])
                found += [case] if len(removable(case)) > 1 else []
    return found


def definition(text, subject):
    """The rows of a definition, less far to the right."""
    source = encode(text)
    start = source.rfind(b"\n", 0, subject.start) + 1
    rows = source[start : subject.end].decode().split("\n")
    depth = len(rows[0]) - len(rows[0].lstrip())
    return "\n".join(row[depth:] if not row[:depth].strip() else row for row in rows) + "\n"


def looked_at(case, code):
    """The definition in a text of a case, with its documentation taken apart."""
    parsed = parse(language_named(case.language), encode(code))
    subject = next(each for each in subjects(parsed) if each.symbol == case.symbol)
    return parsed, subject, *read(case.language, subject.doc)


def removable(case):
    """The parameters with rows of their own, where documentation and code agree on the order of all."""
    _, subject, dialect, parts = looked_at(case, case.code)
    order = [parameter.name for parameter in subject.parameters]
    told = [item.name for item in parts.parameters]
    if told != [name for name in order if name in told] or any(len(i.names) > 1 for i in parts.parameters):
        return []
    rows = [dialect.extent(item, subject.doc.texts) for item in parts.parameters]
    are_free = all(
        line.row_start < line.row_end for first, end in rows for line in subject.doc.lines[first:end]
    )
    return told if are_free else []


def without(case, name):
    """The text without the rows of a parameter."""
    parsed, subject, dialect, parts = looked_at(case, case.code)
    item = next(item for item in parts.parameters if item.name == name)
    first, end = dialect.extent(item, subject.doc.texts)
    lines = subject.doc.lines[first:end]
    return Edit.of_bytes(parsed.source, lines[0].row_start, lines[-1].row_end, "").apply(case.code)


def completed(case, code, words="Known to those who read on."):
    """The text with all that its documentation lacks, as a draft has it."""
    parsed, subject, _, _ = looked_at(case, code)
    draft = begun(parsed, subject, style_of(case.language, subjects(parsed)), replace=False, types=False)
    for blank in draft.blanks:
        draft = draft.filled(blank, words)
    return draft.edit.apply(code)


def put_back(case, name):
    """Take a parameter's rows out, complete, and check that all else is as it was."""
    cut = without(case, name)
    after = completed(case, cut)
    _, old, _, _ = looked_at(case, cut)
    _, subject, dialect, parts = looked_at(case, after)
    told = removable(case)
    assert [item.name for item in parts.parameters if item.name in told] == told
    assert difference(language_named(case.language), cut, after) is None
    assert lost_rows(cut, old.doc, after, subject.doc) == ""
    assert problems_of_parameters(subject, parts, dialect) == []
    return after


def problems_of_parameters(subject, parts, dialect):
    return [told for told in problems(subject, parts, dialect, parts) if "is not documented" in told]


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_a_row_that_was_taken_out_of_real_documentation_is_put_back_in_its_place(data):
    case = data.draw(st.sampled_from(real_cases()))
    put_back(case, data.draw(st.sampled_from(removable(case))))


def test_real_documentation_in_every_style_is_among_it():
    styles = [looked_at(case, case.code)[2].name for case in real_cases()]
    assert {style: styles.count(style) >= 5 for style in set(styles)} == dict.fromkeys(
        ("google", "numpy", "rest"), True
    )


FRAMES = {
    "stars": ("/**", " * ", " */"),
    "no stars": ("/**", "   ", " */"),
    "qt": ("/*!", " * ", " */"),
    "lines": (None, "/// ", None),
    "lines of qt": (None, "//! ", None),
}
CODE = {
    "javascript": "function f(first, second, third) {\n  return first + second + third;\n}\n",
    "typescript": "function f(first: number, second: string, third: A): number {\n  return first;\n}\n",
    "java": "class A {\n    int f(int first, String second, int third) {\n        return first;\n    }\n}\n",
    "c": "int f(int first, char *second, int third)\n{\n    return first;\n}\n",
    "cpp": "template <class T>\nint f(T first, const T& second, int third);\n",
}
PARAMETER = {
    "javascript": ["@param {number} NAME - How far", "@param {A} NAME", "@arg {string=} NAME the way"],
    "typescript": ["@param NAME - How far", "@param NAME how far"],
    "java": ["@param NAME How far", "@param  NAME   how far"],
    "c": ["@param NAME How far", "\\param[in] NAME how far", "@param[in,out] NAME - so far"],
    "cpp": ["\\param NAME How far", "@arg NAME how far"],
}
NAMES = ("first", "second", "third")
WORDS = st.lists(st.sampled_from(["far", "It goes.", "so - and so", "a `name`", "e.g. 3"]), max_size=3)


@st.composite
def tagged(draw):
    """A documented function in one of the languages with tags, laid out as somebody might."""
    language = draw(st.sampled_from(sorted(CODE)))
    opening, prefix, closing = FRAMES[draw(st.sampled_from(frames_of(language)))]
    more = draw(st.sampled_from(["", "  ", "      ", "\t"]))
    blank = draw(st.booleans())
    rows = ["Go there.", *(["", "It takes", "  a while."] if draw(st.booleans()) else []), ""]
    for name in NAMES:
        rows.append(draw(st.sampled_from(PARAMETER[language])).replace("NAME", name))
        rows += [more + each for each in draw(WORDS)]
        if language == "javascript" and name == "second" and draw(st.booleans()):
            rows.append("@param {number} second.speed - How fast")
        rows += [""] if blank else []
    rows += draw(st.sampled_from([["@return The way there"], ["@returns the", "  way"]]))
    rows += draw(st.sampled_from([[], ["@see g"], ["@since 1.0", "@author A <b@c.d>"]]))
    depth = "    " if language == "java" else ""
    comment = [depth + (prefix + row).rstrip() for row in rows]
    if opening:
        comment = [depth + opening, *comment, depth + closing]
    code = CODE[language].split("\n")
    at = 1 if language == "java" else 0
    text = "\n".join([*code[:at], *comment, *code[at:]])
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return Case(language, text.replace("\n", end), "A.f" if language == "java" else "f")


def frames_of(language):
    if language in {"c", "cpp"}:
        return sorted(FRAMES)
    return ["stars", "no stars"]


@settings(deadline=None, max_examples=300)
@given(case=tagged(), name=st.sampled_from(NAMES))
def test_a_tag_that_was_taken_out_is_put_back_in_its_place(case, name):
    assert removable(case) == list(NAMES)
    put_back(case, name)


WRITTEN = {
    "a docstring of one row": ("python", '"""Go."""', '"""Go.\n\n{google}\n"""'),
    "one in single quotes": ("python", "'Go.'", "'''Go.\n\n{google}\n'''"),
    "one with quotes at the end of its last row": (
        "python",
        '"""Go.\n\nIt takes\n  a while."""',
        '"""Go.\n\nIt takes\n  a while.\n\n{google}\n"""',
    ),
    "one that begins below its quotes": ("python", '"""\nGo.\n"""', '"""\nGo.\n\n{google}\n"""'),
    "one that begins behind a backslash": ("python", '"""\\\nGo.\n"""', '"""\\\nGo.\n\n{google}\n"""'),
    "one with a blank row at its end": ("python", '"""Go.\n\n"""', '"""Go.\n\n{google}\n\n"""'),
    "a raw one": ("python", 'r"""Go \\d."""', 'r"""Go \\d.\n\n{google}\n"""'),
    "one with escapes": (
        "python",
        '"""Go \\\\d \\t \\N{{BULLET}}."""',
        '"""Go \\\\d \\t \\N{{BULLET}}.\n\n{google}\n"""',
    ),
    "one with other quotes in it": (
        "python",
        "'''Go \"\"\"there\"\"\".'''",
        "'''Go \"\"\"there\"\"\".\n\n{google}\n'''",
    ),
    "an example": ("python", '"""Go.\n\n>>> f(1, 2)\n1\n"""', '"""Go.\n\n>>> f(1, 2)\n1\n\n{google}\n"""'),
    "parts in a code fence": (
        "python",
        '"""Go.\n\n```\nArgs:\n    x: X.\n```\n"""',
        '"""Go.\n\n```\nArgs:\n    x: X.\n```\n\n{google}\n"""',
    ),
    "no summary": (
        "python",
        '"""Args:\n    a: A.\n\nReturns:\n    It.\n"""',
        '"""Words.\n\nArgs:\n    a: A.\n    b: Words.\n\nReturns:\n    It.\n"""',
    ),
    "a deeper step and notes": (
        "python",
        '"""Go.\n\nArguments:\n      a: A,\n         so.\n\n  Note: So.\n\nExample:\n  f()\n"""',
        (
            '"""Go.\n\nArguments:\n      a: A,\n         so.\n      b: Words.\n\n  Note: So.\n\n'
            'Returns:\n      Words.\n\nExample:\n  f()\n"""'
        ),
    ),
    "texts below names": (
        "python",
        '"""Go.\n\nArgs:\n  a (int):\n    A.\nReturns:\n  It.\n"""',
        '"""Go.\n\nArgs:\n  a (int):\n    A.\n  b:\n    Words.\nReturns:\n  It.\n"""',
    ),
    "underlined headings": (
        "python",
        '"""Go.\n\nParameters\n----------\na: int\n  A.\n\nb\n  B.\nSee Also\n--------\ng\n"""',
        (
            '"""Go.\n\nParameters\n----------\na: int\n  A.\n\nb\n  B.\n\n'
            'Returns\n-------\nWords.\n\nSee Also\n--------\ng\n"""'
        ),
    ),
    "fields": (
        "python",
        '"""Go.\n\n:param a:\n    A.\n\n:returns:\n    It.\n"""',
        '"""Go.\n\n:param a:\n    A.\n\n:param b:\n    Words.\n\n:returns:\n    It.\n"""',
    ),
    "fields without parameters": (
        "python",
        '"""Go.\n\n:raises Lost: Why.\n"""',
        '"""Go.\n\n:param a: Words.\n:param b: Words.\n:return: Words.\n:raises Lost: Why.\n"""',
    ),
    "a comment of one row": ("java", "/** Go. */", "/**\n * Go.\n *\n{javadoc}\n */"),
    "one without spaces": ("java", "/**Go.*/", "/**\n * Go.\n *\n{javadoc}\n */"),
    "one with marks behind words": (
        "java",
        "/** Go.\n * There. */",
        "/** Go.\n * There.\n *\n{javadoc}\n */",
    ),
    "other tags": ("java", "/**\n * Go.\n * @author B\n **/", "/**\n * Go.\n{javadoc}\n * @author B\n **/"),
    "no stars": (
        "java",
        "/**\n  Go.\n*/",
        "/**\n  Go.\n\n  @param a Words.\n  @param b Words.\n  @return Words.\n*/",
    ),
    "tags that stand above": (
        "typescript",
        "/**\n * Go.\n * @template T\n * @throws {{Lost}} Why.\n */",
        (
            "/**\n * Go.\n * @template T\n * @param a - Words.\n * @param b - Words.\n * @returns Words.\n"
            " * @throws {{Lost}} Why.\n */"
        ),
    ),
    "line comments": (
        "c",
        "/// Go.",
        "/// Go.\n///\n/// @param a Words.\n/// @param b Words.\n/// @return Words.",
    ),
    "backslashes": (
        "c",
        "/** \\brief Go.\n */",
        "/** \\brief Go.\n * \\param a Words.\n * \\param b Words.\n * \\return Words.\n */",
    ),
    "an example of rustdoc": (
        "rust",
        "/// Go.\n///\n/// # Examples\n///\n/// ```\n/// f()\n/// ```",
        "/// Go.\n///\n/// # Errors\n///\n/// Words.\n///\n/// # Examples\n///\n/// ```\n/// f()\n/// ```",
    ),
    "a heading of rustdoc": (
        "rust",
        "/// Go.\n///\n/// # Panics\n///\n/// Why.",
        "/// Go.\n///\n/// # Panics\n///\n/// Why.\n///\n/// # Errors\n///\n/// Words.",
    ),
}
"""The language, a comment, and the same completed."""

AROUND = {
    "python": "class A:\n{indent}def f(self, a, b):\n{comment}{inner}return a\n",
    "java": "class A {{\n{comment}{indent}int f(int a, int b) {{ return a; }}\n}}\n",
    "typescript": "class A {{\n{comment}{indent}f<T>(a: T, b: T): T {{ return a; }}\n}}\n",
    "c": "{comment}int f(int a, int b)\n{{\n{indent}return a;\n}}\n",
    "rust": "impl A {{\n{comment}{indent}pub fn f(a: u8) -> Result<u8, B> {{ g() }}\n}}\n",
}
USUAL = {
    "google": "Args:\n    a: Words.\n    b: Words.\n\nReturns:\n    Words.",
    "javadoc": " * @param a Words.\n * @param b Words.\n * @return Words.",
}


def around(language, comment, indent, line_end):
    """A definition with a comment, everything indented by ``indent``."""
    inner = {"python": indent * 2, "c": ""}.get(language, indent)
    rows = [inner + row if row else "" for row in comment.format(**USUAL).split("\n")]
    text = AROUND[language].format(comment="".join(f"{row}\n" for row in rows), indent=indent, inner=inner)
    return text.replace("\n", line_end)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("indent", ["    ", "\t"], ids=["spaces", "tabs"])
@pytest.mark.parametrize(("language", "before", "after"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_missing_is_put_in_as_the_rest_is_written(language, before, after, indent, line_end):
    case = Case(language, around(language, before, indent, line_end), "f" if language == "c" else "A.f")
    done = completed(case, case.code, "Words.")
    assert done == around(language, after, indent, line_end)
    assert difference(language_named(language), case.code, done) is None
