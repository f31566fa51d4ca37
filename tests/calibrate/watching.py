"""Logs made by hand, readings without files, and a small simulator of machines with known laws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

import numpy as np

from twin.calibrate.cleaning.clean import Clean
from twin.calibrate.history.calendar import WallCalendar
from twin.calibrate.history.reading import Reading
from twin.calibrate.history.wall import EPOCH, Wall
from twin.calibrate.rows import NONE, OPEN, STATES, Rows
from twin.core.spec import build
from twin.core.timetable import DAY, WEEK, CalendarRow, Timetable, calendar_row

MINUTE = 60_000_000
HOUR = 60 * MINUTE
START = Wall("Europe/Paris").instant(datetime(2026, 1, 5)).utc[0]
"""Monday 2026-01-05 00:00 in Paris, µs UTC."""
_MONDAY = 4 * DAY  # 1970-01-01 was a Thursday


def two_shifts() -> CalendarRow:
    """Monday to Friday 06:00 to 22:00, on a wall clock that counts from 1970."""
    opened = [(_MONDAY + day * DAY + 6 * HOUR, _MONDAY + day * DAY + 22 * HOUR) for day in range(5)]
    return calendar_row(WEEK, opened, [], [])


def reading(calendar: CalendarRow | None = None, zone: str = "Europe/Paris", **keys: Any) -> Reading:
    """A reading file without files; ``reasons`` are needed only for what renews what."""
    head = {"twin": 1, "calibration": "x", "history": [{"file": "x.csv"}], "time_zone": zone}
    found = build(Reading, {**head, **keys})
    found._calendar = WallCalendar(Timetable(calendar), EPOCH) if calendar is not None else None
    return found


class Line(NamedTuple):
    """A row by hand; times in hours since ``START``."""

    asset: str
    start: float
    end: float
    state: str = "breakdown"
    mode: str = ""
    product: str = ""
    parts: float = np.nan
    scrap: float = np.nan
    rework: float = np.nan
    repair_start: float = np.inf
    repair_end: float = np.inf
    flag: str = ""
    """cut, before, goes_on or at_closing."""


def cleaned(lines: Sequence[Line], end: float, modes: Sequence[str] = ()) -> Clean:
    """A clean log from 0 to ``end`` hours."""
    lines = sorted(lines, key=lambda one: (one.asset, one.start))
    assets, names = _words(one.asset for one in lines), (*modes, *_words(one.mode for one in lines if one.mode))
    names, products = tuple(dict.fromkeys(names)), _words(one.product for one in lines if one.product)
    place = {name: i for i, name in enumerate(names)} | {"": NONE}
    columns = {
        "asset": [assets.index(one.asset) for one in lines],
        "start": [_moment(one.start) for one in lines],
        "end": [_moment(one.end) for one in lines],
        "state": [STATES.index(one.state) for one in lines],
        "reason": [NONE] * len(lines),
        "mode": [place[one.mode] for one in lines],
        "product": [products.index(one.product) if one.product else NONE for one in lines],
        "repair_start": [_moment(one.repair_start) for one in lines],
        "repair_end": [_moment(one.repair_end) for one in lines],
        "file": [0] * len(lines),
        "source_row": [i + 2 for i in range(len(lines))],
    }
    counts = {name: [getattr(one, name) for one in lines] for name in ("parts", "scrap", "rework")}
    rows = _rows(assets, names, products, columns | counts)
    flags = {name: np.array([one.flag == name for one in lines], bool) for name in _FLAGS}
    window, account = (int(START), int(START) + round(end * HOUR)), cast(Any, None)
    return Clean(rows, window=window, account=account, merged=np.zeros(len(lines), np.int64), **flags)


def _words(names: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _moment(hours: float) -> int:
    return OPEN if np.isinf(hours) else int(START) + round(hours * HOUR)


_FLAGS = ("cut", "before", "goes_on", "at_closing")
_TYPES = {"asset": np.int32, "state": np.int8, "reason": np.int32, "mode": np.int32, "product": np.int32} | {
    "file": np.int32, "parts": float, "scrap": float, "rework": float,
}  # fmt: skip


def _rows(assets: Any, modes: Any, products: Any, columns: dict[str, Any]) -> Rows:
    arrays = {name: np.array(column, _TYPES.get(name, np.int64)) for name, column in columns.items()}
    return Rows(assets=assets, reasons=(), modes=modes, products=products, **arrays)


# -- a small simulator


class Way(NamedTuple):
    """A way a machine stands; laws are of hours and give a float."""

    name: str
    clock: str
    """working, shift or calendar."""
    up: Callable[[], float]
    lasts: Callable[[], float]
    state: str = "breakdown"
    renews: tuple[str, ...] = ()


def lived(asset: str, ways: Sequence[Way], hours: Timetable, end: float, before: float) -> list[Line]:
    """The stops of a machine in a window from 0 to ``end`` hours, which it had lived through ``before`` hours already.

    ``hours`` count from ``before`` hours ahead of the window. One stop at a time; a repair runs through closed hours;
    ``working`` clocks stand in stops and closed hours; what falls due in a stop waits for its end.
    """
    now, worked, last = 0.0, 0.0, (before + end) * HOUR
    due = {way.name: _due(way, now, worked, hours) for way in ways}
    found = list[Line]()
    while True:
        at = {way.name: max(now, hours.due(now, due[way.name] - worked) if way.clock == "working" else due[way.name])
              for way in ways}  # fmt: skip
        way = min(ways, key=lambda one: at[one.name])
        begin = at[way.name]
        if begin >= last:
            return _seen(found, before, end)
        worked += hours.open_between(now, begin)
        now = begin + round(way.lasts() * HOUR)
        found.append(Line(asset, begin / HOUR - before, now / HOUR - before, way.state, way.name))
        for one in ways:
            if one is way or one.name in way.renews:
                due[one.name] = _due(one, now, worked, hours)


def _due(way: Way, now: float, worked: float, hours: Timetable) -> float:
    up = float(round(way.up() * HOUR))
    return worked + up if way.clock == "working" else now + up if way.clock == "calendar" else hours.due(now, up)


def _seen(lines: list[Line], before: float, end: float) -> list[Line]:
    """What the window shows of them."""
    inside = [one for one in lines if one.end > 0 and one.start < end]
    return [one._replace(start=max(one.start, 0.0), end=min(one.end, end), flag=_flag(one, end)) for one in inside]


def _flag(one: Line, end: float) -> str:
    return "before" if one.start < 0 else "cut" if one.end > end else ""
