"""TypeScript's compiler (https://www.typescriptlang.org/): a line for each error, columns from 1 in UTF-16.

It checks the whole project of a `tsconfig.json` and writes nothing but notes for its next time, to `/tmp`.
"""

import re
from collections.abc import Iterator

from codenook.server.review.finding import Category, Severity
from codenook.server.review.sources.linters.linter import (
    JAVASCRIPT,
    TYPESCRIPT,
    Asked,
    Columns,
    Home,
    Linter,
    Place,
    Said,
)

_LINE = re.compile(r"^(?P<path>.+)\((?P<line>\d+),(?P<column>\d+)\): error (?P<code>TS\d+): (?P<text>.*)$")
_WITHOUT_PLACE = re.compile(r"^error TS\d+: (.*)$", re.MULTILINE)
_API = frozenset({"TS2305", "TS2339", "TS2345", "TS2554", "TS2555", "TS2724"})
_BUG = frozenset({"TS2304", "TS2448", "TS2552", "TS2588"})
_SYNTAX = re.compile(r"TS1\d{3}")


def _arguments(_asked: Asked) -> list[str]:
    notes = ("--incremental", "--tsBuildInfoFile", "/tmp/notes.tsbuildinfo")  # noqa: S108 - the sandbox's own
    return ["--noEmit", "--pretty", "false", *notes]


def _read(stdout: str, _stderr: str) -> Iterator[Said]:
    found = [match for line in stdout.splitlines() if (match := _LINE.match(line))]
    if not found and (problem := _WITHOUT_PLACE.search(stdout)):
        raise ValueError(problem[1])
    for match in found:
        place = Place(int(match["line"]), int(match["column"]))
        yield Said(match["path"], place, match["code"], match["text"], "error")


def _weigh(said: Said) -> tuple[Category, Severity]:
    if said.code in _BUG or _SYNTAX.fullmatch(said.code):
        return Category.BUG, Severity.ERROR
    return (Category.API, Severity.ERROR) if said.code in _API else (Category.TYPES, Severity.WARNING)


TSC = Linter(
    name="tsc",
    suffixes=(*TYPESCRIPT, *JAVASCRIPT),
    configured_by={"tsconfig.json": ""},
    program="tsc",
    homes=(Home.NODE_MODULES,),
    columns=Columns.UTF16,
    arguments=_arguments,
    read=_read,
    weigh=_weigh,
    done_codes=frozenset({0, 1, 2}),
)
