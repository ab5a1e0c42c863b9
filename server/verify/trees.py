"""Syntax trees of a document with a candidate in it, each parsed once and from the difference."""

from functools import lru_cache

from attrs import frozen

from codenook.context.parse import Parsed, encode, language_named, parse, parse_difference

_latest: dict[str, Parsed] = {}
"""The last tree without errors of each language: the next text most likely resembles it."""


@frozen(eq=False)
class Inserted:
    """A parsed document; the candidate takes the bytes from ``start`` to ``end``."""

    parsed: Parsed
    start: int
    end: int

    def touches(self, start: int, end: int) -> bool:
        """Whether the bytes from ``start`` to ``end`` share one with the candidate."""
        return start < self.end and end > self.start


@lru_cache(maxsize=64)
def has_errors(language: str, text: str) -> bool:
    """Whether a parser for ``language``, where there is one, finds errors in ``text``."""
    parsed = _from_difference(language, text)
    return parsed is not None and parsed.root.has_error


@lru_cache(maxsize=64)
def document(language: str, text: str) -> Parsed | None:
    """The tree of ``text``, or None for a language without a parser."""
    parsed = _from_difference(language, text)
    return parsed and parse(parsed.language, parsed.source, None if parsed.root.has_error else parsed)


@lru_cache(maxsize=64)
def _from_difference(language: str, text: str) -> Parsed | None:
    known = language_named(language)
    if known is None:
        return None
    parsed = parse_difference(known, encode(text), _latest.get(language))
    if not parsed.root.has_error:
        _latest[language] = parsed
    return parsed


def inserted(language: str, text: str, offset: int, candidate: str) -> Inserted | None:
    """The tree of ``text`` with ``candidate`` at ``offset`` (code points); None without a parser."""
    parsed = document(language, text[:offset] + candidate + text[offset:])
    if parsed is None:
        return None
    start = len(encode(text[:offset]))
    return Inserted(parsed, start, start + len(encode(candidate)))
