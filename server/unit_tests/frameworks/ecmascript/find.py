"""Which framework a project has, and where the tests of a target belong."""

import re
import subprocess
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from attrs import evolve, frozen

from codenook.server.reasons import Reason
from codenook.server.sandbox.programs import on_path
from codenook.server.sandbox.reading import is_file
from codenook.server.unit_tests.frameworks.ecmascript.exports import reached
from codenook.server.unit_tests.frameworks.ecmascript.node import NodeRunner
from codenook.server.unit_tests.frameworks.ecmascript.package import (
    Modules,
    Package,
    installed,
    modules_of,
    packages,
)
from codenook.server.unit_tests.frameworks.ecmascript.placing import IMPORTS, Tests
from codenook.server.unit_tests.frameworks.ecmascript.setup import Setup
from codenook.server.unit_tests.frameworks.ecmascript.style import Style, style_of, test_style_of
from codenook.server.unit_tests.frameworks.ecmascript.syntax import parsed_file
from codenook.server.unit_tests.frameworks.ecmascript.tools import Jest, Vitest
from codenook.server.unit_tests.frameworks.framework import Framework, NoProject, Project, TestFile
from codenook.server.unit_tests.target import Target

_TYPED = frozenset({".ts", ".mts", ".cts", ".tsx"})
_JSX = frozenset({".jsx", ".tsx"})
_OLDEST = (20, 0)
_STRIPS_TYPES = (22, 6)
_STRIPS_TYPES_UNASKED = (22, 18)
_ESM_IN_JEST = "experimental-vm-modules"
_RUNS = re.compile(r"\b(vitest|jest)\b|\b(?:node|tsx)\b[^&|\n]*--test\b")


@frozen
class _Asked:
    """A target, the packages around it and their tests."""

    target: Target
    packages: Sequence[Package]
    tests: Tests
    node: Path
    version: tuple[int, ...]

    @property
    def folder(self) -> Path:
        return self.packages[0].folder


def project_of(target: Target) -> Project:
    """How tests of a target are run; raises NoProject where they can't be."""
    parsed = parsed_file(target.path, target.text)
    binding = reached(target, parsed)
    node = on_path("node", outside=target.root)
    if node is None:
        raise NoProject(
            Reason.RUNNER_MISSING, "there is no Node.js (node) on PATH: install version 20 or later"
        )
    version = version_of(node)
    if version < _OLDEST:
        found = ".".join(map(str, version)) or "that says no version"
        raise NoProject(Reason.RUNNER_MISSING, f"{node} is Node.js {found}: version 20 or later is needed")
    around = packages(target.root, target.path)
    asked = _Asked(target, around, Tests.of(target.root, around[0].folder), node, version)
    nearest = asked.tests.sample(target.path)
    name = _framework(asked, asked.tests.text(nearest) if nearest else "")
    place = asked.tests.place(target.path, name)
    sample = asked.tests.sample(target.path, place)
    start = next((each.folder for each in around if each.content), target.root)
    text = asked.tests.whole(place) if is_file(target.root / place) else None
    setup = _setup(asked, name, TestFile(place, text), sample)
    word = binding.member or binding.binding
    return Project(
        target.root,
        _BUILDERS[name](asked, setup),
        TestFile(place, text),
        start,
        program=node,
        others=asked.tests.others(target.path, word, place, name),
        has=frozenset(_offers(asked, name)),
    )


