"""The model's part, when there is no time for it."""

from making_parts import target_of

from codenook.server.tasks.clock import Clock
from codenook.server.unit_tests.by_model import ByModel
from codenook.server.unit_tests.making.maker import Made
from codenook.server.unit_tests.proposing import Proposed


async def test_a_model_that_was_not_asked_as_the_time_was_up_is_not_slow():
    nobody = dict.fromkeys(("engine", "settings", "turns", "known", "kit", "project", "maker_for"))
    model = ByModel(**nobody, clock=Clock(0.0))
    assert await model.made(Proposed(target_of()), 0, ()) == Made()
    assert (model.note, model.trouble, model.model) == ("", None, "")
