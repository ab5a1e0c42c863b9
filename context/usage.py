"""Who reads a definition: files that mention its name, and of their functions those that mean it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

from attrs import frozen

from codenook.context.bodies import excerpt, whole
from codenook.context.code import Code
from codenook.context.offers import Sources
from codenook.context.outline import Definition, Kind
from codenook.context.parse import Parsed, parse
from codenook.context.resolve import Scope, Target, View

_N_FILES = 24
"""Files that are read for one definition: those that mention its name most often."""
_N_USAGES = 24

_TEST = re.compile(r"(?:^|[_.-])(?:tests?|spec|conftest)(?:[_.-]|$)|(?:Test|Tests|Spec)$")


@frozen
class Use:
    """A function that reads a definition: what is around the places where it does, and all of it."""

    target: Target
    excerpt: str
    whole: str


def is_test(path: str) -> bool:
    """Whether a file holds tests, by the name that the customs of its language give it."""
    return bool(_TEST.search(PurePosixPath(path).stem))


def usages(target: Target, code: Code, sources: Sources, own: Parsed) -> Iterator[Use]:
    """The functions that read ``target``, those of its own file (``own``) first; at most a few dozen.

    Without an index only those of its own folder are found.
    """
    folder = target.path.rpartition("/")[0]
    name = target.definition.name
    others = (
        [path for path, _ in sources.index.occurrences(name, _N_FILES)]
        if sources.index
        else code.in_folder(folder)
    )
    n_found = 0
    for path in dict.fromkeys([target.path, *others[:_N_FILES]]):
        parsed = own if path == target.path else _parsed(path, code, sources)
        if parsed is None:
            continue
        for holder, starts in _readers(path, parsed, target, sources):
            text = excerpt(parsed, holder, starts)
            yield Use(Target(path, holder), text, whole(parsed.source, holder))
            n_found += 1
            if n_found == _N_USAGES:
                return


def scope_in(view: View, definition: Definition, parsed: Parsed) -> Scope:
    """How names are read inside of a function or method of ``view``, whose syntax tree is ``parsed``."""
    reader = parsed.language.reader
    return Scope(
        view,
        owner=definition.parent,
        locals=reader.locals(parsed, parsed.span(definition.start_line, definition.end_line)),
        implicit_receiver=reader.implicit_receiver,
        receivers=reader.syntax.receivers,
    )


def _parsed(path: str, code: Code, sources: Sources) -> Parsed | None:
    language = sources.reader.language
    source = code.source(path) if path.endswith(language.extensions) else None
    return parse(language, source) if source is not None else None


def _readers(
    path: str, parsed: Parsed, target: Target, sources: Sources
) -> Iterator[tuple[Definition, list[int]]]:
    """The functions of a file in which chains of names lead to ``target``, and where these begin (bytes)."""
    name, reader = target.definition.name, sources.reader
    view = View(path, reader.outline(parsed))
    lines = {node.start_point.row + 1 for node in parsed.nodes_of([name])}
    for definition in view.outline.definitions:
        if definition.kind not in {Kind.FUNCTION, Kind.METHOD}:
            continue
        if lines.isdisjoint(range(definition.start_line, definition.end_line + 1)):
            continue
        within = parsed.span(definition.start_line, definition.end_line)
        scope = scope_in(view, definition, parsed)
        starts = defaultdict[tuple[str, ...], list[int]](list)
        for reference in reader.references(parsed, within):
            if name in reference.chain:
                starts[reference.chain].append(reference.start)
        meant = [chain for chain in starts if target in sources.resolution.values(scope, chain)]
        if meant:
            yield definition, [start for chain in meant for start in starts[chain]]
