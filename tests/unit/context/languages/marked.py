"""Workspaces written as one text: ``// path`` before each file, and ``$0`` at the cursor in one of them."""

import re
from collections.abc import Mapping
from pathlib import Path

from attrs import frozen

from codenook.context.code import Code
from codenook.context.document import Documents, Place
from codenook.context.offers import Sources, scope_of, signs_at
from codenook.context.parse import Language, language_named
from codenook.context.resolve import Resolution, Target
from codenook.context.worth import Sign

_FILE = re.compile(r"^(?://|#) ([\w./-]+\.\w+)\n", re.MULTILINE)
MARK = "$0"


@frozen(eq=False)
class Marked:
    """A workspace on disk and what is known at its cursor."""

    language: Language
    code: Code
    place: Place
    resolution: Resolution

    def near(self) -> set[str]:
        """What the code around the cursor reads of other files, as ``path:symbol``."""
        scope = scope_of(self.place, self.language.reader)
        found = (value for ref in self.place.near for value in self.resolution.values(scope, ref.chain))
        return {_spelled(value) for value in found if isinstance(value, Target) and not self._is_own(value)}

    def of(self, *chain: str) -> str:
        """What a chain at the cursor stands for."""
        value = self.resolution.value(scope_of(self.place, self.language.reader), chain)
        return _spelled(value) if isinstance(value, Target) else str(value)

    def at_cursor(self) -> set[str]:
        """The members of what stands before the cursor's dot."""
        scope = scope_of(self.place, self.language.reader)
        (chain,) = {reference.chain for reference in self.place.near if reference.is_open}
        value = self.resolution.value(scope, chain)
        assert isinstance(value, Target), chain
        if value.definition.kind not in {"class", "interface"}:
            value = self.resolution.type_of(value)
        return {_spelled(member) for member in self.resolution.members(value)}

    def offered(self) -> Mapping[str, set[Sign]]:
        """What speaks for which definitions at the cursor, without an index."""
        signs = signs_at(self.place, Sources(self.resolution, self.language.reader))
        return {_spelled(target): set(found) for target, found in signs.items()}

    def _is_own(self, target: Target) -> bool:
        return target.path == self.place.view.path


def workspace(root: Path, text: str, language: str) -> Marked:
    """Write the files of ``text`` below ``root`` and look at the place of its cursor."""
    parts = _FILE.split(text)[1:]
    marked = ""
    for path, content in zip(parts[::2], parts[1::2], strict=True):
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.replace(MARK, "").encode())
        marked = path if MARK in content else marked
    content = parts[parts.index(marked) + 1]
    known = language_named(language)
    assert known
    code = Code(str(root.resolve()))
    before, _, after = content.partition(MARK)
    place = Documents().place(known, marked, before + after, len(before))
    code.show(place.view)
    return Marked(known, code, place, Resolution(code, known.resolver(code), known.reader.implicit_receiver))


def _spelled(target: Target) -> str:
    return f"{target.path}:{target.definition.symbol}"
