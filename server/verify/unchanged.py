"""The proof that an edit touched documentation only: the code is the same, token for token."""

import ast
import re
import warnings
from collections.abc import Iterator
from functools import lru_cache

from codenook.context.parse import Language
from codenook.server.verify.code import Code, Token, code_of

_INVISIBLE = re.compile("\r(?!\n)|[\0\v\f\x1a\x1c-\x1e\x85\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""What ends a row for one reader and not for another, or changes the order of what is seen."""


def difference(language: Language, before: str, after: str) -> str | None:
    """What differs besides comments and docstrings, as one line for a person; None when nothing does.

    Beside the tokens compared are comments that tools obey, examples that are run as tests, and characters
    that not every reader sees alike. Python is compared by CPython's parser as well.
    """
    found = _differences(code_of(language, before), code_of(language, after))
    if (first := next(found, None)) is not None:
        return first
    if _INVISIBLE.findall(before) != _INVISIBLE.findall(after):
        return "invisible characters were added or lost"
    return _difference_to_python(before, after) if language.id == "python" else None


def _differences(old: Code, new: Code) -> Iterator[str]:
    if new.n_errors > old.n_errors:
        yield "the code does not parse any more"
    if [token.text for token in old.tokens] != [token.text for token in new.tokens]:
        yield _first_difference(old, new)
    if old.tokens != new.tokens:
        yield "the code is laid out or nested differently"
    if old.orders != new.orders:
        yield "a comment that tools obey was added, lost or moved"
    if old.examples != new.examples:
        yield "an example that is run as a test was added, lost or changed"
    if new.n_misplaced > old.n_misplaced:
        yield "documentation stands where the compiler refuses it"
    if _read_back(old) != _read_back(new):
        yield "the file reads its own documentation (__doc__)"


def _read_back(code: Code) -> list[tuple[str, str]]:
    """The docstrings that the file may read itself."""
    reads_any = not code.readers <= code.defined | {""}
    return [each for each in code.docstrings if reads_any or each[0] in code.readers]


def _first_difference(old: Code, new: Code) -> str:
    for left, right in zip(old.tokens, new.tokens, strict=False):
        if left.text != right.text:
            return f"the code is not the same: {_shown(left)} became {_shown(right)}"
    return "code was added or lost at the end"


def _shown(token: Token) -> str:
    return repr(token.text.decode("utf-8", "replace")[:40])


def _difference_to_python(before: str, after: str) -> str | None:
    """The same question to CPython, where it reads the text at all."""
    old, new = _python(before), _python(after)
    if old is None:
        return None
    if new is None or new[1] > old[1]:
        return "Python can't read it any more, or warns of it"
    return None if old[0] == new[0] else "the code is not the same for Python"


@lru_cache(maxsize=4)
def _python(text: str) -> tuple[str, int] | None:
    """The text's tree without docstrings, and how many warnings Python has of it."""
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        try:
            tree = ast.parse(text, type_comments=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    tree.type_ignores = []  # these are compared with the other comments that tools obey
    for node in ast.walk(tree):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                if ast.get_docstring(node, clean=False) is not None:
                    node.body = node.body[1:]
    return ast.dump(tree), len(warned)
