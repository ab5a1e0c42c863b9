"""Where a candidate ends, by its text alone."""

from codenook.models.engine.messages import StopRule

CLOSERS = ")]}"


def cut(text: str, rule: StopRule) -> int | None:
    """Return the length at which ``rule`` ends ``text``, or None while it may go on.

    The first line of ``text`` continues the cursor's line, so its indentation is not judged.
    """
    *whole, last = text.split("\n")
    above = None
    end = start = n_code = n_blank = 0
    for number, line in enumerate([*whole, last]):
        complete = number < len(whole)
        code = line.lstrip(" \t")
        if code:
            n_blank = 0
            leaves = number > 0 and rule.min_indent is not None and len(line) - len(code) < rule.min_indent
            if leaves and not (rule.keep_closer and code[0] in CLOSERS):
                return end
            if complete:
                if above is not None and _repeats(line, above, rule):
                    return end
                above = (" " * (rule.min_indent or 0) + line if number == 0 else line).rstrip()
                end = start + len(line)
                n_code += not code.rstrip().endswith(rule.openers)
                if leaves or n_code >= rule.max_lines:
                    return end
        elif complete and number > 0:
            n_blank += 1
            if n_blank > 1:
                return end
        start += len(line) + 1
    return None


def _repeats(line: str, above: str, rule: StopRule) -> bool:
    """Whether ``line`` says what the line with code ``above`` it says, or the one that follows the cursor."""
    code = line.rstrip()
    return code in (above, rule.following) and any(map(str.isalnum, code))
