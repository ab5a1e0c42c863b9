"""How long a run trains and how fast it learns: the plan, the rate at each point of it, and its clock."""

import time

from attrs import define, evolve, field, frozen


@frozen
class Plan:
    """How the model is trained."""

    hours: float = 1.2  # of work, of all runs together; the learning rate ends at zero
    max_steps: int = 0  # 0: as many as the hours allow; else the schedule follows the steps
    n_rows: int = 8  # rows of n_context tokens in a step
    n_micro_rows: int = 4  # rows in one pass; only memory and cache care
    lr_matrices: float = 0.02  # Muon
    lr_rest: float = 0.004  # AdamW: embeddings and norms
    weight_decay: float = 0.02  # of the matrices
    warmup: float = 0.01  # share of the plan
    hold: float = 0.2  # share of the plan at the full rate; then linear decay
    middle_weight: float = 3.0  # weight in the loss of what the model must fill in; other tokens have 1
    checkpoint_minutes: float = 4.0
    report_seconds: float = 20.0
    compiled: bool = True  # by torch.compile, which asks for a C++ compiler: about 1.7 times faster
    n_threads: int = 2
    seed: int = 1


def continued(plan: Plan) -> Plan:
    """Return ``plan`` for weights that a run has annealed before: half the rates, falling all the way.

    At the full rates a short run spends its time on coming back to where it began; at the rates of the old
    run's end it learns hardly anything new. The optimizers begin anew, which the longer warm-up is for.
    """
    return evolve(plan, lr_matrices=plan.lr_matrices / 2, lr_rest=plan.lr_rest / 2, warmup=0.02, hold=0.0)


def rate(progress: float, plan: Plan) -> float:
    """Return the share of the full learning rate at ``progress``, which runs from 0 to 1."""
    decay = (1 - progress) / (1 - plan.hold)
    return max(0.0, min(1.0, decay, (progress + 1e-3) / (plan.warmup + 1e-3)))


@define
class Stopwatch:
    """Seconds of work: a lap longer than any step is one in which the process was stopped."""

    seconds: float
    longest_lap: float = 30.0
    lap_began: float = field(factory=time.monotonic)

    def lap(self) -> float:
        """Count the time since the last lap; return the seconds so far."""
        now = time.monotonic()
        self.seconds += min(now - self.lap_began, self.longest_lap)
        self.lap_began = now
        return self.seconds
