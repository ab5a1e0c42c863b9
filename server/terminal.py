"""What the commands share: how they print and how they end."""

import json
import sys
from typing import NoReturn

import click
from rich.console import Console

NOTHING_VERIFIED = PROBLEM_FOUND = 1
USAGE, ENGINE_FAILED, INTERRUPTED = 2, 3, 130
"""Exit codes besides 0, the same for every command."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, as docs/cli.md describes it.")

out = Console(highlight=False)
err = Console(highlight=False, stderr=True)


def print_json(value: object) -> None:
    """Print a value as the documented JSON."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def fail(message: str, code: int) -> NoReturn:
    """End the process with one line on stderr."""
    err.print(f"codenook: {message}", soft_wrap=True, markup=False)
    raise click.exceptions.Exit(code)
