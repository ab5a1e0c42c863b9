"""How well codenook and others choose context for a cursor, without a model: counted, not timed."""

import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from excerpts import token_counter
from holes import DATA, NoHoles, SourceChanged, read_holes
from measure import measure
from methods import names
from packages import MANIFEST, PackagesMissing, fetch, read_manifest, unpack
from places import packages_folder
from report import print_summary, summary
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from codenook.models import bundled

FAILED = 3
"""Exit code when packages or holes are missing or are not what they should be."""

PICTURES = (".svg", ".png")

err = Console(stderr=True, highlight=False)


def _picture(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix not in PICTURES:
        raise click.BadParameter(f"{path} ends in neither of {', '.join(PICTURES)}")
    if path is not None and importlib.util.find_spec("matplotlib") is None:
        raise click.BadParameter("matplotlib is missing: .venv/bin/python -m pip install -e '.[bench]'")
    return path


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--packages",
    "folder",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    default=packages_folder,
    help="Where the packages are kept.  [default: codenook's cache folder]",
)
@click.option(
    "--fetch", "may_fetch", is_flag=True, help="Have pip fetch the packages that are missing there."
)
@click.option(
    "--manifest",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=MANIFEST,
    help="Other packages.  [default: packages.toml]",
)
@click.option(
    "--holes",
    "holes_paths",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Holes in those packages, JSON lines; repeatable.  [default: all in data/]",
)
@click.option("--only", multiple=True, metavar="PACKAGE", help="Only the holes of this package; repeatable.")
@click.option(
    "--method",
    "wanted",
    type=click.Choice(names()),
    multiple=True,
    help="Only this row; repeatable.",
)
@click.option("--json", "json_path", type=click.Path(dir_okay=False, path_type=Path), help="Write JSON here.")
@click.option(
    "--picture",
    "picture_path",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_picture,
    help="Draw needed definitions shown against tokens used; .svg or .png.",
)
def main(
    *,
    folder: Path,
    manifest: Path,
    holes_paths: Sequence[Path],
    only: Sequence[str],
    wanted: Sequence[str],
    json_path: Path | None,
    picture_path: Path | None,
    may_fetch: bool,
) -> None:
    """Measure how well codenook's context manager, and other ways, choose what to show of other files.

    Function bodies are taken out of real packages; counted is how many of the definitions in other files
    that a body used are shown at the cursor in its place. No model runs. The packages are fetched only
    with --fetch.
    """
    try:
        holes = [hole for path in holes_paths or sorted(DATA.glob("*.jsonl*")) for hole in read_holes(path)]
    except NoHoles as error:
        raise click.UsageError(str(error)) from None
    holes = [hole for hole in holes if hole.package in only or not only]
    in_use = {hole.package for hole in holes}
    packages = [package for package in read_manifest(manifest) if package.name in in_use]
    if unknown := {*only} - in_use:
        raise click.UsageError(f"no holes in {', '.join(sorted(unknown))}")
    if unpinned := in_use - {package.name for package in packages}:
        raise click.UsageError(f"{manifest} does not pin {', '.join(sorted(unpinned))}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    model = bundled.path()
    try:
        if may_fetch:
            fetch(packages, folder)
        roots = unpack(packages, folder)
        count, answers = token_counter(model), []
        with Progress(*columns, console=err) as progress:
            task = progress.add_task("holes", total=len(holes))
            for package in packages:
                progress.update(task, description=package.name)
                own = [hole for hole in holes if hole.package == package.name]
                answers += measure(
                    package,
                    roots[package.name],
                    own,
                    wanted or names(),
                    count=count,
                    advance=lambda: progress.advance(task),
                )
    except (PackagesMissing, SourceChanged) as error:
        err.print(f"context: {error}", soft_wrap=True, markup=False)
        sys.exit(FAILED)
    result = summary(answers, holes, packages, model.name)
    print_summary(result, Console(highlight=False))
    if json_path is not None:
        json_path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if picture_path is not None:
        from picture import draw  # noqa: PLC0415 - matplotlib is there only with the extra `bench`

        draw(result, picture_path)


if __name__ == "__main__":
    main(prog_name="context")
