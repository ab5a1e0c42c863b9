"""What a file offers to others and asks of them, in a form that is the same for every language."""

from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen


class Kind(StrEnum):
    """What a definition is; languages map their own words to these."""

    CLASS = "class"
    """A class, struct, record or enum: something that can have members and be constructed."""
    INTERFACE = "interface"
    """An interface, trait or protocol: members without an instance of their own."""
    FUNCTION = "function"
    METHOD = "method"
    FIELD = "field"
    """A field, property, attribute or enum member."""
    CONSTANT = "constant"
    """A constant or variable at file level, and a macro without parameters."""
    TYPE = "type"
    """An alias for a type."""
    MACRO = "macro"


@frozen
class Definition:
    """One definition.

    ``symbol`` is the qualified name inside the file (``Class.method``) and ``name`` its last part;
    ``parent`` the symbol of the definition around it, empty at file level. Lines are 1-based and
    inclusive; they span decorators and the body, not the comment above. ``signature`` is what a reader needs
    in order to use it, without its body and its members; ``doc`` the first line of its documentation.
    ``type`` is the dotted name of its declared type or of what it returns, empty when unknown: the head
    alone (``list`` of ``list[int]``), or of a container what it holds where the language says so; of a type
    of functions, what they are given first.
    ``body`` is what the model is shown in place of the signature (see `bodies`): empty in an outline.
    ``bases`` are the dotted names of what it derives from or implements. ``is_public`` is False for what
    the language or its customs keep to the file or the class.
    """

    name: str
    symbol: str
    kind: Kind
    start_line: int
    end_line: int
    signature: str
    parent: str = ""
    doc: str = ""
    type: str = ""
    bases: tuple[str, ...] = ()
    is_public: bool = True
    body: str = ""


@frozen
class Import:
    """One imported name.

    ``module`` is spelled as in the source (``..m``, ``./m``, ``example.org/x/m``, ``crate::m``, ``m.h``).
    ``name`` None means the module itself, ``*`` all of its names. ``binds`` is the local name, empty when
    there is none (an import for its effects) or ``*``. ``is_exported`` says that others can import it from
    here.
    """

    module: str
    name: str | None
    binds: str
    is_exported: bool = False


@frozen
class Outline:
    """A file as the index keeps it.

    ``package`` is what the file says that it belongs to (Go, Java), else empty; ``occurrences`` counts
    each identifier of the text outside comments and strings.
    """

    language: str
    definitions: tuple[Definition, ...] = ()
    imports: tuple[Import, ...] = ()
    occurrences: Mapping[str, int] = {}
    package: str = ""
