"""How a function is written in any language; what is particular of each is how it is laid out."""

from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar, Self

from attrs import evolve

from codenook.server.translation.languages.language import NOTHING_AROUND, Around, Skeleton
from codenook.server.translation.languages.titles import title
from codenook.server.translation.rules import Rule
from codenook.server.translation.shapes import Kind, Shape
from codenook.server.translation.signature import Parameter, Signature
from codenook.server.translation.writing.changing import is_changed
from codenook.server.translation.writing.documentation import Renamed, comment
from codenook.server.translation.writing.errors import Fault, fault, named
from codenook.server.translation.writing.header import Header
from codenook.server.translation.writing.literals import Literals, NoLiteral, value
from codenook.server.translation.writing.members import Role, name_of, role_of, usual
from codenook.server.translation.writing.names import Naming, distinct
from codenook.server.translation.writing.needs import Needs
from codenook.server.translation.writing.types import Place, Types, scalar


class Writer:
    """Writes the definitions of one language. Stateless."""

    language: ClassVar[str]
    naming: ClassVar[Naming]
    types: ClassVar[Types]
    literals: ClassVar[Literals]
    step: ClassVar[str] = "    "
    has_defaults: ClassVar[bool] = False
    has_inner_defaults: ClassVar[bool] = False
    """Whether a parameter with a default may stand before one without."""
    has_rest: ClassVar[bool] = False
    has_named: ClassVar[bool] = False
    has_async: ClassVar[bool] = False
    errors: ClassVar[str] = ""
    """How it says that a function fails, where that isn't by exceptions."""

    def function(self, signature: Signature, source: str, around: Around = NOTHING_AROUND) -> Skeleton:
        """A function or method of this language without its body; raises Unwritable."""
        needs = Needs()
        role = role_of(signature, source)
        signature = usual(signature, role, self.language)
        owner = signature.owner.rpartition(".")[2]
        classes = around.classes | ({owner} if owner else set())
        parameters = self._parameters(signature, source, evolve(around, classes=classes), needs)
        errors = self._errors(signature, source, around, needs)
        needs.about = "the result"
        result = Shape(Kind.NOTHING) if role is Role.CONSTRUCTOR else signature.result
        result = self.types.fitted(result, needs, classes)
        needs.about = ""
        if signature.is_async and not self.has_async:
            needs.note(Rule.ASYNC, f"An asynchronous function is an ordinary one in {self._title}")
        target = evolve(
            signature,
            owner=self.types.class_name(owner) if owner else "",
            name=self._name(signature, role),
            parameters=parameters,
            result=result,
            is_async=signature.is_async and self.has_async,
            raises=tuple(dict.fromkeys(errors.values())),
        )
        written = self.made(target) if role is Role.CONSTRUCTOR else self.result(target, needs)
        renamed = self._renamed(signature, target, errors, written)
        header = Header(target, role, signature.doc, source, renamed, "self" in around.changed, written)
        before, after, indent = self.layout(header, needs)
        return Skeleton(
            before, after, indent, self.placed(evolve(target, written=written)), needs.imports, needs.notes
        )

    # What a language says in its own way

    def layout(self, header: Header, needs: Needs) -> tuple[str, str, str]:
        """The text before and after the body, and how the body is indented."""
        raise NotImplementedError

    def result(self, signature: Signature, needs: Needs) -> str:
        """The type of what the function gives, as its header says it; empty where it says nothing."""
        return self.types.text(signature.result, Place.RESULT, needs)

    def placed(self, signature: Signature) -> Signature:
        """The signature by which it is called, where functions stand in something."""
        return signature

    def made(self, signature: Signature) -> str:  # noqa: ARG002 - most constructors give nothing
        """The type of what a constructor gives."""
        return ""

    def written(self, parameter: Parameter, place: Place, needs: Needs) -> str:
        """The type of a parameter."""
        return self.types.text(parameter.shape, place, needs)

    def unwritten(self, name: str) -> str:
        """A statement that says that ``name`` was not translated."""
        raise NotImplementedError

    def of_file(self, stem: str, classes: Collection[str] = ()) -> Self:  # noqa: ARG002 - names say little
        """The writer for a file that is called after ``stem``, in which ``classes`` stand."""
        return self

    def stem(self, stem: str) -> str:
        """What a file is called that is translated from one called ``stem``."""
        return stem

    def file(self, imports: Sequence[str], definitions: Sequence[str]) -> str:
        """A source file with these definitions."""
        head = "\n".join(dict.fromkeys(imports))
        return "\n\n".join(each.strip("\n") for each in (head, *definitions) if each.strip("\n")) + "\n"

    def comment(self, header: Header, indent: str) -> list[str]:
        """The rows of the documentation."""
        return comment(header.doc, header.source, self.language, header.renamed, indent)

    # How it is done

    @property
    def _title(self) -> str:
        return title(self.language)

    def _name(self, signature: Signature, role: Role) -> str:
        if role is Role.NONE:
            is_method = bool(signature.owner)
            return self.naming.of_function(signature.name, is_public=signature.is_public, is_method=is_method)
        if role is Role.CONSTRUCTOR:
            return self.constructor(self.types.class_name(signature.owner.rpartition(".")[2]))
        known = name_of(role, self.language)
        is_own = known.startswith(("__", "operator"))
        return known if is_own else self.naming.of_function(known, is_public=True, is_method=True)

    def constructor(self, owner: str) -> str:
        """What a constructor of a class is called."""
        return owner

    def _parameters(
        self, signature: Signature, source: str, around: Around, needs: Needs
    ) -> tuple[Parameter, ...]:
        names = distinct([self.naming.of_variable(each.name) for each in signature.parameters])
        found = []
        for number, (parameter, name) in enumerate(zip(signature.parameters, names, strict=True)):
            needs.about = f"`{name}`"
            parameter, place = self._arranged(signature, number, needs), Place.PARAMETER  # noqa: PLW2901
            if is_changed(parameter, source, around):
                place = Place.CHANGED if not parameter.is_rest else place
            default, shape = parameter.default, parameter.shape
            if self._is_null(default, source) and shape.kind not in {Kind.OPTION, Kind.ANY}:
                shape = Shape(Kind.OPTION, (shape,))
            shape = self.types.fitted(shape, needs, around.classes)
            fitted = evolve(parameter, name=name, shape=shape, default="")
            if place is Place.CHANGED:
                default = self._changed(shape, default, needs)
            kind = self.written(fitted, place, needs)
            default = self._default(default, shape, source, needs)
            found.append(evolve(fitted, written=kind, default=default))
        return self._ordered(found, needs)

    def _arranged(self, signature: Signature, number: int, needs: Needs) -> Parameter:
        """A parameter, in the form that this language has for it."""
        parameter = signature.parameters[number]
        is_last = number == len(signature.parameters) - 1
        if parameter.is_rest and not self.has_named:
            if parameter.is_named:
                needs.note(Rule.NAMED_ARGUMENTS, f"Further arguments by name are one map in {self._title}")
                return evolve(
                    parameter,
                    is_rest=False,
                    is_named=False,
                    shape=Shape(Kind.MAP, (Shape(Kind.TEXT), parameter.shape)),
                )
            if not (self.has_rest and is_last):
                needs.note(Rule.FURTHER_ARGUMENTS, f"Further arguments are one list in {self._title}")
                return evolve(parameter, is_rest=False, shape=Shape(Kind.LIST, (parameter.shape,)))
        if parameter.is_named and not self.has_named:
            needs.note(Rule.NAMED_ARGUMENTS, f"Arguments are passed by position in {self._title}")
            return evolve(parameter, is_named=False)
        return parameter

    def _changed(self, shape: Shape, default: str, needs: Needs) -> str:
        """The default of a parameter that is changed for the caller: none where that takes a variable."""
        if self.types.has_references and default:
            self._note_lost(f"{needs.about} = {' '.join(default.split())[:60]}", needs)
            return ""
        if not self.types.has_references and (scalar(shape) or shape.kind in {Kind.TEXT, Kind.BYTES}):
            needs.note(Rule.CHANGED_ARGUMENT, f"In {self._title} a caller doesn't see that this changes")
        return default

    def _is_null(self, default: str, source: str) -> bool:
        try:
            return bool(default) and value(default, source) is None
        except NoLiteral:
            return False

    def _default(self, default: str, shape: Shape, source: str, needs: Needs) -> str:
        """The default as it is written here; empty where there is none, or it can't be written."""
        if not default:
            return ""
        try:
            if self.has_defaults:
                return self.literals.written(value(default, source), shape, needs)
        except NoLiteral:
            pass
        self._note_lost(f"{needs.about} = {' '.join(default.split())[:60]}", needs)
        return ""

    def _note_lost(self, about: str, needs: Needs) -> None:
        needs.note(Rule.DEFAULT_LOST, f"Without a default in {self._title}, each caller passes it", about)

    def _ordered(self, parameters: Sequence[Parameter], needs: Needs) -> tuple[Parameter, ...]:
        """The parameters, without defaults that stand before a parameter which has none."""
        if self.has_inner_defaults:
            return tuple(parameters)
        found, is_open = list[Parameter](), True
        for parameter in reversed(parameters):
            is_free = parameter.is_named and self.has_named
            if parameter.default and not is_open and not is_free:
                self._note_lost(f"`{parameter.name}` = {parameter.default}", needs)
                found.append(evolve(parameter, default=""))
                continue
            is_open = is_open and bool(parameter.default or parameter.is_rest or is_free)
            found.append(parameter)
        return tuple(reversed(found))

    def _errors(self, signature: Signature, source: str, around: Around, needs: Needs) -> dict[str, str]:
        """The errors of the source with their names here; where errors have none here, with their own."""
        found = {}
        for name in signature.raises:
            bare = name.rpartition(".")[2].rpartition("::")[2]
            if bare in around.classes:
                found[name] = self.types.class_name(bare)
                continue
            what = fault(name, source) or Fault.ANY
            here = named(what, self.language)
            found[name] = here or bare
            if not here:
                needs.note(Rule.ERRORS, f"Errors are {self.errors} in {self._title}", f"`{bare}`")
            elif here != name:
                needs.note(Rule.ERRORS, f"Errors have other names in {self._title}", f"`{name}` is `{here}`")
        return found

    def _renamed(
        self, signature: Signature, target: Signature, errors: Mapping[str, str], written: str
    ) -> Renamed:
        pairs = list(zip(signature.parameters, target.parameters, strict=True))
        types = {new.name: new.written for _, new in pairs}
        if target.result.kind is not Kind.NOTHING:
            types[""] = written
        return Renamed({old.name: new.name for old, new in pairs}, errors, types)
