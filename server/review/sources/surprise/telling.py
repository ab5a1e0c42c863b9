"""A surprising place as a finding: the rule, what is said, the evidence, and the fix where it parses."""

import re
from collections.abc import Mapping

from codenook.context.parse import Parsed
from codenook.server.review import fixes, rules
from codenook.server.review.finding import Edit, Evidence, Finding, Fix, Rule, SourceName, Span
from codenook.server.review.scope.change import ChangedFile, Text
from codenook.server.review.sources.surprise.instead import Instead, Kind
from codenook.server.review.sources.surprise.weighing import Compared

_RULES: Mapping[Kind, Rule] = {
    Kind.COMPARISON: rules.UNLIKELY_OPERATOR,
    Kind.ARITHMETIC: rules.UNLIKELY_OPERATOR,
    Kind.LOGIC: rules.UNLIKELY_OPERATOR,
    Kind.NEGATION: rules.UNLIKELY_CONDITION,
    Kind.CONSTANT: rules.UNLIKELY_CONSTANT,
    Kind.TEXT: rules.UNLIKELY_CONSTANT,
    Kind.OFF_BY_ONE: rules.OFF_BY_ONE,
    Kind.NAME: rules.UNLIKELY_NAME,
    Kind.MEMBER: rules.UNLIKELY_NAME,
    Kind.CALL: rules.UNLIKELY_NAME,
    Kind.SWAPPED: rules.SWAPPED_ARGUMENTS,
    Kind.OPERANDS: rules.SWAPPED_ARGUMENTS,
    Kind.EXCESS: rules.UNLIKELY_EXPRESSION,
    Kind.WRAPPED: rules.UNLIKELY_EXPRESSION,
    Kind.UNWRAPPED: rules.UNLIKELY_EXPRESSION,
    Kind.RESULT: rules.DROPPED_RESULT,
}


def finding(file: ChangedFile, seen: Compared, chance: float, model: str) -> Finding | None:
    """What is told of a place; None where there is nothing to point to."""
    new, instead = file.new, seen.instead
    span = _span(new, instead) if new else None
    if new is None or span is None:
        return None
    written = new.source[instead.start : instead.end].decode("utf-8", "replace")
    own, other = _figure(seen.probability), _figure(seen.other_probability)
    return Finding(
        rule=_RULES[instead.kind],
        path=file.path,
        span=span,
        quote=new.quote(span),
        message=_message(written, instead.text, new.quote(span)),
        subject=f"{written} -> {instead.text}",
        confidence=chance,
        evidence=(
            Evidence(
                SourceName.SURPRISE,
                f"{model} gives what stands here a probability of {own}, and what is suggested {other}",
                {
                    "probability": seen.probability,
                    "instead": instead.text,
                    "instead_probability": seen.other_probability,
                    "gain_nats": sum(seen.other) - sum(seen.own),
                    "model": model,
                },
            ),
        ),
        fix=_fix(file, instead, written),
    )


def parses(parsed: Parsed, instead: Instead) -> bool:
    """Whether the document with the alternative has no syntax error that it doesn't have without."""
    source = parsed.source
    return fixes.parses(parsed, source[: instead.start] + instead.text.encode() + source[instead.end :])


def _span(text: Text, instead: Instead) -> Span | None:
    """What is quoted: what would be replaced; of an insertion, the word that it is beside."""
    start, end = instead.start, instead.end
    if start == end:
        if instead.text.startswith(" "):
            before = re.search(rb"[\w)\].]+$", text.source[:start])
            start = before.start() if before else start
        else:
            behind = re.match(rb"[\w(.]+", text.source[start:])
            end = start + behind.end() if behind else end
    while end > start and text.source[end - 1 : end].isspace():
        end -= 1
    return text.span_of_bytes(start, end) if start < end else None


def _message(written: str, other: str, quote: str) -> str:
    if not written:
        return f"`{other.strip()}` would be expected at `{quote}`"
    if not other:
        return f"`{written.strip()}` is not expected here"
    return f"`{written}` is not expected here, but `{other}`"


def _fix(file: ChangedFile, instead: Instead, written: str) -> Fix | None:
    if file.new is None or file.parsed is None or not parses(file.parsed, instead):
        return None
    if not written:
        title = f"Insert `{instead.text.strip()}`"
    elif not instead.text:
        title = f"Remove `{written.strip()}`"
    else:
        title = f"Replace `{written}` by `{instead.text}`"
    span = file.new.span_of_bytes(instead.start, instead.end)
    return Fix(title, (Edit(file.path, span, instead.text),))


def _figure(probability: float) -> str:
    """A probability as a person reads it."""
    percent = 100 * probability
    return f"{percent:.0f} %" if percent >= 1 else f"{percent:.2g} %"
