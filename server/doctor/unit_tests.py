"""What unit tests can expect of this machine: a sandbox, and what runs the tests of a project."""

from pathlib import Path

from codenook.server.doctor.findings import Check, Finding, note, ok
from codenook.server.sandbox.bubblewrap import found
from codenook.server.sandbox.command import NoSandbox
from codenook.server.sandbox.programs import on_path
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.frameworks.python_environment import environment_of


def unit_tests(workspace: Path) -> Finding:
    """Say whether tests of ``workspace`` could run here; nothing of it is run to find out."""
    runners = _runners(workspace)
    named = ", ".join(f"{name} ({program})" for name, program in runners.items())
    facts = {"runners": {name: str(program) for name, program in runners.items()}}
    try:
        found(workspace)
    except NoSandbox as error:
        message = f"no unit tests are made here: {error}"
        return note(Check.UNIT_TESTS, message, "mend what is said of the sandbox", sandbox=False, **facts)
    if not runners:
        advice = "install pytest for the project's Python, Node.js 20 or cargo"
        message = "nothing on this machine runs tests; what is made is a preview"
        return note(Check.UNIT_TESTS, message, advice, sandbox=True, **facts)
    return ok(Check.UNIT_TESTS, f"tests are made and run in the sandbox by {named}", sandbox=True, **facts)


def _runners(workspace: Path) -> dict[str, Path]:
    try:
        python = environment_of(workspace, workspace)
    except NoProject:
        python = None
    programs = {
        "pytest" if python and "pytest" in python.has else "unittest": python.python if python else None,
        "node": on_path("node", outside=workspace),
        "cargo": on_path("cargo", outside=workspace),
    }
    return {name: program for name, program in programs.items() if program is not None}
