"""What a test of another crate can name of a file: the module that it is, and whether it is offered."""

import re
from pathlib import Path, PurePosixPath

from codenook.context.languages.rust.crates import Crate
from codenook.context.parse import encode, language_named, parse
from codenook.context.reading import text_of
from codenook.server.reasons import Reason
from codenook.server.sandbox.reading import is_file
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.frameworks.texts import text_at
from codenook.server.unit_tests.target import Target

_ROOTS = {"lib.rs", "mod.rs"}


def import_of(target: Target, crate: Crate) -> str:
    """The statement that brings the target's function or type into a test; raises NoProject if none does."""
    name = target.symbol.partition(".")[0]
    library, path = Path(crate.library), target.root / target.path
    if not is_file(library):
        raise NoProject(
            Reason.NOT_TESTABLE, f"{crate.name} is no library: its tests can't be in a file of their own"
        )
    if not path.is_relative_to(library.parent):
        raise NoProject(Reason.NOT_TESTABLE, f"{target.path} is not part of the library {crate.name}")
    steps = () if path == library else _steps(PurePosixPath(path.relative_to(library.parent).as_posix()))
    if not target.definition.is_public or not _is_offered(target.text, name):
        raise NoProject(Reason.NOT_TESTABLE, f"{target.symbol} is private to its crate: tests can't call it")
    found = _public(library, steps, name, target)
    if found is None:
        raise NoProject(
            Reason.NOT_TESTABLE,
            f"{crate.name} doesn't offer {target.symbol}: tests can't call it",
        )
    return f"use {'::'.join((crate.name, *found, name))};"


def _steps(path: PurePosixPath) -> tuple[str, ...]:
    last = () if path.name in _ROOTS else (path.stem,)
    return (*path.parts[:-1], *last)


def _public(library: Path, steps: tuple[str, ...], name: str, target: Target) -> tuple[str, ...] | None:
    """The modules on the way from the library to the name, when each is public or offers it itself."""
    folder, file = library.parent, library
    for index, step in enumerate(steps):
        text = target.text if file == target.root / target.path else text_at(file, target.root)
        way = "::".join((*steps[index:], name))
        offered = rf"(?:{re.escape(way)}\b|{_listed(steps[index:], name)})"
        if re.search(rf"\bpub use (?:crate::|self::)?{offered}", text):
            return steps[:index]
        if not re.search(rf"^\s*pub mod {re.escape(step)}\s*;", text, re.MULTILINE):
            return None
        folder = folder / step
        file = next((each for each in (folder.with_suffix(".rs"), folder / "mod.rs") if is_file(each)), file)
    return steps


def _listed(steps: tuple[str, ...], name: str) -> str:
    """``module::{a, name}`` and ``module::*``."""
    return rf"{re.escape('::'.join(steps))}::(?:\{{[^}}]*\b{re.escape(name)}\b[^}}]*\}}|\*)(?=;)"


def _is_offered(text: str, name: str) -> bool:
    """Whether a file has a ``pub`` definition of the name at its top."""
    language = language_named("rust")
    if language is None:
        return False
    for node in parse(language, encode(text)).root.named_children:
        if text_of(node.child_by_field_name("name")) == name and node.type.endswith("_item"):
            first = node.named_children[0]
            return first.type == "visibility_modifier" and text_of(first) == "pub"
    return False
