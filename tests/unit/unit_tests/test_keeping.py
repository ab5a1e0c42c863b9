"""Which tests are kept, with runs whose outcome is scripted."""

import pytest
from attrs import evolve
from scripted_runs import MUTANTS, runs_of, scripted

from codenook.server.tasks.clock import Clock
from codenook.server.unit_tests.existing import existing_tests
from codenook.server.unit_tests.frameworks.framework import Verdict
from codenook.server.unit_tests.keeping import Keeping
from codenook.server.unit_tests.noticing import Faults, spread
from codenook.server.unit_tests.passing import Passing, passing
from codenook.server.unit_tests.result import ThrownFor


async def as_they_are(tests):
    return tests


async def keeping_for(text=None, **others):
    runs, clock = runs_of(text, **others), Clock(60.0)
    existing = await existing_tests(runs)
    return Keeping(runs, existing, Faults(runs, existing, MUTANTS, clock), clock)


async def kept_of(keeping, *tests):
    complaints = await keeping.try_(tests)
    return await keeping.keep(list, as_they_are), complaints


def names(tests):
    return [test.name for test in tests]


def thrown(keeping):
    return {each.what: each.why for each in keeping.thrown}


async def test_what_passes_each_time_is_told_from_what_does_not():
    tests = [scripted("good", "kills 1"), scripted("bad", "fails"), scripted("odd", "flaky")]
    found = await passing(runs_of(), [*tests, scripted("idle", "skips")], Clock(60.0))
    assert names(found.tests) == ["good"]
    assert [(each.what, each.why, each.message) for each in found.thrown] == [
        ("bad", ThrownFor.FAILED, "bad fails"),
        ("odd", ThrownFor.FLAKY, "it passed 1 of 3 times: odd flaky"),
        ("idle", ThrownFor.NOT_COLLECTED, "it was skipped, or not run"),
    ]


@pytest.mark.parametrize("script", ["breaks", "unwritable", "ends"])
async def test_one_that_breaks_the_file_takes_no_other_with_it(script):
    tests = [scripted(f"good{n}", f"kills {n}") for n in range(7)]
    tests.insert(4, scripted("bad", script))
    found = await passing(runs_of(), tests, Clock(60.0))
    assert names(found.tests) == [f"good{n}" for n in range(7)]
    assert [(each.what, each.why) for each in found.thrown] == [("bad", ThrownFor.NOT_COLLECTED)]


async def test_half_a_character_takes_no_other_test_with_it():
    tests = [scripted("good", "kills 1"), scripted("bad", "kills 2 \ud800")]
    found = await passing(runs_of(), tests, Clock(60.0))
    assert names(found.tests) == ["good"]
    assert [(each.what, each.why) for each in found.thrown] == [("bad", ThrownFor.NOT_COLLECTED)]


@pytest.mark.parametrize(
    ("path", "beside"),
    [
        ("tests.py", "test_digits.py"),
        ("a/cart_tests.py", "a/cart_digits_test.py"),
        ("tests_a.py", "test_a_digits.py"),
        ("test_contests.py", "test_contests_digits.py"),
        ("cart.test.ts", "cart_digits.test.ts"),
    ],
)
def test_a_file_beside_is_one_that_is_collected_and_as_it_is_open(path, beside):
    runs = runs_of()
    runs.project = evolve(runs.project, file=evolve(runs.project.file, path=path))
    runs.files = {beside: b"open", "gone.py": None}
    runs.put_beside()
    assert (runs.project.file.path, runs.project.file.text) == (beside, "open")


@pytest.mark.parametrize(("wall_s", "reserve_s"), [(0.0, 9.0), (2.0, 12.0), (20.0, 30.0)])
async def test_time_is_kept_for_the_last_runs_as_the_first_ones_took_it(wall_s, reserve_s):
    keeping = await keeping_for()
    keeping.faults.reserve_s = 9.0
    keeping.found = Passing(wall_s=wall_s)
    await keeping.try_([scripted("a", "kills 1")])
    assert keeping.faults.reserve_s == reserve_s
    assert keeping.found.wall_s == max(wall_s, 0.1)


async def test_when_the_time_is_up_nothing_more_is_looked_for():
    found = await passing(runs := runs_of(), [scripted("good", "kills 1")], Clock(0.0))
    assert (found.tests, runs.n) == ((), 0)
    assert [(each.what, each.message) for each in found.thrown] == [("good", "the time was up")]


async def test_tests_of_the_project_that_fail_are_named_and_not_run_again():
    existing = await existing_tests(runs := runs_of("fine kills 1\nown fails"))
    assert (existing.passed, runs.project.without) == ({"fine"}, {"own"})
    assert existing.notes == ("tests that fail as it is don't count: own: own fails",)


