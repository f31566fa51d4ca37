"""A study judged: paired comparison, money with its risk, what knowing more is worth, and the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.core.plan import Plan
from twin.core.unit import MICRO
from twin.kpi import find
from twin.study.asked.metric import Metric
from twin.study.asked.study import Study
from twin.study.compare import Paired, compare
from twin.study.interval import Interval, mean_interval
from twin.study.judged.answer import Scene
from twin.study.judged.assumed import YEAR, Assumed, assumed
from twin.study.judged.decide import Decided, decide
from twin.study.judged.money import Money, money
from twin.study.judged.yearly import Yearly, yearly
from twin.study.paired.runner import Checkpoint, Enough, Runs
from twin.study.sequential import Stop

if TYPE_CHECKING:
    from twin.finance.estimate import Estimate
    from twin.finance.information import Share, Worth
    from twin.finance.risk import Risk
    from twin.finance.sensitivity import Bar
    from twin.law.law import Floats

KPIS = (
    "kpis.throughput_per_h",
    "kpis.lead_time_s",
    "kpis.lead_time_p95_s",
    "kpis.wip",
    "kpis.scrap_share",
    "kpis.on_time_share",
    "kpis.energy_kwh_per_part",
    "kpis.carbon_kg_per_part",
    "kpis.cost_eur_per_part",
)
"""KPIs that are compared in every study, as far as the plant has them."""


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
    """All scenarios but that of 'against'."""

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
        named = [one.base for one in _metrics(self.study) if not one.is_money]
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
        from twin.finance.risk import risk

        found = self.scene(name).money
        return risk(found.npv, self.confidence) if found is not None else None

    @cached_property
    def best(self) -> dict[str, Estimate]:
        """The probability that each scenario is the best of all by NPV, that of 'against' included."""
        from twin.finance.risk import best

        names = [self.against, *(scene.name for scene in self.scenes)]
        return dict(zip(names, best(self.npvs, self.confidence), strict=True)) if self.assumed is not None else {}

    @cached_property
    def inputs(self) -> dict[str, Floats]:
        """All that is drawn once a row, by name: inputs of fitted files, effects of levers, money."""
        found: dict[str, Floats] = {}
        first = self.study.case(self.study.baseline)
        rows = range(self.runs.n)
        if first.drawn:
            for one in first.plan.inputs:
                found[one.words] = np.array([one.at(k)[1] for k in rows])
        for case in self.study.cases():
            for effect in case.effects:
                name = f"{effect.lever}: {effect.path}" if effect.lever else effect.path
                if name not in found:
                    found[name] = np.array([effect.at(case.plan.seed, k) for k in rows])
        if self.assumed is not None:
            levers = dict.fromkeys(lever for one in self.study.scenarios for lever in one.levers)
            found |= self.assumed.uncertain(tuple(levers))
        return {name: values for name, values in found.items() if np.ptp(values) > 0}

    @cached_property
    def perfect(self) -> Worth | None:
        """What knowing everything before the decision would be worth, EUR; None without money."""
        from twin.finance.information import evpi

        return evpi(self.npvs) if self.assumed is not None and self.scenes else None

    @cached_property
    def worth(self) -> dict[str, Worth]:
        """What knowing each input would be worth, EUR, the most first; empty: too few rows, or nothing is uncertain."""
        from twin.finance.information import worth_of_inputs

        if self.assumed is None or not self.scenes or not self._enough_rows:
            return {}
        found = worth_of_inputs(self.npvs, self.inputs)
        return dict(sorted(found.items(), key=lambda one: -one[1].value))

    @property
    def _enough_rows(self) -> bool:
        return bool(self.inputs) and self.runs.n >= LEAST_ROWS

    def shares(self, name: str) -> dict[str, Share]:
        """The share of the variance of a scenario's NPV that each input makes, the largest first."""
        from twin.finance.information import variance_shares

        found = self.scene(name).money
        if found is None or not self._enough_rows:
            return {}
        shares = variance_shares(found.npv, self.inputs)
        return dict(sorted(shares.items(), key=lambda one: -one[1].value))

    def tornado(self, name: str) -> tuple[Bar, ...]:
        """What the NPV of a scenario is expected to be at P10 and P90 of each input."""
        from twin.finance.sensitivity import tornado

        found = self.scene(name).money
        return tornado(found.npv, self.inputs) if found is not None and self._enough_rows else ()

    def under(self, name: str, **fixed: float) -> Money:
        """The money of a scenario with assumptions held in all rows (``discount_rate``, ``capex`` as a factor …)."""
        assert self.assumed is not None
        return _money_of(self.study, self.years, self.assumed.holding(**fixed), name)

    @cached_property
    def years(self) -> dict[str, Yearly]:
        """The year of each scenario, chance averaged as in ``Scene.money``."""
        return _averaged(self.study, self.runs, _years(self.runs))


LEAST_ROWS = 30
"""Rows from which a curve through them says something of an input."""


