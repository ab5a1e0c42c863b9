"""What of a hole's needs a method has shown, and at which price."""

import re
from collections.abc import Mapping, Sequence

from attrs import frozen
from excerpts import Excerpt
from holes import Hole, Needed

DECLARING = r"def|class|func|function|fn|type|struct|enum|trait|interface|const|static|let|var|record"
"""Words that stand before the name that they declare."""

RECEIVER = r"(?:\([^()]*\)\s*)?"
"""What Go writes between the word and the name of a method."""


@frozen
class Score:
    """One method's answer for one hole within one budget; counts of definitions, identifiers and tokens."""

    n_shown: int
    n_needed: int
    n_names_shown: int
    n_names: int
    tokens: int
    wasted: int


def score(hole: Hole, shown: Sequence[Excerpt], files: Mapping[str, Sequence[str]]) -> Score:
    """Compare what was shown with the gold; ``files`` are the lines of the gold's files by path.

    Wasted are the tokens of excerpts that show none of the needed definitions.
    """
    useful: set[Excerpt] = set()
    n_shown = 0
    for needed in hole.gold:
        showing = [excerpt for excerpt in shown if shows(excerpt, needed, files[needed.path])]
        useful.update(showing)
        n_shown += bool(showing)
    words = {word for excerpt in shown for word in re.findall(r"\w+", excerpt.text)}
    return Score(
        n_shown=n_shown,
        n_needed=len(hole.gold),
        n_names_shown=len(words & set(hole.names)),
        n_names=len(hole.names),
        tokens=sum(excerpt.tokens for excerpt in shown),
        wasted=sum(excerpt.tokens for excerpt in shown if excerpt not in useful),
    )


def shows(excerpt: Excerpt, needed: Needed, lines: Sequence[str]) -> bool:
    """Whether an excerpt spans the definition's line and its text has that line, or declares the name.

    The same for windows, which have the line as it stands in the file, and for stubs, which may have it in a
    shorter form: ``def name``, ``class name``, or a field ``name`` before any bracket, colon or equals sign.
    """
    if excerpt.path != needed.path or not excerpt.start_line <= needed.line <= excerpt.end_line:
        return False
    line, name = lines[needed.line - 1], re.escape(needed.name)
    if line.strip() in {shown.strip() for shown in excerpt.text.split("\n")}:
        return True
    if re.search(rf"\b(?:{DECLARING})\s+{RECEIVER}{name}\b", line):
        declared = rf"\b(?:{DECLARING})\s+{RECEIVER}{name}\b"
    else:
        declared = rf"^[^(\[{{:=#\"']*\b{name}\b"
    return re.search(declared, excerpt.text, re.MULTILINE) is not None
