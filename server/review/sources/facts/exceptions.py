"""Exception types in Python that are raised or caught and don't exist."""

import builtins
from collections.abc import Iterator, Sequence

from attrs import define
from tree_sitter import Node

from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.context.resolve import Module, Scope
from codenook.server.review import rules
from codenook.server.review.finding import Finding
from codenook.server.review.scope.change import ChangedFile
from codenook.server.review.sources.facts import at
from codenook.server.review.sources.facts.callee import Callees
from codenook.server.review.sources.facts.known import Known
from codenook.server.review.sources.facts.names import offers
from codenook.server.review.sources.facts.python_tree import pure_chain

_CONFIDENCE = 0.95
_BUILTIN = {*dir(builtins), "WindowsError"}
_PLACES = {"raise_statement", "except_clause", "except_group_clause"}


@define(eq=False)
class Exceptions:
    """Finds exception types that nothing defines."""

    known: Known
    callees: Callees

    def findings(self, file: ChangedFile) -> Iterator[Finding]:
        """Those on the changed lines of a file."""
        parsed = file.parsed
        bindings = self.callees.bindings(file.path) if parsed else None
        if parsed is None or bindings is None or parsed.root.has_error:
            return
        for node in _types(parsed.root, file.changed):
            chain = pure_chain(node)
            if chain is None or chain[0].type != "identifier":
                continue
            head, names = text_of(chain[0]), chain[1]
            if not names:
                is_known = head in _BUILTIN or bindings.is_open or _is_bound(parsed, head)
                why = "the file neither defines nor imports it, and it is no builtin"
            else:
                is_known = bindings.of_file[head] != 1 or not self._lacks(file, head, names)
                why = f"`{head}` is a module of the workspace that has no `{names[0]}`"
            what = "raised" if _around(node).type == "raise_statement" else "caught"
            if not is_known:
                name = text_of(node)
                message = f"`{name}` is {what}, and there is no such exception"
                found = at.in_new(
                    file,
                    node,
                    rules.UNKNOWN_EXCEPTION,
                    message,
                    why,
                    confidence=_CONFIDENCE,
                    claim={"name": name},
                )
                if found:
                    yield found

    def _lacks(self, file: ChangedFile, head: str, names: Sequence[str]) -> bool:
        view = self.known.view(file.path)
        value = self.callees.resolution.value(Scope(view), (head,)) if view else None
        if not isinstance(value, Module) or len(names) != 1:
            return False
        return offers(self.known, self.callees, value, names[0]) is False


def _types(root: Node, lines: frozenset[int]) -> Iterator[Node]:
    """The expressions on some lines that name a type which is raised or caught."""
    pending = [root]
    while pending:
        node = pending.pop()
        if lines.isdisjoint(range(node.start_point.row + 1, node.end_point.row + 2)):
            continue
        pending += reversed(node.named_children)
        if node.type in _PLACES and node.named_children:
            yield from _named(node.named_children[0])


def _named(node: Node) -> Iterator[Node]:
    if node.type == "block":
        return
    if node.type == "as_pattern":
        yield from _named(node.named_children[0])
    elif node.type in {"tuple", "parenthesized_expression"}:
        for child in node.named_children:
            yield from _named(child)
    elif node.type == "call" and _around(node).type == "raise_statement":
        function = node.child_by_field_name("function")
        if function is not None:
            yield function
    elif node.type in {"identifier", "attribute"}:
        yield node


def _around(node: Node) -> Node:
    at_node = node
    while at_node.parent is not None and at_node.type not in _PLACES:
        at_node = at_node.parent
    return at_node


def _is_bound(parsed: Parsed, name: str) -> bool:
    """Whether a name is bound anywhere in a file, in whatever scope."""
    return any(text_of(node) == name for node in parsed.captures("bindings").get("bound", ()))
