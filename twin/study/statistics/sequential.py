"""When to stop: fixed checkpoints in the order of replications, on the half width of the differences that decide.

A check is made at 20, 30, 40 … replications whatever came back first, and the first checkpoint that is narrow enough
ends the study, however many replications are there already. So the answer does not depend on how many workers ran.
Twenty to begin with: from 3 the 95 % interval at the stop covers 90-92 % only.

Source: Law, Simulation Modeling and Analysis, sec. 9.4.1; Chow & Robbins (1965), Annals of Mathematical Statistics 36.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from twin.core.confidence import check_level
from twin.study.statistics.interval import Interval, mean_interval, replications_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.law.law import Floats

    Ints = NDArray[np.int64]


class Halt(NamedTuple):
    """What the last checkpoint says."""

    enough: bool
    """The interval is as narrow as was asked."""
    n: int
    """The checkpoint: replications it stands on; 0 before the first."""
    interval: Interval | None
    """The widest of the deciding differences there."""
    more: int | None
    """About how many more replications are due, ``most`` or not; 0 when enough, None when that cannot be told."""
    next: int | None
    """Replications at the next checkpoint; None when enough, or when ``most`` is reached."""


@dataclass(frozen=True)
class Stop:
    """The rule of a study: at which half width, and between how many replications.

    Raises:
        ValueError: a half width that is not positive, a confidence that is not between 0 and 1, or counts that are
            not 2 ≤ start ≤ most and step ≥ 1.
    """

    half_width: float
    """Of the deciding difference, in its unit."""
    confidence: float = 0.95
    start: int = 20
    """The first checkpoint."""
    step: int = 10
    """From one checkpoint to the next."""
    most: int = 2000
    """The last checkpoint."""

    def __post_init__(self) -> None:
        if not self.half_width > 0:
            raise ValueError(f"a half width above 0 is due, not {self.half_width}")
        check_level(self.confidence)
        if not (2 <= self.start <= self.most and self.step >= 1):
            raise ValueError(f"2 ≤ start ≤ most and step ≥ 1 are due, not {self.start}, {self.most} and {self.step}")

    def checkpoints(self) -> tuple[int, ...]:
        """Where it is decided, rising; the last is ``most``."""
        return (*range(self.start, self.most, self.step), self.most)

    def enough(self, values: ArrayLike) -> Halt:
        """What the replications that are finished say.

        Args:
            values: the deciding difference, in order of replications from the first without a gap; or several, one a
                column, which then share the confidence (Bonferroni) and must all be narrow enough. NaN: a replication
                has none.

        Returns:
            The first checkpoint that is narrow enough, otherwise the last that is reached.
        """
        table = np.asarray(values, dtype=float)
        table = table.reshape(-1, 1) if table.ndim < 2 else table
        reached = [n for n in self.checkpoints() if n <= len(table)]
        if not reached or not table.shape[1]:
            return Halt(False, 0, None, None, self.start)
        level = 1 - (1 - self.confidence) / table.shape[1]
        widths = _half_widths(table, np.array(reached), level)
        narrow = widths.max(axis=1) <= self.half_width
        at = int(np.argmax(narrow)) if narrow.any() else len(reached) - 1
        n = reached[at]
        interval = mean_interval(table[:n, int(widths[at].argmax())].tolist(), level)
        return self._halt(bool(narrow[at]), n, interval, level)

    def _halt(self, enough: bool, n: int, interval: Interval | None, level: float) -> Halt:
        if enough:
            return Halt(True, n, interval, 0, None)
        needed = replications_for(self.half_width, interval.sd, level) if interval and interval.sd is not None else None
        # Where replications have no value, the more of them are due.
        more = None if needed is None or interval is None else max(round((needed - interval.n) * n / interval.n), 1)
        return Halt(False, n, interval, more, next((one for one in self.checkpoints() if one > n), None))


def _half_widths(table: Floats, counts: Ints, level: float) -> Floats:
    """The half widths of each column over its first rows; infinite where fewer than two have a value."""
    from scipy.special import stdtrit

    there = np.isfinite(table)
    first = table[np.argmax(there, axis=0), np.arange(table.shape[1])]
    # Sums from the first row on: adding a row later changes no bit of what stood before.
    centred = np.where(there, table - np.where(np.isfinite(first), first, 0.0), 0.0)
    n, sums, squares = (np.cumsum(one, axis=0)[counts - 1] for one in (there, centred, centred**2))
    freedom = np.maximum(n - 1, 1)
    variance = np.maximum(squares - sums**2 / np.maximum(n, 1), 0.0) / freedom
    return np.asarray(np.where(n > 1, stdtrit(freedom, (1 + level) / 2) * np.sqrt(variance / np.maximum(n, 1)), np.inf))
