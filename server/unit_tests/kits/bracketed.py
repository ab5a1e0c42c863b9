"""Source text that is cut where it isn't in brackets or quotes."""

_OPENING = {"(": ")", "[": "]", "{": "}"}


def split(text: str, mark: str = ",", *, angles: bool = False) -> list[str]:
    """The parts between marks, without blanks around them; with ``angles``, ``<`` and ``>`` are brackets."""
    return [text[start:end].strip() for start, end in _spans(text, mark, angles=angles)]


def _spans(text: str, mark: str, *, angles: bool) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    depth, start, index = 0, 0, 0
    while index < len(text):
        character = text[index]
        if character in "\"'":
            index = _after_quoted(text, index)
            continue
        if character in "([{" or (angles and character == "<"):
            depth += 1
        elif character in ")]}" or (angles and character == ">" and text[index - 1 : index] != "-"):
            depth -= 1
        elif depth == 0 and text.startswith(mark, index):
            spans.append((start, index))
            start = index + len(mark)
        index += 1
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans


def closing(text: str, opening: int) -> int | None:
    """Where the bracket that opens at an offset is closed; None when it isn't."""
    depth, index = 0, opening
    while index < len(text):
        if text[index] in "\"'":
            index = _after_quoted(text, index)
            continue
        depth += (text[index] in _OPENING) - (text[index] in _OPENING.values())
        if depth == 0:
            return index
        index += 1
    return None


def opening(text: str) -> int | None:
    """Where the bracket is opened that a text ends with; None when it isn't."""
    starts = [index for index, character in enumerate(text) if character in _OPENING]
    last = len(text) - 1
    return next((start for start in reversed(starts) if closing(text, start) == last), None)


def _after_quoted(text: str, start: int) -> int:
    """What follows a text in quotes; a lone quote (a lifetime of Rust) is a character like others."""
    quote, index = text[start], start + 1
    while index < len(text):
        if text[index] == "\\":
            index += 2
            continue
        if text[index] == quote:
            return index + 1
        if quote == "'" and index - start > len("u{10ffff}") + 1:
            break
        index += 1
    return start + 1
