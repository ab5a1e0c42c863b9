"""Where the text ends inside of a token: what was typed so far may be the beginning of one.

Behind ``frob(`` a file may go on with one token for ``(wheel``, whose first letter stands before the cursor
already. The places that went on with such tokens are told of by what is left of these.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen

from codenook.models.memory.reader import LEVELS, Recollection, Seen
from codenook.models.memory.segment import Place
from codenook.models.memory.spelling import Spelling


@frozen(eq=False)
class Continued(Seen):
    """What is left of tokens of which a part was there; ``whole`` are the tokens, by how the rest begins."""

    whole: Mapping[int, Sequence[int]]

    def places(self, token: int) -> Iterator[Place]:
        """Yield the counted places where what is left begins with ``token``."""
        for whole in self.whole.get(token, ()):
            yield from super().places(whole)


def heal(recollection: Recollection | None, part: bytes, spelling: Spelling) -> Recollection | None:
    """Return what followed as it goes on after ``part``, which one more token of each match begins with."""
    if recollection is None:
        return None

    def of(seen: Sequence[Seen]) -> tuple[Seen, ...]:
        return tuple(filter(None, (_continued(one, part, spelling) for one in seen)))

    return Recollection(of(recollection.prompt), of(recollection.workspace))


def longest(*alternatives: Recollection | None) -> Recollection | None:
    """Return of what several recollections tell the longest matches; of equal ones those seen most often."""
    known = [one for one in alternatives if one is not None]
    prompt = _longest(seen for one in known for seen in one.prompt)
    workspace = _longest(seen for one in known for seen in one.workspace)
    return Recollection(prompt, workspace) if prompt or workspace else None


def _longest(found: Iterable[Seen]) -> tuple[Seen, ...]:
    by_length: dict[int, Seen] = {}
    for seen in sorted(found, key=lambda seen: (-seen.length, -seen.n)):
        by_length.setdefault(seen.length, seen)
    return tuple(by_length.values())[:LEVELS]


def _continued(seen: Seen, part: bytes, spelling: Spelling) -> Seen | None:
    longer = spelling.longer(seen.tokens, part)
    if not longer.size:
        return None
    chances: defaultdict[int, float] = defaultdict(float)
    whole: defaultdict[int, list[int]] = defaultdict(list)
    for token, chance in zip(seen.tokens[longer].tolist(), seen.chances[longer].tolist(), strict=True):
        first = spelling.first(spelling.pieces[token][len(part) :])
        if first is not None:
            chances[first] += chance
            whole[first].append(token)
    if not chances:
        return None
    total = sum(chances.values())
    shares = np.fromiter(chances.values(), np.float32, len(chances)) / np.float32(total)
    tokens = np.fromiter(chances, np.intp, len(chances))
    n = max(1, round(seen.n * total))
    return Continued(seen.length + 1, n, tokens, shares, seen.found, whole)
