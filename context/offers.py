"""What might help at a cursor: definitions of other files, each with a reason and how likely it is needed.

The chances are rough: what `benchmarks/context` found for functions whose bodies were taken out. They only have to be
right relative to each other.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from attrs import define, field, frozen

from codenook.context.document import Place
from codenook.context.index.index import Index
from codenook.context.index.queries import Words
from codenook.context.outline import Kind
from codenook.context.reading import Chain, Reader
from codenook.context.resolve import Module, Resolution, Scope, Target, Value
from codenook.context.snippets import Why

_TYPES = {Kind.CLASS, Kind.INTERFACE}

_CHANCE = {
    Why.AT_CURSOR: 0.7,
    Why.USED_NEAR: 0.55,
    Why.NOT_USED_YET: 0.75,
    Why.USED_IN_FILE: 0.12,
    Why.TYPE_IN_SCOPE: 0.25,
    Why.BASE_CLASS: 0.1,
    Why.SAME_NAME: 0.5,
    Why.MENTIONED: 0.08,
    Why.CHANGED_TOGETHER: 0.02,
}
"""How likely a definition that is offered for this reason alone is needed."""

_MEMBERS_OF_TYPE, _MEMBERS_OF_FIELD, _MEMBERS_OF_BASE, _EXPORTS = 1.2, 0.5, 0.6, 0.8
"""How many members of a type, of a field's type or of a base class, or exports of a module, a function reads."""

_USED_ONCE_MORE = 0.5
"""What a further use in the file adds to the chance, as a part of the first one's."""
_MAX_USES = 6

_N_MEMBERS = 60
_N_USERS = 60
_N_FIELDS = 12
_N_MENTIONED = 12
_SIMILAR = 3.0
"""How much more likely a member is read whose name shares its words with the function's."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@frozen
class Offer:
    """A definition of another file, how likely it is needed, and the strongest reason."""

    target: Target
    worth: float
    why: Why


@define(eq=False)
class Offers:
    """The offers so far. Reasons for one definition count as if they were independent."""

    own_path: str
    _unneeded: dict[Target, float] = field(factory=dict, init=False)
    _why: dict[Target, tuple[float, Why]] = field(factory=dict, init=False)

    def add(self, value: Value | None, why: Why, share: float = 1.0) -> None:
        """Offer ``value`` for one more reason; ``share`` is how much of the reason's chance it has."""
        if not isinstance(value, Target) or value.path == self.own_path:
            return
        chance = min(_CHANCE[why] * share, 0.95)
        self._unneeded[value] = self._unneeded.get(value, 1.0) * (1 - chance)
        if chance > self._why.get(value, (0.0, why))[0]:
            self._why[value] = (chance, why)

    def all(self) -> list[Offer]:
        """Every offer, the likeliest first, then by place."""
        offers = [Offer(target, 1 - self._unneeded[target], why) for target, (_, why) in self._why.items()]
        return sorted(offers, key=_rank)


def _rank(offer: Offer) -> tuple[float, str, int, str]:
    definition = offer.target.definition
    return -offer.worth, offer.target.path, definition.start_line, definition.symbol


@frozen
class Sources:
    """What offers are made from. ``without`` leaves reasons out, to measure what each is good for."""

    resolution: Resolution
    reader: Reader
    index: Index | None = None
    without: frozenset[Why] = frozenset()
    known_habits: dict[Module | Target, "Habits"] = field(factory=dict)

    def habits(self, value: Module | Target) -> "Habits":
        """What is read together with a module or type in the workspace."""
        if value not in self.known_habits:
            self.known_habits[value] = Habits.of(value, self.index)
        return self.known_habits[value]


@define(eq=False)
class Habits:
    """How often the files that mention something mention other names, against how often all files do."""

    n_users: int
    n_files: int
    words: Words | None
    index: Index | None

    @classmethod
    def of(cls, value: Module | Target, index: Index | None) -> "Habits":
        """Ask the index for the files that mention ``value``; without one every name is equal."""
        if index is None:
            return cls(0, 0, None, None)
        if isinstance(value, Target):
            users = [path for path, _ in index.occurrences(value.definition.name, _N_USERS)]
        else:
            place = (value.files[0] if value.files else value.folder or "").removesuffix("/__init__.py")
            tail = place.rpartition("/")[2].partition(".")[0]
            users = index.importers(tail, _N_USERS)
        return cls(len(users), max(1, index.n_read()), index.words_of(users), index)

    def rate(self, name: str) -> float:
        """How much likelier a file of these mentions ``name``, at least a little."""
        if self.words is None or self.index is None or not self.n_users:
            return 1.0
        here = self.words[name] / self.n_users
        if not here:
            return 0.01
        return max(0.01, here - self.index.n_files(name) / self.n_files)


Found = Iterator[tuple[Value | None, float]]


def offers_at(place: Place, sources: Sources) -> list[Offer]:
    """The offers for a completion at ``place``."""
    offers = Offers(place.view.path)
    finders: Mapping[Why, Callable[[Place, Sources], Iterable[tuple[Value | None, float]]]] = {
        Why.AT_CURSOR: _at_cursor,
        Why.USED_NEAR: _used_near,
        Why.NOT_USED_YET: _not_used_yet,
        Why.USED_IN_FILE: _used_in_file,
        Why.TYPE_IN_SCOPE: _types_in_scope,
        Why.BASE_CLASS: _inherited,
    }
    for why, find in finders.items():
        if why not in sources.without:
            for value, share in find(place, sources):
                offers.add(value, why, share)
    return offers.all()


