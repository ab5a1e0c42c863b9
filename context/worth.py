"""How likely a definition is needed, from what speaks for it: a logistic model with readable weights.

The weights were fitted on the holes of `benchmarks/context` (`python benchmarks/context/fit.py`), so
"likely" is said of functions whose whole body is still to be written. Signs that those holes don't have are
weighed by hand.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from attrs import frozen

from codenook.context.outline import Kind
from codenook.context.resolve import Target


class Sign(StrEnum):
    """What speaks for showing a definition; each comes with an amount, a count or a share."""

    AT_CURSOR = "at_cursor"
    """Its share of the members of what stands before the cursor."""
    READ_NEAR = "read_near"
    """How often the body around the cursor reads it."""
    IN_HEADER = "in_header"
    """How often the header of the function reads it: types of parameters, decorators."""
    NOT_USED_YET = "not_used_yet"
    """The file imports it and doesn't read it."""
    READ_IN_FILE = "read_in_file"
    """How many other functions of the file read it."""
    SHARE_IN_FILE = "share_in_file"
    """The share of the file's other functions that read it."""
    READ_IN_CLASS = "read_in_class"
    """Another function of the same class (or, at file level, of none) reads it."""
    READ_BY_ALIKE = "read_by_alike"
    """A function reads it that shares this part of its name's words with the one around the cursor."""
    READ_NEXT_TO = "read_next_to"
    """The function above or below reads it."""
    MEMBER_OF_READ = "member_of_read"
    """Its share of the members of a type that the file reads elsewhere."""
    TYPE_IN_SCOPE = "type_in_scope"
    """A local name holds this type."""
    MEMBER_OF_TYPE = "member_of_type"
    """Its share of the members of such a type."""
    MEMBER_OF_FIELD = "member_of_field"
    """Its share of the members of what a field of such a type, or of the object itself, holds."""
    EXPORT = "export"
    """Its share of what a module exports that the file imports as a whole."""
    BASE = "base"
    """The class around the cursor derives from it."""
    INHERITED = "inherited"
    """Its share of the members of a base."""
    OVERRIDDEN = "overridden"
    """The function around the cursor overrides it."""
    CALLED_THE_SAME = "called_the_same"
    """How often the file reads its name of something whose type is not known, by how many have the name."""
    MENTIONED = "mentioned"
    """It shares words with the function's name: one divided by its place in the search."""
    CHANGED_TOGETHER = "changed_together"
    """Its file was edited lately, or has changed together with this one: a weight of at most one."""


_LEAST_SHARE, _LOG_OF_A_USUAL_SHARE = 1e-4, 3.0
_MANY_SIGNS = 3

_WEIGHTS: Mapping[str, float] = {
    "a class": -0.28,
    "a constant": -0.67,
    "a field": -0.55,
    "a function": -0.00,
    "a method": -0.35,
    "base": -0.93,
    "bias": -1.86,
    "called_the_same": -0.44,
    "export": -0.08,
    "in_header": 0.75,
    "inherited": 0.20,
    "like the function's name": 1.16,
    "log called_the_same": 0.22,
    "log export": 0.25,
    "log in_header": -0.08,
    "log inherited": -0.00,
    "log member_of_field": 0.17,
    "log member_of_read": 0.13,
    "log member_of_type": 0.70,
    "log mentioned": 0.37,
    "log offers": -0.39,
    "log read_by_alike": 0.87,
    "log read_in_file": 0.16,
    "log share_in_file": 0.40,
    "log spread": 0.27,
    "many signs": 0.85,
    "member_of_field": 0.11,
    "member_of_read": -0.51,
    "member_of_type": 1.24,
    "mentioned": -1.01,
    "not_used_yet": 5.39,
    "overridden": 2.39,
    "read_by_alike": -0.70,
    "read_in_class": 0.59,
    "read_in_file": -0.06,
    "read_next_to": 1.04,
    "share_in_file": -0.06,
    "special method": -1.11,
    "the function's name": -0.01,
    "two signs": 0.80,
    "type_in_scope": -2.21,
    "words of the source": 0.57,
}

_BY_HAND: Mapping[str, float] = {
    "at_cursor": 4.5,
    "log at_cursor": 0.7,
    "read_near": 2.6,
    "log read_near": 0.4,
    "changed_together": 0.3,
}
"""The holes have neither a started statement nor a body, and no history."""


@frozen
class Surroundings:
    """What all offers at a place have in common.

    ``function`` is the name of the one around the cursor and ``words`` are those of its source; ``n_offers``
    says how many there are; ``spread`` which share of the workspace's files mentions a name, more than 0.
    """

    function: str
    words: frozenset[str]
    n_offers: int
    spread: Callable[[str], float]


def worth(target: Target, signs: Mapping[Sign, float], around: Surroundings) -> float:
    """The chance that ``target`` is needed."""
    score = sum(amount * weight(name) for name, amount in features(target, signs, around))
    return 1 / (1 + math.exp(-score))


def weight(feature: str) -> float:
    """What one unit of a feature adds to the logarithm of the odds."""
    return _WEIGHTS.get(feature, _BY_HAND.get(feature, 0.0))


def features(
    target: Target, signs: Mapping[Sign, float], around: Surroundings
) -> Iterator[tuple[str, float]]:
    """What the model weighs: which signs there are, logarithms of their amounts, and what the name says."""
    yield "bias", 1.0
    yield "log offers", math.log(max(1, around.n_offers))
    for sign, amount in signs.items():
        yield sign, 1.0
        if amount < 1:
            yield f"log {sign}", math.log(max(amount, _LEAST_SHARE)) + _LOG_OF_A_USUAL_SHARE
        else:
            yield f"log {sign}", math.log(amount) + (_LOG_OF_A_USUAL_SHARE if sign in _SHARES else 0.0)
    if len(signs) > 1:
        yield "two signs" if len(signs) < _MANY_SIGNS else "many signs", 1.0
    definition = target.definition
    yield f"a {definition.kind}", 1.0
    own, like = words_of(definition.name), words_of(around.function)
    yield "like the function's name", len(own & like) / max(1, len(own | like))
    yield "words of the source", len(own & around.words) / max(1, len(own))
    yield "the function's name", float(definition.name == around.function)
    yield "log spread", math.log(around.spread(definition.name))
    yield "special method", float(definition.kind is Kind.METHOD and definition.name.startswith("__"))


_SHARES = {
    Sign.AT_CURSOR,
    Sign.SHARE_IN_FILE,
    Sign.READ_BY_ALIKE,
    Sign.MEMBER_OF_READ,
    Sign.MEMBER_OF_TYPE,
    Sign.MEMBER_OF_FIELD,
    Sign.EXPORT,
    Sign.INHERITED,
    Sign.CALLED_THE_SAME,
    Sign.MENTIONED,
    Sign.CHANGED_TOGETHER,
}

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(text: str) -> frozenset[str]:
    """The words of identifiers, split at case and underscores, in lower case."""
    return frozenset(word.lower() for word in _WORDS.findall(text))
