"""A number of each replication, and its interval over them."""

from __future__ import annotations

import math
from collections.abc import Iterable

from twin.report.measure import Measure, measure
from twin.report.result.sheet import Answer, Document


def over(
    result: Answer,
    document: Document,
    values: Iterable[float | None],
    least: float = -math.inf,
    most: float = math.inf,
) -> Measure | None:
    """The mean of a number over the replications and its interval (with draws of the inputs: 5 % to 95 %).

    Args:
        result: for its confidence.
        document: its JSON document.
        values: one a replication; None and NaN: it has none.
        least: what it cannot be below.
        most: what it cannot be above.

    Returns:
        None where no replication has it; without interval where one has, unless chance has no part in it.
    """
    from twin.study.inputs import spread
    from twin.study.statistics.interval import mean_interval

    found = spread(values) if "inputs" in document else mean_interval(values, result.plan.confidence)
    mean = measure(found.within(least, most).document()) if found else None
    without_chance = not result.plan.is_random and "inputs" not in document
    return Measure(mean.mean, mean.mean, mean.mean) if mean and without_chance else mean