async def test_other_test_files_that_fail_are_left_out_and_named():
    existing = await existing_tests(runs_of("own kills 0", good="a kills 1", bad="b fails"))
    assert existing.paths == ("good",)
    assert existing.notes == ("bad is left out: b: b fails",)
    assert existing.passed == {"own"}
    assert (existing.own.ran, existing.others.ran) == ({1}, {2})


async def test_of_other_test_files_only_what_fails_is_left_out():
    existing = await existing_tests(runs := runs_of(other="a kills 1\nb fails\nc fails"))
    assert (existing.paths, existing.is_whole, runs.project.without) == (("other",), True, {"b", "c"})
    assert existing.notes == ("tests that fail as it is don't count: b: b fails, and 1 more",)
    keeping = Keeping(runs, existing, Faults(runs, existing, MUTANTS, Clock(60.0)), Clock(60.0))
    await keeping.try_([scripted("mine", "kills 2")])
    assert [n for n, each in keeping.faults.noticed.items() if each.by_existing] == [1]


async def test_where_no_test_can_be_left_out_a_file_with_one_that_fails_is():
    runs = runs_of(other="a kills 1\nb fails")
    runs.leaves_out = False
    existing = await existing_tests(runs)
    assert (existing.paths, existing.is_whole) == ((), False)
    assert existing.notes == ("other is left out: b: b fails",)


async def test_other_files_that_can_not_be_run_together_are_left_out():
    existing = await existing_tests(runs_of(a="a alone 1", b="b alone 2", c="c kills 3"))
    assert existing.paths == ("a", "c")
    assert existing.notes == ("b is left out: import file mismatch",)
    assert (existing.others.ran, existing.is_whole) == ({2, 4}, False)


async def test_other_files_that_take_too_long_together_are_left_out():
    existing = await existing_tests(runs_of(a="a slow 1", b="b slow 2", c="c kills 3"))
    assert existing.paths == ("a", "c")
    assert existing.notes == ("b is left out: with the others before it, it takes 12 s",)


async def test_other_files_that_are_too_many_are_counted():
    existing = await existing_tests(runs_of(**{f"f{n}": f"t{n} kills {n}" for n in range(9)}))
    assert len(existing.paths) == 6
    assert existing.notes == ("other test files that were not run: 3",)


async def test_a_test_is_kept_when_it_notices_what_the_projects_own_do_not():
    keeping = await keeping_for("own kills 1 2", other="o kills 3")
    kept, _ = await kept_of(
        keeping,
        scripted("same", "kills 1 2 3"),
        scripted("more", "kills 1 4"),
        scripted("nothing", "kills"),
    )
    assert names(kept.tests) == ["more"]
    assert kept.kills == (frozenset({4}),)
    assert kept.rendered.text == "own kills 1 2\nmore kills 1 4"
    assert thrown(keeping) == {"same": ThrownFor.KILLS_NOTHING, "nothing": ThrownFor.KILLS_NOTHING}
    by_existing = [n for n, each in keeping.faults.noticed.items() if each.by_existing]
    assert sorted(by_existing) == [1, 2, 3]
    assert sorted(keeping.faults.alive) == [0, 5, 6, 7, 8, 9]


async def test_other_files_are_run_with_a_fault_only_where_they_run_its_line():
    keeping = await keeping_for(other="o kills 3")
    await kept_of(keeping, scripted("mine", "kills 4"))
    assert [faults for paths, faults, _ in keeping.runs.log if paths == ("other",)] == [(), (3,)]


async def test_one_that_adds_nothing_goes():
    keeping = await keeping_for()
    kept, _ = await kept_of(
        keeping, scripted("a", "kills 1 2"), scripted("b", "kills 2"), scripted("c", "kills 3")
    )
    assert names(kept.tests) == ["a", "c"]
    assert thrown(keeping) == {"b": ThrownFor.ADDS_NOTHING}


async def test_of_equals_the_reasoned_one_is_kept_and_then_the_shorter_one():
    keeping = await keeping_for()
    kept, _ = await kept_of(
        keeping,
        scripted("short", "kills 1"),
        scripted("reasoned", "kills 1", is_reasoned=True, statements=("a long statement",)),
        scripted("wordy", "kills 2", statements=("another statement",)),
        scripted("terse", "kills 2"),
    )
    assert names(kept.tests) == ["reasoned", "terse"]


async def test_a_fault_that_hangs_is_noticed_by_the_test_in_which_it_does():
    keeping = await keeping_for()
    kept, _ = await kept_of(
        keeping, scripted("a", "kills 1"), scripted("b", "hangs 5"), scripted("c", "kills 5")
    )
    assert names(kept.tests) == ["a", "b"]
    assert kept.kills == (frozenset({1}), frozenset({5}))


