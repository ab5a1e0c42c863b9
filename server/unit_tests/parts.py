"""What the job is put together from: for each language a kit, for each project a framework, and the rest."""

from collections.abc import Awaitable, Callable, Sequence

from attrs import frozen

from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.framework import NoProject, Project
from codenook.server.unit_tests.kits.kit import Kit
from codenook.server.unit_tests.making.choose import maker_for
from codenook.server.unit_tests.making.maker import Maker
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.target import Target

MakerFor = Callable[..., Awaitable[Maker]]
"""`making.choose.maker_for`, or one like it."""


@frozen
class Parts:
    """The parts, each of which a test can have another of."""

    project_of: Callable[..., Project]
    kit_of: Callable[[str], Kit | None]
    maker_for: MakerFor
    mutants_of: Callable[..., Sequence[Mutant]]
    diff_of: Callable[[Target, Mutant], str]


def _no_project(target: Target, **_how: object) -> Project:
    raise NoProject(Reason.RUNNER_MISSING, f"nothing is known that runs tests of {target.path}")


PARTS = Parts(
    project_of=_no_project,
    kit_of=lambda _language: None,
    maker_for=maker_for,
    mutants_of=lambda _target, **_most: (),
    diff_of=lambda _target, mutant: mutant.text,
)
