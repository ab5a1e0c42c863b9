"""The kit of JavaScript and TypeScript: see `kits.kit.Kit`."""

from collections.abc import Sequence
from functools import cached_property

from attrs import evolve, frozen
from tree_sitter import Node

from codenook.context.manager import ContextManager
from codenook.context.outline import Definition, Kind
from codenook.context.parse import Parsed
from codenook.server.unit_tests.case import Call, Observed, Origin, Test
from codenook.server.unit_tests.frameworks.ecmascript.definitions import function_node, signature_node
from codenook.server.unit_tests.frameworks.ecmascript.exports import Reached, exports_of, reached
from codenook.server.unit_tests.frameworks.ecmascript.importing import import_line
from codenook.server.unit_tests.frameworks.ecmascript.syntax import parsed_file
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.kits.ecmascript import examples
from codenook.server.unit_tests.kits.ecmascript.arguments import argument_nodes, names_in
from codenook.server.unit_tests.kits.ecmascript.calls import read
from codenook.server.unit_tests.kits.ecmascript.inputs import calls_by_types, receivers_of
from codenook.server.unit_tests.kits.ecmascript.naming import name_of
from codenook.server.unit_tests.kits.ecmascript.observing import observe
from codenook.server.unit_tests.kits.ecmascript.parameters import doc_above
from codenook.server.unit_tests.kits.ecmascript.values import Values
from codenook.server.unit_tests.target import Target


@frozen(slots=False)
class _Subject:
    """A target, read."""

    target: Target

    @cached_property
    def parsed(self) -> Parsed:
        return parsed_file(self.target.path, self.target.text)

    @cached_property
    def reached(self) -> Reached:
        return reached(self.target, self.parsed)

    @cached_property
    def class_(self) -> Node | None:
        """The class that the target is, or is a method of."""
        definition = self.target.definition
        if definition.kind is Kind.CLASS:
            return function_node(self.parsed, definition)
        node = self.function
        while node is not None and node.type not in {
            "class_declaration",
            "abstract_class_declaration",
            "class",
        }:
            node = node.parent
        return node

    @cached_property
    def function(self) -> Node | None:
        """The function that a call of the target runs."""
        definition: Definition = self.target.definition
        node = function_node(self.parsed, definition)
        if definition.kind is not Kind.CLASS or node is None:
            return node or signature_node(self.parsed, definition)
        body = node.child_by_field_name("body")
        members = body.named_children if body else []
        return next((each for each in members if _name(each) == "constructor"), None)

    @cached_property
    def exported(self) -> frozenset[str]:
        """Names that the target's file exports under their own."""
        return frozenset(export.name for export in exports_of(self.parsed) if export.name == export.local) | {
            self.reached.binding
        }


@frozen
class EcmaScriptKit:
    """Inputs by rule for JavaScript and TypeScript, what comes of them, and tests that say so."""

    async def calls(self, target: Target, project: Project, known: ContextManager) -> Sequence[Call]:
        """See `Kit.calls`."""
        subject = _Subject(target)
        names = subject.exported
        doc_of = subject.function or subject.class_
        doc = doc_above(doc_of) if doc_of else ""
        line = target.text.count("\n", 0, max(target.text.find(doc), 0)) + 1 if doc else 1
        found = [*examples.in_doc(doc, line, target, subject.reached, names)]
        found += examples.in_readme(target, subject.reached, names)
        found += (
            await known.ask(lambda code: examples.in_workspace(code, target, subject.reached, names)) or []
        )
        found += calls_by_types(subject.function, subject.reached, Values.of(subject.parsed), subject.class_)
        unique: dict[tuple[str, str, tuple[str, ...]], Call] = {}
        for call in found:
            key = (call.receiver, call.arguments, call.setup)
            held = unique.get(key)
            if held is None or (call.expected and not held.expected):
                unique[key] = call
        return [self._with_imports(call, subject, project) for call in unique.values()]

    def read_call(self, target: Target, written: str) -> Call | None:
        """See `Kit.read_call`."""
        subject = _Subject(target)
        found = read(written, subject.reached, subject.exported)
        if found is None:
            return None
        receiver = found.receiver
        if subject.reached.member and not subject.reached.is_static and not receiver:
            receiver = receivers_of(subject.reached.binding, subject.class_, Values.of(subject.parsed))[0]
        return Call(
            found.arguments, Origin.MODEL, receiver=receiver, setup=found.setup, expected=found.expected
        )

    async def observed(self, target: Target, project: Project, calls: Sequence[Call]) -> Sequence[Observed]:
        """See `Kit.observed`."""
        found = await observe(target, project, calls)
        subject = _Subject(target)
        return [
            evolve(each, call=self._with_imports(each.call, subject, project)) if each.checks else each
            for each in found
        ]

    def tests(self, target: Target, observed: Sequence[Observed]) -> Sequence[Test]:
        """See `Kit.tests`."""
        binding = reached(target)
        found: list[Test] = []
        taken: dict[str, int] = {}
        for each in observed:
            if not each.checks:
                continue
            name = name_of(each, binding)
            taken[name] = taken.get(name, 0) + 1
            call = each.call
            found.append(
                Test(
                    name if taken[name] == 1 else f"{name}_{taken[name]}",
                    call.origin,
                    statements=call.setup,
                    checks=each.checks,
                    imports=tuple(dict.fromkeys([*call.imports, *each.imports])),
                    evidence=call.evidence,
                    is_reasoned=bool(each.agrees),
                )
            )
        return found

    def _with_imports(self, call: Call, subject: _Subject, project: Project) -> Call:
        """The call with imports of what else it reads of the target's file."""
        code = ", ".join(part for part in (call.receiver, call.arguments) if part)
        read_names = names_in(argument_nodes(code))
        read_names |= {name for name in subject.exported if any(name in line for line in call.setup)}
        names = sorted(read_names & subject.exported - {subject.reached.binding})
        return evolve(call, imports=tuple(import_line(name, subject.target, project) for name in names))


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    return (name.text or b"").decode("utf-8", "replace") if name else ""
