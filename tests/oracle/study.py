"""A case as the tests run it: a plant, what is read in it, and for how long it runs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from . import facts
from .judge import REPLICATIONS, Answer, Tier, complaints
from .plants import MINUTE, Read, View, plan_of, run


class Quantity(NamedTuple):
    """One answer of a case and where it is found in a run; ``kind`` as in ``judge.Answer``."""

    name: str
    kind: str
    read: Read
    headline: bool = False
    exact: float | None = None
    """The value when it does not stand by this name in the facts."""

    def answer(self, case: str, values: list[float]) -> Answer:
        """What the replications say, beside the truth and its traps."""
        exact = facts.answers(case)[self.name] if self.exact is None else self.exact
        return Answer(self.name, self.kind, exact, values, self.headline, facts.traps(case, self.name))


@dataclass(frozen=True)
class Study:
    """A plant of a case. Times are in units of the case, per replication; ``fast`` 0: only in the long tier."""

    case: str
    text: str
    quantities: tuple[Quantity, ...]
    fast: float
    long: float
    warm_up: float = 0.0
    variant: str = ""
    unit: float = MINUTE

    def __str__(self) -> str:
        return f"{self.case}{'/' if self.variant else ''}{self.variant}"

    def measure(self, length: float, seed: int, factor: float) -> list[Answer]:
        """Runs the plant and reads every quantity."""
        window = round(length * factor * self.unit)
        plan = plan_of(self.text).with_run(warm_up=round(self.warm_up * self.unit), horizon=window, seed=seed)
        views = [View(plan, ledger, self.unit) for ledger in run(plan, REPLICATIONS)]
        return [q.answer(self.case, [float(q.read(view)) for view in views]) for q in self.quantities]

    def complaints(self, tier: Tier) -> list[str]:
        """All that is wrong with the engine's answers; empty when they hold."""
        length = self.fast if tier.name == "fast" else self.long
        return complaints(str(self), partial(self.measure, length), tier)


def headline(name: str, kind: str, read: Read, exact: float | None = None) -> Quantity:
    """The quantity whose width is bounded."""
    return Quantity(name, kind, read, True, exact)
