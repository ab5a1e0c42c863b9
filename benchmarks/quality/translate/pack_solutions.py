"""HumanEvalPack's solutions as programs of five languages."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from attrs import frozen

from codenook.context.outline import Kind
from codenook.context.parse import language_named, parse
from codenook.server.translation.languages.all import reading_of
from codenook.server.translation.languages.language import Program

FILES = {
    "python": "humanevalpack_python.jsonl.gz",
    "javascript": "humanevalpack_js.jsonl.gz",
    "java": "humanevalpack_java.jsonl.gz",
    "cpp": "humanevalpack_cpp.jsonl.gz",
    "rust": "humanevalpack_rust.jsonl.gz",
}
_CRATES = {"rand": r"\bRng\b|\brand::", "regex": r"\bRegex\b", "md5": r"\bmd5::"}
"""Crates that Rust's solutions import whether they need them or not, and what shows that they do."""


@frozen
class Solution:
    """One problem in one language: what is right, what is wrong, and its tests.

    ``refused`` says why there is no program, else it is empty.
    """

    number: int
    language: str
    right: Program | None
    wrong: Program | None
    tests: str = ""
    refused: str = ""


def read(data: Path) -> dict[str, dict[int, Solution]]:
    """The solutions by language and number; raises FileNotFoundError for a file that isn't there."""
    found: dict[str, dict[int, Solution]] = {}
    for language, name in FILES.items():
        rows = _rows(data / name)
        found[language] = {each.number: each for each in (_solution(language, row) for row in rows)}
    return found


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _solution(language: str, row: Mapping[str, Any]) -> Solution:
    number = int(row["task_id"].split("/")[1])
    needed = _needed_crate(row) if language == "rust" else ""
    if needed:
        return Solution(number, language, None, None, refused=f"needs the crate {needed}")
    head = _head(language, row)
    programs = [
        _program(language, head + row[key], row["declaration"])
        for key in ("canonical_solution", "buggy_solution")
    ]
    refused = "" if all(programs) else "its signature isn't read"
    return Solution(number, language, programs[0], programs[1], row["test"], refused)


def _head(language: str, row: Mapping[str, Any]) -> str:
    """What stands before a body, with documentation."""
    declaration = str(row["declaration"])
    if language in {"python", "javascript", "java"}:
        return str(row["prompt"])
    if language == "rust":
        declaration = re.sub(r"(?m)^use (?:rand|regex|md5)\b.*\n", "", declaration)
    comment = re.search(r"/\*.*?\*/", row["prompt"], re.DOTALL)
    return f"{comment[0]}\n{declaration}" if comment else declaration


def _needed_crate(row: Mapping[str, Any]) -> str:
    without = re.sub(r"(?m)^use .*\n", "", row["declaration"])
    code = without + row["canonical_solution"] + row["buggy_solution"]
    return next((crate for crate, sign in _CRATES.items() if re.search(sign, code)), "")


def _program(language: str, text: str, declaration: str) -> Program | None:
    """The program with the function that a declaration ends with."""
    grammar = language_named(language)
    names = re.findall(r"(?:const|def|fn|\b[\w>\]]+)\s+(\w+)\s*(?:=\s*)?\(", declaration)
    if grammar is None or not names:
        return None
    definitions = grammar.reader.outline(parse(grammar, text.encode())).definitions
    functions = (each for each in definitions if each.kind in {Kind.FUNCTION, Kind.METHOD, Kind.CONSTANT})
    definition = next((each for each in functions if each.name == names[-1]), None)
    reading = reading_of(language)
    signature = reading.signature(text, definition) if reading and definition else None
    return Program(text, signature) if signature else None
