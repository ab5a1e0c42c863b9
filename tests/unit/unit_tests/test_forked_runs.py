"""What a run in a fork takes, and what one with a fault may take then."""

import os
import time

from codenook.server.unit_tests.frameworks.inside.codenook_inside.forking import End, forked
from codenook.server.unit_tests.frameworks.inside.codenook_inside.many import _after
from codenook.server.unit_tests.runs import limits_after

WITHIN_S = 60.0


def end_of(work):
    end = forked(lambda: None, WITHIN_S)
    if end is None:
        try:
            work()
        finally:
            os._exit(0)
    return end


def compute(seconds=0.3):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def compute_elsewhere():
    if pid := os.fork():
        os.waitpid(pid, 0)
    else:
        compute()
        os._exit(0)


def test_computing_is_measured_apart_from_waiting():
    waiting, computing, elsewhere = map(end_of, (lambda: time.sleep(0.3), compute, compute_elsewhere))
    assert {each.ended for each in (waiting, computing, elsewhere)} == {""}
    assert waiting.took_s >= 0.3
    assert waiting.cpu_s < 0.3
    assert computing.cpu_s >= 0.3
    assert elsewhere.cpu_s >= 0.3


def test_what_computed_in_many_threads_may_do_so_with_a_fault():
    assert _after(End("", 1.0, 4.0)) == (14, 13.0)
    assert _after(End("", 4.0, 0.1))[0] == 2


def test_without_such_a_measure_all_processors_may_have_computed(monkeypatch):
    monkeypatch.setattr("codenook.server.unit_tests.runs.N_PROCESSORS", 8)
    limits = limits_after(20.0)
    assert limits.cpu_s == 1 + 2 * 20 * 8
    assert limits.wall_s == 85.0  # more than a run without a fault may take
