"""What helps with a definition or a change: what it reads, who reads it, the types it takes, its tests.

A table says which reasons count for which task; what is found for them is chosen from as for a completion.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property

from attrs import frozen

from codenook.context.bodies import whole
from codenook.context.code import Code, outline_of
from codenook.context.offers import Offer, Sources
from codenook.context.outline import Definition, Kind
from codenook.context.parse import Language, Parsed, encode, language_named, parse
from codenook.context.reading import Chain
from codenook.context.resolve import Scope, Target, View
from codenook.context.snippets import Why
from codenook.context.usage import Use, is_test, usages


class Task(StrEnum):
    """The jobs that context is chosen for."""

    COMPLETION = "completion"
    COMMENT = "comment"
    REVIEW = "review"
    UNIT_TESTS = "unit-tests"
    TRANSLATION = "translation"


_WORTH: Mapping[Task, Mapping[Why, float]] = {
    Task.COMMENT: {Why.CALLEE: 1.6, Why.CALLER: 1.2, Why.BASE_CLASS: 0.8},
    Task.REVIEW: {Why.CALLER: 1.6, Why.TEST: 1.2, Why.CALLEE: 0.8},
    Task.UNIT_TESTS: {Why.TYPE_IN_SCOPE: 2.0, Why.TEST: 1.6, Why.CALLEE: 1.0},
    Task.TRANSLATION: {Why.CALLEE: 2.0, Why.TYPE_IN_SCOPE: 2.0, Why.BASE_CLASS: 1.2},
}
"""What a task has of each reason, on the scale of the worths of a completion."""

_WITH_BODIES = {Why.CALLER, Why.TEST}
"""What says little by its signature: how it reads the definition is what helps."""

_CLASSES = {Kind.CLASS, Kind.INTERFACE}
_CALLABLE = {Kind.FUNCTION, Kind.METHOD}
_CONSTRUCTORS = {"__init__", "__new__", "__post_init__", "constructor", "new", "New"}
_SHARED_FIXTURES = "conftest.py"
_N_NEIGHBOURS = 6
"""Tests that are shown for their manner, where none reads the definition itself."""


@frozen(eq=False)
class Subject:
    """A definition that a task is about, and the bytes of its document that count: all of it, or a change."""

    code: Code
    sources: Sources
    parsed: Parsed
    view: View
    definition: Definition
    within: tuple[int, int]

    @cached_property
    def target(self) -> Target:
        """The definition as others resolve to it."""
        return Target(self.view.path, self.definition)

    @cached_property
    def locals(self) -> Mapping[str, Chain]:
        """What the names that the definition binds stand for."""
        span = self.parsed.span(self.definition.start_line, self.definition.end_line)
        return self.sources.reader.locals(self.parsed, span)

    @cached_property
    def header(self) -> Sequence[Chain]:
        """What a function reads before its body: types that are inside of others as well, and defaults."""
        start, end = self.parsed.span(self.definition.start_line, self.definition.end_line)
        text = self.parsed.source[start:end]
        start += len(text) - len(text.lstrip())
        node = self.parsed.root.descendant_for_byte_range(start, end - len(text) + len(text.rstrip()) - 1)
        while node is not None and node.child_by_field_name("body") is None:
            node = node.child_by_field_name("definition") or node.child_by_field_name("declaration")
        body = node and node.child_by_field_name("body")
        if node is None or body is None or self.definition.kind not in _CALLABLE:
            return ()
        read = self.sources.reader.references(self.parsed, (node.start_byte, body.start_byte))
        return [reference.chain for reference in read]

    @cached_property
    def scope(self) -> Scope:
        """How names are read in the definition."""
        reader = self.sources.reader
        is_class = self.definition.kind in _CLASSES
        return Scope(
            self.view,
            owner=self.definition.symbol if is_class else self.definition.parent,
            locals=self.locals,
            implicit_receiver=reader.implicit_receiver,
            receivers=reader.syntax.receivers,
        )

    @cached_property
    def owner(self) -> Target | None:
        """The class that the definition is, or is in."""
        found = self.view.by_symbol.get(self.scope.owner)
        return Target(self.view.path, found) if found else None

    @cached_property
    def uses(self) -> Mapping[Target, Use]:
        """Who reads the definition; of a constructor, who reads its class."""
        is_constructor = self.definition.name in _CONSTRUCTORS and self.owner
        target = self.owner if is_constructor and self.owner else self.target
        return {use.target: use for use in usages(target, self.code, self.sources, self.parsed)}

    def body(self, target: Target) -> Use:
        """More of a function than its signature: where it reads the definition, and all of it, as on disk."""
        if target in self.uses:
            return self.uses[target]
        source = self.code.source(target.path)
        outline = outline_of(target.path, source) if source else None
        found = View(target.path, outline).by_symbol.get(target.definition.symbol) if outline else None
        return Use(target, "", whole(source, found) if source and found else "")

    def is_around(self, target: Target) -> bool:
        """Whether ``target`` is the definition itself or part of it."""
        symbol = self.definition.symbol
        return target.path == self.view.path and f"{target.definition.symbol}.".startswith(f"{symbol}.")


def offers_for_definition(
    task: Task, code: Code, sources: Sources, view: View, *, text: str, symbol: str
) -> list[Offer]:
    """The offers for a ``task`` on one definition of the document that ``view`` was read from."""
    definition = view.by_symbol.get(symbol)
    if definition is None:
        return []
    parsed = parse(sources.reader.language, encode(text))
    within = parsed.span(definition.start_line, definition.end_line)
    return _offers(task, [Subject(code, sources, parsed, view, definition, within)])


def offers_for_changes(
    code: Code,
    sources_for: Callable[[Language], Sources],
    lines: Mapping[str, Sequence[tuple[int, int]]],
    texts: Mapping[str, str],
) -> list[Offer]:
    """The offers for a review of changed ``lines`` (first and last, from 1) by path.

    ``texts`` are those of open documents; other files are read.
    """
    subjects = []
    for path, changed in lines.items():
        view = code.view(path)
        source = encode(texts[path]) if path in texts else code.source(path)
        language = language_named(view.outline.language) if view else None
        if view is None or source is None or language is None:
            continue
        parsed, sources = parse(language, source), sources_for(language)
        for first, end in changed:
            last = max(first, end)
            for definition in _innermost(view, first, last):
                both = max(first, definition.start_line), min(last, definition.end_line)
                subjects.append(Subject(code, sources, parsed, view, definition, parsed.span(*both)))
    return _offers(Task.REVIEW, subjects)


def definition_at(view: View, line: int) -> Definition | None:
    """The innermost definition around a line."""
    return next(iter(_innermost(view, line, line)), None)


def _offers(task: Task, subjects: Sequence[Subject]) -> list[Offer]:
    finders: Mapping[Why, Callable[[Subject], Iterable[tuple[Target, float]]]] = {
        Why.CALLEE: _callees,
        Why.CALLER: _callers,
        Why.TEST: _tests,
        Why.TYPE_IN_SCOPE: _types,
        Why.BASE_CLASS: _inherited,
    }
    best: dict[Target, Offer] = {}
    for subject in subjects:
        for why, worth in _WORTH[task].items():
            for target, share in finders[why](subject):
                is_better = target not in best or worth * share > best[target].worth
                if not is_better or any(other.is_around(target) for other in subjects):
                    continue
                body = subject.body(target) if why in _WITH_BODIES else Use(target, "", "")
                best[target] = Offer(target, worth * share, why, body.excerpt, body.whole)
    return sorted(
        best.values(),
        key=lambda o: (-o.worth, o.target.path, o.target.definition.start_line, o.target.definition.symbol),
    )


def _callees(subject: Subject) -> Iterator[tuple[Target, float]]:
    reader, resolution = subject.sources.reader, subject.sources.resolution
    chains = dict.fromkeys(r.chain for r in reader.references(subject.parsed, subject.within))
    for chain in chains:
        for value in resolution.values(subject.scope, chain):
            if isinstance(value, Target):
                yield value, 1.0


def _callers(subject: Subject) -> Iterator[tuple[Target, float]]:
    yield from ((caller, 1.0) for caller in subject.uses if not is_test(caller.path))


def _types(subject: Subject) -> Iterator[tuple[Target, float]]:
    """The types that the definition takes and the class it is in, each with what makes an object of it."""
    resolution = subject.sources.resolution
    values = [resolution.value(subject.scope, chain) for chain in subject.locals.values() if chain]
    named = [value for chain in subject.header for value in resolution.values(subject.scope, chain)]
    for type_ in dict.fromkeys([subject.owner, *values, *named]):
        if not isinstance(type_, Target) or type_.definition.kind not in _CLASSES:
            continue
        yield type_, 1.0
        members = [m.definition for m in resolution.members(type_)]
        n_fields = sum(member.kind is Kind.FIELD and member.is_public for member in members)
        for member in resolution.members(type_):
            if member.definition.name in _CONSTRUCTORS:
                yield member, 1.0
            elif member.definition.kind is Kind.FIELD and member.definition.is_public:
                yield member, 4 / (4 + n_fields)


def _inherited(subject: Subject) -> Iterator[tuple[Target, float]]:
    """The classes that the definition's class derives from, and what the definition overrides."""
    if subject.owner is None:
        return
    for base in subject.sources.resolution.ancestors(subject.owner):
        yield base, 1.0
        view = subject.code.view(base.path)
        overridden = view.members(base.definition.symbol).get(subject.definition.name) if view else None
        if overridden:
            yield Target(base.path, overridden), 2.0


