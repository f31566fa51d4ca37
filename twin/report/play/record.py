"""The run that is replayed: one replication, traced as far as its window goes."""

from __future__ import annotations

import math
from numbers import Real
from typing import NamedTuple

from twin.core.plan import NEVER, Micro, Plan
from twin.core.run import RunError, Trace
from twin.core.unit import MICRO
from twin.engine import simulate
from twin.report.play.story import Story, story
from twin.report.ways.trace import Moment, instant

USUAL = 8.0
"""Hours of a replay that does not say how many."""
SHORTER = (8.0, 4.0, 2.0, 1.0, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01)
"""Hours that are tried, where those are too many for a page."""
MOST_HOURS = 24.0 * 366
MOST = 250_000
"""Changes that a page holds: about 3 MB, and a browser still moves smoothly."""
HOUR = 3600 * MICRO


class Recorded(NamedTuple):
    """A story, and whether its window is shorter than usual so that a page can hold it."""

    story: Story
    cut: bool


class TooLongError(RunError):
    """The window holds more changes than a page can replay."""


def check_hours(name: str, hours: object) -> float:
    """A length of the window in hours; ValueError that begins with ``name`` when it is none."""
    if isinstance(hours, bool) or not isinstance(hours, Real) or not 0.001 <= float(hours) <= MOST_HOURS:
        raise ValueError(f"{name}: a number of hours from 0.001 to {MOST_HOURS:,.0f} is due, not {hours!r}")
    return float(hours)


def record(plan: Plan, start: Moment | None, hours: float | None, replication: int) -> Recorded:
    """The story of a window.

    Args:
        plan: what is run.
        start: the begin of the window; None: the end of the warm-up.
        hours: its length; None: ``USUAL``, or as much of it as the run and a page hold.
        replication: counted from 1.

    Raises:
        ValueError: the window leaves the run.
        TooLongError: it holds more than ``MOST`` changes.
        RunError: the run fails.
    """
    begin = plan.warm_up if start is None else instant("start", start)
    length = math.floor(USUAL * HOUR if hours is None else hours * HOUR)
    rows: Trace = []
    if plan.horizon < NEVER:
        begin, end = _window(begin, length, plan.warm_up + plan.horizon, free=hours is None)
        last = _trace(plan, end + 1, replication, rows)
    else:
        last = plan.warm_up + simulate(plan, replication - 1, trace=rows).window + 1
        begin, end = _window(begin, length, last - 1, free=hours is None)
    found = story(plan, rows, begin, end, last)
    if found.size <= MOST:
        return Recorded(found, False)
    if hours is not None:
        raise _too_long(found, hours)
    shorter = (begin + some * HOUR for some in SHORTER if begin + some * HOUR < end)
    for until in shorter:
        less = story(plan, rows, begin, until, last)
        if less.size <= MOST:
            return Recorded(less, True)
    raise _too_long(found, (end - begin) / HOUR)


def _window(begin: Micro, length: Micro, end: Micro, *, free: bool) -> tuple[Micro, Micro]:
    """The window inside a run that ends at ``end``; ``free``: it may be shorter."""
    last = min(end, begin + length) if free else begin + length
    if begin < last <= end:
        return begin, last
    said = f"from {begin / HOUR:g} h to {(begin + length) / HOUR:g} h"
    raise ValueError(f"the window {said} leaves the run, which ends at {end / HOUR:g} h")


def _trace(plan: Plan, end: Micro, replication: int, rows: Trace) -> Micro:
    """Trace a run from time 0 to ``end``, as the whole run goes that far; gives ``end``."""
    warm_up = plan.warm_up if plan.warm_up < end else 0.0
    simulate(plan.with_run(warm_up=warm_up, horizon=end - warm_up), replication - 1, trace=rows)
    return end


def _too_long(found: Story, hours: float) -> TooLongError:
    fits = hours * MOST / found.size * 0.95
    shown = f"{fits:.0f}" if fits >= 10 else f"{fits:.1f}" if fits >= 1 else f"{fits:.2g}"
    return TooLongError(
        f"the window of {hours:g} h holds {found.size:,} changes, more than the {MOST:,} that a page can replay: "
        f"take {shown} h or less"
    )
