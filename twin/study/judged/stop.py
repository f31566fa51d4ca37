"""When the replications of a study are enough, and which scenarios need no more of them.

The metric of ``run.stop`` must be known as narrowly as asked for every scenario. Where there are many to choose the
best from, the fully sequential selection of Kim and Nelson (``statistics.select``) screens them as replications come:
a scenario that is out gets no more of them, and how well it is known matters no more. It is done only where nothing
but the choice decides (no ``accept_if``, for the best might be refused), by a mean, with an indifference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.core.said import Said
from twin.study.asked.metric import Metric
from twin.study.asked.study import Study
from twin.study.judged.answer import plant_rows
from twin.study.judged.assumed import assumed
from twin.study.judged.yearly import money_paths
from twin.study.judged.years import money_against, years_of
from twin.study.paired.runner import Checkpoint, Enough, Runs
from twin.study.said import said
from twin.study.statistics.compare import Best
from twin.study.statistics.select import KN
from twin.study.statistics.sequential import Halt, Stop

if TYPE_CHECKING:
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
MANY = 20
"""Scenarios up to which all are simulated to the end and compared in pairs (Bonferroni)."""


def deciding(study: Study) -> Enough | None:
    """The rule that ends the runs, for ``run_cases``; None: a fixed number of replications."""
    asked, counts = study.run.stop, study.run.replications
    if asked is None or isinstance(counts, int):
        return None
    rule = Stop(asked.half_width, asked.confidence, counts.start, counts.step, counts.most)
    screen = Screen(study, asked.confidence, counts.start) if screens(study) else None

    def enough(runs: Runs) -> Checkpoint:
        out = screen.out(runs) if screen is not None else ()
        left = runs.without(out)
        names = [name for name in left.names if name != study.decision.against]
        halt = rule.enough(_rows_of(study, left, asked.metric, names))
        words = _words(asked.metric, halt, runs.n)
        if screen is not None:
            words = said("left", left=len(names), all=len(runs.names) - 1, rest=words)
        return Checkpoint(halt.enough, 0 if halt.enough else halt.more, words, out)

    return enough


def _words(metric: Metric, halt: Halt, n: int) -> Said:
    """What is said after n replications."""
    if halt.enough:
        return said("known", metric=metric.said, n=n)
    if halt.more is None:
        return said("not_known", metric=metric.said)
    return said("not_known_more", metric=metric.said, more=halt.more)


def screens(study: Study) -> bool:
    """Whether scenarios are screened as replications come."""
    decision, choice = study.decision, study.decision.choose
    if choice is None or decision.clauses or not decision.indifference or len(study.scenarios) <= MANY:
        return False
    # Of a ratio of means there is no row before all are there.
    return choice.metric.is_straight and choice.metric.end != "relative"


class Screen:
    """The selection that is under way; told of the same runs again it says the same again."""

    def __init__(self, study: Study, confidence: float, first: int) -> None:
        self.study, self.alpha, self.first = study, 1 - confidence, first
        self._selection: KN | None = None
        self._seen = 0

    def out(self, runs: Runs) -> tuple[str, ...]:
        """The scenarios that are out after so many replications; that of 'against' and the baseline never are."""
        if self._selection is None or runs.n < self._seen:
            self._selection, self._seen = self._begun(len(runs.names)), 0
        selection = self._selection
        for row in self._values(runs, selection)[self._seen :]:
            if np.isfinite(row[list(selection.survivors)]).all():
                selection.add(row)
        self._seen = runs.n
        stay = {*selection.survivors, *(runs.names.index(name) for name in self._never)}
        return tuple(name for i, name in enumerate(runs.names) if i not in stay)

    @property
    def _never(self) -> tuple[str, str]:
        return self.study.decision.against, self.study.baseline

    def _begun(self, scenarios: int) -> KN:
        decision = self.study.decision
        assert decision.choose is not None
        best: Best = "max" if decision.choose.maximise else "min"
        return KN(scenarios, self.alpha, decision.indifference, self.first, best)

    def _values(self, runs: Runs, selection: KN) -> Floats:
        """The metric of the choice, (replications, scenarios); NaN of those that are out."""
        assert self.study.decision.choose is not None
        gone = [name for i, name in enumerate(runs.names) if i not in selection.survivors]
        left = runs.without([name for name in gone if name not in self._never])
        metric, against = self.study.decision.choose.metric, self.study.decision.against
        names = [name for name in left.names if name != against]
        found = np.full((runs.n, len(runs.names)), np.nan)
        found[:, [runs.names.index(name) for name in names]] = _rows_of(self.study, left, metric, names)
        own = left.matrix(metric.base)[:, left.names.index(against)] if not metric.is_difference else 0.0
        found[:, runs.names.index(against)] = own
        return found


def _rows_of(study: Study, runs: Runs, metric: Metric, names: list[str]) -> Floats:
    """Rows of a metric that is a mean, a column for each of these scenarios."""
    if metric.is_money:
        found = money_against(study, years_of(study, runs), assumed(study, runs.n))
        return np.column_stack([found[name].rows(metric.base) for name in names])
    table = runs.matrix(metric.base)
    other = table[:, runs.names.index(study.decision.against)]
    return np.column_stack([plant_rows(metric.end, table[:, runs.names.index(name)], other) for name in names])


class Screened(NamedTuple):
    """A scenario that went out on the way."""

    name: str
    replications: int
    """How many it has."""
    value: float
    """The mean of the metric of the choice over them."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return self._asdict()


def screened(study: Study, runs: Runs) -> tuple[Screened, ...]:
    """The scenarios that went out on the way, in the order of the runs."""
    choice, found = study.decision.choose, dict[str, Screened]()
    for n in sorted(dict.fromkeys(runs.out.values())):
        names = [name for name, count in runs.out.items() if count == n]
        few = runs.without(name for name, count in runs.out.items() if count < n).first(n)
        rows = _rows_of(study, few, choice.metric, names) if choice else np.full((n, len(names)), np.nan)
        found |= {name: Screened(name, n, float(rows[:, i].mean())) for i, name in enumerate(names)}
    return tuple(found[name] for name in runs.out)


def checkpoints(study: Study) -> tuple[int, ...]:
    """The numbers of replications at which is looked."""
    counts = study.run.replications
    if isinstance(counts, int):
        return (counts,)
    return Stop(1.0, 0.95, counts.start, counts.step, counts.most).checkpoints()


def named_metrics(study: Study) -> list[Metric]:
    """What the study asks for: clauses, choice, stop, and what is to be kept."""
    decision, run = study.decision, study.run
    found = [clause.metric for clause in decision.clauses]
    found += [decision.choose.metric] if decision.choose else []
    found += [run.stop.metric] if run.stop else []
    return [*found, *run.keep]


def named_paths(study: Study) -> tuple[str, ...]:
    """The KPIs that the study names or takes its money from, for columns of the store."""
    named = [*KPIS, *(one.base for one in named_metrics(study) if not one.is_money)]
    if study.finance is not None:
        named += [path for case in study.cases() for path in money_paths(case.plan)]
    return tuple(dict.fromkeys(named))
