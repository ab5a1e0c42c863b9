"""Makes data/python.jsonl.gz: functions of the pinned packages, and what Jedi says that their bodies use.

Slow: Jedi takes seconds for many a function. The choice is the same in every run.
"""

import ast
import builtins
import hashlib
import random
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from itertools import chain, islice, zip_longest
from pathlib import Path

import click
import jedi
import parso.cache
from attrs import frozen
from holes import DATA, Hole, Needed, write_holes
from jedi.api.classes import Name
from jedi.api.environment import InterpreterEnvironment
from packages import Package, PackagesMissing, fetch, read_manifest, unpack
from places import packages_folder
from rich.console import Console
from rich.progress import track
from windows import BESIDE_THE_CODE

N_HOLES_PER_PACKAGE = 42
N_STATEMENT_LINES = range(4, 61)
"""Lines of a body that is taken out, without its docstring."""

NOT_COUNTED = {"module", "namespace", "param"}
BUILT_IN_TYPES = (bool, bytes, bytearray, dict, float, int, list, set, str, tuple, type, BaseException)
BUILT_IN = {*dir(builtins), *chain.from_iterable(map(dir, BUILT_IN_TYPES))}

err = Console(stderr=True, highlight=False)


@frozen
class Body:
    """A function's body in its file: bytes from the end of its indentation to the end of its last line."""

    symbol: str
    statements: tuple[ast.stmt, ...]
    start: int
    end: int


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--packages",
    "folder",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    default=packages_folder,
    help="Where the packages are kept.  [default: codenook's cache folder]",
)
@click.option("--fetch", "may_fetch", is_flag=True, help="Have pip fetch the packages that are missing.")
@click.option(
    "--processes",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    help="Packages read at the same time.",
)
def main(folder: Path, processes: int, *, may_fetch: bool) -> None:
    """Choose the holes in the Python packages and write data/python.jsonl.gz. Takes about 20 minutes."""
    packages = [package for package in read_manifest() if package.language == "python"]
    try:
        if may_fetch:
            fetch(packages, folder)
        roots = unpack(packages, folder)
    except PackagesMissing as error:
        err.print(f"gold: {error}", soft_wrap=True, markup=False)
        sys.exit(3)
    with ProcessPoolExecutor(processes, max_tasks_per_child=1) as pool:
        found = pool.map(holes_in, packages, [roots[package.name] for package in packages])
        holes = list(chain.from_iterable(track(found, "packages", len(packages), console=err)))
    path = DATA / "python.jsonl.gz"
    write_holes(path, holes)
    err.print(f"{path}: {len(holes)} holes, {sum(len(hole.gold) for hole in holes)} needed definitions")


def holes_in(package: Package, root: Path) -> list[Hole]:
    """Return holes of one package, spread evenly over its files."""
    parso.cache._CACHED_SIZE_TRIGGER = sys.maxsize  # noqa: SLF001 - Jedi fails over trees that were let go
    return list(islice(_holes(package, root), N_HOLES_PER_PACKAGE))


def _holes(package: Package, root: Path) -> Iterator[Hole]:
    standard_library = [path for path in sys.path if path and "site-packages" not in path]
    project = jedi.Project(
        root, sys_path=[str((root / package.holes_in).parent), *standard_library], smart_sys_path=False
    )
    chance = random.Random(package.name)
    paths = [path.relative_to(root).as_posix() for path in sorted((root / package.holes_in).rglob("*.py"))]
    paths = [path for path in paths if not BESIDE_THE_CODE.search(path)]
    chance.shuffle(paths)
    by_file = [[(path, body) for body in _shuffled(_bodies(root / path), chance)] for path in paths]
    for place in chain.from_iterable(zip_longest(*by_file)):
        if place is None:
            continue
        path, body = place
        gold = _gold(project, root, path, body)
        if gold:
            source = (root / path).read_bytes()
            yield Hole(
                package=package.name,
                version=package.version,
                path=path,
                symbol=body.symbol,
                start=body.start,
                end=body.end,
                sha256=hashlib.sha256(source).hexdigest(),
                gold=gold,
                names=_names(source, body),
            )


def _shuffled(bodies: Iterator[Body], chance: random.Random) -> list[Body]:
    found = list(bodies)
    chance.shuffle(found)
    return found


def _bodies(path: Path) -> Iterator[Body]:
    """Yield the bodies of functions and methods, not of functions in functions."""
    source = path.read_bytes()
    tree = parsed(path)
    if tree is None or b"\r" in source:
        return
    lines = source.splitlines(keepends=True)
    to_visit: list[tuple[ast.AST, str]] = [(tree, "")]
    while to_visit:
        node, prefix = to_visit.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                if body := _body(child, prefix, lines):
                    yield body
            elif isinstance(child, ast.ClassDef):
                to_visit.append((child, f"{prefix}{child.name}."))
            elif isinstance(child, ast.stmt):
                to_visit.append((child, prefix))


