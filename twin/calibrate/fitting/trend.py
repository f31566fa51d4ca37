"""Whether one law can be true over the whole window: trends, dependence, steps.

Times are ages of failures on the clock of the mode, ascending, from the start of the window (0) to its end (s). Tests
against trend judge by the spread of the gaps themselves: Laplace and MIL-HDBK-189 take every CV but 1 for a trend.

Sources: Lewis, Robinson (1974), Testing for a Monotone Trend in a Modulated Renewal Process; Kvaløy, Lindqvist (1998),
TTT-based Tests for Trend in Repairable Systems Data; Bartels (1982), The Rank Version of von Neumann's Ratio Test,
JASA 77; Benjamini, Hochberg (1995), JRSS B 57.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from twin.law.law import Floats

LEAST_GAPS = 4
"""Fewer gaps have no spread to judge by."""
_LEAST_OF_CHANGE = 30
"""Fewer gaps are too few for the law of Kolmogorov."""
_MANY = 500
"""From so many failures on the normal law is right; below, the gaps are put in random order."""
_ORDERS = 1999


class Verdict(NamedTuple):
    """A test: its statistic (about standard normal without trend, unless said) and what it says."""

    statistic: float
    p: float
    """Two-sided p-value."""
    n: int
    """How many failures it stands on."""


class History(NamedTuple):
    """The failures of one machine in its window, maybe none; to be made by ``history``."""

    times: Floats
    """Ages at failure, ascending, s; shape (n,)."""
    end: float
    """End of the window, s; that of the last failure when the window closes with it."""
    counted: int
    """How many failures are free to fall anywhere in the window: n, or n - 1 when it closes with a failure."""

    @property
    def gaps(self) -> Floats:
        """The complete gaps between failures, the first from 0; s, shape (n,)."""
        return np.diff(self.times, prepend=0.0)

    @property
    def cv(self) -> float:
        """Coefficient of variation of the gaps that end before the window closes, with the usual divisor less 1."""
        gaps = self.gaps[: self.counted]
        return float(gaps.std(ddof=1) / gaps.mean())

    @property
    def closed(self) -> History:
        """The same with the window closed by the last failure; drops the gap that its end cut short."""
        return History(self.times, float(self.times[-1]), len(self.times) - 1)


def history(times: Iterable[float], end: float | None = None) -> History:
    """A history from ages at failure in any order; without ``end`` the window closes with the last failure.

    Raises:
        ValueError: a time that is not between 0 and the end, or neither failure nor end.
    """
    ordered = np.sort(np.array(list(times), float))
    if not np.isfinite(ordered).all() or (ordered < 0).any():
        raise ValueError("finite ages of at least 0 s are due")
    latest = float(ordered.max(initial=0.0))
    last = latest if end is None else float(end)
    if last < latest or last <= 0:
        raise ValueError(f"a window that ends at {last} s holds no failure at {latest} s")
    return History(ordered, last, len(ordered) - (end is None))


def content(one: History) -> tuple[int, list[float]]:
    """A key to put histories in order by, without a trace of names and the unit of time: number, then ages / end."""
    return len(one.times), (one.times / one.end).tolist()


def in_order(histories: Iterable[History]) -> list[History]:
    """Histories by their content."""
    return sorted(histories, key=content)


def laplace(history: History) -> Verdict:
    """Laplace's test, right for exponential gaps only: (mean age - T/2) / (T / √(12 n)).

    The basis of the others, and shown beside them; no verdict should rest on it.
    """
    if not history.counted:
        raise ValueError("one failure that closes the window tells nothing of a trend")
    return _normal(_away(history) / (history.end * math.sqrt(history.counted / 12)), len(history.times))


def lewis_robinson(history: History, seed: int = 0) -> Verdict:
    """Lewis and Robinson's test of a renewal process against a trend: Laplace's statistic / CV of the gaps.

    Positive where failures come faster. The window is closed with the last failure. Below 500 failures p is the share
    of 1,999 random orders of the gaps at least as far from balance: without a trend every order is as likely, so the
    level holds for any CV, where the normal law rejects 7 to 13 % instead of 5 % at 5 to 8 failures.

    Raises:
        ValueError: fewer than 4 complete gaps, or gaps that are all equal.
    """
    _check_gaps(history)
    closed = history.closed
    return _ordered(laplace(closed).statistic / closed.cv, [closed], seed)


def class_trend(histories: Sequence[History], seed: int = 0) -> Verdict:
    """The generalised Laplace test of a class: Σ (Σ ages - n T/2) / √(Σ CV² n T²/12), one CV a machine.

    For machines with at least 4 complete gaps; the others say too little. Windows and p as for ``lewis_robinson``,
    with the gaps put in random order within each machine.

    Raises:
        ValueError: no machine has 4 complete gaps that differ.
    """
    enough = (one for one in histories if len(one.times) >= LEAST_GAPS and np.ptp(one.gaps[:-1]) > 0)
    told = [one.closed for one in in_order(enough)]
    if not told:
        raise ValueError(f"a class needs a machine with at least {LEAST_GAPS} complete gaps that differ")
    square = sum((one.cv * one.end) ** 2 * one.counted / 12 for one in told)
    return _ordered(sum(map(_away, told)) / math.sqrt(square), told, seed)


def _away(history: History) -> float:
    """Σ ages - n T/2 over the counted failures."""
    return float(history.times[: history.counted].sum()) - history.counted * history.end / 2


def _ordered(statistic: float, closed: Sequence[History], seed: int) -> Verdict:
    """The verdict on Σ (Σ ages - n T/2), by the normal law or by random orders of the gaps of each machine."""
    n = sum(len(one.times) for one in closed)
    if n >= _MANY:
        return _normal(statistic, n)
    rng = np.random.Generator(np.random.PCG64DXSM(seed))
    found = np.zeros(_ORDERS)
    for one in closed:
        gaps = rng.permuted(np.tile(one.gaps, (_ORDERS, 1)), axis=1)
        found += gaps @ np.arange(one.counted, -1, -1) - one.counted * one.end / 2
    away = abs(sum(map(_away, closed)))
    beyond = int((np.abs(found) >= away * (1 - 1e-9)).sum())
    return Verdict(statistic, (1 + beyond) / (1 + _ORDERS), n)


def serial(values: Iterable[float]) -> Verdict:
    """Rank serial correlation of successive values (lag 1); ``statistic`` is the correlation, 0 without dependence.

    1 - RVN/2 with Bartels' ratio RVN = Σ (R_i - R_{i+1})² / Σ (R_i - mean)² of the ranks; its variance without
    dependence is 4 (n-2)(5n²-2n-9) / (5 n (n+1)(n-1)²), and p is by the normal law.

    Raises:
        ValueError: fewer than 5 values, or all equal.
    """
    from scipy.stats import rankdata

    ranks = rankdata(np.array(list(values), float))
    n = len(ranks)
    if n < 5 or ranks.std() == 0:
        raise ValueError(f"at least 5 values that differ are due for a serial correlation, not {n}")
    ratio = float((np.diff(ranks) ** 2).sum() / ((ranks - ranks.mean()) ** 2).sum())
    variance = 4 * (n - 2) * (5 * n * n - 2 * n - 9) / (5 * n * (n + 1) * (n - 1) ** 2)
    return Verdict(1 - ratio / 2, _normal((2 - ratio) / math.sqrt(variance), n).p, n)


class Change(NamedTuple):
    """The likeliest date of a change that nobody named."""

    machine: int
    """Its number among the machines, from 0."""
    age: float
    """Age of the machine at the last failure before it, s."""
    before: int
    """Failures of the machine until then."""
    ratio: float
    """Mean gap after / mean gap before; above 1 is better."""
    p: float
    """p-value of no change."""


def change_point(histories: Sequence[History]) -> Change:
    """Where the mean gap between failures changed most, of all failures of all machines with 30 gaps at least.

    Largest |Σ gaps until k - k · mean| / (sd √n), which has the law of Kolmogorov without a change: the date is looked
    for, and p allows for that. It is multiplied by the number of machines, at most 1. Under a trend it is the middle of
    it, so a change point is a question to whoever knows the machine, not an answer.

    Source: Ploberger, Krämer (1992), The CUSUM Test with OLS Residuals, Econometrica 60.

    Raises:
        ValueError: no machine has so many gaps that differ.
    """
    from scipy.special import kolmogorov

    found = list[Change]()
    long = [i for i, one in enumerate(histories) if len(one.times) >= _LEAST_OF_CHANGE and np.ptp(one.gaps) > 0]
    for i in long:
        gaps = histories[i].gaps
        away = np.abs(np.cumsum(gaps - gaps.mean()))[:-1] / (gaps.std() * math.sqrt(len(gaps)))
        k = int(away.argmax()) + 1
        p = min(1.0, len(long) * float(kolmogorov(away[k - 1])))
        found.append(Change(i, float(histories[i].times[k - 1]), k, float(gaps[k:].mean() / gaps[:k].mean()), p))
    if not found:
        raise ValueError(f"a change point needs a machine with at least {_LEAST_OF_CHANGE} gaps that differ")
    return min(found, key=lambda one: one.p)


class PowerLaw(NamedTuple):
    """A Poisson process with lam · t^beta failures expected by age t (s): beta < 1 improves, beta > 1 wears."""

    beta: float
    lam: float
    """Failures by 1 s^beta."""
    end: float
    """End of the window, s."""
    n: int
    counted: int

    @property
    def unbiased(self) -> PowerLaw:
        """The same with beta (counted - 1) / n, which has no bias; ``lam`` follows."""
        beta = self.beta * (self.counted - 1) / self.n
        return self._replace(beta=beta, lam=self.n / self.end**beta)

    @property
    def mean_at_end(self) -> float:
        """The mean time between failures frozen at the end of the window, s: 1 / (lam · beta · end^(beta-1))."""
        return self.end / (self.n * self.beta)

    @property
    def chi_square(self) -> float:
        """2 Σ ln(end / age), chi-square with 2 · counted degrees of freedom for a constant rate (MIL-HDBK-189)."""
        return 2 * self.n / self.beta

    @property
    def interval90(self) -> tuple[float, float]:
        """Of beta, with probability 90 %: chi-square with 2 · counted degrees of freedom / ``chi_square``."""
        from scipy.special import chdtri

        low, high = (float(chdtri(2 * self.counted, tail)) / self.chi_square for tail in (0.95, 0.05))
        return low, high


def power_law(history: History) -> PowerLaw:
    """The most likely power law: beta = n / Σ ln(end / age), lam = n / end^beta.

    Source: Crow (1974), Reliability Analysis for Complex, Repairable Systems; NIST/SEMATECH e-Handbook, 8.4.5 (2).

    Raises:
        ValueError: a failure at age 0, or fewer than 2 failures free to fall anywhere.
    """
    n = len(history.times)
    if history.counted < 2 or history.times[0] <= 0:
        raise ValueError("a power law needs at least 2 failures inside the window, all after its start")
    beta = n / float(np.log(history.end / history.times).sum())
    return PowerLaw(beta, n / history.end**beta, history.end, n, history.counted)


class Step(NamedTuple):
    """How the mean time between failures changed at an event."""

    ratio: float
    """Mean after / mean before; above 1 is better."""
    interval90: tuple[float, float]
    """The ratio lies in it with probability 90 %."""
    p: float
    """Two-sided p-value of no change."""
    before: int
    """Failures before the event."""
    after: int
    """Failures after it."""


def step_at(history: History, event: float) -> Step:
    """The change at a named event, such as an overhaul, at an age inside the window (s).

    Mean = exposure / (n + ½) on either side. The logarithm of the ratio has the variance c² (1/(n₁+½) + 1/(n₂+½)),
    with c the CV of the gaps within the sides, and is judged by Student's t with as many degrees of freedom as those
    gaps leave. The event must be chosen before looking: the best of many dates always looks like a step.

    Source: Cox, Lewis, The Statistical Analysis of Series of Events, ch. 9.

    Raises:
        ValueError: the event is outside the window, or fewer than 4 complete gaps that differ lie beside it.
    """
    from scipy.special import stdtr, stdtrit

    if not 0 < event < history.end:
        raise ValueError(f"the event at {event} s is not inside the window of {history.end} s")
    before, after = int((history.times <= event).sum()), int((history.times > event).sum())
    spread, free = _spread_beside(history, before)
    ratio = (history.end - event) / (after + 0.5) * (before + 0.5) / event
    error = spread * math.sqrt(1 / (before + 0.5) + 1 / (after + 0.5))
    reach = math.exp(float(stdtrit(free, 0.95)) * error)
    p = 2 * float(stdtr(free, -abs(math.log(ratio)) / error))
    return Step(ratio, (ratio / reach, ratio * reach), p, before, after)


def _spread_beside(history: History, before: int) -> tuple[float, int]:
    """CV of the gaps within the two sides, and its degrees of freedom; the gap that spans the event is left out."""
    gaps = history.gaps
    sides = [side for side in (gaps[:before], gaps[before + 1 :]) if len(side) >= 2]
    free = sum(len(side) - 1 for side in sides)
    square = sum(float(((side / side.mean() - 1) ** 2).sum()) for side in sides)
    if free < LEAST_GAPS - 2 or square == 0:
        raise ValueError(f"a step needs at least {LEAST_GAPS} complete gaps that differ beside the event")
    return math.sqrt(square / free), free


def false_discovery(p: Sequence[float]) -> Floats:
    """p-values adjusted over many tests (Benjamini and Hochberg): those below q are wrong in a share of q at most.

    Shape (n,), in the order given; independent tests or such as hang together positively.
    """
    values = np.array(p, float)
    order = np.argsort(-values, kind="stable")
    found = np.empty(len(values))
    found[order] = np.minimum.accumulate(values[order] * len(values) / np.arange(len(values), 0, -1))
    return np.minimum(found, 1.0)


def _normal(z: float, n: int) -> Verdict:
    return Verdict(z, math.erfc(abs(z) / math.sqrt(2)), n)


def _check_gaps(history: History) -> None:
    if len(history.times) < LEAST_GAPS or np.ptp(history.gaps[:-1]) == 0:
        raise ValueError(f"at least {LEAST_GAPS} complete gaps that differ are due, not {len(history.times)}")
