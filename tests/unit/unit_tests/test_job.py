"""The job of unit tests, with the real sandbox and a real pytest; only the model is scripted."""

import asyncio
from pathlib import Path

import psutil
import pytest
from attrs import define, evolve, field
from python_projects import OF_PYTEST, environment, put

from codenook.models.engine.errors import EngineDied
from codenook.models.engine.messages import Counters, ModelInfo
from codenook.models.prompts.fim import FimOrder
from codenook.server.config import Settings
from codenook.server.reasons import Reason
from codenook.server.sandbox.run import why_not
from codenook.server.tasks.document import Document
from codenook.server.tasks.jobs import Strategy
from codenook.server.tasks.unit_tests import UnitTests, UnitTestsRequest
from codenook.server.tasks.workspaces import Workspaces
from codenook.server.unit_tests.case import Origin, Test
from codenook.server.unit_tests.frameworks.python_layout import NotWritten
from codenook.server.unit_tests.making.maker import Made
from codenook.server.unit_tests.parts import PARTS
from codenook.server.unit_tests.result import ThrownFor

SOURCE = '''\
"""Carts."""


def total(prices: list[int], discount: int = 0) -> int:
    """Sum up prices."""
    if discount < 0:
        raise ValueError("a discount can't be negative")
    result = sum(prices)
    if result > 100:
        result -= discount
    return result


def nothing() -> None:
    pass


def outer():
    def inner():
        return 1

    return inner


class Cart:
    def __init__(self, items: list[str]) -> None:
        self.items = items

    def add(self, item: str) -> int:
        if item in self.items:
            return 0
        self.items.append(item)
        return len(self.items)

    def __secret(self):
        return 1
'''
PROJECT = {"pyproject.toml": "[tool.pytest.ini_options]\n", "shop/__init__.py": "", "shop/cart.py": SOURCE}
OWN = "from shop.cart import total\n\n\ndef test_one():\n    assert total([1]) == 1\n"


SETTINGS = Settings(unit_tests_time_s=600)
"""Time enough for a machine that has other things to do."""


@pytest.fixture(scope="module")
async def root(tmp_path_factory):
    if why := await why_not():
        pytest.skip(why)
    found = put(tmp_path_factory.mktemp("unit-tests"), PROJECT)
    environment(found)
    return found


@pytest.fixture(scope="module")
async def tested(root, tmp_path_factory):
    """The same project with a test file of its own."""
    found = put(tmp_path_factory.mktemp("tested"), {**PROJECT, "tests/test_cart.py": OWN})
    environment(found)
    return found


@define
class ScriptedMaker:
    """Proposes ``rounds`` of tests, by the number of the attempt; notes what it is told and asked."""

    rounds: tuple = ()
    doubts: str = ""
    complaints: list = field(factory=list)
    asked: list = field(factory=list)
    strategy = Strategy.CHAT

    async def made(self, attempt, complaints):
        self.complaints.append(tuple(complaints))
        tests = self.rounds[attempt] if attempt < len(self.rounds) else ()
        return Made(tests=tuple(tests), counters=Counters(generated=1))

    async def doubted(self, tests):
        self.asked += [test.name for test in tests]
        return [evolve(test, doubt=self.doubts) for test in tests]


class NoEngine:
    """A model that is there, and is asked by nobody but a scripted maker."""

    languages = ()

    async def ready(self):
        return ModelInfo(
            name="scripted",
            path="",
            n_params=1,
            size_bytes=0,
            n_ctx=4096,
            n_vocab=0,
            tokenizer="",
            fim_order=FimOrder.SPM,
            special=(),
            languages=self.languages,
            n_gpu_layers=0,
            family="",
        )


def job_with(maker):
    async def maker_for(*_target, **_known):
        if isinstance(maker, Exception):
            raise maker
        return maker

    class NoKit:
        """No inputs by rule: what is kept is the model's."""

        async def calls(self, *_known):
            return ()

        async def observed(self, *_calls):
            return ()

        def tests(self, *_observed):
            return ()

    parts = evolve(PARTS, maker_for=maker_for, kit_of=lambda _language: NoKit())
    return UnitTests(NoEngine(), SETTINGS, Workspaces(), parts=parts)


def by_rule():
    return UnitTests(None, SETTINGS, Workspaces())


