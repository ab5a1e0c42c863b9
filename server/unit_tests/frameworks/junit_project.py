"""How tests of a Java file are written and run: the module around it, its test class, the jars of JUnit 5."""

import re
from pathlib import Path, PurePosixPath

from codenook.server.reasons import Reason
from codenook.server.sandbox.programs import on_path
from codenook.server.sandbox.reading import is_file
from codenook.server.unit_tests.frameworks.framework import NoProject, Project, TestFile
from codenook.server.unit_tests.frameworks.junit import JUnit
from codenook.server.unit_tests.frameworks.texts import text_at, texts_in
from codenook.server.unit_tests.target import Target

_BUILDS = ("pom.xml", "build.gradle", "build.gradle.kts")
_MAIN, _TESTS = "src/main/java", "src/test/java"
_JUPITER = "org.junit.jupiter"
_FORMS = ("{}Test", "{}Tests", "Test{}", "{}TestCase")
"""What test classes of a class are called; the first is usual."""

_MOST_OTHERS = 6
_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_DEPENDENCY = re.compile(
    r"<dependency>.*?<groupId>([\w.-]+)</groupId>.*?<artifactId>([\w.-]+)</artifactId>"
    r".*?<version>([^<]+)</version>.*?</dependency>",
    re.DOTALL,
)
_PROPERTY = re.compile(r"<([\w.-]+)>([^<]*)</\1>")
_NAME = re.compile(r"[\w.-]+")
_STANDALONE = "junit-platform-console-standalone-*.jar"


def project_of(target: Target) -> Project:
    """How tests of a target are run; raises NoProject where there can be none."""
    root = target.root
    module = _module(root, (root / target.path).parent)
    if module is None:
        raise NoProject(Reason.NOT_TESTABLE, f"there is no pom.xml or build.gradle around {target.path}")
    path = PurePosixPath((root / target.path).relative_to(module).as_posix())
    if not path.is_relative_to(_MAIN):
        raise NoProject(Reason.NOT_TESTABLE, f"{target.path} is not in {_MAIN} of its module")
    if re.search(r"\bprivate\b", target.definition.signature):
        raise NoProject(Reason.NOT_TESTABLE, f"{target.symbol} is private: no test could call it")
    build = "\n".join(text_at(module / name, root) for name in _BUILDS)
    if re.search(r"<artifactId>junit</artifactId>|['\"]junit:junit:", build) and "jupiter" not in build:
        raise NoProject(Reason.RUNNER_MISSING, "the project has JUnit 4; codenook knows JUnit 5")
    package = _PACKAGE.search(target.text)
    folder = module / _TESTS / path.relative_to(_MAIN).parent
    tests = {
        each: text
        for each, text in texts_in(folder, ".java", root).items()
        if _JUPITER in text and re.search(rf"\b{re.escape(path.stem)}\b", text)
    }
    usual = [folder / f"{form.format(path.stem)}.java" for form in _FORMS]
    place = next((each for each in usual if each in tests), usual[0])
    jars = _jars(module, build)
    return Project(
        root,
        JUnit(module.relative_to(root).as_posix(), package[1] if package else "", place.stem, jars),
        TestFile(place.relative_to(root).as_posix(), text_at(place, root) or None),
        module,
        _java(root) if jars else None,
        tuple(each.relative_to(root).as_posix() for each in tests if each != place)[:_MOST_OTHERS],
    )


def _module(root: Path, folder: Path) -> Path | None:
    for place in (folder, *folder.parents):
        if any(is_file(place / name) for name in _BUILDS):
            return place
        if place == root:
            break
    return None


def _java(root: Path) -> Path | None:
    """The ``java`` of a JDK, which has a compiler beside it."""
    found = on_path("javac", outside=root)
    java = found.resolve().with_name("java") if found else None
    return java if java and is_file(java) else None


def _jars(module: Path, build: str) -> tuple[Path, ...]:
    """The jars of JUnit 5 and of what the module names, as far as they are here; none without JUnit."""
    own = tuple(path for folder in ("lib", "libs") for path in sorted((module / folder).glob("*.jar")))
    if any(path.match(_STANDALONE) for path in own):
        return own
    repository = Path.home() / ".m2" / "repository"
    junit = _junit(repository, _version(build))
    return (*junit, *own, *_named(repository, build)) if junit else ()


def _version(build: str) -> str:
    """The version of JUnit that a build names, as far as it does in one place."""
    found = re.search(r"junit-jupiter(?:-api|-engine)?</artifactId>\s*<version>([\d.]+)<", build)
    found = found or re.search(r"junit-jupiter(?:-api|-engine)?:([\d.]+)", build)
    found = found or re.search(r"<junit[\w.-]*version>([\d.]+)<", build)
    return found[1] if found else ""


def _junit(repository: Path, wanted: str) -> tuple[Path, ...]:
    """All that JUnit 5 needs to run: of the version that is wanted, or else of the newest that is whole."""
    api = repository / "org" / "junit" / "jupiter" / "junit-jupiter-api"
    try:
        versions = [path.name for path in api.iterdir() if re.fullmatch(r"5(?:\.\d+){2}", path.name)]
    except OSError:
        return ()
    versions.sort(key=lambda version: (version == wanted, [int(part) for part in version.split(".")]))
    for version in reversed(versions):
        platform = f"1.{version.partition('.')[2]}"
        jars = [
            *(
                _jar(repository, "org.junit.jupiter", f"junit-jupiter-{part}", version)
                for part in ("api", "engine")
            ),
            *(
                _jar(repository, "org.junit.platform", f"junit-platform-{part}", platform)
                for part in ("commons", "engine", "launcher")
            ),
            _any(repository, "org.opentest4j", "opentest4j"),
            _any(repository, "org.apiguardian", "apiguardian-api"),
        ]
        if all(is_file(jar) for jar in jars):
            parameters = _jar(repository, "org.junit.jupiter", "junit-jupiter-params", version)
            return (*jars, *([parameters] if is_file(parameters) else []))
    return ()


def _named(repository: Path, build: str) -> tuple[Path, ...]:
    """The jars of the dependencies that a pom names with their versions."""
    properties = dict(_PROPERTY.findall(build))
    found = []
    for group, artifact, version in _DEPENDENCY.findall(build):
        resolved = re.sub(r"\$\{([\w.-]+)\}", lambda match: properties.get(match[1], ""), version.strip())
        if _NAME.fullmatch(resolved) and ".." not in resolved + group + artifact and "junit" not in group:
            jar = _jar(repository, group, artifact, resolved)
            if is_file(jar):
                found.append(jar)
    return tuple(dict.fromkeys(found))


def _any(repository: Path, group: str, artifact: str) -> Path:
    """The newest jar of an artifact, by name."""
    folder = repository.joinpath(*group.split("."), artifact)
    return max(folder.glob("*/*.jar"), default=folder / "none.jar")


def _jar(repository: Path, group: str, artifact: str, version: str) -> Path:
    return repository.joinpath(*group.split("."), artifact, version, f"{artifact}-{version}.jar")
