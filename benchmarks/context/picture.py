"""The picture: needed definitions shown against tokens used, one line for each method."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from measure import BUDGETS
from methods import OURS


def draw(result: Mapping[str, Any], path: Path) -> None:
    """Write an SVG or PNG, by the ending of ``path``, with one panel for each language."""
    rcParams["svg.hashsalt"] = "codenook"
    languages = result["languages"]
    figure = Figure(figsize=(8, 5 * len(languages)), layout="constrained")
    panels = figure.subplots(len(languages), squeeze=False)[:, 0]
    for panel, (language, counted) in zip(panels, languages.items(), strict=True):
        _draw(panel, counted)
        panel.set_title(f"{language}: {counted['holes']} functions, {len(counted['packages'])} packages")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else {})


def _draw(panel: Axes, counted: Mapping[str, Any]) -> None:
    for method, by_budget in counted["methods"].items():
        figures = [by_budget[str(budget)] for budget in BUDGETS]
        panel.plot(
            [values["tokens"] for values in figures],
            [100 * values["needed_shown"] for values in figures],
            marker="o",
            linewidth=2.5 if method == OURS else 1.2,
            linestyle="--" if method.startswith(f"{OURS} ") else "-",
            label=method,
        )
    budgets = ", ".join(f"{budget:,}" for budget in BUDGETS)
    panel.set_xlabel(f"tokens used, mean of all functions, within {budgets} tokens")
    panel.set_ylabel("needed definitions shown, %")
    panel.set_xlim(left=0)
    panel.set_ylim(bottom=0)
    panel.grid(alpha=0.3)
    panel.legend(frameon=False)
