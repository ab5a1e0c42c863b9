"""Documentation put into real files: is it read back, and is the code what it was?

No model writes here: the words are the same everywhere, parameters, results and errors are those of the code.
"""

import random
from collections import Counter
from collections.abc import Iterable, Sequence

from attrs import define, field
from documented_packages import Source

from codenook.server.documentation.parts import Item, Parts
from codenook.server.documentation.style import Style, read, style_of
from codenook.server.documentation.subject import Kind, Returns, Subject
from codenook.server.documentation.write import NoRoom, documented
from codenook.server.verify.documented import check, problems
from codenook.server.verify.unchanged import difference

N_OF_A_FILE = 6


@define
class Counts:
    """What became of the definitions of one language."""

    seen: int = 0
    has_docs: int = 0
    read_again: int = 0
    """Of the documentation that was taken apart and written again, how much said the same."""
    rewritten: int = 0
    tried: int = 0
    unchanged: int = 0
    whole: int = 0
    """Of what was put in: says all that is there and nothing else."""
    refused: Counter[str] = field(factory=Counter)


def count(sources: Iterable[Source], counts: Counts, n_tries: int) -> None:
    """Go through files until documentation was put in ``n_tries`` times; count on in ``counts``."""
    for source in sources:
        counts.seen += len(source.subjects)
        counts.has_docs += sum(subject.doc is not None for subject in source.subjects)
        _read_again(source, counts)
        if counts.tried < n_tries:
            _put_in(source, counts, min(N_OF_A_FILE, n_tries - counts.tried))


def _read_again(source: Source, counts: Counts) -> None:
    language = source.parsed.language.id
    for subject in source.subjects:
        if subject.doc is not None:
            dialect, parts = read(language, subject.doc)
            if parts.has_sections:
                counts.rewritten += 1
                again = dialect.parse(dialect.render(parts, 100))
                counts.read_again += again.unwrapped() == parts.unwrapped()


def _put_in(source: Source, counts: Counts, n: int) -> None:
    style = style_of(source.parsed.language.id, source.subjects)
    for subject in random.Random(source.path).sample(source.subjects, min(n, len(source.subjects))):
        counts.tried += 1
        try:
            edit = documented(source.parsed, subject, _said(source, subject, style), style)
        except NoRoom:
            counts.refused["no row of its own for it"] += 1
            continue
        after, language = edit.apply(source.text), source.parsed.language
        if (changed := difference(language, source.text, after)) is not None:
            counts.refused[changed] += 1
            continue
        counts.unchanged += _is_same_without(source.text, after, edit.start, len(edit.text))
        counts.whole += not check(language, source.text, after, subject.symbol)


def _said(source: Source, subject: Subject, style: Style) -> Parts:
    """All that is there, in words that are the same everywhere; what else the documentation says is kept."""
    is_function = subject.kind is Kind.FUNCTION
    kept = read(source.parsed.language.id, subject.doc)[1] if subject.doc else Parts()
    parts = Parts(
        "Does what its name says.",
        kept.description,
        tuple(_item(name) for name in _names(subject)) if is_function else (),
        Item((), "", "What it gives.") if subject.returns is Returns.VALUE and not subject.yields else None,
        Item((), "", "One after the other.") if subject.yields else None,
        tuple(_item(name) for name in subject.raises),
        kept.rest,
    )
    assert not list(problems(subject, parts, style.dialect))  # noqa: S101 - else the benchmark is wrong
    return parts


def _item(name: str) -> Item:
    return Item((name,), "", "Known to those who read on.")


def _names(subject: Subject) -> Sequence[str]:
    return [parameter.name for parameter in subject.parameters if parameter.name]


def _is_same_without(before: str, after: str, start: int, length: int) -> bool:
    """The proof's own check: what stands outside of the edit is byte for byte what it was."""
    rest = after[:start] + after[start + length :]
    return before.startswith(after[:start]) and before.endswith(rest[start:])
