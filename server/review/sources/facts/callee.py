"""Which definition a call in Python means, where that is certain: what may be another one is None."""

from collections.abc import Sequence

from attrs import define, field, frozen
from tree_sitter import Node

from codenook.context.outline import Kind
from codenook.context.parse import Parsed
from codenook.context.reading import text_of
from codenook.context.resolve import Module, Resolution, Scope, Target, Value, View
from codenook.server.review.sources.facts.known import Known
from codenook.server.review.sources.facts.python_tree import (
    Bindings,
    Signature,
    class_around,
    decorators,
    definitions,
    enclosing,
    keeps_signature,
    outermost_function,
    pure_chain,
    signature_of,
)

_CLASS = frozenset({"class_definition"})
_MAKES_OBJECTS = ("__init__", "__new__")


@frozen
class Callee:
    """What a call means: the function that takes the arguments, and whether it is given an object first.

    ``target`` is what is called: of a class the class, and ``function`` then its ``__init__``.
    """

    target: Target
    function: Target
    has_receiver: bool


@frozen(eq=False)
class _Thing:
    """What an expression stands for: a module, a definition, or an object of a class."""

    value: Value
    is_object: bool = False


@define(eq=False)
class Callees:
    """Finds out what calls mean; what was found of a file is remembered."""

    known: Known
    resolution: Resolution
    _bindings: dict[str, Bindings] = field(factory=dict, init=False)
    _definitions: dict[str, dict[str, list[Node]]] = field(factory=dict, init=False)

    def of(self, path: str, parsed: Parsed, call: Node) -> Callee | None:
        """What a call means."""
        function, view = call.child_by_field_name("function"), self.known.view(path)
        chain = pure_chain(function) if function is not None and view else None
        if chain is None or view is None:
            return None
        head, names = chain
        start = self._head(view, parsed, head)
        for name in names[:-1]:
            start = self._member(start, name) if start else None
        if start is None:
            return None
        if not names:
            return self._called(start.value) if not start.is_object else None
        return self._method(start, names[-1], is_super=_is_super(head))

    def function(self, target: Target) -> Node | None:
        """The node of a function or class, the only one of its name in the file."""
        return self.only(target.path, target.definition.symbol)

    def only(self, path: str, symbol: str) -> Node | None:
        """The node of the only definition of a symbol in a file, when nothing else has its name."""
        found = self._in(path).get(symbol, ())
        view = self.known.view(path)
        if len(found) != 1 or view is None:
            return None
        holder, _, name = symbol.rpartition(".")
        if holder:
            named = [d for d in view.outline.definitions if d.parent == holder and d.name == name]
            return found[0] if len(named) == 1 else None
        bindings = self.bindings(path)
        return found[0] if bindings is not None and bindings.of_file[name] == 1 else None

    def signature(self, callee: Callee) -> Signature | None:
        """What the caller of something may give."""
        node = self.function(callee.function)
        if node is None or node.type != "function_definition" or not keeps_signature(node):
            return None
        signature = signature_of(node)
        return signature.without_receiver() if signature and callee.has_receiver else signature

    def bindings(self, path: str) -> Bindings | None:
        """The names that a file binds."""
        if path not in self._bindings:
            parsed = self.known.parsed(path)
            if parsed is None:
                return None
            self._bindings[path] = Bindings.of(parsed)
        return self._bindings[path]

    def is_whole(self, owner: Target) -> bool:
        """Whether all classes that a class derives from are known, and none makes classes in its own way."""
        return all(self._is_plain(each) for each in (owner, *self.resolution.ancestors(owner)))

    def _is_plain(self, target: Target) -> bool:
        node, view = self.function(target), self.known.view(target.path)
        if node is None or view is None or decorators(node):
            return False
        listed = node.child_by_field_name("superclasses")
        for base in listed.named_children if listed else ():
            if base.type == "comment":
                continue
            if base.type not in {"identifier", "attribute"}:
                return False
            chain = tuple(text_of(base).split("."))
            found = self.resolution.value(Scope(view, target.definition.parent), chain)
            is_class = isinstance(found, Target) and found.definition.kind is Kind.CLASS
            if not is_class and text_of(base) not in {"object", "Exception", "ValueError"}:
                return False
        return True

    def _in(self, path: str) -> dict[str, list[Node]]:
        if path not in self._definitions:
            parsed = self.known.parsed(path)
            self._definitions[path] = definitions(parsed) if parsed else {}
        return self._definitions[path]

    def _head(self, view: View, parsed: Parsed, head: Node) -> _Thing | None:
        if head.type == "call":
            if _is_super(head):
                owner = self._owner(view, head)
                ancestors = self.resolution.ancestors(owner) if owner else ()
                return _Thing(ancestors[0], is_object=True) if owner and self._has_one_base(owner) else None
            made = self.of(view.path, parsed, head)
            is_made = made is not None and made.target.definition.kind is Kind.CLASS
            return _Thing(made.target, is_object=True) if made and is_made else None
        return self._name(view, parsed, head)

    def _name(self, view: View, parsed: Parsed, node: Node) -> _Thing | None:
        name, function = text_of(node), outermost_function(node)
        bindings = self.bindings(view.path)
        if bindings is None:
            return None
        if function is not None:
            bound = bindings.in_function(name, function)
            if bound:
                return self._local(view, parsed, function, node, bound)
        return self._of_file(view, name)

    def _of_file(self, view: View, name: str) -> _Thing | None:
        bindings = self.bindings(view.path)
        if bindings is None or bindings.of_file[name] != 1:
            return None
        value = self.resolution.value(Scope(view), (name,))
        return _Thing(value) if value is not None else None

    def _local(
        self, view: View, parsed: Parsed, function: Node, node: Node, bound: Sequence[Node]
    ) -> _Thing | None:
        """What a name stands for that is bound once in the function around."""
        place, name = bound[0], text_of(node)
        if len(bound) != 1 or place.parent is None:
            return None
        if name == "self" and _is_first_parameter(place, function):
            owner = self._owner(view, node)
            return _Thing(owner, is_object=True) if owner else None
        kind = place.parent.type
        if kind in {"typed_parameter", "typed_default_parameter"}:
            written = place.parent.child_by_field_name("type")
            return self._object_of(view, text_of(written)) if written else None
        value = place.parent.child_by_field_name("right") if kind == "assignment" else None
        if value is None or value.type != "call" or place.parent.child_by_field_name("type"):
            return None
        made = self.of(view.path, parsed, value) if value.start_byte < node.start_byte else None
        is_made = made is not None and made.target.definition.kind is Kind.CLASS
        return _Thing(made.target, is_object=True) if made and is_made else None

    def _object_of(self, view: View, written: str) -> _Thing | None:
        names = written.strip("\"'").split(".")
        thing = self._of_file(view, names[0]) if all(name.isidentifier() for name in names) else None
        for name in names[1:]:
            thing = self._member(thing, name) if thing else None
        is_class = thing is not None and _is_class(thing.value) and not thing.is_object
        return _Thing(thing.value, is_object=True) if thing and is_class else None

    def _owner(self, view: View, node: Node) -> Target | None:
        """The class whose method a node is in."""
        function = outermost_function(node)
        symbol = class_around(function) if function is not None else None
        if not symbol or self.only(view.path, symbol) is None:
            return None
        definition = view.by_symbol.get(symbol)
        return Target(view.path, definition) if definition else None

    def _member(self, thing: _Thing, name: str) -> _Thing | None:
        """What an attribute is; of an object, nobody knows."""
        if thing.is_object:
            return None
        value = self.resolution.member(thing.value, name)
        if (
            isinstance(thing.value, Module)
            and isinstance(value, Target)
            and not self._is_exported(thing, name)
        ):
            return None
        return _Thing(value) if value is not None else None

    def _is_exported(self, thing: _Thing, name: str) -> bool:
        """Whether a module binds a name once."""
        files = thing.value.files if isinstance(thing.value, Module) else ()
        found = (self.bindings(file) for file in files)
        return all(bindings is not None and bindings.of_file[name] == 1 for bindings in found)

    def _called(self, value: Value) -> Callee | None:
        """What takes the arguments when ``value`` is called."""
        if isinstance(value, Module):
            return None
        if not _is_class(value):
            is_function = value.definition.kind is Kind.FUNCTION
            return Callee(value, value, has_receiver=False) if is_function else None
        node = self.function(value)
        if node is None or decorators(node) or _has_keywords(node):
            return None
        view = self.known.view(value.path)
        own = view.members(value.definition.symbol) if view else {}
        if "__new__" in own or ("__init__" not in own and not self.is_whole(value)):
            return None
        makers = [self.resolution.member(value, name) for name in _MAKES_OBJECTS]
        init = makers[0]
        if not isinstance(init, Target) or ("__init__" not in own and makers[1] is not None):
            return None
        return Callee(value, init, has_receiver=True)

    def _method(self, thing: _Thing, name: str, *, is_super: bool) -> Callee | None:
        value = thing.value
        if isinstance(value, Module):
            member = self._member(thing, name)
            return self._called(member.value) if member else None
        method = self._own_method(value, name) if _is_class(value) else None
        node = self.function(method) if method else None
        if method is None or node is None or node.type != "function_definition":
            return None
        kinds = decorators(node)
        is_given = "classmethod" in kinds or thing.is_object or is_super
        if "staticmethod" in kinds:
            return Callee(method, method, has_receiver=False)
        # a method that is read from its class is given its object: nobody does that by mistake
        return Callee(method, method, has_receiver=True) if is_given else None

    def _own_method(self, owner: Target, name: str) -> Target | None:
        """The method of a class; an inherited one only where all classes around are known."""
        view = self.known.view(owner.path)
        is_own = bool(view and name in view.members(owner.definition.symbol))
        method = self.resolution.member(owner, name) if is_own or self.is_whole(owner) else None
        return method if isinstance(method, Target) else None

    def _has_one_base(self, owner: Target) -> bool:
        return len(owner.definition.bases) == 1 and bool(self.resolution.ancestors(owner))


def _is_class(value: Value) -> bool:
    return isinstance(value, Target) and value.definition.kind is Kind.CLASS


def _is_super(head: Node) -> bool:
    if head.type != "call":
        return False
    given = head.child_by_field_name("arguments")
    return text_of(head.child_by_field_name("function")) == "super" and not (given and given.named_children)


def _has_keywords(node: Node) -> bool:
    listed = node.child_by_field_name("superclasses")
    return any(child.type == "keyword_argument" for child in listed.named_children) if listed else False


def _is_first_parameter(place: Node, function: Node) -> bool:
    listed = function.child_by_field_name("parameters")
    is_static = "staticmethod" in decorators(function) or "classmethod" in decorators(function)
    is_method = next(enclosing(function, _CLASS), None) is not None
    return bool(listed and listed.named_children[:1] == [place]) and is_method and not is_static
