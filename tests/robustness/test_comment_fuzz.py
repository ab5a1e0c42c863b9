"""Whatever a model writes: code, and documentation that people wrote, stay as they are in every language.

A model that continues text and one that answers in JSON, asked to write, to complete, and for a comment above
lines. ``CODENOOK_FUZZ=50000`` asks for more examples, of all cases together.
"""

import ast
import json
import os
import re
import sys
from pathlib import Path

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).parents[1] / "unit" / "tasks"))  # the scripted models

from scripted import ScriptedEngine, comment_on
from scripted_chat import ScriptedChat

from codenook.context.parse import encode, language_named, parse
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.style import read
from codenook.server.tasks.line_comment import Lines


@frozen
class Source:
    """A file with one function in it, and where the comment that it gets could go."""

    code: str
    symbol: str
    names: tuple[str, ...]
    documented: str
    """The same with documentation that lacks something."""
    line: int
    """A line at which a statement begins."""


PYTHON = "    if not address:\n        raise ValueError(tries)\n    return address\n"
TYPESCRIPT = "  fetch(address: string, tries: number): string {\n    return address;\n  }\n}\n"
C = "int fetch(int address, int tries)\n{\n    return address + tries;\n}\n"
CPP = "template <class T>\nint fetch(T address, int tries)\n{\n    return address;\n}\n"
SOURCES = {
    "python": Source(
        f"def fetch(address, tries=3):\n{PYTHON}",
        "fetch",
        ("address", "tries"),
        f'def fetch(address, tries=3):\n    """Go.\n\n    Args:\n      tries:\n       T\n    """\n{PYTHON}',
        2,
    ),
    "javascript": Source(
        "function fetch(address, tries) {\n  if (!address) { throw new Error('x'); }\n  return address;\n}\n",
        "fetch",
        ("address", "tries"),
        "/**\n * Go.\n * @param {string} address A\n *   so\n */\n"
        "function fetch(address, tries) {\n  if (!address) { throw new Error('x'); }\n  return address;\n}\n",
        2,
    ),
    "typescript": Source(
        f"class A {{\n{TYPESCRIPT}",
        "A.fetch",
        ("address", "tries"),
        f"class A {{\n  /** Go. */\n{TYPESCRIPT}",
        3,
    ),
    "java": Source(
        "class A {\n  String fetch(String address, int tries) throws B {\n    return address;\n  }\n}\n",
        "A.fetch",
        ("address", "tries"),
        "class A {\n  /** Go.\n   * There. */\n"
        "  String fetch(String address, int tries) throws B {\n    return address;\n  }\n}\n",
        3,
    ),
    "go": Source(
        "package net\n\n//go:noinline\nfunc fetch(address string) string {\n\treturn address\n}\n",
        "fetch",
        ("address",),
        "package net\n\n// fetch goes.\nfunc fetch(address string) string {\n\treturn address\n}\n",
        5,
    ),
    "rust": Source(
        "#[inline]\npub fn fetch(address: &str) -> Result<A> {\n    ask(address)\n}\n",
        "fetch",
        ("address",),
        "/// Go.\n///\n/// # Examples\n///\n/// ```\n/// fetch()\n/// ```\n"
        "pub fn fetch(address: &str) -> Result<A> {\n    ask(address)\n}\n",
        3,
    ),
    "c": Source(
        C,
        "fetch",
        ("address", "tries"),
        f"/// Go.\n/// \\param[in] tries T\n{C}",
        3,
    ),
    "cpp": Source(
        CPP,
        "fetch",
        ("address", "tries"),
        f"/*!\n  Go.\n\n  @param address A\n*/\n{CPP}",
        4,
    ),
}

RIGHT = (
    "Asks the address until it answers.",
    "The address to ask for more.",
    "How many tries the address gets.",
    "What the address answers to it.",
    "If no address answers at all.",
    "Goes on with the address and its tries.",
)
NASTY = (
    *(
        '"""',
        "'''",
        '"',
        "'",
        "`",
        "```",
        "~~~",
        "*/",
        "/*",
        "/**",
        "//",
        "///",
        "#",
        "--",
        "\\",
        "\\\\",
        "??/",
    ),
    *("\n", "\r", "\r\n", "\t", "\0", "\v", "\f", "\x1c", "\x85", "\u2028", "\u202e", "\u200b", "\ufeff"),
    *("\ud800", "e\u0301", "\U0001f600", "\u00ad", "\u0130"),
    *("\\u002a/", "\\u000a", "\\N{BULLET}", "\\x41", "%s", "{0}", "${x}", "{@link A}", "<b>", "&lt;", "<!--"),
    *("# noqa", "# type: ignore", "# type: int", "noqa", "type: ignore", "pylint: disable=all", "fmt: off"),
    *("coding: latin-1", "pragma: no cover", "go:build x", "+build x", 'import "C"', "NOLINT", "@ts-ignore"),
    *("eslint-disable", "@deprecated", "@internal", "@Override", "prettier-ignore", "clang-format off"),
    *("Args:", "Returns:", "Raises:", "Note:", "Parameters\n----------", "----", ":param x: y", ":type x: y"),
    *("@param x y", "\\param x y", "@return", "@throws B x", "@brief", "# Errors", "# Arguments", ">>> 1"),
    *("return address", "def f():", "import os", "os.system('x')", "TODO", "Sure, here is", "I am", "[x](y)"),
    *(
        "<|fim_middle|>",
        "<|im_end|>",
        '{"sentence": "x"}',
        "{",
        "}",
        "(",
        ")",
        ";",
        ",",
        ".",
        "...",
        "?",
        "!",
    ),
    *("address", "tries", "B", "ValueError", "Errors", " ", "  ", "    ", "1", "007", "1e9", "None", "True"),
)
PIECES = st.sampled_from(NASTY) | st.sampled_from(RIGHT) | st.text(max_size=8)


