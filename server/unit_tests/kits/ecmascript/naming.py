"""Names of tests, as one would say them."""

import re

from codenook.server.unit_tests.case import Call, Kind, Observed
from codenook.server.unit_tests.frameworks.ecmascript.exports import Reached
from codenook.server.unit_tests.kits.ecmascript.arguments import described

_MOST_CHARACTERS = 90


def name_of(observed: Observed, reached: Reached) -> str:
    """What a test is about, in words with underscores."""
    call = observed.call
    subject = reached.member or reached.binding
    given = _given(call)
    check = observed.checks[0]
    if check.kind is Kind.RAISES:
        verb = "rejects_with" if check.actual.startswith("await ") else "throws"
        name = f"{subject}_{verb}_{check.expected}" + (f"_for_{given}" if given else "")
    elif reached.is_class and not reached.member:
        name = f"a_{subject}" + (f"_made_of_{given}" if given else "_by_default")
    elif given:
        name = f"{subject}_of_{given}"
    else:
        name = subject if reached.is_getter or call.receiver else f"{subject}_without_arguments"
    if call.receiver and (held := _given_to(call.receiver)):
        name += f"_on_a_{reached.binding}_made_of_{held}"
    return re.sub(r"[^\w$]+", "_", name)[:_MOST_CHARACTERS].rstrip("_")


def _given(call: Call) -> str:
    return described(call.arguments)


def _given_to(receiver: str) -> str:
    found = re.fullmatch(r"new [\w$.]+\((.*)\)", receiver, re.DOTALL)
    return described(found[1]) if found and found[1].strip() else ""
