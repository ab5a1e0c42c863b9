"""What was measured of speed, as values for JSON and as one table for a reader."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from attrs import asdict, evolve, frozen
from rich.console import Console
from rich.table import Table
from rich.text import Text
from workspace import Amounts, total

import codenook
from codenook.server.doctor import machine

LARGE = 500_000
"""Lines of a workspace that the targets are for."""

Samples = dict[str, list[float]]


@frozen
class Figure:
    """One line of the table; ``target`` is for what 95 % stay below, or with ``is_rate`` above."""

    key: str
    label: str
    unit: str
    target: float | None = None
    is_rate: bool = False


FIGURES: Mapping[str, Sequence[Figure]] = {
    "Cold index, all cores": (
        Figure("index", "no index to a complete one", "s"),
        Figure("rate", "lines indexed in a second", "lines", 20_000, is_rate=True),
        Figure("disk", "index on disk", "MB"),
    ),
    "Warm open, from no process (s)": (
        Figure("answered", "first question answered", "s"),
        Figure("scanned", "all files looked at", "s", 2.0),
    ),
    "A key, until the document is read (ms)": (
        Figure("key", "where the rest of the file parses", "ms", 10.0),
        Figure("key_broken", "where it does not", "ms"),
    ),
    "Context for a question (ms)": (
        Figure("ask", "all questions", "ms", 25.0),
        Figure("ask_first", "of these the first in a document", "ms"),
        Figure("ask_line", "the first on another line", "ms"),
        Figure("ask_key", "each key after it", "ms"),
    ),
    "Memory of the process (MB)": (
        Figure("memory_index", "after the cold index", "MB", 500.0),
        Figure("memory_typed", "after typing", "MB", 500.0),
    ),
}

GROWING = {
    "key": ("A key in a larger file (ms)", Figure("", "{:,} lines", "ms")),
    "index": ("Cold index of smaller workspaces (s)", Figure("", "{:,} lines", "s")),
}
"""Groups of figures whose keys end in a number of lines."""


def summary(samples: Samples, packages: Sequence[str], size: Amounts, load: float) -> dict[str, Any]:
    """Return everything that ``--json`` writes."""
    return {
        "codenook": codenook.__version__,
        "machine": {**machine.facts(), "load_average": round(load, 2)},
        "workspace": {
            "packages": list(packages),
            **asdict(total(size)),
            "languages": {language: asdict(amount) for language, amount in size.items()},
        },
        "groups": {
            group: {figure.key: _values(figure, samples.get(figure.key, ())) for figure in figures}
            for group, figures in (FIGURES | dict(_growing(samples))).items()
        },
        "read_again": int(sum(samples["read_again"])),
    }


def print_speed(result: Mapping[str, Any], out: Console) -> None:
    """Print the table, with the facts above it."""
    for line in _facts(result):
        out.print(Text(line), soft_wrap=True)
    table = Table("", box=None, header_style="bold", padding=(0, 1))
    for name in ("n", "median", "95th", "target"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for group, figures in result["groups"].items():
        table.add_row(Text(group, style="bold"))
        for values in figures.values():
            table.add_row(*_row(values))
    out.print(table)
    if result["workspace"]["n_lines"] < LARGE:
        out.print(Text(f"The targets are for a workspace of {LARGE:,} lines and more."), soft_wrap=True)


def _growing(samples: Samples) -> Iterator[tuple[str, list[Figure]]]:
    for prefix, (group, like) in GROWING.items():
        sizes = sorted(int(found[1]) for key in samples if (found := re.fullmatch(rf"{prefix}_(\d+)", key)))
        if sizes:
            yield group, [evolve(like, key=f"{prefix}_{n}", label=like.label.format(n)) for n in sizes]


def _facts(result: Mapping[str, Any]) -> Iterator[str]:
    facts, size = result["machine"], result["workspace"]
    yield f"codenook {result['codenook']}, Python {facts['python']}, {facts['system']}"
    yield (
        f"{facts['cpu']}, {facts['cores']} cores, {facts['memory_gb']} GB, "
        f"load average {facts['load_average']} at the start"
    )
    languages = (f"{name} {amount['n_lines']:,}" for name, amount in size["languages"].items())
    yield (
        f"{len(size['packages'])} packages, {size['n_files']:,} files, {size['n_lines']:,} lines: "
        + ", ".join(languages)
    )


def _values(figure: Figure, values: Sequence[float]) -> dict[str, Any]:
    tail = 5 if figure.is_rate else 95
    median, p95 = (float(np.percentile(values, q)) for q in (50, tail)) if values else (None, None)
    is_met = None
    if figure.target is not None and p95 is not None:
        is_met = p95 > figure.target if figure.is_rate else p95 < figure.target
    return {
        **asdict(figure),
        "n": len(values),
        "median": median and round(median, 3),
        "p95": p95 and round(p95, 3),
        "met": is_met,
    }


def _row(values: Mapping[str, Any]) -> Iterator[str | Text]:
    digits = 0 if values["unit"] in ("lines", "MB") else 1
    yield f"  {values['label']}"
    yield f"{values['n']:,}"
    for value in (values["median"], values["p95"]):
        yield "-" if value is None else f"{value:,.{digits}f}"
    yield "" if values["target"] is None else f"{'>' if values['is_rate'] else '<'} {values['target']:,g}"
    if values["met"] is not None:
        yield Text("met", style="green") if values["met"] else Text("not met", style="red")
