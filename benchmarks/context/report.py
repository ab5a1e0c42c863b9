"""What was measured, as values for JSON and as one table for a reader."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from holes import Hole
from measure import BUDGETS, Answer
from packages import Package
from rich.console import Console
from rich.table import Table
from rich.text import Text

import codenook

COLUMNS = {
    "needed %": "needed definitions that are shown, of those of all holes",
    "all %": "holes with all of theirs shown",
    "names %": "identifiers from outside the file that stand in what is shown",
    "tokens": "used, mean of all holes",
    "wasted": "tokens of excerpts that show no needed definition",
}


def summary(
    answers: Sequence[Answer], holes: Sequence[Hole], packages: Sequence[Package], tokenizer: str
) -> dict[str, Any]:
    """Return everything that ``--json`` writes; languages apart, as not every row is for all of them."""
    languages = {}
    for language in dict.fromkeys(package.language for package in packages):
        own = {package.name: package for package in packages if package.language == language}
        languages[language] = _language(
            [answer for answer in answers if answer.package in own],
            [hole for hole in holes if hole.package in own],
        )
    return {"codenook": codenook.__version__, "tokenizer": tokenizer, "languages": languages}


def print_summary(result: Mapping[str, Any], out: Console) -> None:
    """Print a table for each language, one group of rows for each budget, with the facts above it."""
    out.print(f"codenook {result['codenook']}, tokens of {result['tokenizer']}", soft_wrap=True)
    for language, counted in result["languages"].items():
        out.print(
            f"{language}: {counted['holes']} holes in {len(counted['packages'])} packages, "
            f"{counted['needed']} needed definitions, {counted['names']} identifiers from outside the file",
            soft_wrap=True,
        )
        table = Table(box=None, header_style="bold", padding=(0, 1))
        table.add_column("", no_wrap=True)
        for column in COLUMNS:
            table.add_column(column, justify="right", no_wrap=True)
        for budget in BUDGETS:
            table.add_row(Text(f"Within {budget:,} tokens", style="bold"))
            for method, figures in counted["methods"].items():
                table.add_row(f"  {method}", *_row(figures[str(budget)]))
        out.print(table)
    for column, meaning in COLUMNS.items():
        out.print(Text(f"{column}: {meaning}", style="dim"), soft_wrap=True)


def _language(answers: Sequence[Answer], holes: Sequence[Hole]) -> dict[str, Any]:
    return {
        "packages": dict(Counter(f"{hole.package} {hole.version}" for hole in holes)),
        "holes": len(holes),
        "needed": sum(len(hole.gold) for hole in holes),
        "names": sum(len(hole.names) for hole in holes),
        "methods": {
            method: {
                str(budget): _figures(
                    [answer for answer in answers if (answer.method, answer.budget) == (method, budget)]
                )
                for budget in BUDGETS
            }
            for method in dict.fromkeys(answer.method for answer in answers)
        },
    }


def _row(figures: Mapping[str, Any]) -> list[str]:
    shares = [figures[key] for key in ("needed_shown", "holes_complete", "names_shown")]
    return [
        *("-" if share is None else f"{100 * share:.1f}" for share in shares),
        *(f"{figures[key]:,.0f}" for key in ("tokens", "wasted")),
    ]


def _figures(answers: Sequence[Answer]) -> dict[str, Any]:
    """Shares over all definitions, holes and identifiers; means over holes of tokens."""
    scores = [answer.score for answer in answers]
    by_package: dict[str, list[Answer]] = {}
    for answer in answers:
        by_package.setdefault(answer.package, []).append(answer)
    return {
        "needed_shown": _share(sum(s.n_shown for s in scores), sum(s.n_needed for s in scores)),
        "holes_complete": _share(sum(s.n_shown == s.n_needed for s in scores), len(scores)),
        "names_shown": _share(sum(s.n_names_shown for s in scores), sum(s.n_names for s in scores)),
        "tokens": round(sum(s.tokens for s in scores) / len(scores), 1),
        "wasted": round(sum(s.wasted for s in scores) / len(scores), 1),
        "needed_shown_by_package": {
            package: _share(sum(a.score.n_shown for a in found), sum(a.score.n_needed for a in found))
            for package, found in by_package.items()
        },
    }


def _share(part: int, all_: int) -> float | None:
    return round(part / all_, 4) if all_ else None
