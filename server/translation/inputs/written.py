"""Calls of a function as they are written in a text: in documentation, in tests, anywhere."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from attrs import evolve, frozen

from codenook.server.translation.inputs.fitting import NotFitting, fitted
from codenook.server.translation.inputs.literals import NotPlain, arguments_in, value_in
from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.signature import Signature
from codenook.server.translation.values import Value
from codenook.server.unit_tests.kits.bracketed import closing, split

_LONGEST_CALL = 2_000
_N_WORDS = 3
"""Different bare words in the place of an argument that show that it is a text."""

_N_TRIED = 100
"""Calls in one text that are looked at."""

_OTHERS = ("python", "javascript")
"""Languages whose literals stand in the documentation of others, too."""

_SIMPLE = re.compile(
    r"-?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|[Tt]rue\b|[Ff]alse\b|None\b|null\b"
)
_OPENED = re.compile(r"(?:&|&mut |vec!|new |\[\]\w+|List\.of|Arrays\.asList|[A-Z]\w*::from)?[\[({]")
_WORD = re.compile(r"[A-Za-z_]\w*")


@frozen
class Wanted:
    """A function whose calls are looked for in texts of a language.

    ``shapes`` are those of its parameters: a bare word is a text where one is asked for.
    """

    signature: Signature
    language: str
    shapes: tuple[Shape, ...]

    def shape(self, index: int) -> Shape:
        """The shape of an argument; those behind the last parameter are like it."""
        return self.shapes[min(index, len(self.shapes) - 1)] if self.shapes else UNKNOWN


def calls_in(text: str, wanted: Wanted) -> Iterator[tuple[Value, ...]]:
    """The arguments of the calls whose arguments are literals, or names that are given one before."""
    calls = list(occurrences(text, wanted.signature.name))
    wanted = _with_words([split(written) for _, written in calls], wanted)
    for start, written in calls:
        try:
            yield arguments_of(written, text[:start], wanted)
        except (NotPlain, NotFitting):
            continue


def occurrences(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Where a function is called, by its name in any language's style, and what is in the brackets."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    spelled = "_?".join(map(re.escape, words)) if words else re.escape(name)
    found = re.finditer(rf"(?<!\w)_*{spelled}(?:::<[\w<>, ]*>)?\s?\(", text, re.IGNORECASE)
    for match in islice(found, _N_TRIED):
        given = text[match.end() - 1 : match.end() + _LONGEST_CALL]
        end = closing(given, 0)
        if end is not None:
            yield match.start(), given[1:end]


def literal_at(text: str, start: int, language: str) -> Value:
    """The value of the literal that begins at an offset; raises NotPlain."""
    opened = _OPENED.match(text, start)
    if opened:
        given = text[start : start + _LONGEST_CALL]
        end = closing(given, opened.end() - 1 - start)
        if end is None:
            raise NotPlain(given[:80])
        return _literal(given[: end + 1], language)
    simple = _SIMPLE.match(text, start)
    if simple is None:
        raise NotPlain(text[start : start + 80])
    return _literal(simple[0], language)


def _with_words(calls: Sequence[Sequence[str]], wanted: Wanted) -> Wanted:
    """Texts are asked for, too, where all calls have other bare words for a parameter of unknown type."""
    names = {parameter.name for parameter in wanted.signature.parameters}
    shapes = list(wanted.shapes)
    for index, shape in enumerate(shapes):
        words = {each[index] for each in calls if index < len(each)}
        are_words = all(_WORD.fullmatch(word) for word in words) and not words & names
        if shape.kind is Kind.ANY and are_words and len(words) >= _N_WORDS:
            shapes[index] = Shape(Kind.TEXT)
    return evolve(wanted, shapes=tuple(shapes))


def arguments_of(written: str, before: str, wanted: Wanted) -> tuple[Value, ...]:
    """The arguments between the brackets of a call; ``before`` is the text that stands before it.

    Raises NotPlain, NotFitting.
    """
    return completed(_arguments(written, before, wanted), wanted)


def completed(given: Sequence[Value], wanted: Wanted) -> tuple[Value, ...]:
    """Arguments as the parameters have them, with defaults for those that are left out.

    Raises NotPlain, NotFitting.
    """
    values, parameters = list(given), wanted.signature.parameters
    for parameter in parameters[len(values) :]:
        if parameter.is_rest:
            break
        if wanted.language == "javascript" and not parameter.default:
            break
        if not parameter.default:
            raise NotPlain(f"{parameter.name} is left out")
        values.append(value_in(parameter.default, wanted.language))
    takes_more = bool(parameters) and parameters[-1].is_rest
    if len(values) > len(parameters) and not takes_more:
        raise NotPlain("too many arguments")
    return tuple(fitted(value, wanted.shape(index)) for index, value in enumerate(values))


def _arguments(written: str, before: str, wanted: Wanted) -> tuple[Value, ...]:
    for each in dict.fromkeys((wanted.language, *_OTHERS)):
        try:
            return arguments_in(written, each)
        except NotPlain:
            continue
    return tuple(
        _argument(argument, before, wanted, wanted.shape(index))
        for index, argument in enumerate(split(written))
    )


def _argument(argument: str, before: str, wanted: Wanted, shape: Shape) -> Value:
    try:
        return _literal(argument, wanted.language)
    except NotPlain:
        if not _WORD.fullmatch(argument):
            raise
    assigned = re.compile(rf"(?<![\w.]){argument}\s*(?::[^=\n;]*)?(?::=|=)\s*(?!=)")
    given = [match.end() for match in assigned.finditer(before)]
    if given:
        return literal_at(before, given[-1], wanted.language)
    is_parameter = any(parameter.name == argument for parameter in wanted.signature.parameters)
    if shape.kind in {Kind.TEXT, Kind.CHAR} and not is_parameter:
        return argument
    raise NotPlain(argument)


def _literal(written: str, language: str) -> Value:
    for each in dict.fromkeys((language, *_OTHERS)):
        try:
            return value_in(written, each)
        except NotPlain:
            continue
    raise NotPlain(written[:80])