@st.composite
def mutated(draw):
    """A right sentence with something put in, taken out or doubled, or anything at all."""
    text = draw(st.sampled_from(RIGHT))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.sampled_from([0, 0, 1, 5])))
        text = text[:start] + draw(PIECES) + text[end:]
    return text


ANSWERS = st.lists(mutated() | st.lists(PIECES, max_size=4).map("".join), min_size=1, max_size=6)


def infill(answers):
    """A model that continues, with other answers for each question."""
    asked = []

    def said(prompt):
        asked.append(prompt)
        turn = len(asked) % len(answers)
        return [*answers[turn:], *answers[:turn], RIGHT[len(asked) % len(RIGHT)]]

    return ScriptedEngine(said)


def chat(answers):
    """A model that answers in JSON, now and then in something like it."""

    def said(number, _request):
        text = answers[number % len(answers)]
        wrapped = json.dumps({"sentence": text})
        right = json.dumps({"sentence": RIGHT[number % len(RIGHT)]})
        return [text if number % 5 == 4 else wrapped, wrapped[: number % 60 or None], right]

    return ScriptedChat(said)


MODELS = {"infill": infill, "chat": chat}
JOBS = ("write", "complete", "line")
N_EXAMPLES = max(25, int(os.environ.get("CODENOOK_FUZZ", "0")) // (len(SOURCES) * len(MODELS) * len(JOBS)))


def leaves(language, text):
    """The code: all leaves of the tree but comments and, in Python, docstrings."""
    found, to_visit = [], [parse(language_named(language), encode(text)).root]
    while to_visit:
        node = to_visit.pop()
        if "comment" in node.type or (node.type == "string" and node.parent.type == "expression_statement"):
            continue
        found += [] if node.children else [node.text.strip()]
        to_visit += reversed(node.children)
    return [leaf for leaf in found if leaf]


def check_code(language, before, after):
    """The code is what it was, and no row but comments' is new."""
    assert leaves(language, after) == leaves(language, before)
    assert re.findall("[^\\w\\s]*\\bgo:\\w+.*", after) == re.findall("[^\\w\\s]*\\bgo:\\w+.*", before)
    following = iter(after.split("\n"))
    kept = [row for row in before.split("\n") if not row.rstrip().endswith("*/")]
    assert all(row in following for row in kept), "a row that was there is gone"
    if language == "python":
        trees = [ast.parse(text) for text in (before, after)]
        for node in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            node.body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        assert ast.dump(trees[0]) == ast.dump(trees[1])


def check_words(result, after, before):
    """What is new is text that anybody can read, and what is told of it is there."""
    new = result.edit.text
    assert not re.search(
        "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\ufeff]", new
    )
    assert new.encode()
    flat = " ".join(re.sub(r"(?m)^\s*(?:\*|///?|//!|#)?", " ", after).split())
    for words in result.words:
        assert "\n" not in words.text
        assert " ".join(words.text.split()) in flat
    for order in ("noqa", "type: ignore", "NOLINT", "ts-ignore", "eslint-disable", "go:build", "pragma:"):
        assert after.count(order) == before.count(order)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("job", ["write", "complete"])
@pytest.mark.parametrize("language", SOURCES)
@settings(deadline=None, max_examples=N_EXAMPLES, suppress_health_check=list(HealthCheck))
@given(answers=ANSWERS)
def test_no_answer_gets_into_code_or_into_what_people_wrote(language, job, model, answers):
    source = SOURCES[language]
    text = source.documented if job == "complete" else source.code
    result = comment_on(MODELS[model](answers), text, source.symbol, language)
    assert (result.edit is None) == (result.reason is not None)
    if result.edit is None:
        assert result.message
        return
    after = result.edit.apply(text)
    check_code(language, text, after)
    check_words(result, after, text)
    subject = next(
        each
        for each in subjects(parse(language_named(language), encode(after)))
        if each.symbol == source.symbol
    )
    _, parts = read(language, subject.doc)
    assert {name for item in parts.parameters for name in item.names} <= {*source.names}
    assert {item.name for item in parts.raises} <= {*subject.raises}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("language", SOURCES)
@settings(deadline=None, max_examples=N_EXAMPLES, suppress_health_check=list(HealthCheck))
@given(answers=ANSWERS)
def test_no_answer_gets_out_of_a_comment_above_a_line(language, model, answers):
    source = SOURCES[language]
    lines = Lines(source.line, source.line)
    result = comment_on(MODELS[model](answers), source.code, "", language, lines=lines)
    assert (result.edit is None) == (result.reason is not None)
    if result.edit is None:
        assert result.message
        return
    after = result.edit.apply(source.code)
    check_code(language, source.code, after)
    check_words(result, after, source.code)
    assert after.count("\n") == source.code.count("\n") + 1
    assert after.split("\n")[source.line - 1].strip().startswith(("# ", "// ", "/* "))
