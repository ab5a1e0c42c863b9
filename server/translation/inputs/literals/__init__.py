"""Plain values from literals of a language's syntax tree."""

from codenook.server.translation.inputs.literals.literal import NotPlain
from codenook.server.translation.inputs.literals.read import arguments_in, value_in, value_of

__all__ = ["NotPlain", "arguments_in", "value_in", "value_of"]
