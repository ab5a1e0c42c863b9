"""Puts a fault into a file that is loaded already: its functions are given other code.

That is possible where nothing differs but what stands in functions. What ran when the file was loaded, its
default values and decorators among it, would have to run anew.
"""

from __future__ import annotations

import gc
import os
from types import CodeType, FunctionType
from typing import Any

_IS_FUNCTION = 0x1
"""The flag of code with fast local variables (``CO_OPTIMIZED``): a function's, not that of a class's body."""


class LoadedFile:
    """The functions of a loaded file, by their code; ``source`` is what was loaded."""

    def __init__(self, path: str, source: str) -> None:
        """Look for them once: of those made later, the function around them is looked at."""
        self._path = path
        self._code = _compiled(source, path)
        self._functions: dict[CodeType, list[FunctionType]] = {}
        real = os.path.realpath(path)
        is_it: dict[str, bool] = {}
        for each in gc.get_objects():
            if type(each) is FunctionType:
                name = each.__code__.co_filename
                if name not in is_it:
                    is_it[name] = os.path.realpath(name) == real
                if is_it[name]:
                    self._functions.setdefault(each.__code__, []).append(each)

    def changes(self, mutated: str) -> list[tuple[FunctionType, CodeType]] | None:
        """Which functions are to have which code; None where that is not enough."""
        try:
            found = _changes(self._code, _compiled(mutated, self._path))
        except (SyntaxError, ValueError):
            return None
        if found is None:
            return None
        changes: list[tuple[FunctionType, CodeType]] = []
        for old, new in found:
            functions = self._functions.get(old)
            made = self._made_before(old, new)
            if not functions or made is None or len(old.co_freevars) != len(new.co_freevars):
                return None
            changes += [(function, new) for function in functions] + made
        return changes

    def _made_before(self, old: CodeType, new: CodeType) -> list[tuple[FunctionType, CodeType]] | None:
        """The functions that one made before, as a decorator does: they know nothing of its new code."""
        changes: list[tuple[FunctionType, CodeType]] = []
        inside, others = _inside(old), _inside(new)
        for number, one in enumerate(inside):
            functions = self._functions.get(one, [])
            other = others[number] if len(inside) == len(others) else None
            if functions and (other is None or one.co_freevars != other.co_freevars):
                return None
            within = self._made_before(one, other) if other is not None else []
            if within is None:
                return None
            changes += [(function, other) for function in functions if other is not None] + within
        return changes


def _compiled(source: str, path: str) -> CodeType:
    code: CodeType = compile(source.encode("utf-8"), path, "exec", dont_inherit=True)
    return code


def _changes(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """The functions that differ between two versions of a module or class; None when more than these does."""
    if _shell(old) != _shell(new):
        return None
    changes: list[tuple[CodeType, CodeType]] = []
    for one, other in zip(_inside(old), _inside(new)):  # noqa: B905 - as many, and 3.8 has no strict
        if one.co_flags & _IS_FUNCTION:
            if _plain(one) != _plain(other):
                changes.append((one, other))
            continue
        within = _changes(one, other)
        if within is None:
            return None
        changes += within
    return changes


def _inside(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _shell(code: CodeType) -> tuple[Any, ...]:
    """What a code does, without the code inside of it, nor where it stands."""
    own = [_constant(each) for each in code.co_consts]
    counts = (code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags)
    names = (code.co_name, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars)
    return (code.co_code, getattr(code, "co_exceptiontable", b""), own, counts, names)


def _plain(code: CodeType) -> tuple[Any, ...]:
    return (_shell(code), [_plain(each) for each in _inside(code)])


def _constant(value: Any) -> Any:
    """A constant that is equal only to one of the same type: 1 is not True, nor 0.0 -0.0."""
    if isinstance(value, CodeType):
        return "code"
    return value if isinstance(value, frozenset) else (type(value).__name__, repr(value))
