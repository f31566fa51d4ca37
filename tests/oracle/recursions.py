"""Open queues by recursion: what the very draws of a run must give, part by part, without an engine.

A queue with one server needs no calendar of events: a part leaves its service time after the later of its arrival
and the departure before it (Lindley, The theory of queues with a single server, Mathematical Proceedings of the
Cambridge Philosophical Society 48 (1952) 277–289). Fed with the streams of a run, the recursion is

- what a run of the engine is held to, to the microsecond (``test_recursions``);
- held to the formula of the case itself, at a length that would cost the engine minutes (``test_recursions``);
- an external control variate of the engine's answers (``controls.recursion``): it explains what the draws did.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from twin.core.plan import Plan
from twin.core.stream import draws

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class Visits(NamedTuple):
    """When parts came, began to be served and left, µs; one value a part, in the order of service."""

    came: Floats
    began: Floats
    left: Floats

    def time(self, plan: Plan) -> float:
        """Mean time in the plant of those that leave in the measured time, µs."""
        return float((self.left - self.came)[_measured(plan, self.left)].mean())

    def wait(self, plan: Plan) -> float:
        """Mean time before the service of those that begin it in the measured time, from its start at most, µs."""
        import numpy as np

        return float((self.began - np.maximum(self.came, plan.warm_up))[_measured(plan, self.began)].mean())

    def arrivals(self, plan: Plan) -> float:
        """Parts that come in the measured time."""
        return float(_measured(plan, self.came).sum())

    def work(self, plan: Plan) -> float:
        """Times at the server of those that begin in the measured time, µs."""
        return float((self.left - self.began)[_measured(plan, self.began)].sum())


def _measured(plan: Plan, moments: Floats) -> NDArray[np.bool_]:
    return (moments > plan.warm_up) & (moments <= plan.warm_up + plan.horizon)


Recursion = Callable[[Plan, int], tuple[Visits, ...]]
"""The visits of one replication of a plan, for each source of parts: all that come before its end."""


# --- draws ---------------------------------------------------------------------------------------


def some(plan: Plan, replication: int, draw: Any, count: int, machine: int = 1) -> Floats:
    """The first draws of a machine, µs."""
    import numpy as np

    key = plan.streams[draw.stream + machine - 1] if draw.stream >= 0 else ""
    return np.fromiter(iter(draws(plan.laws[draw.law], plan.seed, replication, key), None), float, count)


def _moments(plan: Plan, replication: int, draw: Any, until: float) -> Floats:
    """The sums of the draws, the first beyond ``until`` included."""
    import numpy as np

    law = plan.laws[draw.law]
    expected = until / law.mean
    sums = np.cumsum(some(plan, replication, draw, math.ceil(expected + 8 * math.sqrt(expected + 1) * law.cv + 10)))
    assert sums[-1] > until, "more draws are needed"
    return sums[: np.searchsorted(sums, until, "right") + 1]


def _arrivals(plan: Plan, replication: int, source: str) -> Floats:
    every, end = plan.rows[plan.index(source)].every[0], plan.warm_up + plan.horizon
    return _moments(plan, replication, every, end)[:-1]


def _server(plan: Plan) -> Any:
    return plan.rows[plan.index("server")]


# --- one server, first come, first served --------------------------------------------------------


def lindley(came: Floats, times: Floats) -> Floats:
    """When each part leaves: its time after the later of its arrival and the departure before it (rows: days apart)."""
    import numpy as np

    worked = np.cumsum(times, axis=-1)
    return worked + np.maximum.accumulate(came - worked + times, axis=-1)


@lru_cache(maxsize=1)
def single(plan: Plan, replication: int) -> tuple[Visits, ...]:
    """A server that never fails."""
    came = _arrivals(plan, replication, "raw")
    times = some(plan, replication, _server(plan).cycle[0], len(came))
    left = lindley(came, times)
    return (Visits(came, left - times, left),)


@lru_cache(maxsize=1)
def loads(plan: Plan, replication: int) -> tuple[Visits, ...]:
    """A server that starts with a full load: the last part of a load is its arrival."""
    import numpy as np

    size = _server(plan).batch.most
    came = _arrivals(plan, replication, "raw")
    came = came[: len(came) // size * size]
    times = some(plan, replication, _server(plan).cycle[0], len(came) // size)
    left = lindley(came[size - 1 :: size], times)
    return (Visits(came, np.repeat(left - times, size), np.repeat(left, size)),)


@lru_cache(maxsize=1)
def fails_at_work(plan: Plan, replication: int) -> tuple[Visits, ...]:
    """Breakdowns on the clock of work: a part's time grows by the repairs that fall into its work."""
    import numpy as np

    came, row = _arrivals(plan, replication, "raw"), _server(plan)
    times = some(plan, replication, row.cycle[0], len(came))
    worked, (_, mode) = np.cumsum(times), row.modes[0]
    at = _moments(plan, replication, mode.up, worked[-1])
    lost = _sums_from_0(some(plan, replication, mode.repair, len(at)))[np.searchsorted(at, worked)]
    left = lindley(came, times + np.diff(lost, prepend=0.0))
    return (Visits(came, np.maximum(came, np.append(0.0, left[:-1])), left),)


