"""Why something that a model proposed is left out, before anything runs."""

from enum import StrEnum


class Refusal(StrEnum):
    """A code for each reason."""

    UNREADABLE = "unreadable"
    """No answer in the form that was asked for."""
    NOT_A_CALL = "not_a_call"
    """No call of the target that stands for itself."""
    KNOWN = "known"
    """A call or test that is there already."""
