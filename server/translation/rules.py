"""Every rule of a note; docs/translation-notes.md has an example of each."""

from enum import StrEnum


class Rule(StrEnum):
    """What does not carry over, by a stable id; ``description`` says it in one sentence."""

    INTEGER_WIDTH = "integer-width"
    UNKNOWN_TYPE = "unknown-type"
    CHARACTER = "character"
    TUPLE = "tuple"
    KEY_IDENTITY = "key-identity"
    FURTHER_ARGUMENTS = "further-arguments"
    NAMED_ARGUMENTS = "named-arguments"
    DEFAULT_LOST = "default-lost"
    CHANGED_ARGUMENT = "changed-argument"
    ASYNC = "async"
    ERRORS = "errors"
    OWNERSHIP = "ownership"
    INHERITANCE = "inheritance"
    NOT_CARRIED = "not-carried"
    INTEGER_OVERFLOW = "integer-overflow"
    INTEGER_DIVISION = "integer-division"
    REMAINDER = "remainder"
    STRING_INDEX = "string-index"
    NEGATIVE_INDEX = "negative-index"
    INDEX_RANGE = "index-range"
    MISSING_KEY = "missing-key"
    ITERATION_ORDER = "iteration-order"
    EQUALITY = "equality"
    ROUNDING = "rounding"
    FLOAT_TEXT = "float-text"
    TRUTH = "truth"
    NOTHING = "nothing"
    SORTING = "sorting"

    @property
    def description(self) -> str:
        """What it is about."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Rule.INTEGER_WIDTH: "An integer type is narrower than that of the source, or of another width.",
    Rule.UNKNOWN_TYPE: "The source says no type, or one that is not translated.",
    Rule.CHARACTER: "A character of the target holds less than one of the source.",
    Rule.TUPLE: "The target has no tuples, so another type stands for one.",
    Rule.KEY_IDENTITY: "Keys that are compared by their contents in the source are compared by identity.",
    Rule.FURTHER_ARGUMENTS: "A parameter that takes all further arguments is one list or map.",
    Rule.NAMED_ARGUMENTS: "Arguments that are passed by name in the source are passed by position.",
    Rule.DEFAULT_LOST: "A parameter has no default any more, so each caller passes it.",
    Rule.CHANGED_ARGUMENT: "The source changes a variable of its caller, which the target's functions can't.",
    Rule.ASYNC: "An asynchronous function is an ordinary one.",
    Rule.ERRORS: "Errors have other names, or another form.",
    Rule.OWNERSHIP: "The caller has to free what it gets.",
    Rule.INHERITANCE: "What a class derives from is not carried over.",
    Rule.NOT_CARRIED: "An interface, an enumeration or a value that is not plain is left out.",
    Rule.INTEGER_OVERFLOW: "Results that are too large wrap around in one language and not in the other.",
    Rule.INTEGER_DIVISION: "Division of integers rounds to another side, or gives a fraction.",
    Rule.REMAINDER: "The remainder of negative numbers has another sign.",
    Rule.STRING_INDEX: "Lengths and positions in texts count code points, UTF-16 units or bytes.",
    Rule.NEGATIVE_INDEX: "An index below zero counts from the end in Python alone.",
    Rule.INDEX_RANGE: "An index outside of a list raises an error in one language only.",
    Rule.MISSING_KEY: "A key that is not in a map does something else.",
    Rule.ITERATION_ORDER: "Maps or sets are gone through in another order.",
    Rule.EQUALITY: "Contents are compared in one language and identities in the other.",
    Rule.ROUNDING: "Numbers halfway between two others are rounded to another side.",
    Rule.FLOAT_TEXT: "A float is written in another form: 1.0, 1, 1e+20.",
    Rule.TRUTH: "Zero, empty texts or empty lists count as false in the source.",
    Rule.NOTHING: "The source tells two kinds of nothing apart, and the target has one.",
    Rule.SORTING: "Sorting compares otherwise, or may change the order of equal elements.",
}
