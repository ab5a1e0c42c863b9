"""Puts tests into a file of a language with braces: what is there keeps every byte."""

import re
from collections.abc import Sequence

from codenook.server.unit_tests.case import Test

RECORDED = "Records current behaviour."
_BOM = "\ufeff"


def with_added(before: str | None, imports: str, imports_at: int, tests: str, tests_at: int) -> str:
    """A file's text with ``imports`` and ``tests`` at these offsets, and with its own ends of lines.

    The offsets are of the text without its byte order mark.
    """
    text = (before or "").removeprefix(_BOM)
    newline = "\r\n" if "\r\n" in text else "\n"
    parts = [
        text[:imports_at],
        imports.replace("\n", newline),
        text[imports_at:tests_at],
        tests.replace("\n", newline),
        text[tests_at:],
    ]
    return (_BOM if (before or "").startswith(_BOM) else "") + "".join(parts)


def bare(before: str | None) -> str:
    """A file's text without a byte order mark; nothing for a new one."""
    return (before or "").removeprefix(_BOM)


def comments(test: Test) -> list[str]:
    """What a reader should know of a test before its statements."""
    said = [] if test.is_reasoned or test.body else [RECORDED]
    if test.doubt:
        said.append(f"Doubtful: {' '.join(test.doubt.split())}")
    return [f"// {sentence}" for sentence in said]


def camel(words: str, most: int = 60) -> str:
    """Words as one name, ``ofTheFirst1_2``; numbers stay apart."""
    name = ""
    for part in re.findall(r"[A-Za-z0-9]+", words):
        if name and name[-1].isdecimal() and part[0].isdecimal():
            name += "_"
        name += part[0].upper() + part[1:] if name else part
    return name[:most].rstrip("_")


def free(name: str, taken: set[str]) -> str:
    """A name that isn't taken; it is then."""
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    taken.add(found)
    return found


def indented(lines: Sequence[str], indent: str) -> str:
    """Lines (some of which may be several) one level further in."""
    rows = "\n".join(lines).split("\n")
    return "\n".join(f"{indent}{row}" if row.strip() else "" for row in rows)
