"""What CPython makes of a text: its tree without docstrings, and the doctests in them."""

import ast
import doctest
import threading
import warnings
from functools import lru_cache

from attrs import frozen

_ONE_AT_A_TIME = threading.Lock()
"""Warnings are caught for the process as a whole."""

Doctests = tuple[str, tuple[tuple[object, ...], ...]]


@frozen
class PythonCode:
    """A text for CPython: its ``tree`` without docstrings, and each definition's ``doctests``."""

    tree: str
    doctests: tuple[Doctests, ...]
    n_warnings: int


@lru_cache(maxsize=4)
def python_code(text: str) -> PythonCode | None:
    """What CPython makes of ``text``; None where it can't read it. Raises RecursionError, MemoryError."""
    with _ONE_AT_A_TIME, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            tree = ast.parse(text.removeprefix("\ufeff"), type_comments=True)
        except (SyntaxError, ValueError):
            return None
    tree.type_ignores = []  # these are compared with the other comments that tools obey
    doctests = []
    for node in ast.walk(tree):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                docstring = ast.get_docstring(node, clean=False)
                if docstring is not None:
                    node.body = node.body[1:]
                    doctests.append((getattr(node, "name", ""), _examples(docstring)))
    found = tuple(each for each in doctests if each[1])
    return PythonCode(ast.dump(tree), found, len(warned))


def _examples(docstring: str) -> tuple[tuple[object, ...], ...]:
    """The examples; of a docstring in which they can't be read, all of it."""
    try:
        found = doctest.DocTestParser().get_examples(docstring)
    except ValueError:
        return ((docstring,),)
    return tuple(
        (each.source, each.want, each.exc_msg, tuple(sorted(each.options.items()))) for each in found
    )
