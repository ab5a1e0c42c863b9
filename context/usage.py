"""Who reads a definition: files that mention its name, and of their functions those that mean it."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from codenook.context.code import Code
from codenook.context.offers import Sources
from codenook.context.outline import Definition, Kind
from codenook.context.parse import Parsed, parse
from codenook.context.resolve import Scope, Target, View

_N_FILES = 24
"""Files that are read for one definition: those that mention its name most often."""
_N_USAGES = 24

_TEST = re.compile(r"(?:^|[_.-])(?:tests?|spec|conftest)(?:[_.-]|$)|(?:Test|Tests|Spec)$")


def is_test(path: str) -> bool:
    """Whether a file holds tests, by the name that the customs of its language give it."""
    return bool(_TEST.search(PurePosixPath(path).stem))


def usages(target: Target, code: Code, sources: Sources, own: Parsed) -> Iterator[Target]:
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
        for holder in _readers(path, parsed, target, sources) if parsed else ():
            yield Target(path, holder)
            n_found += 1
            if n_found == _N_USAGES:
                return


def _parsed(path: str, code: Code, sources: Sources) -> Parsed | None:
    language = sources.reader.language
    source = code.source(path) if path.endswith(language.extensions) else None
    return parse(language, source) if source is not None else None


def _readers(path: str, parsed: Parsed, target: Target, sources: Sources) -> Iterator[Definition]:
    """The functions of a file in which a chain of names leads to ``target``."""
    name, reader = target.definition.name, sources.reader
    view = View(path, reader.outline(parsed))
    lines = {node.start_point.row + 1 for node in parsed.nodes_of([name])}
    for definition in view.outline.definitions:
        if definition.kind not in {Kind.FUNCTION, Kind.METHOD}:
            continue
        if lines.isdisjoint(range(definition.start_line, definition.end_line + 1)):
            continue
        within = parsed.span(definition.start_line, definition.end_line)
        scope = Scope(
            view,
            owner=definition.parent,
            locals=reader.locals(parsed, within),
            implicit_receiver=reader.implicit_receiver,
            receivers=reader.syntax.receivers,
        )
        chains = dict.fromkeys(r.chain for r in reader.references(parsed, within) if name in r.chain)
        if any(target in sources.resolution.values(scope, chain) for chain in chains):
            yield definition
