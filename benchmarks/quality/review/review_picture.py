"""The picture: precision against recall, a panel for each set of cases and a line for each source."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from found_bugs import Measured, curve, rates
from matplotlib import rcParams
from matplotlib.figure import Figure


class Row(Protocol):
    """What a source said, and from where on it is told."""

    measured: Measured
    threshold: float


def draw(panels: Mapping[str, Mapping[str, Row]], path: Path) -> None:
    """Write an SVG or PNG, by the ending of ``path``; a dot is where a source's threshold is."""
    rcParams["svg.hashsalt"] = "codenook"
    figure = Figure(figsize=(6, 4.5 * len(panels)), layout="constrained")
    for panel, (title, by_source) in zip(
        figure.subplots(len(panels), squeeze=False)[:, 0], panels.items(), strict=True
    ):
        for source, row in by_source.items():
            judged = row.measured.judged
            points = [rates for _, rates in curve(judged)]
            recall, precision = [100 * p.recall for p in points], [100 * p.precision for p in points]
            (line,) = panel.plot(recall, precision, label=source)
            at = rates(judged, row.threshold)
            panel.plot(100 * at.recall, 100 * at.precision, "o", color=line.get_color())
        panel.set_title(title)
        panel.set_xlabel("bugs with a finding within 2 lines, %")
        panel.set_ylabel("findings that are within 2 lines of a bug, %")
        panel.set_xlim(0, 100)
        panel.set_ylim(0, 105)
        panel.grid(alpha=0.3)
        panel.legend(frameon=False)
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else {})
