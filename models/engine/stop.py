"""Where a candidate ends, by its text alone."""

from codenook.models.engine.messages import StopRule

CLOSERS = ")]}"


def cut(text: str, rule: StopRule) -> int | None:
    """Return the length at which ``rule`` ends ``text``, or None while it may go on.

    The first line of ``text`` continues the cursor's line, so its indentation is not judged.
    """
    lines = text.split("\n")
    end = len(lines[0])
    blank = False
    for number, line in enumerate(lines[1:], start=1):
        if number >= rule.max_lines:
            return end
        complete = number < len(lines) - 1
        code = line.lstrip(" \t")
        if not code:
            if blank and complete:
                return end
            blank = True
            continue
        if rule.min_indent is not None and len(line) - len(code) < rule.min_indent:
            if not (rule.keep_closer and code[0] in CLOSERS):
                return end
            if complete:
                return _length(lines, number)
        blank = False
        end = _length(lines, number)
    return None


def _length(lines: list[str], last: int) -> int:
    """Return the characters up to the end of line ``last``."""
    return sum(len(line) + 1 for line in lines[: last + 1]) - 1
