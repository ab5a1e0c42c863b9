"""Clippy (https://doc.rust-lang.org/clippy/): a JSON object a line, columns from 1 in characters.

It compiles what the crate depends on, without network: what isn't in cargo's registry on this machine, or a
missing `Cargo.lock`, ends it with an error.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codenook.server.review.finding import Category, Severity
from codenook.server.review.sources.linters.linter import (
    Asked,
    Columns,
    Linter,
    Place,
    Said,
    SaidFix,
    Surroundings,
)

_PAGE = "https://rust-lang.github.io/rust-clippy/master/index.html"
_CLIPPY = "clippy::"
_SYNTAX = "syntax"


def _surroundings() -> Surroundings:
    home = Path.home()
    cargo = Path(os.environ.get("CARGO_HOME", home / ".cargo"))
    rustup = Path(os.environ.get("RUSTUP_HOME", home / ".rustup"))
    seen = (cargo / "bin", cargo / "registry", cargo / "git", rustup)
    own = {"CARGO_HOME": str(cargo), "RUSTUP_HOME": str(rustup), "CARGO_TARGET_DIR": "/tmp/target"}  # noqa: S108
    return Surroundings(seen, own)


def _arguments(_asked: Asked) -> list[str]:
    return ["clippy", "--offline", "--locked", "--quiet", "--message-format", "json"]


def _read(stdout: str, _stderr: str) -> Iterator[Said]:
    for line in stdout.splitlines():
        told = json.loads(line)
        if told["reason"] != "compiler-message":
            continue
        each = told["message"]
        primary = next((span for span in each["spans"] if span["is_primary"]), None)
        if primary is None or each["level"] not in {"error", "warning"}:
            continue
        code = (each["code"] or {}).get("code") or _SYNTAX
        name = code.removeprefix(_CLIPPY)
        url = f"{_PAGE}#{name}" if code.startswith(_CLIPPY) else ""
        path = primary["file_name"]
        yield Said(path, _place(primary), name, each["message"], each["level"], "", url, _fix(each, path))


def _place(span: dict[str, Any]) -> Place:
    return Place(span["line_start"], span["column_start"], span["line_end"], span["column_end"])


def _fix(each: dict[str, Any], path: str) -> SaidFix | None:
    for child in each["children"]:
        spans = [span for span in child["spans"] if span["suggested_replacement"] is not None]
        if spans and all(span["file_name"] == path for span in spans):
            edits = tuple((_place(span), span["suggested_replacement"]) for span in spans)
            is_sure = all(span["suggestion_applicability"] == "MachineApplicable" for span in spans)
            return SaidFix(child["message"], edits, is_sure)
    return None


def _weigh(said: Said) -> tuple[Category, Severity]:
    if said.level == "error":
        return Category.BUG, Severity.ERROR
    if said.code.startswith(("unused_", "dead_code")):
        return Category.UNUSED, Severity.WARNING
    return Category.READABILITY, Severity.INFO


CLIPPY = Linter(
    name="clippy",
    suffixes=(".rs",),
    configured_by={"Cargo.toml": ""},
    program="cargo",
    homes=(),
    columns=Columns.CHARACTERS,
    arguments=_arguments,
    read=_read,
    weigh=_weigh,
    done_codes=frozenset({0, 101}),
    version=("clippy", "--version"),
    surroundings=_surroundings,
)
