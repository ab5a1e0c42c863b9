"""What might help at a cursor: definitions of other files, with what speaks for each (see `worth`)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from attrs import define, evolve, field, frozen

from codenook.context.document import Place
from codenook.context.index.index import Index
from codenook.context.index.queries import Found, Words
from codenook.context.outline import Kind
from codenook.context.reading import CALL, Reader
from codenook.context.resolve import Module, Resolution, Scope, Target, Value
from codenook.context.snippets import Why
from codenook.context.worth import Sign, Surroundings, weight, words_of, worth

_TYPES = {Kind.CLASS, Kind.INTERFACE}
_FUNCTIONS = {Kind.FUNCTION, Kind.METHOD}

_WHY = {
    Sign.AT_CURSOR: Why.AT_CURSOR,
    Sign.READ_NEAR: Why.USED_NEAR,
    Sign.IN_HEADER: Why.USED_NEAR,
    Sign.NOT_USED_YET: Why.NOT_USED_YET,
    Sign.READ_IN_FILE: Why.USED_IN_FILE,
    Sign.TYPE_IN_SCOPE: Why.TYPE_IN_SCOPE,
    Sign.MEMBER_OF_TYPE: Why.TYPE_IN_SCOPE,
    Sign.MEMBER_OF_FIELD: Why.TYPE_IN_SCOPE,
    Sign.SHARE_IN_FILE: Why.USED_IN_FILE,
    Sign.READ_IN_CLASS: Why.USED_IN_FILE,
    Sign.READ_BY_ALIKE: Why.USED_IN_FILE,
    Sign.READ_NEXT_TO: Why.USED_IN_FILE,
    Sign.MEMBER_OF_READ: Why.USED_IN_FILE,
    Sign.EXPORT: Why.USED_IN_FILE,
    Sign.CALLED_THE_SAME: Why.USED_IN_FILE,
    Sign.MENTIONED: Why.MENTIONED,
    Sign.CHANGED_TOGETHER: Why.CHANGED_TOGETHER,
    Sign.BASE: Why.BASE_CLASS,
    Sign.INHERITED: Why.BASE_CLASS,
    Sign.OVERRIDDEN: Why.BASE_CLASS,
}

Namesakes = dict[str, Sequence[Found]]
"""Definitions that share words with a name."""

_N_MEMBERS = 120
_N_USERS = 60
_N_FIELDS = 12
_N_TYPES = 8
_N_NAMES = 40
_N_NAMESAKES = 4
_N_KNOWN = 2
"""Of a chain with so many known steps the type is known that the rest is read of, if not by us."""
_N_MENTIONED = 20


@frozen
class Offer:
    """A definition of another file, how likely it is needed, and the strongest reason.

    ``excerpt`` is shown in place of the definition's signature, ``whole`` where there is room for it; both
    are empty where the signature is all that helps.
    """

    target: Target
    worth: float
    why: Why
    excerpt: str = ""
    whole: str = ""


@define(eq=False)
class Offers:
    """The offers so far: for each definition what speaks for it, and how much of it."""

    own_path: str
    signs: dict[Target, dict[Sign, float]] = field(factory=dict, init=False)

    def add(self, value: Value | None, sign: Sign, amount: float = 1.0) -> None:
        """Note that ``sign`` speaks for ``value``; of several amounts the largest counts."""
        if isinstance(value, Target) and value.path != self.own_path:
            signs = self.signs.setdefault(value, {})
            signs[sign] = max(amount, signs.get(sign, 0.0))


@frozen
class Sources:
    """What offers are made from. ``without`` leaves reasons out, to measure what each is good for.

    ``changed`` are files that were edited lately or change together with the document, with a weight up to 1.
    """

    resolution: Resolution
    reader: Reader
    index: Index | None = None
    without: frozenset[Why] = frozenset()
    changed: Mapping[str, float] = {}
    known_habits: dict[Module | Target, "Habits"] = field(factory=dict)
    known_namesakes: Namesakes = field(factory=dict)

    def namesakes_in_part(self, name: str) -> Sequence[Found]:
        """The definitions that share most words with ``name``: asked once, as it takes up to tens of ms."""
        if name not in self.known_namesakes:
            self.known_namesakes[name] = self.index.search(name, _N_MENTIONED) if self.index else ()
        return self.known_namesakes[name]

    def spread(self, name: str) -> float:
        """The share of the workspace's files that mention ``name``."""
        if self.index is None:
            return 1.0
        n_files = self.index.n_files(name)
        return (1 + n_files) / (1 + max(self.index.n_read(), n_files))

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
    _rates: dict[str, float] = field(factory=dict, init=False)

    @classmethod
    def of(cls, value: Module | Target, index: Index | None) -> "Habits":
        """Ask the index for the files that mention ``value``; without one every name is equal."""
        if index is None:
            return cls(0, 0, None, None)
        users: Sequence[str]
        if isinstance(value, Target):
            users = [path for path, _ in index.occurrences(value.definition.name, _N_USERS)]
        else:
            users = value.files if value.is_own else index.importers(value.name, _N_USERS)
        return cls(len(users), max(1, index.n_read()), index.words_of(users), index)

    def rate(self, name: str) -> float:
        """How much likelier a file of these mentions ``name``, at least a little."""
        if name not in self._rates:
            self._rates[name] = self._rate(name)
        return self._rates[name]

    def _rate(self, name: str) -> float:
        if self.words is None or self.index is None or not self.n_users:
            return 1.0
        n_here = self.words[name]
        if not n_here:
            return 0.01
        n_elsewhere = max(0, self.index.n_files(name) - n_here)
        return max(0.01, n_here / self.n_users - n_elsewhere / max(1, self.n_files - self.n_users))


