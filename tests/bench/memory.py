"""Peak memory of a run of W2 (trace off) at 1, 2 and 4 times a horizon: it must not grow.

The shortest run is long enough for all random streams to have reached their largest block of draws."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterable

from .support.line import W2, plan
from .support.registry import Row, Wanted, register

FLAT = Wanted("ratio", "≤", 1.05, 1.0)
"""Bins of lead times that appear later may cost a little; they are bounded."""


def peak(minutes: float) -> int:
    """Largest memory that Python and numpy held for one run, bytes; the plan itself is not counted."""
    from twin.engine import simulate

    plant = plan(W2, minutes)
    gc.collect()
    tracemalloc.start()
    try:
        simulate(plant)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@register("peak memory of a run as it gets longer")
def measure(quick: bool) -> Iterable[Row]:
    """Peaks in KiB beside that of the shortest run."""
    minutes = W2.minutes(2_000 if quick else 20_000)
    peak(minutes)  # what is imported or cached by the first run is not a run's memory
    base = peak(minutes)
    for times in (2, 4):
        found = peak(times * minutes)
        yield Row(f"peak memory at {times} × the horizon", "KiB", found / 1024, base / 1024, found / base, FLAT)
