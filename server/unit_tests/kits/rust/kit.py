"""The kit for Rust: inputs by type and from documentation, observed with cargo, and tests of that."""

import re
from collections.abc import Sequence

from attrs import frozen

from codenook.context.manager import ContextManager
from codenook.server.unit_tests.case import Call, Check, Kind, Observed, Origin, Test
from codenook.server.unit_tests.frameworks.cargo import Cargo
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.frameworks.rust_texts import text_literal
from codenook.server.unit_tests.kits.bracketed import closing, split
from codenook.server.unit_tests.kits.documented import examples
from codenook.server.unit_tests.kits.rust.observe import Answer, answers
from codenook.server.unit_tests.kits.rust.subject import Source, Subject
from codenook.server.unit_tests.kits.rust.values import combined, near, values
from codenook.server.unit_tests.kits.rust.written import literal
from codenook.server.unit_tests.target import Target

_MOST_CALLS = 24
_MOST_RECEIVERS = 3
_NOT_CALLED = "this isn't a function that can be called by itself"
_NOT_SEEN = "what comes of it is nothing that can be seen"


@frozen(eq=False)
class _Named:
    """Values of the types that the target's file defines."""

    source: Source

    def __call__(self, type_: str) -> list[str]:
        """Values of a type."""
        if type_ == "Self" or not re.fullmatch(r"\w+", type_):
            return []
        found = self.source.variants(type_)
        if self.source.has_default(type_):
            found.append(f"{type_}::default()")
        for maker in self.source.makers(type_):
            given = [values(each, lambda _type: [], 1) for each in maker.parameters]
            made = combined(given, _MOST_RECEIVERS) if given else [""]
            found += [f"{type_}::{maker.name}({arguments})" for arguments in made]
        return found


class RustKit:
    """See `Kit`."""

    async def calls(self, target: Target, project: Project, known: ContextManager) -> Sequence[Call]:  # noqa: ARG002
        """Calls from the documentation, then by the types."""
        source = Source.of(target.text)
        subject = source.subject(target) if source else None
        if source is None or subject is None:
            return ()
        named = _Named(source)
        receivers = named(subject.owner)[:_MOST_RECEIVERS] if subject.takes_self else [""]
        documented = [
            Call(
                example.arguments,
                Origin.DOCTEST,
                evidence=f"{target.path}:{example.line}",
                expected=example.expected,
            )
            for example in examples(target)
            if not subject.takes_self
        ]
        given = [[*near(each, target.source), *values(each, named)] for each in subject.parameters]
        typed = combined(given, _MOST_CALLS) if given else [""]
        imports = _imports(project, subject, [*typed, *receivers])
        by_type = [
            Call(arguments, Origin.TYPES, receiver=receiver, imports=imports)
            for arguments in typed
            for receiver in receivers
        ]
        once: dict[tuple[str, str], Call] = {}
        for call in (*documented, *by_type):
            once.setdefault((call.receiver, call.arguments), call)
        return tuple(once.values())[:_MOST_CALLS]

    def read_call(self, target: Target, written: str) -> Call | None:
        """See `Kit.read_call`."""
        source = Source.of(target.text)
        subject = source.subject(target) if source else None
        match = re.search(r"\bassert(?:_eq)?!\(", written)
        end = closing(written, match.end() - 1) if match else None
        if subject is None or match is None or end is None or subject.takes_self:
            return None
        parts = split(written[match.end() : end])
        called = re.match(rf"(?:[\w:]+::)?{re.escape(subject.name)}\(", parts[0] if parts else "")
        if not called or closing(parts[0], called.end() - 1) != len(parts[0]) - 1:
            return None
        expected = (
            parts[1] if len(parts) > 1 and "_eq" in match[0] else "true" if "_eq" not in match[0] else ""
        )
        return Call(parts[0][called.end() : -1].strip(), Origin.MODEL, expected=expected)

    async def observed(self, target: Target, project: Project, calls: Sequence[Call]) -> Sequence[Observed]:
        """What came of each call in one process, when in a second one the checks of that hold."""
        source = Source.of(target.text)
        subject = source.subject(target) if source else None
        framework = project.framework
        if subject is None or not isinstance(framework, Cargo):
            return [
                Observed(call, problem="this isn't a function that can be called by itself") for call in calls
            ]
        if subject.result in {"", "()", "!"}:
            return [Observed(call, problem=_NOT_SEEN) for call in calls]
        imports = tuple(dict.fromkeys((*framework.imports, *(one for call in calls for one in call.imports))))
        files = {target.path: target.text.encode()}
        written = [subject.expression(call.arguments, call.receiver) for call in calls]
        shown = [f'format!("{{:?}}", {text})' for text in written]
        first = await answers(project, framework, files, imports, shown)
        checks = [_checks(subject, text, each) for text, each in zip(written, first, strict=True)]
        again = await answers(project, framework, files, imports, _asserted(written, calls, checks))
        n_calls = len(calls)
        return [
            _observed(call, answer, check, [again[index + n_calls * turn] for turn in range(3)])
            for index, (call, answer, check) in enumerate(zip(calls, first, checks, strict=True))
        ]

    def tests(self, target: Target, observed: Sequence[Observed]) -> Sequence[Test]:
        """One test for each that has checks."""
        return [
            Test(
                _test_name(target.definition.name, each.call),
                each.call.origin,
                checks=each.checks,
                imports=each.call.imports,
                evidence=each.call.evidence,
                is_reasoned=each.agrees is True,
            )
            for each in observed
            if each.checks
        ]