def _body(function: ast.FunctionDef | ast.AsyncFunctionDef, prefix: str, lines: list[bytes]) -> Body | None:
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not statements:
        return None
    first, last = _first_line(function.body[0]), function.body[-1].end_lineno or 0
    is_on_header_line = bool(lines[first - 1][: function.body[0].col_offset].strip(b" \t@"))
    if is_on_header_line or last - _first_line(statements[0]) + 1 not in N_STATEMENT_LINES:
        return None
    while lines[first - 2].strip().startswith(b"#") or not lines[first - 2].strip():
        first -= 1
    start = sum(map(len, lines[: first - 1])) + len(lines[first - 1]) - len(lines[first - 1].lstrip(b" \t"))
    end = sum(map(len, lines[:last])) - len(lines[last - 1]) + len(lines[last - 1].rstrip(b"\n"))
    return Body(f"{prefix}{function.name}", tuple(statements), start, end)


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", ())
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _gold(project: jedi.Project, root: Path, path: str, body: Body) -> tuple[Needed, ...]:
    """Return what Jedi finds the names of a body to be; where it finds several things, none of them."""
    text = (root / path).read_text(encoding="utf-8")
    script = jedi.Script(text, path=root / path, project=project, environment=InterpreterEnvironment())
    found = set()
    for line, column in _uses(body, text.splitlines()):
        definitions = {
            needed
            for name in script.goto(line, column, follow_imports=True)
            if (needed := _needed(name, root))
        }
        if len(definitions) == 1:
            found |= definitions
    return tuple(
        sorted(
            (needed for needed in found if needed.path != path), key=lambda needed: (needed.path, needed.line)
        )
    )


def _needed(name: Name, root: Path) -> Needed | None:
    path, line = name.module_path, name.line
    if name.type in NOT_COUNTED or path is None or line is None or not path.is_relative_to(root):
        return None
    symbol = symbol_at(path, line, name.column, name.name)
    return Needed(path.relative_to(root).as_posix(), symbol, line) if symbol else None


def symbol_at(path: Path, line: int, column: int, name: str) -> str:
    """Return the qualified name of the definition of ``name`` there; nothing for locals and imports."""
    tree = parsed(path)
    parts, is_local, is_import, node = [], False, False, tree
    while node is not None:
        inside = (child for child in ast.iter_child_nodes(node) if _covers(child, line))
        node = next(inside, None)
        if (getattr(node, "name", None), getattr(node, "lineno", None)) == (name, line):
            break
        if isinstance(node, ast.ClassDef):
            parts.append(node.name)
        is_local |= isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        is_import |= isinstance(node, ast.Import | ast.ImportFrom)
    before = path.read_text(encoding="utf-8").splitlines()[line - 1][:column]
    is_field = bool(parts) and re.search(r"\b(self|cls)\.$", before) is not None
    return "" if is_import or (is_local and not is_field) else ".".join([*parts, name])


def _covers(node: ast.AST, line: int) -> bool:
    first = min(
        [getattr(node, "lineno", 1), *(child.lineno for child in getattr(node, "decorator_list", ()))]
    )
    return hasattr(node, "end_lineno") and first <= line <= node.end_lineno


def _uses(body: Body, lines: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where a body reads names and attributes: lines from 1, columns in code points from 0."""
    for node in chain.from_iterable(map(ast.walk, body.statements)):
        match node:
            case ast.Name(ctx=ast.Load()) | ast.keyword(arg=str()) | ast.alias():
                line, column = node.lineno, node.col_offset
            case ast.Attribute():
                line, column = node.end_lineno or 0, (node.end_col_offset or 0) - len(node.attr.encode())
            case _:
                continue
        yield line, len(lines[line - 1].encode()[:column].decode())


def _names(source: bytes, body: Body) -> tuple[str, ...]:
    nodes = list(chain.from_iterable(map(ast.walk, body.statements)))
    read, bound = set(), set()
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                read.add(name)
            case ast.alias(name=name):
                read |= set(name.split("."))
            case ast.Name(id=name) | ast.arg(arg=name) | ast.ExceptHandler(name=str(name)):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
    seen = set(re.findall(r"\w+", (source[: body.start] + source[body.end :]).decode("utf-8")))
    return tuple(sorted(read - bound - seen - BUILT_IN))


@lru_cache(maxsize=256)
def parsed(path: Path) -> ast.Module | None:
    """Return the syntax tree of a file, None when this Python cannot read it."""
    try:
        return ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return None


if __name__ == "__main__":
    main(prog_name="gold")