def _tests(subject: Subject) -> Iterator[tuple[Target, float]]:
    """The tests that read the definition and what they are given; else some tests of the same module."""
    tests = [reader for reader in subject.uses if is_test(reader.path)] or list(_neighbours(subject))
    for test in tests:
        yield test, 1.0
    for test in tests:
        names = set(re.findall(r"\w+", test.definition.signature)) - {test.definition.name}
        for path in (test.path, *_fixture_files(test.path)):
            view = subject.code.view(path)
            top = view.top if view else {}
            yield from ((Target(path, top[name]), 0.8) for name in sorted(names & top.keys()))


def _neighbours(subject: Subject) -> Iterator[Target]:
    module = re.split(r"[/\\]", subject.view.path)[-1].partition(".")[0]
    folder = subject.view.path.rpartition("/")[0]
    index = subject.sources.index
    importers = index.importers(module, limit=50) if index else []
    paths = [path for path in dict.fromkeys([*importers, *subject.code.in_folder(folder)]) if is_test(path)]
    paths.sort(key=lambda path: (module not in path.rpartition("/")[2], path))
    for path in paths[:1]:
        view = subject.code.view(path)
        functions = [d for d in view.outline.definitions if d.kind in _CALLABLE] if view else []
        yield from (Target(path, definition) for definition in functions[:_N_NEIGHBOURS])


def _fixture_files(path: str) -> Iterator[str]:
    folder = path
    while folder:
        folder = folder.rpartition("/")[0]
        yield f"{folder}/{_SHARED_FIXTURES}" if folder else _SHARED_FIXTURES


def _innermost(view: View, first: int, last: int) -> list[Definition]:
    """The definitions that have one of these lines, without those around others of them."""
    found = [d for d in view.outline.definitions if d.start_line <= last and first <= d.end_line]
    around = {definition.parent for definition in found}
    return [definition for definition in found if definition.symbol not in around]