def _imports(project: Project, subject: Subject, texts: Sequence[str]) -> tuple[str, ...]:
    """What brings the other types of the target's file into a test."""
    framework = project.framework
    own = framework.imports[0] if isinstance(framework, Cargo) and framework.imports else ""
    module = own.removeprefix("use ").rpartition("::")[0]
    types = {type_ for text in texts for type_ in re.findall(r"(?<![\w:])([A-Z]\w*)::", text)}
    known = {subject.owner, "Vec", "Box", "String", "Option"}
    return tuple(f"use {module}::{type_};" for type_ in sorted(types - known)) if module else ()


def _checks(subject: Subject, text: str, answer: Answer) -> tuple[Check, Check] | None:
    """What may be checked: the value, or what is written of it where the value has no literal."""
    if answer.problem:
        return None
    if answer.panic is not None:
        raised = Check(Kind.RAISES, text, "", answer.panic.split("\n")[0])
        return raised, raised
    shown = Check(Kind.EQUAL, f'format!("{{:?}}", {text})', text_literal(answer.shown))
    result = subject.result if subject.result != "Self" else subject.owner
    expected = literal(result, answer.shown)
    return (Check(Kind.EQUAL, text, expected), shown) if expected is not None else (shown, shown)


def _asserted(
    written: Sequence[str], calls: Sequence[Call], checks: Sequence[tuple[Check, Check] | None]
) -> list[str]:
    """Expressions that panic unless the checks hold; then those that do unless what is expected comes."""
    nothing = "String::new()"
    both = [[_assertion(pair[turn]) if pair else nothing for pair in checks] for turn in range(2)]
    expected = [
        f"assert_eq!({text}, {call.expected}); {nothing}" if call.expected else nothing
        for text, call in zip(written, calls, strict=True)
    ]
    return [*both[0], *both[1], *expected]


def _assertion(check: Check) -> str:
    if check.kind is Kind.RAISES:
        return f"let _ = {check.actual}; String::new()"
    return f"assert_eq!({check.actual}, {check.expected}); String::new()"


def _observed(
    call: Call, answer: Answer, checks: tuple[Check, Check] | None, again: Sequence[Answer]
) -> Observed:
    agrees = (not again[2].problem and again[2].panic is None) if call.expected else None
    if checks is None:
        return Observed(call, problem=answer.problem, agrees=agrees)
    if agrees:
        actual = checks[1].actual.removeprefix('format!("{:?}", ').removesuffix(")")
        return Observed(call, (Check(Kind.EQUAL, actual, call.expected),), agrees=True)
    for check, held in zip(checks, again, strict=False):
        if held.problem:
            continue
        if check.kind is Kind.RAISES and (held.panic or "").split("\n")[0] == check.message:
            return Observed(call, (check,), agrees=agrees)
        if check.kind is Kind.EQUAL and held.panic is None:
            return Observed(call, (check,), agrees=agrees)
    return Observed(call, problem="what comes of it isn't the same twice", agrees=agrees)


def _test_name(function: str, call: Call) -> str:
    """``slug_of_hello_world``: what a test is about."""
    given = call.arguments.replace('""', "empty").replace("[]", "nothing").replace("-", "minus ")
    given = re.sub(r"\b(?:vec|to_string|Some|new)\b", "", given)
    words = "_".join(re.findall(r"[A-Za-z0-9]+", given)).lower()
    return f"{function}_of_{words}" if words else function
