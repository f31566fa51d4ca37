"""Wall clocks and the time of the world: local time ↔ UTC, in arrays of whole microseconds.

Zones are those of the IANA database (zoneinfo). Where clocks jump forward an hour of the wall clock is missing; where
they fall back an hour comes twice: such a time is no instant, and it is said which of the two it is.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np

from twin.calibrate.rows import OPEN
from twin.core.problem import fault, nearest, quoted

if TYPE_CHECKING:
    from numpy.typing import NDArray

EPOCH = datetime(1970, 1, 1)
FIRST_YEAR, LAST_YEAR = 1970, 2200
"""Times are believed from the start of the first year to the start of the last one."""
FINE, MISSING, DOUBLED = 0, 1, 2
"""What a time of the wall clock is: one instant, none, two."""
_STEP = 12 * 3_600_000_000
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)")


def micros(moment: datetime) -> int:
    """Microseconds from 1970-01-01 00:00 to a moment without a zone."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The same backwards."""
    return EPOCH + timedelta(microseconds=int(at))


FIRST, LAST = micros(datetime(FIRST_YEAR, 1, 1)), micros(datetime(LAST_YEAR, 1, 1))


def zone_of(name: str) -> tzinfo:
    """The zone of that name.

    Raises:
        Faults: there is none; the nearest name is told.
    """
    if found := _OFFSET.fullmatch(name):
        length = timedelta(hours=int(found[2]), minutes=int(found[3]))
        if length < timedelta(hours=16):
            return timezone(length if found[1] == "+" else -length)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise fault(f"unknown time zone {quoted(name)}", nearest(name, sorted(available_timezones()))) from None


class Instants(NamedTuple):
    """Times of a wall clock as instants."""

    utc: NDArray[np.int64]
    """µs since 1970-01-01 UTC; of a missing time: with the offset before the jump; of a doubled one: the first."""
    trouble: NDArray[np.int8]
    """FINE, MISSING or DOUBLED."""


class Wall:
    """The wall clock of a zone; its times count in µs from ``start``, a moment of that wall clock.

    ``OPEN`` stays ``OPEN`` both ways.
    """

    def __init__(self, zone: str, start: datetime = EPOCH) -> None:
        self.zone, self.start = zone, start
        self._zero = micros(start)

    def local(self, utc: NDArray[np.int64]) -> NDArray[np.int64]:
        """Time of the wall clock, µs since ``start``, at instants in µs UTC."""
        utc = np.asarray(utc, np.int64)
        at, offset = self._turns(utc)
        found = utc + offset[np.searchsorted(at, utc, side="right") - 1] - self._zero
        return np.where(utc == OPEN, OPEN, found)

    def utc(self, local: NDArray[np.int64]) -> Instants:
        """The instants, µs UTC, of times of the wall clock in µs since ``start``."""
        local = np.asarray(local, np.int64)
        known = local != OPEN
        wall = np.where(known, local, 0) + self._zero
        at, offset = self._turns(np.where(known, wall, OPEN))
        begins, ends = at + offset, np.append(at[1:] + offset[:-1], OPEN)
        piece = np.searchsorted(begins, wall, side="right") - 1
        before = np.maximum(piece - 1, 0)
        missing = wall >= ends[piece]
        doubled = (piece > 0) & (wall < ends[before])
        used = np.where(doubled, before, piece)
        trouble = np.where(missing, MISSING, np.where(doubled, DOUBLED, FINE)).astype(np.int8)
        return Instants(np.where(known, wall - offset[used], OPEN), np.where(known, trouble, FINE).astype(np.int8))

    def instant(self, wall: datetime) -> Instants:
        """The instant of one moment of the wall clock; arrays of one."""
        return self.utc(np.array([micros(wall) - self._zero], np.int64))

    def _turns(self, near: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """When the offset changes, µs UTC, and the offset from then on, µs; for all that lies about ``near``."""
        inside = near[near != OPEN]
        low, high = (int(inside.min()), int(inside.max())) if len(inside) else (0, 0)
        if low < FIRST or high >= LAST:
            raise ValueError(f"times from {FIRST_YEAR} to {LAST_YEAR} have a wall clock")
        at, offset = [np.iinfo(np.int64).min // 4], list[int]()
        first = max(moment(low).year - 1, FIRST_YEAR)
        offset.append(_offset(zone_of(self.zone), micros(datetime(first, 1, 1))))
        for year in range(first, moment(high).year + 2):
            for when, new in _turns_of(self.zone, year):
                at.append(when)
                offset.append(new)
        return np.array(at, np.int64), np.array(offset, np.int64)


def _offset(zone: tzinfo, utc: int) -> int:
    """µs that the wall clock is ahead of UTC at an instant."""
    ahead = moment(utc).replace(tzinfo=UTC).astimezone(zone).utcoffset()
    return (ahead or timedelta()) // timedelta(microseconds=1)


@lru_cache(maxsize=1000)
def _turns_of(name: str, year: int) -> tuple[tuple[int, int], ...]:
    """The changes of offset in a year of UTC: when, and the offset from then on."""
    zone, found = zone_of(name), list[tuple[int, int]]()
    low, last = micros(datetime(year, 1, 1)) - 1, micros(datetime(year + 1, 1, 1)) - 1
    points = [*range(low, last, _STEP), last]
    offsets = [_offset(zone, at) for at in points]
    for left, right in pairwise(range(len(points))):
        if offsets[left] != offsets[right]:
            found.append((_bisected(zone, points[left], points[right]), offsets[right]))
    return tuple(found)


def _bisected(zone: tzinfo, low: int, high: int) -> int:
    """The first instant from which the offset is no longer that of ``low``."""
    old = _offset(zone, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, middle) == old:
            low = middle
        else:
            high = middle
    return high
