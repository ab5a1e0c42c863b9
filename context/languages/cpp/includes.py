"""Includes in C++, where namespaces stand before names."""

from codenook.context.languages.c.includes import Includes
from codenook.context.reading import Chain
from codenook.context.resolve import Module

_ABSENT = {"std", "boost"}
"""Namespaces whose names are not those of the workspace."""


class CppIncludes(Includes):
    """Like C's; a namespace holds whatever the file that names it sees."""

    def names(self, module: str) -> Chain:
        """A header's name is no path of names."""
        return (module,)

    def module(self, importer: str, name: str) -> Module | None:
        """The header ``name``, or the namespace."""
        if name.isidentifier():
            return None if name in _ABSENT else Module((importer,))
        return super().module(importer, name)
