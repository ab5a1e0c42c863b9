"""Calls of a target that people wrote: in its JSDoc, in the package's README, elsewhere in the workspace."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from codenook.context.code import Code
from codenook.context.files.walk import read as read_file
from codenook.server.unit_tests.case import Call, Origin
from codenook.server.unit_tests.frameworks.ecmascript.exports import Reached
from codenook.server.unit_tests.frameworks.ecmascript.package import packages
from codenook.server.unit_tests.frameworks.ecmascript.placing import SUFFIXES
from codenook.server.unit_tests.frameworks.ecmascript.syntax import parsed_file
from codenook.server.unit_tests.kits.ecmascript.calls import Found, calls_in
from codenook.server.unit_tests.target import Target

_FENCE = re.compile(
    r"^[ \t]*```[ \t]*(?:js|javascript|jsx|ts|typescript|mjs)?[ \t]*\n(.*?)^[ \t]*```",
    re.MULTILINE | re.DOTALL,
)
_EXAMPLE = re.compile(r"@example\b[ \t]*(?:<caption>.*?</caption>)?(.*?)(?=\n[ \t]*@\w|\Z)", re.DOTALL)
_MARK = re.compile(r"^[ \t]*\*(?: |$)?", re.MULTILINE)
_README = ("README.md", "readme.md", "Readme.md")
_N_FILES = 24
_MOST = 12
_LONGEST_DOC = 20_000
_MOST_README = 200_000


def in_doc(doc: str, line: int, target: Target, reached: Reached, known: frozenset[str]) -> Iterator[Call]:
    """The examples of a JSDoc comment, which begins on a ``line``."""
    bare = _MARK.sub("", doc[:_LONGEST_DOC].removeprefix("/**").removesuffix("*/"))
    blocks = [(found[1], found.start(1)) for found in _EXAMPLE.finditer(bare)]
    blocks = blocks or [(found[1], found.start(1)) for found in _FENCE.finditer(bare)]
    for block, at in blocks:
        code = re.sub(r"^[ \t]*```\w*[ \t]*$", "", block, flags=re.MULTILINE)
        above = line + bare.count("\n", 0, at)
        for found in calls_in(parsed_file("x.ts", code), reached, known):
            yield _call(found, Origin.DOCTEST, f"{target.path}:{above + found.line - 1}")


def in_readme(target: Target, reached: Reached, known: frozenset[str]) -> Iterator[Call]:
    """The examples of the package's README."""
    folder = packages(target.root, target.path)[0].folder
    for name in _README:
        path = PurePosixPath((folder / name).relative_to(target.root))
        source = read_file(target.root, str(path))
        if not isinstance(source, bytes):
            continue
        content = source[:_MOST_README].decode("utf-8", "replace")
        for fence in _FENCE.finditer(content):
            above = content.count("\n", 0, fence.start(1))
            for found in calls_in(parsed_file("x.ts", fence[1]), reached, known):
                yield _call(found, Origin.DOCTEST, f"{path}:{above + found.line}")
        return


def in_workspace(code: Code, target: Target, reached: Reached, known: frozenset[str]) -> list[Call]:
    """The calls in other files, those of files that name the target most often first."""
    name = reached.member or reached.binding
    folder = target.path.rpartition("/")[0]
    paths: Sequence[str] = (
        [path for path, _ in code.index.occurrences(name, _N_FILES)] if code.index else code.in_folder(folder)
    )
    calls: dict[tuple[str, str], Call] = {}
    for path in [each for each in paths if each.endswith(SUFFIXES)][:_N_FILES]:
        source = target.text.encode("utf-8", "replace") if path == target.path else code.source(path)
        if source is None:
            continue
        content = source.decode("utf-8", "replace")
        for found in calls_in(parsed_file(path, content), reached, known):
            call = _call(found, Origin.CALL_SITE, f"{path}:{found.line}")
            calls.setdefault((call.receiver, call.arguments), call)
            if len(calls) >= _MOST:
                return list(calls.values())
    return list(calls.values())


def _call(found: Found, origin: Origin, evidence: str) -> Call:
    return Call(
        found.arguments,
        origin,
        receiver=found.receiver,
        setup=found.setup,
        evidence=evidence,
        expected=found.expected,
    )
