"""How a run goes on: parts out and parts inside, looked at again and again while the plant is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from twin.core.plan import Micro, Plan
from twin.engine.clock import Clock, Tools
from twin.engine.simpy import Course, build


class Moment(NamedTuple):
    """The account of parts at one moment of a run, since its start."""

    good: int
    """Good parts at the sinks."""
    area: float
    """Time integral of the parts inside, parts × µs."""
    inside: int
    """Parts inside now."""


def series(plan: Plan, replication: int, at: Sequence[Micro]) -> list[Moment]:
    """Simulate a replication from its start without a warm-up and look at it at given moments.

    Args:
        plan: the compiled plant; its own warm-up and horizon do not count.
        replication: its number, from 0.
        at: moments in µs, rising, more than 0.

    Returns:
        One moment each; fewer when the plant is empty for good before the last.

    Raises:
        Deadlock, RunError: as ``simulate``.
    """
    course = Course(build(plan.with_run(warm_up=0.0, horizon=at[-1]), replication, Tools(Clock()), None))
    course.clear()
    found: list[Moment] = []
    for moment in at[:-1]:
        course.pass_by(moment)
        if course.over:
            return found
        found.append(_moment(course, moment))
    course.advance(at[-1])
    return found if course.over else [*found, _moment(course, at[-1])]


def _moment(course: Course, at: Micro) -> Moment:
    flow = course.run.account.close(at, [])
    return Moment(flow.good, flow.wip, course.run.account.inside)
