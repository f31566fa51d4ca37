"""The recursions themselves: the engine leaves their moments, and at full length they meet the formulas.

Together the two say what a run of the engine at that length would say, for a fraction of the time.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from twin.core.plan import Plan

from . import facts, recursions, test_kits, test_queues, test_setups
from .judge import LONG, REPLICATIONS, RUNS, Answer, Tier, complaints
from .plants import MINUTE, plan_of, trace_of
from .recursions import Recursion, Visits

STUDIES = {str(study): study for study in (*test_queues.STUDIES, *test_kits.STUDIES, *test_setups.STUDIES)}


class Case(NamedTuple):
    """A queue whose parts follow a recursion."""

    name: str
    of: Recursion
    answers: tuple[str, ...]
    """What the facts say of each source of parts: time in the plant (W…) or before service (Wq)."""
    rate: float
    """Parts that come per minute."""
    load: float
    """Minutes at the server that they bring per minute."""
    length: float
    """Measured minutes of a replication in the long tier."""
    tier: Tier = LONG

    def __str__(self) -> str:
        return self.name

    def measure(self, seed: int, factor: float) -> list[Answer]:
        """The answers of the recursion alone; its controls are the parts that came and the work they brought."""
        study, length = STUDIES[self.name], self.length * factor * REPLICATIONS / RUNS
        plan = plan_of(study.text).with_run(warm_up=study.warm_up * MINUTE, horizon=round(length * MINUTE), seed=seed)
        came, work, *means = zip(*(self._seen(plan, replication) for replication in range(RUNS)), strict=True)
        inputs = [Answer("control: arrivals", "mean", 0.0, came), Answer("control: work", "mean", 0.0, work)]
        inputs = inputs[1:] if self.name == "Q-DM1" else inputs  # its arrivals hold no chance
        exact, known = facts.answers(self.name), [control.values for control in inputs]
        answers = (
            Answer(name, "time", exact[name], values, True, facts.traps(self.name, name), known)
            for name, values in zip(self.answers, means, strict=True)
        )
        return [*answers, *inputs]

    def _seen(self, plan: Plan, replication: int) -> list[float]:
        """Of one run: the controls, less what is expected per minute, and the means of each source."""
        visits = self.of(plan, replication)
        came = sum(one.arrivals(plan) for one in visits) * MINUTE / plan.horizon - self.rate
        work = sum(one.work(plan) for one in visits) / plan.horizon - self.load
        reads = [Visits.wait if name == "Wq" else Visits.time for name in self.answers]
        return [came, work, *(read(one, plan) / MINUTE for read, one in zip(reads, visits, strict=True))]


CASES = (
    Case("Q-MM1", recursions.single, ("W",), 0.8, 0.8, 320_000),
    Case("Q-MM3", recursions.several, ("W",), 2.4, 2.4, 82_000),
    Case("Q-MD1", recursions.single, ("W",), 0.8, 0.8, 150_000),
    Case("Q-MLN1", recursions.single, ("W",), 0.7, 0.7, 1_050_000),
    Case("Q-DM1", recursions.single, ("W",), 0.8, 0.8, 230_000),
    Case("Q-PRIO-NP", recursions.priority, ("W_1", "W_2"), 0.7, 0.7, 280_000),
    Case("Q-BRK-ODF", recursions.fails_at_work, ("W",), 0.65, 0.8125, 760_000),
    Case("Q-BRK-TDF", recursions.fails_always, ("W",), 0.5, 0.6, 1_200_000),
    Case("Q-HARE", recursions.fails_at_work, ("W",), 23 / 480, 23 / 24, 24_000_000, LONG._replace(time=0.05)),
    Case("Q-OVEN-FULL", recursions.loads, ("Wq",), 0.5, 2.5, 600_000),
    Case("SETUP-2", recursions.same_setup, ("W1", "W2"), 0.5, 0.5, 92_000),
)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_parts_leave_the_engine_when_the_recursion_says(case: Case) -> None:
    plan = plan_of(STUDIES[case.name].text).with_run(warm_up=0, horizon=3_000 * MINUTE, seed=1)
    plan = plan.with_run(horizon=20 * plan.horizon) if case.name == "Q-HARE" else plan
    _, trace = trace_of(plan)
    left = [time for visits in case.of(plan, 0) for time in visits.left.tolist() if time <= plan.horizon]
    seen = [row[0] for row in trace if row[1] == "out" and row[3] == "in"]
    assert len(seen) > 1_000
    assert sorted(seen) == [time / MINUTE for time in sorted(left)]


@pytest.mark.long
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_recursion_meets_the_formula(case: Case) -> None:
    assert complaints(case.name, case.measure, case.tier) == []
