"""What a definition says of a field or constant: its type and its value, as they are written."""

import re
from collections.abc import Mapping

from attrs import define, field, frozen

from codenook.context.outline import Definition, Kind
from codenook.context.parse import Language, encode, parse
from codenook.server.translation.inputs.fitting import shape_of
from codenook.server.translation.languages.language import Reading
from codenook.server.translation.shapes import UNKNOWN, Shape
from codenook.server.translation.shapes import Kind as Held
from codenook.server.translation.values import Value
from codenook.server.translation.writing.literals import NoLiteral, value

_MODIFIERS = re.compile(
    r"(?:(?:pub(?:\([\w: ]+\))?|public|private|protected|static|final|const|constexpr|inline|readonly|let"
    r"|var|export|declare|extern|mutable|volatile|transient|mut|default|override|accessor|#define)\s+)+"
)
_FUNCTIONS = {
    "python": "def f(it: {type}): pass\n",
    "typescript": "function f(it: {type}) {{}}\n",
    "go": "package p\nfunc f(it {type}) {{}}\n",
    "rust": "fn f(it: {type}) {{}}\n",
    "java": "class A {{ void f({type} it) {{}} }}\n",
    "c": "void f({type} it) {{}}\n",
    "cpp": "void f({type} it) {{}}\n",
}
"""A function that takes what is of a type: so a type is read as that of a parameter."""


@frozen
class Declared:
    """A field or constant: the text of its type and of its value, empty where there is none."""

    name: str
    type: str = ""
    value: str = ""
    is_fixed: bool = False


def declared(definition: Definition, language: str) -> Declared:
    """What the definition of a field or constant says."""
    name = definition.name.lstrip("#")
    bare = definition.signature.replace("#", "") if language != "c" else definition.signature
    modifiers = _MODIFIERS.match(bare)
    is_fixed = bool(modifiers and re.search(r"\b(?:const|constexpr|final|readonly|define)\b", modifiers[0]))
    text = _MODIFIERS.sub("", bare, count=1)
    head, _, given = text.partition(" = ")
    if modifiers and "#define" in modifiers[0]:
        return Declared(name, "", text.removeprefix(name).strip(), is_fixed=True)
    if language in {"python", "typescript", "rust", "javascript"}:
        kind = head.partition(":")[2]
    elif language == "go":
        kind = head.removeprefix(name)
    else:
        stars = "*" * head.count("*")
        kind = re.sub(rf"[\s*&]*\b{re.escape(name)}\b.*$", "", head) + stars
    return Declared(name, kind.strip(), given.strip().rstrip(";"), is_fixed=is_fixed)


def value_of(found: Declared, language: str) -> Value:
    """The value of a constant; raises NoLiteral for what is no plain one."""
    return value(found.value, language)


@define
class Shapes:
    """Tells what fields and constants of a file hold; a type is read once."""

    language: Language
    reading: Reading
    _of_types: dict[str, Shape] = field(factory=dict, init=False)

    def of(self, found: Declared, known: Mapping[str, Shape]) -> Shape:
        """By its type, else by its value; ``known`` are what names stand for."""
        if found.type and (of_type := self._of_type(found.type)) != UNKNOWN:
            return of_type
        if (given := _given(found.value, known)) is not None:
            return given
        try:
            return shape_of(value_of(found, self.language.id))
        except NoLiteral:
            return UNKNOWN

    def _of_type(self, kind: str) -> Shape:
        if kind not in self._of_types:
            self._of_types[kind] = self._read(kind)
        return self._of_types[kind]

    def _read(self, kind: str) -> Shape:
        text = _FUNCTIONS.get(self.language.id, "").format(type=kind)
        for definition in self.language.reader.definitions(parse(self.language, encode(text))):
            if definition.kind in {Kind.FUNCTION, Kind.METHOD}:
                signature = self.reading.signature(text, definition)
                return signature.parameters[0].shape if signature and signature.parameters else UNKNOWN
        return UNKNOWN


def _given(given: str, known: Mapping[str, Shape]) -> Shape | None:
    """What a value is: a name that is known, or another value where that is nothing, or a new object."""
    name, is_either = re.subn(r" (?:or|\|\||\?\?) .*$", "", given, flags=re.DOTALL)
    if (found := known.get(name)) is not None:
        return found.parts[0] if is_either and found.kind is Held.OPTION else found
    made = re.match(r"(?:new |&)?(\w+)[({]", given)
    return known.get(f"{made[1]}(") if made else None
