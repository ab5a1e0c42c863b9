"""New parameters in Python that nobody reads."""

import re
from collections.abc import Iterator

from attrs import define
from tree_sitter import Node

from codenook.context.outline import Kind
from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.context.usage import is_test
from codenook.server.review import rules
from codenook.server.review.finding import Finding
from codenook.server.review.scope.change import ChangedFile
from codenook.server.review.sources.facts import at
from codenook.server.review.sources.facts.callee import Callees
from codenook.server.review.sources.facts.known import Known
from codenook.server.review.sources.facts.python_tree import (
    Parameter,
    class_around,
    decorators,
    definitions,
    signature_of,
)

_CONFIDENCE = 0.85
_N_ALIKE = 2
"""So many other methods of a class that take the same parameters make these a custom of the class."""

_READS_ALL = re.compile(rb"\b(?:locals|vars|eval|exec|super\(\s*\)\.__init__\(\*)\b|\bframe\b")
_ON_PURPOSE = re.compile(
    r"(?i)\b(?:unused|ignored?|deprecated|no longer|not used|compat\w*|noqa|reserved|legacy)\b"
)
_KINDS = {
    "staticmethod",
    "classmethod",
    "cache",
    "lru_cache",
    "final",
    "contextmanager",
    "asynccontextmanager",
}
_CONSTANTS = {
    "none",
    "true",
    "false",
    "integer",
    "float",
    "string",
    "identifier",
    "ellipsis",
    "list",
    "dictionary",
}


@define(eq=False)
class Parameters:
    """Finds new parameters that the body of their function never mentions."""

    known: Known
    callees: Callees

    def findings(self, file: ChangedFile) -> Iterator[Finding]:
        """Those that a file's change added, where nobody outside of it decides what the parameters are."""
        if file.parsed is None or is_test(file.path):
            return
        before = definitions(file.parsed_before) if file.parsed_before else {}
        for symbol, nodes in definitions(file.parsed).items():
            if len(nodes) != 1 or nodes[0].type != "function_definition":
                continue
            old = [signature for node in before.get(symbol, ()) if (signature := signature_of(node))]
            for parameter in self._unread(file, nodes[0]):
                if any(signature.named(parameter.name) for signature in old):
                    continue
                if self._is_decided_elsewhere(file, file.parsed, symbol):
                    break
                name = symbol.rpartition(".")[2]
                found = at.in_new(
                    file,
                    parameter.node,
                    rules.UNREAD_PARAMETER,
                    f"`{name}` never reads its new parameter `{parameter.name}`",
                    f"the body of `{name}` does not mention `{parameter.name}`",
                    confidence=_CONFIDENCE,
                    claim={"function": symbol, "parameter": parameter.name},
                )
                if found:
                    yield found

    def _unread(self, file: ChangedFile, function: Node) -> list[Parameter]:
        signature, body = signature_of(function), function.child_by_field_name("body")
        if signature is None or body is None or not _KINDS.issuperset(decorators(function)):
            return []
        text = body.text or b""
        if _READS_ALL.search(text) or _ON_PURPOSE.search(_around(file, function)) or _is_hook(body):
            return []
        listed = signature.parameters
        is_method = class_around(function) != "" and "staticmethod" not in decorators(function)
        return [
            parameter
            for parameter in listed[1 if is_method else 0 :]
            if not parameter.name.startswith(("_", "unused"))
            and not re.search(rf"\b{parameter.name}\b".encode(), text)
        ]

    def _is_decided_elsewhere(self, file: ChangedFile, parsed: Parsed, symbol: str) -> bool:
        """Whether others may ask for the parameters: a base, namesakes, whoever gets it as a value."""
        holder, _, name = symbol.rpartition(".")
        if name.startswith("__") and name != "__init__":
            return True
        owner = self.known.view(file.path)
        definition = owner.by_symbol.get(holder) if owner and holder else None
        if holder and (definition is None or definition.kind is Kind.INTERFACE):
            return True
        if holder and (not _is_baseless(parsed, holder) or _is_one_of_many(parsed, symbol)):
            return True
        if holder and name != "__init__" and self._is_derived_from(file, holder.rpartition(".")[2]):
            return True
        return name != "__init__" and (self._has_namesake(file, symbol, name) or self._is_a_value(file, name))

    def _is_derived_from(self, file: ChangedFile, name: str) -> bool:
        """Whether a class of the workspace may derive from one of this name, and override its methods."""
        paths = self.known.mentioning(name, file.language) if file.language else ()
        views = (self.known.view(path) for path in paths)
        bases = (base for view in views if view for each in view.outline.definitions for base in each.bases)
        return any(base.rpartition(".")[2] == name for base in bases)

    def _has_namesake(self, file: ChangedFile, symbol: str, name: str) -> bool:
        index = self.known.code.index
        found = index.named(name, 20) if index else []
        return any((each.path, each.definition.symbol) != (file.path, symbol) for each in found)

    def _is_a_value(self, file: ChangedFile, name: str) -> bool:
        """Whether the function is read anywhere without being called: handed on, registered, replaced."""
        language = file.language
        for path in self.known.mentioning(name, language) if language else ():
            parsed = self.known.parsed(path)
            for node in parsed.nodes_of([name]) if parsed else ():
                if node.type == "identifier" and not _is_called_or_named(node):
                    return True
                if node.type == "string_content" and text_of(node) == name:
                    return True
        return False


