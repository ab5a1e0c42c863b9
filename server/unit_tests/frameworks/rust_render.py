"""Puts tests into a test file of Rust, in the form that rustfmt gives them."""

import re
from collections.abc import Iterator, Sequence

from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.unit_tests.case import Check, Kind, Test
from codenook.server.unit_tests.frameworks.added import bare, comments, free, indented, with_added
from codenook.server.unit_tests.frameworks.framework import Rendered, TestFile
from codenook.server.unit_tests.frameworks.rust_texts import text_literal

_WORD = re.compile(r"\w+")
_INDENT = "    "
_WIDTH = 100
_MOST_NAME_CHARS = 60


def render(file: TestFile, imports: Sequence[str], tests: Sequence[Test]) -> Rendered:
    """The file with the tests at its end, and with what it doesn't import yet behind its other imports."""
    text = bare(file.text)
    at, known, taken = _read(text)
    wanted = [*imports, *(each for test in tests for each in test.imports)]
    missing = [each for each in dict.fromkeys(wanted) if _plain(each) not in known]
    taken |= {name for each in wanted for name in _WORD.findall(each)}
    named = [(free(_name(test.name), taken), test) for test in tests]
    block = "\n\n".join(_test(name, test) for name, test in named)
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    lines = "".join(f"{each}\n" for each in missing)
    if missing and not text:
        lines += "\n"
    elif missing and not at:
        lines += "" if text.startswith("\n") else "\n"
    tests_text = f"{gap}{block}\n" if block else ""
    result = with_added(file.text, lines, at, tests_text, len(text))
    return Rendered(result, tuple(name for name, _ in named))


def _read(text: str) -> tuple[int, set[str], set[str]]:
    """Where imports go, those that are there, and the names that are taken."""
    language = language_named("rust")
    if language is None:
        return 0, set(), set()
    source = encode(text)
    parsed = parse(language, source)
    known = {f"use{each.module}::{each.name};" for each in language.reader.imports(parsed)}
    at, taken = 0, {each.binds for each in language.reader.imports(parsed)}
    for node in parsed.root.named_children:
        if node.type in {"use_declaration", "inner_attribute_item"}:
            end = source.find(b"\n", node.end_byte)
            at = end + 1 if end >= 0 else len(source)
        elif name := node.child_by_field_name("name"):
            taken.add(text_of(name))
    return len(source[:at].decode("utf-8", "replace")), known, taken


def _plain(statement: str) -> str:
    return re.sub(r"\s+", "", statement)


def _name(words: str) -> str:
    name = re.sub(r"\W+", "_", words, flags=re.ASCII).strip("_").lower()[:_MOST_NAME_CHARS].rstrip("_")
    return name if name and not name[0].isdecimal() else f"test_{name}".rstrip("_")


def _test(name: str, test: Test) -> str:
    if test.body:
        return f"#[test]\nfn {name}() {{\n{indented([test.body.strip()], _INDENT)}\n}}"
    lines = [*comments(test), *test.statements, *(line for check in test.checks for line in _check(check))]
    return "\n".join([*_attributes(test), f"fn {name}() {{", indented(lines, _INDENT), "}"])


def _attributes(test: Test) -> Iterator[str]:
    yield "#[test]"
    for check in test.checks:
        if check.kind is Kind.RAISES:
            message = f"(expected = {text_literal(check.message)})" if check.message else ""
            yield f"#[should_panic{message}]"


def _check(check: Check) -> Iterator[str]:
    match check.kind, check.expected:
        case Kind.RAISES, _:
            yield f"let _ = {check.actual};"
        case _, "true":
            yield f"assert!({check.actual});"
        case _, "false":
            yield f"assert!(!{check.actual});"
        case Kind.CLOSE, _:
            yield f"assert!(({check.actual} - ({check.expected})).abs() < 1e-9);"
        case _:
            line = f"assert_eq!({check.actual}, {check.expected});"
            if len(line) + len(_INDENT) <= _WIDTH:
                yield line
            else:
                yield f"assert_eq!(\n{_INDENT}{check.actual},\n{_INDENT}{check.expected}\n);"
