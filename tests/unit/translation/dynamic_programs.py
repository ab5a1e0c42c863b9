"""What the tests of Python and JavaScript share: programs, their signatures, and calls of them."""

from codenook.context.outline import Definition
from codenook.context.parse import encode, language_named, parse
from codenook.server.translation.languages.language import Program
from codenook.server.translation.outcome import Call


def definition_in(language_id: str, text: str, symbol: str) -> Definition:
    language = language_named(language_id)
    outline = language.reader.outline(parse(language, encode(text)))
    return next(each for each in outline.definitions if each.symbol == symbol)


def signature_in(reading, text: str, symbol: str):
    return reading.signature(text, definition_in(reading.language, text, symbol))


def program_of(reading, text: str, symbol: str) -> Program:
    return Program(text, signature_in(reading, text, symbol))


def calls_with(*arguments: tuple) -> list[Call]:
    return [Call(each) for each in arguments]
