"""Documentation of real packages: read, written again, put in without a change of code; what is stale."""

import json
from collections import Counter
from pathlib import Path

import click
from documented_packages import PackagesMissing, packages, sources
from platformdirs import user_cache_path
from proof import Counts, count
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from stale_findings import findings, precision, read_verdicts

FAILED = 3
"""Exit code when packages are missing, or are not what is pinned."""

out, err = Console(highlight=False), Console(stderr=True, highlight=False)


@click.command()
@click.option(
    "--packages",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=user_cache_path("codenook") / "benchmarks" / "documented",
    help="Where the packages are kept (codenook's cache folder).",
)
@click.option("--fetch", "fetching", is_flag=True, help="Have pip, npm and apt fetch what is missing.")
@click.option(
    "--tries", default=260, show_default=True, help="Definitions of each language that get documentation."
)
@click.option("--json", "path", type=click.Path(path_type=Path), help="Where to write all that was found.")
def main(folder: Path, tries: int, path: Path | None, *, fetching: bool) -> None:
    """Measure documentation in eight languages; no model is asked."""
    counts: dict[str, Counts] = {}
    found: list[tuple[str, str, int, str, str]] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    try:
        known = packages(folder, fetching=fetching)
    except PackagesMissing as error:
        err.print(str(error), soft_wrap=True)
        raise SystemExit(FAILED) from None
    with Progress(*columns, console=err, transient=True) as progress:
        task = progress.add_task("", total=len(known))
        n_left = Counter(package.language for package, _ in known)
        for package, root in known:
            progress.update(task, description=package.name)
            of_language = counts.setdefault(package.language, Counts())
            share = of_language.tried + (tries - of_language.tried) // n_left[package.language]
            files = list(sources(package, root))
            count(files, of_language, share)
            found += findings(files)
            n_left[package.language] -= 1
            progress.advance(task)
    _show(counts, found)
    if path:
        rows = [
            dict(zip(("package", "path", "line", "rule", "finding"), each, strict=True)) for each in found
        ]
        path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def _show(counts: dict[str, Counts], found: list[tuple[str, str, int, str, str]]) -> None:
    columns = ("definitions", "documented", "written again", "put in", "code unchanged", "all said")
    table = Table("", *columns, box=None)
    for language, of in counts.items():
        table.add_row(
            language,
            f"{of.seen:,}",
            f"{of.has_docs:,}",
            f"{of.read_again:,} of {of.rewritten:,}",
            f"{of.tried - sum(of.refused.values()):,} of {of.tried:,}",
            f"{of.unchanged:,}",
            f"{of.whole:,}",
        )
    out.print(table)
    for language, of in counts.items():
        for why, n in of.refused.most_common():
            out.print(f"{language}, not put in: {n} times {why}")
    rules = Table("stale documentation", "findings", "read", "right", box=None)
    read, known = precision(read_verdicts()), Counter(rule for _, _, _, rule, _ in found)
    for rule in [*(rule for rule, _ in known.most_common()), "later", "all"]:
        right, total = read.get(rule, (0, 0))
        n = len(found) if rule == "all" else known[rule]
        rules.add_row(
            rule, f"{n:,}" if n else "", str(total), f"{right} ({100 * right / total:.0f} %)" if total else ""
        )
    out.print(rules)
    missing = {verdict.key for verdict in read_verdicts()} - set(found)
    out.print(f"{len(missing)} findings of the list are not made any more")


if __name__ == "__main__":
    main()