Signs = Iterator[tuple[Value | None, Sign, float]]


def signs_at(place: Place, sources: Sources) -> Mapping[Target, Mapping[Sign, float]]:
    """What speaks for which definitions at ``place``."""
    offers = Offers(place.view.path)
    for value, sign, amount in _found(place, sources):
        if _WHY[sign] not in sources.without:
            offers.add(value, sign, amount)
    for target in list(offers.signs) if Why.CHANGED_TOGETHER not in sources.without else ():
        if target.path in sources.changed:
            offers.add(target, Sign.CHANGED_TOGETHER, sources.changed[target.path])
    return offers.signs


def ahead(place: Place, sources: Sources) -> Iterator[object]:
    """Ask everything that offers in a document are likely to need, step by step, so that it is known then.

    ``place`` is the document as a whole.
    """
    yield from _found(place, sources)
    for definition in place.view.outline.definitions:
        if definition.kind in _TYPES:
            inside = evolve(place, owner=definition.symbol)
            yield from _types_in_scope(inside, sources)
            yield from _inherited(inside, sources)
        elif definition.kind in _FUNCTIONS:
            yield sources.namesakes_in_part(definition.name)


def _found(place: Place, sources: Sources) -> Signs:
    yield from _at_cursor(place, sources)
    yield from _read_near(place, sources)
    yield from _not_used_yet(place, sources)
    yield from _read_in_file(place, sources)
    yield from _types_in_scope(place, sources)
    yield from _exports(place, sources)
    yield from _inherited(place, sources)
    yield from _called_the_same(place, sources)
    yield from _mentioned(place, sources)


def scope_of(place: Place, reader: Reader) -> Scope:
    """How names are read at ``place``."""
    return Scope(
        place.view,
        owner=place.owner,
        locals=place.locals,
        implicit_receiver=reader.implicit_receiver,
        receivers=reader.syntax.receivers,
    )


def _at_cursor(place: Place, sources: Sources) -> Signs:
    """Members of what stands before the cursor's dot."""
    scope = scope_of(place, sources.reader)
    for reference in place.near:
        if reference.is_open:
            value = sources.resolution.value(scope, reference.chain)
            yield from _members(value, Sign.AT_CURSOR, place, sources)


def _read_near(place: Place, sources: Sources) -> Signs:
    scope = scope_of(place, sources.reader)
    counts: dict[Sign, Counter[Value]] = {Sign.IN_HEADER: Counter(), Sign.READ_NEAR: Counter()}
    for reference in place.near:
        sign = Sign.IN_HEADER if reference.start < place.body_start else Sign.READ_NEAR
        counts[sign].update(dict.fromkeys(sources.resolution.values(scope, reference.chain), 1))
    for sign, values in counts.items():
        for value, n in values.items():
            yield value, sign, n


