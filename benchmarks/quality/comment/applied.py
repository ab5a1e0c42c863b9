"""Definitions of real packages documented, and the code compared by other means than the product's own."""

import ast
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from attrs import define, field
from stand_in import StandIn

sys.path.append(str(Path(__file__).parents[1] / "documentation"))  # where the packages are

from documented_packages import Source, sources
from packages import Package

from codenook.context.parse import parse
from codenook.models.hub.catalog import Role
from codenook.server.config import Settings
from codenook.server.engines import Engines
from codenook.server.tasks.comment import Comment, CommentRequest
from codenook.server.tasks.document import Document
from codenook.server.tasks.workspaces import Workspaces

N_OF_A_FILE = 5
MAX_CHARACTERS = 60_000
"""Longer files are left out: proofs of them take longer than the model."""

Told = Callable[[str, "Counts"], None]


@define
class Counts:
    """What became of the definitions of one language."""

    asked: int = 0
    applied: int = 0
    unchanged: int = 0
    total_ms: float = 0.0
    generated: int = 0
    refused: Counter[str] = field(factory=Counter)
    flaws: Counter[str] = field(factory=Counter)


async def real_definitions(
    settings: Settings, known: Sequence[tuple[Package, Path]], n: int, told: Told
) -> Counts:
    """Python's definitions, documented by the model of the settings."""
    engines, workspaces = Engines(settings), Workspaces()
    comment = Comment(engines.of(Role.FIM), settings, workspaces)
    try:
        return await _documented(comment, known, "python", n, told)
    finally:
        workspaces.close_all()
        await engines.close()


async def scripted_definitions(
    settings: Settings, known: Sequence[tuple[Package, Path]], language: str, n: int, told: Told
) -> Counts:
    """Definitions of a language documented by the stand-in."""
    comment = Comment(StandIn(random.Random(0)), settings, Workspaces())
    return await _documented(comment, known, language, n, told)


async def _documented(
    comment: Comment, known: Sequence[tuple[Package, Path]], language: str, n: int, told: Told
) -> Counts:
    counts = Counts()
    mine = [(package, root) for package, root in known if package.language == language]
    share = -(-n // len(mine))
    for package, root in mine:
        for source, symbol in _chosen(package, root, min(share, n - counts.asked)):
            path = root / source.path
            document = Document(path.as_uri(), path, source.text, source.parsed.language.id)
            result = await comment(CommentRequest(document, symbol, None, replace=True))
            counts.asked += 1
            counts.total_ms += result.total_ms
            counts.generated += result.counters.generated
            counts.flaws.update(result.refused)
            if result.edit is None:
                counts.refused[str(result.reason)] += 1
            else:
                counts.applied += 1
                counts.unchanged += is_unchanged(source, result.edit.apply(source.text))
            told(language, counts)
    return counts


def _chosen(package: Package, root: Path, n: int) -> Iterator[tuple[Source, str]]:
    """Definitions by chance, always the same; a few of each file, those inside of functions as well."""
    for source in sources(package, root):
        if len(source.text) > MAX_CHARACTERS:
            continue
        symbols = sorted({subject.symbol for subject in source.subjects if subject.doc or subject.room})
        for symbol in random.Random(source.path).sample(symbols, min(N_OF_A_FILE, n, len(symbols))):
            yield source, symbol
            n -= 1
        if n <= 0:
            return


def is_unchanged(source: Source, after: str) -> bool:
    """Whether the code is what it was: by CPython for Python, by the leaves of the tree for others."""
    if source.parsed.language.id == "python":
        return _without_docstrings(source.text) == _without_docstrings(after)
    return _leaves(source, source.text) == _leaves(source, after)


def _without_docstrings(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        match body:
            case [ast.Expr(ast.Constant(str())), *others]:
                node.body = others  # type: ignore[attr-defined] - it has one
    return ast.dump(tree)


def _leaves(source: Source, text: str) -> list[bytes]:
    found, to_visit = [], [parse(source.parsed.language, text.encode()).root]
    while to_visit:
        node = to_visit.pop()
        if "comment" in node.type:
            continue
        if not node.children:
            found.append((node.text or b"").strip())
        to_visit += reversed(node.children)
    return [leaf for leaf in found if leaf]
