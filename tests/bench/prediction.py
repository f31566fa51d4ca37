"""Dirty histories of a line through the whole calibration: how often what is foretold holds the year that came.

Three machines, cycles of 30 min, one shift of 8 h on five days a week, so that a simulated year costs 0.06 s: 200
histories take 20 min of CPU, three quarters of it for the 2 × 40 simulated years of each.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from statistics import fmean

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
    from twin.study.interval import wilson

    n, found = QUICK if quick else HISTORIES, list[Foretold]()
    spent = wall(lambda: found.extend(foretold(n)))
    ours, beside = sum(one.holds for one in found), sum(one.fixed_holds for one in found)
    yield Row(f"90 % interval holds the year, of {n} histories", "share", ours / n, beside / n, wanted=LEAST)
    yield Row("  the same, not too wide", "share", ours / n, beside / n, wanted=MOST)
    low, high = ((getattr(wilson(k, n), end) for k in (ours, beside)) for end in ("low", "high"))
    yield Row("  low end of that share (Wilson, 95 %)", "share", *low)
    yield Row("  high end", "share", *high)
    yield Row("  the year was below", "share", *(_share(one.came < at[0] for one, at in pairs) for pairs in _ends(found)))
    yield Row("  the year was above", "share", *(_share(one.came > at[1] for one, at in pairs) for pairs in _ends(found)))
    wide, narrow = (fmean(100 * (at[1] - at[0]) / one.came for one, at in pairs) for pairs in _ends(found))
    yield Row("mean width of the interval", "% of the year", wide, narrow, wide / narrow)
    yield Row("all histories", "s wall", spent)


def _ends(found: list[Foretold]) -> tuple[list[tuple[Foretold, tuple[float, float]]], ...]:
    """Each history with its interval: with draws, then with fixed laws."""
    return [(one, one.drawn) for one in found], [(one, one.fixed) for one in found]


def _share(events: Iterable[bool]) -> float:
    return fmean(map(float, events))
