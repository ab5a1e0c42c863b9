"""Whether a fault is one: the file still parses, and is not the same program."""

import warnings
from collections.abc import Iterator
from functools import cached_property
from types import CodeType

from tree_sitter import Node

from codenook.context.parse import Parsed, errors, parse

_AROUND = (b"if 1:\n", b"class _:\n")
"""What a definition may stand in, when it is compiled by itself."""

Compiled = tuple[object, ...]


class Proof:
    """Compares the file with faults in the bytes ``span`` with the file as it is."""

    def __init__(self, parsed: Parsed, span: tuple[int, int]) -> None:
        self._parsed = parsed
        self._start, self._end = span
        self._seen = {parsed.source[self._start : self._end]}

    def is_new(self, edited: bytes) -> bool:
        """Whether a file parses like the one without a fault, is another program and wasn't seen yet."""
        end = len(edited) - (len(self._parsed.source) - self._end)
        definition = edited[self._start : end]
        if definition in self._seen:
            return False
        self._seen.add(definition)
        if self._compiled is not None:
            compiled = _compiled(self._opening + definition)
            return compiled is not None and compiled != self._compiled
        after = parse(self._parsed.language, edited, self._parsed)
        return (
            _n_errors(after) <= self._n_errors and list(_leaves(after.root, self._start, end)) != self._leaves
        )

    @cached_property
    def _opening(self) -> bytes:
        """What makes the definition a file by itself; it begins with an indent otherwise."""
        definition = self._parsed.source[self._start : self._end].removeprefix(b"\xef\xbb\xbf")
        if not definition[:1].isspace():
            return b""
        return next((each for each in _AROUND if _compiled(each + definition) is not None), b"")

    @cached_property
    def _compiled(self) -> Compiled | None:
        """What CPython makes of the definition; None of other languages, and of what it can't read."""
        if self._parsed.language.id != "python":
            return None
        return _compiled(self._opening + self._parsed.source[self._start : self._end])

    @cached_property
    def _n_errors(self) -> int:
        return _n_errors(self._parsed)

    @cached_property
    def _leaves(self) -> list[bytes]:
        return list(_leaves(self._parsed.root, self._start, self._end))


def _compiled(source: bytes) -> Compiled | None:
    """The bytecode without places and file names; None for what isn't Python. Nothing of it runs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _comparable(compile(source, "", "exec", dont_inherit=True))
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return None


def _comparable(code: CodeType) -> Compiled:
    constants = tuple(
        _comparable(each) if isinstance(each, CodeType) else (type(each).__name__, repr(each))
        for each in code.co_consts
    )
    return (
        code.co_code,
        constants,
        code.co_names,
        code.co_varnames,
        code.co_freevars,
        code.co_cellvars,
        code.co_flags,
        code.co_argcount,
        code.co_posonlyargcount,
        code.co_kwonlyargcount,
        code.co_exceptiontable,
    )


def _n_errors(parsed: Parsed) -> int:
    return sum(1 for _ in errors(parsed.root))


def _leaves(node: Node, start: int, end: int) -> Iterator[bytes]:
    """The texts of the tokens between two bytes, without comments."""
    to_visit = [node]
    while to_visit:
        node = to_visit.pop()
        if node.end_byte <= start or node.start_byte >= end or "comment" in node.type:
            continue
        if node.children and "string" not in node.type:
            to_visit += reversed(node.children)
        else:
            yield node.text or b""
