"""What only a trace tells: how often something began."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from twin.core.plan import Plan

from . import facts
from .judge import RUNS, Answer, Tier, complaints
from .plants import MINUTE, plan_of

Row = tuple[float, str, int, str, Any]


@dataclass(frozen=True)
class Counts:
    """How often per minute the machines of a station go over to a state, in runs of ``length`` minutes."""

    case: str
    name: str
    text: str
    station: str
    state: str
    length: float
    warm_up: float

    def measure(self, seed: int, factor: float) -> list[Answer]:
        """Counts the states that begin after the warm-up."""
        plan = plan_of(self.text).with_run(horizon=self.length * factor * MINUTE, warm_up=self.warm_up * MINUTE)
        found = [self._per_minute(plan.with_run(seed=seed), run) for run in range(RUNS)]
        exact = facts.answers(self.case)[self.name]
        return [Answer(self.name, "mean", exact, found, False, facts.traps(self.case, self.name))]

    def _per_minute(self, plan: Plan, run: int) -> float:
        """A state that lasts as the warm-up ends is told again at that very moment; it began before."""
        begun = sum(
            row[0] > plan.warm_up and row[3] == self.state and row[1] == self.station for row in rows(plan, run)
        )
        return begun / (plan.horizon / MINUTE)

    def complaints(self, tier: Tier) -> list[str]:
        """All that is wrong with the number; empty when it holds."""
        return complaints(self.case, self.measure, tier)


def rows(plan: Plan, run: int) -> list[Row]:
    """The trace of one replication; its identities hold."""
    from twin.engine import simulate

    found: list[Row] = []
    ledger = simulate(plan, run, trace=found)
    assert all(check.ok for check in ledger.checks()), ledger.checks()
    return found
