"""Weights for the parts of a comparison, fitted to slips that were put into real code.

Into functions of packages one slip each is put: something that could stand there instead. What mends it
is to be told from everything else that could stand anywhere.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import frozen
from bug_cases import Case, different

from codenook.context.outline import Kind as Definition
from codenook.context.parse import Parsed, encode, known_languages, parse
from codenook.context.reading import text_of
from codenook.models.engine.client import Engine
from codenook.models.engine.messages import ModelInfo
from codenook.server.review.scope.lines import of_document
from codenook.server.review.sources.surprise.expressions import SIMPLE
from codenook.server.review.sources.surprise.instead import Instead, Kind
from codenook.server.review.sources.surprise.look import Looker
from codenook.server.review.sources.surprise.passages import Reader
from codenook.server.review.sources.surprise.sites import sites
from codenook.server.review.sources.surprise.telling import parses
from codenook.server.review.sources.surprise.weighing import Compared, Weights

(PYTHON,) = (language for language in known_languages() if language.id == "python")
SEED = 1
N_LINES = range(5, 41)
"""Lines of the functions that slips are put into."""

RARE = 10.0
"""How much more often a function is right than the drawn ones are: what a chance is told for."""

RIDGE = 1e-3
STEPS = 40
FIRST_BIAS, MOST_STEP = -6.0, 2.0
"""What weights of kinds begin at, and how far one step of the fit goes at most."""

MOST_TRIED = 6
"""Kinds of slips that are tried in a function."""

N_BEHIND = 200
"""Bytes around a slip in which what mends it is looked for."""

OPERATORS = ("+", "-", "*", "and", "or")
"""What an operand too many is put in with."""


@frozen
class Slip:
    """A function with a slip, and without: its lines, and what mends it in the wrong text."""

    case: Case
    lines: range
    mends: Instead


def slips(files: Mapping[str, str], n: int, seed: int = SEED) -> Iterator[Slip]:
    """Draw ``n`` functions from files by path, and a slip for each: each kind that there is, as often."""
    chance, drawn = random.Random(seed), Counter[Kind]()
    places = [(path, *span) for path, text in sorted(files.items()) for span in _functions(text)]
    chance.shuffle(places)
    for path, first, last in places:
        if n and (slip := _slip(path, files[path], range(first, last + 1), drawn, chance)):
            n -= 1
            yield slip


def _functions(text: str) -> Iterator[tuple[int, int]]:
    for one in _parsed(text).language.reader.definitions(_parsed(text)):
        is_function = one.kind in {Definition.FUNCTION, Definition.METHOD}
        if is_function and one.end_line - one.start_line in N_LINES:
            yield one.start_line, one.end_line


def _slip(path: str, text: str, lines: range, drawn: Counter[Kind], chance: random.Random) -> Slip | None:
    """A slip of the kind that was drawn least, of those that can be put in and mended."""
    parsed = _parsed(text)
    source, (first, _) = parsed.source, parsed.span(lines.start, lines.stop - 1)
    found = [*sites(parsed, frozenset(lines)), *_too_much_or_less(parsed, lines, chance)]
    kinds = sorted({one.kind for one in found})
    chance.shuffle(kinds)
    for kind in sorted(kinds, key=lambda kind: drawn[kind])[:MOST_TRIED]:
        put = chance.choice([one for one in found if one.kind is kind])
        wrong = _with(source, put)
        right = source[first : put.end + N_BEHIND].split()
        mends = [
            one
            for one in sites(_parsed(wrong.decode()), frozenset(lines))
            if abs(one.start - put.start) < N_BEHIND
            and _with(wrong, one)[first : put.end + N_BEHIND].split()[:-1] == right[:-1]
        ]
        if not mends or not parses(parsed, put):
            continue
        drawn[kind] += 1
        texts = wrong.decode(), text
        changes = [of_document(Path("/"), path, each, [lines]) for each in texts]
        return Slip(
            Case(f"{path}:{lines.start}", "python", *changes, different(*texts), mends[0].kind),
            lines,
            mends[0],
        )
    return None


def _too_much_or_less(parsed: Parsed, lines: range, chance: random.Random) -> Iterator[Instead]:
    """Slips that nothing mends which is itself a slip: an operand too many, a result that is not returned."""
    captures = parsed.captures("sites", parsed.span(lines.start, lines.stop - 1))
    values = [node for node in captures.get("value", ()) if node.start_point.row + 1 in lines]
    short = [text_of(node) for node in values if node.type in {"identifier", "integer", "attribute"}]
    for node in values:
        if short and SIMPLE.match(node.type):
            end = f" {chance.choice(OPERATORS)} {chance.choice(short)}"
            yield Instead(node.end_byte, node.end_byte, end, Kind.EXCESS, node.end_point.row + 1)
        around = node.parent
        if around and around.type == "return_statement" and node.type == "call":
            yield Instead(around.start_byte, node.start_byte, "", Kind.RESULT, node.start_point.row + 1)


def _with(source: bytes, one: Instead) -> bytes:
    return source[: one.start] + one.text.encode() + source[one.end :]


def _parsed(text: str) -> Parsed:
    return parse(PYTHON, encode(text))


@frozen
class Passage:
    """What was compared in a passage, which of it was meant (None for none), and how much that counts."""

    compared: tuple[Compared, ...]
    meant: int | None
    counts: float


async def fit(engine: Engine, files: Mapping[str, str], n: int) -> Weights:
    """Weights for what an engine says, fitted to ``n`` slips in files by path."""
    model = await engine.ready()
    found: list[Passage] = []
    for slip in slips(files, n):
        found += await examples(engine, model, slip)
    return fitted(found)


async def examples(engine: Engine, model: ModelInfo, slip: Slip) -> list[Passage]:
    """Everything that was compared in both versions of a function."""
    found = []
    for change, mends in ((slip.case.wrong, slip.mends), (slip.case.right, None)):
        (file,) = change.files
        if file.new is None or file.parsed is None:
            continue
        reader = Reader(model, engine.count_tokens, file.path, "python", change.root, model.n_ctx)
        async for seen in Looker(engine, reader).look(file.new, file.parsed, slip.lines):
            meant = next((i for i, one in enumerate(seen.compared) if one.instead == mends), None)
            found.append(Passage(seen.compared, meant, 1.0 if mends else RARE))
    return found


def fitted(found: Sequence[Passage], threshold: float = 0.5) -> Weights:
    """Weights by a conditional logit: one alternative of a passage was meant, or none was.

    McFadden 1974, "Conditional logit analysis of qualitative choice behavior"; Newton's steps, with a ridge.
    """
    kinds = list(Kind)
    passages = [
        (np.array([_features(one, kinds) for one in each.compared]), each.meant, each.counts)
        for each in found
        if each.compared
    ]
    n_features = passages[0][0].shape[1]
    weights = np.zeros(n_features)
    weights[-len(kinds) :] = FIRST_BIAS
    ridge = RIDGE * sum(counts for _, _, counts in passages)
    towards = weights.copy()
    for _ in range(STEPS):
        slope, curved = -ridge * (weights - towards), ridge * np.eye(n_features)
        for rows, meant, counts in passages:
            scores = rows @ weights
            most = max(0.0, scores.max())
            odds = np.exp(scores - most)
            chances = odds / (odds.sum() + np.exp(-most))
            expected = chances @ rows
            slope += counts * ((rows[meant] if meant is not None else 0.0) - expected)
            curved += counts * ((rows.T * chances) @ rows - np.outer(expected, expected))
        step = np.linalg.solve(curved, slope)
        weights += step * min(1.0, MOST_STEP / max(1e-9, float(np.abs(step).max())))
    bias = dict(zip((str(kind) for kind in kinds), map(float, weights[-len(kinds) :]), strict=True))
    return Weights(bias, tuple(map(float, weights[: -len(kinds)])), threshold)


def _features(seen: Compared, kinds: Sequence[Kind]) -> list[float]:
    return [*seen.features, *(float(seen.instead.kind is kind) for kind in kinds)]
