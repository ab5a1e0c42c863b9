"""A file of the target language that is being written: the frame, skeletons, and the bodies so far."""

from collections.abc import Mapping

from attrs import define, field

from codenook.context.parse import Language
from codenook.server.translation.languages.language import (
    Note,
    Reading,
    Skeleton,
    Unwritable,
)
from codenook.server.translation.making.imports import needed
from codenook.server.translation.making.maker import Body, Hole
from codenook.server.translation.notes import notes
from codenook.server.translation.pieces import Piece, Pieces
from codenook.server.translation.signature import Signature
from codenook.server.translation.skeletons.frame import Frame
from codenook.server.translation.skeletons.framing import frame
from codenook.server.translation.writing.members import Role, role_of
from codenook.server.translation.writing.writer import Writer

_MARK = "codenook_body_is_written_here"


@define(eq=False)
class Draft:
    """The translation of ``pieces`` of a ``text`` in ``language`` to ``target``, which ``writing`` writes.

    ``unwritable`` says of what has no form in the target why.
    """

    text: str
    language: Language
    reading: Reading
    pieces: Pieces
    target: str
    writing: Writer
    skeletons: dict[str, Skeleton] = field(factory=dict, init=False)
    unwritable: dict[str, str] = field(factory=dict, init=False)
    bodies: dict[str, Body] = field(factory=dict, init=False)
    _frame: Frame = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Write the frame and the skeletons."""
        signatures = {piece.symbol: piece.signature for piece in self.pieces.functions}
        self._frame = frame(
            self.text,
            self.language,
            self.reading,
            self.target,
            signatures,
            wanted=self.pieces.others,
        )
        for piece in self.pieces.functions:
            around = self._frame.around(piece.symbol)
            try:
                self.skeletons[piece.symbol] = self.writing.function(piece.signature, self._source, around)
            except Unwritable as error:
                self.unwritable[piece.symbol] = str(error)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What does not carry over of the file besides its functions."""
        return self._frame.notes

    def notes_of(self, symbol: str) -> tuple[Note, ...]:
        """What does not carry over of a function: of its types, and of what its body does."""
        skeleton = self.skeletons.get(symbol)
        if skeleton is None:
            return ()
        piece = next(each for each in self.pieces.functions if each.symbol == symbol)
        done = notes(self.text, self.language, piece.definition, piece.signature, self.target)
        return (*skeleton.notes, *done)

    def stub(self, symbol: str) -> str:
        """What stands for a body that isn't there."""
        return self.writing.unwritten(symbol)

    def called(self, symbol: str) -> Signature:
        """The signature by which a function of the translation is called."""
        return self.writing.placed(self.skeletons[symbol].signature)

    def constructors(self) -> Mapping[str, tuple[Piece, Signature]]:
        """What makes the objects of each class, with how it is called in the translation."""
        return {
            piece.definition.parent: (piece, self.skeletons[piece.symbol].signature)
            for piece in self.pieces.functions
            if piece.symbol in self.skeletons and role_of(piece.signature, self._source) is Role.CONSTRUCTOR
        }

    def hole(self, piece: Piece) -> Hole:
        """The place of a body that is still to be written."""
        skeleton = self.skeletons[piece.symbol]
        mark = f"{skeleton.indent}{_MARK}\n"
        before, _, after = self.with_body(piece.symbol, Body(mark)).partition(mark)
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

    def whole(self) -> str:
        """The file as it is."""
        return self._text(self.bodies)

    @property
    def _source(self) -> str:
        return self.pieces.language

    def _text(self, bodies: Mapping[str, Body]) -> str:
        """The file with ``bodies``, and in the place of all others what says that they aren't there."""
        imports: list[str] = []
        written = dict[str, str]()
        for piece in self.pieces.in_order():
            skeleton = self.skeletons.get(piece.symbol)
            if skeleton is not None:
                body = bodies.get(piece.symbol) or self._unwritten(piece.symbol, skeleton)
                imports += (*skeleton.imports, *body.imports)
                written[piece.symbol] = skeleton.with_body(body.text)
        return self._frame.text(written, imports, self.writing)

    def _unwritten(self, symbol: str, skeleton: Skeleton) -> Body:
        text = f"{skeleton.indent}{self.stub(symbol)}\n"
        return Body(text, needed(text, self.target))


def _header(skeleton: Skeleton) -> str:
    """What stands before a body without its comment."""
    rows = skeleton.before.rstrip().split("\n")
    return "\n".join(row for row in rows if not row.lstrip().startswith(("/", "*", "#", '"'))).strip()
