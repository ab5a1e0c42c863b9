"""From the names that code reads to the definitions behind them, in any file of a workspace or its libraries.

The way is the same for every language: locals, the class around, the file, its imports (re-exports are
followed), files seen without an import; then members, by declared types and inherited ones by base classes.
A language's resolver says which files a module's name stands for.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import Protocol, runtime_checkable

from attrs import define, evolve, field, frozen

from codenook.context.outline import Definition, Import, Kind, Outline
from codenook.context.reading import CALL, Chain, steps

_MAX_HOPS = 12
"""Imports, types and bases that are followed for one step of a chain: circles end here."""

SUPER = "super"
"""What names the base of the class around, where a language has a word for it."""


@frozen(eq=False)
class View:
    """A file's outline, arranged for look-ups. ``path`` is relative to the root, absolute outside of it."""

    path: str
    outline: Outline

    @cached_property
    def top(self) -> Mapping[str, Definition]:
        """The definitions at file level by name, the first of each."""
        return self._by_parent.get("", {})

    def members(self, symbol: str) -> Mapping[str, Definition]:
        """The members of the class ``symbol`` by name."""
        return self._by_parent.get(symbol, {})

    def constants(self, type_: str) -> Sequence[Definition]:
        """The constants at file level that have a type of this name."""
        return self._constants.get(type_, ())

    @cached_property
    def by_symbol(self) -> Mapping[str, Definition]:
        """Every definition by its qualified name."""
        return {definition.symbol: definition for definition in reversed(self.outline.definitions)}

    @cached_property
    def imports(self) -> Mapping[str, Import]:
        """What imports bind, by the local name."""
        return {statement.binds: statement for statement in reversed(self.outline.imports) if statement.binds}

    @cached_property
    def stars(self) -> Sequence[Import]:
        """Imports of all names of a module, or of a class (``Class.*``)."""
        return [statement for statement in self.outline.imports if (statement.name or "").endswith("*")]

    @cached_property
    def _constants(self) -> Mapping[str, Sequence[Definition]]:
        found: dict[str, list[Definition]] = {}
        for definition in self.top.values():
            if definition.kind is Kind.CONSTANT and definition.type:
                found.setdefault(definition.type.removesuffix(CALL), []).append(definition)
        return found

    @cached_property
    def _by_parent(self) -> Mapping[str, Mapping[str, Definition]]:
        found: dict[str, dict[str, Definition]] = {}
        for definition in self.outline.definitions:
            found.setdefault(definition.parent, {}).setdefault(definition.name, definition)
        return found


@frozen
class Module:
    """What an import names: the files that make it up, and the folder of its submodules; None for none.

    ``has_file_of_name`` says that what it calls ``Name`` is in the file of that name: only that one is read.
    ``is_own`` says that the importer belongs to it, and sees what is not public, too.
    """

    files: tuple[str, ...]
    folder: str | None = None
    has_file_of_name: bool = False
    is_own: bool = False

    @property
    def name(self) -> str:
        """The last part of what imports call this module: its folder, or the one file that it is."""
        place = self.folder if self.folder is not None else self.files[0] if self.files else ""
        return place.rpartition("/")[2].partition(".")[0]


@frozen
class Target:
    """A definition and the file that holds it; equal when they are at the same place."""

    path: str
    definition: Definition = field(eq=lambda definition: (definition.symbol, definition.start_line))


Value = Target | Module


class Files(Protocol):
    """The files of a workspace and its libraries, as outlines."""

    @property
    def root(self) -> str:
        """The workspace's folder, an absolute path."""

    def view(self, path: str) -> View | None:
        """The outline of a file; None when it counts as absent."""

    def real(self, path: str) -> str:
        """The path without symbolic links: one name for each file."""

    def of_package(self, package: str) -> Sequence[str]:
        """The files that say they belong to ``package``."""

    def in_folder(self, folder: str) -> Sequence[str]:
        """The files directly in a folder (relative to the root, empty for the root itself)."""


class Resolver(Protocol):
    """What a language knows about where its modules are."""

    def module(self, importer: str, name: str) -> Module | None:
        """What ``name`` means in an import statement of the file ``importer``."""

    def submodule(self, module: Module, name: str) -> Module | None:
        """The module ``name`` inside of another."""

    def neighbours(self, path: str) -> Sequence[str]:
        """Other files whose names the file at ``path`` sees without importing them."""

    def homes(self, path: str) -> Sequence[str]:
        """Other files that may hold members of a type which is defined in the file at ``path``."""


@runtime_checkable
class ReadsPaths(Resolver, Protocol):
    """A resolver of a language whose code names modules without importing them (``crate::m::f``).

    `Resolver.module` then also answers for names that nothing else explains.
    """

    def names(self, module: str) -> Chain:
        """The names that a module's path in an import statement is made of."""


@frozen
class Scope:
    """Where a chain is read: a file, the class around (symbol, or empty), what local names stand for."""

    view: View
    owner: str = ""
    locals: Mapping[str, Chain] = {}
    implicit_receiver: bool = False
    receivers: frozenset[str] = frozenset()


