"""How well codenook and others choose context for a cursor, counted without a model; and how fast it is."""

import importlib.util
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from excerpts import token_counter
from holes import DATA, Hole, NoHoles, SourceChanged, read_holes
from measure import measure
from methods import names
from packages import MANIFEST, Package, PackagesMissing, fetch, read_manifest, unpack
from places import packages_folder
from report import print_summary, summary
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from speed import STEPS, SpeedFailed, measure_speed
from speed_report import print_speed
from stability import print_stability, stability, stability_json

from codenook.models import bundled

FAILED = 3
"""Exit code when packages or holes are missing or not what they should be, or a measured process failed."""

PICTURES = (".svg", ".png")

COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())

T = TypeVar("T")

err = Console(stderr=True, highlight=False)


def _picture(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix not in PICTURES:
        raise click.BadParameter(f"{path} ends in neither of {', '.join(PICTURES)}")
    if path is not None and importlib.util.find_spec("matplotlib") is None:
        raise click.BadParameter("matplotlib is missing: .venv/bin/python -m pip install -e '.[bench]'")
    return path


def _asked_for(
    holes_paths: Sequence[Path], only: Sequence[str], manifest: Path
) -> tuple[list[Hole], list[Package]]:
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
    return holes, packages


def _by_package(
    measured: Callable[..., T], holes: Sequence[Hole], packages: Sequence[Package], roots: Mapping[str, Path]
) -> list[T]:
    """Measure one package after the other."""
    count = token_counter(bundled.path())
    with Progress(*COLUMNS, console=err) as progress:
        task = progress.add_task("holes", total=len(holes))
        found = []
        for package in packages:
            progress.update(task, description=package.name)
            own = [hole for hole in holes if hole.package == package.name]
            advance = partial(progress.advance, task)
            found.append(measured(package, roots[package.name], own, count=count, advance=advance))
    return found


def _speed(holes: Sequence[Hole], packages: Sequence[Package], roots: Mapping[str, Path]) -> dict[str, Any]:
    """Measure how fast all is."""
    with Progress(*COLUMNS, console=err) as progress:
        tasks: dict[str, TaskID] = {}

        def advance(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(STEPS[step])
            progress.update(tasks[step], completed=done, total=total)

        return measure_speed(packages, roots, holes, bundled.path(), advance)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--packages",
    "folder",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    default=packages_folder,
    help="Where the packages are kept.  [default: codenook's cache folder]",
)
@click.option(
    "--fetch",
    "may_fetch",
    is_flag=True,
    help="Have pip, npm or apt fetch the packages that are missing there.",
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
@click.option(
    "--stability",
    "is_stability",
    is_flag=True,
    help="Type lines key by key instead, and count how often the context stays the same.",
)
@click.option(
    "--speed",
    "is_speed",
    is_flag=True,
    help="Measure instead how fast all is in a large workspace, on this machine.",
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
    is_stability: bool,
    is_speed: bool,
) -> None:
    """Measure how well codenook's context manager, and other ways, choose what to show of other files.

    Function bodies are taken out of real packages; counted is how many of the definitions in other files
    that a body used are shown at the cursor in its place. No model runs. The packages are fetched only
    with --fetch. With --speed nothing else should run.
    """
    if is_stability and is_speed:
        raise click.UsageError("--stability or --speed, not both")
    holes, packages = _asked_for(holes_paths, only, manifest)
    out = Console(highlight=False)
    try:
        if may_fetch:
            fetch(packages, folder)
        roots = unpack(packages, folder)
        if is_speed:
            result = _speed(holes, packages, roots)
            print_speed(result, out)
        elif is_stability:
            typed = _by_package(stability, holes, packages, roots)
            result = stability_json(typed)
            print_stability(typed, out)
        else:
            found = _by_package(partial(measure, wanted=wanted or names()), holes, packages, roots)
            answers = [answer for of_package in found for answer in of_package]
            result = summary(answers, holes, packages, bundled.path().name)
            print_summary(result, out)
    except (PackagesMissing, SourceChanged, SpeedFailed) as error:
        err.print(f"context: {error}", soft_wrap=True, markup=False)
        sys.exit(FAILED)
    if json_path is not None:
        json_path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if picture_path is not None and not (is_stability or is_speed):
        from picture import draw  # noqa: PLC0415 - matplotlib is there only with the extra `bench`

        draw(result, picture_path)


if __name__ == "__main__":
    main(prog_name="context")