async def test_a_fault_that_ends_the_first_test_is_noticed_by_that_one_alone():
    keeping = await keeping_for()
    await keeping.try_([scripted("a", "exits 5"), scripted("b", "kills 5")])
    assert names(keeping.faults.noticed[5].by) == ["a"]


async def test_a_fault_at_which_the_projects_own_tests_hang_is_theirs():
    keeping = await keeping_for("own hangs 5")
    kept, _ = await kept_of(keeping, scripted("a", "kills 5"), scripted("b", "kills 6"))
    assert names(kept.tests) == ["b"]
    assert keeping.faults.noticed[5].by_existing


async def test_what_does_not_hold_in_the_last_file_is_thrown_and_the_next_best_is_taken():
    keeping = await keeping_for()
    await keeping.try_([scripted("a", "kills 1 2 3"), scripted("b", "kills 1"), scripted("c", "kills 2")])
    only = {"a kills 1 2 3": "a flaky", "b kills 1": "b kills 1", "c kills 2": "c kills 2"}
    render = keeping.runs.project.framework.render

    def changed(file, target, tests):
        rendered = render(file, target, tests)
        text = "\n".join(only[line] for line in rendered.text.split("\n"))
        return evolve(rendered, text=text)

    keeping.runs.project.framework.render = changed
    kept = await keeping.keep(list, as_they_are)
    assert names(kept.tests) == ["b", "c"]
    assert thrown(keeping)["a"] is ThrownFor.FLAKY


async def test_a_claim_that_does_not_hold_in_the_last_file_is_none():
    keeping = await keeping_for()
    await keeping.try_([scripted("a", "kills 1")])
    keeping.runs.project.framework.render = lambda file, target, tests: evolve(
        type(keeping.runs.project.framework)().render(file, target, tests), text="a kills 2"
    )
    kept = await keeping.keep(list, as_they_are)
    assert kept.tests == ()
    assert thrown(keeping) == {"a": ThrownFor.KILLS_NOTHING}


async def test_what_failed_and_what_goes_unnoticed_is_told_to_whoever_makes_more():
    keeping = await keeping_for()
    complaints = await keeping.try_([scripted("a", "kills 0 1 2 3 4 5 6 7 8"), scripted("bad", "fails")])
    assert complaints == [
        "bad: bad fails",
        "no test notices when '9' in line 10 of digits.x becomes '!'",
    ]
    assert await keeping.try_([scripted("b", "kills 9")]) == []
    kept = await keeping.keep(list, as_they_are)
    assert names(kept.tests) == ["a", "b"]
    assert thrown(keeping) == {"bad": ThrownFor.FAILED}


async def test_doubts_stand_beside_the_tests():
    async def doubting(tests):
        return [evolve(test, doubt="it should be 7") for test in tests]

    keeping = await keeping_for()
    await keeping.try_([scripted("a", "kills 1")])
    kept = await keeping.keep(list, doubting)
    assert [test.doubt for test in kept.tests] == ["it should be 7"]
    assert kept.rendered.text == "a kills 1 # it should be 7"
    assert kept.kills == (frozenset({1}),)


async def test_when_the_time_is_up_faults_are_left_and_what_is_there_is_kept():
    def end_after_four(progress):
        if progress.partial.startswith("4 of 10"):
            keeping.clock.time_s = 0.0

    keeping = await keeping_for()
    keeping.clock.told = end_after_four
    kept, _ = await kept_of(keeping, scripted("a", "kills 1"), scripted("b", "kills 9"))
    assert names(kept.tests) == ["a"]
    assert sorted(keeping.faults.noticed) in ([0, 1, 2, 3], [0, 1, 2, 3, 4])  # one was on its way


async def test_a_run_without_a_sandbox_notices_nothing():
    keeping = await keeping_for("own kills 0", other="o kills 3")
    keeping.runs.without_sandbox = {1, 3}
    kept, _ = await kept_of(keeping, scripted("a", "kills 1"), scripted("b", "kills 2"))
    assert names(kept.tests) == ["b"]
    assert (1 in keeping.faults.noticed, 3 in keeping.faults.noticed) == (False, False)
    assert keeping.faults.n_untried == 2


async def test_tests_that_could_not_be_run_with_a_fault_were_not_tried():
    keeping = await keeping_for()
    keeping.runs.without_sandbox = set(range(10))
    assert (await kept_of(keeping, scripted("a", "kills 1")))[0].tests == ()
    assert [(each.why, each.message) for each in keeping.thrown] == [
        (ThrownFor.NOT_TRIED, "it couldn't be run with a fault")
    ]


