"""Small arithmetic that all families of KPIs share."""

from __future__ import annotations

import math

from twin.core.unit import MICRO

HOUR = 3600.0 * MICRO
"""Microseconds in an hour."""


def ratio(part: float, whole: float) -> float:
    """``part / whole``; NaN when there is nothing to divide by."""
    return part / whole if whole else math.nan


def seconds(total: float, parts: float) -> float:
    """Mean of ``parts`` times that add up to ``total`` µs, s; NaN without any."""
    return ratio(total, parts) / MICRO
