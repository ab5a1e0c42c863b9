"""What a test names: in its own code, and in that of what it uses, as far as that is the project's."""

from __future__ import annotations

from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DEPTH = 3
"""Functions that a test calls are looked at, and what they call, so many times."""

_MOST_DECORATORS = 20
_SET_UP = ("setUp", "asyncSetUp", "setUpClass", "setup_method", "setup_class", "setup")
_SET_UP_MODULE = ("setUpModule", "setup_module", "setup_function")
_TOOLS = {"unittest", "pytest", "_pytest", "hypothesis", "functools", "contextlib"}
"""Their own code is about no target."""


def is_named_by(about: frozenset[str], function: Any, owner: Any, fixtures: Iterable[Any]) -> bool:
    """Whether a test, or what is called before and by it, names one of ``about``."""
    around = functions_of(function)
    module = around[0].__globals__ if around else {}
    before = [_of_class(owner, name) for name in _SET_UP] + [module.get(name) for name in _SET_UP_MODULE]
    left = [(each, 0) for each in (function, *fixtures, *before)]
    seen: set[int] = set()
    while left:
        one, depth = left.pop(0)
        for each in functions_of(one):
            if id(each.__code__) in seen:
                continue
            seen.add(id(each.__code__))
            for name in set(_names(each.__code__)):
                value = each.__globals__.get(name)
                if name in about or name_of(value) in about:
                    return True
                called = (value if _is_beside(value, each) else None, _of_class(owner, name))
                if depth < _DEPTH:
                    left += [(other, depth + 1) for other in called if other is not None]
    return False


def functions_of(function: Any) -> list[FunctionType]:
    """A function and those that its decorators are around, without those of tools."""
    found: list[FunctionType] = []
    left = [function]
    for _ in range(_MOST_DECORATORS):
        if not left:
            break
        each = left.pop()
        method = _attribute(each, "__func__")
        each = each if method is None else method
        if type(each) is FunctionType and not _is_of_tool(each):
            found.append(each)
        inner = _attribute(each, "__wrapped__"), _attribute(_attribute(each, "hypothesis"), "inner_test")
        left += [one for one in inner if one is not None]
    return found


def _is_of_tool(function: FunctionType) -> bool:
    module = function.__globals__.get("__name__")
    return type(module) is str and module.partition(".")[0] in _TOOLS


def name_of(value: Any) -> str:
    """What something is called, which may be anything; empty when that is no text."""
    name = _attribute(value, "__name__")
    return name if type(name) is str else ""


def _attribute(value: Any, name: str) -> Any:
    try:
        return getattr(value, name, None)
    except Exception:  # noqa: BLE001 - a value of the project may raise anything
        return None


def _is_beside(value: Any, function: FunctionType) -> bool:
    """Whether something is a function of the same module."""
    return any(each.__globals__ is function.__globals__ for each in functions_of(value))


def _of_class(owner: Any, name: str) -> Any:
    """What a class has by a name, be it from a base."""
    for base in owner.__mro__ if isinstance(owner, type) else ():
        if name in vars(base):
            return vars(base)[name]
    return None


def _names(code: CodeType) -> Iterator[str]:
    """What code reads by name, also in the functions inside of it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
