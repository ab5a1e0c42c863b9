"""A function of Rust as it is called: its parameters, its result, and what makes the object for a method."""

import re

from attrs import frozen
from tree_sitter import Node

from codenook.context.parse import Parsed, encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.unit_tests.target import Target

_SPACE = re.compile(r"\s+")
_ANY_NUMBER = re.compile(
    r"(?:Ord|PartialOrd|Eq|PartialEq|Copy|Clone|Debug|Display|Default|Hash|Add|Sub|Mul|'static|Send|Sync)\b.*"
)


@frozen
class Subject:
    """``result`` is empty where nothing is given; ``owner`` the type that a method belongs to."""

    name: str
    parameters: tuple[str, ...]
    result: str
    owner: str = ""
    takes_self: bool = False

    def expression(self, arguments: str, receiver: str) -> str:
        """The call as source text."""
        if self.takes_self:
            return f"{receiver}.{self.name}({arguments})"
        return f"{self.owner}::{self.name}({arguments})" if self.owner else f"{self.name}({arguments})"


@frozen(eq=False)
class Source:
    """A file of Rust."""

    parsed: Parsed

    @classmethod
    def of(cls, text: str) -> "Source | None":
        """The file with this text."""
        language = language_named("rust")
        return cls(parse(language, encode(text))) if language else None

    def subject(self, target: Target) -> Subject | None:
        """The target as it is called; None for what isn't a function, and for what is asynchronous."""
        return next(
            (
                found
                for node, owner in self.functions()
                if text_of(node.child_by_field_name("name")) == target.definition.name
                and owner == target.definition.parent
                and target.definition.start_line <= node.start_point.row + 1 <= target.definition.end_line
                and (found := _subject(node, owner)) is not None
            ),
            None,
        )

    def functions(self) -> list[tuple[Node, str]]:
        """All functions of the file, each with the type whose method it is."""
        found: list[tuple[Node, str]] = []
        to_visit: list[tuple[Node, str]] = [(self.parsed.root, "")]
        while to_visit:
            node, owner = to_visit.pop()
            for child in node.named_children:
                if child.type == "function_item":
                    found.append((child, owner))
                elif child.type == "impl_item" and child.child_by_field_name("trait") is None:
                    to_visit.append((child, _head(child.child_by_field_name("type"))))
                elif child.type in {"declaration_list", "source_file"}:
                    to_visit.append((child, owner))
        return found

    def makers(self, type_: str) -> list[Subject]:
        """The public functions that make a type: ``new`` first."""
        subjects = (_subject(node, owner) for node, owner in self.functions() if owner == type_)
        made = [
            each
            for each in subjects
            if each
            and not each.takes_self
            and each.result.rpartition("<")[0] in {"", "Option"}
            and each.result in {"Self", type_}
        ]
        return sorted(made, key=lambda each: (each.name != "new", len(each.parameters)))

    def has_default(self, type_: str) -> bool:
        """Whether a type has a default value."""
        text = self.parsed.source.decode("utf-8", "replace")
        derives = r"derive\((?=[^)]{0,300}\bDefault\b)[^)]{0,300}\)\]"  # nothing here is without a bound
        derived = (
            rf"{derives}(?:\s{{0,99}}#\[[^\]]{{0,300}}\]){{0,9}}\s{{0,99}}pub struct {re.escape(type_)}\b"
        )
        return bool(re.search(rf"impl Default for {re.escape(type_)}\b|{derived}", text))

    def variants(self, type_: str) -> list[str]:
        """The values of an enumeration that hold nothing."""
        for node in self.parsed.root.named_children:
            if node.type == "enum_item" and text_of(node.child_by_field_name("name")) == type_:
                body = node.child_by_field_name("body")
                each = body.named_children if body else []
                plain = [one for one in each if one.type == "enum_variant" and one.named_child_count == 1]
                return [f"{type_}::{text_of(one)}" for one in plain]
        return []


def _subject(node: Node, owner: str) -> Subject | None:
    generic = {
        text_of(each.child_by_field_name("name")): each
        for each in _children(node.child_by_field_name("type_parameters"))
    }
    words = {text_of(child) for child in node.children if child.type == "function_modifiers"}
    if any("async" in each or "unsafe" in each for each in words):
        return None
    parameters, takes_self = [], False
    for child in _children(node.child_by_field_name("parameters")):
        if child.type == "self_parameter":
            takes_self = True
        elif child.type == "parameter":
            parameters.append(_type(child.child_by_field_name("type"), generic))
    result = _type(node.child_by_field_name("return_type"), generic)
    return Subject(text_of(node.child_by_field_name("name")), tuple(parameters), result, owner, takes_self)


def _children(node: Node | None) -> list[Node]:
    return node.named_children if node is not None else []


def _type(node: Node | None, generic: dict[str, Node]) -> str:
    """A type as it is written, numbers in the place of those that may be any that can be compared."""
    written = _SPACE.sub(" ", text_of(node)).strip()
    for name, parameter in generic.items():
        bounds = text_of(parameter.child_by_field_name("bounds")).lstrip(": ")
        if name and (not bounds or all(_ANY_NUMBER.fullmatch(each.strip()) for each in bounds.split("+"))):
            written = re.sub(rf"\b{re.escape(name)}\b", "i32", written)
        elif name and re.fullmatch(r"(?:AsRef|Into|Borrow)<(?:str|String)>", bounds):
            written = re.sub(rf"\b{re.escape(name)}\b", "&str", written)
    return written


def _head(node: Node | None) -> str:
    return text_of(node).partition("<")[0].strip()