@lru_cache(maxsize=1)
def fails_always(plan: Plan, replication: int) -> tuple[Visits, ...]:
    """Breakdowns on the calendar: Lindley's recursion on a clock that stands still during repairs."""
    import numpy as np

    came, row = _arrivals(plan, replication, "raw"), _server(plan)
    _, mode = row.modes[0]
    at = _moments(plan, replication, mode.up, 2 * (plan.warm_up + plan.horizon))
    lost = _sums_from_0(some(plan, replication, mode.repair, len(at)))
    failed = np.searchsorted(at + lost[:-1], came, "right")
    before = np.append(at, np.inf)[failed - 1]
    inside = (failed > 0) & (came < before + lost[failed])
    up = np.where(inside, before, came - lost[failed])
    times = some(plan, replication, row.cycle[0], len(came))
    left = lindley(up, times)
    began = np.maximum(left - times, up)
    began, left = began + lost[np.searchsorted(at, began, "right")], left + lost[np.searchsorted(at, left)]
    return (Visits(came, began, left),)


def _sums_from_0(values: Floats) -> Floats:
    import numpy as np

    return np.append(0.0, np.cumsum(values))


# --- several servers, several classes ------------------------------------------------------------


@lru_cache(maxsize=1)
def several(plan: Plan, replication: int) -> tuple[Visits, ...]:
    """Equal servers on one queue (Kiefer and Wolfowitz): of the idle ones the first takes the part."""
    import numpy as np

    came, row = _arrivals(plan, replication, "raw"), _server(plan)
    free, machines = [0.0] * row.machines, range(row.machines)
    times = [iter(some(plan, replication, row.cycle[0], len(came), n + 1).tolist()) for n in machines]
    began, left = [], []
    for moment in came.tolist():
        start = max(moment, min(free))
        machine = next(n for n in machines if free[n] <= start)
        free[machine] = start + next(times[machine])
        began.append(start)
        left.append(free[machine])
    return (Visits(came, np.array(began), np.array(left)),)


@lru_cache(maxsize=1)
def priority(plan: Plan, replication: int) -> tuple[Visits, ...]:
    """One server for two sources, calls before stock; nothing is interrupted."""
    return _polled(plan, replication, ("calls", "stock"), stays=False)


@lru_cache(maxsize=1)
def same_setup(plan: Plan, replication: int) -> tuple[Visits, ...]:
    """One server for two products that stays with the last one while parts of it wait; the first needs no set-up."""
    return _polled(plan, replication, ("raw1", "raw2"), stays=True)


def _polled(plan: Plan, replication: int, sources: tuple[str, str], stays: bool) -> tuple[Visits, ...]:
    """The first source goes before the second, or the last one served before the other."""
    import numpy as np

    came = [_arrivals(plan, replication, name).tolist() for name in sources]
    row, count = _server(plan), sum(map(len, came))
    times = some(plan, replication, row.cycle[0], count).tolist()
    setups = iter(some(plan, replication, row.setup.times[0], count).tolist() if row.setup else ())
    queues = tuple([math.inf, *reversed(moments)] for moments in came)
    rows: tuple[list[tuple[float, float, float]], ...] = ([], [])
    now, last = 0.0, -1
    for time in times:
        first, other = queues[0][-1], queues[1][-1]
        now = max(now, min(first, other))
        kind = last if stays and last >= 0 else 0
        kind = kind if queues[kind][-1] <= now else 1 - kind
        if row.setup and kind != last >= 0:
            now += next(setups)
        rows[kind].append((queues[kind].pop(), now, now + time))
        now, last = now + time, kind
    return tuple(Visits(*np.array(found).T) for found in rows)
