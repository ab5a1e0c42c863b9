"""The fill-in-the-middle (FIM) prompt: what the model reads, from the most stable part to the most volatile.

The order of the parts decides how much of the KV cache survives a keystroke. In suffix-prefix-middle
order (SPM) everything that stands before the cursor's last token is unchanged when one more character
is typed, so one keystroke costs one or two tokens. A model that was trained on prefix-suffix-middle
order (PSM) only must be asked in that order.

Source: Bavarian et al. 2022, "Efficient Training of Language Models to Fill in the Middle", section 3;
the separator before each file is the repository-level layout of Qwen2.5-Coder.
"""

from collections.abc import Sequence
from enum import StrEnum


class Special(StrEnum):
    """A control token, named by its role; the engine maps it to the id in the model's own metadata."""

    FIM_PREFIX = "fim_prefix"
    FIM_SUFFIX = "fim_suffix"
    FIM_MIDDLE = "fim_middle"
    FILE_SEPARATOR = "file_separator"
    REPOSITORY = "repository"


class FimOrder(StrEnum):
    """Which side of the cursor a model was trained to read first."""

    SPM = "spm"
    PSM = "psm"


class Markup(str):
    """Text of a model's own chat template, the only text in which control tokens are read.

    It is made in the engine's process and never crosses the socket.
    """

    __slots__ = ()


# Plain text is never read as control tokens: a source file that spells "<|fim_middle|>" stays text.
Segment = Special | str
"""Either a control token or plain text. Text is never read as control tokens, whatever it spells."""


def infill(
    order: FimOrder,
    *,
    blocks: Sequence[str],
    path: str,
    prefix: str,
    suffix: str,
    separator: bool = True,
) -> tuple[Segment, ...]:
    """Lay out one infill prompt.

    ``blocks`` are the context snippets in their stable order, each a path line followed by code
    (``Context.blocks``); ``path`` is the edited file's path in the workspace; ``prefix`` and ``suffix``
    are the code around the cursor. ``separator`` says whether the model knows a file separator; one
    that does not gets the blocks as plain text before the prefix.
    """
    if separator:
        head: list[Segment] = []
        for block in blocks:
            head += [Special.FILE_SEPARATOR, block]
        head += [Special.FILE_SEPARATOR, f"{path}\n"]
    else:
        head = []
        prefix = "".join(blocks) + prefix
    if order is FimOrder.SPM:
        around = [Special.FIM_SUFFIX, suffix, Special.FIM_PREFIX, prefix]
    else:
        around = [Special.FIM_PREFIX, prefix, Special.FIM_SUFFIX, suffix]
    return tuple(part for part in [*head, *around, Special.FIM_MIDDLE] if part)


def text_before(prompt: Sequence[Segment]) -> str:
    """Return a prompt's text up to the cursor: what stands after the prefix marker, all of it without one."""
    if Special.FIM_PREFIX not in prompt:
        return "".join(segment for segment in prompt if not isinstance(segment, Special))
    return _behind(Special.FIM_PREFIX, prompt)


def text_after(prompt: Sequence[Segment]) -> str:
    """Return a prompt's text behind the cursor: what stands after the suffix marker, nothing without one."""
    return _behind(Special.FIM_SUFFIX, prompt) if Special.FIM_SUFFIX in prompt else ""


def _behind(marker: Special, prompt: Sequence[Segment]) -> str:
    following = prompt[prompt.index(marker) + 1]
    return "" if isinstance(following, Special) else following
