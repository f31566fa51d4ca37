"""Reading a trace: spans of a machine in one state, levels of a buffer over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from numbers import Real
from typing import TYPE_CHECKING, NamedTuple

from twin.core.layout import LONGEST
from twin.core.plan import Micro, Plan, micro
from twin.core.unit import MICRO, show
from twin.study.option import duration

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Row = tuple[float, str, int, str, object]
"""(time µs, element, machine number or 0, state or 'in' or 'out', part); rows are sorted by time."""


Moment = str | float | timedelta
"""A time of the run: text with its unit ('2 h'), seconds, or a timedelta."""


class Span(NamedTuple):
    """A machine in one state with one part, µs."""

    element: str
    machine: int
    state: str
    part: object
    begin: Micro
    end: Micro


class Level(NamedTuple):
    """The number of parts in a buffer: ``content[i]`` holds from ``time[i]`` (µs) to ``time[i + 1]``."""

    time: NDArray[np.float64]
    content: NDArray[np.float64]


def instant(name: str, given: Moment) -> Micro:
    """A time of the run; ValueError that begins with ``name`` when it is none."""
    if isinstance(given, str | timedelta):
        return duration(name, given)
    if isinstance(given, bool) or not isinstance(given, Real) or not 0 <= float(given) <= LONGEST:
        raise ValueError(f"{name}: a time from 0 s to 100 y is due, such as '2 h', not {given!r}")
    return micro(float(given))


def window(usual: tuple[Micro, Micro], end: Micro, first: Moment | None, last: Moment | None) -> tuple[Micro, Micro]:
    """The window from ``first`` to ``last``; what is not given is as in the usual one.

    Raises:
        ValueError: no such time, or a window that is empty or leaves the run, which ends at ``end``.
    """
    low = usual[0] if first is None else instant("start", first)
    high = min(end, low + usual[1] - usual[0]) if last is None else instant("end", last)
    if low < high <= end:
        return low, high
    wrong = "is empty" if high <= low < end else "leaves the run"
    shown = f"the window from {show(low / MICRO, 'time')} to {show(high / MICRO, 'time')} {wrong}"
    raise ValueError(f"{shown}; the run ends at {show(end / MICRO, 'time')}")


def last_time(plan: Plan, trace: Sequence[Row]) -> Micro:
    """The end of the run: the horizon, or the last row when the plant ran until it was empty."""
    seen = max((row[0] for row in trace), default=0.0)
    planned = plan.warm_up + plan.horizon
    return planned if planned != float("inf") and planned >= seen else seen


def spans(trace: Iterable[Row], end: Micro) -> list[Span]:
    """What each machine did until ``end``; spans of zero length are left out, order: element and machine as met."""
    rows: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in trace:
        if row[3] not in ("in", "out"):
            rows[row[1], row[2]].append(row)
    found = []
    for (element, machine), mine in rows.items():
        ends = [row[0] for row in mine[1:]] + [end]
        for (begin, _, _, state, part), until in zip(mine, ends, strict=True):
            if until > begin:
                found.append(Span(element, machine, state, part, begin, until))
    return found


def clip(found: Iterable[Span], start: Micro, end: Micro) -> list[Span]:
    """The parts of the spans that lie in a window."""
    cut = (s._replace(begin=max(s.begin, start), end=min(s.end, end)) for s in found)
    return [span for span in cut if span.end > span.begin]


def usual_window(found: Sequence[Span], plan: Plan, end: Micro) -> tuple[Micro, Micro]:
    """A window a reader can take in: from the end of the warm-up, 25 usual cycles long."""
    work = sorted(s.end - s.begin for s in found if s.state == "working")
    start = plan.warm_up if plan.warm_up < end else 0.0
    return start, min(end, start + 25 * work[len(work) // 2]) if work else end


def levels(trace: Iterable[Row], end: Micro) -> dict[str, Level]:
    """The content of every place in the trace; what stood there at the start is found from what left."""
    import numpy as np

    moves: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for time, name, _, state, _ in trace:
        if state in ("in", "out"):
            moves[name].append((time, 1 if state == "in" else -1))
    found = {}
    for name, mine in moves.items():
        times = np.array([0.0, *(time for time, _ in mine), end])
        content = np.cumsum([0, *(step for _, step in mine), 0]).astype(float)
        settled = np.append(np.diff(times) > 0, True)
        times, content = times[settled], content[settled]
        found[name] = Level(np.append(0.0, times[1:]), content - min(content.min(), 0.0))
    return found


def over(level: Level, start: Micro, end: Micro, bins: int) -> tuple[NDArray[np.float64], ...]:
    """(centres µs, mean, least, most) of a level over ``bins`` equal parts of a window."""
    import numpy as np

    edges = np.linspace(start, end, bins + 1)
    area = np.concatenate([[0.0], np.cumsum(np.diff(level.time) * level.content[:-1])])
    mean = np.diff(np.interp(edges, level.time, area)) / np.diff(edges)
    first = np.maximum(np.searchsorted(level.time, edges[:-1], "right") - 1, 0)
    after = np.maximum(np.searchsorted(level.time, edges[1:], "left"), first + 1)
    pairs = np.ravel(np.column_stack([first, np.minimum(after, len(level.content) - 1)]))
    content = np.append(level.content, level.content[-1])
    least = np.minimum(np.minimum.reduceat(content, pairs)[::2], content[first])
    most = np.maximum(np.maximum.reduceat(content, pairs)[::2], content[first])
    return (edges[:-1] + edges[1:]) / 2, mean, least, most


def mean_level(level: Level, start: Micro) -> float:
    """The time average of a level from ``start`` on, parts."""
    return float(over(level, min(start, level.time[-1] - 1.0), float(level.time[-1]), 1)[1][0])


def share_full(level: Level, start: Micro, capacity: float) -> float:
    """The share of time from ``start`` on that a level is at ``capacity``."""
    return mean_level(Level(level.time, (level.content >= capacity).astype(float)), start)


def axis_unit(length: Micro) -> tuple[float, str]:
    """(µs in the unit, unit) for an axis of this length."""
    for size, unit, least in ((86400.0, "d", 4.0), (3600.0, "h", 2.0), (60.0, "min", 2.0)):
        if length >= least * size * MICRO:
            return size * MICRO, unit
    return MICRO, "s"