@pytest.mark.parametrize("fails_in", [{1}, {1, 2}, {1, 3}, {1, 2, 3}])
async def test_a_test_of_the_project_that_does_not_pass_each_time_is_not_the_fault_of_ours(
    fails_in, monkeypatch
):
    runs, n_last = runs_of("own kills 1\nodd kills 2"), 0
    run = type(runs).__call__

    async def flaky(self, paths, *, text=None, source=None, order=0, **values):
        nonlocal n_last
        ran = await run(self, paths, text=text, source=source, order=order, **values)
        if source is None and not order:
            n_last += 1
            if n_last in fails_in:
                ran = evolve(ran, verdicts={**ran.verdicts, "odd": Verdict.FAILED})
        return ran

    clock = Clock(60.0)
    existing = await existing_tests(runs)
    keeping = Keeping(runs, existing, Faults(runs, existing, MUTANTS, clock), clock)
    await keeping.try_([scripted("a", "kills 3")])
    monkeypatch.setattr(type(runs), "__call__", flaky)
    kept = await keeping.keep(list, as_they_are)
    if fails_in == {1, 3}:  # with ours it fails each time, and without ours it doesn't
        assert kept.tests == ()
        assert thrown(keeping) == {"a": ThrownFor.FAILED}
    else:
        assert names(kept.tests) == ["a"]
        assert keeping.existing.passed == keeping.faults.existing.passed == {"own"}


async def test_without_a_sandbox_in_the_end_nothing_is_confirmed():
    keeping = await keeping_for()
    await keeping.try_([scripted("a", "kills 1")])
    keeping.runs.without_sandbox = {1}
    assert (await keeping.keep(list, as_they_are)).tests == ()
    assert thrown(keeping) == {"a": ThrownFor.KILLS_NOTHING}


@pytest.mark.parametrize(("at_last", "left"), [("kills 2", ["a", "b"]), ("kills", ["a"])])
async def test_a_test_that_another_one_keeps_from_running_is_confirmed_by_another_fault(at_last, left):
    keeping = await keeping_for()
    await keeping.try_([scripted("a", "kills 1 3"), scripted("b", "kills 1 2")])
    texts = {"a kills 1 3": "a hangs 1 3", "b kills 1 2": f"b {at_last}"}
    render = keeping.runs.project.framework.render

    def changed(file, target, tests):
        rendered = render(file, target, tests)
        return evolve(rendered, text="\n".join(texts[line] for line in rendered.text.split("\n")))

    keeping.runs.project.framework.render = changed
    assert names((await keeping.keep(list, as_they_are)).tests) == left


async def test_what_is_known_of_faults_is_kept_when_the_time_ends_before_theirs_are_run(monkeypatch):
    def end_after_nine(progress):
        if progress.partial.startswith("9 of 10"):
            keeping.clock.time_s = 0.0

    monkeypatch.setattr("codenook.server.unit_tests.noticing.N_BEFORE_THEIRS", 2)
    keeping = await keeping_for(other="o kills 0 9")
    keeping.clock.told = end_after_nine
    await keeping.try_([scripted("a", "kills 0 1 9")])
    noticed = keeping.faults.noticed
    assert set(noticed) >= set(range(6))  # two times two were on their way
    assert (noticed[0].by_existing, noticed[1].by_existing, 9 in noticed) == (True, False, False)


async def test_faults_that_a_compiler_refuses_are_counted_once():
    told = []
    keeping = await keeping_for()
    keeping.runs.unbuilt = {4, 5, 6}
    keeping.clock.told = lambda progress: told.append(progress.partial)
    await keeping.try_([scripted("a", "kills 1")])
    await keeping.try_([scripted("b", "kills 2")])
    assert [what for what in told if "faults put in" in what] == [
        *(f"{n} of 10 faults put in" for n in range(1, 11)),
        *(f"{n} of 7 faults put in" for n in range(1, 8)),
    ]
    assert keeping.faults.refused == {4, 5, 6}
    assert keeping.faults.n_untried == 0


def test_faults_are_tried_line_by_line_and_then_the_second_of_each():
    lines = [evolve(MUTANTS[0], line=line) for line in (1, 1, 1, 2, 3, 3)]
    assert spread(lines) == [0, 3, 4, 1, 5, 2]


async def test_a_test_for_which_there_was_no_time_is_not_said_to_notice_nothing():
    runs, clock = runs_of(), Clock(60.0)
    existing = await existing_tests(runs)
    keeping = Keeping(runs, existing, Faults(runs, existing, MUTANTS, clock, reserve_s=60.0), clock)
    kept, _ = await kept_of(keeping, scripted("late", "kills 1"))
    assert kept.tests == ()
    assert thrown(keeping) == {"late": ThrownFor.NOT_TRIED}
