"""Reviews of changes with known bugs: what is found, and what is said where nothing is wrong."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import asdict, evolve, frozen
from bug_cases import LANGUAGES, Case, problems
from clean_changes import TOLD, clean_changes, told
from found_bugs import Measured, differences, line_area, measure, pair_area, quietest, rates, version_area
from line_surprisal import STATISTICS, LineSurprisal
from platformdirs import user_cache_path
from release_fixes import Pair, Release, ReleasesMissing, fetch, fixes, read_manifest, sources
from rich.console import Console
from rich.table import Table
from slips import fit, slips
from trigrams import TrigramEngine

from codenook.models.hub.catalog import Role
from codenook.server.config import Settings
from codenook.server.engines import Engines
from codenook.server.review.scope.change import Change
from codenook.server.review.sources import Source
from codenook.server.review.sources.surprise import weighing
from codenook.server.review.sources.surprise.source import Surprise
from codenook.server.review.sources.surprise.weighing import Weights

if TYPE_CHECKING:
    from codenook.models.engine.client import Engine

FAILED = 3
"""Exit code when releases are missing, or are not what is pinned."""

MOST_FALSE_ALARMS = 0.025
"""The share of right versions with a finding that the threshold allows, in each set that it is fitted to.

Few are needed to hold 5%: what allowed that in one half of the problems had findings in 20% of the other.
"""

N_FUNCTIONS = 60
"""Functions of packages with a slip put in: to fit the threshold to, and of other packages to report on."""

SURPRISE = "surprise"

FITTED = {SURPRISE: weighing.WEIGHTS, "trigrams": Path(__file__).with_name("trigram_weights.json")}
"""Where the weights of each source are."""

RELEASES = "releases"

SLIPS = "slips put in"

err = Console(stderr=True, highlight=False)
out = Console(highlight=False, width=None if err.is_terminal else 200)


@frozen
class Row:
    """What a source said of one set of cases, at its threshold."""

    cases: str
    source: str
    measured: Measured
    threshold: float


@click.command()
@click.option("--data", type=click.Path(path_type=Path, exists=True, file_okay=False), required=True)
@click.option(
    "--language", "languages", multiple=True, type=click.Choice(list(LANGUAGES)), help="Only these."
)
@click.option(
    "--releases",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=user_cache_path("codenook") / "benchmarks" / "releases",
    help="Where the releases are kept (codenook's cache folder).",
)
@click.option("--fetch", "fetching", is_flag=True, help="Have pip fetch the releases that are missing.")
@click.option("--no-releases", is_flag=True, help="Only the functions in --data, humanevalpack_*.jsonl.gz.")
@click.option("--model", default="", help="A model of `codenook models list`, or a GGUF file.")
@click.option(
    "--fit", "n_slips", default=0, help="First fit weights and thresholds to N slips, and keep them."
)
@click.option("--thresholds", "fits_thresholds", is_flag=True, help="Fit thresholds alone, and keep them.")
@click.option("--clean", "n_clean", default=0, help="Only review N changes with nothing known to be wrong.")
@click.option("--no-model", is_flag=True, help="With --clean: ask no model.")
@click.option("--picture", type=click.Path(path_type=Path), help="Draws the curves, as SVG or PNG.")
@click.option("--json", "written", type=click.Path(path_type=Path), help="Writes all figures.")
def main(
    *,
    data: Path,
    languages: tuple[str, ...],
    folder: Path,
    fetching: bool,
    no_releases: bool,
    model: str,
    n_slips: int,
    fits_thresholds: bool,
    n_clean: int,
    no_model: bool,
    picture: Path | None,
    written: Path | None,
) -> None:
    """Review changes of which it is known what is wrong with them."""
    try:
        pairs = [] if no_releases else read_manifest()
        if fetching:
            fetch(pairs, folder)
        if n_clean:
            options = ["--no-model"] if no_model else ["--model", model] if model else []
            _show_clean([pair.new for pair in pairs if pair.split == "report"], folder, options, n_clean)
            return
        files = {split: _files(pairs, folder, split) for split in ("fit", "report")}
        fitted_to = _of_releases(pairs, folder, "fit", files, n_slips)
        reported = _of_releases(pairs, folder, "report", files, n_slips)
    except ReleasesMissing as error:
        err.print(str(error), soft_wrap=True)
        raise SystemExit(FAILED) from None
    for language in languages or LANGUAGES:
        cases = list(problems(data, language))
        if language == "python":
            fitted_to[f"HumanEvalPack, {language}"] = cases
        reported[f"HumanEvalPack, {language}"] = cases
    if not (n_slips or fits_thresholds):
        fitted_to.clear()
    rows = asyncio.run(_review(Settings(model=model), reported, fitted_to, files["fit"], n_slips))
    _show(rows)
    if picture is not None:
        from review_picture import draw  # noqa: PLC0415 - only this needs matplotlib

        draw({name: {row.source: row for row in rows if row.cases == name} for name in reported}, picture)
    if written is not None:
        written.write_text(json.dumps([_figures(row) for row in rows], indent=2), "utf-8")


def _files(pairs: Sequence[Pair], folder: Path, split: str) -> dict[str, str]:
    """The files of the newest releases of a split, by path."""
    newest = {pair.new.package: pair.new for pair in pairs if pair.split == split}
    return {path: text for one in newest.values() for path, text in sources(folder, one).items()}


def _of_releases(
    pairs: Sequence[Pair], folder: Path, split: str, files: Mapping[str, Mapping[str, str]], n_fitted: int
) -> dict[str, list[Case]]:
    """The cases of a split; of its slips those that come after ``n_fitted``."""
    if not pairs:
        return {}
    drawn = [slip.case for slip in slips(files[split], N_FUNCTIONS + n_fitted)]
    return {RELEASES: list(fixes(pairs, folder, split)), SLIPS: drawn[n_fitted:]}


async def _review(
    settings: Settings,
    sets: Mapping[str, Sequence[Case]],
    to_fit: Mapping[str, Sequence[Case]],
    files: Mapping[str, str],
    n_slips: int,
) -> list[Row]:
    engines = Engines(settings)
    real = engines.of(Role.FIM)
    asked: dict[str, Engine] = {SURPRISE: real, "trigrams": TrigramEngine(await real.ready())}
    rows = []
    for name, engine in asked.items():
        if to_fit:
            weights = await fit(engine, files, n_slips) if n_slips else weighing.read(FITTED[name])
            source, threshold = _surprise(engine, settings, weights), 0.0
            for title, cases in to_fit.items():
                found = await measure(cases, source, _tick(f"{name}, to fit, {title}", len(cases)))
                threshold = max(threshold, quietest(found.judged, MOST_FALSE_ALARMS))
            FITTED[name].write_text(json.dumps(asdict(evolve(weights, threshold=threshold)), indent=2) + "\n")
        weights = weighing.read(FITTED[name])
        judges: dict[str, Callable[[Change], Source]] = {name: _surprise(engine, settings, weights)}
        judges |= {f"{name}, {of} of a line": _of_lines(engine, of) for of in STATISTICS}
        for judge, source in judges.items():
            for title, cases in sets.items():
                found = await measure(cases, source, _tick(f"{judge}, {title}", len(cases)))
                rows.append(Row(title, judge, found, weights.threshold if judge == name else 1.0))
    await engines.close()
    return rows


def _of_lines(engine: "Engine", of: str) -> Callable[[Change], Source]:
    return lambda change: LineSurprisal(change, engine, STATISTICS[of])


def _surprise(engine: "Engine", settings: Settings, weights: Weights) -> Callable[[Change], Surprise]:
    """What makes the source for a change; it tells whatever it sees, so that curves can be drawn."""
    return lambda change: Surprise(change, engine, settings, weights=evolve(weights, threshold=0.0))


def _tick(what: str, n: int):  # noqa: ANN202 - a line on stderr
    def tick(done: int) -> None:
        if err.is_terminal or done == n:
            err.print(f"{what}: {done} of {n}", end="\r" if err.is_terminal and done < n else "\n")

    return tick


def _show(rows: Sequence[Row]) -> None:
    table = Table(
        *("cases", "source", "changes", "found", "false alarms", "right of told"),
        *("line", "same place", "version", "s / 100 lines", "tokens / 100 lines"),
    )
    for row in rows:
        of = _figures(row)
        areas = [of[name] for name in ("line_area", "pair_area", "version_area")]
        if sum(row.measured.not_looked_at.values()) == row.measured.n_lines:
            continue
        table.add_row(
            row.cases,
            row.source,
            str(of["changes"]),
            f"{100 * of['recall']:.0f} %",
            f"{100 * of['false_alarms']:.0f} %",
            f"{100 * of['precision']:.0f} % of {of['findings']}" if of["findings"] else "none told",
            *(f"{a['value']:.2f} ({a['low']:.2f} to {a['high']:.2f})" if a else "" for a in areas),
            f"{of['seconds_per_100_lines']:.1f}",
            f"{of['tokens_per_100_lines']:.0f}",
        )
    out.print(table)
    for row in rows:
        for reason, n in row.measured.not_looked_at.items():
            out.print(f"{row.cases}, {row.source}: {n} lines not looked at: {reason}", soft_wrap=True)
    out.print(_differences(rows))


def _differences(rows: Sequence[Row]) -> Table:
    """By how much the model's surprise is better than everything else, case by case."""
    table = Table("cases", "surprise less", *("line", "same place", "version"))
    first = {row.cases: row for row in rows if row.source == SURPRISE}
    for row in rows:
        ours = first[row.cases]
        if row is ours or not row.measured.judged or ours.measured.not_looked_at:
            continue
        found = differences(ours.measured.judged, row.measured.judged)
        table.add_row(
            row.cases,
            row.source,
            *(f"{a.value:+.3f} ({a.low:+.3f} to {a.high:+.3f})" for a in found.values()),
        )
    return table


