"""What ``codenook adapt`` shows: the files it would learn from, and how two models compare."""

from typing import TYPE_CHECKING

from rich.table import Table

from codenook.server.terminal import out, print_json

if TYPE_CHECKING:
    from codenook.models.training.compare import Change, Comparison
    from codenook.models.training.own_code import OwnCode


def show(found: "Comparison") -> None:
    """Show a comparison as a table."""
    table = Table(box=None, header_style="dim")
    for column in (
        f"{found.holes} holes in {found.files} held-out files",
        "before",
        "after",
        "change",
        "95% of it",
    ):
        table.add_column(column)
    rows = {
        "filled exactly, with memory": (found.exact_with_memory, 100, "%"),
        "filled exactly, model alone": (found.exact, 100, "%"),
        "bits per byte, with memory": (found.bits_per_byte_with_memory, 1, ""),
        "bits per byte, model alone": (found.bits_per_byte, 1, ""),
    }
    for title, (change, scale, unit) in rows.items():
        table.add_row(title, *_cells(change, scale, unit))
    out.print(table)


def _cells(change: "Change", scale: int, unit: str) -> tuple[str, ...]:
    digits = 1 if unit else 3
    return (
        f"{scale * change.before:.{digits}f}{unit}",
        f"{scale * change.after:.{digits}f}{unit}",
        f"{scale * change.difference:+.{digits}f}",
        f"{scale * change.low:+.{digits}f} to {scale * change.high:+.{digits}f}",
    )


def why(found: "Comparison") -> str:
    """Say why a model is not better."""
    if found.exact_with_memory.difference <= 0:
        return "it fills no more holes of the held-out files than the model that you have, with memory"
    if found.exact_with_memory.low <= 0:
        return "that it fills more holes of the held-out files may be chance: the interval reaches below zero"
    return "it expects the held-out code less than the model that you have"


def show_files(own: "OwnCode", *, as_json: bool) -> None:
    """Show which files would be learned from, and which are held out."""
    learned, held_out = ([file.path for file in files] for files in (own.learned, own.held_out))
    if as_json:
        print_json(
            {"learned": learned, "held_out": held_out, "bytes": own.n_bytes, "left_out": dict(own.dropped)}
        )
        return
    for path in learned:
        out.print(path, soft_wrap=True, markup=False)
    for path in held_out:
        out.print(f"{path} (held out)", soft_wrap=True, markup=False)
    left_out = "".join(f", {n} left out: {reason}" for reason, n in own.dropped.most_common())
    out.print(f"{len(learned)} files to learn from, {len(held_out)} held out{left_out}", soft_wrap=True)


def counted(own: "OwnCode") -> dict[str, object]:
    """Return the documented JSON of what was found."""
    return {
        "learned": len(own.learned),
        "held_out": len(own.held_out),
        "bytes": own.n_bytes,
        "left_out": dict(own.dropped),
    }
