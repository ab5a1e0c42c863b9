"""What a model adds to unit tests that are made by rule: inputs, and doubt in what was observed.

Run as ``python -P benchmarks/quality/proposals inputs`` or ``… doubts --data FOLDER``; the packages are those
of the environment that it runs in.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

import click
import doubts as doubting
import inputs as proposing

from codenook.models.hub.catalog import Role
from codenook.server.config import Settings
from codenook.server.engines import Engines

PACKAGES = ("click", "idna", "markdown_it", "networkx", "packaging", "rich")


@click.command()
@click.argument("what", type=click.Choice(["inputs", "doubts"]))
@click.option("--package", "packages", multiple=True, default=PACKAGES, show_default=True)
@click.option("-n", "n", default=60, show_default=True, help="Functions, at most.")
@click.option("--model", default="", help="A model of `codenook models list`, or a GGUF file.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with humanevalpack_python.jsonl.gz.",
)
def main(*, what: str, packages: tuple[str, ...], n: int, model: str, data: Path | None) -> None:
    """Measure one of both."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    settings = Settings(model=model)

    async def measure(folder: Path) -> str:
        engines = Engines(settings)
        engine = engines.of(Role.FIM)
        try:
            if what == "inputs":
                return proposing.told(await proposing.added(engine, settings, packages, folder, n))
            return doubting.told(
                await doubting.doubts(engine, settings, folder, data=data, packages=packages, n=n)
            )
        finally:
            await engines.close()

    with tempfile.TemporaryDirectory() as folder:
        click.echo(asyncio.run(measure(Path(folder))))


main()
