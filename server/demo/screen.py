"""What the demonstration prints: code with ghost text, candidates, context and costs."""

from collections.abc import Mapping

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from codenook.context.snippets import Snippet
from codenook.models.engine.messages import Counters
from codenook.server.demo.client import Answer
from codenook.server.demo.places import OpenFile
from codenook.server.tasks.completion import CompletionResult
from codenook.server.verify.candidates import Verified

N_LINES_BEFORE, N_LINES_AFTER = 6, 3
"""How much of a file is shown around the cursor."""

GHOST = "italic dim"
THEME = "ansi_dark"
"""The terminal's own sixteen colours, which fit its background."""


class Screen:
    """A console that shows what an editor would, in whatever width and with or without colours."""

    def __init__(self, console: Console) -> None:
        self._console = console
        ascii_only = console.options.ascii_only
        self._cursor, self._ghost_end = ("|", "|") if ascii_only else ("▌", "▐")
        if console.is_terminal:
            self._ghost_end = ""  # the style tells where the ghost text ends

    def heading(self, text: str, detail: str = "") -> None:
        """Begin a section."""
        self._console.print()
        self._console.rule(Text.assemble((text, "bold"), f"  {detail}" if detail else ""), align="left")

    def say(self, text: str) -> None:
        """Print a line of prose."""
        self._print(Text(text), 2)

    def window(self, file: OpenFile, ghost: str) -> None:
        """Show the lines around the cursor, with the ghost text in its place."""
        above = "\n".join(file.text[: file.cursor].split("\n")[-N_LINES_BEFORE - 1 :])
        below = "\n".join(file.text[file.cursor :].split("\n")[: N_LINES_AFTER + 1])
        before, after = _python("").highlight(above + below).divide([len(above)])
        end = self._ghost_end if ghost else ""
        shown = Text.assemble(before, (self._cursor, "bold"), (ghost, GHOST), (end, "bold"), after)

        cursor_line = file.text.count("\n", 0, file.cursor) + 1
        numbers = [
            *range(cursor_line - above.count("\n"), cursor_line + 1),
            *[""] * ghost.count("\n"),
            *range(cursor_line + 1, cursor_line + 1 + below.count("\n")),
        ]
        lines = Table.grid(padding=(0, 1))
        lines.add_column(justify="right", style="dim", no_wrap=True)
        lines.add_column(overflow="fold")
        for number, line in zip(numbers, shown.split("\n"), strict=False):
            lines.add_row(str(number), line)
        self._print(lines, 2)

    def no_candidate(self, answer: Answer) -> None:
        """Show the reason that the server gave."""
        self.say(f"no candidate here: {answer.message} ({answer.reason})")

    def candidates(self, answer: Answer, scores: Mapping[str, Verified]) -> None:
        """List what can be cycled through, in the server's order."""
        table = Table.grid(padding=(0, 1))
        table.add_column(style="bold", no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(overflow="fold")
        for number, text in enumerate(answer.texts, start=1):
            known = scores.get(text)
            shown = Text(text, style=GHOST)
            if known and known.unresolved:
                shown.append(f"  unresolved: {', '.join(known.unresolved)}", style="yellow not italic")
            table.add_row(str(number), f"{known.score:.2f}" if known else "-", shown)
        self._label("candidates, with the model's mean log-probability per token")
        self._print(table, 4)

    def context(self, result: CompletionResult, *, in_full: bool) -> None:
        """List what the model was shown of other files, and why."""
        context = result.context
        if not context.snippets:
            self._label("context: nothing of other files was needed")
            return
        self._label(f"context: {len(context.snippets)} definitions of other files, {context.tokens} tokens")
        for snippet in context.snippets:
            self._print(_snippet_line(snippet), 4)
            if in_full:
                self._print(_python(snippet.text), 6)
        if context.dropped:
            left_out = ", ".join(f"{item.snippet.symbol} ({item.snippet.tokens})" for item in context.dropped)
            self._print(Text(f"left out, as the budget is spent: {left_out}", style="dim"), 4)

    def cost(self, answer: Answer, n_rounds: int, spent: Counters, again: CompletionResult) -> None:
        """Say what the answer cost the engine, and what the same request costs once its prompt is known."""
        self._label("cost")
        first = Text.assemble(
            (f"{answer.wait_ms:.0f} ms", "bold"),
            f" from request to answer, rounds with the model: {n_rounds}; {_evaluated(spent)}; "
            f"{spent.generated} generated in {spent.decode_calls} decode calls",
        )
        second = Text.assemble(
            (f"{again.total_ms:.0f} ms", "bold"),
            f" when asked again: {_evaluated(again.counters)}; context {again.context_ms:.1f} ms, "
            f"prefill {again.timings.prefill_ms:.1f} ms, decode {again.timings.decode_ms:.1f} ms",
        )
        self._print(first, 4)
        self._print(second, 4)

    def _label(self, text: str) -> None:
        self._print(Text(text, style="cyan"), 2)

    def _print(self, shown: RenderableType, indent: int) -> None:
        self._console.print(Padding(shown, (0, 0, 0, indent), expand=False))


def _python(code: str) -> Syntax:
    return Syntax(code, "python", theme=THEME, background_color="default", word_wrap=True)


def _snippet_line(snippet: Snippet) -> Text:
    where, why = f"{snippet.path}:{snippet.start_line}", snippet.reason.replace("_", " ")
    return Text.assemble((snippet.symbol, "bold"), f"  {where}  {why}, {snippet.tokens} tokens")


def _evaluated(counters: Counters) -> str:
    return f"{counters.prompt_evaluated} of {counters.prompt} prompt tokens evaluated, the others cached"
