"""Comments written by a model: how many pass the checks, why the others don't, and what they are worth."""

import asyncio
import sys
from pathlib import Path

import click
from applied import Counts, real_definitions, scripted_definitions
from humaneval import Compared, compare
from platformdirs import user_cache_path
from rich.console import Console
from rich.table import Table

sys.path.append(str(Path(__file__).parents[1] / "documentation"))  # where the packages are

from documented_packages import PackagesMissing, packages

from codenook.server.config import Settings

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
    "--definitions", default=2000, show_default=True, help="Definitions in all, of eight languages."
)
@click.option("--package", "wanted", multiple=True, help="Only this package; may be repeated.")
@click.option("--model", default="", help="A model of `codenook models list`, or a GGUF file.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with humanevalpack_*.jsonl.gz: compares with its docstrings.",
)
@click.option("--problems", default=82, show_default=True, help="Problems of HumanEvalPack, at most.")
def main(
    *,
    folder: Path,
    definitions: int,
    wanted: tuple[str, ...],
    model: str,
    data: Path | None,
    problems: int,
    fetching: bool,
) -> None:
    """Have definitions of real packages documented.

    Python is documented by the model, the other languages, which the bundled one doesn't know, by a stand-in
    that answers with words of the prompt, and with all that must not get through.
    """
    settings = Settings(model=model)
    if data is not None:
        _show_compared(asyncio.run(compare(settings, data, problems)))
        return
    try:
        known = [each for each in packages(folder, fetching=fetching) if not wanted or each[0].name in wanted]
    except PackagesMissing as error:
        err.print(str(error), soft_wrap=True)
        raise SystemExit(FAILED) from None
    languages = list(dict.fromkeys(package.language for package, _ in known))
    n_each = definitions // (len(languages) + ("python" in languages and len(languages) > 1))
    counts = {}
    for language in languages:
        if language == "python":
            n_python = definitions - n_each * (len(languages) - 1)  # about twice as many
            counts[language] = asyncio.run(real_definitions(settings, known, n_python, _tick))
        else:
            counts[language] = asyncio.run(scripted_definitions(settings, known, language, n_each, _tick))
    _show(counts)


def _tick(language: str, counts: Counts) -> None:
    if err.is_terminal or counts.asked % 100 == 0:
        err.print(
            f"{language}: {counts.applied} of {counts.asked} applied", end="\r" if err.is_terminal else "\n"
        )


def _show(counts: dict[str, Counts]) -> None:
    table = Table(
        "", "definitions", "applied", "code unchanged", "refused by reason", "s each", "tokens each"
    )
    for language, of in counts.items():
        table.add_row(
            language,
            str(of.asked),
            f"{of.applied} ({100 * of.applied / max(1, of.asked):.0f} %)",
            f"{of.unchanged} of {of.applied}",
            ", ".join(f"{why}: {n}" for why, n in of.refused.most_common()),
            f"{of.total_ms / 1e3 / max(1, of.asked):.2f}",
            f"{of.generated / max(1, of.asked):.0f}",
        )
    out.print(table)
    for language, of in counts.items():
        flaws = ", ".join(f"{why}: {n}" for why, n in of.flaws.most_common())
        out.print(f"{language}, sentences refused: {flaws}", soft_wrap=True)


def _show_compared(compared: Compared) -> None:
    table = Table("HumanEvalPack, Python", "problems", "applied", "parameters with words", "similarity")
    share = 100 * compared.covered / max(1, compared.parameters)
    table.add_row(
        "the model",
        str(compared.problems),
        f"{compared.applied} ({100 * compared.applied / max(1, compared.problems):.0f} %)",
        f"{compared.covered} of {compared.parameters} ({share:.0f} %)",
        f"{compared.similarity:.3f}",
    )
    table.add_row("the name in words", "", str(compared.applied), "", f"{compared.naive:.3f}")
    out.print(table)


if __name__ == "__main__":
    main()
