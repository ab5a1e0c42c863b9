"""Where ``codenook review`` writes what it found: stdout or a file, whatever may be in it."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from codenook.server.review.render.github import no_command, to_github
from codenook.server.review.render.json_report import to_json
from codenook.server.review.render.rdjson import to_rdjson
from codenook.server.review.render.sarif import to_sarif
from codenook.server.review.render.text import to_rows
from codenook.server.review.report import Report
from codenook.server.tasks.saving import NotSaved, save_new
from codenook.server.terminal import err, out, printable

_VALUES = {"json": to_json, "sarif": to_sarif, "rdjson": to_rdjson}
FORMATS = ("text", *_VALUES, "github")


def say(line: str, form: str) -> None:
    """Print a line on stderr, in which a terminal finds nothing to obey, nor GitHub where ``form`` is its."""
    err.print(no_command(line) if form == "github" else printable(line), soft_wrap=True, markup=False)


def write(report: Report, form: str, target: Path | None) -> None:
    """Write a report to a file, or without one to stdout; raises NotSaved when there is no room."""
    if target:
        save_new(target, "".join(_lines(report, form)))
        return
    try:
        if form == "text":
            for row in to_rows(report):
                out.print(row, soft_wrap=True)
        else:
            for line in _lines(report, form):
                sys.stdout.write(line.encode("utf-8", "backslashreplace").decode())
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python would try again at its end
        raise NotSaved(f"can't write to stdout: {error.strerror}") from None


def _lines(report: Report, form: str) -> Iterator[str]:
    if form == "text":
        yield from (f"{row.plain}\n" for row in to_rows(report))
    elif form == "github":
        yield from (f"{line}\n" for line in to_github(report))
    else:
        yield json.dumps(_VALUES[form](report), indent=2, ensure_ascii=False) + "\n"
