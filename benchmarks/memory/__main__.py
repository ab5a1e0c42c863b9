"""What the workspace's memory is worth to a model, and how fast it is."""

import json
from collections.abc import Iterator
from pathlib import Path

import cattrs
import click
from large_workspace import measure
from platformdirs import user_cache_path
from quality import BEST, ROWS, Window, fit, score, windows
from rich.console import Console
from rich.table import Table

from codenook.models import bundled
from codenook.models.engine.decode import Decoder
from codenook.models.engine.options import EngineOptions
from codenook.models.training.corpus import CorpusError, clean_package, fetch, read_manifest
from codenook.models.training.duplicates import NO_RUNS

FAILED = 3
"""Exit code when a package can't be fetched."""

out, err = Console(highlight=False), Console(stderr=True, highlight=False)


@click.group()
def main() -> None:
    """Measure the workspace's memory."""


@main.command()
@click.option(
    "--wheels",
    type=click.Path(path_type=Path, file_okay=False),
    default=user_cache_path("codenook") / "benchmarks" / "wheels",
    help="Where the packages are kept; pip fetches those that are missing (codenook's cache folder).",
)
@click.option(
    "--model", type=click.Path(path_type=Path, exists=True), default=bundled.path(), help="GGUF file."
)
@click.option("--windows", "n_windows", default=10, show_default=True, help="Windows of each package.")
@click.option("--write", type=click.Path(path_type=Path), help="Where to write the fitted weights, as JSON.")
def quality(wheels: Path, model: Path, n_windows: int, write: Path | None) -> None:
    """Fit weights on the validation packages, then predict the test packages."""
    decoder = Decoder(model, EngineOptions())
    try:
        weights = fit(_windows(decoder, "validation", wheels, n_windows))
        if write:
            write.write_text(json.dumps(cattrs.unstructure(weights[BEST]), indent=1) + "\n", encoding="utf-8")
        scores = score(_windows(decoder, "test", wheels, n_windows), weights)
    except CorpusError as error:
        err.print(str(error))
        raise SystemExit(FAILED) from None
    table = Table("", "bits/byte", "next token %")
    for row in ROWS:
        table.add_row(row.name, f"{scores[row].bits_per_byte:.3f}", f"{100 * scores[row].accuracy:.1f}")
    out.print(table)
    out.print(f"{scores[BEST].n_tokens:,} tokens of the test packages")


def _windows(decoder: Decoder, split: str, wheels: Path, n: int) -> Iterator[Window]:
    for pin in read_manifest():
        if pin.split == split:
            files, _ = clean_package(fetch(pin, wheels), NO_RUNS)
            err.print(f"{split} {pin.name}: {len(files)} files")
            yield from windows(decoder, pin.name, {file.path: file.text for file in files}, n)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--lines", default=500_000, show_default=True, help="Read Python files until there are so many."
)
@click.option(
    "--vocabulary", type=int, help="Pretend that there are so many tokens (those of the bundled model)."
)
def speed(folder: Path, lines: int, vocabulary: int | None) -> None:
    """Measure building, updating and asking with the Python files in FOLDER."""
    table, decoder = Table("", "median and spread"), Decoder(bundled.path(), EngineOptions())
    for name, value in measure(decoder, folder, lines, vocabulary or decoder.info.n_vocab):
        table.add_row(name, value)
    out.print(table)


if __name__ == "__main__":
    main()
