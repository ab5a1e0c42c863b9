"""The schedule of a run: rates by the share of its time, and what counts as time."""

import pytest

from codenook.models.training import schedule
from codenook.models.training.schedule import Plan, Stopwatch, continued, rate


def test_rate_warms_up_holds_and_falls_to_zero():
    plan = Plan(warmup=0.01, hold=0.2)
    assert rate(0.0, plan) < 0.1
    assert rate(0.01, plan) == rate(0.2, plan) == 1.0
    assert rate(0.6, plan) == pytest.approx(0.5)
    assert rate(1.0, plan) == 0.0


def test_continued_run_begins_at_half_the_rates_and_falls_from_its_warm_up_on():
    plan = continued(Plan(hours=2.0))
    assert plan.hours == 2.0
    assert (plan.lr_matrices, plan.lr_rest) == (Plan().lr_matrices / 2, Plan().lr_rest / 2)
    assert rate(0.02, plan) == pytest.approx(0.98)
    assert rate(0.5, plan) == pytest.approx(0.5)


def test_time_in_which_the_process_was_stopped_does_not_count(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(schedule.time, "monotonic", lambda: now[0])
    watch = Stopwatch(50.0, longest_lap=30.0, lap_began=100.0)
    now[0] += 4
    assert watch.lap() == 54.0
    now[0] += 900
    assert watch.lap() == 84.0
    now[0] += 5
    assert watch.lap() == 89.0
