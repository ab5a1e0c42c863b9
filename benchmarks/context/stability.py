"""How still the context stays while lines are typed, and what that costs at their ends."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen
from excerpts import CountTokens, Excerpt
from holes import Hole, Needed, Question, question
from methods import Ours
from packages import Package
from rich.console import Console
from rich.table import Table
from score import shows

BUDGET = 1024
"""Tokens."""
N_LINES_PER_HOLE = 2
MIN_KEYS = 12
"""Shorter lines are not worth a completion."""


@frozen
class Typed:
    """A line of a function, about to be typed again, and the definitions of other files that it names."""

    path: str
    before: str
    line: str
    after: str
    needed: Sequence[Needed] = field(repr=False)


@frozen
class Stability:
    """What typing the lines of one package told: counts of keys after a line's first, and of definitions.

    ``n_same`` are the keys that left the context's bytes as they were; ``n_shown`` the needed definitions
    shown at the lines' ends, ``n_shown_fresh`` those that are shown there when nothing was asked before.
    """

    package: str
    n_lines: int
    n_keys: int
    n_same: int
    n_needed: int
    n_shown: int
    n_shown_fresh: int


def typed_lines(hole: Hole, root: Path) -> list[Typed]:
    """Lines of a hole's body that name a needed definition: up to `N_LINES_PER_HOLE`, spread over it."""
    gap = question(hole, root)
    head, tail = gap.text[: gap.offset], gap.text[gap.offset :]
    body = (root / hole.path).read_bytes()[hole.start : hole.end].decode("utf-8").split("\n")
    found = []
    for number, line in enumerate(body):
        text = line.strip()
        needed = [each for each in hole.gold if each.name in re.findall(r"\w+", text)]
        if needed and len(text) >= MIN_KEYS:
            before, _, after = line.partition(text)
            above, below = "\n".join([*body[:number], before]), "\n".join([after, *body[number + 1 :]])
            found.append(Typed(hole.path, head + above, text, below + tail, needed))
    step = max(1, len(found) // N_LINES_PER_HOLE)
    return found[step // 2 :: step][:N_LINES_PER_HOLE]


def stability(
    package: Package, root: Path, holes: Sequence[Hole], *, count: CountTokens, advance: Callable[[], None]
) -> Stability:
    """Type lines of the ``holes`` of one package key by key."""
    n_lines = n_keys = n_same = n_needed = n_shown = n_fresh = 0
    typing, fresh = (Ours(root, package.language, count) for _ in range(2))
    try:
        for hole in holes:
            for line in typed_lines(hole, root):
                contexts = [_ask(typing, root, line, n) for n in range(len(line.line) + 1)]
                n_lines += 1
                n_keys += len(contexts) - 1
                n_same += sum(a == b for a, b in pairwise(contexts))
                n_needed += len(line.needed)
                n_shown += _n_shown(line, contexts[-1], root)
                n_fresh += _n_shown(line, _ask(fresh, root, line, len(line.line)), root)
            advance()
    finally:
        typing.close()
        fresh.close()
    return Stability(package.name, n_lines, n_keys, n_same, n_needed, n_shown, n_fresh)


def print_stability(found: Sequence[Stability], out: Console) -> None:
    """Print a row for each package and one for all."""
    table = Table(box=None, header_style="bold", padding=(0, 1))
    table.add_column("", no_wrap=True)
    for column in ("lines", "keys", "same %", "needed", "shown %", "fresh %"):
        table.add_column(column, justify="right", no_wrap=True)
    for row in (*found, _sum(found)):
        shares = (row.n_shown / max(1, row.n_needed), row.n_shown_fresh / max(1, row.n_needed))
        table.add_row(
            row.package,
            f"{row.n_lines:,}",
            f"{row.n_keys:,}",
            f"{100 * row.n_same / max(1, row.n_keys):.1f}",
            f"{row.n_needed:,}",
            *(f"{100 * share:.1f}" for share in shares),
        )
    out.print(table)


def stability_json(found: Sequence[Stability]) -> dict[str, Any]:
    """Everything that was counted, for JSON."""
    return {"budget": BUDGET, "packages": [asdict(row) for row in found], "all": asdict(_sum(found))}


def _sum(found: Sequence[Stability]) -> Stability:
    rows = [list(asdict(row).values())[1:] for row in found]
    return Stability("all", *map(sum, zip(*rows, strict=True)))


def _ask(method: Ours, root: Path, line: Typed, n_keys: int) -> list[Excerpt]:
    before = line.before + line.line[:n_keys]
    (shown,) = method.choose(Question(root, line.path, before + line.after, len(before)), (BUDGET,))
    return shown


def _n_shown(line: Typed, shown: Sequence[Excerpt], root: Path) -> int:
    return sum(
        any(shows(excerpt, needed, (root / needed.path).read_text("utf-8").split("\n")) for excerpt in shown)
        for needed in line.needed
    )
