"""Text in code that speaks to a model which reads it: it is left out of what a model is shown.

That only takes care of the usual words. What a model says is checked all the same, but that it says nothing
can't be.
"""

import re

_REST = r"[^\"'`*/;(){}=<>\n]*"
"""What follows on the line, up to where code may begin."""
_SPEAKS = re.compile(
    rf"(?i)\b(?:ignore|disregard|forget) (?:(?:all|any|the|your|these|previous|prior|earlier|above)\s+)+"
    rf"(?:instructions?|prompts?|rules?|messages?){_REST}"
    r"|\b(?:report|find|flag|tell|say|answer|output) "
    r"(?:nothing|no (?:findings?|issues?|problems?|bugs?|faults?))\b"
    rf"|\b(?:do not|don't|never) (?:report|flag|review|mention)\b{_REST}"
    rf"|\byou are (?:now )?an? (?:ai|assistant|reviewer|language model)\b{_REST}"
    r"|\b(?:reviewers?|assistants?|ais?|llms?)\s*[:,]\s*(?:please )?"
    rf"(?:say|write|answer|report|approve|ignore|skip|tell|respond|reply)\b(?= +['\"\w]){_REST}"
    r"|<\|[^|>\n]{1,40}\|>|\[/?INST\]"
)
"""What speaks to a model that reads it."""

_LEFT_OUT = "[left out]"


def masked(text: str) -> str:
    """The text without what speaks to a model; code stays."""
    return _SPEAKS.sub(_LEFT_OUT, text)
