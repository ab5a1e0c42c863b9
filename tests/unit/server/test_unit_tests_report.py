"""What the command for unit tests prints of a result, also of one that could not be written."""

import json

import pytest
from click.testing import CliRunner

from codenook.server import unit_tests_command
from codenook.server.reasons import Reason
from codenook.server.unit_tests.case import Origin
from codenook.server.unit_tests.result import KeptTest, UnitTestsResult
from codenook.server.unit_tests_report import rows

KEPT = UnitTestsResult(
    "add",
    path="test_sums.py",
    text="def test_add(): ...\n",
    kept=(KeptTest("test_add", Origin.TYPES, (0,)),),
    n_runs=3,
)


@pytest.mark.parametrize("place", [["--write"], ["--out", "new.py"]])
@pytest.mark.parametrize("as_json", [False, True])
def test_what_can_not_be_written_is_shown_all_the_same(tmp_path, monkeypatch, place, as_json):
    def run_work(work):
        work.close()
        for name in ("test_sums.py", "new.py"):
            (tmp_path / name).mkdir()
        return KEPT

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(unit_tests_command, "run_work", run_work)
    (tmp_path / "sums.py").write_text("def add(a, b):\n    return a + b\n")
    arguments = ["sums.py:add", *place, *(["--json"] if as_json else [])]
    ran = CliRunner().invoke(unit_tests_command.unit_tests, arguments)
    assert ran.exit_code == 2
    if as_json:
        told = json.loads(ran.stdout)
        assert (told["written"], told["text"]) == (None, KEPT.text)
    else:
        assert "+def test_add(): ..." in ran.stdout


def test_a_preview_says_what_it_was_made_without():
    unrun = UnitTestsResult("add", reason=Reason.NOT_RUN, notes=("done without a model: it died",))
    assert list(rows(unrun, "test_sums.py", verbose=False)) == ["done without a model: it died"]
