"""Cost of an operation in lines of 10 to 300 unreliable stations: it must grow with events, not with elements."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from statistics import median

from .support.line import W2, compiled, text
from .support.registry import Row, Wanted, register
from .support.timing import timed

COUNTS = (10, 30, 100, 300)
OPERATIONS = 240_000
"""Of a long run, about."""
AS_CHEAP = Wanted("ratio", "≤", 1.5)
"""An operation among so many stations beside one among ten."""


@register("an operation in lines of 10, 30, 100 and 300 stations")
def measure(quick: bool) -> Iterable[Row]:
    """CPU of a marginal operation, beside that of the shortest line in the same round."""
    operations, rounds = (OPERATIONS // 4, 3) if quick else (OPERATIONS, 5)
    found = [[cost(count, operations, seed) for count in COUNTS] for seed in range(1, rounds + 1)]
    for i, count in enumerate(COUNTS):
        ours, ten = (median(costs[at] for costs in found) * 1e6 for at in (i, 0))
        ratio = median(costs[i] / costs[0] for costs in found)
        wanted = AS_CHEAP if count > COUNTS[0] else None
        yield Row(f"{count} stations: an operation, beside 10", "µs CPU", ours, ten, ratio, wanted)


def cost(count: int, operations: int, seed: int) -> float:
    """CPU seconds of an operation: a long run minus a short one, both with all stations at work."""
    filled = 1.5 * count  # minutes; the first parts have reached about the end
    long = filled + operations / count / W2.throughput
    few, brief = timed(partial(done, count, filled, seed))
    many, whole = timed(partial(done, count, long, seed))
    return (whole - brief) / (many - few)


def done(count: int, minutes: float, seed: int) -> int:
    """Our engine, KPI recording on: operations done at all stations."""
    from twin.core.plan import micro
    from twin.engine import simulate

    plan = compiled(text(W2, count), W2.name).with_run(horizon=micro(minutes * 60), seed=seed)
    return sum(sum(row.done) for row in simulate(plan).stations.values())
