"""Puts tests into a test class of JUnit 5."""

import re
from collections.abc import Iterator, Sequence

from tree_sitter import Node

from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.unit_tests.case import Check, Kind, Test
from codenook.server.unit_tests.frameworks.added import bare, camel, comments, free, indented, with_added
from codenook.server.unit_tests.frameworks.framework import Rendered, TestFile

_INDENT = "    "
_API = "org.junit.jupiter.api"


def render(file: TestFile, package: str, class_name: str, tests: Sequence[Test]) -> Rendered:
    """The file with the tests at the end of its first class; a new one has ``class_name`` in ``package``."""
    text = bare(file.text)
    at, known, body = _read(text)
    holder = text_of(body.parent.child_by_field_name("name")) if body and body.parent else class_name
    taken = (
        {text_of(each.child_by_field_name("name")) for each in body.named_children} if body else set[str]()
    )
    named = [(free(_name(test.name), taken), test) for test in tests]
    block = "\n\n".join(_test(name, test) for name, test in named)
    wanted = [f"import {_API}.Test;", *(each for test in tests for each in _imports(test))]
    missing = [each for each in dict.fromkeys(wanted) if each not in known and _starred(each) not in known]
    names = tuple(f"{f'{package}.' if package else ''}{holder}#{name}" for name, _ in named)
    if body is None:
        return Rendered(_new(package, class_name, missing, block), names)
    source = encode(text)
    end = len(source[: body.end_byte - 1].decode("utf-8", "replace"))
    while text[:end].endswith((" ", "\t")):
        end -= 1
    gap = "\n" if any(child.type.endswith("declaration") for child in body.named_children) else ""
    start = "" if text[:end].endswith("\n") else "\n"
    added = f"{start}{gap}{block}\n" if block else ""
    return Rendered(with_added(file.text, "".join(f"{each}\n" for each in missing), at, added, end), names)


def _new(package: str, class_name: str, imports: Sequence[str], block: str) -> str:
    static = sorted(each for each in imports if each.startswith("import static"))
    plain = sorted(each for each in imports if not each.startswith("import static"))
    head = [f"package {package};"] if package else []
    parts = ["\n".join(part) for part in (head, static, plain) if part]
    return "\n\n".join((*parts, f"class {class_name} {{\n{block}\n}}")) + "\n"


def _read(text: str) -> tuple[int, set[str], Node | None]:
    """Where imports go, those that are there, and the body of the first class."""
    language = language_named("java")
    source = encode(text)
    at, known = 0, set[str]()
    for node in parse(language, source).root.named_children if language else ():
        if node.type in {"package_declaration", "import_declaration"}:
            found = source.find(b"\n", node.end_byte)
            at = found + 1 if found >= 0 else len(source)
            known.add(re.sub(r"\s+", " ", text_of(node)))
        elif node.type == "class_declaration":
            return len(source[:at].decode("utf-8", "replace")), known, node.child_by_field_name("body")
    return len(source[:at].decode("utf-8", "replace")), known, None


def _starred(statement: str) -> str:
    return re.sub(r"\.\w+;$", ".*;", statement)


def _imports(test: Test) -> Iterator[str]:
    yield from test.imports
    for check in test.checks:
        yield f"import static {_API}.Assertions.{_assertion(check)};"


def _assertion(check: Check) -> str:
    if check.kind is Kind.RAISES:
        return "assertThrows"
    names = {"true": "assertTrue", "false": "assertFalse", "null": "assertNull"}
    array = "assertArrayEquals" if re.match(r"new [\w.]+\[\]", check.expected) else "assertEquals"
    return names.get(check.expected, array)


def _name(words: str) -> str:
    name = camel(words)
    return name if name and not name[0].isdecimal() else f"test{name}"


def _test(name: str, test: Test) -> str:
    lines = (
        [test.body.strip()] if test.body else [*comments(test), *test.statements, *map(_check, test.checks)]
    )
    inner = indented(lines, _INDENT)
    return indented([f"@Test\nvoid {name}() throws Exception {{\n{inner}\n}}"], _INDENT)


def _check(check: Check) -> str:
    assertion = _assertion(check)
    match assertion:
        case "assertThrows":
            return f"assertThrows({check.expected}.class, () -> {check.actual});"
        case "assertEquals" if check.kind is Kind.CLOSE:
            return f"assertEquals({check.expected}, {check.actual}, 1e-9);"
        case "assertEquals" | "assertArrayEquals":
            return f"{assertion}({check.expected}, {check.actual});"
        case _:
            return f"{assertion}({check.actual});"
