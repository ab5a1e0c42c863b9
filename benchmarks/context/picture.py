"""The picture: needed definitions shown against tokens used, one line for each method."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib import rcParams
from matplotlib.figure import Figure
from measure import BUDGETS
from methods import OURS


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Write an SVG or PNG, by the ending of ``path``; equal results give equal SVG files."""
    rcParams["svg.hashsalt"] = "codenook"
    figure = Figure(figsize=(8, 5), layout="constrained")
    axes = figure.add_subplot()
    for method, by_budget in result["methods"].items():
        figures = [by_budget[str(budget)] for budget in BUDGETS]
        axes.plot(
            [values["tokens"] for values in figures],
            [100 * values["needed_shown"] for values in figures],
            marker="o",
            linewidth=2.5 if method == OURS else 1.2,
            linestyle="--" if method.startswith(f"{OURS} ") else "-",
            label=method,
        )
    axes.set_xlabel("tokens used, mean of all holes")
    axes.set_ylabel("needed definitions shown, %")
    axes.set_title(
        f"Budgets of {', '.join(f'{budget:,}' for budget in BUDGETS)} tokens; {result['holes']} functions "
        f"of {len(result['packages'])} packages"
    )
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    metadata = {"Date": None} if path.suffix == ".svg" else {}
    figure.savefig(path, metadata=metadata)
