"""From a file of the source to the frame of its translation."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from attrs import evolve, frozen

from codenook.context.outline import Definition, Kind
from codenook.context.parse import Language, Parsed, encode, parse
from codenook.server.documentation.languages import subjects
from codenook.server.translation.languages.language import Reading, Unwritable
from codenook.server.translation.languages.writings import CLASSES
from codenook.server.translation.rules import Rule
from codenook.server.translation.shapes import UNKNOWN, Shape
from codenook.server.translation.shapes import Kind as Held
from codenook.server.translation.signature import Signature
from codenook.server.translation.skeletons.changes import changed
from codenook.server.translation.skeletons.declared import Declared, Shapes, declared, value_of
from codenook.server.translation.skeletons.frame import Class, Frame
from codenook.server.translation.writing.classes import Classes, ClassHeader, Constant, Field
from codenook.server.translation.writing.documentation import Renamed, comment
from codenook.server.translation.writing.errors import fault, named
from codenook.server.translation.writing.literals import NoLiteral
from codenook.server.translation.writing.members import Role, role_of
from codenook.server.translation.writing.names import is_constant
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place, scalar

_IMPLICIT = {"java", "cpp"}
"""Languages in which a method reads its fields by their names alone."""

_NO_BASES = {"object", "Object", "ABC"}


def frame(
    text: str,
    language: Language,
    reading: Reading,
    target: str,
    signatures: Mapping[str, Signature],
    *,
    wanted: AbstractSet[str] | None = None,
) -> Frame:
    """The frame of a file's translation; ``signatures`` are those of its functions and methods, by symbol.

    ``wanted`` are the symbols of the classes and constants that are translated along, None for all.
    """
    parsed, shapes = parse(language, encode(text)), Shapes(language, reading)
    return _Framing(parsed, shapes, CLASSES[target], signatures, wanted).frame()


@frozen
class _Framing:
    parsed: Parsed
    shapes: Shapes
    classes: Classes
    signatures: Mapping[str, Signature]
    wanted: AbstractSet[str] | None

    def frame(self) -> Frame:
        known, needs = self._known(), Needs()
        docs = {each.symbol: each.doc.texts for each in subjects(self.parsed) if each.doc is not None}
        asked = [each for each in known if self._is_asked(each)]
        made = [each for each in asked if each.kind is Kind.CLASS and not _is_enumeration(each)]
        for each in asked:
            if each.kind is Kind.INTERFACE or (each.kind is Kind.CLASS and each not in made):
                needs.note(
                    Rule.NOT_CARRIED, "Interfaces and enumerations are not carried over", f"`{each.name}`"
                )
        names = frozenset(each.name for each in made)
        own = {each.symbol for each in made}
        fixed = [each for each in asked if each.kind is Kind.CONSTANT or _is_class_constant(each)]
        fixed = [each for each in fixed if not each.parent or each.parent in own]
        constants = [row for each in fixed for row in self._constant(each, needs)]
        classes = [self._class(each, known, names, docs.get(each.symbol, ()), needs) for each in made]
        lines = {each.symbol: each.start_line for each in known if each.kind is not Kind.FIELD}
        return Frame(
            self.classes,
            tuple(constants),
            tuple(classes),
            names,
            lines,
            needs.imports,
            needs.notes,
            {
                each.symbol: self._changed(each, known)
                for each in known
                if each.symbol in self.signatures and each.kind is not Kind.FIELD
            },
        )

    def _changed(self, definition: Definition, known: Sequence[Definition]) -> frozenset[str]:
        parameters = {each.name for each in self.signatures[definition.symbol].parameters}
        is_own = definition.parent and self._source in _IMPLICIT
        fields = {
            each.name
            for each in known
            if is_own and each.parent == definition.parent and each.kind is Kind.FIELD
        }
        return changed(self.parsed, definition, parameters, fields)

    def _is_asked(self, definition: Definition) -> bool:
        """Whether a class, a constant or what is in a class is translated along."""
        return self.wanted is None or not self.wanted.isdisjoint({definition.symbol, definition.parent})

    def _is_function(self, definition: Definition) -> bool:
        return definition.symbol in self.signatures and definition.kind is not Kind.FIELD

    def _known(self) -> list[Definition]:
        """The definitions, also fields that are called as a method is."""
        reader = self.parsed.language.reader
        found = {(each.symbol, each.kind): each for each in reader.every_definition(self.parsed)}
        settled = reader.definitions(self.parsed)
        kept = {(each.symbol, each.kind) for each in settled}
        fields = [each for key, each in found.items() if each.kind is Kind.FIELD and key not in kept]
        return sorted([*settled, *fields], key=lambda each: (each.start_line, each.end_line))

    @property
    def _source(self) -> str:
        return self.parsed.language.id

    def _constant(self, definition: Definition, needs: Needs) -> Iterator[str]:
        """The constant, where its value is plain and the language can write it."""
        writer, found = self.classes.writer, declared(definition, self._source)
        read = self.shapes.of(found, {})
        is_fixed = found.is_fixed or is_constant(found.name)
        try:
            held = writer.types.fitted(read, Needs(), frozenset())
            value = writer.literals.written(value_of(found, self._source), held, needs)
            name = writer.naming.of_constant(found.name, is_public=definition.is_public)
            if not is_constant(found.name):
                name = writer.naming.of_field(found.name, is_public=definition.is_public)
            yield self.classes.constant(
                Constant(name, held, value, is_public=definition.is_public, is_fixed=is_fixed), needs
            )
        except (NoLiteral, Unwritable):
            needs.note(Rule.NOT_CARRIED, "Values that are not plain are not carried over", f"`{found.name}`")

    def _class(
        self,
        definition: Definition,
        known: Sequence[Definition],
        names: frozenset[str],
        doc: Sequence[str],
        needs: Needs,
    ) -> Class:
        own = [each for each in known if each.parent == definition.symbol]
        methods = {
            each.symbol: self.signatures[each.symbol]
            for each in own
            if each.symbol in self.signatures and each.kind is not Kind.FIELD
        }
        makers = [each for each in methods.values() if role_of(each, self._source) is Role.CONSTRUCTOR]
        given = {each.name: each.shape for maker in makers for each in maker.parameters}
        given |= {f"{name}(": Shape(Held.CLASS, name=name) for name in names}
        writer = self.classes.writer
        header = ClassHeader(
            writer.types.class_name(definition.name),
            self._fields(own, given, names, needs),
            self._base(definition, names, needs),
            tuple(comment("\n".join(doc), self._source, writer.language, Renamed({}, {}, {}))) if doc else (),
            definition.is_public,
            has_constructor=bool(makers),
            has_methods=bool(methods),
        )
        is_public = {
            symbol: signature.is_public or role_of(signature, self._source) is not Role.NONE
            for symbol, signature in methods.items()
        }
        return Class(definition.symbol, header, is_public, definition.start_line)

    def _fields(
        self,
        own: Sequence[Definition],
        given: Mapping[str, Shape],
        names: frozenset[str],
        needs: Needs,
    ) -> tuple[Field, ...]:
        """The fields, none of them called as a method is."""
        naming = self.classes.writer.naming
        taken = {
            naming.of_function(each.name, is_public=each.is_public, is_method=True)
            for each in own
            if each.kind is Kind.METHOD
        }
        fields = [each for each in own if each.kind is Kind.FIELD and not _is_class_constant(each)]
        found = [self._field(each, given, names, needs) for each in fields]
        return tuple(evolve(each, name=f"{each.name}_") if each.name in taken else each for each in found)

    def _field(
        self, definition: Definition, given: Mapping[str, Shape], names: frozenset[str], needs: Needs
    ) -> Field:
        writer, found = self.classes.writer, declared(definition, self._source)
        needs.about = f"`{found.name}`"
        read = self.shapes.of(found, given)
        try:
            held = writer.types.fitted(read, needs, names)
            written = writer.types.text(held, Place.FIELD, needs)
        except Unwritable as error:
            needs.note(Rule.NOT_CARRIED, f"Types that have no form are `{writer.types.top}` here: {error}")
            held = UNKNOWN
            written = writer.types.text(held, Place.FIELD, needs)
        needs.about = ""
        name = writer.naming.of_field(found.name, is_public=definition.is_public)
        return Field(name, held, written, definition.is_public, self._first(found, held))

    def _first(self, found: Declared, held: Shape) -> str:
        """What a field is at first, where that is a plain value."""
        is_plain = scalar(held) or held.kind is Held.TEXT
        try:
            value = value_of(found, self._source) if found.value and is_plain else None
            return self.classes.writer.literals.written(value, held, Needs()) if value is not None else ""
        except NoLiteral:
            return ""

    def _base(self, definition: Definition, names: frozenset[str], needs: Needs) -> str:
        """What the class derives from, where the language has that and knows it."""
        writer = self.classes.writer
        for base in definition.bases:
            name = base.rpartition(".")[2]
            if name in _NO_BASES:
                continue
            what = fault(name, self._source)
            if self.classes.has_bases and name in names:
                return writer.types.class_name(name)
            if self.classes.has_bases and what and (error := named(what, writer.language)):
                return error
            needs.note(
                Rule.INHERITANCE,
                "What a class derives from is not carried over",
                f"`{definition.name}({name})`",
            )
        return ""


def _is_class_constant(definition: Definition) -> bool:
    """Whether a field belongs to the class and doesn't change."""
    return definition.kind is Kind.FIELD and is_constant(definition.name) and " = " in definition.signature


def _is_enumeration(definition: Definition) -> bool:
    return "enum " in f"{definition.signature} " or any("Enum" in base for base in definition.bases)
