"""The files that settings were read from, and what in them was ignored."""

from pathlib import Path

from codenook.server import config
from codenook.server.doctor.findings import Check, Finding, ok, problem


def settings_files(problems: list[str], workspace: Path) -> list[Finding]:
    """Name the files, read or not there, and pass on each problem that reading them met."""
    files = {"user": config.user_file(), "project": workspace / config.PROJECT_FILE}
    found = [
        ok(
            Check.SETTINGS,
            f"{whose} settings: {path}" + ("" if path.is_file() else ", not there, which is fine"),
            path=str(path),
            is_there=path.is_file(),
        )
        for whose, path in files.items()
    ]
    advice = "correct or remove it; docs/settings.md has every setting, its unit and where it may stand"
    return found + [problem(Check.SETTINGS, message, advice) for message in problems]