@define(eq=False)
class Resolution:
    """Answers questions about one state of the files; what was found is remembered."""

    files: Files
    resolver: Resolver
    implicit_receiver: bool = False
    """Whether types are looked up in the class around, too."""
    _paths: ReadsPaths | None = field(init=False)
    _views: dict[str, View | None] = field(factory=dict, init=False)
    _members: dict[tuple[Value, str], Value | None] = field(factory=dict, init=False)
    _ancestors: dict[Target, tuple[Target, ...]] = field(factory=dict, init=False)

    @_paths.default
    def _paths_of_resolver(self) -> ReadsPaths | None:
        return self.resolver if isinstance(self.resolver, ReadsPaths) else None

    def values(self, scope: Scope, chain: Chain) -> list[Value]:
        """What each step of ``chain`` stands for, up to the first that nobody knows."""
        return list(self._walk(scope, chain, _MAX_HOPS))

    def value(self, scope: Scope, chain: Chain, hops: int = _MAX_HOPS) -> Value | None:
        """What the whole of ``chain`` stands for."""
        values = list(self._walk(scope, chain, hops))
        return values[-1] if chain and len(values) == len(chain) else None

    def _walk(self, scope: Scope, chain: Chain, hops: int) -> Iterator[Value]:
        value: Value | None = None
        for number, step in enumerate(chain):
            if number == 0:
                value = self._name(scope, step, hops)
            elif value is not None:
                value = self.called(value, hops) if step == CALL else self.member(value, step, hops)
            if value is None:
                return
            yield value

    def called(self, value: Value, hops: int = _MAX_HOPS) -> Value | None:
        """What calling ``value`` gives: of a class an instance, which has the same members."""
        if isinstance(value, Module):
            return None
        if value.definition.kind in {Kind.CLASS, Kind.INTERFACE}:
            return value
        return self.type_of(value, hops)

    def type_of(self, target: Target, hops: int = _MAX_HOPS) -> Value | None:
        """What a field, a constant or an alias holds, or what a function returns."""
        view = self._view(target.path)
        if view is None or not target.definition.type or not hops:
            return None
        owner = target.definition.parent
        receivers = frozenset({"self", "this", "Self", "cls"})
        scope = Scope(view, owner, implicit_receiver=self.implicit_receiver, receivers=receivers)
        return self.value(scope, steps(target.definition.type), hops - 1)

    def member(self, value: Value, name: str, hops: int = _MAX_HOPS) -> Value | None:
        """What ``value.name`` is: an export of a module, a member of a class or of a variable's type."""
        place = (value, name)
        if place not in self._members:
            self._members[place] = None  # where a circle ends
            self._members[place] = self._member(value, name, hops) if hops else None
        return self._members[place]

    def ancestors(self, target: Target, hops: int = _MAX_HOPS) -> tuple[Target, ...]:
        """The classes that a class derives from, the nearest first."""
        if target not in self._ancestors:
            self._ancestors[target] = ()
            self._ancestors[target] = tuple(dict.fromkeys(self._bases(target, hops)))
        return self._ancestors[target]

    def members(self, target: Target) -> Iterator[Target]:
        """The members of a class, those of its bases after its own; hidden ones are left out."""
        seen = set()
        for owner in (target, *self.ancestors(target)):
            for path in (owner.path, *self.resolver.homes(owner.path)):
                view = self._view(path)
                for name, definition in (view.members(owner.definition.symbol) if view else {}).items():
                    if name not in seen:
                        seen.add(name)
                        yield Target(path, definition)

    def constants(self, target: Target) -> Iterator[Target]:
        """The constants of a type that stand beside it at file level: the values of an enumeration, say."""
        for path in (target.path, *self.resolver.homes(target.path)):
            view = self._view(path)
            for definition in view.constants(target.definition.name) if view else ():
                yield Target(path, definition)

    def export_names(self, module: Module, hops: int = 4) -> dict[str, None]:
        """The public names that a module offers, defined there or imported for others."""
        names: dict[str, None] = {}
        for path in module.files:
            view = self._view(path)
            if view is None:
                continue
            names |= {name: None for name, found in view.top.items() if found.is_public or module.is_own}
            names |= {name: None for name, i in view.imports.items() if i.is_exported and name[0] not in "_*"}
            for star in view.stars if hops else ():
                source = self.resolver.module(view.path, star.module)
                if source and source != module and not source.is_own:
                    names |= self.export_names(source, hops - 1)
        return names

    def imported(self, view: View, statement: Import, hops: int = _MAX_HOPS) -> Value | None:
        """What an import statement of ``view`` binds; of an import of all names, whose they are."""
        value = self._imported_from(view, statement.module, hops)
        for name in (statement.name or "").split("."):
            if value is not None and name not in {"", "*"}:
                value = self.member(value, name, hops - 1)
        return value

    def _imported_from(self, view: View, name: str, hops: int) -> Value | None:
        """What names are imported from: a module, or a type or re-exported module that a path leads to."""
        module = self.resolver.module(view.path, name)
        if module or not hops or self._paths is None:
            return module
        head, *rest = self._paths.names(name)
        value: Value | None
        if definition := view.top.get(head):
            value = Target(view.path, definition)
        elif (statement := view.imports.get(head)) and statement.module != name:
            value = self.imported(view, statement, hops - 1)
        else:
            value = self.resolver.module(view.path, head)
        for step in rest:
            value = self.member(value, step, hops - 1) if value else None
        return value

    def _view(self, path: str) -> View | None:
        if path not in self._views:
            self._views[path] = self.files.view(path)
        return self._views[path]

    def _name(self, scope: Scope, name: str, hops: int) -> Value | None:
        """What a name means where it stands alone."""
        view = scope.view
        if (name in scope.receivers or name == SUPER) and scope.owner:
            target = self._owner(view, scope.owner, hops)
            if target and name == SUPER:
                return next(iter(self.ancestors(target)), None)
            return target
        if name in scope.locals and hops:
            others = evolve(scope, locals={n: c for n, c in scope.locals.items() if n != name})
            return self.value(others, scope.locals[name], hops - 1)
        if scope.implicit_receiver and (found := self._of_class_around(scope, name, hops)):
            return found
        return self._exported(view, name, hops) or self._seen(view, name) or self._unimported(view, name)

    def _of_class_around(self, scope: Scope, name: str, hops: int) -> Value | None:
        """A member of the classes around, the innermost first, or one of them by its own name."""
        target = self._owner(scope.view, scope.owner, hops)
        while target is not None:
            owner = target.definition
            if found := target if name == owner.name else self.member(target, name, hops):
                return found
            target = self._owner(scope.view, owner.parent, hops)
        return None

    def _exported(self, view: View, name: str, hops: int) -> Value | None:
        """What a name means at a file's level: defined there, imported, or star-imported."""
        if definition := view.top.get(name):
            return Target(view.path, definition)
        if not hops:
            return None
        statement = view.imports.get(name)
        if statement and (value := self.imported(view, statement, hops - 1)):
            return value
        for star in view.stars:
            origin = self.imported(view, star, hops - 1)
            if origin and (value := self.member(origin, name, hops - 1)):
                return value
        return None

    def _seen(self, view: View, name: str) -> Target | None:
        for path in self.resolver.neighbours(view.path):
            other = self._view(path)
            if other and (definition := other.top.get(name)):
                return Target(path, definition)
        return None

    def _unimported(self, view: View, name: str) -> Module | None:
        return self._paths.module(view.path, name) if self._paths else None

    def _owner(self, view: View, symbol: str, hops: int) -> Target | None:
        """The class that code is in: one of the file, of its homes, or one that the file imports."""
        if not symbol:
            return None
        if definition := view.by_symbol.get(symbol):
            return Target(view.path, definition)
        if found := self._elsewhere(view.path, symbol):
            return found
        imported = self._exported(view, symbol, hops)
        return imported if isinstance(imported, Target) else None

    def _elsewhere(self, path: str, symbol: str) -> Target | None:
        for home in self.resolver.homes(path):
            view = self._view(home)
            if view and (definition := view.by_symbol.get(symbol)):
                return Target(home, definition)
        return None

    def _member(self, value: Value, name: str, hops: int) -> Value | None:
        if isinstance(value, Module):
            for path in value.files:
                if value.has_file_of_name and PurePosixPath(path).stem != name:
                    continue
                view = self._view(path)
                if view and (found := self._exported(view, name, hops - 1)):
                    return found
            return self.resolver.submodule(value, name)
        if value.definition.kind not in {Kind.CLASS, Kind.INTERFACE}:
            inner = self.type_of(value, hops - 1)
            return self.member(inner, name, hops - 1) if inner and inner != value else None
        for owner in (value, *self.ancestors(value, hops - 1)):
            for path in (owner.path, *self.resolver.homes(owner.path)):
                view = self._view(path)
                if view and (definition := view.members(owner.definition.symbol).get(name)):
                    return Target(path, definition)
        return None

    def _bases(self, target: Target, hops: int) -> Iterator[Target]:
        if not hops:
            return
        for scope, base in self._declared_bases(target):
            value = self.value(scope, steps(base), hops - 1)
            if (
                isinstance(value, Target)
                and value != target
                and value.definition.kind in {Kind.CLASS, Kind.INTERFACE}
            ):
                yield value
                yield from self.ancestors(value, hops - 1)

    def _declared_bases(self, target: Target) -> Iterator[tuple[Scope, str]]:
        """The bases of a class, then those that blocks elsewhere add (a `Kind.TYPE` with bases)."""
        for path in (target.path, *self.resolver.homes(target.path)):
            view = self._view(path)
            if view is None:
                continue
            if path == target.path:
                for base in target.definition.bases:
                    yield (
                        Scope(view, target.definition.parent, implicit_receiver=self.implicit_receiver),
                        base,
                    )
            for member in view.members(target.definition.symbol).values():
                if member.kind is Kind.TYPE:
                    for base in member.bases:
                        yield Scope(view), base
