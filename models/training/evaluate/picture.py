"""The reliability curve: how many candidates are exact, against how sure the model was of them."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from codenook.models.training.errors import TrainingError
from codenook.models.training.evaluate.summary import Summary

NEEDED = "a picture needs matplotlib: pip install matplotlib, or the extra 'bench'"


def check() -> None:
    """Raise TrainingError where nothing can be drawn."""
    if find_spec("matplotlib") is None:
        raise TrainingError(NEEDED)


def draw(summaries: Sequence[Summary], path: Path) -> None:
    """Write an SVG or PNG, by the ending of ``path``: a panel for each probability, a line for each model."""
    from matplotlib import rcParams
    from matplotlib.figure import Figure

    rcParams["svg.hashsalt"] = "codenook"
    with_curves = [one for one in summaries if one.reliability]
    names = [*with_curves[0].reliability]
    figure = Figure(figsize=(5 * len(names), 4.5), layout="constrained")
    panels: Mapping[str, Any] = dict(zip(names, figure.subplots(1, len(names)), strict=True))
    for name, panel in panels.items():
        panel.plot([0, 100], [0, 100], color="grey", linewidth=1, linestyle=":")
        for one in with_curves:
            measured = one.reliability[name]
            panel.plot(
                [100 * each.sure for each in measured.bins],
                [100 * each.exact for each in measured.bins],
                marker="o",
                label=f"{one.model}: error {measured.error:.3f}",
            )
        panel.set_title(f"{name} probability")
        panel.set_xlabel("probability, %")
        panel.set_ylabel("exact, %")
        panel.set_xlim(0, 100)
        panel.set_ylim(0, 100)
        panel.grid(alpha=0.3)
        panel.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else {})
