"""What is the largest of several, and whether their intervals say so or only their means.

Two intervals that leave each other out tell their means apart however both depend on each other, since the standard
error of a difference is no more than the sum of both. Where they meet nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from twin.report.study.sums import Page, told_apart

Found = Mapping[str, Any]


class Leader(NamedTuple):
    """The largest of several."""

    found: Found
    sure: bool
    """Whether its interval leaves out those of all others."""


def is_above(one: Found, other: Found) -> bool:
    """Whether an interval lies above another; False where one of them has no end."""
    low, high = one["low"], other["high"]
    return low is not None and high is not None and low > high


def lever(levers: Sequence[Found]) -> Leader | None:
    """The lever with the largest share, up or down, of those that can be told from 0; None: none can."""
    shares = {one["lever"]: _size(one["share"]) for one in levers}
    known = [one for one in levers if told_apart(one["share"])]
    if not known:
        return None
    most = max(known, key=lambda one: abs(one["share"]["mean"]))
    others = (size for name, size in shares.items() if name != most["lever"])
    return Leader(most, all(is_above(shares[most["lever"]], other) for other in others))


def _size(share: Found) -> dict[str, float | None]:
    """The interval of how large a share is, whatever its sign."""
    low, high = share["low"], share["high"]
    if low is None or high is None:
        return {"low": None, "high": None}
    return {"low": max(low, -high, 0.0), "high": max(abs(low), abs(high))}


def is_apart(bar: Found, z: float) -> bool:
    """Whether the two ends of a bar of a tornado can be told apart."""
    return bool(abs(bar["high"] - bar["low"]) > z * bar["error"])


def bar(bars: Sequence[Found], z: float) -> Leader | None:
    """The longest bar of a tornado of those whose ends can be told apart; None: there is none.

    Args:
        bars: all of them.
        z: normal quantile of the intervals.
    """
    known = [one for one in bars if is_apart(one, z)]
    if not known:
        return None
    most = max(known, key=_swing)
    least = _swing(most) - z * most["error"]
    return Leader(most, all(least > _swing(one) + z * one["error"] for one in bars if one is not most))


def _swing(one: Found) -> float:
    return float(abs(one["high"] - one["low"]))


def neck_is_sure(page: Page, scenario: str, station: str) -> bool:
    """Whether a station is the bottleneck more of the time than any other, by the intervals of all shares."""
    plant: Mapping[str, Any] = page.doc["plant"].get(scenario, {})
    shares = {name: one["bottleneck"] for name, one in plant.items() if one.get("bottleneck")}
    if station not in shares:
        return False
    return all(is_above(shares[station], one) for name, one in shares.items() if name != station)
