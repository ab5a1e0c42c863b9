"""What the object of a method is made from."""

from collections.abc import Sequence

from codenook.context.parse import encode, language_named, parse
from codenook.server.translation.languages.language import Program, Reading
from codenook.server.translation.signature import Parameter


def made_from(reading: Reading, language_id: str, program: Program, constructor: str) -> Sequence[Parameter]:
    """The parameters of the constructor of a method's class; none of a class that has none of its own."""
    owner, language = program.signature.owner, language_named(language_id)
    if not owner or language is None:
        return ()
    parsed = parse(language, encode(program.text))
    symbol = f"{owner}.{constructor}"
    for definition in language.reader.outline(parsed).definitions:
        if definition.symbol == symbol:
            signature = reading.signature(program.text, definition)
            return signature.parameters if signature else ()
    return ()
