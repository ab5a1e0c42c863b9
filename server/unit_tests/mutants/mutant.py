"""A small fault in a definition."""

from attrs import frozen


@frozen
class Mutant:
    """One change of a file's text: ``start`` to ``end`` (code points) become ``text``.

    ``kind`` names what was changed (``operator``, ``constant``, ``condition``, ``return``, ``removed``),
    ``line`` is where (from 1).
    """

    kind: str
    line: int
    start: int
    end: int
    text: str

    def apply(self, text: str) -> str:
        """The file with the fault."""
        return text[: self.start] + self.text + text[self.end :]
