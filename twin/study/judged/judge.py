"""A study judged: paired comparison, money with its risk, what knowing more is worth, and the decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.finance.estimate import Estimate
from twin.finance.information import Share, Worth, evpi, variance_shares, worth_of_inputs
from twin.finance.risk import Risk, best, risk
from twin.finance.sensitivity import Bar, tornado
from twin.kpi import find
from twin.study.asked.scenario import Scenario
from twin.study.asked.study import Study
from twin.study.judged.answer import Scene, repeated
from twin.study.judged.assumed import Assumed, assumed
from twin.study.judged.decide import Decided, decide
from twin.study.judged.money import Money
from twin.study.judged.rates import several
from twin.study.judged.stop import KPIS, Screened, named_metrics, screened
from twin.study.judged.yearly import Yearly
from twin.study.judged.years import calmed, groups, money_against, money_of, periods, years_of
from twin.study.paired.runner import Runs
from twin.study.said import fitted_said, said
from twin.study.statistics.compare import Paired, compare
from twin.study.statistics.interval import Interval, mean_interval

if TYPE_CHECKING:
    from twin.law.law import Floats


class Compared(NamedTuple):
    """A KPI over all scenarios."""

    path: str
    unit: str
    means: dict[str, Interval]
    """By scenario."""
    pairs: tuple[Paired, ...]
    """Each other scenario against that of 'against'."""


@dataclass(frozen=True)
class Judged:
    """All that a study says; nothing here is simulated."""

    study: Study
    runs: Runs
    assumed: Assumed | None
    scenes: tuple[Scene, ...]
    """All scenarios but that of 'against', and but those that were screened out."""
    screened: tuple[Screened, ...] = ()
    """Scenarios that went out on the way: shown to be behind the best, and not simulated to the end."""

    @property
    def against(self) -> str:
        """The scenario that the others are compared with."""
        return self.study.decision.against

    @property
    def confidence(self) -> float:
        """Level of the intervals."""
        return self.study.run.spec.confidence

    def scene(self, name: str) -> Scene:
        """A scenario by its name; KeyError: there is none, or it is that of 'against'."""
        found = next((scene for scene in self.scenes if scene.name == name), None)
        if found is None:
            raise KeyError(name)
        return found

    @cached_property
    def compared(self) -> tuple[Compared, ...]:
        """The plant's KPIs and those that the study names, in that order."""
        named = [one.base for one in named_metrics(self.study) if not one.is_money]
        paths = [*KPIS, *dict.fromkeys(path for path in named if path not in KPIS)]
        found = [self._compared(path) for path in paths]
        return tuple(one for one in found if one is not None)

    def _compared(self, path: str) -> Compared | None:
        table, names = self.runs.matrix(path), self.runs.names
        means = {name: mean_interval(table[:, i], self.confidence) for i, name in enumerate(names)}
        known = {name: one for name, one in means.items() if one is not None}
        if self.against not in known:
            return None
        kpi, pairs = _kpi(path), tuple[Paired, ...]()
        if len(known) > 1 and self.runs.n > 1:
            columns = [i for i, name in enumerate(names) if name in known]
            pairs = compare(
                table[:, columns], list(known), self.against, confidence=self.confidence,
                best="min" if kpi.better is False else "max",
            )  # fmt: skip
        return Compared(path, kpi.unit, known, pairs)

    @cached_property
    def decided(self) -> Decided:
        """The decision."""
        return decide(self.study.decision, self.scenes)

    @cached_property
    def npvs(self) -> Floats:
        """NPV of all scenarios, that of 'against' first (0), shape (rows, scenarios)."""
        rows = [scene.money.npv for scene in self.scenes if scene.money is not None]
        return np.column_stack([np.zeros(self.runs.n), *rows])

    def risk(self, name: str) -> Risk | None:
        """The risk of a scenario; None without money."""
        found = self.scene(name).money
        return risk(found.npv, self.confidence) if found is not None else None

    @cached_property
    def best(self) -> dict[str, Estimate]:
        """The probability that each scenario is the best of all by NPV, that of 'against' included."""
        if self.assumed is None:
            return {}
        names = [self.against, *(scene.name for scene in self.scenes)]
        return dict(zip(names, best(self.npvs, self.confidence), strict=True))

    @cached_property
    def inputs(self) -> dict[str, Floats]:
        """All that is drawn once a row, by name: inputs of fitted files, effects of levers, money."""
        return self._inputs(self.study.scenarios)

    def _inputs(self, scenarios: Sequence[Scenario]) -> dict[str, Floats]:
        """The same of what reaches these scenarios: what is drawn for a lever of another has no part in their money."""
        found: dict[str, Floats] = {}
        first = self.study.case(self.study.baseline)
        rows = range(self.runs.n)
        if first.drawn:
            for one in first.plan.inputs:
                found[fitted_said(one.words, one.name, one.part)] = np.array([one.at(k)[1] for k in rows])
        for case in map(self.study.case, scenarios):
            for effect in case.effects:
                name = said("of_lever", lever=effect.lever, what=effect.path) if effect.lever else effect.path
                if name not in found:
                    found[name] = np.array([effect.at(case.plan.seed, k) for k in rows])
        if self.assumed is not None:
            found |= self.assumed.uncertain(_levers(scenarios))
        return {name: values for name, values in found.items() if np.ptp(values) > 0}

    def _reaches(self, name: str) -> dict[str, Floats]:
        """The inputs that a scenario's money hangs on, or that of the one it is compared with."""
        return self._inputs([self.study.scenario(one) for one in (self.against, name)])

    @cached_property
    def perfect(self) -> Worth | None:
        """What knowing everything before the decision would be worth, EUR; None without money."""
        return evpi(self.npvs) if self.assumed is not None and self.scenes else None

    @cached_property
    def worth(self) -> dict[str, Worth]:
        """What knowing each input would be worth, EUR, the most first; empty: too few rows, or nothing is uncertain."""
        if self.assumed is None or not self.scenes or not self._enough_rows:
            return {}
        found = worth_of_inputs(self.npvs, self.inputs)
        return dict(sorted(found.items(), key=lambda one: -one[1].value))

    @property
    def _enough_rows(self) -> bool:
        return bool(self.inputs) and self.runs.n >= LEAST_ROWS

    def shares(self, name: str) -> dict[str, Share]:
        """The share of the variance of a scenario's NPV that each input makes, the largest first."""
        found = self.scene(name).money
        if found is None or not self._enough_rows:
            return {}
        shares = variance_shares(found.npv, self._reaches(name))
        return dict(sorted(shares.items(), key=lambda one: -one[1].value))

    def tornado(self, name: str) -> tuple[Bar, ...]:
        """What the NPV of a scenario is expected to be at P10 and P90 of each input."""
        found = self.scene(name).money
        return tornado(found.npv, self._reaches(name)) if found is not None and self._enough_rows else ()

    def under(self, name: str, **fixed: float) -> Money:
        """The money of a scenario with assumptions held in all rows (``discount_rate``, ``capex`` as a factor …)."""
        assert self.assumed is not None
        return money_of(self.study, self.years, self.assumed.holding(**fixed), name)

    @cached_property
    def years(self) -> dict[str, Yearly]:
        """The year of each scenario, chance averaged as in ``Scene.money``."""
        return calmed(self.study, self.runs, years_of(self.study, self.runs))

    @cached_property
    def chance_in_spread(self) -> bool:
        """Whether the chance of one horizon, which the years average out, is all in the spread of the money."""
        if self.assumed is None or not self.runs.n:
            return False
        group = groups(self.study, self.runs)
        return group is not None and repeated(group) is None and periods(self.study, self.runs) > 1

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What has to be known to read the money, in words."""
        return tuple(_notes(self)) if self.assumed is not None and self.runs.n else ()


LEAST_ROWS = 30
"""Rows from which a curve through them says something of an input."""


def judge(study: Study, runs: Runs) -> Judged:
    """What a study says after its runs.

    Raises:
        RunError: a replication without a good part, of which no money can be told.
    """
    gone = screened(study, runs)
    runs = runs.without(one.name for one in gone)
    if study.finance is None or not runs.n:
        return Judged(study, runs, None, _scenes(study, runs, {}, {}, None), gone)
    economy, years = assumed(study, runs.n), years_of(study, runs)
    raw, calm = (money_against(study, one, economy) for one in (years, calmed(study, runs, years)))
    return Judged(study, runs, economy, _scenes(study, runs, raw, calm, economy), gone)


def _scenes(
    study: Study, runs: Runs, raw: dict[str, Money], calm: dict[str, Money], economy: Assumed | None
) -> tuple[Scene, ...]:
    against, confidence, group = study.decision.against, study.run.spec.confidence, groups(study, runs)
    chance = any(case.plan.is_random for case in runs.cases) or group is not None
    certain = not chance and (economy is None or not economy.uncertain(_levers(study.scenarios)))
    return tuple(
        Scene(name, against, runs, raw.get(name), calm.get(name), confidence, repeated(group), certain)
        for name in runs.names
        if name != against
    )


def _levers(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(lever for one in scenarios for lever in one.levers))


def _notes(judged: Judged) -> Iterator[str]:
    study, years = judged.study, judged.years
    assert study.finance is not None
    if judged.chance_in_spread:
        yield said("wide", n=periods(study, judged.runs))
    if study.finance.carbon_price is not None and not any(one.carbon.any() for one in years.values()):
        yield said("no_carbon")
    if study.finance.margin_per_part is None:
        yield said("no_margin")
    yield from (told for one in judged.scenes if one.money is not None and (told := several(one.name, one.money)))


class _Kpi(NamedTuple):
    unit: str
    better: bool | None


def _kpi(path: str) -> _Kpi:
    try:
        found = find(path)
    except KeyError:
        return _Kpi("share" if ".states." in path or path.startswith("bottleneck.") else "", None)
    return _Kpi(found.unit, found.higher_is_better)
