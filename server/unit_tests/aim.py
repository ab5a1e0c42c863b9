"""From a symbol to what is to be tested."""

import difflib
from pathlib import Path

from attrs import frozen

from codenook.context.outline import Definition, Kind
from codenook.context.parse import Language, encode, parse
from codenook.server.documentation.languages import DESCRIBERS, subjects
from codenook.server.reasons import Reason
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.target import Target

_CALLED = {Kind.FUNCTION, Kind.METHOD}
_CONSTRUCTORS = {"__init__", "__new__", "__post_init__", "constructor"}


@frozen
class Aim:
    """What is to be tested, and what of it is called: itself, or the methods of a class."""

    target: Target
    called: tuple[Target, ...]


def aim(root: Path, path: str, text: str, language: Language, symbol: str) -> Aim:
    """Find ``symbol`` in the file at ``path`` (relative to ``root``); raises NoProject."""
    parsed = parse(language, encode(text))
    known = language.reader.definitions(parsed)
    found = next((each for each in known if each.symbol == symbol), None)
    if found is None:
        inner = subjects(parsed) if language.id in DESCRIBERS else ()
        if any(each.symbol == symbol for each in inner):
            raise NoProject(Reason.NOT_TESTABLE, f"{symbol} is inside of a function: no test could call it")
        near = difflib.get_close_matches(symbol, [each.symbol for each in known], n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise NoProject(Reason.NO_DEFINITION, f"{path} defines no {symbol or 'symbol without a name'}{hint}")

    def target(definition: Definition) -> Target:
        return Target(root, path, text, language.id, definition)

    if found.kind in _CALLED:
        if is_private(found):
            raise NoProject(Reason.NOT_TESTABLE, f"{symbol} is private to its class: no test could call it")
        return Aim(target(found), (target(found),))
    if found.kind is not Kind.CLASS:
        raise NoProject(
            Reason.NOT_TESTABLE, f"{symbol} is no function, method or class: there is nothing to call"
        )
    methods = [each for each in known if each.parent == symbol and each.kind in _CALLED]
    called = [each for each in methods if _is_offered(each)]
    return Aim(target(found), tuple(map(target, called or [found])))


def _is_offered(method: Definition) -> bool:
    """Whether tests of a class are about a method: what an object does, not how it is made."""
    name = method.name
    is_special = name.startswith("__") and name.endswith("__")
    return (method.is_public or is_special) and name not in _CONSTRUCTORS


def is_private(definition: Definition) -> bool:
    """Whether the language keeps a method to its class."""
    name = definition.name
    is_mangled = name.startswith("__") and not name.endswith("__")
    return bool(definition.parent) and (
        is_mangled or name.startswith("#") or definition.signature.lstrip().startswith("private ")
    )