def request_for(root, symbol, *, path="shop/cart.py", text=None, tests=None, **values):
    place = root / path
    text = place.read_text() if text is None else text
    opened = {} if tests is None else {root / "tests/test_cart.py": tests}
    return UnitTestsRequest(Document(place.as_uri(), place, text, "python"), symbol, root, opened, **values)


def body(name, text, **values):
    return Test(name, Origin.MODEL, body=text, **values)


def whys(result):
    return {each.what: each.why for each in result.thrown}


async def test_what_is_kept_by_rule_passes_outside_and_notices_faults(root, tested):
    result = await by_rule()(request_for(tested, "total"))
    assert (result.reason, result.path, result.framework) == (None, "tests/test_cart.py", "pytest")
    assert (result.before, result.strategy, result.notes) == (OWN, None, ())
    assert result.kept
    assert result.coverage.ran > result.coverage_before.ran > 0
    for number, test in enumerate(result.kept):
        assert test.kills
        others = {n for other in result.kept[:number] + result.kept[number + 1 :] for n in other.kills}
        assert not set(test.kills) <= others
        assert all(test.name in result.mutants[n].by for n in test.kills)
    assert result.n_killed > sum(fate.by_existing for fate in result.mutants) > 0
    assert result.n_untried == 0
    assert all(line in result.text.splitlines() for line in OWN.splitlines())
    elsewhere = root.parent / "plain"
    put(elsewhere, {"shop/__init__.py": "", "shop/cart.py": SOURCE, "tests/test_cart.py": result.text})
    python = root / ".venv/bin/python"
    plain = await asyncio.create_subprocess_exec(
        *(python, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
        cwd=elsewhere,
        env={"PYTHONPATH": str(elsewhere)},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await plain.communicate()
    assert f"{len(result.kept) + 1} passed" in said.decode()


async def test_a_class_means_its_methods(root):
    result = await by_rule()(request_for(root, "Cart"))
    assert result.reason is None
    assert result.symbol == "Cart"
    assert all("add" in test.name for test in result.kept)
    assert (result.before, result.coverage_before.ran) == (None, 0)


async def test_rare_answers_of_a_model_are_told_apart_and_what_fails_goes_back_once(root):
    maker = ScriptedMaker(
        (
            [
                body("sum_of_two", "assert total([1, 2]) == 3"),
                body("wrong", "assert total([1, 2]) == 4"),
                body("flaky", "import os\nassert not os.path.exists('/tmp/x')\nopen('/tmp/x', 'w').close()"),
                body("mocked", "from unittest.mock import Mock\nassert Mock(return_value=3)() == 3"),
                body("exits", "import os\nos._exit(0)"),
                body("same", "values = [1, 2]\nassert total(values) == 3"),
            ],
            [body("negative", "import pytest\nwith pytest.raises(ValueError):\n    total([], -1)")],
        ),
        doubts="it should be 4",
    )
    result = await job_with(maker)(request_for(root, "total"))
    assert result.reason is None
    assert [test.name.rpartition("::")[2] for test in result.kept] == ["test_sum_of_two", "test_negative"]
    assert whys(result) == {
        "wrong": ThrownFor.FAILED,
        "flaky": ThrownFor.FLAKY,
        "mocked": ThrownFor.KILLS_NOTHING,
        "exits": ThrownFor.NOT_COLLECTED,
        "same": ThrownFor.ADDS_NOTHING,
    }
    assert maker.complaints[0] == ()
    assert any(line.startswith("wrong: ") and "3 == 4" in line for line in maker.complaints[1])
    assert maker.asked == ["sum_of_two", "negative"]
    assert [test.doubt for test in result.kept] == ["it should be 4"] * 2
    assert (result.strategy, result.model, result.counters.generated) == (Strategy.CHAT, "scripted", 2)


async def test_what_the_projects_own_tests_notice_is_nothing_new(tested):
    maker = ScriptedMaker(([body("sum_of_one", "assert total([1]) == 1")],))
    result = await job_with(maker)(request_for(tested, "total"))
    assert (result.reason, result.kept, result.text) == (Reason.NO_TEST_KEPT, (), None)
    assert whys(result) == {"sum_of_one": ThrownFor.KILLS_NOTHING}
    assert result.message.endswith("none that notices a fault that the project's own don't")


@pytest.mark.parametrize(
    ("ini", "packages", "needed"),
    [
        ("", OF_PYTEST, "`pythonpath = src`"),
        ("pythonpath = src\n", OF_PYTEST, ""),
        (None, (), "`PYTHONPATH=src` is set"),
    ],
)
async def test_what_a_new_file_needs_outside_of_the_sandbox_is_said(tmp_path, ini, packages, needed):
    files = {} if ini is None else {"pytest.ini": f"[pytest]\n{ini}"}
    put(tmp_path, {"src/shop/__init__.py": "", "src/shop/cart.py": SOURCE, **files})
    environment(tmp_path, packages)
    result = await by_rule()(request_for(tmp_path, "total", path="src/shop/cart.py"))
    assert (result.reason, len(result.notes)) == (None, bool(needed))
    assert needed in "".join(result.notes)


async def test_what_other_test_files_run_counts_after_as_before(tmp_path):
    others = "from shop.cart import total, Cart\n\n\ndef test_a():\n    assert total([200], 1) == 199\n"
    put(tmp_path, {**PROJECT, "tests/test_cart.py": OWN, "tests/test_more.py": others})
    environment(tmp_path)
    negative = body("negative", "import pytest\nwith pytest.raises(ValueError):\n    total([], -1)")
    result = await job_with(ScriptedMaker(([negative],)))(request_for(tmp_path, "total"))
    assert result.reason is None
    assert (result.coverage_before.ran, result.coverage.ran) == (6, 7)


async def test_own_tests_that_fail_do_not_count_and_are_named(tested):
    tests = OWN + "\n\ndef test_two():\n    assert total([2]) == 3\n"
    result = await by_rule()(request_for(tested, "total", tests=tests))
    assert (result.reason, result.path, result.before) == (None, "tests/test_cart.py", tests)
    assert "tests/test_cart.py::test_two: AssertionError: assert 2 == 3" in " ".join(result.notes)


async def test_beside_a_file_that_can_not_be_run_tests_have_one_of_their_own(tested):
    result = await by_rule()(request_for(tested, "total", tests=f"import no_such_module\n{OWN}"))
    assert (result.reason, result.path, result.before) == (None, "tests/test_cart_total.py", None)
    assert result.coverage.ran > 0
    assert result.coverage_before is None  # nobody knows what the file would run
    assert "No module named 'no_such_module'" in " ".join(result.notes)


async def test_where_nothing_can_be_run_that_is_the_reason(tested):
    broken = [tested / "tests" / name for name in ("conftest.py", "test_cart_total.py")]
    for path in broken:
        path.write_text(f"import no_such_module\n{OWN}")
    try:
        result = await by_rule()(request_for(tested, "total", tests=OWN))
    finally:
        for path in broken:
            path.unlink()
    assert result.reason is Reason.TESTS_FAIL
    assert "tests/test_cart.py can't be run as it is" in result.message


async def test_of_the_projects_own_tests_those_count_that_name_the_target(tested):
    tests = OWN + "\n\ndef test_another():\n    raise ValueError\n"
    result = await by_rule()(request_for(tested, "total", tests=tests))
    assert result.reason is None
    assert result.notes == ("tests of the project that were not run, as they name nothing of the target: 1",)


@pytest.mark.parametrize("maker", [EngineDied("it died"), ScriptedMaker()])
async def test_without_anything_to_keep_a_model_that_failed_is_the_reason(root, maker):
    result = await job_with(maker)(request_for(root, "total"))
    if isinstance(maker, EngineDied):
        assert result.reason is Reason.ENGINE_DIED
        assert "it died" in result.message
    else:
        assert (result.reason, result.message) == (Reason.NO_TEST_KEPT, "no call of it could be made up")


async def test_a_model_that_fails_or_knows_another_language_is_noted_and_the_rules_go_on(root):
    async def failing(*_target, **_known):
        raise EngineDied("it died")

    job = UnitTests(NoEngine(), SETTINGS, Workspaces(), parts=evolve(PARTS, maker_for=failing))
    result = await job(request_for(root, "Cart.add"))
    assert (result.reason, bool(result.kept)) == (None, True)
    assert result.notes == (
        "done without a model: it died (engine_died)",
        "run them as `python -m pytest`: started as `pytest`, they can't import shop.cart",
    )


@pytest.mark.parametrize(
    ("symbol", "reason", "message"),
    [
        ("totl", Reason.NO_DEFINITION, "shop/cart.py defines no totl; did you mean total?"),
        ("outer.inner", Reason.NOT_TESTABLE, "outer.inner is inside of a function: no test could call it"),
        ("Cart.__secret", Reason.NOT_TESTABLE, "Cart.__secret is private to its class"),
        ("nothing", Reason.NO_TEST_KEPT, "there is nothing in it that a fault could be put into"),
    ],
)
async def test_what_can_not_be_tested_has_a_reason(root, symbol, reason, message):
    result = await by_rule()(request_for(root, symbol))
    assert result.reason is reason
    assert message in result.message
    assert result.text is None


async def test_no_sandbox_is_a_reason_and_nothing_runs(root, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    result = await by_rule()(request_for(root, "total"))
    assert (result.reason, result.n_runs) == (Reason.NO_SANDBOX, 0)
    assert "install bubblewrap" in result.message


async def test_a_text_that_is_too_long_or_was_never_saved_is_left_alone(root):
    long = await by_rule()(request_for(root, "total", text="x" * 1_000_001))
    assert long.reason is Reason.DOCUMENT_TOO_LARGE
    untitled = UnitTestsRequest(Document("untitled:1", Path("1.py"), SOURCE, "python"), "total")
    assert (await by_rule()(untitled)).reason is Reason.NOT_TESTABLE


async def test_half_a_character_is_no_text_of_a_file(root):
    halved = await by_rule()(request_for(root, "total", text=SOURCE + "# \ud800"))
    assert (halved.reason, halved.message) == (
        Reason.NOT_TESTABLE,
        "the text is none that a file can hold as UTF-8",
    )
    beside = UnitTestsRequest(
        request_for(root, "nothing").document, "nothing", root, {root / "a.py": "\ud800"}
    )
    assert (await by_rule()(beside)).reason is Reason.NO_TEST_KEPT


async def test_nothing_is_put_into_a_file_that_can_not_be_extended(root):
    maker = ScriptedMaker()
    job = job_with(maker)
    parts = evolve(job._parts, project_of=lambda *known: _unwritable(PARTS.project_of(*known)))
    result = await UnitTests(NoEngine(), SETTINGS, Workspaces(), parts=parts)(request_for(root, "total"))
    assert (result.reason, result.message) == (Reason.NO_TEST_KEPT, "nothing can be put there")


def _unwritable(project):
    class Refuses(type(project.framework)):
        def render(self, *_known):
            raise NotWritten("nothing can be put there")

    framework = project.framework
    return evolve(project, framework=Refuses(framework.writing, framework.running, framework.module))


async def test_what_is_open_counts_instead_of_what_is_on_disk(root):
    text = SOURCE.replace("def total(", "def sum_up(").replace("> 100", "> 5")
    result = await by_rule()(request_for(root, "sum_up", text=text))
    assert result.reason is None
    assert "from shop.cart import sum_up" in result.text


async def test_when_the_time_is_up_it_is_said_and_nothing_is_shown(root):
    result = await by_rule()(request_for(root, "total", time_s=1))
    assert result.reason is Reason.NO_TEST_KEPT
    assert "time" in result.message


async def test_stopping_it_stops_the_sandbox_and_leaves_nothing(root):
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    files = sorted(root.rglob("*"))
    running = asyncio.Event()

    def told(progress):
        if progress.partial == "putting faults in":
            running.set()

    job = asyncio.ensure_future(by_rule()(request_for(root, "total"), told))
    await running.wait()
    while not any(child.name() == "bwrap" for child in psutil.Process().children(recursive=True)):
        await asyncio.sleep(0.01)
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    left = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
    assert [child for child in left if child.status() != psutil.STATUS_ZOMBIE] == []
    assert sorted(root.rglob("*")) == files


async def test_what_codenook_fails_at_itself_has_an_answer_and_no_text_in_the_log(root, caplog):
    def kit_of(_language):
        raise RecursionError("secret \x1b[2J")

    parts = evolve(PARTS, kit_of=kit_of)
    job = UnitTests(None, SETTINGS, Workspaces(), parts=parts)
    result = await job(request_for(root, "total"))
    assert (result.reason, result.text) == (Reason.FAILED_INSIDE, None)
    assert result.message == "codenook failed at this; its log says where."
    assert "RecursionError in codenook.server.tasks.unit_tests:" in caplog.text
    assert "secret" not in caplog.text
    again = await by_rule()(request_for(root, "nothing"))
    assert again.reason is Reason.NO_TEST_KEPT  # the turn is given back
