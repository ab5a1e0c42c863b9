"""What a function or method takes and gives, read in one language."""

from attrs import frozen

from codenook.server.translation.shapes import UNKNOWN, Shape


@frozen
class Parameter:
    """A parameter.

    ``written`` is its type as the source has it (``&[i32]``, ``const string&``), empty where it has none.
    ``default`` is source text. ``is_rest`` takes all further arguments, ``is_named`` is passed by name only.
    """

    name: str
    shape: Shape = UNKNOWN
    written: str = ""
    default: str = ""
    is_rest: bool = False
    is_named: bool = False


@frozen
class Signature:
    """A function or method; the receiver (``self``, ``this``) is none of its parameters.

    ``written`` is the type of its result as the source has it. ``owner`` is the class that it is a method of,
    ``is_static`` says that it needs no object. ``raises`` are the errors that its body raises by name.
    ``doc`` is what its documentation says, without the marks of a comment.
    """

    name: str
    parameters: tuple[Parameter, ...] = ()
    result: Shape = UNKNOWN
    written: str = ""
    owner: str = ""
    is_static: bool = False
    is_public: bool = True
    is_async: bool = False
    raises: tuple[str, ...] = ()
    doc: str = ""

    @property
    def symbol(self) -> str:
        """The qualified name: ``Class.method``."""
        return f"{self.owner}.{self.name}" if self.owner else self.name
