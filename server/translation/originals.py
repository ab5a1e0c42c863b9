"""What the originals do, seen once: the calls that a translation is compared on, and what comes of them."""

from collections.abc import Mapping, Sequence

from attrs import define, field

from codenook.context.manager import ContextManager
from codenook.server.translation.inputs.make import Inputs, inputs, joint_shapes
from codenook.server.translation.inputs.workspace import in_workspace
from codenook.server.translation.inputs.written import Wanted
from codenook.server.translation.languages.language import Program, Running
from codenook.server.translation.pieces import Piece
from codenook.server.translation.signature import Signature
from codenook.server.translation.trying import Known
from codenook.server.translation.values import Value

N_OBJECTS = 6
"""Objects that a method is called on, at most."""

NOTHING = ((),)
"""The arguments of a constructor that takes none."""


@define(eq=False)
class Originals:
    """The functions of one file: ``text`` at ``path`` in ``language``.

    ``running`` is None where nothing may be run, and ``why_not`` then says why. ``constructors`` are by the
    symbol of their class, with their signatures in the translation.
    """

    text: str
    path: str
    language: str
    running: Running | None
    why_not: str
    workspace: ContextManager
    constructors: Mapping[str, tuple[Piece, Signature]] = field(factory=dict)
    _objects: dict[str, Inputs] = field(factory=dict, init=False)

    async def known(self, piece: Piece, translation: Signature) -> Known:
        """What one does; raises NoSandbox, SandboxFailed."""
        if self.running is None:
            return Known(piece.signature, why=self.why_not)
        if any(piece is constructor for constructor, _ in self.constructors.values()):
            return Known(piece.signature, why="a constructor is compared by what methods of its objects give")
        made_with: Sequence[tuple[Value, ...]] = NOTHING
        if piece.signature.owner and not piece.signature.is_static:
            objects = await self._made_with(piece.definition.parent)
            if not objects.calls:
                return Known(piece.signature, why=f"no object of it can be made: {objects.why}")
            made_with = [each.arguments for each in objects.calls[:N_OBJECTS]]
        found = await self._inputs(piece.signature, translation, made_with)
        if not found.calls:
            return Known(piece.signature, why=found.why)
        ran = await self.running.run(Program(self.text, piece.signature), found.calls)
        if ran.refusal is not None:
            return Known(piece.signature, why=f"the original doesn't run: {ran.refusal.message}")
        return Known(piece.signature, found.calls, ran.outcomes)

    async def _made_with(self, owner: str) -> Inputs:
        """What objects of a class can be made with, on both sides."""
        if owner not in self._objects:
            constructor = self.constructors.get(owner)
            self._objects[owner] = (
                await self._inputs(constructor[0].signature, constructor[1], NOTHING)
                if constructor
                else inputs(Program(self.text, Signature(owner)), self.language)
            )
        return self._objects[owner]

    async def _inputs(
        self, signature: Signature, translation: Signature, made_with: Sequence[tuple[Value, ...]]
    ) -> Inputs:
        wanted = Wanted(signature, self.language, joint_shapes(signature, translation))
        seen = await self.workspace.ask(lambda code: in_workspace(code, self.path, self.text, wanted))
        return inputs(
            Program(self.text, signature), self.language, translation, seen or (), made_with=made_with
        )