def _read_in_file(place: Place, sources: Sources) -> Signs:
    """What the rest of the file reads, and whether functions do that are alike in class, name or place."""
    counts: Counter[Value] = Counter()
    like = words_of(place.function.rpartition(".")[2])
    functions = [other for other in place.others if other.name]
    above = [other for other in functions if other.row < place.row][-1:]
    below = [other for other in functions if other.row > place.row][:1]
    for other in place.others:
        scope = Scope(place.view, other.owner, implicit_receiver=sources.reader.implicit_receiver)
        values = dict.fromkeys(
            value for chain in other.chains for value in sources.resolution.values(scope, chain)
        )
        counts.update(values.keys())
        words = words_of(other.name)
        alike = len(words & like) / len(words | like) if words and like else 0.0
        for value in values:
            if other.name and other.owner == place.owner:
                yield value, Sign.READ_IN_CLASS, 1.0
            if alike:
                yield value, Sign.READ_BY_ALIKE, alike
            if other in above or other in below:
                yield value, Sign.READ_NEXT_TO, 1.0
    for value, n in counts.items():
        yield value, Sign.READ_IN_FILE, n
        yield value, Sign.SHARE_IN_FILE, n / len(place.others)
    types = [value for value in counts if isinstance(value, Target) and value.definition.kind in _TYPES]
    for type_ in sorted(types, key=lambda value: -counts[value])[:_N_TYPES]:
        yield from _members(type_, Sign.MEMBER_OF_READ, place, sources)


def _called_the_same(place: Place, sources: Sources) -> Signs:
    """Definitions called like members that the file reads of things whose type is not known."""
    if sources.index is None:
        return
    scope, names = scope_of(place, sources.reader), Counter[str]()
    chains = Counter(reference.chain for reference in place.near)
    for other in place.others:
        chains.update(other.chains.keys())
    for chain, n in chains.items():
        known = len(sources.resolution.values(scope, chain))
        if known < min(len(chain), _N_KNOWN):
            names.update({step: n for step in chain[max(1, known) :] if step != CALL})
    for name, n in names.most_common(_N_NAMES):
        found = sources.index.named(name, _N_NAMESAKES + 1)
        if len(found) <= _N_NAMESAKES:
            for namesake in found:
                yield Target(namesake.path, namesake.definition), Sign.CALLED_THE_SAME, n / len(found)


def _mentioned(place: Place, sources: Sources) -> Signs:
    if sources.index is None:
        return
    name = place.function.rpartition(".")[2]
    for rank, found in enumerate(sources.namesakes_in_part(name) if name else (), start=1):
        yield Target(found.path, found.definition), Sign.MENTIONED, 1 / rank


def _not_used_yet(place: Place, sources: Sources) -> Signs:
    """What the file imports and doesn't read: most likely what is about to be written."""
    if sources.reader.reexports(place.view.path):
        return
    read = {chain[0] for other in place.others for chain in other.chains} | {
        reference.chain[0] for reference in place.near
    }
    for name, statement in place.view.imports.items():
        if name not in read and name != "*":
            value = sources.resolution.imported(place.view, statement)
            yield value, Sign.NOT_USED_YET, 1.0
            yield from _members(value, Sign.MEMBER_OF_TYPE, place, sources)


def _exports(place: Place, sources: Sources) -> Signs:
    """Exports of modules that the file imports as a whole."""
    for statement in place.view.imports.values():
        value = sources.resolution.imported(place.view, statement)
        if isinstance(value, Module):
            yield from _members(value, Sign.EXPORT, place, sources)


def _types_in_scope(place: Place, sources: Sources) -> Signs:
    """The types of locals, with their members, those of types in the header, and those of their fields."""
    resolution, scope = sources.resolution, scope_of(place, sources.reader)
    near: dict[Value, None] = {}
    for chain in place.locals.values():
        value = _held(resolution.value(scope, chain), resolution) if chain else None
        if isinstance(value, Target):
            near.setdefault(value)
    named = near | dict.fromkeys(_types_in_header(place, sources))
    fields: dict[Value, None] = {}
    if own := place.view.by_symbol.get(place.owner):
        fields |= dict.fromkeys(islice(_fields(Target(place.view.path, own), sources), 2 * _N_FIELDS))
    for value in near:
        yield value, Sign.TYPE_IN_SCOPE, 1.0
    for value in named:
        yield from _members(value, Sign.MEMBER_OF_TYPE, place, sources)
        if isinstance(value, Target):
            fields |= dict.fromkeys(islice(_fields(value, sources), _N_FIELDS))
    for value in fields:
        yield from _members(value, Sign.MEMBER_OF_FIELD, place, sources)


