"""What the place of the cursor asks for: one line or several, and where a candidate must end."""

import re

from attrs import frozen

from codenook.models.engine.messages import StopRule

MAX_BLOCK_LINES = 10
"""Lines of code in a candidate that may be a block."""

OPENERS = {"python": (":",)}
"""What ends a line that a block follows, by language id; others open with a bracket."""

COMMENTS = {"python": ("#",)}
"""What starts a line comment, by language id."""

BRACKETS = ("{", "(", "[")

MAX_LINE = 500
"""Characters of the line below the cursor's own that are compared, at most: no candidate says more."""

_LINE_WITH_CODE = re.compile(r"^[ \t]*+\S[^\r\n]*", re.MULTILINE)


@frozen
class Cursor:
    """The cursor's line, cut in two, and the first line with code below it."""

    before: str
    after: str
    below: str = ""

    @classmethod
    def at(cls, text: str, offset: int) -> "Cursor":
        """Cut the line of ``offset`` (code points) in two."""
        start = text.rfind("\n", 0, offset) + 1
        end = text.find("\n", offset)
        after = text[offset : end if end >= 0 else len(text)]
        return cls(before=text[start:offset], after=after.rstrip("\r"), below=_first_line(text, end))

    @property
    def in_line(self) -> bool:
        """Whether code follows the cursor on its line, so that a candidate can't leave the line."""
        return bool(self.after.strip())

    def stop_rule(self, language: str) -> StopRule:
        """Return where a candidate ends.

        A block may follow on a blank line, after a line that opens one, and after a comment that says
        what comes next; it ends where the indentation does. Anywhere else one line is asked for, with the
        first of the block that it may open.
        """
        code = self.before.strip()
        indent = len(self.before) - len(self.before.lstrip(" \t"))
        opens = code.endswith((*OPENERS.get(language, ()), *BRACKETS))
        comment = code.startswith(COMMENTS.get(language, ("//", "/*", "*")))
        if self.in_line:
            return StopRule(max_lines=1)
        if code and not opens and not comment:
            return StopRule(max_lines=1, openers=OPENERS.get(language, BRACKETS))
        return StopRule(
            max_lines=MAX_BLOCK_LINES,
            min_indent=indent + 1 if opens else indent,
            keep_closer=language not in OPENERS,
            following=self.below,
        )


def _first_line(text: str, end: int) -> str:
    """The first line that isn't blank behind the end of another, without the space at its own; else none."""
    found = _LINE_WITH_CODE.search(text, end) if end >= 0 else None
    return found[0][:MAX_LINE].rstrip() if found else ""
