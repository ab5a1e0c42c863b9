"""What methods are to their language: constructors, and those that it calls itself."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import evolve

from codenook.server.translation.shapes import UNKNOWN, Kind, Shape
from codenook.server.translation.signature import Signature


class Role(StrEnum):
    """What a method is for, where a language has a name of its own for it."""

    CONSTRUCTOR = "constructor"
    TEXT = "text"
    EQUALS = "equals"
    HASH = "hash"
    LENGTH = "length"
    NONE = "none"


NAMES: Mapping[str, Mapping[Role, str]] = {
    "python": {
        Role.CONSTRUCTOR: "__init__",
        Role.TEXT: "__str__",
        Role.EQUALS: "__eq__",
        Role.HASH: "__hash__",
        Role.LENGTH: "__len__",
    },
    "javascript": {Role.CONSTRUCTOR: "constructor", Role.TEXT: "toString"},
    "typescript": {Role.CONSTRUCTOR: "constructor", Role.TEXT: "toString"},
    "java": {Role.TEXT: "toString", Role.EQUALS: "equals", Role.HASH: "hashCode", Role.LENGTH: "size"},
    "go": {Role.TEXT: "String", Role.LENGTH: "Len"},
    "rust": {Role.CONSTRUCTOR: "new", Role.TEXT: "to_string", Role.LENGTH: "len"},
    "cpp": {Role.EQUALS: "operator==", Role.LENGTH: "size", Role.TEXT: "to_string"},
    "c": {Role.CONSTRUCTOR: "new"},
}
"""The names of each language; a constructor is called as its class where none is here."""

_USUAL = {Role.TEXT: "to_string", Role.EQUALS: "equals", Role.HASH: "hash_code", Role.LENGTH: "length"}
"""Names for what a language has none for."""

_N_PARAMETERS = {Role.TEXT: 0, Role.EQUALS: 1, Role.HASH: 0, Role.LENGTH: 0}


def role_of(signature: Signature, language: str) -> Role:
    """What a function or method read in ``language`` is."""
    if not signature.owner:
        return Role.NONE
    known = NAMES.get(language, {})
    is_called_so = signature.name == known.get(Role.CONSTRUCTOR, signature.owner.rpartition(".")[2])
    if is_called_so and (language != "rust" or signature.is_static):
        return Role.CONSTRUCTOR
    if signature.is_static:
        return Role.NONE
    for role, count in _N_PARAMETERS.items():
        if known.get(role) == signature.name and len(signature.parameters) == count:
            return role
    return Role.NONE


def name_of(role: Role, language: str) -> str:
    """The name for a role, as it is or to be put in the language's style."""
    return NAMES.get(language, {}).get(role) or _USUAL[role]


_COMPARES_ALL = {"python", "java"}
"""Languages in which an object is compared with whatever there is."""


def usual(signature: Signature, role: Role, target: str) -> Signature:
    """A method as its role asks for it in ``target``, whatever types it has in the source."""
    if signature.name.startswith("__") and signature.name.endswith("__"):
        signature = evolve(signature, is_public=True)
    if role in _RESULTS:
        own = Shape(Kind.CLASS, name=signature.owner.rpartition(".")[2])
        other = UNKNOWN if target in _COMPARES_ALL else own
        parameters = tuple(evolve(each, shape=other, default="") for each in signature.parameters)
        return evolve(signature, parameters=parameters, result=_RESULTS[role], is_public=True)
    return signature


_RESULTS = {
    Role.TEXT: Shape(Kind.TEXT),
    Role.EQUALS: Shape(Kind.BOOL),
    Role.HASH: Shape(Kind.INT, bits=32),
    Role.LENGTH: Shape(Kind.INT, bits=32),
}
