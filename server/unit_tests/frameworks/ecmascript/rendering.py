"""Writes tests into a file: a new one, or one that is there and keeps every byte."""

import re
from collections.abc import Sequence
from textwrap import dedent

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.server.unit_tests.case import Test
from codenook.server.unit_tests.frameworks.ecmascript.checks import Written
from codenook.server.unit_tests.frameworks.ecmascript.exports import How, Reached
from codenook.server.unit_tests.frameworks.ecmascript.importing import needs_of
from codenook.server.unit_tests.frameworks.ecmascript.imports import Edit, Need, added, imported
from codenook.server.unit_tests.frameworks.ecmascript.package import Modules
from codenook.server.unit_tests.frameworks.ecmascript.style import Style, test_calls
from codenook.server.unit_tests.frameworks.ecmascript.syntax import parsed_file, string, text
from codenook.server.unit_tests.frameworks.framework import Rendered

SEPARATOR = " > "
"""Between the titles of groups and that of a test, in what a run calls it."""

_AWAITS = re.compile(r"\bawait\b")
_HAZARDS = ("(", "[", "`", "+", "-", "/")


@frozen
class Dialect:
    """What the tests of a framework are written with.

    ``module`` is where its words are imported from, ``always`` what each test file needs besides.
    """

    module: str
    check: Written
    always: tuple[Need, ...] = ()
    words: tuple[str, ...] = ()


@frozen
class Page:
    """A test file to write into: ``before`` is its text so far, None when it is new."""

    path: str
    before: str | None
    style: Style
    modules: Modules
    dialect: Dialect

    def render(
        self, reached: Reached, module: str, target: str, symbol: str, tests: Sequence[Test]
    ) -> Rendered:
        """The file with ``tests`` of what is ``reached`` by importing ``module``, which is ``target``."""
        parsed = parsed_file(self.path, self.before or "")
        place = _Place.of(parsed, reached, symbol) if self.before and self.before.strip() else _Place()
        groups = place.titles
        is_grouped = not groups and self.style.has_describe
        if is_grouped:
            groups = (symbol,)
        titles = _titles(tests, _taken(parsed))
        depth = len(place.titles) + is_grouped
        cases = [self._case(test, title, depth) for test, title in zip(tests, titles, strict=True)]
        content = f"{self.style.newline}{self.style.newline}".join(cases)
        if is_grouped:
            content = self._group(symbol, content, depth - 1)
        needs = self._needs(reached, module, is_grouped=is_grouped)
        lines = list(dict.fromkeys(line for test in tests for line in test.imports))
        more, others = needs_of(lines, self.path, target, module)
        needs += more
        names = tuple(SEPARATOR.join((*groups, title)) for title in titles)
        if self.before is None or not self.before.strip():
            lines = [*imported(needs, self.style, self.modules), *self._statements(others)]
            head = self.style.newline.join(lines)
            newline = self.style.newline
            return Rendered(f"{head}{newline}{newline}{content}{newline}", names)
        return Rendered(self._inserted(parsed, place, needs, others, content), names)

    def _inserted(
        self, parsed: Parsed, place: "_Place", needs: Sequence[Need], others: Sequence[str], content: str
    ) -> str:
        newline, source = self.style.newline, parsed.source
        edits = added(needs, parsed, self.style, self.modules)
        extra = [line for line in self._statements(others) if line.encode() not in source]
        at = place.at if place.at is not None else len(source)
        if place.at is None:
            gap = "" if source.endswith(b"\n") else newline
            edits.append(Edit(at, f"{gap}{newline}{content}{newline}"))
        else:
            edits.append(Edit(at, f"{newline}{content}{newline}"))
        if extra:
            first = min(edits, key=lambda edit: edit.at)
            is_head = first.at < at
            where = first.at if is_head else 0
            edits.append(
                Edit(where, f"{newline}{newline.join(extra)}" if is_head else newline.join(extra) + newline)
            )
        for edit in sorted(edits, key=lambda edit: -edit.at):
            source = source[: edit.at] + edit.text.encode("utf-8", "replace") + source[edit.at :]
        return source.decode("utf-8", "replace")

    def _needs(self, reached: Reached, module: str, *, is_grouped: bool) -> list[Need]:
        words = ["describe"] if is_grouped else []
        words.append(self.style.word)
        needs = list(self.dialect.always)
        if not self.style.is_global:
            needs += [
                Need(self.dialect.module, How.NAMED, word, word) for word in (*words, *self.dialect.words)
            ]
        export = reached.export
        needs.append(Need(module, export.how, export.name, reached.binding))
        return needs

    def _case(self, test: Test, title: str, depth: int) -> str:
        style = self.style
        lines = (
            dedent(test.body.strip("\n")).splitlines()
            if test.body
            else self._statements(
                [*test.statements, *(self.dialect.check(each, style) for each in test.checks)]
            )
        )
        lines = lines if test.body else [part for line in lines for part in line.splitlines()]
        awaits = "async " if any(_AWAITS.search(line) for line in lines) else ""
        whole = [
            f"{style.word}({style.quoted(title)}, {awaits}() => {{",
            *(f"{style.indent}{line}" if line.strip() else "" for line in lines),
            f"}}){style.end}",
        ]
        return style.newline.join(f"{style.indent * depth}{line}" if line else "" for line in whole)

    def _group(self, title: str, content: str, depth: int) -> str:
        style, outer = self.style, self.style.indent * depth
        head = f"{outer}describe({style.quoted(title)}, () => {{"
        return style.newline.join([head, content, f"{outer}}}){style.end}"])

    def _statements(self, codes: Sequence[str]) -> list[str]:
        style = self.style
        found = []
        for code in codes:
            line = style.requoted(code.strip().removesuffix(";"))
            hazard = ";" if not style.has_semicolons and line.startswith(_HAZARDS) else ""
            found.append(f"{hazard}{line}" + ("" if line.endswith("}") and _is_block(line) else style.end))
        return found


