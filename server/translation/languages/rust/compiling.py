"""The compiler of Rust: how it is found, called, and what it says is wrong."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import frozen

from codenook.server.sandbox import rustup
from codenook.server.sandbox.command import Ended
from codenook.server.sandbox.command import Outcome as Finished
from codenook.server.sandbox.programs import needs, on_path
from codenook.server.sandbox.reading import is_file
from codenook.server.translation.languages import compiled
from codenook.server.translation.languages.language import Refusal, Stage

NAME = "program.rs"

OPTIONS = (
    *("--edition", "2021", "--cap-lints", "allow", "--error-format=json", "-C", "opt-level=0"),
    *("-C", "overflow-checks=on", "-C", "debug-assertions=on", "-C", "debuginfo=0"),
)
"""How all is compiled."""

INSTALL = "there is no rustc on PATH: https://rustup.rs installs it (apt install rustc, dnf install rust)"


@frozen
class Compiler:
    """A compiler by its absolute path, and the folders that it needs to see."""

    program: Path
    readable: tuple[Path, ...]


def compiler() -> Compiler | None:
    """The compiler on this machine, rustup's default where it has several."""
    program = on_path("rustc")
    if program is None:
        return None
    if not rustup.is_rustups(program):
        return Compiler(program, needs(program, workspace=Path("/nonexistent")))
    folder = rustup.installed(rustup.default())
    if folder is None or not is_file(folder / "bin" / "rustc"):
        return None
    return Compiler(folder / "bin" / "rustc", (folder,))


@frozen
class Error:
    """The first error of a compiler: the file that it is in, its line there, and what it says."""

    file: str
    line: int
    message: str


def first_error(said: str) -> Error | None:
    """The first error among a compiler's messages in JSON."""
    for told in _messages(said):
        if told.get("level") != "error":
            continue
        spans = [span for span in told.get("spans", ()) if span.get("is_primary")]
        span: dict[str, Any] = spans[0] if spans else {}
        label = str(span.get("label") or "")
        message = str(told.get("message", ""))
        if label and label not in message:
            message = f"{message}: {label}"
        place = _place(span)
        return Error(str(place.get("file_name", "")), int(place.get("line_start", 0)), _plain(message))
    return None


def refused(finished: Finished, n_lines: int) -> Refusal:
    """What a compiler that failed says of a text of so many lines."""
    if finished.ended is not Ended.BY_ITSELF:
        took = finished.ended.value.replace("_", " ")
        return Refusal(Stage.COMPILE, f"the compiler was ended: it took too much {took}")
    said = finished.stderr.decode("utf-8", "replace")
    error = first_error(said)
    if error is None:
        lines = [line for line in said.splitlines() if line.strip()]
        return Refusal(Stage.COMPILE, compiled.one_line((lines or ["no message"])[:1]))
    is_own = error.file == NAME and error.line <= n_lines
    return Refusal(Stage.COMPILE, error.message, error.line if is_own else 0)


def _messages(said: str) -> Iterator[dict[str, Any]]:
    for line in said.splitlines():
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(told, dict):
            yield told


def _place(span: dict[str, Any]) -> dict[str, Any]:
    """The span in the program's own text, where it is inside of a macro of the library's."""
    at: dict[str, Any] = span
    while at and at.get("file_name") != NAME:
        at = (at.get("expansion") or {}).get("span") or {}
    return at or span


def _plain(message: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]", "", compiled.one_line([message]))
