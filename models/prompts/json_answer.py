"""Answers in JSON, by a schema: the grammar (GBNF) that an engine holds a chat model to, and the reading.

The grammar is of our own making, because the converter that comes with llama-cpp-python lets line breaks into
strings, which JSON forbids, and answers be as long as they like. Here every answer has an end: strings and
arrays need a largest length. What is read is checked all the same: not every engine knows grammars.
"""

import json
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
"""A JSON schema of the kinds in `_RULES`; anything else in it is an error, never passed over."""

CHARACTER = r'[^"\\\x00-\x1f\x7f] | "\\" (["\\/bfnrt] | "u" code)'
CODE = "[0-9a-cA-CefEF] hex hex hex | [dD] [0-7] hex hex"
"""Four hexadecimal digits of a character; halves of a pair are none."""


def json_grammar(schema: Schema) -> str:
    """Return the grammar of the JSON texts that ``schema`` describes, keys in its order.

    Raises ValueError for a schema that this module doesn't know, or that has an answer without an end.
    """
    rules = {"character": CHARACTER, "code": CODE, "hex": "[0-9a-fA-F]"}
    rules["root"] = _rule(schema, "root", rules)
    return "".join(f"{name} ::= {rule}\n" for name, rule in rules.items())


class NoAnswer(Exception):
    """A text is no answer by a schema; the message says what is wrong, as a model can be told."""


def read_answer(text: str, schema: Schema) -> Any:
    """Return what ``text`` says in JSON; raises NoAnswer when that is not by ``schema``."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise NoAnswer("A string has half of a character in it.") from None
    except (ValueError, RecursionError):
        raise NoAnswer("The answer is not valid JSON.") from None
    _check(value, schema, "The answer")
    return value


def _check(value: Any, schema: Schema, name: str) -> None:
    """Raise NoAnswer when ``value``, which is called ``name``, is not by ``schema``."""
    if "enum" in schema:
        if not any(type(value) is type(one) and value == one for one in schema["enum"]):
            raise NoAnswer(f"{name} is none of {', '.join(map(str, schema['enum']))}.")
    elif type(value) is not _TYPES[schema["type"]]:
        raise NoAnswer(f"{name} has to be of the type {schema['type']}.")
    elif isinstance(value, dict):
        if value.keys() != schema["properties"].keys():
            raise NoAnswer(f"{name} has to have the keys {', '.join(schema['properties'])}, and no others.")
        for key, member in value.items():
            _check(member, schema["properties"][key], f"`{key}`")
    elif isinstance(value, list):
        _check_length(value, schema.get("minItems", 0), schema["maxItems"], name)
        for item in value:
            _check(item, schema["items"], f"An item of {name}")
    elif isinstance(value, str):
        _check_length(value, schema.get("minLength", 0), schema["maxLength"], name)


def _check_length(value: str | list[Any], least: int, most: int, name: str) -> None:
    if not least <= len(value) <= most:
        raise NoAnswer(f"{name} is {len(value)} long instead of from {least} to {most}.")


_TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}


def _rule(schema: Schema, name: str, rules: dict[str, str]) -> str:
    if "enum" in schema:
        _only(schema, "type", "enum")
        return " | ".join(_literal(value) for value in schema["enum"])
    kind = schema.get("type")
    if kind not in _RULES:
        raise ValueError(f"{name}: no grammar for the type {kind!r}")
    return _RULES[kind](schema, name, rules)


def _object(schema: Schema, name: str, rules: dict[str, str]) -> str:
    """All keys of an object are written, in order."""
    _only(schema, "type", "properties", "required", "additionalProperties")
    properties = schema["properties"]
    if sorted(schema["required"]) != sorted(properties):
        raise ValueError(f"{name}: every key has to be required")
    members = [
        f"{_literal(key, ': ')} {_named(value, f'{name}-{number}', rules)}"
        for number, (key, value) in enumerate(properties.items())
    ]
    return f'"{{" {""" ", " """.join(members)} "}}"'


def _array(schema: Schema, name: str, rules: dict[str, str]) -> str:
    _only(schema, "type", "items", "minItems", "maxItems")
    item = _named(schema["items"], f"{name}-item", rules)
    least, most = schema.get("minItems", 0), schema["maxItems"]
    if not 0 <= least <= most or not most:
        raise ValueError(f"{name}: from {least} to {most} items")
    some = f'"[" {item} (", " {item}){{{max(least, 1) - 1},{most - 1}}} "]"'
    return some if least else f'"[]" | {some}'


def _string(schema: Schema, name: str, _rules: dict[str, str]) -> str:
    _only(schema, "type", "minLength", "maxLength")
    least, most = schema.get("minLength", 0), schema["maxLength"]
    if not 0 <= least <= most:
        raise ValueError(f"{name}: from {least} to {most} characters")
    return rf'"\"" character{{{least},{most}}} "\""'


def _integer(schema: Schema, _name: str, _rules: dict[str, str]) -> str:
    _only(schema, "type")
    return '"-"? ("0" | [1-9] [0-9]{0,15})'


def _boolean(schema: Schema, _name: str, _rules: dict[str, str]) -> str:
    _only(schema, "type")
    return '"true" | "false"'


_RULES = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "boolean": _boolean,
}


def _named(schema: Schema, name: str, rules: dict[str, str]) -> str:
    rules[name] = _rule(schema, name, rules)
    return name


def _literal(value: object, after: str = "") -> str:
    """Return a terminal that reads as ``value`` in JSON, and then ``after``."""
    text = json.dumps(value, ensure_ascii=False) + after
    escaped = "".join(f"\\{c}" if c in '"\\' else c if c.isprintable() else f"\\U{ord(c):08x}" for c in text)
    return f'"{escaped}"'


def _only(schema: Schema, *keys: str) -> None:
    if unknown := schema.keys() - set(keys):
        raise ValueError(f"no grammar for {', '.join(sorted(unknown))} of a JSON schema")