def scope_of(place: Place, reader: Reader) -> Scope:
    """How names are read at ``place``."""
    return Scope(
        place.view,
        owner=place.owner,
        locals=place.locals,
        implicit_receiver=reader.implicit_receiver,
        receivers=reader.syntax.receivers,
    )


def _at_cursor(place: Place, sources: Sources) -> Found:
    """Members of what stands before the cursor's dot."""
    scope = scope_of(place, sources.reader)
    for reference in place.near:
        if reference.is_open:
            value = sources.resolution.value(scope, reference.chain)
            yield from _members(value, place, sources, 3.0)


def _used_near(place: Place, sources: Sources) -> Found:
    scope = scope_of(place, sources.reader)
    for chain in dict.fromkeys(reference.chain for reference in place.near):
        for value in sources.resolution.values(scope, chain):
            yield value, 1.0


def _used_in_file(place: Place, sources: Sources) -> Found:
    scope = Scope(place.view)
    found: Counter[Value] = Counter()
    for chain, n in place.far.items():
        for value in dict.fromkeys(sources.resolution.values(scope, chain)):
            found[value] += n
    for value, n in found.items():
        yield value, 1.0 + _USED_ONCE_MORE * min(n - 1, _MAX_USES)


def _not_used_yet(place: Place, sources: Sources) -> Found:
    """What the file imports and doesn't read: most likely what is about to be written."""
    if sources.reader.reexports(place.view.path):
        return
    read = {chain[0] for chain in place.far} | {reference.chain[0] for reference in place.near}
    for name, statement in place.view.imports.items():
        if name in read or name == "*":
            continue
        value = sources.resolution.imported(place.view, statement)
        if isinstance(value, Module):
            yield from _members(value, place, sources, 2 * _EXPORTS)
        else:
            yield value, 1.0


def _types_in_scope(place: Place, sources: Sources) -> Found:
    """The types of locals and of their fields, with their members; exports of modules that the file imports."""
    resolution, scope = sources.resolution, scope_of(place, sources.reader)
    near: dict[Value, None] = {}
    for chain in place.locals.values():
        value = _held(resolution.value(scope, chain), resolution) if chain else None
        if value is not None:
            near.setdefault(value)
    fields: dict[Value, None] = {}
    if own := place.view.by_symbol.get(place.owner):
        fields |= dict.fromkeys(_fields(Target(place.view.path, own), resolution))
    for value in near:
        yield value, 1.0
        yield from _members(value, place, sources, _MEMBERS_OF_TYPE)
        if isinstance(value, Target):
            fields |= dict.fromkeys(list(_fields(value, resolution))[:_N_FIELDS])
    for value in fields:
        if value not in near:
            yield from _members(value, place, sources, _MEMBERS_OF_FIELD)
    for statement in place.view.imports.values():
        value = resolution.imported(place.view, statement)
        if isinstance(value, Module):
            yield from _members(value, place, sources, _EXPORTS)


def _inherited(place: Place, sources: Sources) -> Found:
    """What the class around the cursor inherits; first of all what is overridden here."""
    definition = place.view.by_symbol.get(place.owner)
    if definition is None:
        return
    own, resolution = Target(place.view.path, definition), sources.resolution
    name = place.function.rpartition(".")[2]
    for base in resolution.ancestors(own):
        yield base, 1.0
        if overridden := resolution.member(base, name):
            yield overridden, 4.0
        yield from _members(base, place, sources, _MEMBERS_OF_BASE, private=True)


def _members(
    value: Value | None, place: Place, sources: Sources, n_read: float, *, private: bool = False
) -> Found:
    """Members of what ``value`` holds, by how often their names occur in the workspace; ``n_read`` is spread."""
    resolution = sources.resolution
    value = _held(value, resolution)
    if value is None:
        return
    members = [
        member
        for member in (
            resolution.exported(value) if isinstance(value, Module) else resolution.members(value)
        )
        if private or member.definition.is_public
    ]
    like = words_of(place.function.rpartition(".")[2])
    habits = sources.habits(value)
    weights = [_weight(member, like, habits) for member in members]
    total = sum(weights)
    ranked = sorted(zip(weights, members, strict=True), key=lambda pair: -pair[0])[:_N_MEMBERS]
    chance = _CHANCE[Why.TYPE_IN_SCOPE]
    for weight, member in ranked:
        yield member, min(0.8, n_read * weight / total) / chance


def _weight(member: Target, like: frozenset[str], habits: Habits) -> float:
    words = words_of(member.definition.name)
    weight = habits.rate(member.definition.name)
    if like and words and (shared := len(words & like)):
        weight *= 1 + _SIMILAR * shared / len(words | like)
    return weight


def _fields(type_: Target, resolution: Resolution) -> Iterator[Value]:
    """The types of a class' fields."""
    for member in resolution.members(type_):
        if member.definition.kind is Kind.FIELD and member.definition.type:
            value = _held(member, resolution)
            if value is not None:
                yield value


def _held(value: Value | None, resolution: Resolution) -> Value | None:
    """The module or type whose members are read of ``value``."""
    if isinstance(value, Target) and value.definition.kind not in _TYPES:
        value = resolution.type_of(value)
    if isinstance(value, Target) and value.definition.kind not in _TYPES:
        return None
    return value


def words_of(name: str) -> frozenset[str]:
    """The words of an identifier, in lower case."""
    return frozenset(word.lower() for word in _WORDS.findall(name))


