"""A case as the tests run it: a plant, what is read in it, and for how long it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import pytest

from . import facts
from .judge import FAST, LONG, REPLICATIONS, RUNS, Answer, Tier, complaints
from .plants import MINUTE, Read, View, plan_of, run


class Quantity(NamedTuple):
    """One answer of a case and where it is found in a run; ``kind`` as in ``judge.Answer``."""

    name: str
    kind: str
    read: Read
    headline: bool = False
    exact: float | None = None
    """The value when it does not stand by this name in the facts."""

    def answer(self, case: str, values: list[float], controls: Sequence[Sequence[float]] = ()) -> Answer:
        """What the runs say, beside the truth and its traps."""
        exact = facts.answers(case)[self.name] if self.exact is None else self.exact
        return Answer(self.name, self.kind, exact, values, self.headline, facts.traps(case, self.name), controls)


@dataclass(frozen=True)
class Study:
    """A plant of a case. Times are in units of the case, per replication; ``fast`` 0: only in the long tier.

    ``controls`` (of the inputs) narrow every interval, ``recursions`` (the headlines again, from the draws alone) those
    of the headlines; each is judged itself, with 0 as its truth.
    """

    case: str
    text: str
    quantities: tuple[Quantity, ...]
    fast: float
    long: float
    warm_up: float = 0.0
    variant: str = ""
    unit: float = MINUTE
    controls: tuple[Quantity, ...] = ()
    recursions: tuple[Quantity, ...] = ()
    runs: int = RUNS
    """In how many runs; a quarter where the warm-up is the dear part."""

    def __str__(self) -> str:
        return f"{self.case}{'/' if self.variant else ''}{self.variant}"

    def measure(self, length: float, seed: int, factor: float) -> list[Answer]:
        """Runs the plant and reads every quantity and every control."""
        window = round(length * factor * self.unit * REPLICATIONS / self.runs)
        plan = plan_of(self.text).with_run(warm_up=round(self.warm_up * self.unit), horizon=window, seed=seed)
        views = [View(plan, ledger, self.unit) for ledger in run(plan, self.runs)]
        inputs, again = (
            [control.answer(self.case, values(control, views)) for control in some]
            for some in (self.controls, self.recursions)
        )
        known, all_known = ([control.values for control in some] for some in (inputs, [*inputs, *again]))
        found = [q.answer(self.case, values(q, views), all_known if q.headline else known) for q in self.quantities]
        return [*found, *inputs, *again]

    def complaints(self, tier: Tier) -> list[str]:
        """All that is wrong with the engine's answers; empty when they hold."""
        length = self.fast if tier.name == "fast" else self.long
        return complaints(str(self), partial(self.measure, length), tier)


def values(quantity: Quantity, views: Sequence[View]) -> list[float]:
    """What each run says of a quantity."""
    return [float(quantity.read(view)) for view in views]


def headline(name: str, kind: str, read: Read, exact: float | None = None) -> Quantity:
    """The quantity whose width is bounded."""
    return Quantity(name, kind, read, True, exact)


def judged(studies: Sequence[Study]) -> tuple[Callable[[Study], None], Callable[[Study], None]]:
    """The two tests of the cases of a file: the fast tier, and the long one (``test_short, test_long = …``)."""

    @pytest.mark.parametrize("study", [study for study in studies if study.fast], ids=str)
    def test_short(study: Study) -> None:
        _judge(study, FAST)

    @pytest.mark.long
    @pytest.mark.timeout(1200)
    @pytest.mark.parametrize("study", studies, ids=str)
    def test_long(study: Study) -> None:
        _judge(study, LONG)

    return test_short, test_long


def _judge(study: Study, tier: Tier) -> None:
    __tracebackhide__ = True
    if found := study.complaints(tier):
        pytest.fail("\n".join(found))