def judge(study: Study, runs: Runs) -> Judged:
    """What a study says after its runs.

    Raises:
        RunError: a replication without a good part, of which no money can be told.
    """
    names = [name for name in runs.names if name != study.decision.against]
    if study.finance is None or not runs.n:
        return Judged(study, runs, None, _scenes(study, runs, names, {}, {}))
    economy = assumed(study, runs.n)
    years = _years(runs)
    raw, smooth = (_against(study, one, economy) for one in (years, _averaged(study, runs, years)))
    return Judged(study, runs, economy, _scenes(study, runs, names, raw, smooth))


def _scenes(
    study: Study, runs: Runs, names: Sequence[str], raw: dict[str, Money], smooth: dict[str, Money]
) -> tuple[Scene, ...]:
    return tuple(
        Scene(name, study.decision.against, runs, raw.get(name), smooth.get(name), study.run.spec.confidence)
        for name in names
    )


def _years(runs: Runs) -> dict[str, Yearly]:
    return {case.name: yearly(case.name, case.plan, runs.rows(case.name)) for case in runs.cases}


def _against(study: Study, years: dict[str, Yearly], economy: Assumed) -> dict[str, Money]:
    """The money of all scenarios against that of 'against', by name."""
    return {name: _money_of(study, years, economy, name) for name in years if name != study.decision.against}


def _money_of(study: Study, years: dict[str, Yearly], economy: Assumed, name: str) -> Money:
    """The money of one scenario against that of 'against'; both are taken against the baseline."""
    base, other = years[study.baseline], study.decision.against
    found = money(study.scenario(name).levers, base, years[name], economy)
    if other == study.baseline:
        return found
    return found.less(money(study.scenario(other).levers, base, years[other], economy))


def _averaged(study: Study, runs: Runs, years: dict[str, Yearly]) -> dict[str, Yearly]:
    """Years with the chance of one horizon averaged over those of the study, where it can be told apart.

    Nothing of the plant is uncertain: all that differs between rows is chance. Draws that are repeated: chance is what
    differs within them. Draws that are not: rows stay as they are, and their spread is a little too wide.
    """
    assert study.finance is not None
    plans = [study.case(study.baseline).plan, *(case.plan for case in runs.cases)]
    periods = study.finance.years * YEAR / max(plans[0].horizon / MICRO, 1.0)
    group = groups(study, plans[0], runs.n)
    if group is not None and len(set(group)) == len(group):
        return years
    return {name: one.averaged(periods, group) for name, one in years.items()}


def groups(study: Study, plan: Plan, rows: int) -> list[int] | None:
    """The draw of the plant's uncertain inputs of each row; None: nothing of the plant is uncertain."""
    if any(case.effects for case in study.cases()):
        return list(range(rows))
    if study.run.drawn and plan.inputs:
        return [k % plan.inputs.draws for k in range(rows)]
    return None


def deciding(study: Study) -> Enough | None:
    """The rule that ends the runs, for ``run_cases``; None: a fixed number of replications."""
    asked = study.run.stop
    if asked is None or isinstance(study.run.replications, int):
        return None
    counts = study.run.replications
    rule = Stop(asked.half_width, asked.confidence, counts.start, counts.step, counts.most)

    def enough(runs: Runs) -> Checkpoint:
        halt = rule.enough(_deciding_rows(study, runs, asked.metric))
        if halt.enough:
            return Checkpoint(True, 0, f"{asked.metric.text} is known as asked after {runs.n} replications")
        more = "" if halt.more is None else f"; about {halt.more:,} more would do"
        return Checkpoint(False, halt.more, f"{asked.metric.text} is not yet known as asked{more}")

    return enough


def _deciding_rows(study: Study, runs: Runs, metric: Metric) -> Floats:
    """Rows of the metric that decides, a column for each scenario but that of 'against'."""
    names = [name for name in runs.names if name != study.decision.against]
    if metric.is_money:
        found = _against(study, _years(runs), assumed(study, runs.n))
        return np.column_stack([found[name].rows(metric.base) for name in names])
    table = runs.matrix(metric.base)
    own = table[:, [runs.names.index(name) for name in names]]
    if metric.end == "mean":
        return own
    other = table[:, [runs.names.index(study.decision.against)]]
    return (own - other) / (np.nanmean(other) if metric.end == "relative" else 1.0)


def checkpoints(study: Study) -> tuple[int, ...]:
    """The numbers of replications at which is looked."""
    counts = study.run.replications
    if isinstance(counts, int):
        return (counts,)
    return Stop(1.0, 0.95, counts.start, counts.step, counts.most).checkpoints()


def _metrics(study: Study) -> list[Metric]:
    decision, run = study.decision, study.run
    found = [clause.metric for clause in decision.clauses]
    found += [decision.choose.metric] if decision.choose else []
    found += [run.stop.metric] if run.stop else []
    return [*found, *run.keep]


def named_paths(study: Study) -> tuple[str, ...]:
    """The KPIs that the study names, for columns of the store."""
    return tuple(dict.fromkeys([*KPIS, *(one.base for one in _metrics(study) if not one.is_money)]))


class _Kpi(NamedTuple):
    unit: str
    better: bool | None


def _kpi(path: str) -> _Kpi:
    try:
        found = find(path)
    except KeyError:
        return _Kpi("share" if ".states." in path or path.startswith("bottleneck.") else "", None)
    return _Kpi(found.unit, found.higher_is_better)
