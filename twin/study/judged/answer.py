"""What a metric is, with its interval: of the money rows of a scenario, or of its KPIs beside another's.

The rows of money hold what is uncertain and, as far as it can be told apart, the chance of all years of the study
instead of that of one short horizon. Where they are averaged so, the mean about which they lie is known no better than
the replications tell, whatever their spread: an interval takes in both, the rows as they lie, and the rows moved by
the error of that mean. Where draws are repeated it is draws that are independent, not rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from twin.core.confidence import quantile_ranks, student, wilson
from twin.finance.risk import TAIL, expected_shortfall
from twin.study.asked.metric import Metric
from twin.study.judged.money import Money
from twin.study.paired.runner import Runs
from twin.study.statistics.interval import Interval, mean_interval

if TYPE_CHECKING:
    from twin.law.law import Floats

QUANTILES = {"median": 0.5, "p05": 0.05, "p95": 0.95}
MOST = 100_000
"""More rows are not thought of: nobody will simulate them."""
Ends = tuple[float, float]


class Answer(NamedTuple):
    """A metric of one scenario; an end of the interval is infinite where the rows are too few to tell."""

    metric: Metric
    value: float
    """NaN: it has none."""
    low: float
    high: float
    n: int
    """Rows it stands on; of repeated draws the draws."""
    interval: Interval | None = None
    """Of a mean that Student's t tells, from which the number of replications that would tell is found."""

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
    group: tuple[int, ...] | None = None
    """The draw of each row, where draws are repeated; None: every row is independent."""
    certain: bool = False
    """Whether nothing is random: one replication tells all."""

    def answer(self, metric: Metric, confidence: float | None = None, ahead: float = 1.0) -> Answer:
        """A metric of the scenario.

        Args:
            metric: which.
            confidence: of its interval; that of the study if not said.
            ahead: as though there were so many times as many rows, all alike (for metrics that are no means).
        """
        level = self.confidence if confidence is None else confidence
        if not metric.is_money:
            rows = self.linear(metric)
            return self._straight(metric, np.zeros(0) if rows is None else rows, level)
        if self.money is None or self.raw is None or not self.runs.n:
            return Answer(metric, math.nan, -math.inf, math.inf, 0)
        if (rows := self.linear(metric)) is not None:
            return self._straight(metric, rows, level)
        return self._bent(metric, level, ahead)

    def linear(self, metric: Metric) -> Floats | None:
        """Rows whose mean is the metric, one a replication; None: it is no mean of rows, or one that is not straight.

        The ratio of two means ('relative') is straight about itself (delta method).
        """
        if not metric.is_straight:
            return None
        if metric.is_money:
            if self.money is None or self.raw is None:
                return None
            rows = self.raw.rows(metric.base)
            # Means of rows differ where money bends, as at the demand: the one over all years counts.
            return np.asarray(rows - rows.mean() + self.money.rows(metric.base).mean())
        table, names = self.runs.matrix(metric.base), self.runs.names
        own, other = table[:, names.index(self.name)], table[:, names.index(self.against)]
        return plant_rows(metric.end, own, other)

    def interval(self, rows: Floats, level: float) -> Interval | None:
        """That of the mean of rows, one a replication; None: no row has a value."""
        found = mean_interval(self.draws(rows).tolist(), level)
        if found is not None and self.certain and found.n == 1:
            return Interval(found.mean, found.mean, found.mean, 0.0, 1)
        return found

    def _straight(self, metric: Metric, rows: Floats, level: float) -> Answer:
        found = self.interval(rows, level)
        if found is None:
            return Answer(metric, math.nan, -math.inf, math.inf, 0)
        low = -math.inf if found.low is None else found.low
        high = math.inf if found.high is None else found.high
        return Answer(metric, found.mean, low, high, found.n, found)

    def draws(self, rows: Floats) -> Floats:
        """Independent values of the same mean: one a draw where draws are repeated; rows without a value left out."""
        there = np.isfinite(rows)
        if self.group is None or not there.any():
            return np.asarray(rows[there])
        _, place = np.unique(np.array(self.group)[there], return_inverse=True)
        own, mean = rows[there], float(rows[there].mean())
        away = np.bincount(place, weights=own - mean)
        return np.asarray(mean + away * len(away) / len(own))

    @cached_property
    def independent(self) -> int:
        """Rows that are independent: all of them, or the draws."""
        return self.runs.n if self.group is None else len(dict.fromkeys(self.group))

    def _bent(self, metric: Metric, level: float, ahead: float) -> Answer:
        assert self.money is not None
        value = _value(metric, self.money.rows(metric.base))
        if self.certain and self.runs.n == 1:
            return Answer(metric, value, value, value, 1)
        ends = [self._ends(metric, one.rows(metric.base), level, ahead) for one in self.moved(level, ahead)]
        low, high = min(one[0] for one in ends), max(one[1] for one in ends)
        return Answer(metric, value, low, high, self.independent)

    def _ends(self, metric: Metric, rows: Floats, level: float, ahead: float) -> Ends:
        """The interval of rows as they lie."""
        n = self.independent * ahead
        if metric.end == "probability_positive":
            return _share(float((rows > 0).mean()), n, level)
        if metric.end in QUANTILES:
            return _quantile(rows, QUANTILES[metric.end], n, level)
        if np.isnan(rows).any():
            return -math.inf, math.inf
        if metric.end == "shortfall":
            return _shortfall(rows, n, level)
        return _mean(rows, n, level)

    def moved(self, level: float, ahead: float = 1.0) -> list[Money]:
        """The money of the scenario, and the same moved by the error of its mean down and up."""
        assert self.money is not None
        error = self._error * _student(self.independent, level) / math.sqrt(ahead)
        if not error.any():
            return [self.money]
        return [self.money, self.money.shifted(-error), self.money.shifted(error)]

    @cached_property
    def _error(self) -> Floats:
        """Standard error of the mean flow of each year end, beyond what the spread of the rows tells already."""
        assert self.money is not None
        assert self.raw is not None
        raw, calm = (self._squares(one.flows) for one in (self.raw, self.money))
        return np.asarray(np.sqrt(np.where(raw - calm > 1e-9 * raw, raw - calm, 0.0)))

    def _squares(self, flows: Floats) -> Floats:
        if self.independent < 2:
            return np.zeros(flows.shape[1])
        table = np.column_stack([self.draws(column) for column in flows.T])
        return np.asarray(table.var(axis=0, ddof=1) / len(table))

    @cached_property
    def capex(self) -> float:
        """EUR invested in the mean, beyond that of 'against'; 0 without money."""
        return float(self.money.capex.mean()) if self.money is not None and self.runs.n else 0.0


