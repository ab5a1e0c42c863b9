"""With which options pytest is run, of ours and of the project's."""

from collections.abc import Sequence

from codenook.server.unit_tests.frameworks.python_environment import Environment
from codenook.server.unit_tests.frameworks.python_settings import PytestSettings

_QUIET = (
    *("-q", "--tb=short", "--show-capture=no", "--no-header", "--no-summary", "--color=no"),
    *("-o", "addopts=", "-o", "cache_dir=/tmp/pytest-cache"),
    *("-p", "no:randomly", "-p", "no:random_order", "-p", "no:pytest_cov", "-p", "no:sugar", "-p", "no:html"),
    *("-p", "no:hypothesispytest"),
)
"""What every run has: little is printed, nothing is written to the project, order and coverage are ours.

hypothesis works without its plugin, which takes as long to import as the rest of a short run.
"""

_MEANT = {"--import-mode": "", "-W": "", "--pythonwarnings": "", "--confcutdir": "", "-p": ""}
_OF_PLUGINS = {
    "--asyncio-mode": "pytest-asyncio",
    "--ds": "pytest-django",
    "--dc": "pytest-django",
    "--nomigrations": "pytest-django",
}
"""What of ``addopts`` says how tests are to be understood; the rest says what is shown, or how fast."""


def arguments(settings: PytestSettings | None, environment: Environment) -> tuple[str, ...]:
    """The options of a run: ours, and of the project's own those that change what a test means.

    The others would ask for plugins that may not be there, for reports in the project's folder, or for
    several processes.
    """
    return (*_QUIET, *(_kept(settings.addopts, environment) if settings else ()))


def _kept(addopts: Sequence[str], environment: Environment) -> list[str]:
    kept: list[str] = []
    words = iter(addopts)
    for word in words:
        name, has_value, value = word.partition("=")
        if word[:2] in {"-p", "-W"} and len(word) > 2:  # noqa: PLR2004 - "-pno:cacheprovider"
            name, has_value, value = word[:2], "=", word[2:]
        if name not in {*_MEANT, *_OF_PLUGINS} or _OF_PLUGINS.get(name, "") not in {"", *environment.has}:
            continue
        if not has_value and name != "--nomigrations":
            value = next(words, "")
        if name == "-p" and not (value.startswith("no:") or environment.holds(value.partition(".")[0])):
            continue
        kept += [name, value] if name in {"-p", "-W"} else [f"{name}={value}" if value else name]
    return kept
