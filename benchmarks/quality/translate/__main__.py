"""Translations between languages: what the checks accept and catch, without any model."""

import asyncio
import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from kept_outcomes import Outcomes
from known_translations import Measured, Offered, Pair, Share, Solutions, all_pairs, measure
from pack_solutions import FILES, read
from rich.console import Console
from rich.table import Table

from codenook.server.sandbox.run import NoSandbox

FAILED = 3
"""Exit code when data or the sandbox are missing."""

TUNED_ON = 4
"""The policy of what counts was chosen on the problems whose number is divisible by this."""

PARTS = {
    "tuned": lambda number: number % TUNED_ON == 0,
    "others": lambda number: number % TUNED_ON != 0,
    "all": lambda _: True,
}

err = Console(stderr=True, highlight=False)
out = Console(highlight=False, width=None if err.is_terminal else 200)


@click.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help=f"A folder with {', '.join(FILES.values())}.",
)
@click.option("--known", is_flag=True, help="Right and wrong solutions offered as translations; no model.")
@click.option(
    "--pairs", default="", help="Only these, such as python-rust,java-cpp; all 20 of five languages else."
)
@click.option("--problems", default=82, show_default=True, help="Problems, at most.")
@click.option(
    "--part",
    type=click.Choice(list(PARTS)),
    default="others",
    show_default=True,
    help="Problems that the policy was chosen on, the others, or all.",
)
@click.option("--with-tests", is_flag=True, help="The original has its tests beside it.")
@click.option(
    "--outcomes",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keeps what came of calls in this folder, for another run (a temporary one).",
)
@click.option("--jobs", default=1, show_default=True, help="Problems at a time.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Writes all figures.")
@click.option("-v", "--verbose", is_flag=True, help="A line for each that was judged wrongly or not at all.")
def main(**options: Any) -> None:
    """Offer solutions of HumanEvalPack as translations of each other, and say how they are judged."""
    if not options["known"]:
        raise click.UsageError("say what to measure: --known")
    try:
        solutions = read(options["data"])
    except FileNotFoundError as missing:
        err.print(f"{missing.filename} is missing: HumanEvalPack's files are wanted in {options['data']}")
        raise SystemExit(FAILED) from None
    except (OSError, ValueError, KeyError) as broken:
        err.print(f"the data can't be read: {broken}", markup=False)
        raise SystemExit(FAILED) from None
    pairs = _pairs(options["pairs"])
    chosen = _chosen(solutions, pairs, options["part"], options["problems"])

    def told(each: Offered) -> None:
        if options["verbose"] and not each.is_judged_well:
            _tell(each)

    with _folder(options["outcomes"]) as folder:
        work = measure(
            chosen,
            pairs,
            Outcomes(folder),
            told,
            with_tests=options["with_tests"],
            n_jobs=options["jobs"],
        )
        try:
            measured = asyncio.run(work)
        except NoSandbox as missing:
            err.print(str(missing), markup=False)
            raise SystemExit(FAILED) from None
    _show(measured, pairs)
    if options["json_path"]:
        options["json_path"].write_text(json.dumps(_figures(measured, pairs), indent=1) + "\n", "utf-8")


def _pairs(written: str) -> list[Pair]:
    known = all_pairs(list(FILES))
    if not written:
        return known
    wanted = [tuple(each.strip().split("-")) for each in written.split(",")]
    unknown = [each for each in wanted if each not in known]
    if unknown:
        raise click.UsageError(f"no pair of two of {', '.join(FILES)}: {'-'.join(unknown[0])}")
    return [pair for pair in known if pair in wanted]


def _chosen(solutions: Solutions, pairs: Sequence[Pair], part: str, n_problems: int) -> Solutions:
    """The problems of a part, in the languages of the pairs."""
    languages = [language for language in solutions if any(language in pair for pair in pairs)]
    numbers = sorted(set.intersection(*(set(solutions[language]) for language in languages)))
    wanted = [number for number in numbers if PARTS[part](number)][:n_problems]
    return {language: {number: solutions[language][number] for number in wanted} for language in languages}


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _tell(each: Offered) -> None:
    what = "right" if each.is_right else "wrong"
    said = each.refusal or each.checked.verdict
    out.print(f"{each.number} {'-'.join(each.pair)}, {what}: {said}", soft_wrap=True, markup=False)
    for difference in each.checked.differences[:4]:
        call = difference.call
        excuse = f" ({difference.excuse})" if difference.excuse else ""
        out.print(
            f"    {call.origin} {call.arguments}: {difference.why}{excuse}", soft_wrap=True, markup=False
        )


def _show(measured: Measured, pairs: Sequence[Pair]) -> None:
    table = Table("pair", "right", "accepted", "not checked", "wrong", "caught", "not checked")
    for pair in [*pairs, None]:
        table.add_row(
            "-".join(pair) if pair else "all",
            *_cells(measured.share(is_right=True, pair=pair)),
            *_cells(measured.share(is_right=False, pair=pair)),
        )
    out.print(table)
    refusals = Table("why not checked, of right ones", "n")
    for reason, n in measured.refusals().most_common(20):
        refusals.add_row(reason, str(n))
    if refusals.rows:
        out.print(refusals)


def _cells(share: Share) -> tuple[str, str, str]:
    return str(share.offered), f"{share.well} ({_percent(share)})", str(share.refused)


def _percent(share: Share) -> str:
    """The share of those that could be checked."""
    checked = share.offered - share.refused
    return f"{100 * share.well / checked:.1f} %" if checked else "none checked"


def _figures(measured: Measured, pairs: Sequence[Pair]) -> dict[str, Any]:
    def one(share: Share) -> dict[str, int]:
        return {"offered": share.offered, "well": share.well, "refused": share.refused}

    return {
        "pairs": {
            "-".join(pair) if pair else "all": {
                "right": one(measured.share(is_right=True, pair=pair)),
                "wrong": one(measured.share(is_right=False, pair=pair)),
            }
            for pair in [*pairs, None]
        },
        "refusals": dict(measured.refusals()),
    }


if __name__ == "__main__":
    main()
