"""From a cleaned log to evidence: for each mode of each station its times up, on its clock, and its times of repair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from twin.calibrate.evidence.clocks import Track, bounds_of
from twin.calibrate.evidence.lives import RENEWED, Watched, times_up, watch
from twin.calibrate.evidence.repairs import Durations, Stops, durations, point_of, stops_of, works_at_night
from twin.calibrate.evidence.worktimes import Cite, count_note, counts_of, cycle_note, setup_note, times_of
from twin.calibrate.fitting.trend import History, history
from twin.calibrate.found import Evidence, Later, Observed, Source
from twin.calibrate.history.meaning import MICRO, STOP
from twin.calibrate.hours import SECOND, Hours, hours_of
from twin.calibrate.note import note
from twin.calibrate.rows import BLOCKED, BREAKDOWN, MICRO_STOP, NO_OPERATOR, NONE, RUN, STARVED, Rows
from twin.core.said import Names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from twin.calibrate.asked import Asked
    from twin.calibrate.cleaning.clean import Clean
    from twin.calibrate.history.log import LogFile
    from twin.calibrate.history.meaning import ModeRead

_COLUMNS = ("cut", "before", "goes_on", "at_closing", "merged")
_NOTABLE = 0.05
"""Nights that are more than this share of the repair time are worth a line."""


def observe(
    clean: Clean,
    reading: Asked,
    files: Sequence[LogFile] = (),
    others: Mapping[str, Clean] | None = None,
) -> Observed:
    """What a cleaned log says of each mode, of cycles, set-ups and maintenance, of scrap and rework.

    Args:
        clean: the cleaned log.
        reading: how to read it.
        files: the files of the log, to be named as sources; in the order in which ``Rows.file`` counts them.
        others: the same log cleaned with other thresholds, by what is changed, such as 'restart threshold × 2'.
    """
    plant = _plant(clean, reading)
    cite = Cite([Source(one.name, one.sha256, ()) for one in files])
    wanted = _wanted(plant, reading)
    found = [(pair, _evidence(plant, reading, *pair, cite)) for pair in wanted]
    changed = [(name, _plant(one, reading)) for name, one in (others or {}).items()]
    modes = tuple(_with_others(one, changed, reading) for _, one in found if one)
    unseen = [note(_never_ran(plant, reading), name=".".join(pair)) for pair, one in found if not one]
    stations = sorted(plant.stations.items())
    times = (one for name, tracks in stations for one in times_of(name, tracks, plant.names, plant.night[name], cite))
    counts = (one for name, tracks in stations for one in counts_of(name, tracks, cite))
    return Observed(modes, tuple(times), tuple(counts), (*unseen, *_notes(plant, modes)))


class Plant(NamedTuple):
    """A cleaned log, machine by machine."""

    names: tuple[str, ...]
    """What the labels of rows mean: modes and maintenance tasks."""
    stations: dict[str, list[Track]]
    """The machines of each station, in order of the assets' names."""
    hours: Hours
    night: dict[str, bool]
    """Whether people work on the stops of a station in closed hours."""
    silent: tuple[str, ...]
    """Assets of the reading file without any row."""


def _plant(clean: Clean, reading: Asked) -> Plant:
    rows, hours = clean.rows, hours_of(reading, clean.window)
    (names, labels), point = _labels(rows, reading.micro_threshold), point_of(rows)
    first = np.searchsorted(rows.asset, np.arange(len(rows.assets) + 1))
    stations: dict[str, list[Track]] = {}
    silent = sorted(set(reading.assets) - set(rows.assets)) if reading.between_state == RUN else []
    codes = [*enumerate(rows.assets), *((-1, asset) for asset in silent)]
    for code, asset in sorted(codes, key=lambda one: one[1]):
        span = slice(first[code], first[code + 1]) if code >= 0 else slice(0, 0)
        own = rows.take(span)
        told = {name: getattr(clean, name)[span] for name in _COLUMNS}
        track = Track(
            asset, own, labels=labels[span], bounds=bounds_of(own, hours), hours=hours, between=reading.between_state,
            point=point, counters=reading.counters, **told,
        )  # fmt: skip
        stations.setdefault(reading.station(asset), []).append(track)
    night = {name: _night(tracks, hours) for name, tracks in stations.items()}
    return Plant(names, stations, hours, night, tuple(silent))


