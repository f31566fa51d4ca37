"""What each lever does: effects and interactions of a design, and fair shares of the gain for the waterfall.

Runs share their replications (common random numbers), so an effect is a contrast *within* a replication, and its
interval that of Student over replications: no variance has to be the same in two runs, none has to be pooled.

Sources: Box, Hunter & Hunter, Statistics for Experimenters, ch. 5 (contrasts); Kleijnen, Design and Analysis of
Simulation Experiments, sec. 3.5 (per replication under common random numbers); Shapley (1953), A value for n-person
games; Song, Nelson & Staum (2016), SIAM/ASA JUQ 4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from twin.study.statistics.factorial import Factorial, full
from twin.study.statistics.interval import Interval, mean_interval

if TYPE_CHECKING:
    from twin.law.law import Floats


class Effect(NamedTuple):
    """A single effect, or the interaction of several factors."""

    of: tuple[str, ...]
    interval: Interval
    """Mean with the product on (+) minus mean with it off (-), the other factors half on, half off; for two factors
    half of how much the effect of one changes when the other comes on."""
    aliases: tuple[tuple[str, ...], ...]
    """What cannot be told from it in this design."""

    @property
    def name(self) -> str:
        """Its factors, and after '=' what it cannot be told from."""
        return " = ".join(" × ".join(one) for one in (self.of, *self.aliases))

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {**self._asdict(), "interval": self.interval.document()}


class Contribution(NamedTuple):
    """What one lever adds."""

    lever: str
    share: Interval
    """The Shapley value: what it adds on average over all orders in which the levers could come."""
    alone: Interval
    """What it adds to the baseline."""
    last: Interval
    """What it adds when all others are there."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        return {"lever": self.lever, **{name: getattr(self, name).document() for name in ("share", "alone", "last")}}


class Waterfall(NamedTuple):
    """The gain of all levers together, taken apart."""

    baseline: Interval
    levers: tuple[Contribution, ...]
    """In the order given; their means add up to the gain."""
    gain: Interval
    """All levers on minus none."""
    interaction: Interval
    """The gain minus what the levers add alone: below 0 they get in each other's way."""

    def document(self) -> dict[str, Any]:
        """Ready for JSON."""
        whole = {name: getattr(self, name).document() for name in ("baseline", "gain", "interaction")}
        return {**whole, "levers": [one.document() for one in self.levers]}


def effects(design: Factorial, values: ArrayLike, confidence: float = 0.95, order: int = 2) -> tuple[Effect, ...]:
    """The effects that a design can tell apart, with intervals that hold together (Bonferroni).

    Args:
        design: from ``full``, ``fraction`` or ``listed``.
        values: a KPI, (replications, runs of the design); a replication without one of them (NaN) is left out.
        confidence: with which all intervals hold together.
        order: up to interactions of how many factors.

    Returns:
        Single effects first; of those that are mixed up the first, with its aliases.

    Raises:
        ValueError: the table does not fit the design, or no replication is whole.
    """
    table = _whole(values, len(design.runs))
    asked = list(design.effects(order))
    level = 1 - (1 - confidence) / len(asked)
    half = len(design.runs) / 2
    return tuple(
        Effect(of, _interval(table @ design.column(of) / half, level), design.aliases(of, order)) for of in asked
    )


def subsets(levers: Sequence[str]) -> list[tuple[str, ...]]:
    """The subsets of levers in the order of the columns of ``shapley``: bit i of the number of a column is lever i."""
    design = full(levers)
    return [design.on(run) for run in range(len(design.runs))]


def shapley(levers: Sequence[str], values: ArrayLike, confidence: float = 0.95) -> Waterfall:
    """The gain of all levers taken apart fairly: each lever's share is its average over all orders.

    share(i) = Σ over the subsets S without i of |S|! (k - |S| - 1)! / k! · (KPI of S and i - KPI of S), taken within
    each replication, so the shares add up to the gain in each.

    Args:
        levers: k of them, at most 12.
        values: a KPI, (replications, 2^k subsets in the order of ``subsets``); a replication without one of them (NaN)
            is left out.
        confidence: level of each interval by itself.

    Raises:
        ValueError: the table does not fit the levers, or no replication is whole.
    """
    k = len(levers)
    table = _whole(values, len(full(levers).runs))
    number = np.arange(2**k)
    none, every = table[:, 0], table[:, -1]
    weight = np.array([_weight(int(one).bit_count(), k) for one in number])
    alone = [table[:, 1 << i] - none for i in range(k)]
    last = [every - table[:, -1 - (1 << i)] for i in range(k)]
    without = [number[(number >> i & 1) == 0] for i in range(k)]
    shares = [(table[:, s | 1 << i] - table[:, s]) @ weight[s] for i, s in enumerate(without)]
    told = [
        Contribution(lever, *(_interval(one, confidence) for one in found))
        for lever, *found in zip(levers, shares, alone, last, strict=True)
    ]
    gain = every - none
    whole, between = (_interval(one, confidence) for one in (gain, gain - np.sum(alone, axis=0)))
    return Waterfall(_interval(none, confidence), tuple(told), whole, between)


def _weight(size: int, k: int) -> float:
    """The part of all orders in which exactly these ``size`` levers come before a given one."""
    return 1 / (k * math.comb(k - 1, size)) if size < k else 0.0


def _whole(values: ArrayLike, runs: int) -> Floats:
    table = np.asarray(values, dtype=float)
    if table.ndim != 2 or table.shape[1] != runs:
        raise ValueError(f"a table of shape {table.shape} does not fit {runs} runs")
    whole = table[np.isfinite(table).all(axis=1)]
    if not len(whole):
        raise ValueError("no replication has a value in every run")
    return np.asarray(whole)


def _interval(values: Floats, confidence: float) -> Interval:
    found = mean_interval(values.tolist(), confidence)
    if found is None:
        raise ValueError("no replication has a value in every run")
    return found
