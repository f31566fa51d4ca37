"""Dirty histories of a line through the whole calibration: how often what is foretold holds the year that came.

Three machines, cycles of 30 min, one shift of 8 h on five days a week, so that a simulated year costs 0.06 s: 200
histories take 20 min of CPU, three quarters of it for the 2 × 40 simulated years of each.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from statistics import fmean
from typing import NamedTuple

from .support.predicting import Foretold, foretell
from .support.registry import Row, Wanted, register
from .support.timing import wall

HISTORIES, QUICK = 200, 20
LEAST, MOST = Wanted("ours", "≥", 0.83, 0.90), Wanted("ours", "≤", 0.97, 0.90)


def foretold(histories: int) -> list[Foretold]:
    """All of them, one process a core."""
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        return list(pool.map(foretell, range(histories)))


@register("200 dirty histories: the year after each foretold, one draw a replication beside fixed laws")
def measure(quick: bool) -> Iterable[Row]:
    """Shares of the histories whose 90 % interval holds the year that came, with their 95 % interval; mean widths."""
    n, found = QUICK if quick else HISTORIES, list[Foretold]()
    spent = wall(lambda: found.extend(foretold(n)))
    drawn, fixed = [(one.came, one.drawn) for one in found], [(one.came, one.fixed) for one in found]
    told, beside = _told(drawn), _told(fixed)
    yield Row(f"90 % interval holds the year, of {n} histories", "share", told.holds, beside.holds, wanted=LEAST)
    yield Row("  the same, not too wide", "share", told.holds, beside.holds, wanted=MOST)
    yield Row("  low end of that share (Wilson, 95 %)", "share", told.low, beside.low)
    yield Row("  high end", "share", told.high, beside.high)
    yield Row("  the year was below the interval", "share", told.below, beside.below)
    yield Row("  the year was above it", "share", told.above, beside.above)
    yield Row("mean width of the interval", "% of the year", told.width, beside.width, told.width / beside.width)
    yield Row("all histories", "s wall", spent)


class _Told(NamedTuple):
    """What is said of the intervals of all histories, shares 0…1."""

    holds: float
    low: float
    """Of the 95 % interval of ``holds``."""
    high: float
    below: float
    above: float
    width: float
    """% of what came."""


def _told(pairs: Sequence[tuple[float, tuple[float, float]]]) -> _Told:
    """Pairs of what came and its interval."""
    from twin.core.confidence import wilson

    n = len(pairs)
    below = sum(came < low for came, (low, _) in pairs)
    above = sum(came > high for came, (_, high) in pairs)
    inside = n - below - above
    width = fmean(100 * (high - low) / came for came, (low, high) in pairs)
    return _Told(inside / n, *wilson(inside, n), below / n, above / n, width)