def _is_block(line: str) -> bool:
    return bool(re.match(r"(?:if|for|while|try|function|class)\b", line))


@frozen
class _Place:
    """Where tests go in a file: before the byte ``at`` inside of groups with ``titles``; its end for None."""

    at: int | None = None
    titles: tuple[str, ...] = ()

    @classmethod
    def of(cls, parsed: Parsed, reached: Reached, symbol: str) -> "_Place":
        """The group that is named for the target, or the only one that the file has."""
        groups = [node for word, node in test_calls(parsed.root) if word == "describe"]
        outermost = [group for group in groups if _holders(group) == ()]
        loose = [n for w, n in test_calls(parsed.root) if w != "describe" and _holders(n) == ()]
        wanted = {symbol, symbol.rpartition(".")[2], reached.binding, f"{symbol}()", f"#{reached.member}"}
        named = [group for group in groups if _title(group) in wanted]
        if not named and len(outermost) == 1 and not loose:
            named = outermost
        body = _body(named[0]) if named else None
        if body is None:
            return cls()
        line = parsed.source.rfind(b"\n", 0, body.end_byte - 1) + 1
        is_own_line = not parsed.source[line : body.end_byte - 1].strip()
        if not is_own_line:
            return cls()
        return cls(line, (*_holders(named[0]), _title(named[0])))


def _title(call: Node) -> str:
    arguments = call.child_by_field_name("arguments")
    return (string(arguments.named_children[0]) if arguments else None) or ""


def _holders(node: Node) -> tuple[str, ...]:
    """The titles of the groups around a node, the outermost first."""
    found: list[str] = []
    above = node.parent
    while above:
        called = above.child_by_field_name("function") if above.type == "call_expression" else None
        if called and text(called).partition(".")[0] in {"describe", "suite"}:
            found.insert(0, _title(above))
        above = above.parent
    return tuple(found)


def _body(group: Node) -> Node | None:
    arguments = group.child_by_field_name("arguments")
    functions = (
        [node for node in arguments.named_children if node.child_by_field_name("body")] if arguments else []
    )
    body = functions[-1].child_by_field_name("body") if functions else None
    return body if body and body.type == "statement_block" else None


def _taken(parsed: Parsed) -> set[str]:
    return {_title(node) for _, node in test_calls(parsed.root)}


def _titles(tests: Sequence[Test], taken: set[str]) -> list[str]:
    """The names as titles in plain words, each another one."""
    found: list[str] = []
    seen = set(taken)
    for test in tests:
        plain = re.sub(r"\s+", " ", test.name.replace("_", " ")).strip() or "test"
        title, number = plain, 2
        while title in seen:
            title, number = f"{plain} ({number})", number + 1
        seen.add(title)
        found.append(title)
    return found
