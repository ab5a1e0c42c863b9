"""A kit for languages whose values aren't observed: what documentation or a model says comes of a call.

Whether it does is what the run of the test shows, where there is one; in a preview it stays a claim.
"""

import re
from collections.abc import Sequence

from codenook.context.manager import ContextManager
from codenook.server.unit_tests.case import Call, Check, Kind, Observed, Origin, Test
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.kits.documented import claimed, examples
from codenook.server.unit_tests.target import Target

_UNSAID = "nobody says what comes of it"


class ClaimedKit:
    """See `Kit`; for functions, and what a class has without an object."""

    async def calls(self, target: Target, project: Project, known: ContextManager) -> Sequence[Call]:  # noqa: ARG002
        """The calls that the target's documentation has; none of what gives several values at once."""
        results = re.search(r"\)\s*\(([^()]*)\)\s*$", target.definition.signature)
        if results and "," in results[1]:
            return ()
        return [
            Call(
                example.arguments,
                Origin.DOCTEST,
                evidence=f"{target.path}:{example.line}",
                expected=example.expected,
            )
            for example in examples(target)
        ]

    def read_call(self, target: Target, written: str) -> Call | None:
        """See `Kit.read_call`."""
        found = claimed(written, target.definition.name)
        if found is None:
            return None
        arguments, expected = found
        return Call(arguments, Origin.MODEL, expected=expected)

    async def observed(self, target: Target, project: Project, calls: Sequence[Call]) -> Sequence[Observed]:  # noqa: ARG002
        """Each call with what is said of it."""
        return [
            Observed(call, (Check(Kind.EQUAL, expression(target, call), call.expected),))
            if call.expected
            else Observed(call, problem=_UNSAID)
            for call in calls
        ]

    def tests(self, target: Target, observed: Sequence[Observed]) -> Sequence[Test]:
        """One test for each that has checks."""
        return [
            Test(
                _name(target.definition.name, each.call.arguments),
                each.call.origin,
                statements=each.call.setup,
                checks=each.checks,
                imports=each.call.imports,
                evidence=each.call.evidence,
                is_reasoned=True,
            )
            for each in observed
            if each.checks
        ]


def expression(target: Target, call: Call) -> str:
    """The call as source text; what belongs to a class of Java or a type of Rust is called by its name."""
    name, owner = target.definition.name, target.definition.parent
    if call.receiver:
        return f"{call.receiver}.{name}({call.arguments})"
    step = {"java": ".", "rust": "::"}.get(target.language) if owner else None
    return f"{owner}{step}{name}({call.arguments})" if step else f"{name}({call.arguments})"


def _name(function: str, arguments: str) -> str:
    given = arguments.replace('""', "empty").replace("-", "minus ")
    words = "_".join(re.findall(r"[A-Za-z0-9]+", given))
    return f"{function}_of_{words}" if words else function