def _types_in_header(place: Place, sources: Sources) -> Iterator[Value]:
    """The types that the function's header reads, and of types of functions what they are given."""
    resolution, scope = sources.resolution, scope_of(place, sources.reader)
    for reference in place.near:
        if reference.start < place.body_start:
            for value in resolution.values(scope, reference.chain):
                if isinstance(value, Target) and value.definition.kind in _TYPES:
                    yield from filter(None, (value, resolution.type_of(value)))


def _inherited(place: Place, sources: Sources) -> Signs:
    """What the class around the cursor inherits; first of all what is overridden here."""
    definition = place.view.by_symbol.get(place.owner)
    if definition is None:
        return
    own, resolution = Target(place.view.path, definition), sources.resolution
    name = place.function.rpartition(".")[2]
    for base in resolution.ancestors(own):
        yield base, Sign.BASE, 1.0
        yield resolution.member(base, name), Sign.OVERRIDDEN, 1.0
        yield from _members(base, Sign.INHERITED, place, sources, private=True)


def _members(
    value: Value | None, sign: Sign, place: Place, sources: Sources, *, private: bool = False
) -> Signs:
    """Members of what ``value`` holds, with their shares of what its users read."""
    resolution = sources.resolution
    value = _held(value, resolution)
    if value is None:
        return
    habits = sources.habits(value)
    if isinstance(value, Module):
        yield from _exported(value, sign, sources, habits)
        return
    own = {place.view.path, *resolution.resolver.homes(place.view.path)}
    found = [*resolution.members(value), *resolution.constants(value)]
    members = [m for m in found if private or m.definition.is_public or m.path in own]
    rates = [habits.rate(member.definition.name) for member in members]
    total = sum(rates)
    ranked = sorted(zip(rates, members, strict=True), key=lambda pair: -pair[0])[:_N_MEMBERS]
    for rate, member in ranked:
        yield member, sign, rate / total


def _exported(module: Module, sign: Sign, sources: Sources, habits: Habits) -> Signs:
    """The exports of a module that are read most; thousands of them are ranked before any is resolved."""
    names = sources.resolution.export_names(module)
    rates = {name: habits.rate(name) for name in names}
    total = sum(rates.values())
    for name in sorted(names, key=lambda name: (-rates[name], name))[:_N_MEMBERS]:
        yield sources.resolution.member(module, name), sign, rates[name] / total


def _fields(type_: Target, sources: Sources) -> Iterator[Value]:
    """The types of a class' fields, and those that its methods return: of the most read ones first."""
    resolution, habits = sources.resolution, sources.habits(type_)
    typed = [member for member in resolution.members(type_) if member.definition.type]
    for member in sorted(typed, key=lambda member: -habits.rate(member.definition.name)):
        value = _held(member, resolution)
        if value is not None and value != type_:
            yield value


def _held(value: Value | None, resolution: Resolution) -> Value | None:
    """The module or type whose members are read of ``value``."""
    if isinstance(value, Target) and value.definition.kind not in _TYPES:
        value = resolution.type_of(value)
    if isinstance(value, Target) and value.definition.kind not in _TYPES:
        return None
    return value


def offers_at(place: Place, sources: Sources) -> list[Offer]:
    """The offers for a completion at ``place``, the likeliest first, then by place."""
    found = signs_at(place, sources)
    around = surroundings_of(place, sources, len(found))
    offers = [
        Offer(target, worth(target, signs, around), _WHY[max(signs, key=weight)])
        for target, signs in found.items()
    ]
    return sorted(offers, key=_rank)


def surroundings_of(place: Place, sources: Sources, n_offers: int) -> Surroundings:
    """What ``n_offers`` offers at ``place`` have in common."""
    return Surroundings(
        function=place.function.rpartition(".")[2],
        words=words_of(place.source),
        n_offers=n_offers,
        spread=sources.spread,
    )


def _rank(offer: Offer) -> tuple[float, str, int, str]:
    definition = offer.target.definition
    return -offer.worth, offer.target.path, definition.start_line, definition.symbol
