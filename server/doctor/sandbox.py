"""The sandbox in which a project's linters and generated unit tests run: bubblewrap, on user namespaces."""

import sys
from pathlib import Path

from codenook.server.doctor.findings import Check, Finding, note, ok
from codenook.server.doctor.tools import find_program, run_program
from codenook.server.sandbox.bubblewrap import PROBE

SYSTEM = Path("/proc/sys")

FORBIDDING = {
    "user/max_user_namespaces": "0",
    "kernel/unprivileged_userns_clone": "0",
    "kernel/apparmor_restrict_unprivileged_userns": "1",
}
"""Settings of the Linux kernel and the values with which they keep users from making namespaces."""


def sandbox(workspace: Path) -> list[Finding]:
    """Say whether there is a sandbox; only running a project's linters and generated code needs one.

    A bubblewrap in ``workspace`` is none: trying it would run the project's code without a sandbox.
    """
    if sys.platform != "linux":
        advice = "nothing: completion runs no code of yours"
        return [note(Check.SANDBOX, f"codenook knows no sandbox on {sys.platform}", advice)]
    forbidding = [name for name, value in FORBIDDING.items() if _kernel_setting(name) == value]
    return [_bubblewrap(workspace, forbidding), *([_namespaces(forbidding)] if forbidding else [])]


def _bubblewrap(workspace: Path, forbidding: list[str]) -> Finding:
    program = find_program("bwrap", outside=workspace)
    facts = {"user_namespaces": not forbidding, "path": str(program) if program else None}
    if program is None:
        advice = "install bubblewrap for linters and unit tests; completion does not need it"
        return note(Check.SANDBOX, "bubblewrap is not on PATH", advice, **facts)
    ran = run_program(program, PROBE)
    if ran is None or ran.returncode != 0:
        why = ran.stderr.strip().partition("\n")[0] if ran else "it does not run"
        advice = "allow user namespaces, or run outside of the container; completion does not need them"
        return note(Check.SANDBOX, f"{program} makes no sandbox here: {why}", advice, **facts)
    return ok(Check.SANDBOX, f"bubblewrap, {program}", **facts)


def _namespaces(forbidding: list[str]) -> Finding:
    names = ", ".join(name.replace("/", ".") for name in forbidding)
    advice = f"ask whoever runs this machine for another value of {names}; completion does not need it"
    return note(Check.SANDBOX, f"the kernel may refuse user namespaces to users ({names})", advice)


def _kernel_setting(name: str) -> str | None:
    try:
        return (SYSTEM / name).read_text(encoding="ascii").strip()
    except OSError:
        return None
