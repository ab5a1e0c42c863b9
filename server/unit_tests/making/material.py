"""What a model is asked with: the target, what stands around it, and the test file as it would go on."""

from collections.abc import Sequence

from attrs import evolve, field, frozen

from codenook.context.parse import encode, language_named, parse
from codenook.context.snippets import Context
from codenook.models.engine.client import Engine
from codenook.models.engine.messages import ModelInfo
from codenook.models.prompts.families import FAMILIES
from codenook.models.prompts.fim import Segment, Special
from codenook.models.prompts.layouts import Infill, line_comment
from codenook.server.config import Settings
from codenook.server.documentation.languages import subjects
from codenook.server.documentation.subject import Subject
from codenook.server.tasks.budget import n_prompt
from codenook.server.tasks.window import last_lines, whole_lines
from codenook.server.unit_tests.case import Call, Test
from codenook.server.unit_tests.frameworks.framework import Project
from codenook.server.unit_tests.kits.kit import Kit
from codenook.server.unit_tests.target import Target

MARK = "codenook_goes_on_here"
"""A name that no file has, which stands where a model is to go on."""

SOURCE_SHARE = 0.55
"""At most this part of the prompt goes to the target's source; the test file gets what is left."""

MOST_CHARS = 40_000
"""A longer test file isn't shown to the model: it would read its last lines, and to write it takes long."""

_N_CONTROL_TOKENS = 16
_MARKERS = {Special.FIM_PREFIX, Special.FIM_SUFFIX, Special.FIM_MIDDLE}


@frozen(eq=False)
class Material:
    """What a maker is made with.

    ``context`` is for `Task.UNIT_TESTS`. ``calls`` are those that are known already, which a model need not
    propose, and ``examples`` tests of the target whose outcome was seen: they show the manner. ``slot`` names
    the prompt's place in the engine.
    """

    engine: Engine
    settings: Settings
    model: ModelInfo
    kit: Kit
    target: Target
    project: Project
    slot: str
    context: Context = field(factory=Context)
    calls: Sequence[Call] = ()
    examples: Sequence[Test] = ()

    def begun(self, test: Test, *, examples: Sequence[Test] = ()) -> str:
        """The test file up to `MARK`, which is somewhere in ``test``; empty where it isn't rendered."""
        return self.around(test, examples=examples)[0]

    def around(self, test: Test, *, examples: Sequence[Test] = ()) -> tuple[str, str]:
        """The test file up to `MARK`, and what stands behind it on its line."""
        plain = evolve(test, is_reasoned=True)  # without a remark on how it was made
        before, mark, after = self.rendered([*examples, plain]).partition(MARK)
        return (before, after.partition("\n")[0]) if mark else ("", "")

    def rendered(self, tests: Sequence[Test]) -> str:
        """The test file with tests in it; empty where they can't be written, or the file can't be read."""
        file = self.project.file
        if file.text is not None and len(file.text) > MOST_CHARS:
            file = evolve(file, text=None)
        try:
            return self.project.framework.render(file, self.target, tests).text
        except ValueError:
            return ""

    def subject(self) -> Subject | None:
        """What the target says of its parameters, errors and results; None in a language not described."""
        language = language_named(self.target.language)
        if language is None:
            return None
        found = subjects(parse(language, encode(self.target.text)))
        own = [each for each in found if each.symbol == self.target.symbol]
        return next((each for each in own if each.row + 1 in self.target.lines), next(iter(own), None))

    async def prompt(self, before: str, n_answer: int) -> tuple[Segment, ...]:
        """What a base model reads: code of other files, the target, and the test file up to a place."""
        count = self.engine.count_tokens
        source = f"{self.target.path}\n{self.target.source}"
        names = [f"{self.project.file.path}\n", before.rpartition("\n")[2]]
        room = (
            min(n_prompt(self.settings, self.model), self.model.n_ctx - n_answer)
            - self.context.tokens
            - len(self.context.snippets)
            - _N_CONTROL_TOKENS
            - sum(await count(names))
        )
        source = await whole_lines(source, max(int(SOURCE_SHARE * room), 0), count)
        room -= sum(await count([source]))
        prefix = await last_lines(before, max(room, 0), count) or before.rpartition("\n")[2]
        what = Infill(
            blocks=[*self.context.blocks, source] if source else self.context.blocks,
            path=self.project.file.path,
            prefix=prefix,
            suffix="",
            comment=line_comment(self.target.language),
        )
        if not self.model.family:
            return ("".join([*what.blocks, what.prefix]),)
        laid_out = FAMILIES[self.model.family].prompt(what)
        return tuple(segment for segment in laid_out if segment not in _MARKERS)


def key(call: Call) -> tuple[object, ...]:
    """What makes two calls the same."""
    return call.receiver, call.arguments.strip(), call.setup
