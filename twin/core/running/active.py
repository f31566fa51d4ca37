"""The shifting bottleneck by active periods, found while a run goes on and in bounded memory.

Source: C. Roser, M. Nakano, M. Tanaka, "Shifting bottleneck detection", Winter Simulation Conference 2002.
A machine is active while it is not starved, blocked or waiting (``twin.core.ledger.ACTIVE``). At any moment
the bottleneck is the machine whose uninterrupted active period, past and future, is the longest. When the
bottleneck's period ends, the machine with the longest active period at that moment follows; while both
periods run, both machines are *shifting*, for the rest of its period a bottleneck is *sole*. Ties: lowest
machine. A period contains its start and not its end. When no machine is active as a bottleneck's period
ends, the longest period with the next start follows.

Why memory stays bounded: a period inside another one can never be chosen, so it is dropped, and what is left
is sorted by start and by end at once. A choice at time t is made as soon as no machine can still report a
period that contains t.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import NamedTuple

from twin.core.plan import Micro

CHUNK = 512
"""Finished periods kept before they are worked through."""
UNKNOWN = -1.0
"""In ``since``: nobody says whether the machine is active."""
IDLE = math.inf
"""In ``since``: the machine is not active."""


class Period(NamedTuple):
    """An active period of a machine, µs."""

    start: Micro
    end: Micro
    machine: int


_Plain = tuple[Micro, Micro, int]
"""A period before it is known to matter: most never do, and a plain tuple is made five times faster."""


class Share(NamedTuple):
    """How long a machine was the bottleneck, µs."""

    sole: Micro
    shifting: Micro


class ActivePeriods:
    """Accumulates the time each machine is the sole or a shifting bottleneck.

    Report every finished active period with ``add``, those of one machine in order of time; periods of one
    machine that touch are one period. Memory is bounded (about two periods a machine and one chunk) when the
    engine also keeps ``since`` up to date *and* calls ``add`` at the time of ``end``. An engine that leaves
    ``since`` alone may report late; then memory holds what the slowest reporter leaves undecided.
    ``stations``: the station of each machine; between machines of one station nothing shifts.
    """

    def __init__(self, machines: int, chunk: int = CHUNK, stations: Sequence[int] | None = None) -> None:
        self.since: list[Micro] = [UNKNOWN] * machines
        """By machine: start of the active period that goes on, or ``IDLE``; written by the engine."""
        self._chunk = chunk
        self._fresh: list[tuple[int, Micro, Micro]] = []
        self._tails: list[_Plain | None] = [None] * machines
        self._kept: list[_Plain] = []
        self._now: Micro = 0.0
        self._chain = _Chain(list(stations) if stations is not None else list(range(machines)))

    def add(self, machine: int, start: Micro, end: Micro) -> None:
        """Note a finished active period of ``machine`` (0…), µs.

        Raises:
            ValueError: when periods of one machine overlap or come out of order (seen with a chunk's delay).
        """
        self._fresh.append((machine, start, end))
        if len(self._fresh) >= self._chunk:
            self._settle()

    def extend(self, periods: Iterable[tuple[int, Micro, Micro]]) -> None:
        """Note finished active periods (machine, start, end) in the order in which they ended."""
        self._fresh += periods
        if len(self._fresh) >= self._chunk:
            self._settle()

    def clear(self, now: Micro) -> None:
        """Count only time after ``now``; periods that began before keep their true start."""
        self._chain.clear(now)

    def close(self, now: Micro, open_periods: Iterable[tuple[int, Micro]] = ()) -> tuple[Share, ...]:
        """The shares by machine at the end of the run; the object is used up.

        ``open_periods``: (machine, start) of each active period that goes on; they are cut at ``now``.
        """
        self._fresh += [(machine, start, now) for machine, start in open_periods]
        self._join()
        self._kept += [tail for tail in self._tails if tail]
        self._decide(math.inf, [])
        return self._chain.shares()

    @property
    def undecided(self) -> int:
        """Periods held because they may still matter."""
        return len(self._fresh) + len(self._kept) + sum(tail is not None for tail in self._tails)

    def _settle(self) -> None:
        self._join()
        frontier, unfinished = math.inf, []
        for machine in range(len(self._tails)):
            first, period = self._open(machine)
            frontier = min(frontier, first)
            if period:
                unfinished.append(period)
        self._decide(frontier, unfinished)

    def _join(self) -> None:
        """Move fresh periods behind each machine's last one, its tail, which they lengthen if they touch it."""
        tails, kept = self._tails, self._kept
        for machine, start, end in self._fresh:
            if end <= start:
                continue
            if tail := tails[machine]:
                if start > tail[1]:
                    kept.append(tail)
                elif start == tail[1]:
                    start = tail[0]
                else:
                    raise ValueError(f"machine {machine}: a period from {start:.0f} µs begins before {tail[1]:.0f} µs")
            tails[machine] = (start, end, machine)
        self._now = max(map(itemgetter(2), self._fresh), default=self._now)
        self._fresh.clear()

    def _open(self, machine: int) -> tuple[Micro, Period | None]:
        """The earliest start a period of ``machine`` not yet complete can have, and that period as far as known.

        A tail that nothing can lengthen any more becomes a complete period.
        """
        plain, since = self._tails[machine], self.since[machine]
        tail = Period(*plain) if plain else None
        if since == UNKNOWN or (tail and since < tail.end):
            return (tail.start, tail) if tail else (-math.inf, None)
        if tail and tail.end == min(since, self._now):
            return tail.start, Period(tail.start, self._now, machine)
        if tail:
            self._kept.append(tail)
            self._tails[machine] = None
        return (self._now, None) if since == IDLE else (since, Period(since, max(since, self._now), machine))

    def _decide(self, frontier: Micro, unfinished: list[Period]) -> None:
        outermost = _outermost(self._kept, unfinished, self._chain.end)
        self._kept = list[_Plain](self._chain.advance(outermost, frontier))


def _outermost(periods: list[_Plain], unfinished: list[Period], top: Micro) -> list[Period]:
    """Those of ``periods`` that end after ``top`` and lie inside no other, by start; ``unfinished`` only cover."""
    first, last, _ = max(unfinished, key=lambda p: p.end - p.start, default=(math.inf, math.inf, 0))
    # The longest cover alone drops most of them, before anything is sorted.
    mixed = [(p[0], -p[1], 0, p[2], p) for p in periods if p[1] > top and (p[0] <= first or p[1] > last)]
    mixed += [(p.start, -p.end, 1, p.machine, p) for p in unfinished]
    found = []
    for _, _, cover, _, period in sorted(mixed):
        if period[1] > top:
            top = period[1]
            if not cover:
                found.append(Period(*period))
    return found


class _Chain:
    """The bottleneck that is being followed, and the time counted for those before it."""

    def __init__(self, stations: list[int]) -> None:
        self._now: Period | None = None
        self._from: Micro = -math.inf
        self._before: Micro = -math.inf
        """End of the bottleneck before this one."""
        self._station_before = -1
        self._stations = stations
        self._sole = [0.0] * len(stations)
        self._shifting = [0.0] * len(stations)

    @property
    def end(self) -> Micro:
        """When the present bottleneck's period ends, or the last one's did."""
        return self._now.end if self._now else self._before

    def clear(self, now: Micro) -> None:
        """Forget what was counted; count only time after ``now``."""
        self._from = now
        self._sole = [0.0] * len(self._sole)
        self._shifting = [0.0] * len(self._shifting)

    def shares(self) -> tuple[Share, ...]:
        """What was counted, by machine."""
        return tuple(map(Share, self._sole, self._shifting))

    def advance(self, periods: list[Period], frontier: Micro) -> list[Period]:
        """Follow the chain while all periods that contain the moment of choice are known; the periods left.

        ``periods`` are sorted by start and by end; no period starting before ``frontier`` is missing.
        """
        at = 0
        while True:
            if self._now is None:
                if at == len(periods) or periods[at].start >= frontier:
                    return periods[at:]
                self._now = periods[at]
                at += 1
            if self._now.end >= frontier:
                return periods[at:]
            at = self._step(self._now, periods, at)

    def _step(self, now: Period, periods: list[Period], at: int) -> int:
        """Go from ``now`` to its successor; the index after it."""
        stop = at
        while stop < len(periods) and periods[stop].start <= now.end:
            stop += 1
        best = _longest(periods, at, stop) if stop > at + 1 else stop - 1
        follower = periods[best] if stop > at else None
        self._count(now, follower)
        self._before, self._station_before, self._now = now.end, self._stations[now.machine], follower
        return best + 1 if follower else at

    def _count(self, period: Period, follower: Period | None) -> None:
        """Book a bottleneck's period: sole between the overlaps with the one before and the one following.

        An overlap of two machines of one station is the station's alone, and booked on the first of them.
        """
        station, alone = self._stations[period.machine], max(period.start, self._before)
        begin = alone if station == self._station_before else period.start
        shifts = follower is not None and self._stations[follower.machine] != station
        sole = self._within(alone, follower.start if follower and shifts else period.end)
        self._sole[period.machine] += sole
        self._shifting[period.machine] += self._within(begin, period.end) - sole

    def _within(self, start: Micro, end: Micro) -> Micro:
        begin = start if start > self._from else self._from
        return end - begin if end > begin else 0.0


def _longest(periods: list[Period], at: int, stop: int) -> int:
    """The longest of some periods; of equal ones that of the lowest machine."""
    return max(range(at, stop), key=lambda i: (periods[i].end - periods[i].start, -periods[i].machine))
