"""The proof that an edit touched documentation only: the code is the same, token for token."""

import re
from collections.abc import Iterator

from codenook.context.parse import Language
from codenook.server.verify.code import Code, Token, code_of
from codenook.server.verify.python_code import PythonCode, python_code

_INVISIBLE = re.compile("\r(?!\n)|[\0\v\f\x1a\x1c-\x1e\x85\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
"""What ends a row for one reader and not for another, or changes the order of what is seen."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def difference(language: Language, before: str, after: str) -> str | None:
    """What differs besides comments and docstrings, as one line for a person; None when nothing does.

    Beside the tokens compared are comments that tools obey, examples that are run as tests, and characters
    that not every reader sees alike. Python is compared by CPython's parser as well.
    """
    if _SURROGATE.search(before) or _SURROGATE.search(after):
        return "the text holds half of a character (a lone surrogate)"
    return next(_differences(language, before, after), None)


def _differences(language: Language, before: str, after: str) -> Iterator[str]:
    old, new = code_of(language, before), code_of(language, after)
    yield from _in_code(old, new)
    if _INVISIBLE.findall(before) != _INVISIBLE.findall(after):
        yield "invisible characters were added or lost"
    if language.id != "python":
        return
    if _script(before) != _script(after):
        yield "what the file says of itself as a script was changed"
    try:
        was, became = python_code(before), python_code(after)
    except (RecursionError, MemoryError):
        yield "the code is nested too deeply to be compared"
        return
    if was is not None:
        yield from _to_python(was, became)
    elif _with_examples(old) != _with_examples(new):
        yield "an example in a file that Python can't read was added, lost or changed"


def _in_code(old: Code, new: Code) -> Iterator[str]:
    if new.n_errors > old.n_errors:
        yield "the code does not parse any more"
    if [token.text for token in old.tokens] != [token.text for token in new.tokens]:
        yield _first_difference(old, new)
    if old.tokens != new.tokens or old.places != new.places:
        yield "the code is laid out or nested differently"
    if old.orders != new.orders:
        yield "a comment that tools obey was added, lost or moved"
    if old.examples != new.examples:
        yield "an example that is run as a test was added, lost or changed"
    if new.n_misplaced > old.n_misplaced:
        yield "documentation stands where the compiler refuses it"
    if _read_back(old) != _read_back(new):
        yield "the file reads documentation itself (__doc__)"


def _read_back(code: Code) -> list[tuple[str, str]]:
    """The docstrings that the file may read itself."""
    return [each for each in code.docstrings if code.reads_any or (code.reads_own and not each[0])]


def _with_examples(code: Code) -> list[tuple[str, str]]:
    return [each for each in code.docstrings if ">>>" in each[1]]


def _script(text: str) -> list[str]:
    """The rows that may say what a script depends on (PEP 723): all comments, where there are any."""
    rows = text.splitlines()
    has_any = any(row.startswith("# ///") for row in rows)
    return [row for row in rows if row.startswith("#")] if has_any else []


def _first_difference(old: Code, new: Code) -> str:
    for left, right in zip(old.tokens, new.tokens, strict=False):
        if left.text != right.text:
            return f"the code is not the same: {_shown(left)} became {_shown(right)}"
    return "code was added or lost at the end"


def _shown(token: Token) -> str:
    return repr(token.text.decode("utf-8", "replace")[:40])


def _to_python(was: PythonCode, became: PythonCode | None) -> Iterator[str]:
    """The same question to CPython."""
    if became is None or became.n_warnings > was.n_warnings:
        yield "Python can't read it any more, or warns of it"
    elif became.tree != was.tree:
        yield "the code is not the same for Python"
    elif became.doctests != was.doctests:
        yield "an example that is run as a test was added, lost or changed"
