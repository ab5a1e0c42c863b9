"""Unit tests of real functions: how many get some, whether they pass outside, and what they notice."""

import asyncio
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import click
from making import Asked, Made, make
from platformdirs import user_cache_path
from rich.console import Console
from rich.table import Table
from solutions import DATA, GHOSTWRITER, Caught, Compared, compare, prepared
from tested_packages import PackagesMissing, drawn, installed, packages, untested

from codenook.server.config import Settings

FAILED = 3
"""Exit code when packages or data are missing, or are not what is pinned."""

out, err = Console(highlight=False), Console(stderr=True, highlight=False)


@click.command()
@click.option(
    "--packages",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=user_cache_path("codenook") / "benchmarks" / "tested",
    help="Where the packages and their environments are kept (codenook's cache folder).",
)
@click.option("--fetch", "fetching", is_flag=True, help="Have pip and npm fetch what is missing.")
@click.option("--functions", default=60, show_default=True, help="Python functions in all.")
@click.option("--javascript", default=30, show_default=True, help="JavaScript functions in all.")
@click.option("--without-tests", is_flag=True, help="Take the packages' own tests away meanwhile.")
@click.option("--package", "wanted", multiple=True, help="Only this package; may be repeated.")
@click.option("--model", default="", help="A model of `codenook models list`, or a GGUF file.")
@click.option("--no-model", is_flag=True, help="Inputs by rule alone.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=f"A folder with {DATA}: whether tests of the right solutions notice the wrong ones.",
)
@click.option("--problems", default=82, show_default=True, help="Problems of HumanEvalPack, at most.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each function.")
def main(
    *,
    folder: Path,
    fetching: bool,
    functions: int,
    javascript: int,
    without_tests: bool,
    wanted: tuple[str, ...],
    model: str,
    no_model: bool,
    data: Path | None,
    problems: int,
    verbose: bool,
) -> None:
    """Make unit tests for functions drawn from real packages, or for the solutions of HumanEvalPack."""
    settings = Settings(model=model, chat_model=model)
    try:
        if data is not None:
            _compare(settings, data, folder, problems, fetching=fetching)
            return
        for language, n in (("python", functions), ("javascript", javascript)):
            known = packages(folder, language, fetching=fetching) if n else []
            known = [each for each in known if not wanted or each[0].name in wanted]
            if known:
                told = _told if verbose else _tick
                chosen = drawn(known, n)
                with untested([root for _, root in known]) if without_tests else nullcontext():
                    made = asyncio.run(make(settings, chosen, told, with_model=not no_model))
                _show(language, made)
    except PackagesMissing as error:
        err.print(str(error), soft_wrap=True)
        raise SystemExit(FAILED) from None


def _compare(settings: Settings, data: Path, folder: Path, n: int, *, fetching: bool) -> None:
    if not (data / DATA).is_file():
        raise PackagesMissing(f"{data} has no {DATA}")
    root = prepared(folder / "humaneval")
    installed(root, GHOSTWRITER, fetching=fetching)

    compared = Compared(Caught(), Caught(), Caught())

    def told(number: int) -> None:
        err.print(f"{number} of {n}: {compared.ours.caught} caught", end="\r" if err.is_terminal else "\n")

    try:
        asyncio.run(compare(settings, compared, told, data=data, root=root, n=n))
    except KeyboardInterrupt:
        err.print("stopped; this is what was measured until now")
    table = Table("HumanEvalPack, Python", "problems", "with tests", "right passes", "wrong is noticed")
    for name, caught in (
        ("codenook", compared.ours),
        ("inputs by type, all recorded", compared.by_property),
        ("hypothesis write", compared.ghostwriter),
    ):
        table.add_row(name, *_counts(caught))
    out.print(table)


def _counts(caught: Caught) -> list[str]:
    noticed = f"{caught.caught} ({100 * caught.caught / max(1, caught.asked):.0f} %)"
    return [str(caught.asked), str(caught.with_tests), str(caught.right), noticed]


def _tick(_asked: Asked) -> None:
    err.print(".", end="")


def _told(asked: Asked) -> None:
    result = asked.result
    came = f"{len(result.kept)} tests" if result.kept else f"{result.reason}: {result.message}"
    killed = sum(bool(fate.by or fate.by_existing) for fate in result.mutants)
    outside = "" if asked.passed_outside is not False else ", FAILS OUTSIDE"
    function = asked.function
    out.print(
        f"{function.package}/{function.path}:{function.definition.symbol}: {came}, "
        f"{killed} of {len(result.mutants)} mutants, {asked.seconds:.1f} s{outside}",
        soft_wrap=True,
        markup=False,
    )


def _show(language: str, made: Made) -> None:
    n, kept, n_left = len(made.asked), made.with_tests, len(made.with_faults_left)
    table = Table(f"Unit tests, {language}", "")
    rows: dict[str, Any] = {
        "functions": n,
        "with a kept test": f"{len(kept)} ({len(kept) / max(1, n):.0%})",
        "where own tests leave a fault": f"{len(kept)} of {n_left} ({len(kept) / max(1, n_left):.0%})",
        "with tests that pass outside of the sandbox, all": sum(bool(each.passed_outside) for each in kept),
        "kept tests": sum(len(each.result.kept) for each in kept),
        "mutants killed by kept tests, median": made.killed if kept else "",
        "mutants killed, with the project's own tests, median": f"{made.killed_share:.0%}" if kept else "",
        "time for a function, median": f"{made.seconds:.1f} s",
        "inputs of kept tests": _listed(made.origins.most_common()),
        "without a test": _listed(made.reasons.most_common()),
        "thrown away": _listed(made.thrown.most_common()),
    }
    for name, value in rows.items():
        table.add_row(name, str(value))
    err.print()
    out.print(table)


def _listed(counted: list[tuple[str, int]]) -> str:
    return ", ".join(f"{name}: {n}" for name, n in counted)


if __name__ == "__main__":
    main()