def _labels(rows: Rows, threshold: int) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Mode or task of each row; stops without one are micro-stops below the threshold, and 'stop' above it."""
    names = tuple(dict.fromkeys([*rows.modes, MICRO, STOP]))
    stop = np.isin(rows.state, (BREAKDOWN, MICRO_STOP)) & (rows.mode == NONE)
    short = (rows.state == MICRO_STOP) | (rows.end - rows.start < threshold)
    return names, np.where(stop, np.where(short, names.index(MICRO), names.index(STOP)), rows.mode).astype(np.int32)


def _night(tracks: Sequence[Track], hours: Hours) -> bool:
    """Whether any stop of a station shows people at work in closed hours."""
    kept = (np.isin(t.rows.state, (BREAKDOWN, MICRO_STOP)) & ~t.cut & ~t.at_closing for t in tracks)
    stops = [track.rows.take(one) for track, one in zip(tracks, kept, strict=True)]
    return works_at_night(stops, hours)


def _wanted(plant: Plant, reading: Asked) -> list[tuple[str, str]]:
    """Station and mode of what is to be found: what was logged, what the reading file names, what a class shares."""
    found = {(name, mode) for name, tracks in plant.stations.items() for mode in _logged(tracks, plant.names)}
    for key in reading.modes:
        station, _, mode = key.rpartition(".")
        found |= {(station, mode)} if station in plant.stations else set()
    for members in reading.classes.values():
        present = [station for station in members if station in plant.stations]
        shared = {mode for station, mode in found if station in present}
        found |= {(station, mode) for station in present for mode in shared}
    return sorted(found)


def _logged(tracks: Sequence[Track], names: Sequence[str]) -> set[str]:
    stops = [track.labels[np.isin(track.rows.state, (BREAKDOWN, MICRO_STOP))] for track in tracks]
    return {names[label] for one in stops for label in np.unique(one).tolist()}


def _watched(plant: Plant, reading: Asked, station: str, mode: str) -> list[Watched]:
    asked = reading.mode(station, mode)
    label = plant.names.index(mode) if mode in plant.names else NONE - 1
    tasks = [code for code, name in enumerate(plant.names) if mode in reading.renews(name)]
    return [watch(track, label, tasks, asked) for track in plant.stations.get(station, [])]


def _evidence(plant: Plant, reading: Asked, station: str, mode: str, cite: Cite) -> Evidence | None:
    """What the log says of a mode of a station; None if its clock never ran."""
    asked, watched = reading.mode(station, mode), _watched(plant, reading, station, mode)
    ran = [one for one in watched if one.clock[-1] > 0]
    if not ran:
        return None
    stops = stops_of(watched)
    begun = stops.take(~stops.goes_on)
    lasts = durations(stops, plant.hours, asked.least, plant.night[station], plant.stations[station][0].point)
    up, whole = times_up(one.lives for one in watched)
    tracks = plant.stations[station]
    unknown, opened = sum(float(t.unknown().sum()) for t in tracks), plant.hours.opened
    return Evidence(
        station=station,
        mode=mode,
        clock=asked.clock,
        up=up,
        repair=lasts.repair,
        histories=tuple(map(_history, ran)),
        window=(int(plant.hours.at[0]), plant.hours.end),
        stops_at=begun.start,
        stop_rows=begun.source_row,
        hours=plant.hours.since_opening(begun.start),
        open_by_hour=plant.hours.open_by_hour(),
        includes_wait=lasts.response is None and asked.includes_wait,
        response=lasts.response,
        restart=lasts.restart,
        micro=asked.micro,
        unknown_share=min(unknown / (opened * len(tracks)), 1.0) if opened else 0.0,
        preventive=sum(int(((one.lives.ended == RENEWED) & (one.lives.age > 0)).sum()) for one in watched),
        merged=int(stops.merged.sum()),
        sources=_cited(watched, cite),
        least=asked.least / SECOND,
        later=tuple(_later(name, at, ran) for name, at in reading.event_times() if _inside(at, plant.hours)),
        notes=(
            *_words(stops, lasts, asked, plant.night[station], whole and up.failures > 0),
            *(note("overtime", n=n, clock=asked.clock) for n in [sum(one.overtime for one in watched)] if n),
        ),
    )


def _history(one: Watched) -> History:
    """The failures of a machine on the clock, its own stops cut out."""
    lives = one.lives
    at = one.clock[lives.segment[lives.failures]]
    return history(at, float(one.clock[-1]))


def _never_ran(plant: Plant, reading: Asked) -> str:
    """The note on a mode whose clock never ran."""
    runs = any((track.rows.state == RUN).any() for tracks in plant.stations.values() for track in tracks)
    return "never_runs" if reading.between_state != RUN and not runs else "never_ran"


def _inside(at: int, hours: Hours) -> bool:
    return bool(hours.at[0] < at < hours.end)


def _later(name: str, at: int, ran: Sequence[Watched]) -> Later:
    up, _ = times_up(one.since(at) for one in ran)
    return Later(name, tuple(one.age_at(at) for one in ran), up)


def _cited(watched: Iterable[Watched], cite: Cite) -> tuple[Source, ...]:
    return cite((one.track, one.stops) for one in watched)


def _words(stops: Stops, lasts: Durations, asked: ModeRead, night: bool, whole: bool) -> Iterable[str]:
    """How a mode was read, where that is not plain."""
    if whole:
        yield note("first_whole")
    if again := int(stops.goes_on.sum()):
        yield note("came_back", n=again, clock=asked.clock)
    if lasts.whole:
        yield note("no_repairer", n=lasts.whole)
    if lasts.points:
        yield note("points", n=lasts.points, seconds=lasts.point)
    if lasts.empty:
        yield note("all_closed", n=lasts.empty)
    share = lasts.nights / max(lasts.repair.exposure + lasts.nights * (not night), 1e-9)
    if share > _NOTABLE:
        yield note("nights_count" if night else "nights_rest", hours=lasts.nights / 3600, share=share)


def _with_others(one: Evidence, others: Sequence[tuple[str, Plant]], reading: Asked) -> Evidence:
    """The evidence with what other thresholds would make of it."""
    if not others:
        return one
    told = []
    for name, plant in others:
        up, _ = times_up(each.lives for each in _watched(plant, reading, one.station, one.mode))
        told.append((name, up.failures, up.exposure / up.failures if up.failures else float("inf")))
    return _replaced(one, tuple(told))


def _replaced(one: Evidence, told: tuple[tuple[str, int, float], ...]) -> Evidence:
    from dataclasses import replace

    return replace(one, sensitivity=told)


def _notes(plant: Plant, modes: Sequence[Evidence]) -> Iterable[str]:
    """What a reader should know of the log as a whole."""
    for asset in plant.silent:
        yield note("silent", asset=asset)
    for name, tracks in sorted(plant.stations.items()):
        yield from filter(None, (said(name, tracks) for said in (cycle_note, setup_note, count_note)))
    working = {one.station for one in modes if one.clock == "working"}
    if found := [name for name, tracks in sorted(plant.stations.items()) if name in working and _never_waits(tracks)]:
        yield note("never_waits", names=Names(found))


def _never_waits(tracks: Sequence[Track]) -> bool:
    """Whether time without a row is taken as running, in a log that knows no waiting."""
    waits = any(np.isin(track.rows.state, (STARVED, BLOCKED, NO_OPERATOR)).any() for track in tracks)
    return tracks[0].between == RUN and not waits
