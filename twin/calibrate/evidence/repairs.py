"""How long stops last: the response, the repair and the restart, where the log tells them apart.

In a plant (the plant language, breakdowns) a repair without people runs through closed hours, one with people waits for
their hours. A log tells which of the two was true: if a tenth of the stops of the station that reach a closing ended in
closed hours, or a repair began or ended there, people work at night, and closings count; if fewer did, work rests, and
a closing that a stop outlasts as a whole is no time of repair. (To count it would add nights to repairs that a plant
repeats at any hour of the day.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.fitting.sample import Sample, sample
from twin.calibrate.hours import EXACTLY, SECOND, Hours
from twin.calibrate.rows import BREAKDOWN, MICRO_STOP, OPEN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.asked import Moments
    from twin.calibrate.evidence.lives import Watched
    from twin.calibrate.rows import Rows
    from twin.law.law import Floats

STEPS = (60 * SECOND, SECOND, SECOND // 1000)
"""Steps of the clocks by which logs are written, µs."""
_KEPT = 0.99
"""The share of times that keep to a step."""
POINT = 1 / 3
"""What a stop without any length lasts, in steps of the log's clock. Both its times fall into one step with the chance
1 - length / step, so of such stops the shortest are the most, and their mean is a third of a step. To leave them out
would make the mean repair longer by their share, and the law of logarithms has no place for 0."""
_NIGHT = 0.1
"""The share of the stops that reach a closing which must end in it, so that people work at night."""
_GIVEN = 0.5
"""The share of stops that must tell when the repairer began; else the stops count as a whole."""


def point_of(rows: Rows) -> float:
    """What a stop without any length counts, s: ``POINT`` of the step that the times of nearly all stops keep to."""
    stops = rows.take(np.isin(rows.state, (BREAKDOWN, MICRO_STOP)))
    moments = np.concatenate([stops.start, stops.end])
    if not len(moments):
        return 0.0
    return next((one for one in STEPS if (moments % one == 0).mean() >= _KEPT), 1) / SECOND * POINT


class Stops(NamedTuple):
    """The stops of a mode on all machines of a station, in order of time; shape (n,)."""

    start: Moments
    end: Moments
    repair_start: Moments
    repair_end: Moments
    cut: NDArray[np.bool_]
    """Whether the end of the repair was not seen: it lasted on as the window, or the shift, ended."""
    goes_on: NDArray[np.bool_]
    """Whether it goes on with the stop before it on its machine, which had not run meanwhile."""
    machine: NDArray[np.int64]
    merged: NDArray[np.int64]
    """Stops that were joined to it because they came back too soon."""
    source_row: NDArray[np.int64]

    @property
    def given(self) -> NDArray[np.bool_]:
        """Whether the log tells when the repairer began, inside the stop."""
        told: NDArray[np.bool_] = (self.repair_start >= self.start) & (self.repair_start <= self.end)
        return told

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> Stops:
        """Some of them."""
        return Stops._make(column[index] for column in self)


def stops_of(watched: Sequence[Watched]) -> Stops:
    """The stops of a mode over the machines of a station, in order of time."""
    found = [_of_machine(one, number) for number, one in enumerate(watched)]
    joined = Stops._make(np.concatenate(columns) for columns in zip(*found, strict=True))
    return joined.take(np.lexsort((joined.machine, joined.start)))


def _of_machine(one: Watched, number: int) -> Stops:
    track, at = one.track, one.stops
    rows = track.rows
    moments = rows.start[at], rows.end[at], rows.repair_start[at], rows.repair_end[at]
    # A stop closed exactly as the plant closes had hardly ended then; nobody wrote down when it did.
    cut = track.cut[at] | track.at_closing[at]
    found = Stops(*moments, cut, one.goes_on, np.full(len(at), number), track.merged[at], rows.source_row[at])
    return found.take(np.cumsum(~found.goes_on) > 0)


class Durations(NamedTuple):
    """How long stops last, as samples."""

    repair: Sample
    """From the repairer's start to the machine's restart, or the whole stop; s."""
    response: Sample | None
    """From the stop to the repairer's start, s; None: not told."""
    restart: Sample | None
    """From the end of the repair to the machine's restart, s; None: not told."""
    whole: int
    """Stops that do not tell when the repairer began, among others that do; they are in no sample."""
    points: int
    """Stops without any length at the resolution of the log."""
    point: float
    """What each of them counts, s."""
    empty: int
    """Stops that lasted as long as the plant was closed, and nobody worked; they are in no sample."""
    nights: float
    """Time of closings that stops outlast as a whole, s."""


