"""ESLint (https://eslint.org/): JSON, columns from 1 in UTF-16; fixes replace a range of UTF-16 offsets."""

import json
from collections.abc import Iterator
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
        for each in file["messages"]:
            code = each["ruleId"] or _SYNTAX
            if not each.get("line") or (code == _SYNTAX and not each.get("fatal")):
                continue  # about the file: that it is ignored, that a directive is unused
            place = Place(each["line"], each["column"], each.get("endLine"), each.get("endColumn"))
            level = "error" if each["severity"] == _ERROR else "warning"
            url = f"{_PAGE}/{code}" if "/" not in code and code != _SYNTAX else ""
            fix = _fix(file.get("source"), each.get("fix"), code)
            yield Said(file["filePath"], place, code, each["message"], level, "", url, fix)


def _fix(source: str | None, fix: dict[str, Any] | None, code: str) -> SaidFix | None:
    if source is None or fix is None:
        return None
    start, end = (_place(source, offset) for offset in fix["range"])
    edits = ((Place(*start, *end), fix["text"]),)
    return SaidFix(f"As {code} has it", edits, is_sure=False)


def _place(source: str, offset: int) -> tuple[int, int]:
    """The line and column of an offset, all in UTF-16."""
    before = source.encode("utf-16-le", "surrogatepass")[: 2 * offset].decode("utf-16-le", "surrogatepass")
    line = before[before.rfind("\n") + 1 :]
    return before.count("\n") + 1, len(line.encode("utf-16-le", "surrogatepass")) // 2 + 1


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
