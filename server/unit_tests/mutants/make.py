"""Mutants of a definition: the file with one small fault in it, each of which still parses."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from attrs import evolve
from tree_sitter import Node

from codenook.context.parse import encode, language_named, parse
from codenook.server.unit_tests.mutants import expressions, flow, literals
from codenook.server.unit_tests.mutants.choice import Choice
from codenook.server.unit_tests.mutants.dialect import Dialect
from codenook.server.unit_tests.mutants.dialects.find import dialect_of
from codenook.server.unit_tests.mutants.fault import Fault, Kind
from codenook.server.unit_tests.mutants.mutant import Mutant
from codenook.server.unit_tests.mutants.places import Place, moves_loop, places, seldom_seen
from codenook.server.unit_tests.mutants.proof import Proof
from codenook.server.unit_tests.target import Target

_MAKERS: Sequence[Callable[[Node, Dialect], Iterator[Fault]]] = (
    expressions.operators,
    expressions.unary,
    expressions.calls,
    expressions.arguments,
    expressions.bounds,
    literals.constants,
    literals.texts,
    literals.collections,
    flow.conditions,
    flow.loops,
)
_MAKERS_IN_PLACE: Sequence[Callable[[Place, Dialect], Iterator[Fault]]] = (flow.returns, flow.removed)


def mutants_of(target: Target, *, most: int) -> Sequence[Mutant]:
    """At most ``most`` mutants of the target, in the order of the text; always the same ones.

    Where there are more, they are spread over its lines and over kinds of faults. None has more syntax errors
    than the file, nor is it the same program: the same tokens, or for Python the same bytecode.
    """
    language, dialect = language_named(target.language), dialect_of(target.language)
    if language is None or dialect is None:
        return ()
    parsed = parse(language, encode(target.text))
    span = parsed.span(target.definition.start_line, target.definition.end_line)
    choice, proof = Choice(_faults(places(parsed, span, dialect), dialect)), Proof(parsed, span)
    kept: list[Mutant] = []
    for fault in choice if most > 0 else ():
        edited = parsed.source[: fault.start] + fault.text.encode() + parsed.source[fault.end :]
        if not proof.is_new(edited):
            continue
        choice.count(fault)
        start = len(parsed.source[: fault.start].decode())
        end = start + len(parsed.source[fault.start : fault.end].decode())
        kept.append(Mutant(fault.kind, fault.line, start, end, fault.text))
        if len(kept) == most:
            break
    return tuple(sorted(kept, key=lambda mutant: (mutant.start, mutant.end, mutant.text)))


def _faults(found_in: Iterable[Place], dialect: Dialect) -> list[Fault]:
    """All that may be wrong in these places."""
    found: dict[Fault, None] = {}
    for place in found_in:
        faults = [fault for make in _MAKERS for fault in make(place.node, dialect)]
        faults += [fault for make in _MAKERS_IN_PLACE for fault in make(place, dialect)]
        if faults and moves_loop(place, dialect):
            faults = [fault for fault in faults if _still_moves(fault)]
        if faults and (kind := seldom_seen(place, dialect)):
            faults = [evolve(fault, kind=kind) for fault in faults]
        elif faults and place.is_default:
            faults = [evolve(fault, kind=Kind.DEFAULT) for fault in faults]
        found |= dict.fromkeys(faults)
    return list(found)


def _still_moves(fault: Fault) -> bool:
    """Whether a loop surely moves on with a fault in what moves it; others would take their time to run."""
    return fault.kind is Kind.CONSTANT and fault.rank == 0 and fault.text != "0"
