"""What a metric is, with its interval: of the money rows of a scenario, or of its KPIs beside another's."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from twin.study.asked.decision import Clause
from twin.study.asked.metric import Metric
from twin.study.interval import Interval, mean_interval, more_to_tell, more_trials_to_tell, quantile_ranks, wilson
from twin.study.judged.money import Money
from twin.study.paired.runner import Runs

if TYPE_CHECKING:
    from twin.law.law import Floats

Truth = Literal["true", "false", "undecided"]
QUANTILES = {"median": 0.5, "p05": 0.05, "p95": 0.95}
TAIL = 0.05


class Answer(NamedTuple):
    """A metric of one scenario; an end of the interval is infinite where the rows are too few to tell."""

    metric: Metric
    value: float
    low: float
    high: float
    n: int
    """Rows it stands on."""
    interval: Interval | None = None
    """Of a mean or a share, from which the number of replications that would tell is found."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON; what is not finite is None."""
        ends = {name: _finite(getattr(self, name)) for name in ("value", "low", "high")}
        return {"metric": self.metric.text, **ends, "unit": self.metric.unit, "n": self.n}


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


@dataclass(frozen=True)
class Scene:
    """A scenario with all that is known of it, beside the one it is compared with."""

    name: str
    against: str
    runs: Runs
    raw: Money | None
    """From the rows as they were simulated: for the interval of a mean."""
    money: Money | None
    """With the chance of one horizon averaged over the years, where it can be told from what is uncertain."""
    confidence: float

    def answer(self, metric: Metric) -> Answer:
        """A metric of the scenario; its value is NaN where it has none."""
        if not metric.is_money:
            return self._plant(metric)
        if self.money is None or self.raw is None:
            return Answer(metric, math.nan, -math.inf, math.inf, 0)
        rows = self.money.rows(metric.base)
        if metric.end in QUANTILES:
            return self._quantile(metric, rows)
        if metric.end == "probability_positive":
            share = wilson(int((rows > 0).sum()), len(rows), self.confidence)
            return _of(metric, share)
        if metric.end == "shortfall":
            from twin.finance.risk import expected_shortfall

            found = expected_shortfall(rows, TAIL, self.confidence)
            return Answer(metric, found.value, found.low, found.high, found.n)
        return self._mean(metric, self.raw.rows(metric.base))

    def _mean(self, metric: Metric, rows: Floats) -> Answer:
        if np.isinf(rows).any():  # such as a payback that never comes
            return Answer(metric, math.inf, math.inf, math.inf, len(rows))
        found = mean_interval(rows, self.confidence)
        return Answer(metric, math.nan, -math.inf, math.inf, 0) if found is None else _of(metric, found)

    def _quantile(self, metric: Metric, rows: Floats) -> Answer:
        known = np.sort(rows[~np.isnan(rows)])
        n = len(known)
        if not n:
            return Answer(metric, math.nan, -math.inf, math.inf, 0)
        share = QUANTILES[metric.end]
        first, last, _ = quantile_ranks(n, share, self.confidence)
        value = float(np.quantile(known, share, method="inverted_cdf"))
        low = float(known[first - 1]) if first else -math.inf
        return Answer(metric, value, low, float(known[last - 1]) if last <= n else math.inf, n)

    def _plant(self, metric: Metric) -> Answer:
        table = self.runs.matrix(metric.base)
        own = table[:, self.runs.names.index(self.name)]
        if metric.end == "mean":
            values, scale = own, 1.0
        else:
            other = table[:, self.runs.names.index(self.against)]
            values, scale = own - other, 1.0
            if metric.end == "relative":
                both = np.isfinite(values) & np.isfinite(other)
                scale = float(other[both].mean()) if both.any() else math.nan
                # the ratio of two means, linear about itself (delta method)
                ratio = float(values[both].mean()) / scale if scale else math.nan
                values = values - ratio * (other - scale)
        found = mean_interval(values, self.confidence)
        if found is None or not math.isfinite(scale) or scale == 0:
            return Answer(metric, math.nan, -math.inf, math.inf, 0)
        return _of(metric, found, abs(scale))

    @cached_property
    def capex(self) -> float:
        """EUR invested in the mean; 0 without money."""
        return float(self.money.capex.mean()) if self.money is not None else 0.0


def _of(metric: Metric, found: Interval, scale: float = 1.0) -> Answer:
    low = -math.inf if found.low is None else found.low / scale
    high = math.inf if found.high is None else found.high / scale
    scaled = found if scale == 1.0 else Interval(found.mean / scale, low, high, (found.sd or 0.0) / scale, found.n)
    return Answer(metric, found.mean / scale, low, high, found.n, scaled)


class Told(NamedTuple):
    """A clause of the decision for one scenario."""

    clause: Clause
    answer: Answer
    truth: Truth
    more: int | None
    """When undecided: about how many more replications would tell; None: it cannot be told."""

    @property
    def words(self) -> str:
        """What would settle it, in words; empty: it is settled."""
        if self.truth != "undecided":
            return ""
        if math.isnan(self.answer.value):
            return "no row has such a value"
        if self.more is not None:
            return f"about {self.more:,} more replications would settle it, if it stays as it is"
        return "more replications will hardly settle it: it lies on the edge, so ask for better data"

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {
            "clause": self.clause.text, "truth": self.truth, "answer": self.answer.document(), "more": self.more,
            "words": self.words,
        }  # fmt: skip


def tell(clause: Clause, answer: Answer) -> Told:
    """Whether a clause is true: its whole interval fulfils it, none of it does, or it is undecided."""
    ends = answer.low, answer.high
    if math.isnan(answer.value):
        return Told(clause, answer, "undecided", None)
    if all(clause.holds(end) for end in ends):
        return Told(clause, answer, "true", 0)
    if not any(clause.holds(end) for end in ends):
        return Told(clause, answer, "false", 0)
    return Told(clause, answer, "undecided", _more(clause, answer))


def _more(clause: Clause, answer: Answer) -> int | None:
    if answer.interval is None:
        return None
    if clause.metric.end == "probability_positive":
        return more_trials_to_tell(answer.interval, clause.value)
    return more_to_tell(answer.interval, clause.value)
