"""The report beside a translation, as Markdown: what was proved of each function, what not, and why."""

from collections.abc import Iterator

from codenook.server.markdown import block, code
from codenook.server.translation.languages.titles import title
from codenook.server.translation.result import Level, Translated, TranslationResult
from codenook.server.translation.wording import all_notes, counted, is_renamed, n_proved, table, verdict


def to_markdown(result: TranslationResult) -> str:
    """The report of a result; empty when there is nothing to report but the reason."""
    if not result.functions:
        return ""
    parts = (_head(result), _functions(result), _notes(result), _costs(result))
    return "\n".join(line for part in parts for line in part)


def summary(result: TranslationResult) -> str:
    """What is proved, in one line."""
    n_calls = sum(each.n_agreed for each in result.functions)
    return (
        f"{title(result.target)}, {n_proved(result)}: in the sandbox it did what the original did, on "
        f"{counted(n_calls, 'call')}"
    )


def _head(result: TranslationResult) -> Iterator[str]:
    yield f"# Translation of {code(result.symbol or result.path)} to {title(result.target)}"
    yield ""
    if result.reason is not None:
        what = "A preview" if result.text is not None else "Nothing to show"
        yield f"**{what}** (`{result.reason}`): {code(result.message)}"
        yield ""
    yield f"{n_proved(result)}. What is proved ran in the sandbox beside its original, on the same inputs."
    yield ""


def _functions(result: TranslationResult) -> Iterator[str]:
    for each in result.functions:
        yield f"## {code(each.symbol)}{f' is {code(each.name)}' if is_renamed(each) else ''}"
        yield ""
        why = f": {code(each.why)}" if each.why and each.level is not Level.AGREES else ""
        yield f"- {verdict(each)}{why}"
        for reason, n in each.not_compared.items():
            yield f"- {counted(n, 'call')} not compared: {code(reason)}"
        yield from _tried(each)
        yield ""
        yield from _differences(each)


def _tried(each: Translated) -> Iterator[str]:
    if each.tried:
        failed = ", ".join(f"{n} {what}" for what, n in each.refused.items())
        yield (
            f"- {counted(each.tried, 'body', 'bodies')} tried, {counted(each.repairs, 'repair')}"
            f"{f'; failed: {failed}' if failed else ''}"
        )


def _differences(each: Translated) -> Iterator[str]:
    counting = [row for row in each.differences if not row.excuse]
    excused = [row for row in each.differences if row.excuse]
    if counting:
        yield from ("It does something else:", "", block("\n".join(table(counting, ""))), "")
    if excused:
        yield from ("Differences that do not count:", "", block("\n".join(table(excused, ""))), "")
        yield from (f"- {code(why)}" for why in dict.fromkeys(row.excuse for row in excused))
        yield ""


def _notes(result: TranslationResult) -> Iterator[str]:
    if notes := all_notes(result):
        yield from ("## What does not carry over", "")
        yield from (f"- {code(note.text.replace('`', ''))} ({code(note.rule)})" for note in notes)
        yield ""


def _costs(result: TranslationResult) -> Iterator[str]:
    yield from ("## How it was made", "")
    for language, toolchain in result.toolchains.items():
        yield f"- {title(language)}: {code(toolchain) if toolchain else 'nothing here runs it'}"
    if result.seconds:
        total = result.seconds.get("total", 0.0)
        parts = [f"{part} {taken:.1f} s" for part, taken in result.seconds.items() if part != "total"]
        yield f"- {total:.1f} s" + (f" ({', '.join(parts)})" if parts else "")
    if result.model:
        written = counted(result.counters.generated, "token")
        yield f"- model: {code(result.model)}{f', {result.strategy}' if result.strategy else ''}, {written}"
    yield ""
