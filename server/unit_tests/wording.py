"""How reports word what a result says in codes."""

from collections.abc import Mapping

from codenook.server.unit_tests.case import Origin
from codenook.server.unit_tests.result import ThrownFor

REASONED = "expected by reasoning"
OBSERVED = "records current behaviour"

ORIGINS: Mapping[Origin, str] = {
    Origin.TYPES: "input by its types",
    Origin.PROPERTIES: "input drawn by hypothesis",
    Origin.DOCTEST: "from a doctest",
    Origin.CALL_SITE: "from a call",
    Origin.MODEL: "input from the model",
}
"""Where the input of a test is from."""

THROWN: Mapping[ThrownFor, str] = {
    ThrownFor.NOT_WRITTEN_DOWN: "what comes of it can't be written down, or isn't the same twice",
    ThrownFor.NOT_COLLECTED: "the runner did not find it",
    ThrownFor.FAILED: "it failed",
    ThrownFor.FLAKY: "it passed in some of the runs only",
    ThrownFor.KILLS_NOTHING: "it notices no fault that the project's own tests don't",
    ThrownFor.NOT_TRIED: "it passes, but there was no time to see whether it notices a fault",
    ThrownFor.ADDS_NOTHING: "the tests that were kept notice every fault that it does",
}
"""Why a test was thrown away."""