def plant_rows(end: str, own: Floats, other: Floats) -> Floats:
    """Rows of a KPI whose mean is the metric; NaN where one of them has no value. ``own`` may have several columns."""
    if end == "mean":
        return own
    if end == "difference":
        return np.asarray(own - other)
    both = np.isfinite(own) & np.isfinite(other)
    if not both.any():
        return np.full(own.shape, math.nan)
    level = float(other[both].mean())
    ratio = float((own - other)[both].mean()) / level if level else math.nan
    return np.asarray((own - other - ratio * (other - level)) / (level or math.nan))


def _value(metric: Metric, rows: Floats) -> float:
    known = rows[~np.isnan(rows)]
    if not len(known):
        return math.nan
    if metric.end == "probability_positive":
        return float((rows > 0).mean())
    if metric.end in QUANTILES:
        return float(np.quantile(known, QUANTILES[metric.end], method="inverted_cdf"))
    if metric.end == "shortfall":
        return expected_shortfall(known, TAIL).value
    with np.errstate(invalid="ignore"):
        return float(known.mean())


def _share(share: float, n: float, level: float) -> Ends:
    trials = max(round(n), 1)
    return wilson(share * trials, trials, level)


def _quantile(rows: Floats, share: float, n: float, level: float) -> Ends:
    """By ranks; a row without a value may be the least or the largest of all."""
    count = len(rows)
    first, last, _ = quantile_ranks(max(round(n), 1), share, level)
    least, most = (np.sort(np.where(np.isnan(rows), other, rows)) for other in (-math.inf, math.inf))
    low = float(least[place(first, n, count)]) if first else -math.inf
    high = float(most[place(last, n, count)]) if last <= round(n) else math.inf
    return low, high


def place(rank: int, n: float, count: int) -> int:
    """Where the value of a rank among n stands among ``count`` rows."""
    return min(max(math.ceil(rank * count / n - 1e-9), 1), count) - 1


def _shortfall(rows: Floats, n: float, level: float) -> Ends:
    found = expected_shortfall(rows, TAIL, level)
    half = (found.high - found.value) * math.sqrt(len(rows) / n)
    return found.value - half, found.value + half


def _mean(rows: Floats, n: float, level: float) -> Ends:
    if np.isinf(rows).any():  # such as a payback that never comes
        with np.errstate(invalid="ignore"):
            mean = float(rows.mean())
        return (-math.inf, math.inf) if math.isnan(mean) else (mean, mean)
    if n < 2:
        return -math.inf, math.inf
    half = _student(n, level) * float(rows.std(ddof=1)) / math.sqrt(n)
    return float(rows.mean()) - half, float(rows.mean()) + half


def _student(n: float, level: float) -> float:
    return student(max(round(n) - 1, 1), level)


def rows_to_settle(tells: Callable[[float], bool], n: int) -> int | None:
    """About how many more rows until something is told, were they all alike; None: not with ``MOST``.

    Args:
        tells: whether it is told with so many times as many rows.
        n: rows there are.
    """
    ahead = 1.0
    while not tells(ahead):
        ahead *= 2
        if ahead * n > MOST:
            return None
    low, high = ahead / 2, ahead
    for _ in range(4):
        middle = math.sqrt(low * high)
        low, high = (low, middle) if tells(middle) else (middle, high)
    return max(math.ceil((high - 1) * n), 1)


def repeated(group: Sequence[int] | None) -> tuple[int, ...] | None:
    """The draw of each row where draws are repeated; None: none is, so that rows are independent."""
    return None if group is None or len(dict.fromkeys(group)) == len(group) else tuple(group)
