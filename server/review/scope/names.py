"""The paths in a patch of git, which are ambiguous in its headers when they have spaces."""

import re
from collections.abc import Iterator

from attrs import define, field

NOTHING = "/dev/null"

_ESCAPE = re.compile(rb'\\(?:([0-7]{3})|([abfnrtv"\\]))')
_LETTERS = dict(zip(b'abfnrtv"\\', b'\a\b\f\n\r\t\v"\\', strict=True))
_HEADER = "diff --git "


@define(eq=False)
class Section:
    """What the header of one file says of its paths, with their prefixes; empty when it says nothing."""

    header: str = ""
    old: str = ""
    new: str = ""
    is_renamed: bool = False

    def paths(self) -> tuple[str, str]:
        """The old and the new path; both are the same where only the first line names them."""
        if self.old and self.new:
            return self.old, self.new
        return _halves(self.header)


@define(eq=False)
class Numbered:
    """A patch whose headers name files by numbers, ``a/0`` and ``b/0``, and what they stood for."""

    sections: list[Section] = field(factory=list, init=False)

    def lines(self, patch: str) -> Iterator[str]:
        """The patch; what has no headers of git is left as it is."""
        section: Section | None = None
        for line in re.findall(r"[^\n]*\n|[^\n]+", patch):
            if line.startswith(_HEADER):
                section = Section(line[len(_HEADER) :].rstrip("\r\n"))
                self.sections.append(section)
                yield f"{_HEADER}a/{len(self.sections) - 1} b/{len(self.sections) - 1}\n"
            elif section is None:
                yield line
            else:
                yield self._in_header(section, line)
                section = None if line.startswith("@@ ") else section

    def paths(self, old: str, new: str) -> tuple[str, str, bool] | None:
        """What stood for ``a/0`` and ``b/0``, and whether with prefixes; None for what wasn't numbered."""
        numbers = [path[2:] for path in (old, new) if re.fullmatch(r"[ab]/\d+", path)]
        if not numbers or not int(numbers[0]) < len(self.sections):
            return None
        section = self.sections[int(numbers[0])]
        paths = section.paths()
        return (
            NOTHING if old == NOTHING else paths[0],
            NOTHING if new == NOTHING else paths[1],
            not section.is_renamed,
        )

    def _in_header(self, section: Section, line: str) -> str:
        number = len(self.sections) - 1
        for mark, side in (("--- ", "a"), ("+++ ", "b")):
            if line.startswith(mark):
                path = unquoted(line[len(mark) :].rstrip("\r\n").partition("\t")[0])
                if path == NOTHING:
                    return f"{mark}{NOTHING}\n"
                if not section.is_renamed:
                    section.old, section.new = (path, section.new) if side == "a" else (section.old, path)
                return f"{mark}{side}/{number}\n"
        match = re.match(r"(?:rename|copy) (from|to) (.+?)\r?\n", line)
        if match:  # these have no prefix; those of other lines do
            section.is_renamed = True
            if match[1] == "from":
                section.old = unquoted(match[2])
            else:
                section.new = unquoted(match[2])
        return line


def unquoted(written: str) -> str:
    """A path as git writes it: in quotes, with escapes, when it has unusual characters."""
    if not (written.startswith('"') and written.endswith('"') and len(written) > 1):
        return written
    raw = written[1:-1].encode("utf-8", "surrogateescape")

    def plain(match: re.Match[bytes]) -> bytes:
        return bytes([int(match[1], 8) & 0xFF]) if match[1] else bytes([_LETTERS[match[2][0]]])

    return _ESCAPE.sub(plain, raw).decode("utf-8", "surrogateescape")


def _halves(header: str) -> tuple[str, str]:
    """The two names of a header's line, which are the same but for their prefixes."""
    middle = len(header) // 2
    return unquoted(header[:middle]), unquoted(header[middle + 1 :])
