"""Whole tests as a model answers with them: looked at, and made ready for the framework."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from attrs import define, evolve, field

from codenook.context.parse import encode, language_named, parse
from codenook.server.tasks.jobs import Refused
from codenook.server.unit_tests.case import Origin, Test
from codenook.server.unit_tests.frameworks.framework import TestFile
from codenook.server.unit_tests.making.bodies import rules
from codenook.server.unit_tests.making.bodies.body import Body, first
from codenook.server.unit_tests.making.questions import plain
from codenook.server.unit_tests.making.refusals import Refusal
from codenook.server.unit_tests.target import Target

OF_PYTEST = frozenset({"tmp_path", "capsys", "caplog", "recwarn", "tmpdir", "capfd"})
"""Fixtures that pytest has itself, and that replace nothing."""


@define(eq=False)
class WholeTests:
    """Reads whole tests of one target; what was read before isn't read again.

    ``head`` is the file's text with a test in it, which has the import of the target.
    """

    target: Target
    file: TestFile
    framework: str
    head: str
    model: str
    _seen: set[str] = field(factory=set, init=False)

    def read(self, item: Mapping[str, Any]) -> Test | Refused:
        """The test of an answer's item, or why it isn't tried."""
        imports = tuple(dict.fromkeys(line.strip() for line in item["imports"]))
        body = rules.read(self.target, item["body"], imports)
        if isinstance(body, Refused):
            return body
        imports += tuple(self._lacking(body))
        fixtures = self._used(body, item["fixtures"])
        if isinstance(fixtures, Refused):
            return fixtures
        body = evolve(body, imported={**body.imported, **dict.fromkeys(self._siblings(body), "")})
        if (refused := rules.refusal(body, self.target, self._known() | {*fixtures})) is not None:
            return refused
        bare = "".join(body.text.split())
        if bare in self._seen or bare in "".join((self.file.text or "").split()):
            return Refused(Refusal.KNOWN, "This test is there already.")
        self._seen.add(bare)
        return Test(
            _name(item["name"]),
            Origin.MODEL,
            body=body.text,
            imports=imports,
            fixtures=fixtures,
            evidence=f"{self.model}: {plain(item['why'])}".removesuffix(": "),
            is_reasoned=True,
        )

    def _used(self, body: Body, declared: Sequence[str]) -> tuple[str, ...] | Refused:
        """The fixtures that a test reads, whether it says so or not; one that isn't there is refused."""
        there = {each.name for each in self.file.fixtures}
        if self.framework == "pytest":
            there |= OF_PYTEST
        wanted = dict.fromkeys([*declared, *body.parameters])
        unknown = next((each for each in wanted if each not in there), None)
        if unknown is not None:
            return Refused(Refusal.UNKNOWN_FIXTURE, f"There is no fixture `{unknown[:60]}`.")
        read = {first(each) for each in body.read} - body.made
        return tuple(each for each in [*wanted, *sorted(there - wanted.keys())] if each in read)

    def _siblings(self, body: Body) -> list[str]:
        """Names that the target's file defines besides the target, and that a test reads."""
        if self.target.language != "python" or not self._module():
            return []
        defined = _top_level(self.target.language, self.target.text)
        there = self._known() | body.made | body.imported.keys() | {first(self.target.symbol)}
        return sorted(({first(each) for each in body.read} & defined) - there)

    def _lacking(self, body: Body) -> Iterable[str]:
        """The imports of these."""
        return (f"from {self._module()} import {name}" for name in self._siblings(body))

    def _module(self) -> str:
        """The module that the target is imported from, as the framework writes it."""
        name = re.escape(first(self.target.symbol))
        found = re.search(rf"^from (\S+) import (?:\([^)]{{0,2000}}|.*)\b{name}\b", self.head, re.MULTILINE)
        return found.group(1) if found else ""

    def _known(self) -> frozenset[str]:
        return _top_level(self.target.language, self.file.text or "")


def _top_level(language_id: str, text: str) -> frozenset[str]:
    """The names that a file has at its top level."""
    language = language_named(language_id)
    if language is None or not text:
        return frozenset()
    outline = language.reader.outline(parse(language, encode(text)))
    defined = (each.name for each in outline.definitions if not each.parent)
    return frozenset([*defined, *(each.binds for each in outline.imports if each.binds)])


def _name(text: str) -> str:
    """A test's name in snake case, without a prefix."""
    words = re.findall(r"[A-Za-z]+|\d+", re.sub(r"(?<=[a-z\d])(?=[A-Z])", " ", text))
    name = "_".join(words).lower().removeprefix("test_")
    return name if name and name != "test" else "it"
