"""Arguments, from their form in JSON, as a parameter of Python wants them."""

from typing import Any, Dict, Optional

# ruff: noqa: UP006, UP035, UP045 - it runs in Python 3.8, too

_ANY: Dict[str, Any] = {"kind": "any", "parts": []}


class Unfit(Exception):
    """Python has no such value, or the parameter takes none like it."""


def given(told: Any, shape: Dict[str, Any], written: str = "") -> Any:  # noqa: PLR0911 - one for each kind
    """The value that ``told`` stands for; ``written`` is the parameter's type as the source has it."""
    if shape["kind"] == "option":
        return given(told, _part(shape, 0), written)
    if isinstance(told, list):
        return _listed([given(each, _part(shape, at)) for at, each in enumerate(told)], shape)
    if isinstance(told, str):
        return told.encode("utf-8") if shape["kind"] == "bytes" else told
    if not isinstance(told, dict):
        return told
    ((mark, content),) = told.items()
    if mark == "m":
        return {_hashable(given(key, _part(shape, 0))): given(each, _part(shape, 1)) for key, each in content}
    if mark == "s":
        elements = [given(each, _part(shape, 0)) for each in content]
        return elements if shape["kind"] == "list" else {_hashable(each) for each in elements}
    if mark == "b":
        return _bytes(bytes.fromhex(content), shape, written)
    if mark in {"i", "f"}:
        return _number(int(content) if mark == "i" else float(content), shape)
    raise Unfit("an object of the class " + str(content)[:80] + " can't be handed over")


def _part(shape: Dict[str, Any], at: int) -> Dict[str, Any]:
    """The shape of an element; of a list and a set it is the same for all."""
    parts = shape["parts"]
    if shape["kind"] in {"list", "set"}:
        at = 0
    found: Optional[Dict[str, Any]] = parts[at] if at < len(parts) else None
    return found or _ANY


def _listed(elements: Any, shape: Dict[str, Any]) -> Any:
    if shape["kind"] == "tuple":
        return tuple(elements)
    if shape["kind"] == "set":
        return set(map(_hashable, elements))
    if shape["kind"] == "bytes":
        try:
            return bytes(elements)
        except (TypeError, ValueError):
            raise Unfit("these numbers are no bytes") from None
    return elements


def _hashable(value: Any) -> Any:
    """The value as it can be in a set, or a key: of what can't, the kind that doesn't change."""
    if isinstance(value, list):
        return tuple(map(_hashable, value))
    if isinstance(value, set):
        return frozenset(value)
    if isinstance(value, dict):
        raise Unfit("a dict can't be a key, nor in a set")
    return bytes(value) if isinstance(value, bytearray) else value


def _bytes(content: bytes, shape: Dict[str, Any], written: str) -> Any:
    if shape["kind"] in {"text", "char"}:
        try:
            return content.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise Unfit("these bytes are no text") from None
    if shape["kind"] == "list":
        return list(content)
    return bytearray(content) if "bytearray" in written else content


def _number(number: Any, shape: Dict[str, Any]) -> Any:
    if shape["kind"] == "int" and isinstance(number, float) and number.is_integer():
        return int(number)
    if shape["kind"] == "float":
        try:
            return float(number)
        except OverflowError:
            raise Unfit("the number is too large for a float") from None
    return number
