"""Grammars for answers in JSON; tests/engine/test_chat.py has models write by them."""

import pytest

from codenook.models.prompts.json_answer import json_grammar

STRING = {"type": "string", "maxLength": 9}


def test_a_grammar_says_all_of_its_schema():
    schema = {
        "type": "object",
        "properties": {
            'say "so"\n': STRING,
            "lines": {"type": "array", "items": {"type": "integer"}, "maxItems": 3},
            "names": {"type": "array", "items": {"enum": ["a", 1, None]}, "minItems": 1, "maxItems": 1},
            "sure": {"type": "boolean"},
        },
        "required": ["lines", "names", "sure", 'say "so"\n'],
        "additionalProperties": False,
    }
    rules = dict(line.split(" ::= ") for line in json_grammar(schema).splitlines())
    assert rules["root-0"] == r'"\"" character{0,9} "\""'
    assert rules["root-1"] == '"[]" | "[" root-1-item (", " root-1-item){0,2} "]"'
    assert rules["root-2"] == '"[" root-2-item (", " root-2-item){0,0} "]"'
    assert rules["root-2-item"] == r'"\"a\"" | "1" | "null"'
    assert rules["root"] == (
        r'"{" "\"say \\\"so\\\"\\n\": " root-0 ", " "\"lines\": " root-1 ", " "\"names\": " root-2 ", " '
        r'"\"sure\": " root-3 "}"'
    )


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        ({"type": "number"}, "number"),
        ({}, "None"),
        ({**STRING, "pattern": "a+"}, "pattern"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, "from 3 to 2"),
        ({"type": "array", "items": STRING, "maxItems": 0}, "from 0 to 0"),
        ({"type": "object", "properties": {"a": STRING, "b": STRING}, "required": ["a"]}, "required"),
    ],
)
def test_a_schema_that_it_cannot_say_is_refused(schema, told):
    with pytest.raises(ValueError, match=told):
        json_grammar(schema)


@pytest.mark.parametrize("endless", [{"type": "string"}, {"type": "array", "items": STRING}])
def test_an_answer_without_an_end_is_refused(endless):
    with pytest.raises(KeyError, match="max"):
        json_grammar(endless)