def _is_called_or_named(node: Node) -> bool:
    parent = node.parent
    if parent is None:
        return False
    outer = node
    if parent.type == "attribute" and parent.child_by_field_name("attribute") == node:
        outer, parent = parent, parent.parent or parent
    if parent.type == "call":
        return parent.child_by_field_name("function") == outer
    if parent.type == "keyword_argument":
        return parent.child_by_field_name("name") == node
    return parent.type in {"function_definition", "dotted_name", "aliased_import"}


def _is_baseless(parsed: Parsed, holder: str) -> bool:
    """Whether a class derives from nothing."""
    nodes = definitions(parsed).get(holder, ())
    bases = [node.child_by_field_name("superclasses") for node in nodes]
    return len(nodes) == 1 and all(
        base is None or {text_of(each) for each in base.named_children} <= {"object"} for base in bases
    )


def _is_one_of_many(parsed: Parsed, symbol: str) -> bool:
    """Whether other methods of the class take the same: who calls them all by built names decides what."""
    holder = symbol.rpartition(".")[0]
    taken = {
        other: _names(node)
        for other, nodes in definitions(parsed).items()
        if other.rpartition(".")[0] == holder
        for node in nodes
        if node.type == "function_definition"
    }
    own = taken.pop(symbol, ())
    return len(own) > 1 and list(taken.values()).count(own) >= _N_ALIKE


def _names(function: Node) -> tuple[str, ...]:
    signature = signature_of(function)
    return tuple(parameter.name for parameter in signature.parameters) if signature else ()


def _is_hook(body: Node) -> bool:
    """Whether a body does nothing: it gives a constant, or says that it isn't there."""
    for statement in body.named_children:
        inner = statement.named_children[:1]
        if statement.type == "expression_statement" and inner[0].type in {
            "string",
            "ellipsis",
            "concatenated_string",
        }:
            continue
        if statement.type in {"pass_statement", "raise_statement", "comment", "delete_statement"}:
            continue
        if statement.type == "return_statement" and (not inner or inner[0].type in _CONSTANTS):
            continue
        return False
    return True


def _around(file: ChangedFile, function: Node) -> str:
    """The header with its comments, and the docstring: where somebody says that a parameter is not read."""
    body = function.child_by_field_name("body")
    first = body.named_children[0] if body and body.named_children else None
    end = first.end_byte if first is not None and first.type == "expression_statement" else None
    source = file.new.source if file.new else b""
    stop = end or (body.start_byte if body else function.end_byte)
    return source[function.start_byte : stop].decode("utf-8", "replace")
