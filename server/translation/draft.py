"""A file of the target language that is being written: skeletons, and the bodies that are there so far."""

from collections.abc import Iterable, Mapping

from attrs import define, field

from codenook.server.translation.languages.language import Note, Skeleton, Unwritable, Writing
from codenook.server.translation.making.imports import needed
from codenook.server.translation.making.maker import Body, Hole
from codenook.server.translation.pieces import Piece, Pieces
from codenook.server.translation.signature import Signature
from codenook.server.translation.writing.members import Role, role_of

_MARK = "codenook_body_is_written_here"
_IN_ORDER = {"c", "cpp"}
"""Languages in which what is called must stand before."""


@define(eq=False)
class Draft:
    """The translation of ``pieces`` from the language ``source`` to ``target``.

    ``unwritable`` says of what has no form in the target why.
    """

    pieces: Pieces
    source: str
    target: str
    writing: Writing
    skeletons: dict[str, Skeleton] = field(factory=dict, init=False)
    unwritable: dict[str, str] = field(factory=dict, init=False)
    bodies: dict[str, Body] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        """Write the skeletons."""
        for piece in self.pieces.functions:
            try:
                skeleton = self.writing.function(piece.signature, self.source)
            except Unwritable as error:
                self.unwritable[piece.symbol] = str(error)
            else:
                self.skeletons[piece.symbol] = skeleton

    def stub(self, symbol: str) -> str:
        """What stands for a body that isn't there."""
        return self.writing.unwritten(symbol)

    def hole(self, piece: Piece) -> Hole:
        """The place of a body that is still to be written."""
        skeleton = self.skeletons[piece.symbol]
        text = self._text({**self.bodies, piece.symbol: Body(f"{skeleton.indent}{_MARK}\n")})
        before, _, after = text.partition(f"{skeleton.indent}{_MARK}\n")
        known = [self.skeletons[symbol] for symbol in piece.reads if symbol in self.skeletons]
        return Hole(
            piece.symbol,
            piece.source,
            skeleton.signature.name,
            skeleton.before.lstrip("\n"),
            skeleton.after,
            before,
            after,
            skeleton.indent,
            tuple(_header(each) for each in known),
        )

    def with_body(self, symbol: str, body: Body) -> str:
        """The file with one more body."""
        return self._text({**self.bodies, symbol: body})

    def text(self) -> str:
        """The file as it is."""
        return self._text(self.bodies)

    def _text(self, bodies: Mapping[str, Body]) -> str:
        imports: list[str] = []
        written = dict[str, str]()
        for symbol, skeleton in self.skeletons.items():
            body = bodies.get(symbol) or self._unwritten(symbol, skeleton)
            imports += (*skeleton.imports, *body.imports)
            written[symbol] = skeleton.with_body(body.text)
        return self.writing.file(list(dict.fromkeys(imports)), [written[each] for each in self._order()])

    def _unwritten(self, symbol: str, skeleton: Skeleton) -> Body:
        text = f"{skeleton.indent}{self.stub(symbol)}\n"
        return Body(text, needed(text, self.target))

    def _order(self) -> list[str]:
        pieces: Iterable[Piece] = self.pieces.functions
        if self.target in _IN_ORDER:
            pieces = self.pieces.in_order()
        return [each.symbol for each in pieces if each.symbol in self.skeletons]

    def constructors(self) -> Mapping[str, tuple[Piece, Signature]]:
        """What makes the objects of each class, with how it is called in the translation."""
        return {
            piece.definition.parent: (piece, self.skeletons[piece.symbol].signature)
            for piece in self.pieces.functions
            if piece.symbol in self.skeletons and role_of(piece.signature, self.source) is Role.CONSTRUCTOR
        }

    def notes(self, symbol: str) -> tuple[Note, ...]:
        """What does not carry over of a function."""
        skeleton = self.skeletons.get(symbol)
        return skeleton.notes if skeleton else ()


def _header(skeleton: Skeleton) -> str:
    """The last row of what stands before a body: its header, where that is in one row."""
    rows = skeleton.before.rstrip().split("\n")
    return "\n".join(row for row in rows if not row.lstrip().startswith(("/", "*", "#", '"'))).strip()
