"""What might help at a cursor: definitions of other files, each with a worth and the reason for it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from attrs import define, field, frozen

from codenook.context.document import Place
from codenook.context.index.index import Index
from codenook.context.outline import Kind
from codenook.context.reading import Reader
from codenook.context.resolve import Module, Resolution, Scope, Target, Value
from codenook.context.snippets import Why

_TYPES = {Kind.CLASS, Kind.INTERFACE}

_WORTH = {
    Why.AT_CURSOR: 4.0,
    Why.USED_NEAR: 1.6,
    Why.NOT_USED_YET: 2.4,
    Why.USED_IN_FILE: 0.5,
    Why.TYPE_IN_SCOPE: 0.35,
    Why.BASE_CLASS: 0.3,
    Why.SAME_NAME: 0.8,
    Why.MENTIONED: 0.35,
    Why.CHANGED_TOGETHER: 0.1,
}
"""How likely an offer is needed for each reason, relative to the others; tuned on `benchmarks/context`."""

_USED_ONCE_MORE = 0.12
"""What each further use in the file adds, up to `_MAX_USES`."""
_MAX_USES = 8

_N_MENTIONED = 24
_MAX_NAMESAKES = 3


@frozen
class Offer:
    """A definition of another file, what showing it is worth, and the strongest reason."""

    target: Target
    worth: float
    why: Why


@define(eq=False)
class Offers:
    """The offers so far: reasons for the same definition add up."""

    own_path: str
    _worth: dict[Target, float] = field(factory=dict, init=False)
    _why: dict[Target, tuple[float, Why]] = field(factory=dict, init=False)

    def add(self, value: Value | None, why: Why, share: float = 1.0) -> None:
        """Offer ``value`` for one more reason; ``share`` is how much of the reason's worth it gets."""
        if not isinstance(value, Target) or value.path == self.own_path:
            return
        worth = _WORTH[why] * share
        self._worth[value] = self._worth.get(value, 0.0) + worth
        if worth > self._why.get(value, (0.0, why))[0]:
            self._why[value] = (worth, why)

    def all(self) -> list[Offer]:
        """Every offer, the worthiest first, then by place."""
        offers = [Offer(target, worth, self._why[target][1]) for target, worth in self._worth.items()]
        return sorted(
            offers,
            key=lambda o: (
                -o.worth,
                o.target.path,
                o.target.definition.start_line,
                o.target.definition.symbol,
            ),
        )


@frozen
class Sources:
    """What offers are made from. ``without`` leaves reasons out, to measure what each is good for."""

    resolution: Resolution
    reader: Reader
    index: Index | None = None
    without: frozenset[Why] = frozenset()


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


def _at_cursor(place: Place, sources: Sources) -> Iterator[tuple[Value | None, float]]:
    """Members of what stands before the cursor's dot."""
    scope = scope_of(place, sources.reader)
    for reference in place.near:
        if not reference.is_open:
            continue
        value = sources.resolution.value(scope, reference.chain)
        if isinstance(value, Target) and value.definition.kind not in _TYPES:
            value = sources.resolution.type_of(value)
        if isinstance(value, Module):
            yield from ((found, 1.0) for found in sources.resolution.exported(value))
        elif value is not None:
            yield from (
                (found, 1.0 if found.definition.is_public else 0.3)
                for found in sources.resolution.members(value)
            )


def _used_near(place: Place, sources: Sources) -> Iterator[tuple[Value | None, float]]:
    scope = scope_of(place, sources.reader)
    for reference in {reference.chain: reference for reference in place.near}.values():
        for value in sources.resolution.values(scope, reference.chain):
            yield value, 1.0


def _used_in_file(place: Place, sources: Sources) -> Iterator[tuple[Value | None, float]]:
    scope = Scope(
        place.view,
        owner=place.owner,
        receivers=sources.reader.syntax.receivers,
        implicit_receiver=sources.reader.implicit_receiver,
    )
    found: dict[Value, int] = {}
    for chain, n in place.far.items():
        for value in sources.resolution.values(scope, chain):
            found[value] = found.get(value, 0) + n
    for value, n in found.items():
        yield value, 1.0 + _USED_ONCE_MORE * min(n - 1, _MAX_USES)


def _not_used_yet(place: Place, sources: Sources) -> Iterator[tuple[Value | None, float]]:
    """What the file imports and doesn't read: most likely what is about to be written."""
    read = {chain[0] for chain in place.far} | {reference.chain[0] for reference in place.near}
    if sources.reader.reexports(place.view.path):
        return
    for name, statement in place.view.imports.items():
        if name not in read and name != "*":
            yield sources.resolution.imported(place.view, statement), 1.0


def _types_in_scope(place: Place, sources: Sources) -> Iterator[tuple[Value | None, float]]:
    """The types of locals and of the object's fields, and their public members."""
    scope = scope_of(place, sources.reader)
    types: dict[Target, None] = {}
    for chain in place.locals.values():
        value = sources.resolution.value(scope, chain) if chain else None
        if isinstance(value, Target):
            types.setdefault(value)
    for type_ in types:
        if type_.definition.kind in _TYPES:
            yield type_, 1.0
            members = [m for m in sources.resolution.members(type_) if m.definition.is_public]
            for member in members:
                yield member, 4 / (4 + len(members))


def _inherited(place: Place, sources: Sources) -> Iterator[tuple[Value | None, float]]:
    """What the class around the cursor inherits; first of all what is overridden here."""
    definition = place.view.by_symbol.get(place.owner)
    if definition is None:
        return
    own = Target(place.view.path, definition)
    name = place.function.rpartition(".")[2]
    for base in sources.resolution.ancestors(own):
        yield base, 1.0
    members = [m for m in sources.resolution.members(own) if m.path != place.view.path]
    for member in members:
        yield member, 2.0 if member.definition.name == name else 6 / (6 + len(members))
