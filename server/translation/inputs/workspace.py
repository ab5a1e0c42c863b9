"""Calls in the files of a workspace: tests first, then whatever else calls a definition with literals."""

import re
from collections.abc import Iterable, Iterator

from codenook.context.code import Code
from codenook.context.parse import language_named
from codenook.context.usage import is_test
from codenook.server.translation.inputs.fitting import NotFitting
from codenook.server.translation.inputs.literals import NotPlain, arguments_in
from codenook.server.translation.inputs.written import Wanted, arguments_of, occurrences
from codenook.server.translation.outcome import Call, Origin
from codenook.server.translation.values import Value
from codenook.server.unit_tests.kits.bracketed import closing, opening

_N_FILES = 24
_LONGEST = 400_000
_N_CALLS = 40
_LONGEST_CALL = 2_000


def in_workspace(code: Code, path: str, text: str, wanted: Wanted) -> list[Call]:
    """The calls in the files that name a definition most often; ``path`` and ``text`` are its own file's."""
    grammar = language_named(wanted.language)
    if grammar is None:
        return []
    named = (
        [other for other, _ in code.index.occurrences(wanted.signature.name, _N_FILES)]
        if code.index
        else code.in_folder(path.rpartition("/")[0])
    )
    others = [other for other in named if other != path and other.endswith(grammar.extensions)]
    others.sort(key=is_test, reverse=True)

    def texts() -> Iterator[tuple[str, str]]:
        for other in others[:_N_FILES]:
            source = code.source(other)
            if source is not None:
                yield other, source.decode("utf-8", "replace")
        yield path, text

    return in_texts(texts(), wanted)


def in_texts(texts: Iterable[tuple[str, str]], wanted: Wanted) -> list[Call]:
    """The calls in files, each a path and its text, at most a few dozen."""
    calls: list[Call] = []
    for path, text in texts:
        for start, written in occurrences(text[:_LONGEST], wanted.signature.name):
            before = text[:start]
            try:
                arguments = arguments_of(written, before, wanted)
                made_with = _made_with(before, wanted.signature.owner, wanted.language)
            except (NotPlain, NotFitting):
                continue
            evidence = f"{path}:{before.count(chr(10)) + 1}"
            calls.append(Call(arguments, Origin.TESTS, made_with, evidence))
            if len(calls) == _N_CALLS:
                return calls
    return calls


def _made_with(before: str, owner: str, language: str) -> tuple[Value, ...]:
    """The arguments of the constructor of what a method is called on; raises NotPlain."""
    receiver = before.rstrip().removesuffix(".").rstrip()
    if not owner or receiver == before.rstrip():
        return ()
    name = re.search(r"(\w+)$", receiver[-_LONGEST_CALL:])
    if name and name[1] != owner:
        return _of_variable(receiver, name[1], owner, language)
    if name:
        return ()
    ending = receiver[-_LONGEST_CALL:]
    start = opening(ending) if ending.endswith(")") else None
    if start is None or not re.search(rf"\b{owner}(?:::new)?\s*$", ending[:start]):
        raise NotPlain(ending[-80:])
    return arguments_in(ending[start + 1 : -1], language)


def _of_variable(before: str, name: str, owner: str, language: str) -> tuple[Value, ...]:
    """What the object of a variable was last made with."""
    given = rf"(?<!\w){name}\s*(?::\s*\w+\s*)?:?=\s*(?=[^=\n;]*\b{owner}\b[^=\n;]*\()[^(\n;]*"
    made = [match.end() for match in re.finditer(given, before)]
    if made:
        end = closing(before, made[-1])
        return arguments_in(before[made[-1] + 1 : end], language)
    if re.search(rf"\b{owner}\s+{name}\s*;", before):
        return ()
    raise NotPlain(name)
