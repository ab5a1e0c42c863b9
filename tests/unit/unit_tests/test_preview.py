"""Tests that nothing here can run, as somebody claims them."""

from types import SimpleNamespace

import pytest
from attrs import evolve
from scripted_runs import runs_of, scripted

from codenook.context.manager import ContextManager
from codenook.server.reasons import Reason
from codenook.server.tasks.clock import Clock
from codenook.server.unit_tests.aim import Aim
from codenook.server.unit_tests.frameworks.framework import NoProject
from codenook.server.unit_tests.making.maker import Made
from codenook.server.unit_tests.preview import preview


async def previewed(root, test):
    async def made(*_known):
        return Made(tests=(test,))

    runs = runs_of()
    target = evolve(runs.target, root=root)
    known = ContextManager(root)
    model = SimpleNamespace(made=made, note="", strategy=None, model="scripted")
    try:
        return await preview(Aim(target, (target,)), runs.project, known, model, Clock(60.0))
    finally:
        known.close()


async def test_what_a_model_claims_is_shown_and_labelled(tmp_path):
    shown = await previewed(tmp_path, scripted("a", "kills 1"))
    assert (shown.reason, shown.text, shown.n_runs) == (Reason.NOT_RUN, "a kills 1", 0)


@pytest.mark.parametrize("script", ["unwritable", "half \ud800"])
async def test_what_has_no_place_in_a_file_is_a_reason(tmp_path, script):
    with pytest.raises(NoProject, match="what there is can't be shown") as caught:
        await previewed(tmp_path, scripted("a", script))
    assert caught.value.reason is Reason.RUNNER_MISSING
