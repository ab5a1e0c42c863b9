"""Why something that a chat model says is not told; docs/review.md has each."""

from enum import StrEnum


class Refusal(StrEnum):
    """The codes by which it is counted."""

    UNREADABLE = "unreadable"
    """It is not of the form that was asked for."""
    UNCHANGED_LINE = "unchanged_line"
    MISQUOTED = "misquoted"
    NOT_A_SENTENCE = "not_a_sentence"
    MARKUP = "markup"
    TALK = "talk"
    NO_FAULT = "no_fault"
    ECHO = "echo"
    """It repeats what the model was told, or what the code says."""
    DUPLICATE = "duplicate"
    REFUTED = "refuted"
    """The model found it wrong when it was told it by somebody else."""
    UNSURE = "unsure"
    """It did not, but gives "wrong" the higher probability."""
    UNANSWERED = "unanswered"
    """It said nothing that can be read about whether it is right."""
    FIX = "fix"
    """Its fix can't be offered; the finding is told."""
