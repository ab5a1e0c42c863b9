"""The table and what is read from it, as Markdown; or everything as JSON."""

import json
from collections.abc import Iterator, Sequence

import cattrs

from codenook.models.training.evaluate.asking import FULL
from codenook.models.training.evaluate.figures import Difference, Reliability
from codenook.models.training.evaluate.infilling import FILES
from codenook.models.training.evaluate.questions import Kind
from codenook.models.training.evaluate.summary import N_CANDIDATES, N_SHOWN, Summary, not_beaten

WANTED_EXACT, WANTED_BITS = 0.15, 0.85
"""Numbers to reach: rest of line, 3 candidates, with context and memory; and bits per byte with memory."""


def as_json(summaries: Sequence[Summary], infilling_not_run: str) -> str:
    """Return all that was measured."""
    alone = summaries[-1]
    told = {
        "models": cattrs.unstructure(summaries),
        "not_beaten": {one.model: [*not_beaten(one, alone)] for one in summaries[:-1]},
        "infilling_not_run": infilling_not_run or None,
    }
    return json.dumps(told, indent=1)


def as_text(summaries: Sequence[Summary], infilling_not_run: str) -> str:
    """Return the tables, and what they say of the numbers to reach."""
    parts = [_table(_holes(summaries)), _table(_models(summaries, infilling_not_run))]
    if infilling_not_run:
        parts.append(f"HumanEval infilling was not run: {infilling_not_run}")
    parts += [_table(_reliability(one)) for one in summaries if one.reliability]
    return "\n\n".join([*parts, "\n".join(_verdicts(summaries))])


def _holes(summaries: Sequence[Summary]) -> Iterator[Sequence[str]]:
    kinds = [*summaries[0].rows[0].scores]
    yield (
        "model",
        "context",
        "memory",
        "candidates",
        *(f"{kind} {what}" for kind in kinds for what in ("exact", "similarity")),
        "shown",
        "names resolve",
    )
    for one in summaries:
        for row in one.rows:
            for n in N_CANDIDATES:
                scores = [row.score(kind, n) for kind in kinds]
                yield (
                    one.model,
                    _yes(row.condition.context),
                    _yes(row.condition.memory),
                    str(n),
                    *(
                        cell
                        for score in scores
                        for cell in (_percent(score.exact), f"{score.similarity:.3f}")
                    ),
                    _percent(row.checked.shown),
                    _percent(row.checked.resolved),
                )


def _models(summaries: Sequence[Summary], infilling_not_run: str) -> Iterator[Sequence[str]]:
    yield (
        "model",
        "MB",
        "bits/byte",
        "with memory",
        *(f"HumanEval {name}" for name in FILES),
        "prefill/s",
        "decode/s",
        "request, ms",
    )
    for one in summaries:
        missing = "not run" if infilling_not_run else ""
        rates = [one.infilling.get(name) for name in FILES]
        speed = one.speed
        yield (
            one.model,
            f"{one.megabytes:.1f}" if one.megabytes is not None else "",
            f"{one.bits_per_byte:.3f}" if one.bits_per_byte is not None else "",
            f"{one.bits_per_byte_with_memory:.3f}",
            *(f"{_percent(rate.passed)} of {rate.n}" if rate else missing for rate in rates),
            *(
                (f"{speed.prefill_per_s:.0f}", f"{speed.decode_per_s:.0f}", f"{speed.request_ms:.0f}")
                if speed
                else ("", "", "")
            ),
        )


def _reliability(one: Summary) -> Iterator[Sequence[str]]:
    yield f"{one.model}: probability", "from a mean of", "candidates", "exact"
    for name, measured in one.reliability.items():
        for each in measured.bins:
            yield name, _percent(each.sure), str(each.n), _percent(each.exact)


def _verdicts(summaries: Sequence[Summary]) -> Iterator[str]:
    *models, alone = summaries
    for one in models:
        for said in _said(one, alone):
            yield f"- {one.model}: {said}"


def _said(one: Summary, alone: Summary) -> Iterator[str]:
    for name, measured in one.reliability.items():
        yield f"{name} probability: calibration error {measured.error:.3f}{_ranking(measured)}"
    lost = [*not_beaten(one, alone)]
    yield f"with memory better than {alone.model} in every quality row: {_yes(not lost)}" + "".join(
        f"; not in {row}" for row in lost
    )
    if one.worth:
        for name, both, only in (
            ("context", one.worth.context, one.worth.context_without_memory),
            ("memory", one.worth.memory, one.worth.memory_without_context),
        ):
            other = "memory" if name == "context" else "context"
            yield f"{name} on holes that need it: {_difference(both)}; without {other}: {_difference(only)}"
    row = one.row(FULL)
    if Kind.REST_OF_LINE in row.scores:
        exact = row.score(Kind.REST_OF_LINE, N_SHOWN).exact
        reached = _yes(exact >= WANTED_EXACT)
        yield f"rest of line exact {_percent(exact)}, to reach {_percent(WANTED_EXACT)}: {reached}"
    bits = one.bits_per_byte_with_memory
    yield f"bits per byte {bits:.3f}, to reach {WANTED_BITS}: {_yes(bits <= WANTED_BITS)}"


def _ranking(measured: Reliability) -> str:
    if measured.ranking is None:
        return ""
    return f"; an exact candidate has a higher one than another in {_percent(measured.ranking)} of pairs"


def _difference(found: Difference | None) -> str:
    if found is None:
        return "no such holes"
    low, high = 100 * found.low, 100 * found.high
    return f"{100 * found.mean:+.1f} points [{low:+.1f}, {high:+.1f}] of {found.n} holes"


def _table(rows: Iterator[Sequence[str]]) -> str:
    head, *others = rows
    lines = [head, ["---"] * len(head), *others]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _yes(is_so: bool) -> str:  # noqa: FBT001 - one word for each
    return "yes" if is_so else "no"
