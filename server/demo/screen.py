"""What the demonstration prints: code with ghost text, candidates, context and costs.

What the server explains comes as its JSON (docs/lsp.md) with attributes for keys.
"""

from contextlib import AbstractContextManager
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from codenook.server.demo.client import Answer
from codenook.server.demo.places import OpenFile

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

    def waiting(self, text: str) -> AbstractContextManager[object]:
        """Show on a terminal that something takes its time."""
        return self._console.status(text)

    def window(self, file: OpenFile, answer: Answer) -> None:
        """Show the lines around the cursor with the first candidate as ghost text, or why there is none."""
        ghost = answer.texts[0] if answer.texts else ""
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
        if not answer.texts:
            self.say(f"no candidate here: {answer.message} ({answer.reason})")

    def candidates(self, explained: Any) -> None:
        """List what can be cycled through, best first."""
        if not explained.candidates:
            return
        table = Table.grid(padding=(0, 1))
        table.add_column(style="bold", no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        table.add_column(overflow="fold")
        for number, candidate in enumerate(explained.candidates, start=1):
            shown = Text(candidate.text, style=GHOST)
            if candidate.unresolved:
                shown.append(f"  unresolved: {', '.join(candidate.unresolved)}", style="yellow not italic")
            table.add_row(str(number), f"{candidate.score:.2f}", shown)
        self._label("candidates, with the model's mean log-probability per token")
        self._print(table, 4)

    def context(self, context: Any, *, in_full: bool) -> None:
        """List what the model sees of other files, and why."""
        if not context.snippets:
            self._label("context: nothing of other files")
            return
        self._label(f"context: {len(context.snippets)} definitions of other files, {context.tokens} tokens")
        for snippet in context.snippets:
            why = f"{snippet.reason.replace('_', ' ')}, {snippet.tokens} tokens"
            where = f"{snippet.path}:{snippet.start_line}"
            self._print(Text.assemble((snippet.symbol, "bold"), f"  {where}  {why}"), 4)
            if in_full:
                self._print(_python(snippet.text), 6)
        if context.dropped:
            left_out = ", ".join(f"{snippet.symbol} ({snippet.tokens})" for snippet in context.dropped)
            self._print(Text(f"left out, as the budget is spent: {left_out}", style="dim"), 4)

    def cost(self, answer: Answer, explained: Any) -> None:
        """Say how long the editor waited, for what, and how much of the prompt was known already."""
        tokens, ms = explained.tokens, explained.timings_ms
        self._label("cost")
        self._print(
            Text.assemble(
                (f"{answer.wait_ms:.0f} ms", "bold"),
                f" from request to answer: context {ms.context:.1f}, prefill {ms.prefill:.1f}, "
                f"decode {ms.decode:.1f}\n",
                (f"{tokens.prompt_evaluated} tokens", "bold"),
                f" evaluated of a prompt of {tokens.prompt}, {tokens.generated} generated "
                f"in {tokens.decode_calls} decode calls",
            ),
            4,
        )

    def _label(self, text: str) -> None:
        self._print(Text(text, style="cyan"), 2)

    def _print(self, shown: RenderableType, indent: int) -> None:
        self._console.print(Padding(shown, (0, 0, 0, indent), expand=False))


def _python(code: str) -> Syntax:
    return Syntax(code, "python", theme=THEME, background_color="default", word_wrap=True)
