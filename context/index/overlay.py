"""Open documents, which hide what the index has of the same files on disk.

They are values in memory, asked in Python: a keystroke replaces one outline, where in tables it would
rewrite a thousand rows.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from codenook.context.index.rows import tail_of, words
from codenook.context.outline import Definition, Outline

_NAME_WEIGHT = 4


class Document:
    """The outline of one open document, arranged for questions when the first one comes."""

    def __init__(self, path: str, outline: Outline) -> None:
        """Nothing is arranged yet."""
        self.path = path
        self.outline = outline

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[Definition]]:
        """The definitions of each name, in the order of the outline."""
        found = defaultdict(list)
        for definition in self.outline.definitions:
            found[definition.name].append(definition)
        return found

    @cached_property
    def imported(self) -> frozenset[str | None]:
        """The names that are imported, and the last components of the modules they come from."""
        imports = self.outline.imports
        return frozenset({i.name for i in imports} | {tail_of(i.module) for i in imports})

    def matches(self, terms: Sequence[str]) -> Iterator[tuple[int, Definition]]:
        """The definitions with one of ``terms`` in their name or doc, and how well they match."""
        for definition in self.outline.definitions:
            name, doc = _words(definition.name), _words(definition.doc)
            score = sum(_NAME_WEIGHT * (term in name) + (term in doc) for term in terms)
            if score:
                yield score, definition


class Overlay:
    """The open documents by path, relative to the root.

    An overlay is replaced as a whole by `show` and `hide`, so a reader sees one state throughout.
    """

    def __init__(self) -> None:
        """No document is open."""
        self._documents: Mapping[str, Document] = {}

    def show(self, path: str, outline: Outline) -> None:
        """Let ``outline`` stand for the file at ``path`` until `hide`."""
        self._documents = {**self._documents, path: Document(path, outline)}

    def hide(self, path: str) -> None:
        """Let the file on disk speak for itself again."""
        self._documents = {other: document for other, document in self._documents.items() if other != path}

    def documents(self) -> Mapping[str, Document]:
        """The documents that are open now; the mapping doesn't change."""
        return self._documents


@lru_cache(maxsize=20_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(words(text))
