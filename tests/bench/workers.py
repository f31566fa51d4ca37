"""200 replications of W2: two workers beside a serial run, wall time."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from statistics import median

from .support.line import W2, plan
from .support.registry import Row, Wanted, register
from .support.timing import wall

REPLICATIONS = 200
SHARE = Wanted("ratio", "≤", 0.60, 0.53)


@register("200 replications on 2 workers, beside one")
def measure(quick: bool) -> Iterable[Row]:
    """Median over the rounds of wall time with two workers and with one, each first in turn."""
    from twin.study.replicate import replicate

    plant = plan(W2, W2.minutes(200 if quick else 1_000)).with_run(replications=REPLICATIONS)
    times: list[tuple[float, float]] = []
    for number in range(1 if quick else 3):
        order = (1, 2) if number % 2 else (2, 1)
        spent = {workers: wall(partial(replicate, plant, workers=workers)) for workers in order}
        times.append((spent[2], spent[1]))
    two, one, ratio = (median(column) for column in zip(*((a, b, a / b) for a, b in times), strict=True))
    yield Row(f"{REPLICATIONS} replications: 2 workers, beside 1", "s wall", two, one, ratio, SHARE)
