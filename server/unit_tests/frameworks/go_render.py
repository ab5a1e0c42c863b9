"""Puts tests into a test file of Go, in the form that gofmt gives them."""

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.unit_tests.case import Check, Kind, Test
from codenook.server.unit_tests.frameworks.added import bare, camel, comments, free, indented, with_added
from codenook.server.unit_tests.frameworks.framework import Rendered, TestFile

_COMPOSITE = re.compile(r"&|\[|map\[|struct\b|[\w.]+\{")


def render(file: TestFile, package: str, tests: Sequence[Test]) -> Rendered:
    """The file with the tests at its end; a new one is in ``package``."""
    text = bare(file.text)
    at, known, taken, group = _read(text)
    named = [(free(_name(test.name), taken), test) for test in tests]
    block = "\n\n".join(_test(name, test) for name, test in named)
    wanted = ['"testing"', *(each for test in tests for each in _imports(test))]
    missing = sorted({each for each in wanted if each not in known}) if tests else []
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    if not text:
        head, at = f"package {package}\n\n{_import(missing)}\n", 0
    elif group:
        head = "".join(f"\t{each}\n" for each in missing)
    else:
        head = f"\n{_import(missing)}" if missing and not known else _import(missing)
    result = with_added(file.text, head, at, f"{gap}{block}\n" if block else "", len(text))
    return Rendered(result, tuple(name for name, _ in named))


def _read(text: str) -> tuple[int, set[str], set[str], bool]:
    """Where imports go, those that are there, names that are taken, and whether imports are in brackets."""
    language = language_named("go")
    source = encode(text)
    at, known, taken, group = 0, set[str](), set[str](), False
    for node in parse(language, source).root.named_children if language else ():
        if node.type == "package_clause":
            at = _next_line(source, node.end_byte)
        elif node.type == "import_declaration":
            listed = next((each for each in node.named_children if each.type == "import_spec_list"), None)
            known |= {text_of(each.child_by_field_name("path")) for each in _specs(listed or node)}
            group = listed is not None
            at = listed.end_byte - 1 if listed else _next_line(source, node.end_byte)
        elif name := node.child_by_field_name("name"):
            taken.add(text_of(name))
    return len(source[:at].decode("utf-8", "replace")), known, taken, group


def _specs(node: Node) -> Iterator[Node]:
    yield from (each for each in node.named_children if each.type == "import_spec")


def _next_line(source: bytes, end: int) -> int:
    found = source.find(b"\n", end)
    return found + 1 if found >= 0 else len(source)


def _import(paths: Sequence[str]) -> str:
    if len(paths) < 2:  # noqa: PLR2004 - brackets are for several
        return "".join(f"import {each}\n" for each in paths)
    return "import (\n" + "".join(f"\t{each}\n" for each in paths) + ")\n"


def _imports(test: Test) -> Iterator[str]:
    yield from (match for each in test.imports for match in re.findall(r'"[^"]+"', each))
    if any(_is_composite(check) for check in test.checks):
        yield '"reflect"'


def _is_composite(check: Check) -> bool:
    return check.kind is Kind.EQUAL and bool(_COMPOSITE.match(check.expected))


def _name(words: str) -> str:
    name = camel(words)
    return f"Test{name[:1].upper()}{name[1:]}"


def _test(name: str, test: Test) -> str:
    lines = [test.body.strip()] if test.body else [*comments(test), *test.statements]
    if not test.body:
        lines += [line for check in test.checks for line in _check(check)]
    return f"func {name}(t *testing.T) {{\n{indented(lines, chr(9))}\n}}"


def _check(check: Check) -> Iterator[str]:
    actual, expected = check.actual, check.expected
    if check.kind is Kind.RAISES:
        yield 'defer func() {\n\tif recover() == nil {\n\t\tt.Error("it doesn\'t panic")\n\t}\n}()'
        yield actual
        return
    if expected in {"true", "false"}:
        yield f"if got := {actual}; got != {expected} {{"
    elif _is_composite(check):
        yield f"if got, want := {actual}, {expected}; !reflect.DeepEqual(got, want) {{"
        yield '\tt.Errorf("got %#v, want %#v", got, want)\n}'
        return
    elif check.kind is Kind.CLOSE:
        yield f"if got := {actual}; got-({expected}) > 1e-9 || ({expected})-got > 1e-9 {{"
    else:
        yield f"if got := {actual}; got != {expected} {{"
    yield f'\tt.Errorf("got %#v, want %#v", got, {expected})\n}}'
