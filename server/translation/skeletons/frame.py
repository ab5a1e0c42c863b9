"""A file of the target language around the functions that are translated."""

from collections.abc import Mapping, Sequence

from attrs import frozen

from codenook.server.translation.languages.language import Around, Note
from codenook.server.translation.writing.classes import Classes, ClassHeader
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.writer import Writer

_IN_ORDER = {"c", "cpp"}
"""Languages in which what is used must stand before."""


@frozen
class Class:
    """A class with the symbols of its methods, and of each whether it is public."""

    symbol: str
    header: ClassHeader
    methods: Mapping[str, bool]
    line: int


@frozen
class Frame:
    """What stands in the file besides functions; ``lines`` are where these begin in the source.

    ``class_names`` are the classes of the source that are translated along.
    """

    classes_of: Classes
    constants: tuple[str, ...]
    classes: tuple[Class, ...]
    class_names: frozenset[str]
    lines: Mapping[str, int]
    imports: tuple[str, ...]
    notes: tuple[Note, ...]
    changes: Mapping[str, frozenset[str]]
    """What each function changes for its caller."""

    def around(self, symbol: str) -> Around:
        """What the file says of one of its functions."""
        return Around(self.class_names, self.changes.get(symbol, frozenset()))

    def text(
        self, written: Mapping[str, str], imports: Sequence[str] = (), writer: Writer | None = None
    ) -> str:
        """The file with functions and methods ``written``, by the symbols that they have in the source.

        In a language where what is called must stand before, functions are in the order of ``written``.
        """
        needs = Needs()
        classes = [(each.line, self._class(each, written, needs)) for each in self.classes]
        methods = {symbol for each in self.classes for symbol in each.methods}
        functions = [(self.lines.get(name, 0), text) for name, text in written.items() if name not in methods]
        definitions = [*classes, *functions]
        if self.classes_of.writer.language not in _IN_ORDER:
            definitions.sort(key=lambda each: each[0])
        head = [*self.imports, *needs.imports, *imports]
        constants = ["".join(self.constants)] if self.constants else []
        file = (writer or self.classes_of.writer).file
        return file(sorted(head), [*constants, *(text for _, text in definitions)])

    def _class(self, one: Class, written: Mapping[str, str], needs: Needs) -> str:
        methods = [(is_public, written[name]) for name, is_public in one.methods.items() if name in written]
        return self.classes_of.whole(one.header, methods, needs)