def _show_clean(releases: Sequence[Release], folder: Path, options: Sequence[str], n: int) -> None:
    """Print what each source says of clean changes."""
    newest = {release.package: release for release in releases}
    changes = clean_changes(list(newest.values()), folder, n)
    counts = []
    for change in changes:
        found = told(change, folder, options)
        counts.append(found[TOLD])
        place = (
            f"{change.release.package} {change.release.version} {change.path}:{change.first}-{change.last}"
        )
        by_source = ", ".join(f"{source} {n}" for source, n in found.items())
        out.print(f"{place}: {by_source}", soft_wrap=True)
    n_more = sum(count > 1 for count in counts)
    out.print(
        f"{n_more} of {len(counts)} changes have more than one finding, the most is {max(counts, default=0)}"
    )


def _figures(row: Row) -> dict[str, Any]:
    measured, hundreds = row.measured, max(1, row.measured.n_lines) / 100
    lines = line_area(measured.judged)
    at = rates(measured.judged, row.threshold)
    return {
        "cases": row.cases,
        "source": row.source,
        "changes": len(measured.judged),
        "threshold": row.threshold,
        **asdict(at),
        "line_area": asdict(lines) if lines else None,
        "pair_area": asdict(pair_area(measured.judged)),
        "version_area": asdict(version_area(measured.judged)),
        "seconds_per_100_lines": measured.seconds / hundreds,
        "tokens_per_100_lines": measured.n_tokens / hundreds,
        "not_looked_at": dict(row.measured.not_looked_at),
    }


if __name__ == "__main__":
    main()