def durations(stops: Stops, hours: Hours, least: int, night: bool, point: float = 0.0) -> Durations:
    """How long the stops of a mode last.

    Args:
        stops: of all machines of a station.
        hours: of the plant.
        least: stops shorter than this (µs) never came into the log: each is watched from that age on only.
        night: whether people work in closed hours.
        point: what a time without any length counts, s.
    """

    def lasts(starts: Moments, ends: Moments) -> Floats:
        return np.where(ends == starts, point, _seconds(starts, ends, hours, night))

    nights = float((stops.end - stops.start - hours.attended(stops.start, stops.end)).sum()) / SECOND
    stops = stops.take(~_lost(stops))
    split = len(stops.start) > 0 and stops.given.mean() >= _GIVEN
    used = stops.take(np.flatnonzero(_leads(stops.given, stops))) if split else stops
    lead = ~used.goes_on
    begin = np.where(lead, used.repair_start, used.start) if split else used.start
    repair = _summed(lasts(begin, used.end), used)
    response = lasts(used.start, begin)[lead] if split else np.zeros(int(lead.sum()))
    seen = ~_last(used.cut, used)
    entry = least / SECOND
    return Durations(
        repair=_sample(repair, seen, entry - response),
        response=_sample(response, np.ones(len(response), bool), entry - repair) if split else None,
        restart=_restarts(used, lasts) if split else None,
        whole=int((~stops.given & ~stops.goes_on).sum()) if split else 0,
        points=int((used.end == used.start).sum()),
        point=point,
        empty=int((repair <= 0).sum()),
        nights=nights,
    )


def _lost(stops: Stops) -> NDArray[np.bool_]:
    """Breakdowns of which only the start is known: cut, and without any length."""
    return _leads(stops.cut & (stops.end == stops.start), stops)


def _seconds(starts: Moments, ends: Moments, hours: Hours, night: bool) -> Floats:
    return (ends - starts if night else hours.attended(starts, ends)) / SECOND


def _order(stops: Stops) -> NDArray[np.int64]:
    """Machine by machine, so that what goes on stands behind what it goes on from."""
    return np.lexsort((stops.start, stops.machine))


def _groups(stops: Stops) -> NDArray[np.int64]:
    """The breakdown that each stop belongs to, as a number that counts the stops that do not go on."""
    order, lead = _order(stops), ~stops.goes_on
    number, group = np.cumsum(lead) - 1, np.empty(len(lead), np.int64)
    group[order] = number[order][np.maximum.accumulate(np.where(lead[order], np.arange(len(lead)), 0))]
    return group


def _leads(column: NDArray[np.bool_], stops: Stops) -> NDArray[np.bool_]:
    """The value of the first stop of each breakdown, for all its stops."""
    return column[~stops.goes_on][_groups(stops)]


def _summed(column: Floats, stops: Stops) -> Floats:
    """Sums over the stops of each breakdown."""
    found: Floats = np.bincount(_groups(stops), column, int((~stops.goes_on).sum())).astype(float)
    return found


def _last(column: NDArray[np.bool_], stops: Stops) -> NDArray[np.bool_]:
    """The value of the last stop of each breakdown."""
    order, group = _order(stops), _groups(stops)
    found = np.zeros(int((~stops.goes_on).sum()), bool)
    found[group[order]] = column[order]  # of equal places numpy keeps the last
    return found


def _restarts(stops: Stops, lasts: Callable[[Moments, Moments], Floats]) -> Sample | None:
    """Of stops that tell when the repair was done; a breakdown's last stop tells how it started again."""
    told = (stops.repair_end >= stops.start) & (stops.repair_end <= stops.end)
    if not told.any():
        return None
    last = stops.take(told)
    return _sample(lasts(last.repair_end, last.end), ~last.cut, np.zeros(len(last.end)))


def _sample(times: Floats, seen: NDArray[np.bool_], entry: Floats) -> Sample:
    """Times watched from an age on; those without any time are left out."""
    keep = times > 0
    times, seen, entry = times[keep], seen[keep], np.broadcast_to(entry, keep.shape)[keep]
    # A stop of exactly the least that is logged was watched from a moment before.
    entry = np.clip(entry, 0.0, np.where(seen, times * (1 - 1e-9), times))
    return sample(times[seen], times[~seen], entry[seen], entry[~seen])


def works_at_night(stops: Iterable[Rows], hours: Hours) -> bool:
    """Whether people work on stops in closed hours.

    They do if, of the stops that reach a closing, a tenth and one at least ended in it, or had a repair begin or end
    in it. A stop that ends just as the plant closes was ended by the clerk.
    """
    reached = worked = 0
    for one in stops:
        shows = _any_closed(one, hours)
        reach = shows | (hours.attended(one.start, one.end) < one.end - one.start)
        reached, worked = reached + int(reach.sum()), worked + int(shows.sum())
    return worked >= max(1.0, _NIGHT * reached)


def _any_closed(stops: Rows, hours: Hours) -> NDArray[np.bool_]:
    """Which stops have an end, or a repair's start or end, inside closed hours."""
    moments = np.stack([stops.end, stops.repair_start, stops.repair_end])
    inside = (moments > hours.at[0]) & (moments < hours.end) & (moments != OPEN)
    found = np.zeros(moments.shape, bool)
    found[inside] = hours.closed_at(moments[inside]) & hours.closed_at(moments[inside] - EXACTLY - 1)
    return np.asarray(found.any(axis=0))
