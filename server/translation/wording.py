"""What the reports call what was proved: the same words on the command line and in an editor."""

from collections.abc import Iterator, Mapping, Sequence

from codenook.server.translation.languages.language import Note
from codenook.server.translation.outcome import Origin
from codenook.server.translation.result import Level, Row, Translated, TranslationResult

_ORIGINS: Mapping[Origin, str] = {
    Origin.DOCUMENTATION: "from documentation",
    Origin.TESTS: "from tests and other calls",
    Origin.VARIED: "like these",
    Origin.TYPES: "by type",
}
_NOT_COMPARED = {
    Level.PARSES: "parses, and nothing more is known",
    Level.COMPILES: "compiles, and was not compared",
}
_MAX_CELL = 60


def verdict(each: Translated) -> str:
    """How far a function was proved; `Translated.why` says why no further."""
    if each.level is Level.AGREES:
        kinds = ", ".join(f"{n} {_ORIGINS[origin]}" for origin, n in each.agreed.items())
        floats = f"; floats within {each.tolerance:g}" if each.tolerance else ""
        return f"agrees on {counted(each.n_agreed, 'call')} ({kinds}){floats}"
    if each.level is Level.NOTHING:
        return f"not translated ({each.reason})"
    return _NOT_COMPARED[each.level]


def n_proved(result: TranslationResult) -> str:
    """How many functions were proved, of how many."""
    proved = sum(each.level is Level.AGREES for each in result.functions)
    return f"{proved} of {counted(len(result.functions), 'function')} proved"


def all_notes(result: TranslationResult) -> list[Note]:
    """What does not carry over, each once."""
    own = (note for each in result.functions for note in each.notes)
    return list(dict.fromkeys([*own, *result.notes]))


def is_renamed(each: Translated) -> bool:
    """Whether a function has another name in the translation."""
    return bool(each.name) and each.name != each.symbol.rpartition(".")[2]


def table(differences: Sequence[Row], indent: str = "    ") -> Iterator[str]:
    """Differences in columns: input, original, translation."""
    cells = [("input", "original", "translation")]
    cells += [(_cell(row.input), _cell(row.original), _cell(row.translation)) for row in differences]
    widths = [max(len(row[column]) for row in cells) for column in range(2)]
    for first, second, third in cells:
        yield f"{indent}{first:{widths[0]}}  {second:{widths[1]}}  {third}"


def counted(n: int, what: str, more: str = "") -> str:
    """So many of a thing, in words."""
    return f"{n} {what}" if n == 1 else f"{n} {more or f'{what}s'}"


def _cell(text: str) -> str:
    return text if len(text) <= _MAX_CELL else f"{text[: _MAX_CELL - 1]}…"
