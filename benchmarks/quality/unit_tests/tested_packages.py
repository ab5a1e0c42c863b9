"""Real packages, each with an environment of its own, and functions drawn from them."""

import ast
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from attrs import frozen

from codenook.context.outline import Definition, Kind
from codenook.context.parse import language_of, parse
from codenook.context.usage import is_test

sys.path.append(str(Path(__file__).parents[2] / "context"))  # where the fetcher is

from packages import Package, PackagesMissing, fetch, read_manifest, unpack

__all__ = ["Drawn", "PackagesMissing", "drawn", "environment", "installed", "packages"]

MANIFEST = Path(__file__).with_name("packages.toml")
MIN_LINES = 3
"""Shorter definitions are not drawn: they say what they do."""

_NOT_OF_THE_PACKAGE = {"test", "tests", "testing", "dist", "fp", "locale", "vendor", "_vendor"}
_NO_BODY = {"overload", "abstractmethod"}
_RUNS_TESTS = ("pytest", "coverage", "hypothesis")
_TESTS_NEED = {
    "humanize": ("freezegun", "pytest-benchmark"),
    "packaging": ("pretend", "tomli_w"),
    "marshmallow": ("simplejson",),
    "structlog": ("pytest-asyncio", "simplejson", "time-machine"),
    "invoke": ("pytest-relaxed", "icecream"),
}
"""What the packages' own tests need besides, as they say themselves."""


@frozen
class Drawn:
    """A function or method of a package; ``path`` is relative to the package's folder, ``root``."""

    package: str
    root: Path
    path: str
    definition: Definition


def packages(folder: Path, language: str, *, fetching: bool) -> list[tuple[Package, Path]]:
    """The packages of a language, unpacked and with their environments; raises PackagesMissing."""
    pinned = [package for package in read_manifest(MANIFEST) if package.language == language]
    if fetching:
        fetch(pinned, folder)
    roots = unpack(pinned, folder)
    for package in pinned:
        _put_back(roots[package.name])
        if language == "python":
            installed(roots[package.name], _TESTS_NEED.get(package.name, ()), fetching=fetching)
    return [(package, roots[package.name].resolve()) for package in pinned]


def environment(root: Path) -> Path:
    """The interpreter of a package's own environment."""
    return root / ".venv" / "bin" / "python"


def installed(root: Path, needed: Sequence[str] = (), *, fetching: bool) -> None:
    """Give a folder an environment of its own with what runs tests, and the package in it by a link.

    Raises PackagesMissing.
    """
    ready = root / ".venv" / "ready"
    is_package = any((root / name).exists() for name in ("pyproject.toml", "setup.py"))
    wanted = [*_RUNS_TESTS, *needed, *(("--editable", str(root)) if is_package else ())]
    if ready.exists() and ready.read_text("utf-8").splitlines() == wanted:
        return
    if not fetching:
        raise PackagesMissing(f"{root} has no environment with {', '.join(wanted)}; --fetch makes one")
    subprocess.run([sys.executable, "-m", "venv", root / ".venv"], check=True)
    command = [environment(root), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise PackagesMissing(f"pip could not install {root.name}: {ran.stderr.strip().splitlines()[-1]}")
    ready.write_text("\n".join(wanted), "utf-8")


@contextmanager
def untested(roots: Sequence[Path]) -> Iterator[None]:
    """Take the packages' own tests away, and put them back."""
    for root in roots:
        tests, place = root / "tests", _away(root)
        if tests.is_dir():
            place.parent.mkdir(exist_ok=True)
            tests.rename(place)
    try:
        yield
    finally:
        for root in roots:
            _put_back(root)


def _put_back(root: Path) -> None:
    """Put back the tests that were taken away, perhaps by a run that was killed."""
    if _away(root).exists():
        _away(root).rename(root / "tests")


def _away(root: Path) -> Path:
    return root.parent / "away" / root.name


def drawn(known: Sequence[tuple[Package, Path]], n: int) -> list[Drawn]:
    """About ``n`` functions and methods, as many of each package, by chance, always the same.

    Public ones of the package's own code are drawn from (in JavaScript, those that a file exports), of at
    least `MIN_LINES` lines, that are neither abstract nor declared only (``overload``, ``...``) nor inside
    of another function.
    """
    found: list[Drawn] = []
    for number, (package, root) in enumerate(known):
        population = list(_functions(package, root))
        n_of_it = (n - len(found)) // (len(known) - number)
        found += random.Random(package.name).sample(population, min(n_of_it, len(population)))
    return found


def _functions(package: Package, root: Path) -> Iterator[Drawn]:
    top = root / package.holes_in
    for path in sorted(top.rglob("*") if package.language == "python" else top.glob("*.js")):
        within = path.relative_to(top)
        if (
            not path.is_file()
            or not _NOT_OF_THE_PACKAGE.isdisjoint(within.parts)
            or is_test(within.as_posix())
        ):
            continue
        source = path.read_bytes()
        language = language_of(path, source) if path.suffix else None
        if language is None or language.id != package.language or path.name.endswith(".min.js"):
            continue
        definitions = language.reader.outline(parse(language, source)).definitions
        classes = {each.symbol for each in definitions if each.kind is Kind.CLASS}
        with_body = _with_body(source) if language.id == "python" else None
        is_exported = partial(_is_exported, source.decode("utf-8", "replace"))
        for each in definitions:
            is_reached = each.is_public and not each.name.startswith("_") and each.parent in {"", *classes}
            is_long = each.end_line - each.start_line + 1 >= MIN_LINES
            is_function = each.kind in {Kind.FUNCTION, Kind.METHOD} and is_reached and is_long
            if is_function and (is_exported(each.name) if with_body is None else each.end_line in with_body):
                yield Drawn(package.name, root, path.relative_to(root).as_posix(), each)


def _is_exported(text: str, name: str) -> bool:
    return re.search(rf"^.*\bexports?\b[^\n]*\b{re.escape(name)}\b", text, re.MULTILINE) is not None


def _with_body(source: bytes) -> set[int]:
    """The last lines of functions that have something to run."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = {getattr(each, "attr", getattr(each, "id", "")) for each in node.decorator_list}
            does = [each for each in node.body if not _says_nothing(each)]
            if does and _NO_BODY.isdisjoint(names):
                found.add(node.end_lineno or 0)
    return found


def _says_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    is_constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_constant or isinstance(statement, ast.Pass)
