"""What is told of a name that the change removed, whatever the language: at its uses, or where it was."""

from collections.abc import Callable, Iterator, Sequence

from attrs import define
from tree_sitter import Node

from codenook.server.review import rules
from codenook.server.review.finding import Finding, Fix, Place
from codenook.server.review.scope.change import Change, ChangedFile
from codenook.server.review.sources.facts import at

_CONFIDENCE = 0.95
_N_PLACES = 10


@define(eq=False)
class Use:
    """A place that uses a name."""

    path: str
    place: Place
    node: Node


def findings(
    change: Change,
    file: ChangedFile,
    removed: Node,
    uses: Sequence[Use],
    fix: Callable[[Sequence[Use]], Fix | None],
) -> Iterator[Finding]:
    """Uses on changed lines each by itself, all others in one finding, where ``removed`` was."""
    name = removed.text.decode("utf-8", "replace") if removed.text else ""
    claim = {"name": name, "module": file.path}
    outside: list[Use] = []
    for use in uses:
        there = change.by_path.get(use.path)
        if there is None or use.place.span.start_line not in there.changed:
            outside.append(use)
            continue
        found = at.in_new(
            there,
            use.node,
            rules.REMOVED_NAME,
            f"`{name}` is used here, and the change removes it from {file.path}",
            f"nothing else in {file.path} has that name",
            confidence=_CONFIDENCE,
            claim=claim,
            fix=fix([use]),
        )
        if found:
            yield found
    if not outside:
        return
    places = [use.place for use in outside]
    where = ", ".join(f"{place.path}:{place.span.start_line}" for place in places[:_N_PLACES])
    users = "a place still uses" if len(places) == 1 else f"{len(places)} places still use"
    found = at.in_old(
        file,
        removed,
        rules.REMOVED_NAME,
        f"`{name}` is gone, and {users} it",
        f"nothing else in {file.path} has that name; it is used in {where}",
        confidence=_CONFIDENCE,
        claim=claim,
        related=places[:_N_PLACES],
        fix=fix(outside),
    )
    if found:
        yield found
