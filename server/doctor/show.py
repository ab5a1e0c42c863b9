"""The findings as a person reads them."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from codenook.server.doctor.findings import Finding, Level

STYLES = {Level.OK: "green", Level.NOTE: "yellow", Level.PROBLEM: "bold red"}


def show(findings: tuple[Finding, ...], out: Console) -> None:
    """Print one row for each finding, what to do below it, and how many there are of each level."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for finding in findings:
        table.add_row(Text(finding.level, STYLES[finding.level]), finding.check, Text(finding.message))
        if finding.advice:
            table.add_row("", "", Text(f"→ {finding.advice}", "italic"))
    out.print(table)
    n_ok, n_notes, n_problems = (sum(finding.level is level for finding in findings) for level in Level)
    out.print(f"\n{n_ok} ok, {n_notes} notes, {n_problems} problems")
