"""Weights for the parts of a comparison, fitted to slips that were put into real code.

Into functions of packages one slip each is put: something that could stand there instead. What mends it
is to be told from everything else that could stand anywhere.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from attrs import frozen
from bug_cases import Case, different

from codenook.context.outline import Kind as Definition
from codenook.context.parse import Parsed, encode, known_languages, parse
from codenook.models.engine.client import Engine
from codenook.models.engine.messages import ModelInfo
from codenook.server.review.scope.lines import of_document
from codenook.server.review.sources.surprise.look import Looker
from codenook.server.review.sources.surprise.passages import Reader
from codenook.server.review.sources.surprise.sites import Instead, Kind, sites
from codenook.server.review.sources.surprise.telling import parses
from codenook.server.review.sources.surprise.weighing import Compared, Weights

(PYTHON,) = (language for language in known_languages() if language.id == "python")
SEED = 1
N_LINES = range(5, 41)
"""Lines of the functions that slips are put into."""

RARE = 10.0
"""How much more often a function is right than the drawn ones are: what a chance is told for."""

RIDGE = 3e-3
STEPS = 60
Floats = npt.NDArray[np.float64]


@frozen
class Slip:
    """A function with a slip, and without: its lines, and what mends it in the wrong text."""

    case: Case
    lines: range
    mends: Instead


def slips(files: Mapping[str, str], n: int, seed: int = SEED) -> Iterator[Slip]:
    """Draw ``n`` functions from files by path, and a slip for each: each kind that there is, as often."""
    chance = random.Random(seed)
    places = [(path, *span) for path, text in sorted(files.items()) for span in _functions(text)]
    chance.shuffle(places)
    for path, first, last in places:
        if n and (slip := _slip(path, files[path], range(first, last + 1), chance)):
            n -= 1
            yield slip


def _functions(text: str) -> Iterator[tuple[int, int]]:
    for one in _parsed(text).language.reader.definitions(_parsed(text)):
        is_function = one.kind in {Definition.FUNCTION, Definition.METHOD}
        if is_function and one.end_line - one.start_line in N_LINES:
            yield one.start_line, one.end_line


def _slip(path: str, text: str, lines: range, chance: random.Random) -> Slip | None:
    parsed = _parsed(text)
    found = sites(parsed, frozenset(lines))
    kinds = sorted({one.kind for one in found})
    chance.shuffle(kinds)
    for kind in kinds:
        drawn = chance.choice([one for one in found if one.kind is kind])
        if not parses(parsed, drawn):
            continue
        source = parsed.source
        right = source[drawn.start : drawn.end].decode()
        wrong = (source[: drawn.start] + drawn.text.encode() + source[drawn.end :]).decode()
        end = drawn.start + len(drawn.text.encode())
        mends = Instead(drawn.start, end, right, kind, drawn.line)
        if mends not in sites(_parsed(wrong), frozenset(lines)):
            continue
        changes = [of_document(Path("/"), path, each, [lines]) for each in (wrong, text)]
        case = Case(f"{path}:{lines.start}", "python", *changes, different(wrong, text), kind)
        return Slip(case, lines, mends)
    return None


def _parsed(text: str) -> Parsed:
    return parse(PYTHON, encode(text))


@frozen
class Example:
    """An alternative that was compared, and whether it was meant."""

    compared: Compared
    is_meant: bool


async def fit(engine: Engine, files: Mapping[str, str], n: int) -> Weights:
    """Weights for what an engine says, fitted to ``n`` slips in files by path."""
    model = await engine.ready()
    found: list[Example] = []
    for slip in slips(files, n):
        found += await examples(engine, model, slip)
    return fitted(found)


async def examples(engine: Engine, model: ModelInfo, slip: Slip) -> list[Example]:
    """Everything that was compared in both versions of a function."""
    found = []
    for change, mends in ((slip.case.wrong, slip.mends), (slip.case.right, None)):
        (file,) = change.files
        if file.new is None or file.parsed is None:
            continue
        reader = Reader(model, engine.count_tokens, file.path, "python", change.root, model.n_ctx)
        async for seen in Looker(engine, reader).look(file.new, file.parsed, slip.lines):
            found += [Example(one, one.instead == mends) for one in seen.compared]
    return found


def fitted(found: Sequence[Example], threshold: float = 0.5) -> Weights:
    """Weights by logistic regression; Newton's steps, with a ridge."""
    kinds = list(Kind)
    rows = np.array([_features(one.compared, kinds) for one in found])
    meant = np.array([one.is_meant for one in found], float)
    counts = np.where(meant > 0, 1.0, RARE)
    weights = np.zeros(rows.shape[1])
    ridge = np.full(rows.shape[1], RIDGE * counts.sum() / len(found))
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -50, 50)))
        slope = rows.T @ (counts * (meant - chances)) - ridge * weights
        curved = (rows * (counts * chances * (1 - chances))[:, None]).T @ rows + np.diag(ridge + 1e-9)
        weights += np.linalg.solve(curved, slope)
    bias = dict(zip((str(kind) for kind in kinds), map(float, weights[5:]), strict=True))
    return Weights(bias, *map(float, weights[:5]), threshold)


def _features(seen: Compared, kinds: Sequence[Kind]) -> list[float]:
    own, other = (max(-12.0, each[0]) for each in (seen.own, seen.other))
    return [*seen.gains, own, other, *(float(seen.instead.kind is kind) for kind in kinds)]
