"""What ``codenook translate`` tells a person: what was proved of each function, and what was not and why."""

from collections.abc import Iterator, Mapping, Sequence

from codenook.server.translation.languages.titles import title
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


def rows(result: TranslationResult, *, verbose: bool) -> Iterator[str]:
    """The report in lines; nothing of a translation that was not begun."""
    if not result.functions:
        return
    proved = sum(each.level is Level.AGREES for each in result.functions)
    what = f"{result.path}:{result.symbol}" if result.symbol else result.path
    ran = ", ".join(dict.fromkeys(filter(None, result.toolchains.values())))
    yield (
        f"{what} to {title(result.target)}: {proved} of {_n(len(result.functions), 'function')} proved"
        f"{f' ({ran})' if ran else ''}"
    )
    for each in result.functions:
        yield from _function(each, verbose=verbose)
    notes = dict.fromkeys([*(note for each in result.functions for note in each.notes), *result.notes])
    if notes:
        yield "what does not carry over:"
        yield from (f"  {note.text} [{note.rule}]" for note in notes)
    yield _cost(result)


def _function(each: Translated, *, verbose: bool) -> Iterator[str]:
    renamed = f" ({each.name})" if each.name and each.name != each.symbol.rpartition(".")[2] else ""
    yield f"  {each.symbol}{renamed}: {_verdict(each)}"
    for why, n in each.not_compared.items():
        yield f"    {_n(n, 'call')} not compared: {why}"
    counting = [row for row in each.differences if not row.excuse]
    excused = [row for row in each.differences if row.excuse]
    if counting:
        yield from table(counting)
    if excused:
        yield f"    does not count: {_n(len(excused), 'difference')}"
        for row in excused if verbose else excused[:1]:
            yield f"      {row.input}: {row.original} and {row.translation}; {row.excuse}"
    if verbose and each.tried:
        refused = ", ".join(f"{n} {what}" for what, n in each.refused.items())
        yield (
            f"    {_n(each.tried, 'body', 'bodies')} tried, {_n(each.repairs, 'repair')}"
            f"{f'; failed: {refused}' if refused else ''}"
        )


def _verdict(each: Translated) -> str:
    if each.level is Level.AGREES:
        kinds = ", ".join(f"{n} {_ORIGINS[origin]}" for origin, n in each.agreed.items())
        floats = f"; floats within {each.tolerance:g}" if each.tolerance else ""
        return f"agrees on {_n(each.n_agreed, 'call')} ({kinds}){floats}"
    if each.level is Level.NOTHING:
        return f"not translated ({each.reason}): {each.why}"
    return f"{_NOT_COMPARED[each.level]}: {each.why}"


def table(differences: Sequence[Row], indent: str = "    ") -> Iterator[str]:
    """Differences in columns: input, original, translation."""
    cells = [("input", "original", "translation")]
    cells += [(_cell(row.input), _cell(row.original), _cell(row.translation)) for row in differences]
    widths = [max(len(row[column]) for row in cells) for column in range(2)]
    for first, second, third in cells:
        yield f"{indent}{first:{widths[0]}}  {second:{widths[1]}}  {third}"


def _cell(text: str) -> str:
    return text if len(text) <= _MAX_CELL else f"{text[: _MAX_CELL - 1]}…"


def _cost(result: TranslationResult) -> str:
    n_tried = sum(each.tried for each in result.functions)
    n_repairs = sum(each.repairs for each in result.functions)
    parts = ", ".join(f"{part} {s:.1f}" for part, s in result.seconds.items() if part != "total")
    return (
        f"{_n(n_tried, 'body', 'bodies')} of {result.model or 'no model'}, {_n(n_repairs, 'repair')}, "
        f"{result.counters.generated} tokens written in {result.seconds.get('total', 0):.1f} s ({parts})"
    )


def _n(n: int, what: str, more: str = "") -> str:
    return f"{n} {what}" if n == 1 else f"{n} {more or f'{what}s'}"