@cache
def version_of(node: Path) -> tuple[int, ...]:
    """The version of a node, empty when it says none."""
    try:
        told = subprocess.run(  # noqa: S603 - a program of the user's, by its absolute path
            [node, "--version"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(map(int, re.findall(rb"\d+", told.stdout)[:3]))


def _framework(asked: _Asked, sample: str) -> str:
    """The name of the framework: what scripts run, what is configured, what tests import, what is needed."""
    scripts = (_RUNS.search(package.scripts) for package in asked.packages)
    named = next((found[1] or "node" for found in scripts if found), "")
    named = named or next(filter(None, map(_configured, asked.packages)), "")
    named = named or next(
        (name for name, pattern in IMPORTS.items() if name in _BUILDERS and re.search(pattern, sample)), ""
    )
    needed = (name for each in asked.packages for name in ("vitest", "jest") if each.depends_on(name))
    return named or next(needed, "node")


def _configured(package: Package) -> str:
    names = {path.name.partition(".config.")[0] for path in package.folder.glob("*.config.*")}
    if "jest" in package.content:
        names.add("jest")
    return max(names & {"vitest", "jest"}, default="")


def _setup(asked: _Asked, name: str, file: TestFile, sample: str | None) -> Setup:
    target, place = asked.target, file.path
    sample_text = asked.tests.text(sample) if sample else ""
    parsed = parsed_file(target.path, target.text)
    own = modules_of(target.path, parsed, asked.packages[0])
    style = style_of(parsed, Style(is_global=name == "jest", extension="own" if name == "node" else ""))
    if sample is not None and sample_text:
        style = test_style_of(parsed_file(sample, sample_text), style)
    if name == "node":
        style = evolve(style, is_global=False, extension="own" if own is Modules.ESM else "")
    modules = own
    if file.text:
        modules = modules_of(place, parsed_file(place, file.text), asked.packages[0])
    elif name == "vitest":
        modules = Modules.ESM
    elif sample_text and name == "jest" and sample is not None:
        modules = modules_of(sample, parsed_file(sample, sample_text), asked.packages[0])
    elif PurePosixPath(place).suffix in _TYPED:
        modules = Modules.ESM
    return Setup(target.root, asked.node, style, modules)


def _node(asked: _Asked, setup: Setup) -> Framework:
    """Node's own runner, with what reads TypeScript where the target is in it."""
    suffix = PurePosixPath(asked.target.path).suffix
    if suffix in _TYPED or suffix in _JSX:
        setup = evolve(setup, flags=_typescript(asked, suffix))
    return NodeRunner(setup)


def _typescript(asked: _Asked, suffix: str) -> tuple[str, ...]:
    """Options with which node reads TypeScript."""
    root, folder = asked.target.root, asked.folder
    if tsx := installed(root, folder, "tsx/dist/loader.mjs"):
        return (f"--import={tsx.as_uri()}",)
    if suffix not in _JSX:
        if asked.version >= _STRIPS_TYPES_UNASKED:
            return ()
        if asked.version >= _STRIPS_TYPES:
            return ("--experimental-strip-types", "--disable-warning=ExperimentalWarning")
        if installed(root, folder, "ts-node/esm.mjs"):
            return ("--loader=ts-node/esm", "--no-warnings")
    version = ".".join(map(str, asked.version))
    advice = "install tsx in the project (npm install -D tsx)" + (
        "" if suffix in _JSX else ", or Node.js 22.18 or later"
    )
    raise NoProject(Reason.RUNNER_MISSING, f"node {version} reads no {suffix[1:]}: {advice}")


def _vitest(asked: _Asked, setup: Setup) -> Framework:
    return Vitest(setup, _tool(asked, "vitest", ("vitest/vitest.mjs",)))


def _jest(asked: _Asked, setup: Setup) -> Framework:
    scripts = "\n".join(package.scripts for package in asked.packages)
    if _ESM_IN_JEST in scripts or asked.packages[0].modules is Modules.ESM:
        setup = evolve(setup, flags=(f"--{_ESM_IN_JEST}", "--no-warnings"))
    return Jest(setup, _tool(asked, "jest", ("jest/bin/jest.js", "jest-cli/bin/jest.js")))


def _tool(asked: _Asked, name: str, places: Sequence[str]) -> Path:
    for place in places:
        if found := installed(asked.target.root, asked.folder, place):
            return found
    raise NoProject(
        Reason.RUNNER_MISSING, f"{name}, which runs the tests, is not in node_modules: run npm install"
    )


_BUILDERS: dict[str, Callable[[_Asked, Setup], Framework]] = {"node": _node, "vitest": _vitest, "jest": _jest}


def _offers(asked: _Asked, name: str) -> list[str]:
    """What the environment of the project has besides."""
    root, folder = asked.target.root, asked.folder
    found = ["typescript"] if installed(root, folder, "typescript/package.json") else []
    providers = ("@vitest/coverage-v8/package.json", "@vitest/coverage-istanbul/package.json")
    if name != "vitest" or any(installed(root, folder, provider) for provider in providers):
        found.append("coverage")
    return found
