"""A second look at facts about Python, by CPython's own parser, not by the trees that they were found with.

A claim is what a finding's evidence has as facts. What speaks against one is said in a few words.
"""

import ast
import builtins
import warnings
from collections.abc import Iterator, Sequence
from functools import cached_property

from attrs import define, field, frozen

from codenook.context.parse import Language
from codenook.context.usage import is_test
from codenook.server.review import rules
from codenook.server.review.finding import Finding, Span
from codenook.server.review.sources.facts.known import Known

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_OPENS = {"exec", "eval", "globals", "vars", "locals"}


@frozen(eq=False)
class _Module:
    """A file as CPython reads it."""

    source: bytes
    tree: ast.Module

    @cached_property
    def nodes(self) -> Sequence[ast.AST]:
        """All nodes."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def bound(self) -> frozenset[str]:
        """Every name that is bound anywhere in the file, in whatever way."""
        return frozenset(name for node in self.nodes for name in _bound(node))

    @cached_property
    def own(self) -> frozenset[str]:
        """The names that the file binds at its own level, or declares to be there."""
        nodes = list(_own(self.tree)) + [node for node in self.nodes if isinstance(node, ast.Global)]
        return frozenset(name for node in nodes for name in _bound(node))

    @cached_property
    def is_open(self) -> bool:
        """Whether names may come from where nobody sees them."""
        return "*" in self.bound or any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _OPENS
            for node in self.nodes
        )

    def functions(self, symbol: str) -> list[_Function]:
        """The functions of a qualified name."""
        found: list[ast.AST] = [self.tree]
        for name in symbol.split("."):
            found = [each for holder in found for each in _defined(holder) if each.name == name]
        return [each for each in found if isinstance(each, _Function)]

    def call_of(self, span: Span) -> ast.Call | None:
        """The call of what stands in a span."""
        rows = self.source.split(b"\n")
        end = (
            span.end_line,
            len(rows[span.end_line - 1].decode("utf-8", "replace")[: span.end_column - 1].encode()),
        )
        calls = (node for node in self.nodes if isinstance(node, ast.Call))
        return next((call for call in calls if (call.func.end_lineno, call.func.end_col_offset) == end), None)


@define(eq=False)
class SecondLook:
    """Looks for what speaks against findings."""

    known: Known
    language: Language
    _modules: dict[str, _Module | None] = field(factory=dict, init=False)

    def against(self, finding: Finding) -> str:
        """What speaks against a finding; empty for nothing."""
        claim = finding.evidence[0].facts
        if finding.rule is rules.REMOVED_NAME:
            return self._removed(str(claim["name"]), str(claim["module"]))
        if finding.rule is rules.UNREAD_PARAMETER:
            return self._unread(finding.path, str(claim["function"]), str(claim["parameter"]))
        if finding.rule is rules.UNKNOWN_EXCEPTION:
            return self._exception(finding.path, str(claim["name"]))
        return self._calls(finding)

    def _removed(self, name: str, path: str) -> str:
        file = self.known.change.by_path.get(path)
        before = _read(file.old.source) if file and file.old else None
        if before is not None and name not in before.own:
            return "the old text did not have it"
        if file is not None and file.new is not None:
            now = self._module(path)
            if now is None:
                return "the file can't be read"
            if name in now.own or now.is_open or "__getattr__" in now.own:
                return "the file may still have it"
        return self._is_set(name)

    def _unread(self, path: str, symbol: str, parameter: str) -> str:
        module = self._module(path)
        functions = module.functions(symbol) if module else []
        if len(functions) != 1:
            return "the function is not the only one of its name"
        names = {node.id for node in ast.walk(functions[0]) if isinstance(node, ast.Name)}
        return "the function may read it" if names & {parameter, *_OPENS} else ""

    def _exception(self, path: str, name: str) -> str:
        module = self._module(path)
        if module is None:
            return "the file can't be read"
        head = name.partition(".")[0]
        is_plain = head == name
        if is_plain and (name in module.bound or module.is_open or hasattr(builtins, name)):
            return "the file may have it"
        return self._is_set(name.rpartition(".")[2])

    def _calls(self, finding: Finding) -> str:
        claim = finding.evidence[0].facts
        symbol, path = str(claim["function"]), str(claim["module"])
        module = self._module(path)
        functions = module.functions(symbol) if module else []
        if len(functions) != 1:
            return "the function is not the only one of its name"
        is_of_callers = "calls" in claim
        places = [(each.path, each.span) for each in finding.related] if is_of_callers else []
        has_receiver = bool(claim["receiver"])
        for caller, span in places or [(finding.path, finding.span)]:
            there = self._module(caller)
            call = there.call_of(span) if there else None
            if call is not None and not _fits(call, functions[0], has_receiver=has_receiver):
                return self._is_set(symbol.rpartition(".")[2])
        return "the calls fit"

    def _is_set(self, name: str) -> str:
        """Whether code that is no test sets an attribute of this name, or one by a string."""
        for path in self.known.mentioning(name, self.language):
            module = None if is_test(path) else self._module(path)
            for node in module.nodes if module else ():
                if isinstance(node, ast.Attribute) and node.attr == name and isinstance(node.ctx, ast.Store):
                    owner = node.value
                    if not (isinstance(owner, ast.Name) and owner.id in {"self", "cls"}):
                        return f"{path}:{node.lineno} sets it"
        for path in self.known.mentioning("setattr", self.language):
            module = None if is_test(path) else self._module(path)
            if module is None or name.encode() not in module.source:
                continue
            for node in module.nodes:
                if isinstance(node, ast.Call) and _sets(node, name):
                    return f"{path}:{node.lineno} sets it"
        return ""

    def _module(self, path: str) -> _Module | None:
        if path not in self._modules:
            parsed = self.known.parsed(path)
            self._modules[path] = _read(parsed.source) if parsed else None
        return self._modules[path]


def _read(source: bytes) -> _Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _Module(source, ast.parse(source))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Global | ast.Nonlocal):
        yield from node.names
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def _own(tree: ast.Module) -> Iterator[ast.AST]:
    """The nodes that are in no function or class, with the definitions of these."""
    pending = list(ast.iter_child_nodes(tree))
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending += ast.iter_child_nodes(node)


def _defined(holder: ast.AST) -> Iterator[_Function | ast.ClassDef]:
    """The functions and classes directly in a file or class, those under conditions included."""
    pending = list(ast.iter_child_nodes(holder))
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node
        elif not isinstance(node, ast.expr):
            pending += ast.iter_child_nodes(node)


def _called(call: ast.Call) -> str:
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _sets(call: ast.Call, name: str) -> bool:
    texts = (each.value for each in call.args if isinstance(each, ast.Constant))
    return _called(call) == "setattr" and name in texts


def _fits(call: ast.Call, function: _Function, *, has_receiver: bool) -> bool:
    """Whether the arguments of a call are right as far as anybody can say."""
    arguments, given = function.args, {each.arg for each in call.keywords}
    if None in given or any(isinstance(each, ast.Starred) for each in call.args):
        return True
    places = [*arguments.posonlyargs, *arguments.args]
    needed = places[: len(places) - len(arguments.defaults)]
    if has_receiver:
        places, needed = places[1:], needed[1:]
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    must = {each.arg for each, default in pairs if default is None}
    by_name = {each.arg for each in (*arguments.args, *arguments.kwonlyargs)}
    return (
        (arguments.vararg is not None or len(call.args) <= len(places))
        and (arguments.kwarg is not None or given <= by_name)
        and {each.arg for each in needed[len(call.args) :]} | must <= given
    )
