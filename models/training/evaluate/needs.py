"""Which holes can't be filled from what the model sees of the file: what context and memory are worth."""

import ast
import builtins
import keyword
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from codenook.models.engine.messages import GenerateRequest
from codenook.models.prompts.fim import Special
from codenook.models.training.evaluate.questions import Hole

NAME = re.compile(r"[^\W\d]\w*")
EVERYWHERE = {*keyword.kwlist, *keyword.softkwlist, *dir(builtins)}


@frozen
class Need:
    """What a hole needs.

    ``context``: the answer names something that another file of the package defines and that neither the path
    nor the window names. ``memory``: it names something that neither of them names, and that another file, or
    the document beyond the window, mentions. Python's own words don't count.
    """

    context: bool
    memory: bool


@frozen
class Names:
    """Of a package's files, by path: the names that each defines, and all that each mentions."""

    defined: Mapping[str, frozenset[str]]
    mentioned: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, files: Mapping[str, str]) -> "Names":
        """Read the files."""
        return cls(
            {path: frozenset(_defined(ast.parse(text))) for path, text in files.items()},
            {path: frozenset(NAME.findall(text)) for path, text in files.items()},
        )

    def need(self, hole: Hole, request: GenerateRequest) -> Need:
        """Say what a hole needs, with the ``request`` that shows no other file."""
        texts = [segment for segment in request.prompt if not isinstance(segment, Special)]
        lacking = {*NAME.findall(hole.answer)} - {*NAME.findall("\n".join(texts))} - EVERYWHERE
        defined, mentioned = (_elsewhere(names, hole.path) for names in (self.defined, self.mentioned))
        return Need(
            context=not lacking.isdisjoint(defined),
            memory=not lacking.isdisjoint(mentioned | {*NAME.findall(hole.text)}),
        )


def names_by_package(files: Iterable[tuple[str, str, str]]) -> dict[str, Names]:
    """Return the names of each package, from (package, path, text) of its files."""
    texts: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for package, path, text in files:
        texts[package][path] = text
    return {package: Names.of(own) for package, own in texts.items()}


def _elsewhere(names: Mapping[str, frozenset[str]], path: str) -> frozenset[str]:
    return frozenset().union(*(own for other, own in names.items() if other != path))


def _defined(tree: ast.AST) -> Iterator[str]:
    """Yield the names of functions, classes and methods, and of what modules and classes assign."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef):
            for statement in node.body:
                yield from _bound(statement)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.attr


def _bound(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign | ast.AnnAssign):
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
