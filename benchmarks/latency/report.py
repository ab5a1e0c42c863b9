"""What was measured, as values for JSON and as one table for a reader."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any

import attrs
import numpy as np
from attrs import frozen
from rich.console import Console
from rich.table import Table
from rich.text import Text

import codenook
from codenook.models.engine.messages import EngineStatus
from codenook.server.config import Settings
from codenook.server.doctor import machine


@frozen
class Figure:
    """One line of the table; a ``target`` is for the 95th percentile (ms)."""

    key: str
    label: str
    unit: str = "ms"
    target: float | None = None


WITHOUT_MEMORY = "_without_memory"
"""Ends the keys of what was measured with the workspace's memory off."""

FIGURES: Mapping[str, Sequence[Figure]] = {
    "Answered by the model (ms)": (
        Figure("whole", "whole request: from key to candidates"),
        Figure("whole_first", "  the first in a document"),
        Figure("whole_next", "  each key after it"),
        Figure("engine", "the engine's part"),
        Figure("stage_queue", "  waiting for its turn"),
        Figure("stage_prefill", "  prefill"),
        Figure("stage_decode", "  decode"),
        Figure("not_engine", "the part that is not the engine", target=10.0),
        Figure("not_engine_first", "  of the first in a document"),
        Figure("not_engine_next", "  of each key after it"),
        Figure("stage_context", "  choosing context"),
        Figure("stage_verify", "  verifying and ranking"),
        Figure("stage_others", "  all else in the server"),
        Figure("stage_protocol", "  between editor and server"),
    ),
    "The same keys with memory off (ms)": (
        Figure(f"whole_first{WITHOUT_MEMORY}", "whole request, the first in a document"),
        Figure(f"whole_next{WITHOUT_MEMORY}", "  each key after it"),
        Figure(f"engine{WITHOUT_MEMORY}", "the engine's part"),
        Figure(f"stage_decode{WITHOUT_MEMORY}", "  decode"),
    ),
    "Asked in the moment of opening, not counted above (ms)": (
        Figure("whole_at_once", "whole request"),
        Figure("not_engine_at_once", "the part that is not the engine"),
    ),
    "Answered from a shown candidate (ms)": (Figure("along", "from key to what is left of it", target=5.0),),
    "Cancelled (ms)": (
        Figure("cancel_prefill", "in prefill: cancel to engine idle", target=50.0),
        Figure("cancel_prefill_engine", "  of it in the engine"),
        Figure("cancel_decode", "in decode: cancel to engine idle", target=50.0),
        Figure("cancel_decode_engine", "  of it in the engine"),
    ),
    "Started (ms)": (Figure("cold_start", "engine: no process to model loaded"),),
    "Counted for each request to the model": (
        Figure("prompt", "tokens of the prompt", "tokens"),
        Figure("evaluated_first", "  evaluated, first in a document", "tokens"),
        Figure("evaluated_next", "  evaluated, each key after it", "tokens"),
        Figure("generated", "tokens of all candidates together", "tokens"),
        Figure("decode_calls", "calls of llama_decode", "calls"),
    ),
}

SHARES: Mapping[str, str] = {
    "along_without_model": "keys along a candidate: no model",
    "typed_without_model": "keys of the file's line: no model",
    "asked_twice": "requests: the model was asked twice",
    "empty": "requests: the model had no candidate",
}

NOTES = (
    "Every request has an explicit trigger, so the wait for the next key (debounce) is not in these figures.",
    "Figures of a part are its own percentiles: they need not add up.",
)

BUSY_LOAD = 0.5
"""A load average above this means that something else runs."""


def summary(
    samples: Mapping[str, Sequence[float]],
    engine: EngineStatus,
    settings: Settings,
    reasons: Counter[str],
    load: float,
) -> dict[str, Any]:
    """Return everything that ``--json`` writes."""
    return {
        "codenook": codenook.__version__,
        "machine": {
            **machine.facts(),
            "llama_cpp_python": version("llama-cpp-python"),
            "load_average": round(load, 2),
        },
        "model": attrs.asdict(engine.model, filter=attrs.filters.include("name", "n_params", "size_bytes")),
        "settings": {
            name: getattr(settings, name) for name in ("n_candidates", "n_max_tokens", "n_prompt_tokens")
        },
        "figures": {
            figure.key: _figure_json(figure, samples.get(figure.key, ()))
            for figures in FIGURES.values()
            for figure in figures
        },
        "shares": {key: _share_json(label, samples.get(key, ())) for key, label in SHARES.items()},
        "reasons": dict(reasons),
    }


def print_summary(result: Mapping[str, Any], out: Console) -> None:
    """Print the table, with the facts above it and the notes below."""
    for line in _facts(result):
        out.print(Text(line), soft_wrap=True)
    table = Table("", box=None, header_style="bold", padding=(0, 1))
    for name in ("n", "median", "95th", "target"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for group, figures in FIGURES.items():
        if not any(result["figures"][figure.key]["n"] or figure.target for figure in figures):
            continue
        table.add_row(Text(group, style="bold"))
        for figure in figures:
            values = result["figures"][figure.key]
            if values["n"] or values["target"]:
                table.add_row(*_row(figure.label, values))
    table.add_row(Text("Shares (%)", style="bold"))
    for share in result["shares"].values():
        percent = "-" if share["share"] is None else f"{100 * share['share']:.0f}"
        table.add_row("  " + share["label"], str(share["n"]), percent)
    out.print(table)
    if result["reasons"]:
        named = ", ".join(f"{reason} {n}" for reason, n in sorted(result["reasons"].items()))
        out.print(Text(f"Empty answers: {named}."), soft_wrap=True)
    for note in NOTES:
        out.print(Text(note, style="dim"), soft_wrap=True)


def _facts(result: Mapping[str, Any]) -> Iterator[str]:
    facts, model = result["machine"], result["model"]
    yield (
        f"codenook {result['codenook']}, llama-cpp-python {facts['llama_cpp_python']}, "
        f"Python {facts['python']}, {facts['system']}"
    )
    yield (
        f"{facts['cpu']}, {facts['cores']} cores, {facts['threads']} threads, {facts['memory_gb']} GB, "
        f"load average {facts['load_average']} at the start"
    )
    yield (
        f"{model['name']}: {model['n_params'] / 1e6:.1f}M parameters, {model['size_bytes'] / 1e6:.1f} MB; "
        + ", ".join(f"{name} {value}" for name, value in result["settings"].items())
    )


def _row(label: str, figure: Mapping[str, Any]) -> Iterator[str | Text]:
    digits = 1 if figure["unit"] == "ms" else 0
    yield f"  {label}"
    yield str(figure["n"])
    for value in (figure["median"], figure["p95"]):
        yield "-" if value is None else f"{value:,.{digits}f}"
    yield "" if figure["target"] is None else f"< {figure['target']:g}"
    if figure["met"] is not None:
        yield Text("met", style="green") if figure["met"] else Text("not met", style="red")


def _figure_json(figure: Figure, values: Sequence[float]) -> dict[str, Any]:
    median, p95 = (float(np.percentile(values, q)) for q in (50, 95)) if values else (None, None)
    return {
        "label": figure.label.strip(),
        "unit": figure.unit,
        "n": len(values),
        "median": median and round(median, 3),
        "p95": p95 and round(p95, 3),
        "target": figure.target,
        "met": None if figure.target is None or p95 is None else p95 < figure.target,
    }


def _share_json(label: str, values: Sequence[float]) -> dict[str, Any]:
    return {
        "label": label,
        "n": len(values),
        "share": round(sum(values) / len(values), 4) if values else None,
    }
