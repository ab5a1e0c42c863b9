"""ESLint (https://eslint.org/): JSON, columns from 1 in UTF-16; fixes replace a range of UTF-16 offsets."""

import json
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

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
    SaidFix,
)

_PAGE = "https://eslint.org/docs/latest/rules"
_SYNTAX = "syntax"
_ERROR = 2
_FAILS = frozenset({"no-undef", "no-const-assign", "no-import-assign", "no-dupe-args", _SYNTAX})
_STYLE = ("prefer-", "quotes", "semi", "indent", "comma-", "curly", "space-", "keyword-", "max-")
_UNUSED = "unused"


def _arguments(asked: Asked) -> list[str]:
    return ["--format", "json", "--no-error-on-unmatched-pattern", "--", *map(str, asked.files)]


def _read(stdout: str, _stderr: str) -> Iterator[Said]:
    for file in json.loads(stdout):
        source = file.get("source")
        starts = None if source is None else _starts_of_lines(source)
        for each in file["messages"]:
            code = each["ruleId"] or _SYNTAX
            if not each.get("line") or (code == _SYNTAX and not each.get("fatal")):
                continue  # about the file: that it is ignored, that a directive is unused
            place = Place(each["line"], each["column"], each.get("endLine"), each.get("endColumn"))
            level = "error" if each["severity"] == _ERROR else "warning"
            url = f"{_PAGE}/{code}" if "/" not in code and code != _SYNTAX else ""
            fix = _fix(starts, each.get("fix"), code)
            yield Said(file["filePath"], place, code, each["message"], level, "", url, fix)


def _fix(starts: list[int] | None, fix: dict[str, Any] | None, code: str) -> SaidFix | None:
    if starts is None or fix is None:
        return None
    start, end = (_place(starts, offset) for offset in fix["range"])
    edits = ((Place(*start, *end), fix["text"]),)
    return SaidFix(f"As {code} has it", edits, is_sure=False)


def _starts_of_lines(source: str) -> list[int]:
    """The offset in UTF-16 at which each line starts."""
    lines = source.split("\n")[:-1]
    return [
        *accumulate((len(line.encode("utf-16-le", "surrogatepass")) // 2 + 1 for line in lines), initial=0)
    ]


def _place(starts: list[int], offset: int) -> tuple[int, int]:
    """The line and column of an offset, all in UTF-16."""
    line = max(bisect_right(starts, offset), 1)
    return line, max(offset - starts[line - 1], 0) + 1


def _weigh(said: Said) -> tuple[Category, Severity]:
    name = said.code.rpartition("/")[2]
    if name in _FAILS:
        return Category.BUG, Severity.ERROR if said.level == "error" else Severity.WARNING
    if _UNUSED in name:
        return Category.UNUSED, Severity.WARNING
    is_style = name.startswith(_STYLE) or said.code.startswith(("@stylistic/", "prettier/"))
    category = Category.STYLE if is_style else Category.BUG
    return category, Severity.WARNING if said.level == "error" and not is_style else Severity.INFO


ESLINT = Linter(
    name="eslint",
    suffixes=(*JAVASCRIPT, *TYPESCRIPT),
    configured_by={
        **{f"eslint.config.{end}": "" for end in ("js", "mjs", "cjs", "ts", "mts", "cts")},
        **{f".eslintrc{end}": "" for end in ("", ".js", ".cjs", ".yaml", ".yml", ".json")},
        "package.json": r'[ \t]*"eslintConfig"[ \t]*:',
    },
    program="eslint",
    homes=(Home.NODE_MODULES,),
    columns=Columns.UTF16,
    arguments=_arguments,
    read=_read,
    weigh=_weigh,
)
